"""Lists as files to keep: the table of `plans.sheets`, marked on the stage, and never kept on the way."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from plans import sheets

TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


def file_response(kind: str, name: str, title: Any, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as xlsx or csv; on the stage its first line says 演示数据."""
    table = sheets.Table(title, heads, rows, notes=(_("演示数据"),) if settings.STAGE else ())
    content = sheets.write_xlsx([table]) if kind == "xlsx" else sheets.write_csv(table)
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = disposition(f"{name}.{kind}")
    response["Cache-Control"] = "private, no-store"
    return response


def csv_response(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as csv."""
    return file_response("csv", name, name, heads, rows)


def disposition(name: str) -> str:
    """The header that names a file to keep; on the stage the name begins with 演示数据."""
    marked = f"{_('演示数据')}-{name}" if settings.STAGE else name
    return str(content_disposition_header(as_attachment=True, filename=marked))
