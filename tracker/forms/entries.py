"""The fields of a duty as a page posts them: every name ends with the duty's id, so that one form holds many rows.

`value-12` and `mode-12` (total, part) make the figure; `seen-12` marks what the page showed, so that a row nobody touched is
left alone; `version-12` is the report's as the person saw it, "" where there was none.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from people.access import Person
from tracker import plausible, reporting
from tracker.models import Duty, ProgressReport
from tracker.queries.owed import Clash, Owed
from tracker.turns import AlreadyMoved, Refused

NAMES = ("answer", "value", "benchmark", "data_state", "cut_off", "until_on", "source", "progress", "problem", "next_step", "reason", "basis")
BLANK = {"data_state": ProgressReport.DataState.VERIFIED, "answer": ProgressReport.Answer.VALUE}  # what a form posts for nothing
LONGEST_ID = 18  # digits
NOBODYS = -1  # the version of a report that the page did not know of


@dataclass
class Posted:
    """One row as posted."""

    fields: dict[str, Any]
    version: int
    seen: str
    confirmed: Mapping[str, str] = field(default_factory=dict)  # the doubts stood by, each with why

    @property
    def is_touched(self) -> bool:
        return mark(self.fields) != self.seen

    @property
    def is_blank(self) -> bool:
        return not any(_text(value) for name, value in self.fields.items() if name not in ("data_state", "answer", "cut_off", "mode"))


@dataclass
class Saved:
    """What became of a row that was to be saved."""

    report: ProgressReport | None = None
    clash: Clash | None = None
    moved: ProgressReport | None = None
    refused: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        return not (self.clash or self.moved or self.refused)


def posted(data: QueryDict, duty: int) -> Posted:
    """A row's fields as text; those that the form did not have are left out."""
    fields: dict[str, Any] = {name: data[f"{name}-{duty}"] for name in NAMES if f"{name}-{duty}" in data}
    if data.get(f"mode-{duty}") == "part" and fields.get("value", "").strip():
        fields["part"] = fields.pop("value")
    steps = {key.rpartition("-")[2]: data[key] for key in data if key.startswith(f"step-{duty}-") and str(data[key]).strip()}
    if f"steps-{duty}" in data:
        fields["steps"] = {number: on for step, on in steps.items() if (number := whole(step)) != NOBODYS}
    return Posted(fields, whole(data.get(f"version-{duty}", "")), data.get(f"seen-{duty}", ""), _confirmed(data, duty))


def _confirmed(data: QueryDict, duty: int) -> dict[str, str]:
    """The doubts that were ticked, or explained, with why."""
    reasons = {code: data.get(f"why-{duty}-{code}", "").strip() for code in plausible.CODES}
    ticked = set(data.getlist(f"ok-{duty}"))
    return {code: why for code, why in reasons.items() if code in ticked or why}


def whole(text: str) -> int:
    """An id or a version as posted; NOBODYS for anything that can be none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else NOBODYS


def mark(fields: Mapping[str, Any]) -> str:
    """A short mark of what fields hold, the same for what a page shows and what its form posts unchanged."""
    said = "\x1f".join(f"{name}={_text(fields[name])}" for name in sorted(fields))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def save(duty: Duty, before: ProgressReport | None, row: Posted, by: Person, at: dt.datetime) -> Saved:
    """Saves a row as a draft where it says anything new. Raises: NotYours; ValueError for a choice that is none."""
    if not row.is_touched or (before is None and row.is_blank):
        return Saved(before)
    try:
        report = reporting.draft(duty, by, at)
        version = row.version if before else (report.version if not report.version else NOBODYS)
        return Saved(reporting.save_draft(report, row.fields, by, at, version))
    except reporting.Overtaken as overtaken:
        return Saved(overtaken.theirs, clash=Clash(overtaken.theirs, {name: _text(value) for name, value in overtaken.mine.items()}))
    except AlreadyMoved as moved:
        return Saved(moved.report, moved=moved.report)
    except Refused as refused:
        return Saved(before, refused=[p.message for p in refused.problems])


def shown(one: Owed, names: tuple[str, ...]) -> dict[str, Any]:
    """What a form of these fields would post for a duty if nobody touched it."""
    report = one.report
    every = {
        "value": one.text, "benchmark": one.benchmark, "data_state": one.data_state, "answer": report.answer if report else BLANK["answer"],
        "cut_off": _typed(report, "cut_off") or (report.cut_off if report else one.duty.period.end).isoformat(),
        "until_on": _typed(report, "until_on") or (report.until_on.isoformat() if report and report.until_on else ""),
        "source": _typed(report, "source") or (report.source if report else ""),
        **{name: getattr(report, name) if report else "" for name in ("progress", "problem", "next_step", "reason", "basis")},
    }  # fmt: skip
    fields = {name: every[name] for name in names}
    if "value" in fields and one.mode == "part" and one.text:
        fields["part"] = fields.pop("value")
    return fields


def _typed(report: ProgressReport | None, name: str) -> str:
    return str(report.typed.get(name) or "") if report else ""


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}:{on}" for key, on in sorted(value.items()))
    return str(value or "").replace("\r\n", "\n").strip()
