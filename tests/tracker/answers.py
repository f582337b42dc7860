"""Answers to duties as plain rows, for tests of what comes after review: `answer(city, "1-01", "2022Q2", "900")`."""

import datetime as dt
from decimal import Decimal

from people import clock
from plans.models import Measure, Step
from tests import cast
from tracker import periods
from tracker.models import Duty, ProgressReport, StepDone

State = ProgressReport.State
DAY = dt.timedelta(days=1)


def duty(measure: Measure, occasion: str) -> Duty:
    """The duty of a measure in the period '2022Q2', '2022-06' or '2022'; both are made if they are not there."""
    year, number = int(occasion[:4]), int(occasion[5:].lstrip("QH") or 1)
    return periods.owe(measure, periods.open_period(measure.cycle, year, number))


def answer(
    city: cast.City,
    code: str,
    occasion: str,
    value: str | None = None,
    *,
    accepted: str | None = None,
    submitted: str | None = None,
    state: str = State.ACCEPTED,
    answer: str = ProgressReport.Answer.VALUE,
    data_state: str = ProgressReport.DataState.VERIFIED,
    cut_off: str | None = None,
    benchmark: str | None = None,
    until: str | None = None,
    corrects: ProgressReport | None = None,
    steps: dict[str, str] | None = None,
) -> ProgressReport:
    """A report of the item's measure (or of the measure of that code), cut off at the period's end, submitted and accepted at noon ten days later."""
    measure = Measure.objects.filter(government=city.government, code=code).first() or city.item(code).measure
    owed = duty(measure, occasion)
    later = (owed.period.end + 10 * DAY).isoformat()
    at = cast.noon(submitted or accepted or later)
    maker, head = city.user("reporter"), city.user("supervisor")
    report = ProgressReport.objects.create(
        government=city.government, duty=owed, measure=measure, period=owed.period, number=owed.reports.count() + 1, state=State.SUBMITTED,
        answer=answer, data_state=data_state, value=None if value is None else Decimal(value), benchmark=None if benchmark is None else Decimal(benchmark),
        until_on=until and dt.date.fromisoformat(until), cut_off=dt.date.fromisoformat(cut_off) if cut_off else owed.period.end, corrects=corrects,
        author=maker, edited_by=maker, edited_at=at, submitted_by=maker, submitted_at=at,
    )  # fmt: skip
    for name, on in (steps or {}).items():
        step = Step.objects.filter(terms__item__measure=measure, name=name).first()
        StepDone.objects.create(government=city.government, report=report, step=step, on=dt.date.fromisoformat(on))
    Duty.objects.filter(pk=owed.pk).update(done_at=at)
    if state == State.ACCEPTED:
        ProgressReport.objects.filter(pk=report.pk).update(state=state, accepted_by=head, accepted_at=cast.noon(accepted or later))
    elif state != State.SUBMITTED:
        ProgressReport.objects.filter(pk=report.pk).update(state=state)
    report.refresh_from_db()
    return report


def morning(day: str) -> dt.datetime:
    """08:00 of a day in the city's zone."""
    return clock.start_of(dt.date.fromisoformat(day), cast.ZONE, dt.time(8))
