"""分解 after publication: an item is shared out, or its parts changed, by an amendment that a second person publishes.

A part that is new begins with the amendment; one that is taken away is withdrawn by it. A proposal that is set aside leaves its new
items without terms: they stand in no list, and the next proposal takes them up.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.access import Person
from people.models import Department
from plans.amending import Change, NotAllowed, begin, lay_all, may_amend, record
from plans.editing.parts import SAME, Part, check_parts, named, path_of
from plans.models import Amendment, Item, Measure, Step, Target, Terms
from plans.versions import copied, wrong_terms

FINAL = Target.RoleInPath.FINAL


def propose_parts(item: Item, adding: str, parts: Mapping[int, Part], by: Person, at: dt.datetime, *, reason: str, basis: str, from_on: dt.date) -> Amendment:
    """Proposes that a published item has these parts, by department; none takes the sharing back.

    Raises: NotAllowed as `amending.propose`, and where nothing would change; Wrong with a message for each field of the parts.
    """
    may_amend(item.plan, by)
    check_parts(item, adding, parts)
    with transaction.atomic():
        amendment = begin(item.plan, by, at, reason=reason, basis=basis, from_on=from_on)
        whole = _in_force(item, from_on)
        there = {t.lead_id: t for t in _parts_in_force(item, from_on)}
        changes = {} if whole.adding == (adding if parts else "") else {item.code: Change(terms={"adding": adding if parts else ""})}
        for department, terms in there.items():
            change = _changed(whole, terms, parts.get(department or 0))
            if change is not None:
                changes[terms.item.code] = change
        lay_all(amendment, changes, {})
        departments = Department.objects.of(item.government_id).in_bulk([key for key in parts if key not in there])
        for key, new in departments.items():
            _new_part(item, whole, amendment, new, parts[key])
        if not changes and not departments:
            raise NotAllowed(_("没有改动，无须调整。"))
        record(amendment, by, at, "amendment proposed")
    return amendment


def _in_force(item: Item, day: dt.date) -> Terms:
    found = Terms.objects.filter(item=item, withdrawn=False).in_force(day).select_related("item").prefetch_related("targets").first()
    if found is None:
        raise NotAllowed(_("规划中没有这些事项，或当日尚未生效：%(codes)s") % {"codes": item.code})
    return found


def _parts_in_force(item: Item, day: dt.date) -> list[Terms]:
    return list(Terms.objects.filter(item__part_of=item, withdrawn=False).in_force(day).select_related("item").prefetch_related("targets"))


def _changed(whole: Terms, terms: Terms, part: Part | None) -> Change | None:
    """What becomes of a part that stands; None where it stays as it is."""
    if part is None:
        return Change(terms={"withdrawn": True})
    final = next(t for t in terms.targets.all() if t.role == FINAL)
    wanted: dict[str, Any] = {"weight": part.weight, **path_of(whole, part)}
    new = {name: value for name, value in wanted.items() if getattr(terms, name) != value}
    value = {} if final.value == part.value else {"value": part.value}
    return Change(terms=new, final=value) if new or value else None


def _new_part(item: Item, whole: Terms, amendment: Amendment, department: Department, part: Part) -> None:
    """The item, its measure and its first terms, in an amendment that is not published. Raises: NotAllowed."""
    row = Item.objects.filter(plan=item.plan, part_of=item, code=code_of(item, department)).first() or _item(item, whole, department)
    final = next(t for t in whole.targets.all() if t.role == FINAL)
    name_en = named(whole.name_en, department.name_en)[:240] if whole.name_en else ""
    new = copied(
        whole, item=row, amendment=amendment, from_on=amendment.from_on, published_at=None, version=0, based_on=None, adding="", lead=department, leader=None,
        name=named(whole.name, department.short)[:120], name_en=name_en, weight=part.weight, baseline=None, baseline_on=None, basis=Terms.Basis.ASSIGNED,
        **{column: getattr(whole, column) for column in SAME}, **path_of(whole, part),
    )  # fmt: skip
    target = copied(final, value=part.value, value_high=None, note="")
    if target.comparator == Target.Comparator.BETWEEN:
        target.comparator = Target.Comparator.AT_LEAST
    if wrong := wrong_terms(new, [target], None, amendment.from_on):
        raise NotAllowed(" ".join(wrong.values()), {f"value-{department.pk}": " ".join(wrong.values())})
    new.save(force_insert=True)
    copied(target, terms=new).save(force_insert=True)
    if row.kind == Item.Kind.TASK:
        Step.objects.create(
            government_id=row.government_id, terms=new, position=1, name=new.name, name_en=new.name_en[:200], due_on=target.due_on, stated=False
        )


def _item(item: Item, whole: Terms, department: Department) -> Item:
    measure = item.measure
    own = Measure.objects.create(
        government_id=item.government_id, code=f"{measure.code}.{department.code}"[:80], name=named(measure.name, department.short)[:120],
        name_en=named(measure.name_en, department.name_en)[:240], unit=measure.unit, kind=measure.kind, reporter=department, cycle_id=measure.cycle_id,
    )  # fmt: skip
    return Item.objects.create(
        government_id=item.government_id, plan=item.plan, code=code_of(item, department), kind=item.kind, measure=own, part_of=item, position=item.position
    )


def code_of(item: Item, department: Department) -> str:
    """3.5-04.xiping"""
    return f"{item.code}.{department.code}"[:60]
