"""What a figure would do, before it is submitted: every light that reads its measure, now and with the figure. Stores nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from people import clock
from people.language import speaks_english
from people.models import Government
from plans.models import Measure
from tracker import rollup
from tracker.gathering import ReportRow, Rows, StepDoneRow, TermsRow
from tracker.judging import Judged, judge_item
from tracker.known import Known, Moment
from tracker.models import ProgressReport

UNSAVED = 0  # from here downwards: ids of reports, periods and steps that are no rows yet


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

    15 statements, however many items.
    """
    return previews(measure.government, [{measure.pk: figure}], at)[0].get(measure.pk, [])


def previews(government: Government, batches: Iterable[Mapping[int, Figure]], at: dt.datetime) -> list[dict[int, list[Turn]]]:
    """The same of many measures, by the measure's id, each batch on its own: in as many statements as of one figure."""
    batches = list(batches)
    measures = {measure for batch in batches for measure in batch}
    if not measures:
        return [{} for _batch in batches]
    known = rollup.learn(government, Moment(clock.day_of(at, government.zone), at), measures)
    now = [(terms, _judged(known, terms)) for terms in known.terms()]
    return [_turned(known.with_rows(_with(known.rows, batch, at)), now, batch) for batch in batches]


def _judged(known: Known, terms: TermsRow) -> Judged:
    """How an item stands, its reason in the language spoken."""
    return judge_item(known, terms, counts=False, languages=("en" if speaks_english() else "zh",)).judged


def _turned(would: Known, now: list[tuple[TermsRow, Judged]], batch: Mapping[int, Figure]) -> dict[int, list[Turn]]:
    found: dict[int, list[Turn]] = {measure: [] for measure in batch}
    for terms, judged in now:
        if terms.measure_id in found:
            found[terms.measure_id].append(Turn(terms.item_id, judged, _judged(would, terms)))
    return found


def _with(rows: Rows, figures: Mapping[int, Figure], at: dt.datetime) -> Rows:
    """The same rows and the figures among them, accepted last of all."""
    reports, done = dict(rows.reports), dict(rows.steps_done)
    for n, (measure, figure) in enumerate(figures.items()):
        unsaved = UNSAVED - n
        reports[measure] = [*rows.reports.get(measure, []), _report(unsaved, measure, figure, at)]
        done[unsaved] = [StepDoneRow(unsaved, UNSAVED, name, on) for name, on in (figure.steps or {}).items()]
    return replace(rows, reports=reports, steps_done=done)


def _report(unsaved: int, measure: int, figure: Figure, at: dt.datetime) -> ReportRow:
    return ReportRow(
        id=unsaved, measure_id=measure, period_id=UNSAVED, state=ProgressReport.State.ACCEPTED, answer=ProgressReport.Answer.VALUE,
        data_state=figure.data_state, value=figure.value, benchmark=figure.benchmark, until_on=None, cut_off=figure.cut_off,
        corrects_id=figure.corrects, submitted_at=at, accepted_at=at,
    )  # fmt: skip
