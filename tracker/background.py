"""What a figure is seen against: the promises that read it, the last accepted values, the running total.

A value object for checks and for the form; no judgement here.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from people.prepared import PreparedOfIds
from plans.models import Measure, Target, Terms
from tracker.models import Period, ProgressReport, StepDone

DATA_STATES = [s.value for s in ProgressReport.DataState]  # from the weakest to the strongest
PERCENT = frozenset({"%", "％", "‰", "百分点", "个百分点"})


def rank(data_state: str) -> int:
    """预计 0 < 快报 1 < 核定 2."""
    return DATA_STATES.index(data_state)


@dataclass(frozen=True)
class Promise:
    """Terms that read the measure in this period, and their targets by date."""

    terms: Terms
    targets: tuple[Target, ...]

    @property
    def final(self) -> Target:
        return self.targets[-1]

    @property
    def next_value(self) -> Decimal | None:
        """The value that the final target names for the measure itself; None where it is read as an increase or relative."""
        plain = self.terms.reading == Terms.Reading.VALUE and self.final.comparator != Target.Comparator.RELATIVE
        return self.final.value if plain else None


@dataclass(frozen=True)
class Background:
    """`before`: current accepted values of earlier periods, by date; `same`: the current accepted reports of this period;
    `done`: the steps that current accepted reports of the measure say are done; `told`: the last current accepted report of an earlier
    period, whatever it answers.
    """

    measure: Measure
    period: Period
    promises: tuple[Promise, ...]
    before: tuple[ProgressReport, ...]
    same: tuple[ProgressReport, ...]
    done: tuple[StepDone, ...] = ()
    told: ProgressReport | None = None

    @property
    def is_percent(self) -> bool:
        return self.measure.unit in PERCENT

    @cached_property
    def is_total(self) -> bool:
        """The value is a running total 累计."""
        return any(p.terms.accrual == Terms.Accrual.CUMULATIVE for p in self.promises)

    @cached_property
    def counts_from(self) -> dt.date | None:
        """The day after which a total counts anew (T0, exclusive); None where it runs on through the spans."""
        totals = [p for p in self.promises if p.terms.accrual == Terms.Accrual.CUMULATIVE]
        runs_on = any(p.terms.reading != Terms.Reading.VALUE or p.terms.baseline is not None for p in totals)
        return None if runs_on or not totals else max(p.final.from_on for p in totals)

    @cached_property
    def last(self) -> ProgressReport | None:
        """The last accepted value before this period; of a total that counts anew, within its span."""
        since = self.counts_from
        return next((r for r in reversed(self.before) if since is None or r.cut_off > since), None)

    @cached_property
    def previous_total(self) -> Decimal | None:
        """The total at the start of this period: the last one accepted, else the baseline, else 0; None where it is no total."""
        if not self.is_total:
            return None
        if self.last is not None:
            return self.last.value
        baselines = [p.terms for p in self.promises if p.terms.baseline is not None and p.terms.baseline_on]
        return max(baselines, key=lambda t: t.baseline_on or dt.date.min).baseline if baselines else Decimal(0)

    @cached_property
    def largest_step(self) -> Decimal:
        """The largest rise of the total from one accepted value to the next, the first of the span included where it counts from 0."""
        since = self.counts_from
        values = [r.value for r in self.before if r.value is not None and (since is None or r.cut_off > since)]
        if since is not None:
            values.insert(0, Decimal(0))
        return max((b - a for a, b in pairwise(values)), default=Decimal(0))

    @cached_property
    def accepted_value(self) -> ProgressReport | None:
        """The best accepted answer of this period that is no excuse."""
        answered = [r for r in self.same if r.answer in (ProgressReport.Answer.VALUE, ProgressReport.Answer.NO_CHANGE)]
        return max(answered, key=lambda r: (rank(r.data_state), r.accepted_at), default=None)


def background(measure: Measure, period: Period) -> Background:
    """Gathers it. 3 statements, 4 for a measure of steps."""
    return backgrounds([(measure, period)])[measure.pk, period.pk]


def backgrounds(asked: Iterable[tuple[Measure, Period]]) -> dict[tuple[int, int], Background]:
    """The background of many duties by (measure, period), in as many statements as that of one."""
    pairs = list(asked)
    measures = {measure.pk for measure, _period in pairs}
    reports = _current(ids=[*measures])
    reports.sort(key=lambda r: (r.cut_off, rank(r.data_state), r.accepted_at))
    terms = _published_terms(measures)
    done = _steps_done({measure.pk for measure, _period in pairs if measure.kind == Measure.Kind.STEPS}, reports)
    return {
        (measure.pk, period.pk): Background(
            measure,
            period,
            _promises([t for t in terms if t.item.measure_id == measure.pk], period),
            tuple(r for r in reports if r.measure_id == measure.pk and r.value is not None and r.period.end < period.end),
            tuple(r for r in reports if r.measure_id == measure.pk and r.period_id == period.pk),
            tuple(d for d in done if d.report.measure_id == measure.pk),
            next((r for r in reversed(reports) if r.measure_id == measure.pk and r.period.end < period.end), None),
        )
        for measure, period in pairs
    }


def _published_terms(measures: Iterable[int]) -> list[Terms]:
    """Every published version of the terms that read these measures, in the order of plans and items, the oldest first. 2 statements."""
    return _terms(ids=[*measures])


_current = PreparedOfIds(lambda measures: ProgressReport.objects.current().filter(measure__in=measures).select_related("period__cycle"))
_terms = PreparedOfIds(
    lambda measures: (
        Terms.objects.published()
        .filter(item__measure__in=measures)
        .select_related("item__plan", "lead")
        .prefetch_related("targets")
        .order_by("item__plan__position", "item__plan__code", "item__position", "item", "from_on")
    )
)


def _steps_done(measures: Iterable[int], reports: Iterable[ProgressReport]) -> list[StepDone]:
    """What these reports say is done of measures of steps. 1 statement; none without such a measure."""
    of_steps = [r.pk for r in reports if r.measure_id in set(measures)]
    return list(StepDone.objects.filter(report__in=of_steps).select_related("report").order_by("id")) if of_steps else []


def _promises(terms: list[Terms], period: Period) -> tuple[Promise, ...]:
    """The published terms in force at the period's end whose span touches the period."""
    in_force = {t.item_id: t for t in terms if t.from_on <= period.end}  # the latest version of each item comes last
    found = [Promise(t, tuple(sorted(t.targets.all(), key=lambda x: (x.due_on or period.end, x.pk)))) for t in in_force.values() if not t.withdrawn]
    return tuple(p for p in found if p.targets and p.targets[0].from_on < period.end and (p.final.due_on or period.end) >= period.start)
