"""How an item came to stand where it stands: one point a period, for the chart and the table of the same numbers."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from people import clock
from plans.arithmetic.cases import Judgement
from plans.arithmetic.lights import Sight
from plans.arithmetic.spans import six
from plans.models import Item, Terms
from tracker import rollup
from tracker.background import rank
from tracker.cases import DATA_STATES, Case, IndicatorCase, case_of
from tracker.judging import stands_on_assumed_path
from tracker.known import Awaited, Known, Moment
from tracker.models import ProgressReport, Run, Standing

DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=366)


@dataclass(frozen=True)
class Point:
    """A period of an item's span. Numbers are None where there are none: no value of this very period, a path without start, a day to come.

    `value` as the item reads it (an increase, a growth), in the target's unit; `expected_value` what the path expects at the period's end, of
    what is held the target. `attainment`, `expected`, `gap`, `light_today`: by what is accepted today, judged for the day after the
    period's report was due. `light_closing`: as it was when the period closed. `assumed_…`: that light
    stands on a path that nobody approved.
    """

    start: dt.date
    end: dt.date
    due: dt.date
    value: Decimal | None = None
    value_state: str | None = None
    expected_value: Decimal | None = None
    attainment: Decimal | None = None
    expected: Decimal | None = None
    gap: Decimal | None = None
    light_closing: str | None = None
    light_today: str | None = None
    assumed_closing: bool = False
    assumed_today: bool = False


def history(item: Item, at: dt.datetime) -> list[Point]:
    """Every period of the span of an item's terms in force at the instant, those to come with their path alone. Empty without terms.

    As many statements as a preview and two more.
    """
    government = item.government
    known = rollup.learn(government, Moment(clock.day_of(at, government.zone), at), [item.measure_id])
    terms = known.terms_of(known.rows.terms.get(item.pk, []))
    if terms is None or not known.targets(terms):
        return []
    case = case_of(known, terms)
    closing = _closing_lights(item)
    first, last = (case.promise.first, case.promise.end) if isinstance(case, IndicatorCase) else (case.task.first or case.task.end, case.task.end)
    return [_point(known, case, awaited, closing) for awaited in known.awaited(terms, first, last)]


def earlier(item: Item, terms: Terms, first: dt.date) -> list[Point]:
    """The figures of the same measure in the year before a span that begins on `first`: a series goes on through the years.

    None of what the item reads in another way than the measure reports it, and of totals that count anew. 1 statement.
    """
    anew = terms.accrual == Terms.Accrual.CUMULATIVE and terms.baseline is None
    if item.kind == Item.Kind.TASK or terms.reading != Terms.Reading.VALUE or anew:
        return []
    reports = ProgressReport.objects.of(item.government_id).current().filter(measure=item.measure_id, value__isnull=False)
    found: dict[dt.date, Point] = {}
    for report in reports.filter(cut_off__lt=first, cut_off__gte=first - YEAR).select_related("period").order_by("cut_off"):
        better = found.get(report.cut_off)
        if better is None or rank(report.data_state) >= rank(better.value_state or ""):
            found[report.cut_off] = Point(report.period.start, report.cut_off, report.cut_off, report.value, report.data_state)
    return list(found.values())


def _point(known: Known, case: Case, awaited: Awaited, closing: dict[tuple[dt.date, dt.date], tuple[str, bool]]) -> Point:
    light, assumed = closing.get((awaited.start, awaited.end), (None, False))
    point = Point(awaited.start, awaited.end, awaited.due, light_closing=light, assumed_closing=assumed)
    if isinstance(case, IndicatorCase):
        point = replace(point, expected_value=_expected_value(case, known.moment.day, awaited.end))
    if awaited.end >= known.moment.day:
        return point
    judgement = _judged_then(case, awaited, known.moment.day)
    point = replace(point, attainment=judgement.attainment, expected=judgement.expected, gap=judgement.gap, light_today=judgement.light)
    basis = judgement.basis
    if isinstance(case, IndicatorCase):
        point = replace(point, assumed_today=stands_on_assumed_path(case.terms, case.targets, basis))
    if basis.value is None or basis.value_day is None or not awaited.start <= basis.value_day <= awaited.end:
        return point
    return replace(point, value=six(basis.value), value_state=DATA_STATES[basis.state] if basis.state else None)


def _judged_then(case: Case, awaited: Awaited, today: dt.date) -> Judgement:
    """The case with all that is accepted today, but nothing of later periods, on the day after the report was due (not after today)."""
    day = min(max(awaited.due, awaited.end) + DAY, today)
    if not isinstance(case, IndicatorCase):
        return case.judge(day)
    values = tuple(replace(v, accepted=None) for v in case.record.values if v.cut_off <= awaited.end)
    return replace(case, record=replace(case.record, values=values)).judge(day)


def _expected_value(case: IndicatorCase, today: dt.date, end: dt.date) -> Decimal | None:
    sight = Sight(case.promise, case.record, today)
    if sight.path is None:
        due_next = min((t for t in case.targets if end <= t.due_on), key=lambda t: t.due_on, default=case.final)
        return due_next.value
    return six(sight.path.at(end)) if sight.origin is not None else None


def _closing_lights(item: Item) -> dict[tuple[dt.date, dt.date], tuple[str, bool]]:
    """The item's light at each closing and whether it stood on an assumed path, by the first and last day of the period that closed. 2 statements."""
    runs = Run.objects.of(item.government_id).filter(closes__cycle__measures=item.measure_id).values_list("number", "closes__start", "closes__end")
    lights = list(Standing.objects.of(item.government_id).filter(item=item).values_list("since_run", "until_run", "light", "facts__assumed_path"))
    return {
        (start, end): (light, bool(assumed))
        for number, start, end in runs
        for since, until, light, assumed in lights
        if since <= number and (until is None or number < until)
    }
