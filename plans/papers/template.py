"""Our own table: every field of the exported form in a column of its own, written and read back without loss."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from plans.papers.entries import Left, Refusal
from plans.papers.owners import Directory
from plans.papers.reading import Reading
from plans.papers.tables import Span, address_of
from plans.papers.words import even, squeeze
from plans.sheets.papers import Cell, Grid, Paper

HEADS = (
    "编号", "板块", "类型", "名称", "单位", "比较方式", "目标值", "目标上限", "完成时限", "牵头单位", "配合单位", "力度", "原文用语", "备注", "累计方式", "取值方式", "平均方式", "进度方式",
    "分期比例", "约束性", "基期日期", "基期值", "容差", "差值", "比较对象", "方向", "起算日", "年度分解", "节点", "指标编码", "填报单位", "报告周期", "发布滞后天数", "出处", "依据", "分解自", "合成方式",
)  # fmt: skip
NEEDED = ("编号", "名称", "完成时限", "牵头单位")
LEVELS, LIST, ROWS = " > ", "、", "\n"
KINDS = {"指标": "indicator", "任务": "task"}
COMPARATORS = {"不低于": "at_least", "不超过": "at_most", "左右": "about", "等于": "exactly", "区间": "between", "与参照相比": "relative"}
ACCRUALS = {"累计型": "cumulative", "水平型": "level", "保持型": "held"}
READINGS = {"当期值": "value", "增量": "increase", "增幅": "growth"}
AVERAGES = {"几何平均": "geometric", "算术平均": "arithmetic"}
PROFILES = {"按月均匀": "linear", "按分期比例": "shares", "到期一次": "at_end"}
FIRMS = {"确保": "ensure", "力争": "strive"}
BETTERS = {"越高越好": "up", "越低越好": "down"}
BINDING = {"约束性": True, "预期性": False}
CYCLES = {"每月": "month", "每季度": "quarter", "每半年": "half-year", "每年": "year"}
ADDINGS = {"相加": "sum", "加权平均": "weighted", "取最低": "minimum", "全部达到": "all"}
BASES = {"原文载明": "source", "督查室指定": "assigned"}


def _word(words: dict[str, Any], value: Any) -> str:
    return next((word for word, means in words.items() if means == value), value or "")


def rows_of(items: list[dict[str, Any]]) -> list[list[str]]:
    """The table's rows of exported items, a row each, all text."""
    return [_row(item) for item in items]


def _row(item: dict[str, Any]) -> list[str]:
    final = next((t for t in reversed(item["targets"]) if t["role"] == "final"), item["targets"][-1])
    interim = [t for t in item["targets"] if t is not final]
    base = item["baseline"] or {}
    return [
        item["code"], LEVELS.join(item["goal"]), _word(KINDS, item["kind"]), item["name"], final["unit"] or "", _word(COMPARATORS, final["comparator"]), final["value"] or "", final["value_high"] or "",
        final["due"] or "", item["lead"] or "", LIST.join(item["supporting"]), _word(FIRMS, final["firm"]), final["words"], final["note"], _word(ACCRUALS, item["accrual"]),
        _word(READINGS, item["reading"]), _word(AVERAGES, item["average"]), _word(PROFILES, item["profile"]), "/".join(item["shares"] or []),
        {True: "约束性", False: "预期性"}.get(item["binding"], ""), base.get("date", ""), base.get("value") or "", final["tolerance"] or "", final["offset"] or "", final["against"] or "",
        _word(BETTERS, final["better"]), final["start"], ROWS.join(_interim(t) for t in interim),
        ROWS.join(f"{s['name']}@{s['due'] or ''}×{s['weight']}" for s in item["steps"]), item["measure"]["code"], item["measure"]["reporter"] or "", _word(CYCLES, item["measure"]["cycle"]),
        str(item["measure"]["release_lag"]), item["source"]["locator"], _word(BASES, item["basis"]), item.get("part_of", ""), _word(ADDINGS, item.get("adding")),
    ]  # fmt: skip


def _interim(target: dict[str, Any]) -> str:
    high = f"~{target['value_high']}" if target["value_high"] else ""
    return (
        f"{target['due'] or ''}={target['value'] or ''}{high}|{_word(COMPARATORS, target['comparator'])}|{target['words']}|{target['note']}|{target['start']}"
    )


def is_template(paper: Paper) -> bool:
    """Whether a paper is our own table, in any order of its columns."""
    return any(_header(grid) is not None for grid in paper.grids)


def _header(grid: Grid) -> int | None:
    for n, row in enumerate(grid.rows[:10]):
        heads = {squeeze(cell.text) for cell in row}
        if set(NEEDED) <= heads and len(heads & set(HEADS)) >= 12:
            return n
    return None


class _Row:
    """One row by heads; what is wrong with a cell is refused at its address."""

    def __init__(self, cells: dict[str, Cell], refused: list[Refusal]) -> None:
        self.cells, self.refused = cells, refused

    def text(self, head: str) -> str:
        cell = self.cells.get(head)
        if cell is None or not cell.text:
            return ""
        if cell.formula:
            self.refuse(head, "formula")
            return ""
        return cell.text.strip()

    def refuse(self, head: str, why: str) -> None:
        self.refused.append(Refusal(self.cells[head].address, why))

    def word(self, head: str, words: dict[str, Any], default: Any) -> Any:
        text = squeeze(self.text(head))
        if not text:
            return default
        if text in words:
            return words[text]
        if text in words.values():
            return text
        self.refuse(head, "no_word")
        return default

    def number(self, head: str) -> str | None:
        text = even(self.text(head))
        return self._kept(head, text, _number, "no_number")

    def day(self, head: str) -> str | None:
        cell = self.cells.get(head)
        if cell and isinstance(cell.value, dt.date):
            return cell.value.isoformat()
        return self._kept(head, even(self.text(head)).replace("/", "-"), _day, "no_day")

    def _kept(self, head: str, text: str, parse: Callable[[str], str], why: str) -> str | None:
        if not text:
            return None
        try:
            return parse(text)
        except (ValueError, InvalidOperation):
            self.refuse(head, why)
            return None


def _number(text: str) -> str:
    value = Decimal(text)
    if not value.is_finite():
        raise InvalidOperation
    return f"{value.normalize():f}" if value else "0"


def _day(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


def read_template(paper: Paper, directory: Directory, span: Span, *, plan: str, document: str) -> Reading:
    """The items of our own table. Codes stand once; a lead must be known, or the item says that it is not."""
    reading = Reading()
    for grid in paper.grids:
        top = _header(grid)
        if top is None:
            continue
        heads = [squeeze(cell.text) for cell in grid.rows[top]]
        for n in range(top + 1, len(grid.rows)):
            cells = {head: cell for head, cell in zip(heads, grid.rows[n], strict=True) if head in HEADS}
            where = address_of(grid.rows[n], grid.name)
            if not any(cell.text for cell in cells.values()):
                continue
            if not cells["名称"].text:
                reading.left.append(Left(where, " ".join(c.text for c in cells.values() if c.text)[:200], "blank"))
                continue
            reading.items.append(_item(_Row(cells, reading.refused), where, directory, span, plan, document))
    _once(reading)
    return reading


def _once(reading: Reading) -> None:
    seen: set[str] = set()
    for item in reading.items:
        if item["code"] in seen:
            reading.refused.append(Refusal(item["row"], "code_twice"))
        seen.add(item["code"])


def _item(row: _Row, where: str, directory: Directory, span: Span, plan: str, document: str) -> dict[str, Any]:
    lead, supporting, why = _owners(row, directory)
    code = row.text("编号") or where.rpartition("!")[2]
    kind = row.word("类型", KINDS, "indicator" if row.text("目标值") or row.text("比较方式") else "task")
    final = _final(row, span)
    base = row.day("基期日期")
    lag = row.number("发布滞后天数") or "0"
    reporter = row.text("填报单位")
    shared = {name: said for name, said in (("adding", row.word("合成方式", ADDINGS, None)), ("part_of", row.text("分解自"))) if said}
    return {
        "code": code, "kind": kind, "goal": [part.strip() for part in row.text("板块").split(LEVELS.strip()) if part.strip()] or ["目标任务"], "name": row.text("名称")[:120],
        "unit": final["unit"], "accrual": row.word("累计方式", ACCRUALS, "cumulative"), "reading": row.word("取值方式", READINGS, "value"),
        "average": row.word("平均方式", AVERAGES, None), "profile": row.word("进度方式", PROFILES, "linear"), "shares": [s for s in row.text("分期比例").split("/") if s] or None,
        "binding": row.word("约束性", BINDING, None), "baseline": {"date": base, "value": row.number("基期值")} if base else None,
        "targets": [*_interims(row, final, span), final], "steps": _steps(row),
        "measure": {"code": row.text("指标编码") or f"{plan}:{code}", "reporter": (directory.find(reporter).name if reporter else lead) or lead,
                    "cycle": row.word("报告周期", CYCLES, "quarter"), "release_lag": int(Decimal(lag))},
        "source": {"document": document, "locator": row.text("出处") or where}, "lead": lead, "supporting": supporting,
        "basis": row.word("依据", BASES, "source" if lead else "assigned"), "row": where, "uncertain": sorted(why), "why": why, "text": row.text("名称"), "leaders": [], **shared,
    }  # fmt: skip


def _owners(row: _Row, directory: Directory) -> tuple[str, list[str], dict[str, str]]:
    why: dict[str, str] = {}
    found = directory.find(row.text("牵头单位")) if row.text("牵头单位") else None
    if found is None:
        why["lead"] = "none"
    elif found.why:
        why["lead"] = found.why
    supporting = []
    for word in re.split(r"[、，,\n]", row.text("配合单位")):
        if word.strip():
            match = directory.find(word.strip())
            supporting.append(match.name)
            if match.why:
                why["supporting"] = match.why
    return (found.name if found else ""), supporting, why


def _final(row: _Row, span: Span) -> dict[str, Any]:
    value, high = row.number("目标值"), row.number("目标上限")
    due = row.day("完成时限")
    if due and due < span.first.isoformat():
        row.refuse("完成时限", "due_before_start")
    base = row.number("基期值")
    comparator = row.word("比较方式", COMPARATORS, "at_least" if value else None)
    if (
        base
        and value
        and comparator == "at_least"
        and row.word("累计方式", ACCRUALS, "") == "level"
        and row.word("取值方式", READINGS, "value") == "value"
        and Decimal(value) < Decimal(base)
    ):
        row.refuse("目标值", "below_baseline")
    return {
        "role": "final", "start": row.day("起算日") or (span.first - dt.timedelta(days=1)).isoformat(), "due": due, "comparator": comparator, "value": value, "value_high": high,
        "tolerance": row.number("容差"), "offset": row.number("差值") or ("0" if comparator == "relative" else None), "against": row.text("比较对象") or None,
        "better": row.word("方向", BETTERS, None), "unit": row.text("单位")[:20] or None, "words": row.text("原文用语")[:40], "firm": row.word("力度", FIRMS, None), "note": row.text("备注")[:300],
    }  # fmt: skip


def _interims(row: _Row, final: dict[str, Any], span: Span) -> list[dict[str, Any]]:
    made = []
    for line in row.text("年度分解").split(ROWS):
        if not line.strip():
            continue
        try:
            day, _, rest = line.strip().partition("=")
            parts = [*rest.split("|"), "", "", "", ""]
            low, _, high = parts[0].partition("~")
            made.append({**final, "role": "interim", "due": _day(day), "value": _number(even(low)), "value_high": _number(even(high)) if high else None,
                         "comparator": COMPARATORS.get(parts[1], final["comparator"]), "words": parts[2], "note": parts[3], "start": parts[4] or final["start"]})  # fmt: skip
        except (ValueError, InvalidOperation):
            row.refuse("年度分解", "no_interim")
    return made


def _steps(row: _Row) -> list[dict[str, Any]]:
    made = []
    for line in row.text("节点").split(ROWS):
        if not line.strip():
            continue
        name, _, rest = line.strip().rpartition("@")
        day, _, weight = rest.partition("×")
        try:
            made.append({"name": name, "due": _day(day) if day else None, "weight": _number(weight or "1")})
        except (ValueError, InvalidOperation):
            row.refuse("节点", "no_step")
        else:
            if not name or Decimal(weight or "1") <= 0:
                row.refuse("节点", "no_step")
    return made
