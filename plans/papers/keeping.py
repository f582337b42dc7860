"""A paper that was opened, as JSON and back: it waits between the upload and the word of whoever checks it."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from plans.sheets.papers import Cell, Grid, Paper, Problem, Text, Value


def kept(paper: Paper) -> str:
    """The paper as JSON."""
    blocks = [_grid(block) if isinstance(block, Grid) else _text(block) for block in paper.blocks]
    return json.dumps({"name": paper.name, "kind": paper.kind, "blocks": blocks, "refused": [[p.address, p.why] for p in paper.refused]}, ensure_ascii=False)


def opened(text: str) -> Paper:
    """The paper from its JSON."""
    body = json.loads(text)
    blocks = [
        _grid_of(block) if "rows" in block else Text(block["text"], block["level"], block["numbering"], block["address"], block["heading"])
        for block in body["blocks"]
    ]
    return Paper(body["name"], body["kind"], blocks, [Problem(*pair) for pair in body["refused"]])


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "name": grid.name, "rows": [[_cell(cell) for cell in row] for row in grid.rows], "hidden_columns": sorted(grid.hidden_columns),
        "hidden_rows": sorted(grid.hidden_rows), "merged": grid.merged, "hidden": grid.hidden,
    }  # fmt: skip


def _cell(cell: Cell) -> list[Any]:
    value: Any = cell.value
    kind = "d" if isinstance(value, dt.date) else "n" if isinstance(value, Decimal) else "" if value is None else "s"
    return [cell.text, kind, str(value) if kind in ("d", "n") else "", int(cell.percent), cell.address, int(cell.merged), int(cell.formula)]


def _text(text: Text) -> dict[str, Any]:
    return {"text": text.text, "level": text.level, "numbering": text.numbering, "address": text.address, "heading": text.heading}


def _grid_of(body: dict[str, Any]) -> Grid:
    rows = [[_cell_of(cell) for cell in row] for row in body["rows"]]
    return Grid(body["name"], rows, set(body["hidden_columns"]), set(body["hidden_rows"]), [tuple(m) for m in body["merged"]], body["hidden"])  # type: ignore[misc]


def _cell_of(cell: list[Any]) -> Cell:
    text, kind, raw, percent, address, merged, formula = cell
    value: Value = dt.date.fromisoformat(raw) if kind == "d" else Decimal(raw) if kind == "n" else text if kind == "s" else None
    return Cell(text, value, bool(percent), address, bool(merged), bool(formula))
