"""Rows of a draft as JSON-ready dicts, to be compared, kept and put back.

A snapshot names things 'goal:7', 'item:42', 'measure:9', 'plan:3'; a thing is {block: fields by column} and, of an item, lists of
the rows that hang on its terms. `None` stands for a thing that is not there. Versions are no part of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F

from plans.models import Goal, Item, Measure, PaperDoubt, PassageLink, PastResult, Plan, Step, Support, Target, Terms

Thing = dict[str, Any]
Snapshot = dict[str, Thing | None]
ROWS: dict[str, Any] = {"measure": Measure, "plan": Plan, "goal": Goal, "item": Item}
PARTS: dict[str, Any] = {"targets": Target, "steps": Step, "supports": Support}  # of its terms
HUNG: dict[str, Any] = {"links": PassageLink, "doubts": PaperDoubt}  # on the item itself
OWN = ("id", "version", "state")  # columns that no snapshot holds


@dataclass
class Touched:
    """What a change touches, by ids; whoever makes something adds it."""

    items: set[int] = field(default_factory=set)
    goals: set[int] = field(default_factory=set)
    measures: set[int] = field(default_factory=set)
    plans: set[int] = field(default_factory=set)


def take(touched: Touched) -> Snapshot:
    """What these things are now. A fixed number of statements."""
    found: Snapshot = {}
    for kind, ids in (("plan", touched.plans), ("measure", touched.measures), ("goal", touched.goals), ("item", touched.items)):
        rows = {row.pk: row for row in ROWS[kind].objects.filter(pk__in=ids)} if ids else {}
        found |= {f"{kind}:{pk}": {"row": columns(rows[pk])} if pk in rows else None for pk in sorted(ids)}
    for result in PastResult.objects.filter(measure__in=touched.measures).order_by("pk") if touched.measures else ():
        measure: Any = found[f"measure:{result.measure_id}"]
        measure.setdefault("past", []).append({"id": result.pk, **columns(result)})
    if touched.items:
        _take_terms(found, touched.items)
    return found


def _take_terms(found: Snapshot, items: set[int]) -> None:
    terms = {row.pk: row for row in Terms.objects.filter(item__in=items, published_at__isnull=True)}
    parts: dict[str, dict[int, list[Thing]]] = {}
    for name, model in PARTS.items():
        parts[name] = defaultdict(list)
        for row in model.objects.filter(terms__in=terms).order_by("pk"):
            parts[name][row.terms_id].append({"id": row.pk, **columns(row)})
    for pk, row in terms.items():
        thing: Any = found[f"item:{row.item_id}"]
        if thing is not None:
            thing.update({"terms": {"id": pk, **columns(row)}} | {name: [] for name in HUNG})
            thing.update({name: rows[pk] for name, rows in parts.items()})
    for name, model in HUNG.items():
        for one in model.objects.filter(item__in=items).order_by("pk"):
            thing = found[f"item:{one.item_id}"]
            if thing is not None and name in thing:
                thing[name].append({"id": one.pk, **columns(one)})


def columns(row: models.Model) -> dict[str, Any]:
    """A row's columns as JSON holds them: numbers and days as text."""
    fields = (f for f in row._meta.concrete_fields if f.attname not in OWN)
    return {f.attname: _plain(getattr(row, f.attname)) for f in fields}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def differing(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot]:
    """The two sides of what differs: whole things that came or went, changed columns, changed lists."""
    left: Snapshot = {}
    right: Snapshot = {}
    for name in before | after:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            if old != new:
                left[name], right[name] = old, new
            continue
        one, other = _blocks(old, new)
        if one:
            left[name], right[name] = one, other
    return left, right


def _blocks(old: Thing, new: Thing) -> tuple[Thing, Thing]:
    one: Thing = {}
    other: Thing = {}
    for block in (b for b in old | new if old.get(b) != new.get(b)):
        before, after = old.get(block, []), new.get(block, [])
        if isinstance(before, dict):
            changed = [c for c in after if before.get(c) != after[c]]
            before, after = ({"id": side["id"]} if "id" in side else {} for side in (before, after))
            before |= {c: old[block][c] for c in changed}
            after |= {c: new[block][c] for c in changed}
        one[block], other[block] = before, after
    return one, other


# the fields of a paper's item, by where a snapshot holds them
IN_TERMS = {
    "name": ("name",), "lead": ("lead_id",), "leader": ("leader_id",), "accrual": ("accrual",), "reading": ("reading",), "baseline": ("baseline", "baseline_on"),
    "goal": ("goal_id",), "adding": ("adding",),
}  # fmt: skip
IN_FINAL = {"due": ("due_on",), "value": ("value", "value_high"), "unit": ("unit",), "comparator": ("comparator",)}


def settled(before: Snapshot, after: Snapshot) -> set[int]:
    """Marks that stood before on fields which are others now: their ids."""
    return {
        mark["id"]
        for name, old in before.items()
        if old and (new := after.get(name))
        for mark in old.get("doubts", ())
        if _said(old, mark["field"]) != _said(new, mark["field"])
    }


def _said(thing: Thing, field: str) -> Any:
    """What an item says in one field of a paper."""
    if field in IN_TERMS:
        return [thing["terms"][column] for column in IN_TERMS[field]]
    if field in IN_FINAL:
        return [[row[column] for column in IN_FINAL[field]] for row in thing["targets"] if row["role"] == Target.RoleInPath.FINAL]
    return thing["row"]["kind"] if field == "kind" else [_part(row) for row in thing.get("supports" if field == "supporting" else "steps", ())]


def _part(row: Thing) -> Thing:
    return {name: value for name, value in row.items() if name not in ("id", "terms_id")}


def touched_by(snapshot: Snapshot) -> Touched:
    """The things that a snapshot names."""
    found = Touched()
    for name in snapshot:
        kind, _colon, pk = name.partition(":")
        getattr(found, f"{kind}s").add(int(pk))
    return found


def agrees(now: Snapshot, expected: Snapshot) -> bool:
    """Whether things are still as a snapshot of differences says; the place of a row in the order, which moves with its neighbours, aside."""
    for name, thing in expected.items():
        present = now.get(name)
        if thing is None or present is None:
            if thing is not present:
                return False
            continue
        for block, value in thing.items():
            there = present.get(block, [])
            if isinstance(value, dict):
                there = {c: there.get(c) for c in value} | {"position": None} if isinstance(there, dict) else None
                value = value | {"position": None}
            if there != value:
                return False
    return True


def put(snapshot: Snapshot) -> None:
    """Makes things as a snapshot of differences says; raises every version that it touches."""
    order = [name for kind in ROWS for name in sorted((n for n in snapshot if n.startswith(f"{kind}:")), key=lambda n: _depth(snapshot[n]))]
    _free_paths([int(name.partition(":")[2]) for name in order if name.startswith("goal:")])
    for name in order:
        thing = snapshot[name]
        if thing is not None:
            _put_thing(name, thing)
    for name in reversed(order):
        if snapshot[name] is None:
            _remove(name)


def _depth(thing: Thing | None) -> int:
    return len(thing["row"].get("path", "")) if thing and "row" in thing else 0


def _free_paths(goals: list[int]) -> None:
    """Paths are unique: what moves leaves its own first. A goal of which no path is kept gets its own back below."""
    for goal in Goal.objects.filter(pk__in=goals):
        Goal.objects.filter(pk=goal.pk).update(path=f"~{goal.pk}~{goal.path}"[:120])


def _put_thing(name: str, thing: Thing) -> None:
    kind, _colon, key = name.partition(":")
    pk = int(key)
    _write(ROWS[kind], pk, thing.get("row", {}))
    if kind == "goal" and "path" not in thing.get("row", {}):
        kept = Goal.objects.values_list("path", flat=True).get(pk=pk)
        Goal.objects.filter(pk=pk).update(path=kept.rpartition("~")[2])
    if kind == "measure" and "past" in thing:
        _write_all(PastResult, {"measure": pk}, thing["past"])
    if kind != "item":
        return
    if "terms" in thing:
        _write(Terms, thing["terms"]["id"], thing["terms"])
    terms = Terms.objects.get(item=pk, published_at__isnull=True)
    for block, model in {**PARTS, **HUNG}.items():
        if block in thing:
            _write_all(model, {"item": pk} if block in HUNG else {"terms": terms.pk}, thing[block])
    Terms.objects.filter(pk=terms.pk).update(version=F("version") + 1)


def _write(model: Any, pk: int, values: Thing) -> None:
    """Updates a row, or makes it with the same id."""
    given = {name: value for name, value in values.items() if name != "id"}
    fields = {f.attname: f for f in model._meta.concrete_fields}
    ready = {name: fields[name].to_python(value) for name, value in given.items()}
    if any(f.attname == "version" for f in model._meta.concrete_fields) and model is not Terms:
        ready["version"] = F("version") + 1
    if ready and not model.objects.filter(pk=pk).update(**ready):
        ready.pop("version", None)
        model.objects.bulk_create([model(pk=pk, **ready)])


def _write_all(model: Any, of: dict[str, int], rows: list[Thing]) -> None:
    """The rows of a list as they were, with their ids; what else hangs there goes."""
    model.objects.filter(**of).exclude(pk__in=[row["id"] for row in rows]).delete()
    if model is Step:  # positions are unique: what changes places makes room first
        Step.objects.filter(**of).update(position=-F("position"))
    for row in rows:
        _write(model, row["id"], row)


def _remove(name: str) -> None:
    kind, _colon, key = name.partition(":")
    pk = int(key)
    if kind == "item":
        Terms.objects.filter(item=pk).delete()
    ROWS[kind].objects.filter(pk=pk).delete()


def remove_items(items: Iterable[int]) -> None:
    """Deletes draft items with all that hangs on them."""
    Terms.objects.filter(item__in=items).delete()
    Item.objects.filter(pk__in=items, part_of__in=items).update(part_of=None)  # a whole goes with its parts
    Item.objects.filter(pk__in=items).delete()
