"""The history of a measure: what was accepted for each period, in which states, what was corrected, and who promises by it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from people.access import Person
from plans.models import Measure
from tracker.models import Evidence, Period, ProgressReport
from tracker.queries.likenesses import Pair, pairs
from tracker.queries.looking import Look, look
from tracker.queries.measure_series import Point, Told, differing, series, told
from tracker.queries.rows import FIELDS, ItemRow, in_force, joined, rows

State = ProgressReport.State


@dataclass
class Entry:
    """One report of a period. `is_struck`: an accepted correction took its place; `is_current`: the one that counts."""

    report: ProgressReport
    is_struck: bool = False
    is_current: bool = False
    evidence: list[Evidence] = field(default_factory=list)


@dataclass
class Past:
    """A period with its reports, the latest first."""

    period: Period
    duty: int
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class MeasurePage:
    measure: Measure
    look: Look
    items: list[ItemRow]
    past: list[Past]
    reads: bool
    points: list[Point] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    differs: str = ""
    pairs: list[Pair] = field(default_factory=list)


def measure_page(person: Person, code: str, at: dt.datetime) -> MeasurePage | None:
    """None where there is no such measure in the person's government, or no promise that the person may read asks it. A fixed number of statements."""
    measure = Measure.objects.visible_to(person).select_related("reporter", "cycle").filter(code=code).first()
    seen = look(person, at)
    if measure is None or seen is None:
        return None
    found = in_force(person, seen, parts=True).filter(item__measure=measure)
    items = rows(joined(found, seen).order_by("item__plan__position", "item__plan__code", "item__position").values(*FIELDS))
    reads = person.reads_all or person.department_id == measure.reporter_id
    if not items and not reads:
        return None
    oversees = pairs(person, measure.pk) if person.reads_all else []
    return MeasurePage(
        measure, seen, items, past(person, measure, drafts=person.department_id == measure.reporter_id), reads, series(measure), told(items, seen),
        differing(items, seen), oversees,
    )  # fmt: skip


def past(person: Person, measure: Measure, *, drafts: bool) -> list[Past]:
    """The periods with reports that the person may read, the latest first. 2 statements."""
    hidden = [State.WITHDRAWN] if drafts else [State.WITHDRAWN, State.DRAFT]
    reports = list(
        ProgressReport.objects.visible_to(person)
        .filter(measure=measure)
        .exclude(state__in=hidden)
        .select_related("period__cycle", "submitted_by", "endorsed_by", "accepted_by")
        .order_by("-period__end", "-number")
    )
    files: dict[int, list[Evidence]] = defaultdict(list)
    for file in Evidence.objects.visible_to(person).filter(report__in=[r.pk for r in reports]).order_by("id"):
        files[file.report_id].append(file)
    struck = {r.corrects_id for r in reports if r.state == State.ACCEPTED and r.corrects_id}
    found: dict[int, Past] = {}
    for report in reports:
        entry = Entry(report, report.pk in struck, report.state == State.ACCEPTED and report.pk not in struck, files[report.pk])
        found.setdefault(report.period_id, Past(report.period, report.duty_id)).entries.append(entry)
    return list(found.values())
