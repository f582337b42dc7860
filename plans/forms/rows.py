"""The rows of a draft as they were typed into the grid: each becomes a change of its item, or a message at its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.rows import ItemChange
from plans.editing.typed import Amount, Departments, Unread, likely_accrual, likely_comparator, read_amount, read_day
from plans.models import Item, Plan, Target, Terms
from plans.queries.editor import COLUMNS, RowLine, mark_of

AT = {"targets-0-due_on": "due", "targets-0-value": "value", "targets-0-value_high": "value", "targets-0-comparator": "comparator", "code": "name"}
LEAST = {"name", "value"}  # a new row in which none of these is typed stays empty


@dataclass
class Typed:
    """A row as it came back: its texts, whether anybody touched it, and what they say."""

    key: str
    texts: dict[str, str]
    touched: bool
    version: int
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.key.startswith("new-")


def typed_rows(posted: Mapping[str, str], keys: list[str]) -> list[Typed]:
    """The rows that a page sent, in its order; those of `keys` alone, and new ones."""
    found = []
    for key in posted.getlist("row") if hasattr(posted, "getlist") else []:
        if key not in keys and not key.startswith("new-"):
            continue
        texts = {column: posted.get(f"{column}-{key}", "").strip() for column in COLUMNS}
        touched = any(texts[c] for c in LEAST) if key.startswith("new-") else mark_of(texts) != posted.get(f"mark-{key}", "")
        version = posted.get(f"version-{key}", "")
        found.append(Typed(key, texts, touched, int(version) if version.isdigit() else -1))
    return found


def change_of(row: Typed, plan: Plan, departments: Departments, before: Mapping[str, str] | None = None) -> ItemChange:
    """What a row says, against what stood there. Fills `row.errors` and raises Wrong where a field cannot be read."""
    given: dict[str, Any] = {}
    readers = {
        "due": lambda text: read_day(text, plan.start, plan.end), "value": read_amount, "lead": departments.read, "supports": departments.read_all,
        "comparator": lambda text: _one_of(text, ["", *Target.Comparator.values]), "kind": lambda text: _one_of(text, Item.Kind.values),
        "name": lambda text: text, "unit": _unit,
    }  # fmt: skip
    for column, read in readers.items():
        if before is not None and row.texts[column] == before.get(column):
            continue
        try:
            given[column] = read(row.texts[column])
        except Unread as why:
            row.errors[column] = str(why)
    if "value" in given and not row.errors:
        _take_words(row, given, before)
    if row.errors:
        raise Wrong(row.errors)
    return _change(given, row.is_new)


def _take_words(row: Typed, given: dict[str, Any], before: Mapping[str, str] | None) -> None:
    """What stands beside a number in its own field (7%左右, 150亿元) fills the unit and, where nobody chose one, the comparator."""
    amount: Amount = given["value"]
    given["value"] = (amount.value, amount.high)
    if amount.unit and row.texts["unit"] in ("", amount.unit):
        given["unit"] = amount.unit
    elif amount.unit and amount.unit != "%":
        row.errors["value"] = _("目标值里写的单位是“%(one)s”，单位栏里是“%(other)s”，请留一处。") % {"one": amount.unit, "other": row.texts["unit"]}
    if amount.comparator and not given.get("comparator"):
        given["comparator"] = amount.comparator


def _one_of(text: str, words: list[str]) -> str:
    if text not in words:
        raise Unread(_("没有这一项，请重新选择。"))
    return text


def _unit(text: str) -> str:
    if len(text) > 20:
        raise Unread(_("单位最长 20 个字。"))
    return text


def _change(given: dict[str, Any], is_new: bool) -> ItemChange:
    final: dict[str, Any] = {}
    terms = {column: given[name] for name, column in (("name", "name"), ("lead", "lead_id")) if name in given}
    if "value" in given:
        final["value"], final["value_high"] = given["value"]
    if "due" in given:
        final["due_on"] = given["due"]
    final |= {name: given[name] for name in ("unit", "comparator") if name in given}
    if "value" in given and not given.get("comparator") and (is_new or given["value"][1] is not None):
        final["comparator"] = likely_comparator(*given["value"])
    supports = dict.fromkeys(given["supports"], "") if "supports" in given else None
    item = {"kind": given["kind"]} if "kind" in given else {}
    if is_new:
        task = given["kind"] == Item.Kind.TASK
        terms["accrual"] = Terms.Accrual.CUMULATIVE if task else likely_accrual(given["name"], given["unit"])
        if task:
            final = {"due_on": given["due"]}
    return ItemChange(item=item, terms=terms, final=final, supports=supports)


def refused(row: Typed, why: NotAllowed, line: RowLine | None) -> RowLine:
    """The row to be shown again: what was typed stays; beside it what stands there now, where somebody was quicker."""
    shown = (
        RowLine(row.key, row.texts) if line is None else RowLine(line.key, row.texts, line.code, line.item, row.version, line.accrual, line.locator, line.lines)
    )
    if isinstance(why, Wrong):
        shown.errors = {AT.get(name, name): words for name, words in why.fields.items()}
    elif isinstance(why, Overtaken) and line is not None:
        shown.version = line.version
        shown.clash = {column: line.texts[column] for column in COLUMNS if line.texts[column] != row.texts[column]}
    else:
        shown.errors = {"name": str(why)}
    return shown
