"""What a draft leaves open: an item of a paper names little, and `whole` gives it the rest of the exported form.

Pure: bodies in, bodies out. `refusals` says what no row can hold.
"""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

DAY = dt.timedelta(days=1)
ITEM = {
    "accrual": "cumulative", "reading": "value", "average": None, "shares": None, "binding": None, "baseline": None, "unit": None, "lead": None,
    "basis": "assigned", "goal": (), "targets": (), "steps": (), "supporting": (),
}  # fmt: skip
TARGET = dict.fromkeys(("due", "comparator", "value", "value_high", "tolerance", "offset", "against", "better", "unit", "firm")) | {
    "role": "final",
    "words": "",
    "note": "",
}
UNPLACED = "未分类"


def whole(body: dict[str, Any]) -> dict[str, Any]:
    """The body with every field of the exported form; what it says itself stands."""
    return {**body, "items": [whole_item(item, body) for item in body["items"]]}


def whole_item(item: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """An item with every field: without goal under 未分类, its measure its own, reported by the lead in the plan's rhythm."""
    row = {**ITEM, "kind": "indicator", "profile": "at_end" if item.get("kind") == "task" else "linear", **item}
    before = (dt.date.fromisoformat(body["start"]) - DAY).isoformat()
    targets = [{**TARGET, "start": before, "unit": row["unit"], **target} for target in row["targets"]] or [{**TARGET, "start": before, "unit": row["unit"]}]
    measure = {"code": f"{body['code']}-{row['code']}"[:80], "cycle": body.get("cycle") or "quarter", "release_lag": 0, **(row.get("measure") or {})}
    source = {"document": body["document"]["title"], "locator": "", **(row.get("source") or {})}
    return {
        **row, "goal": list(row["goal"]) or [UNPLACED], "unit": row["unit"] or targets[-1]["unit"], "targets": targets,
        "steps": [{"due": None, "weight": "1", **step} for step in row["steps"]], "supporting": list(dict.fromkeys(row["supporting"])),
        "measure": {**measure, "reporter": measure.get("reporter") or row["lead"]}, "source": source,
    }  # fmt: skip


def refusals(body: dict[str, Any]) -> list[str]:
    """What no row can hold, a line each, with the item's code: codes twice, due before start, ranges upside down, negative weights."""
    codes = [item["code"] for item in body["items"]]
    lines = [f"{code}: the code stands {codes.count(code)} times" for code in dict.fromkeys(codes) if codes.count(code) > 1]
    for item in body["items"]:
        lines += [f"{item['code']}: {why}" for target in item["targets"] for why in _target(target)]
        lines += [f"{item['code']}: weight of step '{s['name']}' must be above 0" for s in item["steps"] if not _is_positive(s.get("weight") or "1")]
        if not _is_positive(item.get("weight") or "1"):
            lines.append(f"{item['code']}: weight must be above 0")
    return lines


def _target(target: dict[str, Any]) -> list[str]:
    lines = []
    if target["due"] and target["due"] <= target["start"]:
        lines.append(f"due {target['due']} must be after start {target['start']}")
    if target["value_high"] is not None and (
        target["comparator"] != "between" or target["value"] is None or Decimal(target["value_high"]) < Decimal(target["value"])
    ):
        lines.append("value_high stands only with between, and not below value")
    return lines


def _is_positive(text: Any) -> bool:
    try:
        return Decimal(text) > 0
    except InvalidOperation:
        return False
