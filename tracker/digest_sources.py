"""What the digests of a week are made of, read in a fixed number of statements: items, what lags, who reads of which."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from people import clock
from people.models import Department, Government, Portfolio, Role, RoleGrant, User
from tracker import formats
from tracker.models import Alert, Run, Standing
from tracker.queries.beside import disputed_on, judged_on
from tracker.queries.decisions import waiting
from tracker.queries.reference import compared_with
from tracker.queries.standings import closed_periods, current_run

POINTS = 10  # one point of a rate weighs like ten of the way, when the worst come first
ITEM = ("item", "item__code", "item__plan__code", "terms__name", "terms__name_en", "terms__lead", "terms__leader", "target__comparator", "target__better",
        "light", "gap", "gap_in", "overdue", "report", "item__part_of", "facts__assumed_path", "judged", "disputed")  # fmt: skip


@dataclass(frozen=True)
class ItemRow:
    id: int
    code: str
    plan: str
    name: str
    name_en: str
    lead_id: int
    leader_id: int | None
    comparator: str
    better: str
    light: str
    gap: Decimal | None
    gap_in: str
    overdue: int
    report_id: int | None
    part_of: int | None = None  # the item that this is a department's part of
    assumed: bool | None = None  # its light stands on a path that nobody approved
    judged: str = ""  # the supervisor's latest grade
    disputed: bool = False  # 异议中

    @property
    def worst(self) -> tuple[Decimal, str]:
        gap = Decimal(0) if self.gap is None else self.gap
        return (gap * POINTS if formats.is_points(self.gap_in) else gap), self.code


@dataclass(frozen=True)
class AlertRow:
    """The alert of an item that waits for a decision (`queries.decisions`)."""

    id: int
    rule: str
    department_id: int
    item_id: int
    since: dt.date


@dataclass(frozen=True)
class Reader:
    """Who gets a digest, and of what: a portfolio, a department, or (both empty) the whole city."""

    user: User
    leads: bool
    departments: frozenset[int] = frozenset()

    def covers(self, item: ItemRow) -> bool:
        """Whether an item is one of the reader's. Who reads of the whole city reads of an item, not of its parts too."""
        if not self.departments:
            return item.part_of is None
        return item.lead_id in self.departments or (self.leads and item.leader_id == self.user.pk)


@dataclass(frozen=True)
class Seen:
    """All that the digests of one week are made of."""

    government: Government
    occasion: str
    day: dt.date
    run: Run | None
    before: Run | None
    items: list[ItemRow] = field(default_factory=list)
    lights_before: dict[int, str] = field(default_factory=dict)
    alerts: list[AlertRow] = field(default_factory=list)
    departments: dict[int, Department] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)

    @property
    def checked(self) -> int:
        """How many items there are, each once, however many departments have a part in it."""
        return sum(item.part_of is None for item in self.items)


def week_of(day: dt.date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def gather(government: Government, at: dt.datetime) -> Seen:
    """Reads what the digests are made of. 10 statements, whatever the number of items and people."""
    day = clock.day_of(at, government.zone)
    run = current_run(government)
    seen = Seen(government, week_of(day), day, run, compared_with(closed_periods(government), day))
    if run is None:
        return seen
    current = Standing.objects.of(government).at(run.number).filter(item__isnull=False, terms__isnull=False).order_by("item")
    return Seen(
        government, seen.occasion, day, run, seen.before,
        items=[ItemRow(*row) for row in current.annotate(judged=judged_on(day), disputed=disputed_on(day)).values_list(*ITEM)],
        lights_before=_lights(government, seen.before),
        alerts=_waiting(government),
        departments={d.pk: d for d in Department.objects.of(government)},
        readers=_readers(government, day),
    )  # fmt: skip


def _lights(government: Government, run: Run | None) -> dict[int, str]:
    if run is None:
        return {}
    return dict(Standing.objects.of(government).at(run.number).filter(item__isnull=False).values_list("item", "light"))


def _waiting(government: Government) -> list[AlertRow]:
    rows = waiting(Alert.objects.of(government)).filter(item__isnull=False).order_by("since", "pk")
    return [AlertRow(*row) for row in rows.values_list("id", "rule", "department", "item", "since")]


def _readers(government: Government, day: dt.date) -> list[Reader]:
    """Leaders and department heads who are active, in the order of their keys; who is both reads as a leader. 2 statements."""
    grants = RoleGrant.objects.of(government).open_on(day).filter(role__in=(Role.LEADER, Role.REVIEWER), user__is_active=True)
    portfolio: dict[int, set[int]] = {}
    for user, department in Portfolio.objects.of(government).open_on(day).values_list("user", "department"):
        portfolio.setdefault(user, set()).add(department)
    readers: dict[int, Reader] = {}
    for grant in grants.select_related("user").order_by("user", "role"):
        if grant.role == Role.LEADER:
            readers[grant.user_id] = Reader(grant.user, True, frozenset(portfolio.get(grant.user_id, ())))
        else:
            readers.setdefault(grant.user_id, Reader(grant.user, False, frozenset({grant.user.department_id})))
    return list(readers.values())
