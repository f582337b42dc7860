"""Reports of the past, laid in a few statements: the rows that the deeds would have left, under the same constraints.

A report of the past was drafted, submitted, endorsed and accepted by the people of its department at office hours. Its rows, its
story and its links in the audit chain are those of `reporting` and `reviewing`; only the statements are fewer.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from people import audit
from people.models import User
from plans.models import Measure, Step
from tracker import turns
from tracker.models import Duty, ProgressReport, ReportEvent, StepDone

Answer = ProgressReport.Answer
State = ProgressReport.State
FOUR = Decimal("0.0001")


@dataclass
class Entry:
    """One report and how far it came. `duty` has its measure, department and period at hand."""

    duty: Duty
    by: User
    drafted: dt.datetime
    answer: str = Answer.VALUE
    value: Decimal | None = None
    data_state: str = ProgressReport.DataState.VERIFIED
    steps: dict[Step, dt.date] = field(default_factory=dict)
    cut_off: dt.date | None = None
    texts: dict[str, Any] = field(default_factory=dict)  # progress, problem, next_step, reason, until_on, source
    submitted: dt.datetime | None = None
    endorsed: tuple[User, dt.datetime] | None = None
    accepted: tuple[User, dt.datetime] | None = None
    returned: tuple[User, dt.datetime, str] | None = None

    @property
    def state(self) -> State:
        if self.accepted:
            return State.ACCEPTED
        if self.returned:
            return State.RETURNED
        if self.endorsed:
            return State.ENDORSED
        return State.SUBMITTED if self.submitted else State.DRAFT

    def turns(self) -> Iterator[tuple[turns.Turn, User, dt.datetime, str]]:
        """What was done to it after it was drafted, in order: the turn, by whom, when, why."""
        if self.submitted:
            yield turns.SUBMIT, self.by, self.submitted, ""
        if self.endorsed and not self.returned:
            yield turns.ENDORSE, *self.endorsed, ""
        if self.returned:
            yield turns.GIVE_BACK, *self.returned
        if self.accepted:
            yield turns.ACCEPT, *self.accepted, ""


@dataclass
class Ledger:
    """Lays reports at once; their links in the audit chain wait for their time, so that the chain runs with the days."""

    waiting: list[audit.Fact] = field(default_factory=list)

    def lay(self, entries: Sequence[Entry]) -> None:
        """Writes the reports. At most 9 statements, and one more a hundred rows on SQLite."""
        with transaction.atomic():
            reports = ProgressReport.objects.bulk_create([_report(e, State.ENDORSED if e.accepted else e.state) for e in entries])
            pairs = list(zip(entries, reports, strict=True))
            StepDone.objects.bulk_create(StepDone(government_id=r.government_id, report=r, step=step, on=on) for e, r in pairs for step, on in e.steps.items())
            accepted = [r for e, r in pairs if e.accepted]
            ProgressReport.objects.filter(pk__in=[r.pk for r in accepted]).update(state=State.ACCEPTED)
            ReportEvent.objects.bulk_create(event for e, r in pairs for event in _story(e, r))
            _answer_duties(entries)
        self.waiting += [fact for e, r in pairs for fact in _facts(e, r)]
        self.waiting.sort(key=lambda fact: fact.at)

    def flush(self, until: dt.datetime, government: int) -> None:
        """Appends the links of what was done before an instant."""
        due = [fact for fact in self.waiting if fact.at < until]
        if due:
            with transaction.atomic():
                audit.record_many(government, due)
            self.waiting = self.waiting[len(due) :]


def _report(e: Entry, state: str) -> ProgressReport:
    duty = e.duty
    endorsed = e.endorsed if not e.returned else None
    return ProgressReport(
        government_id=duty.government_id, duty=duty, measure_id=duty.measure_id, period_id=duty.period_id, number=1, state=state, answer=e.answer,
        data_state=e.data_state, value=e.value, cut_off=e.cut_off or duty.period.end, origin=ProgressReport.Origin.DEMONSTRATION,
        version=sum(1 for _ in e.turns()) + 1, author=e.by, edited_by=e.by, edited_at=e.submitted or e.drafted,
        submitted_by=e.by if e.submitted else None, submitted_at=e.submitted,
        endorsed_by=endorsed[0] if endorsed else None, endorsed_at=endorsed[1] if endorsed else None,
        accepted_by=e.accepted[0] if e.accepted else None, accepted_at=e.accepted[1] if e.accepted else None,
        **e.texts,
    )  # fmt: skip


def _story(e: Entry, report: ProgressReport) -> Iterator[ReportEvent]:
    def told(verb: str, by: User, at: dt.datetime, before: str, after: str, why: str = "") -> ReportEvent:
        return ReportEvent(government_id=report.government_id, report=report, verb=verb, from_state=before, to_state=after, by=by, at=at, why=why)

    yield told(turns.DRAFTED, e.by, e.drafted, State.DRAFT, State.DRAFT)
    state: str = State.DRAFT
    for turn, by, at, why in e.turns():
        yield told(turn.verb, by, at, state, turn.to, why)
        state = turn.to


def _facts(e: Entry, report: ProgressReport) -> Iterator[audit.Fact]:
    """As `turns.make` tells them."""
    measure: Measure = e.duty.measure
    about = {"measure": measure.code, "period": e.duty.period.occasion, "number": 1}
    state: str = State.DRAFT
    for turn, by, at, why in e.turns():
        yield audit.Fact(by, f"report.{turn.verb}", f"report:{report.pk}", at, about | turns.turned(report, turn, state, why))
        state = str(turn.to)


def _answer_duties(entries: Iterable[Entry]) -> None:
    """As `turns.settle_duty` and `reviewing.accept` do: an accepted 未到数据时点 excuses, it does not answer."""
    changed = []
    for e in entries:
        excused = e.accepted is not None and e.answer == Answer.NOT_OUT
        e.duty.done_at = e.submitted if e.submitted and not e.returned and not excused else None
        e.duty.excused_until = e.texts.get("until_on") if excused else None
        changed.append(e.duty)
    Duty.objects.bulk_update(changed, ["done_at", "excused_until"], batch_size=200)
