"""The chart of an item and the table of the same numbers: actual against path, target, forecast. Pure: from its history and its facts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from people.language import speaks_english
from tracker import formats, wording
from tracker.history import Point
from tracker.models.standings import LAGGING


@dataclass(frozen=True)
class ChartRow:
    """One day of the chart: what the path expects, what was there. Figures as written."""

    day: dt.date
    label: str
    expected: str
    actual: str


@dataclass(frozen=True)
class Chart:
    """What the chart draws, as plain numbers and days, and the same as rows."""

    data: Mapping[str, Any]
    rows: Sequence[ChartRow]
    forecast: str
    label: str
    misses: bool


def chart_of(
    points: Sequence[Point], facts: Mapping[str, Any], *, title: str, unit: str, target: str, step: bool, held: bool, gap_in: str, better: str
) -> Chart | None:
    """None where there is nothing to draw: a task, an item without a single value or path."""
    if facts.get("steps") is not None or not any(p.value is not None or p.expected_value is not None for p in points):
        return None
    path = [(p.end, p.expected_value) for p in points if p.expected_value is not None]
    actual = [(p.end, p.value) for p in points if p.value is not None]
    start = _start(facts, path, held)
    first = [start] if start else []
    data = {
        "title": title, "unit": wording.unit(unit), "step": step,
        "path": _pairs([*first, *path]), "actual": _pairs(_with_start(first, actual) if actual and not held else actual),
        "target": _target(facts, target), "forecast": _forecast(facts, actual), "short": _short(points, facts, unit, gap_in, better),
        "words": _words(), "held": held, "ticks": _ticks(sorted({*(day for day, _value in first), *(p.end for p in points)})),
    }  # fmt: skip
    places = formats.places_of([value for _day, value in (*path, *actual)], most=2)
    return Chart(data, _rows(first, points, places), forecast_words(facts, unit), _label(title, unit, points), bool((facts.get("forecast") or {}).get("miss")))


def _words() -> dict[str, str]:
    """The words that the drawing needs, in the page's language."""
    return {"actual": _("实际"), "path": _("序时应达"), "target": _("目标"), "forecast": _("按近期趋势"), "owes": _("欠")}


def _start(facts: Mapping[str, Any], path: Sequence[tuple[dt.date, Decimal]], held: bool) -> tuple[dt.date, Decimal] | None:
    start, on = formats.exact(facts.get("start")), facts.get("start_on")
    if held or start is None or not on or not path or dt.date.fromisoformat(on) >= path[0][0]:
        return None
    return dt.date.fromisoformat(on), start


def _with_start(first: Sequence[tuple[dt.date, Decimal]], actual: Sequence[tuple[dt.date, Decimal]]) -> list[tuple[dt.date, Decimal]]:
    """The start in its place among the figures, which may go back beyond it; a figure of the same day stands for it."""
    days = {day for day, _value in actual}
    return sorted([*(pair for pair in first if pair[0] not in days), *actual])


def _target(facts: Mapping[str, Any], words: str) -> dict[str, Any] | None:
    value = formats.exact(facts.get("target"))
    return None if value is None else {"value": float(value), "due": facts["due"], "words": words}


def _forecast(facts: Mapping[str, Any], actual: Sequence[tuple[dt.date, Decimal]]) -> dict[str, Any] | None:
    """From the last value to the due date: the middle, and the range where there is one."""
    given = facts.get("forecast")
    if not given or not actual:
        return None
    day, value = actual[-1]
    numbers = {name: None if given.get(name) is None else float(given[name]) for name in ("value", "low", "high")}
    return {"from": [day.isoformat(), float(value)], "due": facts["due"], "miss": bool(given.get("miss")), **numbers}


def _short(points: Sequence[Point], facts: Mapping[str, Any], unit: str, gap_in: str, better: str) -> dict[str, Any] | None:
    """What the last value owes to its path, drawn from one to the other, where its light lags."""
    last = next((p for p in reversed(points) if p.value is not None), None)
    if last is None or last.expected_value is None or last.value is None or last.light_today not in LAGGING:
        return None
    owed = formats.number(abs(last.expected_value - last.value), formats.places_of([last.value, facts.get("target")], most=2))
    words = formats.gap_text(last.gap, gap_in, better) if formats.is_points(gap_in) else _("欠 %(figure)s") % {"figure": wording.with_unit(owed, unit)}
    return {"day": last.end.isoformat(), "actual": float(last.value), "expected": float(last.expected_value), "light": last.light_today, "words": words}


def _ticks(days: Sequence[dt.date]) -> list[list[str]]:
    """The days that the axis names: every one within a year, the ends of years in a longer span."""
    long = len(days) > 1 and (days[-1] - days[0]).days > 400
    if not long:
        return [[day.isoformat(), _end_of_month(day)] for day in days]
    ends = [day for day in days if day.month == 12 or day == days[-1]]
    return [[day.isoformat(), _("%(year)d 年末") % {"year": day.year} if day.month == 12 else formats.full_day(day)] for day in ends]


def _end_of_month(day: dt.date) -> str:
    if day.month == 12 and day.day == 31:
        return _("%(year)d 年末") % {"year": day.year}
    return formats.day(day) if speaks_english() else f"{day.month} 月末"


def forecast_words(facts: Mapping[str, Any], unit: str) -> str:
    """按近期趋势，到期约 1680 个（1620 至 1740）."""
    given = facts.get("forecast")
    if not given:
        return ""
    places = formats.places_of([facts.get("value"), facts.get("target")], most=2)
    low, high = formats.number(given.get("low"), places), formats.number(given.get("high"), places)
    if low and high:
        return _("%(low)s 至 %(high)s") % {"low": low, "high": wording.with_unit(high, unit)}
    return wording.with_unit(formats.number(given["value"], places), unit)


def _rows(first: Sequence[tuple[dt.date, Decimal]], points: Sequence[Point], places: int) -> list[ChartRow]:
    rows = [ChartRow(day, _("起点"), formats.number(value, places), formats.number(value, places)) for day, value in first]
    rows += [ChartRow(p.end, "", formats.number(p.expected_value, places), formats.number(p.value, places)) for p in points]
    return sorted(rows, key=lambda row: row.day)


def _label(title: str, unit: str, points: Sequence[Point]) -> str:
    """The chart in words, for those who do not see it."""
    said = [
        _("%(day)s 实际 %(value)s，应达 %(expected)s")
        % {"day": formats.full_day(p.end), "value": formats.number(p.value), "expected": formats.number(p.expected_value, 2)}
        for p in points
        if p.value is not None
    ]
    return _("%(title)s（%(unit)s）：%(said)s") % {"title": title, "unit": wording.unit(unit), "said": _("；").join(said) or _("还没有数")}


def _pairs(pairs: Sequence[tuple[dt.date, Decimal]]) -> list[list[Any]]:
    return [[day.isoformat(), float(value)] for day, value in pairs]
