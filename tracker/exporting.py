"""Lists as CSV for spreadsheets: UTF-8 with its mark, and no text cell that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
Cell = str | int | Decimal | None


def safe(cell: Cell) -> str:
    """A cell as it is written: numbers as they are, text that could be a formula behind an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, int):
        return str(cell)
    return f"'{cell}" if cell.lstrip(" \u3000\ufeff").startswith(FORMULA) or cell.startswith(FORMULA) else cell


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as text; on the stage the first row says 演示数据."""
    out = io.StringIO()
    writer = csv.writer(out)
    if settings.STAGE:
        writer.writerow([_("演示数据")])
    writer.writerow([safe(head) for head in heads])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_response(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """The table as a file to keep."""
    response = HttpResponse("\ufeff" + csv_text(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(f"{name}.csv")
    return response


def disposition(name: str) -> str:
    """The header that names a file to keep; on the stage the name begins with 演示数据."""
    marked = f"{_('演示数据')}-{name}" if settings.STAGE else name
    return str(content_disposition_header(as_attachment=True, filename=marked))
