"""报告期: which periods there are and how far each is answered; of one, who has not reported, in the official order."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from people import clock
from people.access import Person
from people.departments import as_called, called_on
from people.models import Department, Role, RoleGrant
from plans.models import Cycle
from tracker.models import Duty, Message, Period, ProgressReport, Run

State = ProgressReport.State


@dataclass(frozen=True)
class PeriodRow:
    """A period with the counts of its duties."""

    period: Period
    cycle: str
    duties: int
    reported: int
    accepted: int
    overdue: int
    excused: int

    @property
    def missing(self) -> int:
        return self.duties - self.reported - self.excused

    @property
    def is_locked(self) -> bool:
        return self.period.locked_at is not None


@dataclass
class Owing:
    """A department in a period: how many of its duties are answered, which are not, and how it stands with its reviewer."""

    department: Department
    due_at: dt.datetime
    duties: int = 0
    reported: int = 0
    accepted: int = 0
    excused: int = 0
    missing: list[Duty] = field(default_factory=list)
    late: list[Duty] = field(default_factory=list)
    returned: int = 0
    has_reviewer: bool = True
    has_reporter: bool = True
    urged_at: dt.datetime | None = None


@dataclass
class PeriodPage:
    periods: list[Period]
    departments: list[Owing]
    day: dt.date
    occasion: str

    @property
    def period(self) -> Period:
        return self.periods[0]

    @property
    def owing(self) -> list[Owing]:
        """Those with something missing."""
        return [one for one in self.departments if one.missing]

    @property
    def duties(self) -> int:
        return sum(one.duties for one in self.departments)

    @property
    def reported(self) -> int:
        return sum(one.reported for one in self.departments)

    @property
    def accepted(self) -> int:
        return sum(one.accepted for one in self.departments)

    @property
    def excused(self) -> int:
        return sum(one.excused for one in self.departments)

    @property
    def missing(self) -> int:
        return sum(len(one.missing) for one in self.departments)

    @property
    def late(self) -> int:
        return sum(len(one.late) for one in self.departments)

    @property
    def without_reviewer(self) -> list[Owing]:
        return [one for one in self.departments if not one.has_reviewer]


def opened(person: Person, at: dt.datetime) -> QuerySet[Period]:
    """The periods that have opened."""
    return Period.objects.visible_to(person).opened_by(at)


def offer(found: QuerySet[Period]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The years and the rhythms that there are, as choices, the latest year first. 1 statement."""
    pairs = found.order_by().values_list("year", "cycle").distinct()
    cycles = {cycle.pk: str(cycle) for cycle in Cycle.objects.filter(pk__in={cycle for _year, cycle in pairs}).order_by("pk")}
    return [(str(year), str(year)) for year in sorted({year for year, _cycle in pairs}, reverse=True)], [(str(pk), name) for pk, name in cycles.items()]


def locked(found: QuerySet[Period], on: bool) -> QuerySet[Period]:
    """Those that are locked, or those that are not."""
    return found.filter(locked_at__isnull=not on)


def period_rows(person: Person, at: dt.datetime, found: QuerySet[Period]) -> list[PeriodRow]:
    """These periods, where they have duties, the latest first. 1 statement."""
    day = clock.day_of(at, person.user.government.zone)
    done, excused = Q(duties__done_at__isnull=False), Q(duties__done_at__isnull=True, duties__excused_until__gte=day)
    accepted = Q(duties__pk__in=ProgressReport.objects.visible_to(person).filter(state=State.ACCEPTED).values("duty"))
    rows = (
        found.select_related("cycle")
        .annotate(
            n=Count("duties"),
            done=Count("duties", filter=done),
            accepted=Count("duties", filter=done & accepted),
            excused=Count("duties", filter=excused),
            late=Count("duties", filter=Q(duties__done_at__isnull=True, duties__due_at__lte=at) & ~excused),
        )
        .filter(n__gt=0)
        .order_by("-end", "cycle")
    )
    return [PeriodRow(p, str(p.cycle), p.n, p.done, p.accepted, p.late, p.excused) for p in rows]  # type: ignore[attr-defined]


def period_page(person: Person, occasion: str, at: dt.datetime) -> PeriodPage | None:
    """The opened periods of an occasion ('2022Q3'), those of several cycles together; None where there is none. At most 7 statements."""
    year = occasion[:4]
    if not (len(year) == 4 and year.isascii() and year.isdecimal()):
        return None
    opened = Period.objects.visible_to(person).opened_by(at).filter(year=int(year)).select_related("cycle").order_by("pk")
    found = [p for p in opened if p.occasion == occasion]
    if not found:
        return None
    day = clock.day_of(at, person.user.government.zone)
    departments = _departments(person, found, at, day)
    if found[0].end < day:  # what is past keeps the names of then
        then = called_on(person.government_id, found[0].end)
        for one in departments.values():
            one.department = as_called(one.department, then)
    _with_people(departments, person, day)
    _with_urges(departments, person, occasion)
    return PeriodPage(found, list(departments.values()), day, occasion)


def closing_of(person: Person, occasion: str) -> Run | None:
    """The run that keeps the closing of a period; of several cycles' the longest one's. 1 statement."""
    runs = Run.objects.visible_to(person).filter(closes__isnull=False).select_related("closes__cycle", "government").order_by("closes__start", "number")
    return next((run for run in runs if run.closes and run.closes.occasion == occasion), None)


def _departments(person: Person, periods: list[Period], at: dt.datetime, day: dt.date) -> dict[int, Owing]:
    """By department, in the official order. 2 statements."""
    accepted = Exists(ProgressReport.objects.filter(duty=OuterRef("pk"), state=State.ACCEPTED))
    duties = (
        Duty.objects.visible_to(person)
        .filter(period__in=periods)
        .select_related("measure", "department", "government")
        .annotate(is_accepted=accepted)
        .order_by("department__position", "department__code", "due_at", "measure__code")
    )
    returned = set(ProgressReport.objects.visible_to(person).filter(period__in=periods, state=State.RETURNED).values_list("duty", flat=True))
    found: dict[int, Owing] = {}
    for duty in duties:
        one = found.setdefault(duty.department_id, Owing(duty.department, duty.due_at))
        _add(one, duty, duty.pk in returned, at, day)
    return found


def _add(one: Owing, duty: Duty, is_returned: bool, at: dt.datetime, day: dt.date) -> None:
    one.duties += 1
    if duty.done_at is not None:
        one.reported += 1
        one.accepted += bool(duty.is_accepted)  # type: ignore[attr-defined]
    elif duty.excused_until is not None and duty.excused_until >= day:
        one.excused += 1
    else:
        one.missing.append(duty)
        one.returned += is_returned
        if duty.due_at <= at:
            one.late.append(duty)


def _with_people(departments: dict[int, Owing], person: Person, day: dt.date) -> None:
    """Who has a reviewer, and who has a reporter. 1 statement."""
    grants = RoleGrant.objects.of(person.government_id).open_on(day).filter(role__in=[Role.REVIEWER, Role.REPORTER], user__is_active=True)
    held = set(grants.values_list("role", "user__department"))
    for key, one in departments.items():
        one.has_reviewer, one.has_reporter = (Role.REVIEWER, key) in held, (Role.REPORTER, key) in held


def _with_urges(departments: dict[int, Owing], person: Person, occasion: str) -> None:
    """When each was urged last. 1 statement."""
    urges = Message.objects.of(person.government_id).filter(kind=Message.Kind.URGE, occasion__startswith=f"{occasion}:")
    for department, at in urges.order_by("made_at").values_list("recipient__department", "made_at"):
        if department in departments:
            departments[department].urged_at = at
