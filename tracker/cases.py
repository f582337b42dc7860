"""From rows to the arithmetic's cases: what an item promised and what became of it, as known at a moment. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plans.arithmetic.cases import Band, Bands, Baseline, Judgement, Period, Promise, Record, State, Target, Value
from plans.arithmetic.lights import judge
from plans.arithmetic.tasks import Progress, Step, Task, judge_task
from plans.arithmetic.totals import Counted, count_indicator, count_task
from plans.models import Item
from plans.models import Target as TargetModel
from tracker import periods
from tracker.gathering import BandsRow, StepRow, TargetRow, TermsRow
from tracker.known import Awaited, Known
from tracker.models import ProgressReport

DAY = timedelta(days=1)
STATES: dict[str, State] = {
    ProgressReport.DataState.ESTIMATE: "预计",
    ProgressReport.DataState.FLASH: "快报",
    ProgressReport.DataState.VERIFIED: "核定",
}
DATA_STATES = {words: state for state, words in STATES.items()}


@dataclass(frozen=True)
class IndicatorCase:
    """An indicator ready to be judged; `targets` are the rows of `promise.targets`, in the same order."""

    terms: TermsRow
    targets: tuple[TargetRow, ...]
    promise: Promise
    record: Record

    def judge(self, day: date) -> Judgement:
        return judge(self.promise, self.record, day)

    def count(self, judgement: Judgement, day: date, period: tuple[date, date]) -> Counted:
        return count_indicator(self.promise, self.record, judgement, day, period, self.terms.weight, bool(self.terms.binding))

    def governing(self, judgement: Judgement) -> TargetRow:
        """The target that the light is about: of what is held the one due next on the day judged, otherwise the final one."""
        day = judgement.judged_at
        held = [t for t in self.targets if judgement.basis.rule == "held" and day is not None and day <= t.due_on]
        return min(held, key=lambda t: t.due_on, default=self.final)

    @property
    def final(self) -> TargetRow:
        return max(self.targets, key=lambda t: t.due_on)


@dataclass(frozen=True)
class TaskCase:
    """A task ready to be judged; `steps` are the rows of `task.steps`, in the same order."""

    terms: TermsRow
    targets: tuple[TargetRow, ...]
    steps: tuple[StepRow, ...]
    task: Task
    progress: Progress

    def judge(self, day: date) -> Judgement:
        return judge_task(self.task, self.progress, day)

    def count(self, judgement: Judgement, day: date, period: tuple[date, date]) -> Counted:
        return count_task(self.task, self.progress, judgement, day, period, self.terms.weight, bool(self.terms.binding))

    def governing(self, judgement: Judgement) -> TargetRow:
        return self.final

    @property
    def final(self) -> TargetRow:
        return max(self.targets, key=lambda t: t.due_on)


Case = IndicatorCase | TaskCase


def case_of(known: Known, terms: TermsRow) -> Case:
    """The case of an item's terms. Raises: ValueError for terms without a final target."""
    if terms.kind == Item.Kind.TASK:
        return _task(known, terms)
    return _indicator(known, terms)


def bands_of(known: Known, plan: int) -> Bands:
    """A plan's bands in force on the day; those of the design where it has none."""
    given = {kind: _band(row) for kind, row in known.bands(plan).items()}
    return Bands(**given)


def period_asked(known: Known, plan: int) -> tuple[date, date]:
    """The period that coverage asks for: the last one of the plan's cycle that had ended on the day."""
    cycle = known.rows.cycles[known.rows.plans[plan].cycle_id]
    ended = periods.holding(cycle, periods.holding(cycle, known.moment.day).start - DAY)
    return ended.start, ended.end


def _indicator(known: Known, terms: TermsRow) -> IndicatorCase:
    rows = tuple(known.targets(terms))
    final = _final(terms, rows)
    measure = known.rows.measures[terms.measure_id]
    promise = Promise(
        first=final.from_on + DAY,
        last=final.due_on,
        accrual=_literal(terms.accrual),
        targets=tuple(_target(row) for row in rows),
        baseline=None if terms.baseline is None else Baseline(terms.baseline, terms.baseline_on),
        reading=_literal(terms.reading),
        average=_literal(terms.average) or None,
        profile=_literal(terms.profile),
        shares=tuple(Decimal(share) for share in terms.shares.split("/") if share),
        unit=final.unit or measure.unit,
        bands=bands_of(known, terms.plan_id),
    )
    awaited = known.awaited(terms, promise.first, promise.end)
    record = Record(
        values=tuple(_values(known, terms.measure_id)),
        against=_against(known, final),
        periods=tuple(_period(a, holds_end=a.start <= promise.end <= a.end) for a in awaited),
    )
    return IndicatorCase(terms, rows, promise, record)


def _task(known: Known, terms: TermsRow) -> TaskCase:
    """Only accepted reports say that a step is done. Where the plan asks for a 验收标准, a task without an accepted one is not done."""
    rows = tuple(known.targets(terms))
    final = _final(terms, rows)
    steps = known.steps(terms)
    if steps and all(step.stage is not None for step in steps):
        steps = sorted(steps, key=lambda step: step.stage or 0)
    done = known.steps_done(terms.measure_id)
    task = Task(
        due=final.due_on,
        first=final.from_on + DAY,
        steps=tuple(Step(step.due_on, step.weight, step.name) for step in steps),
        stages=any(step.stage is not None for step in steps),
        bands=bands_of(known, terms.plan_id),
        asks_acceptance=known.asks_criterion(terms),
    )
    progress = Progress(
        done=tuple(done[step.name][0] if step.name in done else None for step in steps) or (None,),
        reports=tuple(r.cut_off for r in known.accepted(terms.measure_id) if r.answer != ProgressReport.Answer.NOT_OUT),
        periods=tuple(_period(a) for a in known.awaited(terms, final.from_on + DAY, task.end)),
        accepted=known.criterion(terms) if task.asks_acceptance else None,
    )
    return TaskCase(terms, rows, tuple(steps), task, progress)


def _final(terms: TermsRow, rows: tuple[TargetRow, ...]) -> TargetRow:
    finals = [row for row in rows if row.role == TargetModel.RoleInPath.FINAL]
    if not finals:
        raise ValueError(f"{terms.code}: no final target")
    return max(finals, key=lambda row: row.due_on)


def _target(row: TargetRow) -> Target:
    return Target(
        value=row.value, due=row.due_on, comparator=_literal(row.comparator) or None, value_high=row.value_high, tolerance=row.tolerance,
        offset=row.offset, better=_literal(row.better) or None,
    )  # fmt: skip


def _values(known: Known, measure: int) -> Iterator[Value]:
    for each in known.values(measure):
        yield Value(each.cut_off, each.value, STATES[each.state], known.day_of(each.accepted_at), each.benchmark)


def _against(known: Known, target: TargetRow) -> tuple[tuple[date, Decimal], ...]:
    """The other measure's values by date; of several states of one date the best, and of these the last accepted."""
    if target.against_id is None:
        return ()
    best: dict[date, tuple[int, Decimal]] = {}
    ranks = list(STATES)
    for each in known.values(target.against_id):
        rank = ranks.index(ProgressReport.DataState(each.state))
        if each.cut_off not in best or rank >= best[each.cut_off][0]:
            best[each.cut_off] = rank, each.value
    return tuple((day, value) for day, (_rank, value) in best.items())


def _period(awaited: Awaited, *, holds_end: bool = False) -> Period:
    """Under review, or answered by 无法填报, is not silence; but such an answer for the last period lets the item close."""
    if holds_end and awaited.answered:
        return Period(awaited.end, awaited.due, out=awaited.out, submitted=awaited.waiting)
    return awaited.period


def _band(row: BandsRow) -> Band:
    return Band(row.green_from, row.yellow_from)


def _literal(word: str) -> Any:
    """A stored choice as the arithmetic's literal: the same words on both sides."""
    return str(word)
