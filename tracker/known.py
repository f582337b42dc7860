"""What was known at a moment: the terms published by then, the values accepted by then, the periods that awaited a report.

Pure: reads only what `gathering` gathered. A later correction does not count for an earlier moment, nor do terms that were
published after it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, Self

from people import clock
from people.workdays import Calendar
from plans.arithmetic.cases import Period
from plans.models import Cycle
from tracker import periods
from tracker.gathering import AmendmentRow, BandsRow, MeasureRow, ReportRow, Rows, StepRow, TargetRow, TermsRow
from tracker.models import ProgressReport

ACCEPTED = ProgressReport.State.ACCEPTED
Answer = ProgressReport.Answer
INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Moment:
    """The day that is judged, and the last instant whose acceptances, submissions and publications count."""

    day: dt.date
    at: dt.datetime


class Value(NamedTuple):
    """An accepted value that nothing accepted corrects. Of an accepted 无变化 it is the last value, carried to its cut-off."""

    report_id: int
    cut_off: dt.date
    value: Decimal
    benchmark: Decimal | None
    state: str
    accepted_at: dt.datetime


@dataclass(frozen=True)
class Awaited:
    """A period of a measure's cycle: when its report is due (that whole day is still in time), and what has been said for it.

    `out`: the day on which the statistics are out, where the answer is 未到数据时点; `waiting`: an answer is under review;
    `answered`: an accepted answer without a value (无法填报).
    """

    start: dt.date
    end: dt.date
    due: dt.date
    out: dt.date | None = None
    waiting: bool = False
    answered: bool = False

    @cached_property
    def period(self) -> Period:
        """As the arithmetic takes it: under review, or answered by 无法填报, is not silence."""
        return Period(self.end, self.due, out=self.out, submitted=self.waiting or self.answered)


@dataclass
class Known:
    """Everything known of a government's items at a moment; answers are kept, so that items that share a measure share them."""

    rows: Rows
    calendar: Calendar
    moment: Moment
    _values: dict[int, list[Value]] = field(default_factory=dict)
    _dues: dict[tuple[int, int, int, str, int], dt.date] = field(default_factory=dict)
    _spans: dict[tuple[int, dt.date, dt.date], list[tuple[periods.Bounds, int]]] = field(default_factory=dict)
    _plainly: dict[tuple[dt.date, dt.date, dt.date], Awaited] = field(default_factory=dict)
    _local: dict[dt.datetime, dt.date] = field(default_factory=dict)
    _days: dict[dt.datetime, dt.date] = field(default_factory=dict)

    def with_rows(self, rows: Rows) -> Self:
        """What would be known with other rows; the calendar's answers are shared."""
        return replace(self, rows=rows, _values={})

    def terms(self) -> list[TermsRow]:
        """The terms in force on the day, withdrawn items left out, in the order of plans and items."""
        order = {plan: n for n, plan in enumerate(self.rows.plans)}
        found = [terms for versions in self.rows.terms.values() if (terms := self.terms_of(versions)) and not terms.withdrawn]
        return sorted(found, key=lambda t: (order[t.plan_id], t.position, t.item_id))

    def terms_of(self, versions: list[TermsRow]) -> TermsRow | None:
        """Of one item's published versions the one in force."""
        in_force = [t for t in versions if t.from_on <= self.moment.day and t.published_at <= self.moment.at]
        return in_force[-1] if in_force else None

    def targets(self, terms: TermsRow) -> list[TargetRow]:
        return self.rows.targets.get(terms.id, [])

    def steps(self, terms: TermsRow) -> list[StepRow]:
        return self.rows.steps.get(terms.id, [])

    def bands(self, plan: int) -> dict[str, BandsRow]:
        """The bands of a plan in force on the day, by kind."""
        return {b.kind: b for b in self.rows.bands.get(plan, []) if self._in_force(b)}

    def versions(self) -> dict[str, int]:
        """Plan code → number of the amendment in force."""
        found = {}
        for key, plan in self.rows.plans.items():
            numbers = [a.number for a in self.rows.amendments.get(key, []) if self._in_force(a)]
            if numbers:
                found[plan.code] = max(numbers)
        return found

    def _in_force(self, row: BandsRow | AmendmentRow) -> bool:
        """Whether an amendment, or what it brought, had begun by the day and was published by the instant."""
        return row.from_on <= self.moment.day and (row.published_at is None or row.published_at <= self.moment.at)

    def accepted(self, measure: int) -> list[ReportRow]:
        """The accepted reports of a measure that no accepted one corrects, by cut-off and acceptance."""
        by_then = [r for r in self.rows.reports.get(measure, []) if r.state == ACCEPTED and r.accepted_at and r.accepted_at <= self.moment.at]
        corrected = {r.corrects_id for r in by_then}
        return sorted((r for r in by_then if r.id not in corrected), key=lambda r: (r.cut_off, r.accepted_at, r.id))

    def values(self, measure: int) -> list[Value]:
        """The current values of a measure, by cut-off and acceptance."""
        if measure not in self._values:
            self._values[measure] = list(_values(self.accepted(measure)))
        return self._values[measure]

    def steps_done(self, measure: int) -> dict[str, tuple[dt.date, ReportRow]]:
        """The steps that current reports say are done, by name, with their day and the report that says so; the last word counts."""
        return {done.name: (done.on, report) for report in self.accepted(measure) for done in self.rows.steps_done.get(report.id, [])}

    def asks_criterion(self, terms: TermsRow) -> bool:
        """Whether the plan asks its tasks for a 验收标准."""
        demand = self.rows.demands.get(terms.plan_id)
        return demand is not None and demand.at <= self.moment.at

    def criterion(self, terms: TermsRow) -> dt.date | None:
        """The first day on which the task had an accepted 验收标准: its own, the whole's of a part, or the one that its terms were published with."""
        zone, items = self.rows.zone, [terms.item_id, *([terms.part_of] if terms.part_of else [])]
        agreed = [c.decided_at for item in items for c in self.rows.criteria.get(item, [])]
        days = [clock.day_of(at, zone) for at in agreed if at <= self.moment.at]
        if terms.acceptance:
            versions = [t for t in self.rows.terms[terms.item_id] if t.acceptance and t.published_at <= self.moment.at]
            days += [max(t.from_on, clock.day_of(t.published_at, zone)) for t in versions]
        return min(days, default=None)

    def awaited(self, terms: TermsRow, first: dt.date, last: dt.date) -> list[Awaited]:
        """The periods of the measure's cycle that overlap the days, in order.

        A period that was due before the item was first published, and for which there is neither duty nor report, never awaited one.
        """
        measure = self.rows.measures[terms.measure_id]
        published = self.rows.terms[terms.item_id][0].published_at
        return list(self._awaited(measure, first, last, published))

    def _awaited(self, measure: MeasureRow, first: dt.date, last: dt.date, published: dt.datetime) -> Iterator[Awaited]:
        cycle = self.rows.cycles[measure.cycle_id]
        said = _by_period([r for r in self.rows.reports.get(measure.id, []) if r.submitted_at is None or r.submitted_at <= self.moment.at])
        for period, key in self._periods(cycle, first, last):
            due_at = self.rows.duties.get((measure.id, key))
            reports = said.get(key, [])
            due = self._day_before(due_at) if due_at is not None else self._due(cycle, period, measure)
            if due_at or reports or clock.end_of(due, self.rows.zone) >= published:
                yield self._said(period, due, reports) if reports else self._plain(period, due)

    def _periods(self, cycle: Cycle, first: dt.date, last: dt.date) -> list[tuple[periods.Bounds, int]]:
        """The periods of a cycle that overlap the days, with their ids; 0 for one that has not opened."""
        if (cycle.pk, first, last) not in self._spans:
            found, period = [], periods.holding(cycle, first)
            while period.start <= last:
                row = self.rows.periods.get((cycle.pk, period.year, period.number))
                found.append((period, row.id if row else 0))
                period = periods.following(cycle, period)
            self._spans[cycle.pk, first, last] = found
        return self._spans[cycle.pk, first, last]

    def _day_before(self, due_at: dt.datetime) -> dt.date:
        """The last day that is in time."""
        if due_at not in self._days:
            self._days[due_at] = clock.day_of(due_at - INSTANT, self.rows.zone)
        return self._days[due_at]

    def day_of(self, at: dt.datetime) -> dt.date:
        """The day of an instant in the government's zone."""
        if at not in self._local:
            self._local[at] = clock.day_of(at, self.rows.zone)
        return self._local[at]

    def _due(self, cycle: Cycle, period: periods.Bounds, measure: MeasureRow) -> dt.date:
        key = (cycle.pk, period.year, period.number, measure.reporter_kind, measure.release_lag)
        if key not in self._dues:
            self._dues[key] = periods.due_on(cycle, period, self.calendar, kind=measure.reporter_kind, release_lag=measure.release_lag)
        return self._dues[key]

    def _plain(self, period: periods.Bounds, due: dt.date) -> Awaited:
        """A period of which nothing is to be said; the same one for every item."""
        key = (period.start, period.end, due)
        if key not in self._plainly:
            self._plainly[key] = Awaited(*key)
        return self._plainly[key]

    def _said(self, period: periods.Bounds, due: dt.date, reports: list[ReportRow]) -> Awaited:
        if len(reports) == 1 and reports[0].answer == Answer.VALUE and reports[0].state == ACCEPTED and reports[0].accepted_at <= self.moment.at:  # type: ignore[operator]
            return self._plain(period, due)
        pending = [r for r in reports if r.accepted_at is None or r.accepted_at > self.moment.at]
        accepted = [r for r in reports if r.accepted_at is not None and r.accepted_at <= self.moment.at]
        outs = [r.until_on for r in reports if r.answer == Answer.NOT_OUT and r.until_on]
        return Awaited(
            period.start, period.end, due,
            out=max(outs, default=None),
            waiting=any(r.answer != Answer.NOT_OUT for r in pending),
            answered=any(r.answer == Answer.CANNOT for r in accepted),
        )  # fmt: skip


def _values(reports: list[ReportRow]) -> Iterator[Value]:
    last: Decimal | None = None
    for report in reports:
        value = last if report.answer == Answer.NO_CHANGE and report.value is None else report.value
        if value is None or report.answer not in (Answer.VALUE, Answer.NO_CHANGE):
            continue
        last = value
        assert report.accepted_at is not None  # noqa: S101  accepted reports have it, by constraint
        yield Value(report.id, report.cut_off, value, report.benchmark, report.data_state, report.accepted_at)


def _by_period(reports: list[ReportRow]) -> dict[int, list[ReportRow]]:
    found: dict[int, list[ReportRow]] = {}
    for report in reports:
        found.setdefault(report.period_id, []).append(report)
    return found
