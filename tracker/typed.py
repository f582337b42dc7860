"""What a person typed into a report, read: the columns that it gives, and the text that is no value yet.

Full-width digits and separators of thousands are read; anything else that is no number stays as it was typed, so that
nothing a person wrote is lost.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracker.models import ProgressReport
from tracker.turns import clean

TEXTS = ("progress", "problem", "next_step", "reason", "basis")
NUMBERS = ("value", "benchmark")
DAYS = ("cut_off", "until_on")
CHOICES = {"answer": ProgressReport.Answer, "data_state": ProgressReport.DataState}
FIELDS = frozenset({*TEXTS, *NUMBERS, *DAYS, *CHOICES, "source", "part", "steps"})
INTEGER_DIGITS, DECIMALS, SOURCE_LENGTH = 11, 4, 120

_NUMBER = re.compile(r"([+-]?) *([0-9]+|[0-9]{1,3}(?:[ ,][0-9]{3})+)(\.[0-9]+)?")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | dict.fromkeys((0x3000, 0xA0, 0x2009, 0x202F), " ") | {ord("−"): "-"}
MISSING = "—"  # kept where a date that every report has was left empty
_LONGEST = 1000  # what is longer is no number that anybody typed


@dataclass
class Read:
    """`columns` as they are to be stored; `typed`: field → text that is no value, '' to forget what was there; `steps` where given."""

    columns: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    steps: dict[int, dt.date] | None = None


def number(text: str) -> Decimal | None:
    """The number that a text is, e.g. '１，５００.5'; None where it is none: '10²' is not 102, and '1 2' is not 12."""
    found = _NUMBER.fullmatch(text.translate(_NARROW).strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    sign, integer, decimals = found.groups()
    return Decimal(sign + integer.replace(",", "").replace(" ", "") + (decimals or "")) or Decimal(0)  # never −0


def fits(value: Decimal) -> bool:
    """Whether a value can be stored as it is: at most 11 digits before the point and 4 behind it."""
    return abs(value) < Decimal(10) ** INTEGER_DIGITS and value == value.quantize(Decimal(1).scaleb(-DECIMALS))


def day(text: str) -> dt.date | None:
    """The date that a text is: 2022-09-30, 2022/9/30, 2022年9月30日; None where it is none."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", unicodedata.normalize("NFKC", text).strip())
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def read(fields: Mapping[str, Any]) -> Read:
    """Reads fields as a form, a sheet or another deed gives them: text, or values of the right type.

    `part` is this period's figure instead of the total; the caller turns it into one. Raises: ValueError for an unknown field.
    """
    if unknown := set(fields) - FIELDS:
        raise ValueError(f"no fields of a report: {', '.join(sorted(unknown))}")
    result = Read()
    for name in fields.keys() & set(TEXTS):
        result.columns[name] = _clean(fields[name])
    for name in fields.keys() & set(NUMBERS):
        _keep(result, name, fields[name], _stored_number(fields[name]))
    for name in fields.keys() & set(DAYS):
        _keep(result, name, fields[name], _stored_day(fields[name]))
    for name, choices in CHOICES.items():
        if name in fields:
            result.columns[name] = choices(fields[name])
    if "source" in fields:
        source = _clean(fields["source"])
        _keep(result, "source", source, source if len(source) <= SOURCE_LENGTH else None, empty="")
    if "steps" in fields:
        _read_steps(result, fields["steps"])
    if result.columns.get("cut_off", True) is None:
        del result.columns["cut_off"]  # a report always has one; what was typed says that this one is no date
        result.typed["cut_off"] = _clean(fields["cut_off"]) or MISSING
    return result


def _keep(result: Read, name: str, given: Any, value: Any, empty: Any = None) -> None:
    """Stores a value that could be read; else empties the column and keeps the text."""
    text = "" if given is None else _clean(given)
    result.columns[name] = empty if value is None else value
    result.typed[name] = "" if value is not None or not text else text


def _clean(given: Any) -> str:
    return clean(str(given or ""))


def _stored_number(given: Any) -> Decimal | None:
    value = given if isinstance(given, Decimal) else number(_clean("" if given is None else str(given)))
    return value if value is not None and value.is_finite() and fits(value) else None


def _stored_day(given: Any) -> dt.date | None:
    return given if isinstance(given, dt.date) else day(_clean(given))


def _read_steps(result: Read, given: Mapping[Any, Any]) -> None:
    days = {int(step): (_stored_day(on), _clean(on)) for step, on in given.items()}
    result.steps = {step: on for step, (on, _) in days.items() if on}
    result.typed["steps"] = {str(step): text for step, (on, text) in days.items() if on is None} or ""
