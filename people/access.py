"""Who may enter, as data.

Every view says who may enter with `@entry(...)`; `people.middleware.EntryMiddleware` holds the door and the system check
`people.E001` stops a start-up in which a view says nothing. Objects come through `.visible_to(person)`. What one may not
see answers 404, like what is not there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

from people.models import Role

if TYPE_CHECKING:
    from people.models import User

EVERYONE = frozenset(Role)
READS_ALL = frozenset({Role.SUPERVISOR, Role.LEADER, Role.AUDITOR})
MAKES_PLANS = frozenset({Role.SUPERVISOR, Role.AUDITOR})


@dataclass(frozen=True)
class Entry:
    """Who may enter a view: these roles; or anybody at all where `public`. Methods other than these answer 405."""

    roles: frozenset[Role]
    public: bool = False
    methods: tuple[str, ...] = ("GET", "HEAD")
    stage_only: bool = False


@dataclass(frozen=True)
class Person:
    """A signed-in person as the funnel sees one: ids and rights in force today, without the session."""

    user: "User"
    roles: frozenset[Role] = field(default_factory=frozenset)
    portfolio: frozenset[int] = field(default_factory=frozenset)  # ids of the departments a leader is in charge of

    @property
    def id(self) -> int:
        return self.user.pk

    @property
    def government_id(self) -> int:
        return self.user.government_id

    @property
    def department_id(self) -> int:
        return self.user.department_id

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def reads_drafts(self) -> bool:
        """Reads plans and amendments that are not published: makes or checks them."""
        return not self.roles.isdisjoint(MAKES_PLANS)

    @property
    def reads_all(self) -> bool:
        """Reads reports, texts and evidence of all departments of the own government."""
        return not self.roles.isdisjoint(READS_ALL)


def entry(*roles: Role, public: bool = False, methods: Iterable[str] = ("GET",), stage_only: bool = False) -> Callable[[Any], Any]:
    """Declares who may enter a view; without roles and not public: everyone who is signed in and holds any role."""
    allowed = tuple(methods) + (("HEAD",) if "GET" in methods else ())
    declared = Entry(frozenset(roles) or EVERYONE, public, allowed, stage_only)

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def entered(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        entered.entry = declared  # type: ignore[attr-defined]
        return entered

    return declare


def declared_entry(view: Any) -> Entry | None:
    return getattr(view, "entry", None)


def all_views(patterns: Iterable[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern of the project with its full route."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from all_views(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern
