"""What a roll-up reads, in a fixed number of statements a government, however many items; nothing is judged here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, TypeVar, get_type_hints

from django.db.models import Aggregate, QuerySet, TextField

from people.models import Department, Government
from people.prepared import Prepared, PreparedOfIds
from plans.models import Amendment, Bands, Cycle, Goal, Measure, Plan, Step, Target, Terms
from tracker.models import Criterion, CriterionDemand, Duty, Period, ProgressReport, StepDone

READ_STATES = (ProgressReport.State.SUBMITTED, ProgressReport.State.ENDORSED, ProgressReport.State.ACCEPTED)

Row = TypeVar("Row")


class TermsRow(NamedTuple):
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


class TargetRow(NamedTuple):
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


class StepRow(NamedTuple):
    id: int
    terms_id: int
    name: str
    stage: int | None
    due_on: dt.date
    weight: Decimal


class BandsRow(NamedTuple):
    plan_id: int
    amendment: Annotated[int, "amendment__number"]
    from_on: Annotated[dt.date, "amendment__from_on"]
    published_at: Annotated[dt.datetime | None, "amendment__published_at"]  # None: with the plan
    kind: str
    green_from: Decimal
    yellow_from: Decimal


class AmendmentRow(NamedTuple):
    plan_id: int
    number: int
    from_on: dt.date
    published_at: dt.datetime | None  # None: with the plan


class ReportRow(NamedTuple):
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


class StepDoneRow(NamedTuple):
    report_id: int
    step_id: int
    name: Annotated[str, "step__name"]
    on: dt.date


class MeasureRow(NamedTuple):
    id: int
    code: str
    unit: str
    kind: str
    cycle_id: int
    release_lag: int
    reporter_kind: Annotated[str, "reporter__kind"]


class DutyRow(NamedTuple):
    measure_id: int
    period_id: int
    due_at: dt.datetime


class PeriodRow(NamedTuple):
    id: int
    cycle_id: int
    year: int
    number: int
    start: dt.date
    end: dt.date
    due_at: dt.datetime
    locked_at: dt.datetime | None


class PlanRow(NamedTuple):
    id: int
    code: str
    cycle_id: int


class GoalRow(NamedTuple):
    id: int
    plan_id: int
    path: str


class DepartmentRow(NamedTuple):
    id: int
    name: str
    position: int


class CriterionRow(NamedTuple):
    """An accepted 验收标准, and the instant from which it counts."""

    item_id: int
    decided_at: dt.datetime


class DemandRow(NamedTuple):
    """A plan asks its tasks for one from an instant on."""

    plan_id: int
    at: dt.datetime


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
    duties: dict[tuple[int, int], dt.datetime]  # by measure and period: the instant at which each was due
    periods: dict[tuple[int, int, int], PeriodRow]  # by cycle, year and number
    criteria: dict[int, list[CriterionRow]] = field(default_factory=dict)  # by item, the oldest first
    demands: dict[int, DemandRow] = field(default_factory=dict)  # by plan


def gather(government: Government, measures: Iterable[int] | None = None) -> Rows:
    """All that a roll-up of a government reads, in 15 statements, 16 where a plan asks for 验收标准; with `measures` only the items that read these, and what judging
    them needs, in two fewer: goals and departments, which only nodes are of, are left out."""
    ask = _asker(government.pk, measures)
    demands = {demand.plan_id: demand for demand in ask(DemandRow)}
    return Rows(
        government=government.pk,
        zone=government.zone,
        plans=_keyed(ask(PlanRow)),
        goals=_keyed(ask(GoalRow)) if measures is None else {},
        departments=_keyed(ask(DepartmentRow)) if measures is None else {},
        cycles={c.pk: c for c in _cycles(government.pk)},
        measures=_keyed(ask(MeasureRow)),
        terms=_grouped(ask(TermsRow), "item_id"),
        targets=_grouped(ask(TargetRow), "terms_id"),
        steps=_grouped(ask(StepRow), "terms_id"),
        bands=_grouped(ask(BandsRow), "plan_id"),
        amendments=_grouped(ask(AmendmentRow), "plan_id"),
        reports=_grouped(ask(ReportRow), "measure_id"),
        steps_done=_grouped(ask(StepDoneRow), "report_id"),
        duties=_all_duties(government) if measures is None else {(d.measure_id, d.period_id): d.due_at for d in ask(DutyRow)},
        periods={(p.cycle_id, p.year, p.number): p for p in ask(PeriodRow)},
        criteria=_grouped(ask(CriterionRow), "item_id") if demands else {},
        demands=demands,
    )


def _all_duties(government: Government) -> dict[tuple[int, int], dt.datetime]:
    """Every duty, read in one row for each instant and period: thousands are due at one. 1 statement."""
    rows = Duty.objects.of(government).order_by().values_list("due_at", "period").annotate(measures=_Listed("measure"))
    return {(int(measure), period): due_at for due_at, period, listed in rows for measure in listed.split()}


class _Listed(Aggregate):
    """The whole numbers of a group as one text."""

    output_field = TextField()
    template = "%(function)s(CAST(%(expressions)s AS text), ' ')"
    function = "STRING_AGG"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


Measures = Collection[int] | None


def _terms(government: int, measures: Measures) -> QuerySet[Terms]:
    terms = Terms.objects.of(government).published().order_by("from_on", "id")
    return terms if measures is None else terms.filter(item__measure__in=measures)


def _of_terms(parts: QuerySet[Any], government: int, measures: Measures) -> QuerySet[Any]:
    return parts.filter(terms__published_at__isnull=False) if measures is None else parts.filter(terms__in=_terms(government, measures))


def _reports(government: int, measures: Measures) -> QuerySet[ProgressReport]:
    reports = ProgressReport.objects.of(government).filter(state__in=READ_STATES).order_by("id")
    if measures is None:
        return reports
    against = Target.objects.filter(terms__in=_terms(government, measures), against__isnull=False).values("against")
    return reports.filter(measure__in=measures) | reports.filter(measure__in=against)


def _duties(government: int, measures: Measures) -> QuerySet[Duty]:
    return Duty.objects.of(government) if measures is None else Duty.objects.of(government).filter(measure__in=measures)


_PUBLISHED = {"amendment__state": Amendment.State.PUBLISHED}
OF_GOVERNMENT: dict[type, Callable[[int], QuerySet[Any]]] = {
    PlanRow: lambda government: Plan.objects.of(government).order_by("position", "code"),
    GoalRow: lambda government: Goal.objects.of(government).order_by("plan", "path"),
    DepartmentRow: lambda government: Department.objects.of(government).order_by("position", "code"),
    BandsRow: lambda government: Bands.objects.of(government).filter(**_PUBLISHED).order_by("amendment__from_on", "amendment__number"),
    AmendmentRow: lambda government: Amendment.objects.of(government).filter(state=Amendment.State.PUBLISHED).order_by("number"),
    PeriodRow: lambda government: Period.objects.of(government).order_by("end"),
    CriterionRow: lambda government: Criterion.objects.of(government).accepted().order_by("decided_at", "id"),
    DemandRow: CriterionDemand.objects.of,
}
OF_MEASURES: dict[type, Callable[[int, Measures], QuerySet[Any]]] = {
    MeasureRow: lambda government, measures: Measure.objects.of(government).filter(**({} if measures is None else {"pk__in": measures})),
    TermsRow: _terms,
    TargetRow: lambda government, measures: _of_terms(Target.objects.of(government), government, measures).order_by("due_on", "id"),
    StepRow: lambda government, measures: _of_terms(Step.objects.of(government), government, measures).order_by("position"),
    ReportRow: _reports,
    StepDoneRow: lambda government, measures: StepDone.objects.of(government).filter(report__in=_reports(government, measures)).order_by("id"),
    DutyRow: _duties,
}
_cycles = Prepared(Cycle.objects.of, -1)


def by_paths(row: type, query: QuerySet[Any]) -> QuerySet[Any]:
    """The columns of a kind of rows, of a query."""
    return query.values_list(*paths(row))


_of_government = {row: Prepared(lambda government, row=row, of=of: by_paths(row, of(government)), -1) for row, of in OF_GOVERNMENT.items()}
_of_measures = {row: PreparedOfIds(lambda government, measures, row=row, of=of: by_paths(row, of(government, measures)), -1) for row, of in OF_MEASURES.items()}


def _asker(government: int, measures: Iterable[int] | None) -> Callable[[type[Row]], list[Row]]:
    """Reads the rows of one kind, by a statement that is written once a connection where only some measures are asked for."""
    asked = None if measures is None else list(measures)

    def ask(row: type[Row]) -> list[Row]:
        if row in OF_GOVERNMENT:
            return _made(row, _of_government[row](government))
        return read_rows(row, OF_MEASURES[row](government, None)) if asked is None else _made(row, _of_measures[row](government, ids=asked))

    return ask


def in_time(rows: Rows, closed_at: dt.datetime) -> Rows:
    """The rows without the reports that came after a closing, save those whose own duty was not due by then."""

    def came_in_time(report: ReportRow) -> bool:
        return report.submitted_at is None or report.submitted_at <= max(closed_at, rows.duties.get((report.measure_id, report.period_id), closed_at))

    return replace(rows, reports={measure: [r for r in reports if came_in_time(r)] for measure, reports in rows.reports.items()})


def read_rows(row: type[Row], query: QuerySet) -> list[Row]:
    """The rows of a query, one statement; each field along its path."""
    return _made(row, by_paths(row, query))


def _made(row: type[Row], values: Iterable[Any]) -> list[Row]:
    return [row(*each) for each in values]


@lru_cache(maxsize=32)
def paths(row: type) -> tuple[str, ...]:
    """The paths along which the fields of a kind of rows are read."""
    return tuple(getattr(hint, "__metadata__", (name,))[0] for name, hint in get_type_hints(row, include_extras=True).items())


def _keyed(rows: Iterable[Any]) -> dict[int, Any]:
    return {each.id: each for each in rows}


def _grouped(rows: Iterable[Row], key: str) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for each in rows:
        groups[getattr(each, key)].append(each)
    return dict(groups)
