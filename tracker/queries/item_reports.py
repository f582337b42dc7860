"""What was reported of an item: a row a period, with the light at its closing; names and texts only for whom reports are there to read."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from people.access import Person
from plans.models import Item
from tracker import formats, wording
from tracker.models import Evidence, Period, ProgressReport, ReportEvent, Standing
from tracker.queries.looking import Look

State = ProgressReport.State


@dataclass
class ReportRow:
    """A period of an item. `value` is what counts; `struck` the values that corrections replaced; `others` earlier states of the same period."""

    period: str
    occasion: str
    end: dt.date
    cut_off: dt.date | None = None
    value: str = ""
    state: str = ""
    estimate: bool = False
    answer: str = ""
    expected: str = ""
    attainment: Decimal | None = None
    gap: Decimal | None = None
    at_closing: str = ""
    today: str = ""
    struck: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    hands: list[tuple[str, str, dt.datetime]] = field(default_factory=list)
    pending: str = ""
    returned: int = 0
    why: str = ""
    report: ProgressReport | None = None
    evidence: list[Evidence] = field(default_factory=list)


def report_rows(person: Person, item: Item, seen: Look, standing: Standing | None) -> list[ReportRow]:
    """The latest period first. 5 statements."""
    rows: dict[int, ReportRow] = {}
    for run_standing, period in closings(item, seen):
        _judged(rows.setdefault(period.pk, _row(period)), run_standing)
    reports = list(
        ProgressReport.objects.visible_to(person)
        .filter(measure=item.measure_id, period__end__gt=item.plan.start, period__start__lte=item.plan.end)
        .exclude(state__in=[State.DRAFT, State.WITHDRAWN])
        .select_related("period__cycle", "submitted_by", "endorsed_by", "accepted_by")
        .order_by("period__end", "number")
    )
    for report in reports:
        _reported(rows.setdefault(report.period_id, _row(report.period)), report, reports)
    ordered = sorted(rows.values(), key=lambda row: row.end, reverse=True)
    _count_returns(ordered, reports)
    _attach_evidence(person, ordered)
    if standing and ordered:
        _today(ordered, standing)
    return ordered


def closings(item: Item, seen: Look) -> list[tuple[Standing, Period]]:
    """How the item stood at each closing of its measure's cycle. 1 statement."""
    runs = [run for run in seen.closed if run.closes and run.closes.cycle_id == item.measure.cycle_id]
    history = list(Standing.objects.filter(item=item).order_by("since_run"))
    found = []
    for run in runs:
        standing = next((s for s in reversed(history) if s.since_run <= run.number and (s.until_run is None or s.until_run > run.number)), None)
        if standing is not None and run.closes and run.closes.end > item.plan.start:
            found.append((standing, run.closes))
    return found


def _row(period: Period) -> ReportRow:
    return ReportRow(period.title, period.occasion, period.end)


def _judged(row: ReportRow, standing: Standing) -> None:
    facts = standing.facts
    row.at_closing = standing.light
    row.attainment, row.gap = standing.attainment, standing.gap
    row.expected = formats.number(facts.get("expected_value"), None)
    row.value, row.estimate = wording.reached(facts)[0], facts.get("value_state") == "estimate"
    row.cut_off = dt.date.fromisoformat(facts["cut_off"]) if facts.get("cut_off") else None


def _reported(row: ReportRow, report: ProgressReport, every: list[ProgressReport]) -> None:
    """Adds one report to its period: what counts, what it replaced, whose hands it went through."""
    if report.state != State.ACCEPTED:
        row.pending = str(State(report.state).label)
        return
    number = formats.number(report.value)
    if any(other.corrects_id == report.pk and other.state == State.ACCEPTED for other in every):
        row.struck.append(number)
        return
    if row.report is not None:
        row.others.append(f"{ProgressReport.DataState(row.report.data_state).label} {formats.number(row.report.value)}")
    row.report, row.cut_off = report, report.cut_off
    row.estimate = report.data_state == ProgressReport.DataState.ESTIMATE
    row.state = str(ProgressReport.DataState(report.data_state).label)
    row.answer = "" if report.answer == ProgressReport.Answer.VALUE else str(ProgressReport.Answer(report.answer).label)
    row.value = number or row.value
    row.why = report.reason if report.corrects_id else ""
    people = ((report.submitted_by, report.submitted_at), (report.endorsed_by, report.endorsed_at), (report.accepted_by, report.accepted_at))
    verbs = ("submitted", "endorsed", "accepted")
    row.hands = [(verb, user.name, at) for verb, (user, at) in zip(verbs, people, strict=True) if user and at]


def _count_returns(rows: list[ReportRow], reports: list[ProgressReport]) -> None:
    """How often each period's reports were returned. 1 statement."""
    times: dict[int, int] = defaultdict(int)
    for period in ReportEvent.objects.filter(report__in=reports, to_state=State.RETURNED).values_list("report__period", flat=True):
        times[period] += 1
    for row in rows:
        row.returned = times[row.report.period_id] if row.report else 0


def _attach_evidence(person: Person, rows: list[ReportRow]) -> None:
    """The files of the reports that count. 1 statement."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    shown = [row.report.pk for row in rows if row.report]
    for file in Evidence.objects.visible_to(person).filter(report__in=shown).order_by("pk"):
        found[file.report_id].append(file)
    for row in rows:
        row.evidence = found[row.report.pk] if row.report else []


def _today(rows: list[ReportRow], standing: Standing) -> None:
    """Today's light stands with the period whose value it judges."""
    cut_off = standing.facts.get("cut_off")
    row = next((row for row in rows if row.cut_off and row.cut_off.isoformat() == cut_off), rows[0])
    row.today = standing.light
    if not row.at_closing:
        row.attainment, row.gap, row.expected = standing.attainment, standing.gap, formats.number(standing.facts.get("expected_value"))
