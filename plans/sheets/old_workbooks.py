"""xls, and et of WPS where it is the same container: every sheet like those of xlsx.

By xlrd, since calamine does not tell formats, hidden columns and formulas apart.
"""

import io
import struct
from collections.abc import Iterator

import xlrd
from django.utils.translation import gettext as _
from xlrd import compdoc

from plans.sheets import limits
from plans.sheets.grids import BUILT_IN, EPOCH_1900, EPOCH_1904, Sparse, Style, put_number, refuse_many, style_of
from plans.sheets.packages import damaged
from plans.sheets.papers import Grid, Problem, Refused

FORMULA = {0x0006, 0x0206, 0x0406}  # the record of a cell that is reckoned, in the versions of the format
SHEET_STARTS, ENDS = {0x0809}, 0x000A
LOCKED = 0x002F  # the record FILEPASS


def entries(content: bytes) -> set[str]:
    """The names inside an OLE container. Raises: Refused where it is damaged."""
    try:
        return {entry.name for entry in compdoc.CompDoc(content, logfile=io.StringIO()).dirlist}
    except Exception as problem:  # the library fails in any way on a container that breaks off
        raise damaged() from problem


def read(content: bytes) -> tuple[list[Grid], list[Problem]]:
    """The sheets of a workbook, and the cells that could not be taken. Empty sheets are left out."""
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO())
        stream, starts = book.mem, list(book._sh_abs_posn)  # noqa: SLF001
        refuse_many(book.nsheets)
        styles = [style_of_xf(book, xf) for xf in book.xf_list]
        found = [_sheet(book, n, styles, set(formulas(stream, starts[n]))) for n in range(book.nsheets)]
    except Refused:
        raise
    except MemoryError:
        raise
    except Exception as problem:  # as above
        raise (locked() if "encrypted" in str(problem) else damaged()) from problem
    grids = [sheet.grid() for sheet in found]
    return [grid for grid in grids if grid.rows], [problem for sheet in found for problem in sheet.refused]


def locked() -> Refused:
    """What is said of a file with a password."""
    return Refused([Problem("", _("文件有密码保护。请先取消密码，再上传。"))])


def style_of_xf(book: xlrd.book.Book, xf: xlrd.formatting.XF) -> Style:
    """The style of a cell format."""
    known = book.format_map.get(xf.format_key)
    return BUILT_IN.get(xf.format_key) or (style_of(known.format_str) if known else Style())


def formulas(stream: bytes, start: int) -> Iterator[tuple[int, int]]:
    """(row, column) of each formula of the sheet whose records start here: the library gives only what a formula last came to."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        if record in SHEET_STARTS:
            depth += 1
        elif record == ENDS:
            depth -= 1
            if depth <= 0:
                return
        elif record in FORMULA and depth == 1 and length >= 4:
            yield struct.unpack_from("<HH", stream, at + 4)
        at += 4 + length


def _sheet(book: xlrd.book.Book, number: int, styles: list[Style], reckoned: set[tuple[int, int]]) -> Sparse:
    source = book.sheet_by_index(number)
    sheet = Sparse(source.name, hidden=bool(source.visibility))
    base = EPOCH_1904 if book.datemode else EPOCH_1900
    sheet.hidden_columns.update(column for column, info in source.colinfo_map.items() if info.hidden and column < limits.COLUMNS)
    sheet.hidden_rows.update(row for row, info in source.rowinfo_map.items() if info.hidden)
    sheet.merged += [(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells]
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            _cell(sheet, row, column, source.cell(row, column), styles, (row, column) in reckoned, base)
    book.unload_sheet(number)
    return sheet


def _cell(sheet: Sparse, row: int, column: int, cell: xlrd.sheet.Cell, styles: list[Style], reckoned: bool, base: object) -> None:
    kind, value = cell.ctype, cell.value
    if reckoned:
        sheet.formula(row, column, str(value) or "…")
    elif kind == xlrd.XL_CELL_TEXT:
        sheet.put(row, column, value, value)
    elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        style = styles[cell.xf_index] if cell.xf_index is not None and cell.xf_index < len(styles) else Style()
        put_number(sheet, row, column, value, style, base=base)  # type: ignore[arg-type]
    elif kind == xlrd.XL_CELL_BOOLEAN:
        sheet.put(row, column, "TRUE" if value else "FALSE", "TRUE" if value else "FALSE")
    elif kind == xlrd.XL_CELL_ERROR:
        sheet.refuse(row, column, xlrd.error_text_from_code.get(value, "#?"), _("这个单元格是错误值。"))
