"""What a closing rested on: kept with it where it can change afterwards, and called back to judge the period again.

Promises, accepted values and bands are frozen by the database, and stand in their own tables. What else judging reads can
change: working days, rules of cycles, who reports, what was under review, which duties there were. `keep` notes it with the
closing, and which of the frozen rows were known; `recall` makes of both what was known then. So nothing that is published,
accepted, corrected or handed in later moves a closed period, even where it is in force, or dated, from before.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from people.workdays import Calendar, calendar_of
from plans.models import Cycle
from tracker.gathering import DepartmentRow, MeasureRow, PlanRow, ReportRow, Rows, gather, in_time
from tracker.known import ACCEPTED, Known, Moment
from tracker.models import ClosingNote, Run

Row = TypeVar("Row")
CYCLE = tuple(f.attname for f in Cycle._meta.concrete_fields)


@dataclass(frozen=True)
class Recalled:
    """What was known at a closing; `noted`: by its note, else by what there is today; `lost`: rows that were known and are no longer there; `sha256`: of the note."""

    known: Known
    noted: bool
    lost: int = 0
    sha256: str = ""


def keep(run: Run, known: Known) -> ClosingNote:
    """Notes what the run of a closing rested on. 1 statement."""
    body = json.dumps(_noted(known), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return ClosingNote.objects.create(government_id=run.government_id, run=run, body=body, sha256=hashlib.sha256(body.encode()).hexdigest())


def recall(run: Run, measures: Iterable[int] | None = None) -> Recalled:
    """What was known at the closing that a run keeps; with `measures` only of the items that read these, and `lost` says nothing.

    As many statements as a roll-up and 1 more.
    """
    assert run.closes is not None  # noqa: S101  only a closing is recalled
    moment, live = Moment(run.as_of, run.at), gather(run.government, measures)
    body = ClosingNote.objects.of(run.government_id).filter(run=run).values_list("body", flat=True).first()
    if body is None:
        return Recalled(Known(in_time(live, run.closes.due_at), calendar_of(run.government), moment), noted=False)
    note = json.loads(body)
    rows = in_time(_with_note(live, note, moment), run.closes.due_at)
    found = {"reports": {r.id for group in rows.reports.values() for r in group}, "terms": {t.id for group in rows.terms.values() for t in group}}
    lost = sum(key not in found[name] for name in found for key in _spelt(note[name]))
    return Recalled(Known(rows, _calendar(note["calendar"]), moment), noted=True, lost=lost, sha256=hashlib.sha256(body.encode()).hexdigest())


def _noted(known: Known) -> dict[str, Any]:
    rows, calendar = known.rows, known.calendar
    by_then = {id(r) for group in rows.reports.values() for r in group if _was_accepted(r, known.moment)}
    reports = [r for group in rows.reports.values() for r in group]
    return {
        "zone": rows.zone,
        "calendar": {name: sorted(map(_plain, getattr(calendar, name))) for name in ("off", "worked", "years")},
        "plans": [_list(row) for row in rows.plans.values()],
        "departments": [_list(row) for row in rows.departments.values()],
        "cycles": [[_plain(getattr(cycle, name)) for name in CYCLE] for cycle in rows.cycles.values()],
        "measures": [_list(row) for row in rows.measures.values()],
        "duties": _by_due(rows.duties),
        "waiting": [_list(r) for r in sorted(reports, key=lambda r: r.id) if id(r) not in by_then],
        "reports": _ranges(r.id for r in reports if id(r) in by_then),
        "terms": _ranges(t.id for group in rows.terms.values() for t in group if t.published_at <= known.moment.at),
    }


def _with_note(live: Rows, note: dict[str, Any], moment: Moment) -> Rows:
    """The frozen rows that were known then, and everything else as it was noted."""
    accepted, published = set(_spelt(note["reports"])), set(_spelt(note["terms"]))
    reports: dict[int, list[ReportRow]] = {}
    kept = [r for group in live.reports.values() for r in group if r.id in accepted and _was_accepted(r, moment)]
    for report in sorted([*kept, *(_row(ReportRow, each) for each in note["waiting"])], key=lambda r: r.id):
        reports.setdefault(report.measure_id, []).append(report)
    terms = {item: [t for t in versions if t.id in published] for item, versions in live.terms.items()}
    return replace(
        live,
        zone=note["zone"],
        plans={row.id: row for row in (_row(PlanRow, each) for each in note["plans"])},
        departments={row.id: row for row in (_row(DepartmentRow, each) for each in note["departments"])},
        cycles={cycle.pk: cycle for cycle in (_cycle(each) for each in note["cycles"])},
        measures={row.id: row for row in (_row(MeasureRow, each) for each in note["measures"])},
        terms={item: versions for item, versions in terms.items() if versions},
        reports=reports,
        duties=_duties(note["duties"]),
    )


def _was_accepted(report: ReportRow, moment: Moment) -> bool:
    return report.state == ACCEPTED and report.accepted_at is not None and report.accepted_at <= moment.at


def _by_due(duties: Mapping[tuple[int, int], dt.datetime]) -> dict[str, dict[str, str]]:
    """Instant → period → its measures: many duties are due at one."""
    found: dict[str, dict[str, list[int]]] = {}
    for (measure, period), due_at in duties.items():
        found.setdefault(due_at.isoformat(), {}).setdefault(str(period), []).append(measure)
    return {due: {period: _ranges(measures) for period, measures in periods.items()} for due, periods in found.items()}


def _duties(noted: dict[str, dict[str, str]]) -> dict[tuple[int, int], dt.datetime]:
    return {
        (measure, int(period)): dt.datetime.fromisoformat(due)
        for due, periods in noted.items() for period, measures in periods.items() for measure in _spelt(measures)
    }  # fmt: skip


def _ranges(keys: Iterable[int]) -> str:
    """Whole numbers as ranges: '3-5 9'."""
    found: list[list[int]] = []
    for key in sorted(keys):
        if found and key == found[-1][1] + 1:
            found[-1][1] = key
        else:
            found.append([key, key])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _spelt(ranges: str) -> Iterator[int]:
    for each in ranges.split():
        first, _dash, last = each.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _calendar(noted: dict[str, list[Any]]) -> Calendar:
    off, worked = (frozenset(map(dt.date.fromisoformat, noted[name])) for name in ("off", "worked"))
    return Calendar(off, worked, frozenset(noted["years"]))


def _cycle(values: list[Any]) -> Cycle:
    made = dict(zip(CYCLE, values, strict=True))
    hour = made["due_hour"]
    return Cycle(**{**made, "due_hour": hour and dt.time.fromisoformat(hour)})


def _list(row: Any) -> list[Any]:
    return [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    """As JSON holds it: days and instants in ISO, numbers as text."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _row(row: type[Row], values: list[Any]) -> Row:
    """A row again, its fields read as their types say."""
    hints = get_type_hints(row, include_extras=True)
    return row(*(_typed(hint, value) for hint, value in zip(hints.values(), values, strict=True)))


def _typed(hint: Any, value: Any) -> Any:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    if value is None:
        return None
    if hint in (dt.date, dt.datetime):
        return hint.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value
