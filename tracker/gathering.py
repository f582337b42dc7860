"""What a roll-up reads, in a fixed number of statements a government, however many items; nothing is judged here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, TypeVar, get_type_hints

from django.db.models import QuerySet

from people.models import Department, Government
from plans.models import Amendment, Bands, Cycle, Goal, Measure, Plan, Step, Target, Terms
from tracker.models import Duty, Period, ProgressReport, StepDone

READ_STATES = (ProgressReport.State.SUBMITTED, ProgressReport.State.ENDORSED, ProgressReport.State.ACCEPTED)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class TermsRow:
    """Published terms with what their item says of itself. Here and below: a field is read along its own name, or along the path beside its type."""

    id: int
    item_id: int
    plan_id: Annotated[int, "item__plan_id"]
    measure_id: Annotated[int, "item__measure_id"]
    code: Annotated[str, "item__code"]
    kind: Annotated[str, "item__kind"]
    position: Annotated[int, "item__position"]
    part_of: Annotated[int | None, "item__part_of_id"]
    goal_id: int
    lead_id: int
    amendment: Annotated[int, "amendment__number"]
    from_on: dt.date
    published_at: dt.datetime
    accrual: str
    reading: str
    average: str
    profile: str
    shares: str
    baseline_on: dt.date | None
    baseline: Decimal | None
    weight: Decimal
    binding: bool | None
    acceptance: str
    withdrawn: bool
    path_approved: bool


@dataclass(frozen=True, slots=True)
class TargetRow:
    id: int
    terms_id: int
    role: str
    from_on: dt.date
    due_on: dt.date
    comparator: str
    better: str
    value: Decimal | None
    value_high: Decimal | None
    unit: str
    tolerance: Decimal | None
    offset: Decimal
    against_id: int | None
    origin: str


@dataclass(frozen=True, slots=True)
class StepRow:
    id: int
    terms_id: int
    name: str
    stage: int | None
    due_on: dt.date
    weight: Decimal


@dataclass(frozen=True, slots=True)
class BandsRow:
    plan_id: int
    amendment: Annotated[int, "amendment__number"]
    from_on: Annotated[dt.date, "amendment__from_on"]
    published_at: Annotated[dt.datetime | None, "amendment__published_at"]  # None: with the plan
    kind: str
    green_from: Decimal
    yellow_from: Decimal


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    plan_id: int
    number: int
    from_on: dt.date
    published_at: dt.datetime | None  # None: with the plan


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that was submitted or accepted; `accepted_at` tells from when its value counts."""

    id: int
    measure_id: int
    period_id: int
    state: str
    answer: str
    data_state: str
    value: Decimal | None
    benchmark: Decimal | None
    until_on: dt.date | None
    cut_off: dt.date
    corrects_id: int | None
    submitted_at: dt.datetime | None
    accepted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class StepDoneRow:
    report_id: int
    step_id: int
    name: Annotated[str, "step__name"]
    on: dt.date


@dataclass(frozen=True, slots=True)
class MeasureRow:
    id: int
    code: str
    unit: str
    kind: str
    cycle_id: int
    release_lag: int
    reporter_kind: Annotated[str, "reporter__kind"]


@dataclass(frozen=True, slots=True)
class DutyRow:
    measure_id: int
    period_id: int
    due_at: dt.datetime
    done_at: dt.datetime | None
    excused_until: dt.date | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    id: int
    cycle_id: int
    year: int
    number: int
    start: dt.date
    end: dt.date
    due_at: dt.datetime
    locked_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: int
    code: str
    cycle_id: int


@dataclass(frozen=True, slots=True)
class GoalRow:
    id: int
    plan_id: int
    path: str


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    id: int
    name: str
    position: int


@dataclass(frozen=True)
class Rows:
    """Everything of one government that judging reads. Lists keep the order of the database's keys."""

    government: int
    zone: str
    plans: dict[int, PlanRow]
    goals: dict[int, GoalRow]
    departments: dict[int, DepartmentRow]
    cycles: dict[int, Cycle]
    measures: dict[int, MeasureRow]
    terms: dict[int, list[TermsRow]]  # by item, the oldest first
    targets: dict[int, list[TargetRow]]  # by terms, by due date
    steps: dict[int, list[StepRow]]  # by terms, in their order
    bands: dict[int, list[BandsRow]]  # by plan, the oldest amendment first
    amendments: dict[int, list[AmendmentRow]]  # by plan, the oldest first
    reports: dict[int, list[ReportRow]]  # by measure
    steps_done: dict[int, list[StepDoneRow]]  # by report
    duties: dict[tuple[int, int], DutyRow]  # by measure and period
    periods: dict[tuple[int, int, int], PeriodRow]  # by cycle, year and number


def gather(government: Government, measures: Iterable[int] | None = None) -> Rows:
    """All that a roll-up of a government reads; with `measures` only the items that read these, and what they need. 14 statements."""
    terms = Terms.objects.of(government).published().order_by("from_on", "id")
    reports = ProgressReport.objects.of(government).filter(state__in=READ_STATES).order_by("id")
    if measures is not None:
        terms = terms.filter(item__measure__in=list(measures))
        parts = Target.objects.filter(terms__in=terms, against__isnull=False).values("against")
        reports = reports.filter(measure__in=[*measures]) | reports.filter(measure__in=parts)
    of_terms = {"terms__in": terms} if measures is not None else {"terms__published_at__isnull": False}
    return Rows(
        government=government.pk,
        zone=government.zone,
        plans=_keyed(PlanRow, Plan.objects.of(government).order_by("position", "code")),
        goals=_keyed(GoalRow, Goal.objects.of(government).order_by("plan", "path")),
        departments=_keyed(DepartmentRow, Department.objects.of(government).order_by("position", "code")),
        cycles={c.pk: c for c in Cycle.objects.of(government)},
        measures=_keyed(MeasureRow, Measure.objects.of(government)),
        terms=_grouped(TermsRow, terms, "item_id"),
        targets=_grouped(TargetRow, Target.objects.of(government).filter(**of_terms).order_by("due_on", "id"), "terms_id"),
        steps=_grouped(StepRow, Step.objects.of(government).filter(**of_terms).order_by("position"), "terms_id"),
        bands=_grouped(
            BandsRow,
            Bands.objects.of(government).filter(amendment__state=Amendment.State.PUBLISHED).order_by("amendment__from_on", "amendment__number"),
            "plan_id",
        ),
        amendments=_grouped(AmendmentRow, Amendment.objects.of(government).filter(state=Amendment.State.PUBLISHED).order_by("number"), "plan_id"),
        reports=_grouped(ReportRow, reports, "measure_id"),
        steps_done=_grouped(StepDoneRow, StepDone.objects.of(government).filter(report__in=reports).order_by("id"), "report_id"),
        duties={(d.measure_id, d.period_id): d for d in read_rows(DutyRow, Duty.objects.of(government))},
        periods={(p.cycle_id, p.year, p.number): p for p in read_rows(PeriodRow, Period.objects.of(government).order_by("end"))},
    )


def in_time(rows: Rows, closed_at: dt.datetime) -> Rows:
    """The rows without the reports that came after a closing, save those whose own duty was not due by then."""

    def came_in_time(report: ReportRow) -> bool:
        duty = rows.duties.get((report.measure_id, report.period_id))
        return report.submitted_at is None or report.submitted_at <= max(closed_at, duty.due_at if duty else closed_at)

    return replace(rows, reports={measure: [r for r in reports if came_in_time(r)] for measure, reports in rows.reports.items()})


def read_rows(row: type[Row], query: QuerySet) -> list[Row]:
    """The rows of a query, one statement; each field along its path."""
    hints = get_type_hints(row, include_extras=True)
    return [row(*values) for values in query.values_list(*(getattr(hint, "__metadata__", (name,))[0] for name, hint in hints.items()))]


def _keyed(row: type[Row], query: QuerySet) -> dict[int, Row]:
    return {each.id: each for each in read_rows(row, query)}  # type: ignore[attr-defined]


def _grouped(row: type[Row], query: QuerySet, key: str) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for each in read_rows(row, query):
        groups[getattr(each, key)].append(each)
    return dict(groups)
