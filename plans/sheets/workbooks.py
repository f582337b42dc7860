"""xlsx: every sheet in the order of its tabs, cells with their formats, what is hidden and merged.

Read here and not by a library: calamine gives neither formats nor hidden columns, and openpyxl fills the memory.
"""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from plans.sheets import limits
from plans.sheets.grids import BUILT_IN, EPOCH_1900, EPOCH_1904, Range, Sparse, Style, put_number, refuse_many, style_of
from plans.sheets.packages import Element, Package, attribute, child, children, damaged, local
from plans.sheets.papers import Grid, Problem

SHEET = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class _Book:
    package: Package
    base: dt.datetime
    strings: list[str] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)


def read(package: Package, part: str) -> tuple[list[Grid], list[Problem]]:
    """The sheets of a workbook, and the cells that could not be taken. Empty sheets are left out."""
    root, targets = package.parse(part), package.targets(part)
    properties = child(root, "workbookPr")
    in_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    book = _Book(package, EPOCH_1904 if in_1904 else EPOCH_1900)
    for target in targets.values():
        if target.endswith("sharedStrings.xml") and target in package.names:
            book.strings = _strings(package, target)
        elif target.endswith("styles.xml") and target in package.names:
            book.styles = _styles(package.parse(target))
    grids, refused = [], []
    listed = list(children(child(root, "sheets"), "sheet"))
    refuse_many(len(listed))
    for sheet in listed:
        target = targets.get(attribute(sheet, "id") or "", "")
        if "chartsheets/" in target or "dialogsheets/" in target:
            continue
        if target not in package.names:
            raise damaged()
        found = Sparse(sheet.get("name", ""), hidden=sheet.get("state", "visible") != "visible")
        _sheet(book, target, found)
        grids.append(found.grid())
        refused += found.refused
    return [grid for grid in grids if grid.rows], refused


def _strings(package: Package, part: str) -> list[str]:
    found = []
    for _event, element in package.walk(part):
        if local(element) == "si":
            found.append(_words(element))
            element.clear()
    return found


def _words(element: Element) -> str:
    """The text of a string, its runs joined, without the reading aid that may hang beside it."""
    own = [run for run in element if local(run) in ("t", "r")]
    texts = [part for run in own for part in ([run] if local(run) == "t" else children(run, "t"))]
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(text.text or "" for text in texts))


def _styles(root: Element) -> list[Style]:
    """The style of each cell format, by its position."""
    codes = {int(fmt.get("numFmtId", 0)): fmt.get("formatCode", "") for fmt in children(child(root, "numFmts"), "numFmt")}
    numbers = [int(xf.get("numFmtId", 0)) for xf in children(child(root, "cellXfs"), "xf")]
    return [style_of(codes[number]) if number in codes else BUILT_IN.get(number, Style()) for number in numbers]


def _sheet(book: _Book, part: str, sheet: Sparse) -> None:
    row = -1
    for event, element in book.package.walk(part, events=("start", "end")):
        name = local(element)
        if event == "start":
            if name == "row":
                row = _number(element.get("r"), row + 2) - 1
                column = -1
                if element.get("hidden") in ("1", "true"):
                    sheet.hidden_rows.add(row)
            continue
        if name == "c":
            where = _place(element.get("r")) or (row, column + 1)
            column = where[1]
            _cell(book, sheet, *where, element)
            element.clear()
        elif name == "row":
            element.clear()
        elif name == "col" and element.get("hidden") in ("1", "true"):
            last = min(_number(element.get("max"), 0), limits.COLUMNS)
            sheet.hidden_columns.update(range(_number(element.get("min"), 1) - 1, last))
        elif name == "mergeCell" and (found := _range(element.get("ref", ""))):
            sheet.merged.append(found)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _place(reference: str | None) -> tuple[int, int] | None:
    """(row, column) of "B7", counted from 0."""
    found = SHEET.match(reference or "")
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _range(reference: str) -> Range | None:
    first, _colon, last = reference.partition(":")
    top, bottom = _place(first), _place(last or first)
    return (*top, *bottom) if top and bottom else None


def _cell(book: _Book, sheet: Sparse, row: int, column: int, element: Element) -> None:
    kind, held = element.get("t", "n"), child(element, "v")
    text = (held.text or "") if held is not None else ""
    formula = child(element, "f")
    if formula is not None:
        sheet.formula(row, column, formula.text or text or "…")
    elif kind == "inlineStr":
        inline = child(element, "is")
        words = "" if inline is None else _words(inline)
        sheet.put(row, column, words, words)
    elif kind == "s" and text:
        if not text.isdigit() or int(text) >= len(book.strings):
            raise damaged()
        sheet.put(row, column, book.strings[int(text)], book.strings[int(text)])
    elif kind == "e" and text:
        sheet.refuse(row, column, text, _("这个单元格是错误值。"))
    elif kind == "b" and text:
        sheet.put(row, column, "TRUE" if text == "1" else "FALSE", "TRUE" if text == "1" else "FALSE")
    elif kind in ("str", "d"):
        sheet.put(row, column, text, text)
    elif text:
        index = _number(element.get("s"), 0)
        put_number(sheet, row, column, text, book.styles[index] if index < len(book.styles) else Style(), base=book.base)
