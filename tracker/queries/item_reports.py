"""What was reported of an item: a row a period, with the light at its closing and today's; names and texts only for whom reports are there to read."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from people.access import Person
from people.language import in_language
from people.models import DepartmentName
from plans.models import Cycle, Item, Terms
from tracker import formats, periods
from tracker.history import Point
from tracker.models import Evidence, Period, ProgressReport, ReportEvent
from tracker.models.periods import period_title

State = ProgressReport.State
DataState = ProgressReport.DataState


@dataclass(frozen=True)
class Hand:
    """Who did what with a report, and when: `verb` is submitted, endorsed or accepted."""

    verb: str
    name: str
    at: dt.datetime


@dataclass(frozen=True)
class Told:
    """One period's reports as their readers see them. `struck`: values that corrections replaced; `others`: earlier states of the same period."""

    report: ProgressReport | None
    struck: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    pending: str = ""
    hands: tuple[Hand, ...] = ()
    returned: int = 0
    evidence: tuple[Evidence, ...] = ()

    @property
    def answer(self) -> str:
        """What was answered where it was no value: 无变化, 未到数据时点, 无法填报."""
        return "" if self.report is None or self.report.answer == ProgressReport.Answer.VALUE else str(ProgressReport.Answer(self.report.answer).label)

    @property
    def why(self) -> str:
        """Why a correction was made."""
        return self.report.reason if self.report and self.report.corrects_id else ""

    @property
    def has_text(self) -> bool:
        return bool(self.report and (self.report.progress or self.report.problem or self.report.next_step or self.evidence))


@dataclass(frozen=True)
class ReportRow:
    """A period of an item's span that has ended or was reported: the point of its history and, for its readers, what was told."""

    period: str
    occasion: str
    point: Point
    value: str
    expected: str
    state: str
    told: Told = field(default_factory=lambda: Told(None))
    closing: str = ""  # what a link to how it closed ends in: ?period=2022Q2
    lead: str = ""  # who led it then, where that was another department than today's, or one of another name

    @property
    def gap(self) -> Decimal | None:
        return self.point.gap

    @property
    def estimate(self) -> bool:
        return self.point.value_state == DataState.ESTIMATE


def report_rows(person: Person, item: Item, points: Iterable[Point], today: dt.date) -> list[ReportRow]:
    """The latest period first. 5 statements beside the history."""
    reports = list(
        ProgressReport.objects.visible_to(person)
        .filter(measure=item.measure_id)
        .exclude(state__in=[State.DRAFT, State.WITHDRAWN])
        .select_related("period", "submitted_by", "endorsed_by", "accepted_by")
        .order_by("period__end", "number")
    )
    told = tell(person, reports)
    cycle = item.measure.cycle
    shown = [p for p in points if p.end < today or (p.start, p.end) in told]
    leads = _leads(item, today)
    return [replace(_row(cycle, point, told.get((point.start, point.end), Told(None))), lead=leads(point.end)) for point in reversed(shown)]


def _leads(item: Item, today: dt.date) -> Callable[[dt.date], str]:
    """Who led the item on a day, as it was called then; "" where that is still so. 2 statements."""
    versions = list(Terms.objects.published().filter(item=item, lead__isnull=False).select_related("lead").order_by("from_on"))
    names = list(DepartmentName.objects.filter(department__in={t.lead_id for t in versions}).order_by("until_on"))

    def on(day: dt.date) -> str:
        lead = next((t.lead for t in reversed(versions) if t.from_on <= day), None)
        then = next((one for one in names if lead is not None and one.department_id == lead.pk and one.until_on >= day), None)
        return in_language(then.name, then.name_en) if then else str(lead or "")

    now = on(today)
    return lambda day: said if (said := on(day)) != now else ""


def _row(cycle: Cycle, point: Point, told: Told) -> ReportRow:
    bounds = periods.holding(cycle, point.end)
    occasion = Period(cycle=cycle, year=bounds.year, number=bounds.number).occasion
    state = str(DataState(point.value_state).label) if point.value_state else ""
    return ReportRow(
        title_of(cycle, point.end), f"{bounds.year}-{bounds.number}", point, formats.number(point.value), formats.number(point.expected_value, _places(point)),
        state, told, f"?period={occasion}",
    )  # fmt: skip


def title_of(cycle: Cycle, end: dt.date) -> str:
    """The name of the period of a cycle that ends on a day."""
    bounds = periods.holding(cycle, end)
    return period_title(cycle.frequency, bounds.year, bounds.number)


def _places(point: Point) -> int | None:
    """Expected values have at most two decimals more than need be: a path between whole numbers is no whole number."""
    return None if point.expected_value is None else min(2, formats.places_of([point.expected_value]))


def tell(person: Person, reports: list[ProgressReport]) -> Mapping[tuple[dt.date, dt.date], Told]:
    """What the readers of reports see, by the first and last day of the period. 2 statements."""
    corrected = {r.corrects_id for r in reports if r.state == State.ACCEPTED}
    returns: dict[int, int] = defaultdict(int)
    for period in ReportEvent.objects.filter(report__in=reports, to_state=State.RETURNED).values_list("report__period", flat=True):
        returns[period] += 1
    files: dict[int, list[Evidence]] = defaultdict(list)
    for file in Evidence.objects.visible_to(person).filter(report__in=reports).order_by("pk"):
        files[file.report_id].append(file)
    groups: dict[int, list[ProgressReport]] = defaultdict(list)
    for report in reports:
        groups[report.period_id].append(report)
    return {(group[0].period.start, group[0].period.end): _told(group, corrected, returns[period], files) for period, group in groups.items()}


def _told(group: list[ProgressReport], corrected: set[int | None], returned: int, files: Mapping[int, list[Evidence]]) -> Told:
    """What counts of one period's reports, what it replaced, whose hands it went through."""
    accepted = [r for r in group if r.state == State.ACCEPTED]
    current = [r for r in accepted if r.pk not in corrected]
    counts = current[-1] if current else None
    return Told(
        report=counts,
        struck=tuple(formats.number(r.value) for r in accepted if r.pk in corrected),
        others=tuple(f"{DataState(r.data_state).label} {formats.number(r.value)}" for r in current[:-1] if r.value is not None),
        pending=next((str(State(r.state).label) for r in reversed(group) if r.state != State.ACCEPTED), ""),
        hands=tuple(hands_of(counts)) if counts else (),
        returned=returned,
        evidence=tuple(files.get(counts.pk, ())) if counts else (),
    )


def hands_of(report: ProgressReport) -> Iterable[Hand]:
    """Who sent, endorsed and accepted a report, in that order."""
    for verb in ("submitted", "endorsed", "accepted"):
        user, at = getattr(report, f"{verb}_by"), getattr(report, f"{verb}_at")
        if user and at:
            yield Hand(verb, user.name, at)
