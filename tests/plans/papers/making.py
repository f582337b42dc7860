"""Papers as the opener hands them over, built from plain rows; and the directory that they are read against."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from plans.papers.owners import Department, Directory
from plans.papers.tables import Span
from plans.sheets.papers import Cell, Grid, Paper, Text, address

YEAR = 2023
SPAN = Span(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))
Given = str | int | Decimal | dt.date | None
PERCENT = "%%"  # "8%%": a number with a per-cent format
LEFT, UP = "<", "^"  # a cell that is merged with the one beside or above


def directory() -> Directory:
    """The departments of the shipped city."""
    rows = json.loads((settings.BASE_DIR / "fixtures" / "departments.json").read_text(encoding="utf-8"))["departments"]
    return Directory([Department(r["name"], r["short"], tuple(r["former"]), r["kind"] in ("county", "zone")) for r in rows], "驻马店市")


def _cell(given: Given, where: str) -> Cell:
    if isinstance(given, str) and given.endswith(PERCENT):
        return Cell(given[:-1], Decimal(given[:-2]) / 100, True, where)
    if isinstance(given, int | Decimal):
        return Cell(str(given), Decimal(given), False, where)
    if isinstance(given, dt.date):
        return Cell(given.isoformat(), given, False, where)
    return Cell(given or "", given or None, False, where)


def grid(name: str, rows: Sequence[Sequence[Given]], hidden: set[int] | None = None, *, kept: bool = False) -> Grid:
    """A grid of equal rows. LEFT and UP are merged cells, filled like the opener fills them."""
    width = max(len(row) for row in rows)
    made: list[list[Cell]] = []
    for n, row in enumerate(rows):
        line: list[Cell] = []
        for column in range(width):
            given = row[column] if column < len(row) else None
            where = address(name, n, column)
            if given in (LEFT, UP):
                first = line[-1] if given == LEFT else made[-1][column]
                line.append(Cell(first.text, first.value, first.percent, where, merged=True))
            else:
                line.append(_cell(given, where))
        made.append(line)
    return Grid(name, made, hidden or set(), set(), [])


def texts(lines: str, start: int = 1) -> list[Text]:
    """A paragraph a line; lines that begin with # are headings of a style."""
    found = []
    for n, line in enumerate((x for x in lines.strip("\n").splitlines() if x.strip()), start=start):
        heading = line.startswith("#")
        found.append(Text(line.lstrip("# ").strip(), 1 if heading else None, "", f"第{n}段", heading))
    return found


def paper(*blocks: Grid | list[Text], name: str = "2023年责任分解.xlsx") -> Paper:
    flat: list[Grid | Text] = []
    for block in blocks:
        flat += block if isinstance(block, list) else [block]
    return Paper(name, name.rpartition(".")[2], flat)
