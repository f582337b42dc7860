"""分解到县区、部门: an item of a draft is shared out, each part an item with its own target, path and lead; the whole says how they add up."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from people.access import Person
from people.models import Department
from plans.arithmetic.parts import Adding, remainder
from plans.editing.items import _delete as delete_rows
from plans.editing.items import _make as make_item
from plans.editing.items import draft_terms, place
from plans.editing.log import changing
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.rows import TARGET_COLUMNS, ItemChange, write
from plans.editing.snapshots import Touched
from plans.models import Item, Target, Terms

FINAL, INTERIM = Target.RoleInPath.FINAL, Target.RoleInPath.INTERIM
SAME = ("accrual", "reading", "average", "binding", "locator")  # what a part has of the whole


@dataclass(frozen=True)
class Part:
    """A department's part: its target, what it weighs in an average, and its path ('' is the whole's)."""

    value: Decimal | None
    weight: Decimal = Decimal(1)
    shares: str = ""


@dataclass(frozen=True)
class Parts:
    """An item's parts by department, and what they leave of its target."""

    adding: str
    parts: Mapping[int, Part]
    items: Mapping[int, Item]
    left: Fraction | None


def share_out(item: Item, adding: str, parts: Mapping[int, Part], by: Person, at: dt.datetime, version: int) -> None:
    """Makes the item's parts what is given, by department; none takes the sharing back.

    Raises: NotAllowed, Overtaken; Wrong with a message for each field: `adding`, and `value-<department>`.
    """
    check_parts(item, adding, parts)
    there = {draft_terms(part).lead_id: part for part in item.parts.all()}
    touched = Touched(items={item.pk, *(p.pk for p in there.values())}, measures={item.measure_id, *(p.measure_id for p in there.values())})
    with changing(item.plan, by, at, "item shared out", touched) as seen:
        terms = draft_terms(item)
        if Terms.objects.filter(pk=terms.pk, version=version).update(adding=adding if parts else "", version=F("version") + 1) != 1:
            raise Overtaken(_("这一项刚被别人改过。"))
        delete_rows([part for department, part in there.items() if department not in parts])
        departments = Department.objects.of(item.government_id).in_bulk(list(parts))
        for key, part in parts.items():
            if key in there:
                write(there[key], draft_terms(there[key]), _changed(terms, part))
                continue
            made = make_item(item.plan, terms.goal, _new(item, terms, departments[key], part), part_of=item.pk)
            Item.objects.filter(pk=made.pk).update(position=item.position)
            seen.items.add(made.pk)
            seen.measures.add(made.measure_id)
        place(item.plan)


def parts_of(item: Item, day: dt.date | None = None) -> Parts:
    """How an item is shared out: in its draft, or with `day` by what is published and in force then. 3 statements."""
    every = Terms.objects.filter(amendment__number=0) if day is None else Terms.objects.in_force(day).filter(withdrawn=False)
    terms = every.filter(item=item).first()
    rows = every.filter(item__part_of=item).select_related("item").order_by("lead__position", "pk")
    finals = {t.terms_id: t for t in Target.objects.filter(terms__in=rows, role=FINAL).order_by("due_on", "-pk")}
    parts = {t.lead_id: Part(finals[t.pk].value if t.pk in finals else None, t.weight, t.shares) for t in rows if t.lead_id}
    target = Target.objects.filter(terms=terms, role=FINAL).order_by("-due_on", "pk").first() if terms else None
    left = left_of(terms.adding, target, parts.values()) if terms else None
    return Parts(terms.adding if terms else "", parts, {t.lead_id: t.item for t in rows if t.lead_id}, left)


def left_of(adding: str, target: Target | None, parts: Any) -> Fraction | None:
    """What parts leave of a target, of those that have a value."""
    known = [part for part in parts if part.value is not None]
    if target is None or adding not in Terms.Adding.values or adding == Terms.Adding.ALL:
        return None
    how: Adding = adding  # type: ignore[assignment]
    return remainder(how, target.value, [p.value for p in known], [p.weight for p in known], downwards=is_downwards(target))


def is_downwards(target: Target) -> bool:
    """Whether less is better: the part that is farthest behind is then the greatest."""
    return target.comparator == Target.Comparator.AT_MOST or target.better == Target.Better.DOWN


def check_parts(item: Item, adding: str, parts: Mapping[int, Part]) -> None:
    """Raises: NotAllowed for an item that is itself a part; Wrong with what cannot be, by field."""
    if item.part_of_id is not None:
        raise NotAllowed(_("这一项本身是分解项，不能再分解。"))
    wrong = {}
    if parts and adding not in Terms.Adding.values:
        wrong["adding"] = _("请选择各部分怎样合成总数。")
    known = set(Department.objects.of(item.government_id).filter(pk__in=parts).values_list("pk", flat=True))
    for key, part in parts.items():
        if key not in known:
            wrong[f"value-{key}"] = _("没有这一项，请重新选择。")
        elif part.value is None and item.kind == Item.Kind.INDICATOR:
            wrong[f"value-{key}"] = _("请填写目标值。")
        elif part.weight <= 0:
            wrong[f"value-{key}"] = _("权重须大于 0。")
    if wrong:
        raise Wrong(wrong)


def _new(item: Item, terms: Terms, department: Department, part: Part) -> ItemChange:
    """The whole's promise in the name of one department."""
    final = next(t for t in terms.targets.order_by("-due_on", "pk") if t.role == FINAL)
    measure = item.measure
    return ItemChange(
        item={"code": f"{item.code}.{department.code}"[:60], "kind": item.kind},
        terms={
            **{column: getattr(terms, column) for column in SAME}, "name": named(terms.name, department.short)[:120], "lead_id": department.pk,
            "name_en": named(terms.name_en, department.name_en)[:240] if terms.name_en else "", "weight": part.weight, **path_of(terms, part),
        },
        targets=[{column: getattr(final, column) for column in TARGET_COLUMNS} | {"value": part.value, "value_high": None, "note": ""}],
        measure={"unit": measure.unit, "cycle_id": measure.cycle_id, "release_lag": 0, "reporter_id": department.pk},
    )  # fmt: skip


def named(name: str, department: str) -> str:
    """新建高标准农田（上蔡县）"""
    return f"{name}（{department}）" if not name.isascii() else f"{name} ({department})"


def _changed(terms: Terms, part: Part) -> ItemChange:
    return ItemChange(terms={"weight": part.weight, **path_of(terms, part)}, final={"value": part.value})


def path_of(terms: Terms, part: Part) -> dict[str, str]:
    """The part's own quarter shares, else the whole's path."""
    if part.shares:
        return {"profile": Terms.Profile.SHARES, "shares": part.shares}
    return {"profile": terms.profile, "shares": terms.shares}
