"""A second paper on a draft: what it says anew becomes changes of the draft's items, through the deeds that can be taken back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from people.access import Person
from people.models import Department, User
from plans.editing.goals import add_goal
from plans.editing.items import add_item, change_item, delete_items, draft_terms
from plans.editing.rows import ItemChange
from plans.models import Goal, Item, Measure, Plan
from plans.papers.comparing import Change
from plans.taking.proposing import loadable

TERMS = {"name": "name", "accrual": "accrual", "reading": "reading", "adding": "adding"}
IN = dict.fromkeys(("due", "value", "comparator"), "targets")  # where a comparison finds a field that may be doubted
TARGETS = ("role", "comparator", "better", "unit", "firm", "words", "note")


@dataclass
class _Names:
    """What items name by words: departments, measures, and the goals of the plan, made where they are not there."""

    plan: Plan
    by: Person
    at: dt.datetime

    def __post_init__(self) -> None:
        self.departments = dict(Department.objects.of(self.plan.government_id).values_list("name", "pk"))
        self.people = dict(User.objects.filter(government=self.plan.government_id, is_active=True).values_list("login", "pk"))
        self.measures = dict(Measure.objects.of(self.plan.government_id).values_list("code", "pk"))

    def goal(self, titles: Sequence[str]) -> Goal:
        """The goal of this path. One statement a level."""
        found: Goal | None = None
        for title in titles:
            child = Goal.objects.filter(plan=self.plan, parent=found, title=title).first()
            found = child or add_goal(self.plan, found, title, self.by, self.at)
        if found is None:
            raise ValueError("an item stands under a goal")
        return found


def apply(plan: Plan, changes: list[Change], by: Person, at: dt.datetime, gone: frozenset[str]) -> None:
    """Writes what changed, adds what is new, deletes what was named as gone. Raises: NotAllowed."""
    names = _Names(plan, by, at)
    items = {item.code: item for item in Item.objects.filter(plan=plan).select_related("plan", "measure")}
    for change in changes:
        if change.item is None:
            continue
        row = loadable(change.item) | {"leader": change.item.get("leader")}
        if change.state == "changed":
            item = items[change.code]
            wanted = set(change.fields)
            doubts = {name: why for name, why in change.item["why"].items() if IN.get(name, name) in wanted}
            change_item(item, replace(_change(row, wanted, names, items), doubts=doubts), by, at, draft_terms(item).version)
        elif change.state == "new":
            whole = _change(row, set(change.item), names, items)
            items[row["code"]] = add_item(
                plan,
                names.goal(row["goal"]),
                ItemChange(
                    {**whole.item, "code": row["code"], "kind": row["kind"]},
                    whole.terms,
                    targets=whole.targets,
                    steps=whole.steps,
                    supports=whole.supports,
                    doubts=change.item["why"],
                ),
                by,
                at,
            )
    leaving = [items[change.code] for change in changes if change.state == "gone" and change.code in gone]
    if leaving:
        delete_items(plan, leaving, by, at)


def _change(row: dict[str, Any], wanted: set[str], names: _Names, items: Mapping[str, Item]) -> ItemChange:
    """An exported item's wanted fields as columns."""
    terms: dict[str, Any] = {column: row[name] for name, column in TERMS.items() if name in wanted and name in row}
    if "accrual" in wanted and "profile" in row and "profile" in wanted:
        terms["profile"] = row["profile"]
    if "baseline" in wanted:
        base = row["baseline"] or {}
        terms |= {"baseline_on": dt.date.fromisoformat(base["date"]) if base else None, "baseline": Decimal(base["value"]) if base else None}
    if "lead" in wanted:
        terms |= {"lead_id": names.departments.get(row["lead"]), "basis": row["basis"]}
    if "leader" in wanted:
        terms["leader_id"] = names.people.get(row["leader"])
    if "goal" in wanted:
        terms["goal_id"] = names.goal(row["goal"]).pk
    if "source" in wanted:
        terms["locator"] = row["source"]["locator"]
    targets = [_target(target, names) for target in row["targets"]] if wanted & {"targets", "unit"} else None
    steps = [{"name": s["name"], "due_on": _day(s["due"]), "weight": Decimal(s["weight"])} for s in row["steps"]] if "steps" in wanted else None
    supports = {names.departments[name]: "" for name in row["supporting"] if name in names.departments} if "supporting" in wanted else None
    item: dict[str, Any] = {"kind": row["kind"]} if "kind" in wanted else {}
    if "part_of" in wanted and row.get("part_of") in items:
        item["part_of_id"] = items[row["part_of"]].pk
    return ItemChange(item=item, terms=terms, targets=targets, steps=steps, supports=supports)


def _target(target: dict[str, Any], names: _Names) -> dict[str, Any]:
    made = {name: target[name] or "" for name in TARGETS}
    return made | {
        "from_on": _day(target["start"]), "due_on": _day(target["due"]), "value": _number(target["value"]), "value_high": _number(target["value_high"]),
        "tolerance": _number(target["tolerance"]), "offset": _number(target["offset"]) or Decimal(0), "against_id": names.measures.get(target["against"]),
    }  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
