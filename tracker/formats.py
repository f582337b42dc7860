"""How figures, shares, gaps and days are written: the one place, for pages, mails and papers, in both languages.

Figures are Decimal, int, float, text or None; nothing is written as "". Shares are fractions (0.63); a gap is in its own
unit: percentage points of the way ("share", "node") or points of a rate ("points"). Nothing here returns HTML.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.language import speaks_english

MINUS = "−"
NOTHING = "–"  # a count of none
GROUP_FROM = 10_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Figure = Decimal | int | float | str | None


def exact(value: Figure) -> Decimal | None:
    """The figure as a Decimal; None where there is none."""
    if value is None or value == "":
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _rounded(value: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding)


def _written(value: Decimal) -> str:
    digits = f"{abs(value):,f}" if abs(value) >= GROUP_FROM else f"{abs(value):f}"
    return MINUS + digits if value < 0 else digits


@lru_cache(maxsize=8192)
def number(value: Figure, places: int | None = None) -> str:
    """1260, 7.6, 12,600, −0.4. Without `places` trailing zeros go; with it, rounded half up to that many decimals."""
    figure = exact(value)
    if figure is None:
        return ""
    if places is not None:
        rounded = _rounded(figure, places)
        return _written(rounded or abs(rounded))
    text = _written(figure)
    return text.rstrip("0").rstrip(".") if "." in text else text


def places_of(values: Iterable[Figure], most: int = 4) -> int:
    """The decimals that write every figure of a column in full, at most `most`."""
    figures = [figure for figure in map(exact, values) if figure is not None]
    return max([0, *(min(most, -int(figure.normalize().as_tuple().exponent)) for figure in figures)])


def column(values: Iterable[Figure], most: int = 4) -> list[str]:
    """The figures of one column, all with the same decimals."""
    figures = list(values)
    places = places_of(figures, most)
    return [number(figure, places) for figure in figures]


@lru_cache(maxsize=8192)
def signed(value: Figure, places: int = 1) -> str:
    """+12.0, −12.0, 0.0: a gap in a table. A gap that is not zero is never written as zero: it gets the decimals it needs, up to six."""
    figure = exact(value)
    if figure is None:
        return ""
    while figure and not _rounded(figure, places) and places < 6:
        places += 1
    return ("+" if _rounded(figure, places) > 0 else "") + number(figure, places)


@lru_cache(maxsize=8192)
def percent(share: Figure, places: int = 1) -> str:
    """63.0% of a share 0.63. What is short of the whole is never rounded up to 100%."""
    figure = exact(share)
    if figure is None:
        return ""
    hundredths = figure * 100
    short = hundredths < 100 <= _rounded(hundredths, places)
    return number(_rounded(hundredths, places, ROUND_DOWN) if short else hundredths, places) + "%"


def is_points(gap_in: str) -> bool:
    """Whether the gap is one of a rate, in points, and not one of the way."""
    return gap_in == "points"


def gap_unit(gap_in: str = "share") -> str:
    """百分点 of the way; 个点 of a rate."""
    return _("个点") if is_points(gap_in) else _("百分点")


def gap_pattern(gap: Figure, gap_in: str = "share", better: str = "up") -> tuple[str, str]:
    """The sentence of a gap, with {digits} and {unit} to be filled in, and its digits. "" without a gap.

    `better="down"` (CPI, energy): a rate on the wrong side is 高, not 低. On the path, or a rate that is met: one word alone.
    """
    figure = exact(gap)
    if figure is None:
        return "", ""
    if is_points(gap_in):
        if figure >= 0:
            return _("达到"), ""
        words = _("高 {digits}{unit}") if better == "down" else _("低 {digits}{unit}")
    elif not figure:
        return _("与序时持平"), ""
    else:
        words = _("欠 {digits}{unit}") if figure < 0 else _("超 {digits}{unit}")
    return words, signed(abs(figure)).lstrip("+")


def gap_text(gap: Figure, gap_in: str = "share", better: str = "up") -> str:
    """欠 12.0 百分点, 超 8.7 百分点, 低 1.3 个点, 达到."""
    words, digits = gap_pattern(gap, gap_in, better)
    return words.format(digits=digits, unit=f" {gap_unit(gap_in)}")


def day(date: dt.date | None) -> str:
    """9 月 30 日; 30 Sep."""
    if date is None:
        return ""
    return f"{date.day} {MONTHS[date.month - 1]}" if speaks_english() else f"{date.month} 月 {date.day} 日"


def full_day(date: dt.date | None) -> str:
    """2022 年 9 月 30 日; 30 Sep 2022."""
    if date is None:
        return ""
    return f"{day(date)} {date.year}" if speaks_english() else f"{date.year} 年 {day(date)}"


def short_day(date: dt.date | None) -> str:
    """9-30 for table cells; 30 Sep."""
    if date is None:
        return ""
    return day(date) if speaks_english() else f"{date.month}-{date.day:02d}"


def weekday(date: dt.date) -> str:
    """周一; Mon."""
    return (WEEKDAYS_EN if speaks_english() else WEEKDAYS)[date.weekday()]


def moment(at: dt.datetime | None, zone: str, short: bool = False) -> str:
    """An instant in a zone: 10 月 17 日 08:00, short 10-17 08:00; 17 Oct 08:00."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date()) if short else day(local.date())} {local:%H:%M}"


def instant(at: dt.datetime | None, zone: str) -> str:
    """An instant in a zone with its year: 2022 年 7 月 12 日 10:05; 12 Jul 2022 10:05."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    return f"{full_day(local.date())} {local:%H:%M}"


def deadline(at: dt.datetime | None, zone: str) -> str:
    """The day that a deadline belongs to: one that ends at 24:00 is named by its own day, an hour is said."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    if local.time() == dt.time(0):
        return day(local.date() - dt.timedelta(days=1))
    return f"{day(local.date())} {local:%H:%M}"


def days(n: int) -> str:
    """5 天; 5 days."""
    return ngettext("%(n)d 天", "%(n)d 天", n) % {"n": n}
