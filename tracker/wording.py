"""What a promise says, in a few words: 1500 家以上, 不超过 3%, 1—2 家, 建成通车; and the units in both languages.

Figures are in the target's own unit. The text's own words are kept where they are words of comparing.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from people.language import speaks_english
from tracker import formats
from tracker.models import Grade

UNITS = (
    gettext_noop("个"), gettext_noop("家"), gettext_noop("项"), gettext_noop("件"), gettext_noop("条"), gettext_noop("套"), gettext_noop("所"),
    gettext_noop("名"), gettext_noop("人"), gettext_noop("万人"), gettext_noop("万户"), gettext_noop("户"), gettext_noop("亿元"), gettext_noop("万元"),
    gettext_noop("亿斤"), gettext_noop("亿吨"), gettext_noop("万亩"), gettext_noop("公里"), gettext_noop("万平方米"), gettext_noop("分钟"), gettext_noop("小时"),
    gettext_noop("个工作日"), gettext_noop("天"), gettext_noop("次"), gettext_noop("分"), gettext_noop("百分点"),
)  # fmt: skip
MARKS = (gettext_noop("逾期未报"), gettext_noop("已达"), gettext_noop("起点"), gettext_noop("待比对值"), gettext_noop("预计"))
BEHIND = ("以上", "左右", "以内", "以下", "之内", "上下")
BEFORE = ("达到", "突破", "超过", "超", "不超过", "不低于", "保持", "稳定在", "年均", "≥", "≤", "力争")
CLOSE = ("%", "％", "‰")


def unit(name: str) -> str:
    """A unit in the page's language; one that no catalogue knows stays as it is."""
    return _(name) if name else ""


def with_unit(figure: str, name: str) -> str:
    """1500 家, 8%."""
    word = unit(name)
    return f"{figure}{word}" if not word or word in CLOSE else f"{figure} {word}"


def target(row: Mapping[str, Any]) -> str:
    """A target's words. `row` has comparator, value, value_high, unit, words and offset; a task's target has words alone."""
    value, words = row["value"], row["words"]
    if row["comparator"] == "relative":
        return _relative(row["offset"], row["unit"], words)
    if value is None:
        return _("完成") if speaks_english() or not words else words
    if row["value_high"] is not None:
        return with_unit(f"{formats.number(value)}{'–' if speaks_english() else '—'}{formats.number(row['value_high'])}", row["unit"])
    figure = with_unit(formats.number(value), row["unit"])
    return _compared(figure, row["comparator"], "" if speaks_english() else words)


def _relative(offset: Decimal | None, name: str, words: str) -> str:
    if words and not speaks_english():
        return words
    if not offset:
        return _("不低于参照值")
    return _("比参照值高 %(figure)s") % {"figure": with_unit(formats.number(offset), name)}


def _compared(figure: str, comparator: str, words: str) -> str:
    close = figure.endswith(CLOSE)
    if "…" in words:
        return words.replace("…", figure if close else f" {figure}")
    if words in BEHIND:
        return f"{figure}{words}"
    if words in BEFORE:
        return f"{words}{figure}" if len(words) == 1 else f"{words} {figure}"
    if comparator == "at_most":
        return _("不超过 %(figure)s") % {"figure": figure}
    if comparator == "about":
        return _("%(figure)s左右") % {"figure": figure}
    return _("至少 %(figure)s") % {"figure": figure} if speaks_english() and comparator == "at_least" else figure


def mark(word: str) -> str:
    """A mark of a standing in the page's language."""
    return _(word)


def due(on: dt.date | None, start: dt.date, end: dt.date) -> str:
    """The day by which, short: 12-31 in a plan of one year, 2025-12-31 in a longer one."""
    if on is None:
        return ""
    if start.year == end.year == on.year:
        return formats.short_day(on)
    return formats.full_day(on) if speaks_english() else f"{on.year}-{formats.short_day(on)}"


def reached(facts: Mapping[str, Any]) -> tuple[str, str]:
    """What is there: the figure and its unit; of a task the steps done of all. Empty where nothing was accepted."""
    if facts.get("steps") is not None:
        parts = facts["steps"]
        return (f"{sum(1 for step in parts if step.get('done'))}/{len(parts)}", _("步")) if parts else ("", "")
    return formats.number(facts.get("value")), unit(facts.get("unit") or "")


def judged(grade: str) -> str:
    """研判存疑, what a supervisor thinks beside the light; "" where nobody judged."""
    return _("研判%(grade)s") % {"grade": Grade(grade).label} if grade else ""
