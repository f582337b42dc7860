"""Items of a draft: made, changed, set many at once, moved, split, merged, deleted. Codes stay what they are; positions follow."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from people.access import Person
from plans.editing.log import changing
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.rows import FINAL, TARGET_COLUMNS, ItemChange, is_own, problems, write
from plans.editing.snapshots import Touched, remove_items
from plans.models import Amendment, Goal, Item, Measure, PassageLink, Plan, Step, Support, Target, Terms

DAY = dt.timedelta(days=1)
FIRST = ("name", "name_en", "goal_id", "accrual", "reading", "average", "profile", "shares", "baseline_on", "baseline", "weight", "binding", "lead_id", "leader_id",
         "basis", "locator", "acceptance")  # fmt: skip


def add_item(plan: Plan, goal: Goal, change: ItemChange, by: Person, at: dt.datetime) -> Item:
    """A new item at the end of a goal; without a code it gets the next one. Raises: NotAllowed, Wrong."""
    try:
        return add_items(plan, [(goal, change)], by, at)[0]
    except Wrong as why:
        raise Wrong({name.removeprefix("new-0-"): words for name, words in why.fields.items()}) from None


def _make(plan: Plan, goal: Goal, change: ItemChange, part_of: int | None = None) -> Item:
    code = change.item.get("code") or next_code(plan, goal)
    kind = change.item.get("kind") or Item.Kind.INDICATOR
    change = replace(change, item={**change.item, "code": code, "kind": kind})
    if wrong := problems(plan, None, change) | ({} if change.terms.get("name") else {"name": _("请填写事项名称。")}):
        raise Wrong(wrong)
    first = Amendment.objects.get(plan=plan, number=0)
    item = Item.objects.create(
        government_id=plan.government_id, plan=plan, code=code, kind=kind, measure_id=change.item.get("measure_id") or _measure(plan, code, kind, change),
        position=plan.items.count(), part_of_id=part_of or change.item.get("part_of_id"),
    )  # fmt: skip
    usual = {"accrual": Terms.Accrual.CUMULATIVE, "profile": Terms.Profile.AT_END if kind == Item.Kind.TASK else Terms.Profile.LINEAR, "name_en": ""}
    terms = Terms.objects.create(
        government_id=plan.government_id, item=item, amendment=first, from_on=first.from_on, goal=goal, **{**usual, **_without_goal(change.terms)}
    )
    if not change.targets:
        Target.objects.create(government_id=plan.government_id, terms=terms, from_on=plan.start - DAY)
    write(item, terms, replace(change, item={}, measure={}))
    return item


def _without_goal(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "goal_id"}


def _measure(plan: Plan, code: str, kind: str, change: ItemChange) -> int:
    """The item's own measure, reported by the lead in the plan's rhythm."""
    wanted, n = f"{plan.code}-{code}"[:76], 1
    while Measure.objects.of(plan.government_id).filter(code=wanted if n == 1 else f"{wanted}-{n}").exists():
        n += 1
    values = {
        "name": change.terms["name"], "name_en": change.terms.get("name_en", ""), "unit": change.final.get("unit", ""), "reporter_id": change.terms.get("lead_id"),
        "cycle_id": plan.cycle_id, **change.measure,
    }  # fmt: skip
    kind = Measure.Kind.STEPS if kind == Item.Kind.TASK else Measure.Kind.NUMBER
    return Measure.objects.create(government_id=plan.government_id, code=wanted if n == 1 else f"{wanted}-{n}", kind=kind, **values).pk


def next_code(plan: Plan, goal: Goal) -> str:
    """'3-07': the chapter of the goal and the next number in it. A number that was once given to an item is not given again while it stands."""
    chapter = int(goal.path.split("/")[0])
    taken = set(plan.items.filter(code__startswith=f"{chapter}-").values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"{chapter}-{n:02d}") not in taken)


def change_item(item: Item, change: ItemChange, by: Person, at: dt.datetime, version: int) -> None:
    """Changes one item as it was at `version`. Raises: NotAllowed, Wrong, Overtaken."""
    with changing(item.plan, by, at, "item changed", _all_of([item])):
        terms = draft_terms(item)
        if not Terms.objects.filter(pk=terms.pk, version=version).exists():
            raise Overtaken(_("这一项刚被别人改过。"))
        old, new = item.measure_id, change.item.get("measure_id", item.measure_id)
        write(item, terms, change)
        if new != old and is_own(old, [item.pk]):
            Measure.objects.filter(pk=old, past__isnull=True).delete()
        if "goal_id" in change.terms:
            place(item.plan)


def change_each(plan: Plan, changes: Iterable[tuple[Item, ItemChange, int]], by: Person, at: dt.datetime) -> dict[int, NotAllowed]:
    """Changes several items, each as it was at its version, as one step of the log; what was refused, by item id, is left as it was.

    Raises: NotAllowed for all of them.
    """
    given = list(changes)
    _of_plan(plan, [item.plan_id for item, _change, _version in given])
    refused: dict[int, NotAllowed] = {}
    with changing(plan, by, at, "item changed", _all_of(item for item, _change, _version in given)):
        for item, change, version in given:
            try:
                with transaction.atomic():
                    terms = draft_terms(item)
                    if terms.version != version:
                        raise Overtaken(_("这一项刚被别人改过。"))
                    write(item, terms, change)
            except NotAllowed as why:
                refused[item.pk] = why
        place(plan)
    return refused


def add_items(plan: Plan, rows: Iterable[tuple[Goal, ItemChange]], by: Person, at: dt.datetime) -> list[Item]:
    """New items, each at the end of its goal, as one step of the log. Raises: NotAllowed; Wrong with the number of the row: 'new-0-name'."""
    made: list[Item] = []
    with changing(plan, by, at, "item added", Touched()) as touched:
        wrong: dict[str, str] = {}
        for n, (goal, change) in enumerate(rows):
            _of_plan(plan, [goal.plan_id])
            try:
                made.append(_make(plan, goal, change))
            except Wrong as why:
                wrong |= {f"new-{n}-{name}": words for name, words in why.fields.items()}
        if wrong:
            raise Wrong(wrong)
        touched.items |= {item.pk for item in made}
        touched.measures |= {item.measure_id for item in made}
        place(plan)
    return made


def set_many(plan: Plan, items: Iterable[Item], change: ItemChange, by: Person, at: dt.datetime, supports: Iterable[int] = ()) -> int:
    """The same for each of these items, and more departments that support them; how many there are. Raises: NotAllowed, Wrong."""
    found = list(items)
    _of_plan(plan, [item.plan_id for item in found])
    with changing(plan, by, at, "items set", _all_of(found)):
        for item in found:
            terms = draft_terms(item)
            more = {**dict(terms.supports.values_list("department_id", "part")), **dict.fromkeys(supports, "")} if supports else None
            own = is_own(item.measure_id, [item.pk])
            write(item, terms, replace(change, supports=more, measure=change.measure if own else {}))
        if "goal_id" in change.terms:
            place(plan)
    return len(found)


def lead_each(plan: Plan, leads: Mapping[Item, int], by: Person, at: dt.datetime) -> None:
    """Names the lead of each of these items. Raises: NotAllowed, Wrong."""
    _of_plan(plan, [item.plan_id for item in leads])
    with changing(plan, by, at, "leads accepted", _all_of(leads)):
        for item, lead in leads.items():
            write(item, draft_terms(item), ItemChange(terms={"lead_id": lead}))


def delete_items(plan: Plan, items: Iterable[Item], by: Person, at: dt.datetime) -> int:
    """Deletes draft items with their own measures. Raises: NotAllowed where something else hangs on one."""
    found = list(items)
    _of_plan(plan, [item.plan_id for item in found])
    with changing(plan, by, at, "items deleted", _all_of(found)):
        _delete(found)
    return len(found)


def _delete(found: list[Item]) -> None:
    ids = [item.pk for item in found]
    own = [item.measure_id for item in found if is_own(item.measure_id, ids)]
    try:
        remove_items(ids)
        Measure.objects.filter(pk__in=own, past__isnull=True).delete()
    except ProtectedError:
        raise NotAllowed(_("有事项牵涉目标冲突，或另有事项是它的分解项，不能删除。请先处理。")) from None


def move_item(item: Item, by: Person, at: dt.datetime, up: bool) -> None:
    """One place up or down within its goal. Raises: NotAllowed."""
    goal = draft_terms(item).goal_id
    row = list(Item.objects.filter(plan=item.plan_id, terms__goal=goal, terms__published_at__isnull=True).order_by("position", "pk"))
    here = [one.pk for one in row].index(item.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(row):
        return
    with changing(item.plan, by, at, "item moved", Touched(items={item.pk, row[there].pk})):
        for one, position in ((item, row[there].position), (row[there], item.position)):
            Item.objects.filter(pk=one.pk).update(position=position)


def place(plan: Plan) -> list[int]:
    """Renumbers positions in the order of the tree; codes stay. The ids of the items that moved."""
    rows = plan.items.filter(terms__published_at__isnull=True).order_by("terms__goal__path", "position", "pk").values_list("pk", "position")
    moved = [(pk, n) for n, (pk, position) in enumerate(rows) if position != n]
    Item.objects.bulk_update([Item(pk=pk, position=n) for pk, n in moved], ["position"])
    return [pk for pk, _n in moved]


def split_item(item: Item, names: list[str], by: Person, at: dt.datetime, version: int) -> list[Item]:
    """One sentence, several promises: the item takes the first name; the others are made after it, with its goal, lead, source and day.

    Raises: NotAllowed, Overtaken, Wrong where fewer than two names are given.
    """
    names = [name.strip() for name in names if name.strip()]
    if len(names) < 2:
        raise Wrong({"names": _("请至少写两行，每行一个事项。")})
    with changing(item.plan, by, at, "item split", _all_of([item])) as touched:
        terms = draft_terms(item)
        if not Terms.objects.filter(pk=terms.pk, version=version).exists():
            raise Overtaken(_("这一项刚被别人改过。"))
        write(item, terms, ItemChange(terms={"name": names[0], "name_en": ""}))
        made = [_twin(item, terms, name) for name in names[1:]]
        touched.items |= {one.pk for one in made}
        touched.measures |= {one.measure_id for one in made}
        place(item.plan)
    return [item, *made]


def _twin(item: Item, terms: Terms, name: str) -> Item:
    """A new item like this one under another name, at its place; its figures are yet to be written."""
    same = {column: getattr(terms, column) for column in FIRST if column not in ("goal_id", "baseline", "baseline_on")}
    targets = [{c: getattr(t, c) for c in TARGET_COLUMNS} | {"value": None, "value_high": None} for t in terms.targets.all() if t.role == FINAL]
    supports = dict(terms.supports.values_list("department_id", "part"))
    doubts = dict(item.doubts.exclude(field__in=("name", "value")).values_list("field", "reason"))
    change = ItemChange(item={"kind": item.kind}, terms={**same, "name": name, "name_en": ""}, targets=targets, supports=supports, doubts=doubts)
    made = _make(item.plan, terms.goal, change)
    Item.objects.filter(pk=made.pk).update(position=item.position)
    PassageLink.objects.bulk_create(
        PassageLink(government_id=link.government_id, item=made, passage_id=link.passage_id, start=link.start, length=link.length, by_id=link.by_id)
        for link in item.passages.all()
    )
    return made


def merge_items(plan: Plan, items: list[Item], by: Person, at: dt.datetime) -> Item:
    """Several rows, one promise: the first stays and takes over sources, departments and steps of the others, which go. Raises: NotAllowed."""
    _of_plan(plan, [item.plan_id for item in items])
    if len(items) < 2:
        raise NotAllowed(_("请至少勾选两项再合并。"))
    if len({item.kind for item in items}) > 1:
        raise NotAllowed(_("指标与任务不能合并，请先改成同一类。"))
    first, *others = items
    with changing(plan, by, at, "items merged", _all_of(items)):
        kept, gone = draft_terms(first), [draft_terms(item) for item in others]
        locators = "；".join(dict.fromkeys(filter(None, (kept.locator, *(t.locator for t in gone)))))
        parts = dict(Support.objects.filter(terms__in=[kept, *gone]).values_list("department_id", "part")) | {t.lead_id: "" for t in gone if t.lead_id}
        parts.pop(kept.lead_id or 0, None)
        steps = _steps([kept, *gone]) if first.kind == Item.Kind.TASK else None
        _join_passages(first, others)
        _delete(others)
        write(first, kept, ItemChange(terms={"locator": locators[:200]}, supports=parts, steps=steps))
        place(plan)
    return first


def _steps(terms: list[Terms]) -> list[dict[str, Any]]:
    """The steps of all; a task without steps is one itself."""
    rows = Step.objects.filter(terms__in=terms).order_by("terms__item__position", "position")
    return [{"name": s.name, "name_en": s.name_en, "stage": s.stage, "due_on": s.due_on, "weight": s.weight} for s in rows]


def _join_passages(first: Item, others: list[Item]) -> None:
    there = set(first.passages.values_list("passage_id", flat=True))
    for link in PassageLink.objects.filter(item__in=others).order_by("pk"):
        if link.passage_id not in there:
            there.add(link.passage_id)
            PassageLink.objects.filter(pk=link.pk).update(item=first)


def draft_terms(item: Item) -> Terms:
    """The item's terms that are not published. Raises: NotAllowed where there are none."""
    found = Terms.objects.filter(item=item, published_at__isnull=True, amendment__number=0).select_related("goal").first()
    if found is None:
        raise NotAllowed(_("规划已发布，不能直接修改。请提出目标调整，由另一位督查员发布。"))
    return found


def _all_of(items: Iterable[Item]) -> Touched:
    found = list(items)
    return Touched(items={item.pk for item in found}, measures={item.measure_id for item in found})


def _of_plan(plan: Plan, plans: Iterable[int]) -> None:
    if set(plans) - {plan.pk}:
        raise NotAllowed(_("事项不属于这份规划。"))
