"""An entry → items in the exported form, each field that was guessed or left open named under "uncertain" with its reason."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from plans.papers import naming
from plans.papers.due import Due
from plans.papers.entries import Entry, Part
from plans.papers.figures import Figure
from plans.papers.kinds import Kind, kind_of
from plans.papers.promises import Promise, promises
from plans.papers.tables import Span

GROWTH_OF_OUTPUT = re.compile(r"^(?:全市|全县|全区)?(?:地区)?(?:生产总值|GDP)(?:增长|增速|年均增长)?$")
MEANS_OUTPUT = re.compile(r"经济|GDP|生产总值")
LARGEST = Decimal(10) ** 11
RATES = ("%", "‰", "百分点")


def items_of(entry: Entry, span: Span, *, plan: str, document: str, cycle: str, fallback: str) -> list[dict[str, Any]]:
    """The items of one row or line. Raises: due.NoDay where its wording names a day that is none."""
    made = [_item(one, entry, span, document, cycle, fallback) for one in _promises(entry, span)]
    if entry.parts:
        made += _shared_out(entry, made, span, document, cycle, fallback)
    for item in made:
        item["_entry"] = id(entry)
    return made


def _shared_out(entry: Entry, made: list[dict[str, Any]], span: Span, document: str, cycle: str, fallback: str) -> list[dict[str, Any]]:
    """The counties' shares of a row, parts of the row's own promise; a row that gives no figure of the whole gets one, which is uncertain."""
    unit = entry.parts[0].figure.unit
    whole = next((item for item in made if item["kind"] == "indicator" and item["unit"] in (unit, None)), None)
    added = [] if whole else [_whole(entry, span, document, cycle, fallback)]
    whole = whole or added[0]
    parts = [_county(entry, part.department, part.figure, whole, span, document, cycle, fallback) for part in entry.parts]
    whole["adding"], doubt = _adding(whole["targets"][-1]["value"], entry.parts)
    if doubt:
        whole["why"]["adding"] = doubt
        whole["uncertain"] = sorted(whole["why"])
    for part in parts:
        part["_whole"] = id(whole)
    return added + parts


def _whole(entry: Entry, span: Span, document: str, cycle: str, fallback: str) -> dict[str, Any]:
    """What a row promises of which it names the counties' figures alone: amounts are added up, and a rate is left open."""
    figures = [part.figure for part in entry.parts]
    name = naming.shortened(_without_unit(entry.name or entry.text))[0]
    total = replace(figures[0], value=sum((one.value for one in figures), Decimal(0)), high=None)
    is_rate = total.unit in RATES
    doubts = {"value": "none" if is_rate else "summed", **({} if total.unit else {"unit": "none"})}
    item = _item(Promise(name, entry.text, total, due=entry.due, kind=kind_of(name, total), uncertain=doubts), entry, span, document, cycle, fallback)
    if is_rate:
        item["targets"][-1]["value"] = None
    return item


def _without_unit(name: str) -> str:
    """The name of a row without its limit and without the unit in brackets."""
    return re.sub(r"（(?:%|[^（）]{1,8})）$", "", naming.clean(naming.without_limits(name)))


def _adding(value: str | None, parts: list[Part]) -> tuple[str, str]:
    """How the parts make the whole, and why that is uncertain: amounts add up; a rate that all have alike is to be reached by all."""
    if parts[0].figure.unit not in RATES:
        return "sum", ""
    alike = {_plain(part.figure.value) for part in parts} == {value}
    return "all", "" if alike else "guessed"


def _promises(entry: Entry, span: Span) -> list[Promise]:
    """The promises of a row: of its wording, or of its name and its figure."""
    found = promises(entry.text, span.first, span.last)
    if entry.figure:
        found = _with_figure(entry, entry.figure, found)
    elif entry.words:
        found = _with_words(entry, span, found)
    elif entry.parts and not any(one.indicator for one in found):
        return []
    elif entry.name:
        found = _named(entry, found)
    if entry.invested and found:
        name = f"{naming.subject(entry.name or found[0].name)}完成投资"
        found = [*found, Promise(naming.shortened(name)[0], entry.text, entry.invested, kind=Kind("cumulative"), uncertain={"name": "column"})]
    if not found:
        found = [Promise(naming.shortened(entry.name or entry.text)[0] or entry.row, entry.text, uncertain={"name": "none"})]
    if entry.baseline is not None and len(found) == 1:
        found = [replace(found[0], baseline=entry.baseline)]
    return found


def _with_figure(entry: Entry, figure: Figure, found: list[Promise]) -> list[Promise]:
    """The row has a column for its figure: the wording is the name, and must not say another figure."""
    same = [one for one in found if one.figure and one.figure.value == figure.value]
    if same and len(found) == 1:
        unit = figure.unit or same[0].figure.unit  # type: ignore[union-attr]
        return [replace(same[0], figure=replace(same[0].figure, unit=unit), uncertain={k: v for k, v in same[0].uncertain.items() if k != "unit" or not unit})]  # type: ignore[type-var]
    name = naming.clean(naming.without_limits(entry.name or entry.text))
    name = naming.shortened(re.sub(r"（(?:%|[^（）]{1,6})）$", "", name))[0]
    kind = kind_of(name, figure)
    doubts = {"accrual": "guessed"} if kind.guessed else {}
    if not figure.unit:
        doubts["unit"] = "none"
    elif not figure.sure:
        doubts["comparator"] = "bare"
    if any(one.figure for one in found):
        doubts["value"] = "two"
    first = found[0] if found else None
    return [
        Promise(name, entry.text, figure, firm=naming.firmness(entry.text), due=first.due if first else None, kind=kind, better=figure.better, uncertain=doubts)
    ]


def _with_words(entry: Entry, span: Span, found: list[Promise]) -> list[Promise]:
    """The value's cell holds words: 与经济增长同步, 完成省定目标."""
    name = naming.clean(naming.without_limits(entry.name or entry.text))
    read = promises(f"{name}{entry.words}", span.first, span.last)
    if len(read) == 1 and read[0].indicator:
        return [replace(read[0], name=name[: naming.LONGEST])]
    return [replace(one, uncertain={**one.uncertain, "value": "words"}) for one in found]


def _named(entry: Entry, found: list[Promise]) -> list[Promise]:
    """A column of names beside the wording: it names the one task of the row, and figures that have no subject of their own."""
    if not any(one.indicator for one in found):
        due = max((one.due for one in found if one.due), key=lambda one: one.on, default=None)
        steps = [step for one in found for step in one.steps] or [(one.name, one.due) for one in found if one.due and len(found) > 1]
        firm = next((one.firm for one in found if one.firm), None)
        doubts = {"due": "words"} if any("due" in one.uncertain for one in found) else {}
        return [Promise(naming.shortened(entry.name)[0], entry.text, firm=firm, due=due, kind=Kind("cumulative"), steps=tuple(steps), uncertain=doubts)]  # type: ignore[arg-type]
    return [replace(one, name=naming.shortened(entry.name + one.name)[0]) if naming.GENERIC.match(one.name) or not one.name else one for one in found]


def _item(one: Promise, entry: Entry, span: Span, document: str, cycle: str, fallback: str) -> dict[str, Any]:
    limit = _limit(one, entry)
    why = {**entry.owners.uncertain, **entry.uncertain, **one.uncertain}
    if not entry.owners.lead:
        why["lead"] = "none"
    if limit and limit.on < span.first:
        why["due"], limit = "before_start", None
    elif limit and limit.on > span.last:
        why.setdefault("due", "after_end")
    due = limit.on if limit else span.last
    targets = [_interim(day, figure, one, span) for day, figure in entry.interim if one.figure and day.on < due]
    return {
        "code": "", "kind": "indicator" if one.indicator else "task", "goal": entry.goal or [fallback or "目标任务"], "name": one.name, "unit": _unit(one),
        "accrual": one.kind.accrual, "reading": one.kind.reading, "average": one.kind.average, "profile": one.kind.profile, "shares": None, "binding": None,
        "baseline": {"date": _before(span.first).isoformat(), "value": f"{one.baseline:f}"} if one.baseline is not None else None,
        "targets": [*targets, _target(one, span, due)], "steps": _steps(one, entry, due, span),
        "measure": {"code": "", "reporter": entry.owners.lead, "cycle": cycle, "release_lag": 0},
        "source": {"document": document, "locator": entry.row}, "lead": entry.owners.lead, "supporting": entry.owners.supporting,
        "basis": "source" if entry.owners.lead else "assigned", "row": entry.row, "uncertain": sorted(why), "why": why, "text": entry.text, "leaders": entry.owners.leaders, "unknown": entry.owners.unknown,
    }  # fmt: skip


def _limit(one: Promise, entry: Entry) -> Due | None:
    """The day in the wording where it names one; a column of limits otherwise, and where both agree on the year only the column."""
    if one.due and not one.due.backward and one.due.words not in ("全年", "年内", "今年", "本年度", "今年内"):
        return one.due if entry.due is None or not entry.due.sure or one.due.on <= entry.due.on else entry.due
    return entry.due or one.due


def _before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)


def _unit(one: Promise) -> str | None:
    if one.figure:
        return one.figure.unit[:20] or None
    return "%" if one.beside and "unit" not in one.uncertain else None


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _target(one: Promise, span: Span, due: dt.date) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(("comparator", "value", "value_high", "tolerance", "offset", "against", "better", "unit"))
    row |= {"role": "final", "start": _before(span.first).isoformat(), "due": due.isoformat(), "words": "", "firm": one.firm, "note": "", "unit": _unit(one)}
    row["better"] = one.better or None
    if one.figure:
        row |= {"comparator": one.figure.comparator, "value": _plain(one.figure.value), "words": one.figure.words[:40]}
        row["value_high"] = _plain(one.figure.high) if one.figure.high is not None else None
    elif one.beside:
        row |= {"comparator": "relative", "offset": _plain(one.beside[1]), "words": one.beside[0][:40]}
    return row


def _interim(day: Due, figure: Figure, one: Promise, span: Span) -> dict[str, Any]:
    row = _target(replace(one, figure=replace(figure, comparator=one.figure.comparator if one.figure else "at_least")), span, day.on)
    return {**row, "role": "interim", "unit": _unit(one), "value_high": None, "comparator": "at_least" if row["comparator"] == "between" else row["comparator"]}


def _steps(one: Promise, entry: Entry, due: dt.date, span: Span) -> list[dict[str, Any]]:
    if one.indicator:
        return []
    stages = one.steps or tuple(entry.stages)
    return [{"name": name, "due": day.on.isoformat(), "weight": "1"} for name, day in stages if span.first <= day.on]


def _county(entry: Entry, department: str, figure: Figure, whole: dict[str, Any], span: Span, document: str, cycle: str, fallback: str) -> dict[str, Any]:
    """The share of one county: the same promise, led by the county; who leads the whole supports."""
    name = _without_unit(entry.name or whole["name"])
    kind = kind_of(name, figure)
    own = replace_owner(entry, department)
    short = re.sub(r"(?:人民政府|管理委员会)$", "", department)
    one = Promise(
        naming.shortened(f"{name}（{short}）")[0], entry.text, figure, due=entry.due, kind=kind, uncertain={"accrual": "guessed"} if kind.guessed else {}
    )
    one = one if figure.unit else one.doubted(unit="none")
    return _item(one, own, span, document, cycle, fallback)


def replace_owner(entry: Entry, department: str) -> Entry:
    """The entry as one county's own; who the row names otherwise supports."""
    others = [name for name in ([entry.owners.lead] if entry.owners.lead else []) if name != department]
    doubts = {"supporting": why} if others and (why := entry.owners.uncertain.get("lead")) else {}
    return replace(entry, owners=replace(entry.owners, lead=department, supporting=others, uncertain=doubts), interim=[], stages=[])


def link_growth(items: list[dict[str, Any]]) -> None:
    """与经济增长同步 is measured against the paper's own growth of output, where it promises one."""
    output = next((item for item in items if item["kind"] == "indicator" and GROWTH_OF_OUTPUT.match(item["name"]) and item["unit"] == "%"), None)
    for item in items:
        for target in item["targets"]:
            if target["comparator"] == "relative" and output and MEANS_OUTPUT.search(target["words"]):
                target["against"] = output["measure"]["code"]
