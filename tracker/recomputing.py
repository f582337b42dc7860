"""A closed period judged again: every light from accepted values, promises in force, bands and calendar as known at its closing,
beside what was stored. Stores nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from people.models import AuditEntry, Government
from tracker import archive_files
from tracker.judging import Judged, judge
from tracker.known import Known
from tracker.models import Run, Standing
from tracker.queries.standings import runs_of
from tracker.recalling import Recalled, recall

CLOSED = "period.closed"  # what the audit trail calls a closing
SHOWN = (
    "light",
    "attainment",
    "expected",
    "gap",
    "gap_in",
    "marks",
    "overdue",
    "judged_at",
    "counts",
    "item_id",
    "terms_id",
    "report_id",
    "target_id",
    "facts",
)


@dataclass(frozen=True)
class Difference:
    """One field of one standing: as stored and as judged again; None where there is no such standing."""

    subject: str
    field: str
    stored: Any
    again: Any


@dataclass(frozen=True)
class Recomputed:
    """What judging a closing again came to. `noted`: by what was noted with the closing; `lost`: rows known then and gone since."""

    run: Run
    noted: bool
    lost: int
    standings: int
    differences: list[Difference]

    @property
    def agrees(self) -> bool:
        return not self.differences and not self.lost


def closings_of(government: Government, occasion: str) -> list[Run]:
    """The runs that keep the closings of an occasion ('2022Q2'), one a cycle. 1 statement."""
    return [run for run in runs_of(government).filter(closes__isnull=False) if run.closes and run.closes.occasion == occasion]


def recompute(run: Run) -> Recomputed:
    """Judges a closing again. As many statements as a roll-up's reading, and 3."""
    recalled = recall(run)
    judged = {each.subject: each for each in judge(recalled.known)}
    stored = stored_at(run)
    return Recomputed(run, recalled.noted, recalled.lost, len(stored), [*_differences(stored, judged), *_of_run(run, recalled, stored)])


def results_of(run: Run, known: Known, stored: Mapping[str, Mapping[str, Any]]) -> str:
    """results.csv of what was stored, in the order of the inputs."""
    order = dict.fromkeys([*archive_files.subjects(known), *_in_order(stored)])
    return archive_files.results((stored[subject] for subject in order if subject in stored), run.as_of)


def fingerprint(run: Run, known: Known, stored: Mapping[str, Mapping[str, Any]]) -> str:
    """The SHA-256 of what was stored of a closing."""
    return hashlib.sha256(results_of(run, known, stored).encode()).hexdigest()


def stored_at(run: Run) -> dict[str, dict[str, Any]]:
    """The standings that a run sees, by subject, in the order of writing. 1 statement."""
    return {row["subject"]: dict(row) for row in Standing.objects.of(run.government_id).at(run.number).order_by("id").values()}


def _of_run(run: Run, recalled: Recalled, stored: Mapping[str, Mapping[str, Any]]) -> Iterator[Difference]:
    """What the run itself says, and what the audit trail says of it."""
    trail = _in_trail(run)
    if trail is not None:
        now = {"inputs": recalled.sha256, "results": fingerprint(run, recalled.known, stored)}
        yield from (Difference("trail", name, trail[name], value) for name, value in now.items() if trail[name] != value)
    if run.versions != recalled.known.versions():
        yield Difference("run", "versions", run.versions, recalled.known.versions())


def _in_trail(run: Run) -> dict[str, Any] | None:
    """What was recorded when the closing was taken; None for closings before that was done. 1 statement."""
    entries = AuditEntry.objects.of(run.government_id).filter(verb=CLOSED, subject=f"period:{run.closes_id}").order_by("-position")
    told = (json.loads(body)["facts"] for body in entries.values_list("body", flat=True))
    return next((facts for facts in told if facts["run"] == run.number), None)


def _differences(stored: Mapping[str, Mapping[str, Any]], judged: Mapping[str, Judged]) -> Iterator[Difference]:
    for subject in _in_order([*stored, *judged]):
        before, again = stored.get(subject), judged.get(subject)
        if before is None or again is None:
            yield Difference(subject, "standing", before and before["light"], again and again.light)
        elif not again.says_the_same_as(before):
            yield from _fields(before, again)


def _fields(before: Mapping[str, Any], again: Judged) -> Iterator[Difference]:
    for name in SHOWN:
        there, here = again.told(name, before[name]), again.told(name, getattr(again, name))
        if there == here:
            continue
        if name != "facts":
            yield Difference(again.subject, name, there, here)
            continue
        for key in sorted({*there, *here}):
            if there.get(key) != here.get(key):
                yield Difference(again.subject, f"facts.{key}", there.get(key), here.get(key))


def _in_order(subjects: Iterable[str]) -> list[str]:
    """Items, goals, plans, departments and the government, each by number, once."""
    kinds = ("item", "goal", "plan", "department", "government")

    def place(subject: str) -> tuple[int, int]:
        kind, _colon, key = subject.partition(":")
        return kinds.index(kind), int(key)

    return sorted(set(subjects), key=place)
