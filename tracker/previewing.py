"""What a figure would do, before it is submitted: every light that reads its measure, now and with the figure. Stores nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from people import clock
from plans.models import Measure
from tracker import rollup
from tracker.gathering import ReportRow, Rows, StepDoneRow
from tracker.judging import Judged, judge_item
from tracker.known import Known, Moment
from tracker.models import ProgressReport

UNSAVED = 0  # stands for the id of a report, period and step that are no rows yet


@dataclass(frozen=True)
class Figure:
    """A would-be answer as if it were accepted at once. Of a task: the steps done by name, each with its day."""

    cut_off: dt.date
    value: Decimal | None = None
    data_state: str = ProgressReport.DataState.VERIFIED
    benchmark: Decimal | None = None
    steps: Mapping[str, dt.date] | None = None
    corrects: int | None = None  # the report that it would replace


@dataclass(frozen=True)
class Turn:
    """One item that reads the measure: how it stands and how it would stand."""

    item_id: int
    now: Judged
    then: Judged


def preview(measure: Measure, figure: Figure, at: dt.datetime) -> list[Turn]:
    """The items in force that read a measure, in the order of plans and items, as they stand at the instant without and with a figure.

    As many statements as a roll-up, however many items.
    """
    government = measure.government
    known = rollup.learn(government, Moment(clock.day_of(at, government.zone), at), [measure.pk])
    would = Known(_with(known.rows, measure.pk, figure, at), known.calendar, known.moment)
    return [Turn(terms.item_id, judge_item(known, terms).judged, judge_item(would, terms).judged) for terms in known.terms()]


def _with(rows: Rows, measure: int, figure: Figure, at: dt.datetime) -> Rows:
    """The same rows and the figure among them, accepted last of all."""
    report = ReportRow(
        id=UNSAVED, measure_id=measure, period_id=UNSAVED, state=ProgressReport.State.ACCEPTED, answer=ProgressReport.Answer.VALUE,
        data_state=figure.data_state, value=figure.value, benchmark=figure.benchmark, until_on=None, cut_off=figure.cut_off,
        corrects_id=figure.corrects, submitted_at=at, accepted_at=at,
    )  # fmt: skip
    reports = {**rows.reports, measure: [*rows.reports.get(measure, []), report]}
    done = {**rows.steps_done, UNSAVED: [StepDoneRow(UNSAVED, UNSAVED, name, on) for name, on in (figure.steps or {}).items()]}
    return replace(rows, reports=reports, steps_done=done)
