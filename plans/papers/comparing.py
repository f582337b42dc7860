"""What a paper changes against a draft: items paired by code or by name, and field by field what the paper says anew.

Where an earlier reading of the same plan is known, a field that the paper still says as before is no change, whatever people have made of it since.
"""

import difflib
from dataclasses import dataclass, field
from typing import Any

from plans.papers.naming import comparable

FIELDS = ("goal", "kind", "name", "unit", "accrual", "reading", "baseline", "targets", "steps", "lead", "supporting", "adding", "part_of")
LIKE = 0.72
Item = dict[str, Any]


@dataclass
class Change:
    """What becomes of one item: `new`, `changed`, `same` or `gone`; `fields` holds the draft's and the paper's side."""

    code: str
    name: str
    state: str
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    item: Item | None = None


def against(draft: list[Item], paper: list[Item], before: dict[str, Item] | None = None) -> list[Change]:
    """A change an item, in the paper's order, those that the paper no longer names at the end. Gives the paper's items the draft's codes."""
    pairs = _pairs(draft, paper)
    taken = {old["code"] for old in pairs.values()}
    known = {item["code"] for item in draft}
    changes = []
    given: dict[str, str] = {}  # the paper's code of a whole → the draft's
    for n, item in enumerate(paper):
        old, own = pairs.get(n), item["code"]
        if "part_of" in item:
            item["part_of"] = given.get(item["part_of"], item["part_of"])
        if old is None:
            item["code"] = _free(item["code"], known)
            known.add(item["code"])
            given[own] = item["code"]
            changes.append(Change(item["code"], item["name"], "new", item=item))
            continue
        item["code"] = given[own] = old["code"]
        fields = _fields(old, item, (before or {}).get(old["code"]))
        changes.append(Change(item["code"], item["name"], "changed" if fields else "same", fields, item))
    return changes + [Change(old["code"], old["name"], "gone") for old in draft if old["code"] not in taken]


def _free(code: str, known: set[str]) -> str:
    wanted, n = code, 2
    while wanted in known:
        wanted, n = f"{code}-n{n}", n + 1
    return wanted


def _pairs(draft: list[Item], paper: list[Item]) -> dict[int, Item]:
    """Index in the paper → the draft's item: the same code and a like name, the same name, then the likest name that is left."""
    pairs: dict[int, Item] = {}
    left = list(draft)
    for test in (_same_code, _same_name, _alike):
        for n, item in enumerate(paper):
            if n in pairs:
                continue
            found = next((old for old in left if test(old, item)), None)
            if found is not None:
                pairs[n] = found
                left.remove(found)
    return pairs


def _ratio(old: Item, item: Item) -> float:
    return difflib.SequenceMatcher(None, comparable(old["name"]), comparable(item["name"])).ratio()


def _same_code(old: Item, item: Item) -> bool:
    return old["code"] == item["code"] and (comparable(old["name"]) == comparable(item["name"]) or _ratio(old, item) > LIKE)


def _same_name(old: Item, item: Item) -> bool:
    return comparable(old["name"]) == comparable(item["name"]) and old["unit"] == item["unit"]


def _alike(old: Item, item: Item) -> bool:
    return old["kind"] == item["kind"] and _ratio(old, item) > LIKE


def _fields(old: Item, item: Item, before: Item | None) -> dict[str, tuple[Any, Any]]:
    found = {}
    for name in FIELDS:
        there, said = old.get(name), item.get(name)
        if _plain(name, there) == _plain(name, said):
            continue
        if before is not None and _plain(name, before.get(name)) == _plain(name, said):
            continue  # the paper says it as before; what differs is what people made of it
        if not said and (name in item.get("uncertain", ()) or name in ("adding", "part_of")):
            continue  # nothing is said, and nothing is taken away
        found[name] = (there, said)
    return found


def _plain(name: str, value: Any) -> Any:
    """A value for comparing: of targets, what a paper can say of them."""
    if name == "targets" and value:
        return [{k: t.get(k) for k in ("role", "due", "comparator", "value", "value_high", "offset", "unit", "firm", "words")} for t in value]
    if name == "lead":
        return value or None
    return value
