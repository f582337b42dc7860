"""What every page's frame shows: the government, the person, the sections that the person may enter.

A section stands in the head of the page where its URL exists and its view lets the person in. The count beside it is asked
for only when the head is written:

    @counted("review")
    def waiting(person: Person, at: datetime) -> int: ...
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people import access, clock
from people.access import Entry, Person
from people.models import Role

Count = Callable[[Person, dt.datetime], int]
_COUNTS: dict[str, Count] = {}
WIDE = 9  # so many sections stand in one row of the head; of more, the first eight do, the others behind 更多
OVERSEERS = (Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


@dataclass(frozen=True)
class Section:
    """An entry of the main navigation: the name of its URL, its word, and whom it serves (empty: everyone whom its view lets in)."""

    name: str
    title: Any
    roles: tuple[Role, ...] = ()


SECTIONS = (
    Section("my-work", _("我的待填"), (Role.REPORTER, Role.REVIEWER)),
    Section("overview", _("总览"), (*OVERSEERS, Role.ADMINISTRATOR)),
    Section("review", _("审核"), (Role.REVIEWER, Role.SUPERVISOR)),
    Section("items", _("事项")),
    Section("plans", _("规划")),
    Section("sharing", _("责任分解")),
    Section("departments", _("部门"), OVERSEERS),
    Section("alerts", _("提醒")),
    Section("periods", _("报告期"), (Role.SUPERVISOR, Role.AUDITOR)),
    Section("conflicts", _("目标冲突"), (Role.SUPERVISOR, Role.AUDITOR)),
    Section("people", _("人员"), (Role.ADMINISTRATOR, Role.STEWARD)),
    Section("ambition", _("目标力度"), OVERSEERS),
    Section("amendments", _("目标调整"), (Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)),
    Section("objections", _("异议"), (Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)),
    Section("limits", _("时限"), (Role.ADMINISTRATOR,)),
    Section("sampling", _("核查"), (Role.SUPERVISOR, Role.AUDITOR, Role.REPORTER, Role.REVIEWER)),
    Section("messages", _("消息"), (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)),
    Section("audit", _("审计"), (Role.SUPERVISOR, Role.AUDITOR)),
    Section("health-page", _("运行"), (Role.ADMINISTRATOR,)),
    Section("stage", _("演示台")),
)


def counted(name: str) -> Callable[[Count], Count]:
    """Registers the count of a section: a function of the person and the instant, one statement, called once a page."""

    def register(count: Count) -> Count:
        _COUNTS[name] = count
        return count

    return register


@dataclass
class Entered:
    """A section as one page shows it."""

    name: str
    title: Any
    url: str
    current: bool
    person: Person
    at: dt.datetime

    @cached_property
    def count(self) -> int:
        """What waits there; 0 where nothing is counted."""
        return _COUNTS[self.name](self.person, self.at) if self.name in _COUNTS else 0


@lru_cache(maxsize=64)
def _door(name: str, urlconf: str) -> tuple[str, Entry | None]:
    """The address of a section and who may enter; "" where there is none."""
    try:
        url = reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        return "", None
    return url, access.declared_entry(resolve(url, urlconf=urlconf).func)


def _is_open(section: Section, entry: Entry | None, person: Person) -> bool:
    if entry is None or (entry.stage_only and not settings.STAGE):
        return False
    return (not section.roles or person.has(*section.roles)) and (entry.public or person.has(*entry.roles))


def sections_of(person: Person, path: str, at: dt.datetime) -> list[Entered]:
    """The sections for a person; the one that holds the page at `path` is current."""
    found = [(section, *_door(section.name, settings.ROOT_URLCONF)) for section in SECTIONS]
    holding = max((url for _section, url, _entry in found if url and path.startswith(url) and (url != "/" or path == "/")), key=len, default="")
    return [
        Entered(section.name, section.title, url, bool(url) and url == holding, person, at)
        for section, url, entry in found
        if url and _is_open(section, entry, person)
    ]


@dataclass
class Row:
    """The sections as the wide head shows them: in the row, and behind 更多."""

    first: list[Entered]
    more: list[Entered]

    @property
    def current(self) -> Entered | None:
        """The section behind 更多 that holds this page."""
        return next((section for section in self.more if section.current), None)

    @property
    def count(self) -> int:
        """What waits behind 更多."""
        return sum(section.count for section in self.more)


def folded(sections: list[Entered]) -> Row:
    """The most important stand in the row; the order is SECTIONS'."""
    kept = len(sections) if len(sections) <= WIDE else WIDE - 1
    return Row(sections[:kept], sections[kept:])


def sections_for(request: HttpRequest) -> list[Entered]:
    """The sections in the head of this page, counted once a request."""
    found: list[Entered] | None = getattr(request, "sections", None)
    if found is None:
        person, at = getattr(request, "person", None), getattr(request, "now", None)
        found = request.sections = sections_of(person, request.path, at) if person and at else []
    return found


def _url(name: str) -> str:
    return _door(name, settings.ROOT_URLCONF)[0]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of templates/base.html."""
    person: Person | None = getattr(request, "person", None)
    at = getattr(request, "now", None)
    zone = person.user.government.zone if person else settings.TIME_ZONE
    return {
        "person": person,
        "person_title": gettext("、").join(str(role.label) for role in Role if role in person.roles) if person else "",
        "languages": settings.LANGUAGES,  # each by its own name, in every language
        "stage": settings.STAGE,
        "shown_day": SimpleLazyObject(lambda: clock.day_of(at or clock.now(), zone)),
        "sections": SimpleLazyObject(lambda: sections_for(request)),
        "masthead": SimpleLazyObject(lambda: folded(sections_for(request))),
        "search_url": _url("search"),
        "help_url": _url("help"),
        "here": request.get_full_path() if request.method == "GET" else "/",
    }
