"""我的待填: what a department owes now, returned first, then due in the order of the documents, then what is on its way."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from people import clock
from people.access import Person
from people.models import FormKey, Role, RoleGrant
from people.workdays import Calendar, calendar_of
from plans.models import Cycle, Measure, Terms
from plans.queries.sharing import Waiting, waiting
from tracker import periods
from tracker.frame import counted
from tracker.models import Duty, Period, ProgressReport
from tracker.queries.owed import Owed, duties_of, owed
from tracker.queries.promised import period_short

State = ProgressReport.State
GROUPS = ("returned", "problem", "empty", "ready")
LAST = (10**9, "", 0)


@dataclass(frozen=True)
class Span:
    """A period with its deadline for this department."""

    period: Period
    due_at: dt.datetime
    workdays_left: int
    late: bool
    unknown_year: bool


@dataclass
class Section:
    """Rows under one head. `before` and `now` head the columns of last and this period's figures."""

    key: str
    rows: list[Owed]
    period: Period | None = None

    @property
    def now(self) -> str:
        return period_short(self.period.title, self.period.year) if self.period else ""

    @property
    def before(self) -> str:
        """二季度, where all the last figures are of one period."""
        named = {row.last_period for row in self.rows if row.last_period}
        return named.pop() if len(named) == 1 else ""


@dataclass(frozen=True)
class Quiet:
    """A measure that asks nothing now: 本期无需填报."""

    measure: Measure
    rhythm: str
    opens_on: dt.date | None


@dataclass
class Board:
    """The page. `show` is the filter in force; counts are of all rows."""

    spans: list[Span]
    sections: list[Section]
    done: list[Owed]
    quiet: list[Quiet]
    counts: dict[str, int]
    show: str = ""
    rows: list[Owed] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    waiting: int = 0
    shared: Waiting | None = None

    @property
    def filled(self) -> int:
        return self.counts["all"] - self.counts["empty"]


def board(person: Person, at: dt.datetime, show: str = "") -> Board:
    """The page of a person's department. 25 statements at most."""
    government = person.user.government
    day = clock.day_of(at, government.zone)
    rows = sorted(owed(_current(person, at), at), key=_order)
    calendar = calendar_of(government)
    todo = [row for row in rows if row.group != "done"]
    counts = {"all": len(todo), "note": sum(row.lacks_note for row in todo), **{group: sum(1 for row in todo if in_group(row, group)) for group in GROUPS}}
    shown = [row for row in todo if show not in GROUPS or in_group(row, show)]
    return Board(
        spans=_spans(todo or rows, calendar, day, at),
        sections=_sections(shown),
        done=[row for row in rows if row.group == "done"],
        quiet=_quiet(person, {row.measure.pk for row in rows}, day),
        counts=counts,
        show=show if show in GROUPS else "",
        rows=todo,
        reviewers=list(_reviewers(person, day)),
        waiting=ProgressReport.objects.visible_to(person).filter(state=State.SUBMITTED, duty__department=person.department_id).count(),
        shared=waiting(person, at),
    )


def duty_row(person: Person, duty: int, at: dt.datetime) -> Owed | None:
    """One duty of the person's own department; None where it is not there to write."""
    found = owed(_of_department(person).filter(pk=duty, period__opens_at__lte=at), at)
    return found[0] if found else None


def in_group(row: Owed, group: str) -> bool:
    return row.status == State.RETURNED if group == "returned" else row.group == group


def receipt(person: Person, key: str) -> str:
    """What became of a form that was sent, by its key: "" where there is none. 1 statement."""
    return FormKey.objects.filter(user=person.user, key=key).values_list("result", flat=True).first() or "" if key else ""


def _of_department(person: Person):  # type: ignore[no-untyped-def]
    return duties_of(person).filter(department=person.department_id)


def _current(person: Person, at: dt.datetime) -> list[Duty]:
    """What is not answered, and what was answered in periods that are still open. 1 statement."""
    opened = _of_department(person).filter(period__opens_at__lte=at)
    return list(opened.filter(Q(done_at__isnull=True) | Q(period__locked_at__isnull=True)).order_by("period__end", "measure__code"))


def _order(row: Owed) -> tuple[object, ...]:
    """Returned before due; by period; in the order of the plans, their items, then by code."""
    first = row.seen.promises[0].terms.item if row.seen.promises else None
    place = (first.plan.position, first.plan.code, first.position) if first else LAST
    return row.status != State.RETURNED, row.duty.period.end, row.duty.period.cycle_id, place, row.measure.code


def _sections(rows: Iterable[Owed]) -> list[Section]:
    returned: list[Owed] = []
    by_period: dict[int, Section] = {}
    for row in rows:
        if row.status == State.RETURNED:
            returned.append(row)
        else:
            by_period.setdefault(row.duty.period_id, Section("due", [], row.duty.period)).rows.append(row)
    one_period = {row.duty.period_id for row in returned}
    head = [Section("returned", returned, returned[0].duty.period if len(one_period) == 1 else None)] if returned else []
    return head + list(by_period.values())


def _spans(rows: Iterable[Owed], calendar: Calendar, day: dt.date, at: dt.datetime) -> list[Span]:
    """The periods of the rows with the earliest deadline that is still open, else the last one that passed."""
    dues: dict[int, list[Owed]] = {}
    for row in rows:
        dues.setdefault(row.duty.period_id, []).append(row)
    found = []
    for group in dues.values():
        period, open_ones = group[0].duty.period, [row.duty.due_at for row in group if row.duty.done_at is None]
        instants = open_ones or [row.duty.due_at for row in group]
        due = min((i for i in instants if i > at), default=max(instants))
        last = clock.day_of(due - dt.timedelta(microseconds=1), period_zone(group[0]))
        found.append(Span(period, due, calendar.workdays_after(day, last), due <= at, not calendar.knows_year(last.year)))
    return found


def period_zone(row: Owed) -> str:
    return row.duty.government.zone


def _quiet(person: Person, asked: set[int], day: dt.date) -> list[Quiet]:
    """The department's measures that promises in force read and that ask nothing now. 1 statement."""
    in_force = Terms.objects.of(person.government_id).in_force(day).filter(withdrawn=False)
    measures = Measure.objects.visible_to(person).filter(reporter=person.department_id, items__terms__in=in_force).exclude(pk__in=asked)
    return [Quiet(m, str(m.cycle), _opens_next(m.cycle, day)) for m in measures.select_related("cycle").distinct().order_by("code")]


def _opens_next(cycle: Cycle, day: dt.date) -> dt.date | None:
    """The next day on which a period of the cycle opens."""
    period = periods.holding(cycle, day)
    opens = [periods.opens_on(cycle, p) for p in (period, periods.following(cycle, period))]
    return next((on for on in opens if on > day), None)


def _reviewers(person: Person, day: dt.date) -> Iterable[str]:
    """Who reviews in the department, other than the person. 1 statement."""
    grants = RoleGrant.objects.open_on(day).filter(role=Role.REVIEWER, user__department=person.department_id, user__is_active=True)
    return grants.exclude(user=person.user).order_by("user__name").values_list("user__name", flat=True)


@counted("my-work")
def open_duties(person: Person, at: dt.datetime) -> int:
    """What the department still owes of what has opened. 1 statement."""
    day = clock.day_of(at, person.user.government.zone)
    return Duty.objects.visible_to(person).filter(department=person.department_id, period__opens_at__lte=at).owed_on(day).count()
