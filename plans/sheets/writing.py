"""Tables → xlsx or csv. Text stays text whatever it begins with, numbers are numbers, dates are dates.

table = Table(_("事项"), (_("名称"), _("实际"), _("完成率")), [("5G 基站", Decimal(900), Share(Decimal("0.45")))])
write_xlsx([table])                                                                   # bytes
write_csv(table)                                                                      # bytes in UTF-8 with its mark
"""

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "宋体"
NARROWEST, WIDEST, SAMPLED = 6, 48, 500  # characters of half width; rows that a width is taken from
LEADS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # what a spreadsheet takes for the beginning of a formula
LONGEST = 32_767  # characters in a cell: Excel's limit
DIGITS = 15  # of a number in a spreadsheet
NAMELESS = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True)
class Share:
    """A value of which 1 is the whole, shown in per cent."""

    value: Decimal


Value = str | int | Decimal | Share | dt.date | None


@dataclass(frozen=True)
class Table:
    """One sheet: its name, the heads of its columns, its rows, and lines that stand above the heads."""

    name: Any
    heads: Sequence[Any]
    rows: Iterable[Sequence[Value]]
    notes: Sequence[Any] = ()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would reckon a text that is typed into it."""
    return text.startswith(LEADS) or text.lstrip(" \u3000\ufeff").startswith(LEADS)


def write_csv(table: Table) -> bytes:
    """The table in UTF-8 with its mark; a text that could be a formula stands behind an apostrophe, as spreadsheets write it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_plain(note)] for note in table.notes)
    writer.writerow([_plain(head) for head in table.heads])
    writer.writerows([_plain(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Share):
        return f"{(value.value * 100).normalize():f}%"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dt.date):
        return value.isoformat(" ", "minutes") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if is_formula(str(value)) else str(value)


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """The tables, a sheet each, with their heads frozen. At least one."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = _formats(book)
        names: set[str] = set()
        for table in tables:
            _sheet(book.add_worksheet(_name(str(table.name), names)), table, formats)
    return out.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    base = {"font_name": FONT, "font_size": 11, "valign": "top"}
    return {
        "text": book.add_format({**base, "text_wrap": True, "num_format": "@"}),
        "number": book.add_format(base),
        "share": book.add_format({**base, "num_format": "0.0%"}),
        "day": book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"}),
        "moment": book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "head": book.add_format({**base, "bold": True, "bottom": 2, "text_wrap": True}),
        "note": book.add_format(base),
    }


def _name(name: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it: 31 characters, some forbidden, each once."""
    kept = name.translate(NAMELESS).strip()[:31] or "Sheet"
    number = 2
    while kept.lower() in taken:
        kept = f"{kept[:27]}-{number}"
        number += 1
    taken.add(kept.lower())
    return kept


def _sheet(sheet: Worksheet, table: Table, formats: dict[str, Format]) -> None:
    for at, note in enumerate(table.notes):
        sheet.write_string(at, 0, str(note), formats["note"])
    top = len(table.notes)
    for column, head in enumerate(table.heads):
        sheet.write_string(top, column, str(head), formats["head"])
    widths = [_width(head) for head in table.heads]
    for at, row in enumerate(table.rows, top + 1):
        for column, value in enumerate(row):
            _cell(sheet, at, column, value, formats)
            if at - top <= SAMPLED and column < len(widths):
                widths[column] = max(widths[column], _width(_plain(value)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _width(text: Any) -> int:
    """The characters of half width that the longest line takes."""
    lines = str(text).split("\n")
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[: 2 * WIDEST]) for line in lines)


def _cell(sheet: Worksheet, row: int, column: int, value: Value, formats: dict[str, Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Share):
        sheet.write_number(row, column, float(value.value), formats["share"])
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), formats["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, Decimal | int) and len(Decimal(value).normalize().as_tuple().digits) <= DIGITS:
        sheet.write_number(row, column, float(value), formats["number"])
    else:
        sheet.write_string(row, column, str(value)[:LONGEST], formats["text"])
