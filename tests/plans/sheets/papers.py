"""Papers made by other programs' libraries, for the tests of what opens them."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import xlsxwriter
import xlwt
from docx.document import Document

Sheet = list[list[Any]]


def xlsx(rows: Sheet, also: Callable[[xlsxwriter.Workbook, Any], None] | None = None) -> bytes:
    """A workbook with one sheet 分工; `also` may add to it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("分工")
        day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
        if also:
            also(book, sheet)
    return out.getvalue()


def xls(rows: Sheet, also: Callable[[Any], None] | None = None) -> bytes:
    """The same in the old format."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("分工")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, dt.date):
                sheet.write(row, column, value, day)
            elif value is not None:
                sheet.write(row, column, value)
    if also:
        also(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(write: Callable[[Document], None]) -> bytes:
    """A docx that `write` fills."""
    paper = docx.Document()
    write(paper)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def edited(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip with one part changed, or added where it is not there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return out.getvalue()
