"""Tasks and projects: steps with weights and days, judged on the day itself."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from .cases import Band, Bands, Basis, Exact, Judgement, Light, Period, sure
from .lights import in_band
from .spans import ONE_DAY, Rhythm, six


@dataclass(frozen=True)
class Step:
    """A part of a task: the last day for it and its weight among the steps (≥ 0)."""

    due: date
    weight: Decimal = Decimal(1)
    name: str = ""


@dataclass(frozen=True)
class Task:
    """A task's terms. ``first``: its first day, if it has one; ``due``: its day where there are no steps.

    ``stages``: a later step done means that the earlier ones are. ``asks_acceptance``: a 验收标准 must be accepted
    before the task counts as done.
    """

    due: date
    first: date | None = None
    steps: tuple[Step, ...] = ()
    stages: bool = False
    asks_acceptance: bool = False
    bands: Bands = field(default_factory=Bands)

    @property
    def parts(self) -> tuple[Step, ...]:
        """The steps; a task without any is one step."""
        return self.steps or (Step(self.due),)

    @property
    def end(self) -> date:
        """T1: the last step's day."""
        return max(step.due for step in self.parts)


@dataclass(frozen=True)
class Progress:
    """What became of a task: the day each step was done (None: not), in the order of the steps.

    ``reports``: cut-offs of accepted reports; ``accepted``: the day its 验收标准 was accepted.
    """

    done: tuple[date | None, ...]
    reports: tuple[date, ...] = ()
    periods: tuple[Period, ...] = ()
    accepted: date | None = None


@dataclass(frozen=True)
class TaskSight:
    """What is to be seen of a task on a day."""

    task: Task
    progress: Progress
    on: date

    @cached_property
    def done(self) -> tuple[date | None, ...]:
        """The day each step was done as known on the day; a stage is done no later than any stage after it."""
        days = [day if day is not None and day <= self.on else None for day in self.progress.done]
        if self.task.stages:
            for place in range(len(days) - 2, -1, -1):
                days[place] = min((day for day in days[place : place + 2] if day is not None), default=None)
        return tuple(days)

    @cached_property
    def is_done(self) -> bool:
        """Whether every step is done and the acceptance, where one is asked, is given."""
        accepted = self.progress.accepted
        proved = not self.task.asks_acceptance or (accepted is not None and accepted <= self.on)
        return proved and all(day is not None for day in self.done)

    @cached_property
    def late(self) -> int:
        """By how many days after T1 the task was done."""
        if not self.is_done:
            return 0
        last = max(day for day in (*self.done, self.progress.accepted if self.task.asks_acceptance else None) if day)
        return max((last - self.task.end).days, 0)

    @cached_property
    def rhythm(self) -> Rhythm:
        first = self.task.first or min(step.due for step in self.task.parts)
        return Rhythm.of(self.progress.periods, first - timedelta(days=1), self.task.end)

    @cached_property
    def reported(self) -> date | None:
        days = [day for day in self.done if day] + [day for day in self.progress.reports if day <= self.on]
        return max(days, default=None)

    @cached_property
    def overdue_since(self) -> date | None:
        """The oldest day of a step or report that is still open."""
        if self.is_done:
            return None
        days = [step.due for step, day in zip(self.task.parts, self.done, strict=True) if day is None]
        return min([day for day in days if day < self.on] + self.unreported, default=None)

    @cached_property
    def unreported(self) -> list[date]:
        """The deadlines of the reports that are overdue."""
        if self.is_done:
            return []
        later = self.rhythm.later_than(self.reported)
        return [sure(window.period.deadline) for window in later if window.period.is_overdue(self.on)]

    @cached_property
    def is_closed(self) -> bool:
        """After T1: done, or the last period's report is accepted or overdue."""
        if self.on <= self.task.end:
            return False
        holding = self.rhythm.holding
        if self.is_done or holding is None or (self.reported is not None and self.reported > holding.after):
            return True
        return holding.period.is_silent(self.on)

    def share(self, counts: tuple[bool, ...]) -> Fraction:
        """The weights of the steps that count, as a share of all; equal weights where all are 0."""
        weights = [Fraction(step.weight) for step in self.task.parts]
        if not any(weights):
            weights = [Fraction(1)] * len(weights)
        return sum((weight for weight, one in zip(weights, counts, strict=True) if one), Fraction(0)) / sum(weights)


def judge_task(task: Task, progress: Progress, on: date) -> Judgement:
    """Judge a task on a day: A = weights of the steps done, E = weights of those whose day has passed.

    Raises ValueError where ``progress.done`` does not name every step.
    """
    if len(progress.done) != len(task.parts):
        raise ValueError(f"{len(task.parts)} steps, but {len(progress.done)} days of being done")
    if task.first and on < task.first:
        return Judgement("grey", (), Basis("none", "before"), wake_on=task.first)
    sight = TaskSight(task, progress, on)
    attained = sight.share(tuple(day is not None for day in sight.done))
    expected = sight.share(tuple(step.due < on for step in task.parts))
    exact = Exact(attained, expected, (attained - expected) * 100)
    light, why = _colour(sight, exact, task.bands.share)
    since = sight.overdue_since
    return Judgement(
        light=light,
        marks=("逾期未报",) if sight.unreported else (),
        basis=_basis(sight, exact, why),
        exact=exact,
        attainment=six(attained),
        expected=six(expected),
        gap=six(exact.gap),
        overdue=(on - since).days if since else 0,
        overdue_since=since,
        judged_at=task.end if sight.is_closed else on,
        closed=sight.is_closed,
        owes_none=sight.is_done,
        wake_on=_wake_on(sight),
    )


def _colour(sight: TaskSight, exact: Exact, band: Band) -> tuple[Light, str]:
    if sight.is_done:
        return "blue", "done"
    if sight.on > sight.task.end:
        return "red", "overrun"
    if exact.expected == 0 and exact.attainment == 0:
        return "not_due", "not_due"
    return in_band(six(exact.gap), band), "band"


def _wake_on(sight: TaskSight) -> date | None:
    if sight.is_closed:
        return None
    days = [step.due + ONE_DAY for step in sight.task.parts if step.due >= sight.on]
    change = sight.rhythm.next_change(sight.on, sight.reported)
    return min([*days, change] if change else days, default=None)


def _basis(sight: TaskSight, exact: Exact, why: str) -> Basis:
    total = sum((Fraction(step.weight) for step in sight.task.parts), Fraction(0)) or Fraction(len(sight.task.parts))
    return Basis(
        rule="task",
        why=why,
        band=sight.task.bands.share,
        done=exact.attainment * total,
        passed=exact.expected * total,
        weight=total,
        late=sight.late,
        met=sight.is_done,
    )
