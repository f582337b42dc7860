"""Cells that a file holds, here and there → a grid without holes, merged ranges filled from their top left cell."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from plans.sheets import limits
from plans.sheets.papers import Cell, Grid, Problem, Refused, Value, address

Range = tuple[int, int, int, int]


@dataclass
class Sparse:
    """A sheet while it is read: its cells by (row, column), what is hidden and merged, and what could not be taken."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    hidden: bool = False
    refused: list[Problem] = field(default_factory=list)

    def put(self, row: int, column: int, text: str, value: Value, *, percent: bool = False) -> None:
        """Keeps one cell; an empty one is dropped, one too far out or too long refuses the file."""
        same = value is text
        text = tidy(text)
        if not text:
            return
        where = address(self.name, row, column)
        if row >= limits.ROWS or column >= limits.COLUMNS:
            raise Refused([Problem(where, _("内容超出上限：每张表最多 %(rows)s 行、%(columns)s 列。") % {"rows": limits.ROWS, "columns": limits.COLUMNS})])
        if len(text) > limits.CHARACTERS:
            raise Refused([Problem(where, _("单元格超过 %(n)s 个字。") % {"n": limits.CHARACTERS})])
        self.cells[row, column] = Cell(text, text if same else value, percent, where)

    def refuse(self, row: int, column: int, text: str, why: str, *, formula: bool = False) -> None:
        """Keeps a cell whose value is not taken, and says why."""
        self.put(row, column, text, None)
        kept = self.cells.get((row, column))
        if kept:
            self.cells[row, column] = replace(kept, formula=formula)
            self.refused.append(Problem(kept.address, why))

    def formula(self, row: int, column: int, words: str) -> None:
        """A formula: what it would give depends on who reckons it, so it is shown and not taken."""
        words = words[: limits.CHARACTERS - 1]
        self.refuse(row, column, f"={words.removeprefix('=')}", _("这个单元格是公式。请把它复制后选择性粘贴为数值，再导入。"), formula=True)

    def grid(self) -> Grid:
        """The cells in rows. Raises: Refused where so few cells lie so far apart that the rows would fill the memory."""
        height = 1 + max((row for row, _column in self.cells), default=-1)
        width = 1 + max((column for _row, column in self.cells), default=-1)
        if height * width > limits.CELLS:
            raise Refused([Problem(self.name, _("这张表有 %(n)s 个单元格，超过 %(most)s 个的上限。") % {"n": height * width, "most": limits.CELLS})])
        ranges = list(clipped(self.merged, height, width))
        for top, left, bottom, right in ranges:
            self._fill(top, left, bottom, right)
        rows = [[self.cells.get((row, column)) or Cell("", None, False, address(self.name, row, column)) for column in range(width)] for row in range(height)]
        hidden = {column for column in self.hidden_columns if column < width}
        return Grid(self.name, rows, hidden, {row for row in self.hidden_rows if row < height}, ranges, self.hidden)

    def _fill(self, top: int, left: int, bottom: int, right: int) -> None:
        first = self.cells.get((top, left))
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) == (top, left):
                    continue
                self.cells.pop((row, column), None)
                if first:
                    self.cells[row, column] = replace(first, address=address(self.name, row, column), merged=True)


def refuse_many(sheets: int) -> None:
    """Raises: Refused where a workbook has more sheets than are read."""
    if sheets > limits.SHEETS:
        raise Refused([Problem("", _("文件里的表超过 %(n)s 张。") % {"n": limits.SHEETS})])


def clipped(ranges: Iterable[Range], height: int, width: int) -> Iterable[Range]:
    """The part of each range that lies inside the rows; a range over a million empty cells costs nothing."""
    for top, left, bottom, right in ranges:
        bottom, right = min(bottom, height - 1), min(right, width - 1)
        if 0 <= top <= bottom and 0 <= left <= right and (top, left) != (bottom, right):
            yield top, left, bottom, right


ODD = re.compile(r"[\x00-\x08\x0b-\x1f]")


def tidy(text: str) -> str:
    """Without spaces around it, the full-width one and the one that does not break among them; line ends as one newline; no control characters."""
    if ODD.search(text):
        text = ODD.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n"))
    return text.strip(" \n\t\u3000\xa0\ufeff\u200b")


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros that say nothing: 1E+3 is 1000, 0.50 is 0.5."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def exact(value: float | str) -> Decimal:
    """What a spreadsheet shows of a binary number: 15 digits, so that 0.30000000000000004 is 0.3."""
    written = f"{float(value):.15g}"
    found = Decimal(written)
    return Decimal(plain(found)) if "e" in written and found.is_finite() else found


def put_number(sheet: Sparse, row: int, column: int, number: float | str, style: "Style", *, base: dt.datetime) -> None:
    """A number as its format shows it: a date, a share in per cent, or the number itself."""
    try:
        value = exact(number)
    except (ValueError, ArithmeticError, OverflowError):
        sheet.refuse(row, column, str(number), _("这个单元格不是有效的数字。"))
        return
    if not value.is_finite():
        sheet.refuse(row, column, str(number), _("这个单元格不是有效的数字。"))
    elif style.percent:
        sheet.put(row, column, f"{plain(value * 100)}%", value, percent=True)
    elif style.date:
        text, day = style.day(value, base)
        if text:
            sheet.put(row, column, text, day or text)
        else:
            sheet.refuse(row, column, plain(value), _("这个单元格的日期超出范围。"))
    else:
        sheet.put(row, column, plain(value), value)


@dataclass(frozen=True)
class Style:
    """What a number format says about a number."""

    percent: bool = False
    date: bool = False
    parts: str = ""  # which of y, m, d, h the format shows

    def day(self, value: Decimal, base: dt.datetime) -> tuple[str, dt.date | None]:
        """A date as it is shown, and the date; ("", None) out of range. Only what is shown counts: 2022年6月 is not its first day, and
        6月30日 keeps the year in which somebody typed it."""
        try:
            moment = base + dt.timedelta(days=float(value))
        except OverflowError:
            return "", None
        moment = (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        shown = {part: part in self.parts for part in "ymdh"}
        if not (shown["y"] and shown["d"]):
            words = (moment.year, "年", shown["y"]), (moment.month, "月", shown["m"]), (moment.day, "日", shown["d"])
            return "".join(f"{n}{word}" for n, word, on in words if on) or f"{moment:%H:%M}", None
        clock = f" {moment:%H:%M}" if shown["h"] and (moment.hour or moment.minute) else ""
        return f"{moment:%Y-%m-%d}{clock}", None if clock else moment.date()


EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's day has no zone
EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
BUILT_IN = {
    **dict.fromkeys((9, 10), Style(percent=True)),
    **dict.fromkeys((14, 15, 30, 31), Style(date=True, parts="ymd")),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), Style(date=True, parts="ym")),
    **dict.fromkeys((16, 28, 29, 51, 53, 54, 58), Style(date=True, parts="md")),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), Style(date=True, parts="h")),
    22: Style(date=True, parts="ymdh"),
}  # the formats that have a number and no text; 27 to 58 are the East Asian ones


def style_of(code: str) -> Style:
    """What a format's text says: quoted words, escaped characters, colours and conditions are no part of it."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code.split(";", maxsplit=1)[0]).lower()
    if "%" in bare:
        return Style(percent=True)
    if "general" in bare or re.search(r"[0#?]", bare):
        return Style()
    parts = "".join(letter for letter in "ymd" if letter in bare) + ("h" if "h" in bare or "s" in bare else "")
    if parts in ("mh", "h"):
        parts = "h"
    return Style(date=bool(parts), parts=parts)
