"""A new version of an item's terms: the one in force copied with all that hangs on it, and changed. Nothing old is touched."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from people.models import Department
from plans.editing.fields import department_problem, terms_problems
from plans.editing.rights import NotAllowed
from plans.models import Amendment, Bands, Item, Step, Support, Target, Terms

FINAL, INTERIM = Target.RoleInPath.FINAL, Target.RoleInPath.INTERIM


@dataclass(frozen=True)
class NewStep:
    """A dated part of a task; weights are relative to each other."""

    name: str
    due_on: dt.date
    weight: Any = 1
    name_en: str = ""
    stage: int | None = None


@dataclass(frozen=True)
class Interim:
    """A point of an approved path: so much by this day, in the unit of the final target."""

    due_on: dt.date
    value: Decimal


@dataclass(frozen=True)
class Change:
    """What an amendment does to one item: fields of Terms by name, fields of its final target, and, where given, all its steps, all its
    supporting departments (id → part), and all interim targets but those of the document."""

    terms: Mapping[str, Any] = field(default_factory=dict)
    final: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[NewStep, ...] | None = None
    supports: Mapping[int, str] | None = None
    interim: tuple[Interim, ...] | None = None


def lay(old: Terms, amendment: Amendment, change: Change) -> Terms:
    """Writes the changed copy of an item's terms in an amendment that is not published. Raises: NotAllowed for what cannot be, by field."""
    targets, steps = list(old.targets.all()), list(old.steps.all())
    supports = {s.department_id: s.part for s in old.supports.all()} if change.supports is None else dict(change.supports)
    new = copied(old, amendment=amendment, from_on=amendment.from_on, published_at=None, version=0, based_on=old, **change.terms)
    laid = _targets(targets, new, change)
    if wrong := wrong_terms(new, laid, change.steps, amendment.from_on):
        raise NotAllowed(" ".join(wrong.values()), wrong)
    new.save(force_insert=True)
    Target.objects.bulk_create(copied(t, terms=new) for t in laid)
    Support.objects.bulk_create(
        Support(government_id=new.government_id, terms=new, department_id=d, part=part) for d, part in supports.items() if d != new.lead_id
    )
    if change.steps is None:
        Step.objects.bulk_create(copied(s, terms=new) for s in steps)
        return new
    Step.objects.bulk_create(
        Step(
            government_id=new.government_id, terms=new, position=n, name=s.name, name_en=s.name_en, stage=s.stage, due_on=s.due_on, weight=s.weight
        )
        for n, s in enumerate(change.steps, start=1)
    )  # fmt: skip
    return new


def _targets(old: list[Target], new: Terms, change: Change) -> list[Target]:
    """The targets of the new version, not yet saved, the final one changed."""
    kept = [copied(t) for t in old if t.role == FINAL or change.interim is None or t.origin == Target.Origin.DOCUMENT]
    final = max((t for t in kept if t.role == FINAL), key=lambda t: t.due_on)
    for name, value in change.final.items():
        setattr(final, name, value)
    for target in kept:
        target.unit = final.unit
    for point in change.interim or ():
        laid = copied(final, role=INTERIM, origin=Target.Origin.APPROVED, due_on=point.due_on, value=point.value, value_high=None, words="", note="", firm="")
        laid.comparator = Target.Comparator.AT_LEAST if final.comparator == Target.Comparator.BETWEEN else final.comparator
        kept.append(laid)
    return kept


def copied(row: Any, **changes: Any) -> Any:
    """A row not yet saved, with the same values but for these."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    copy = type(row)(**values)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def lay_bands(amendment: Amendment, bands: Mapping[str, tuple[Decimal, Decimal]]) -> None:
    """Writes the bands that an amendment changes: kind → (green from, yellow from). Raises: NotAllowed."""
    wrong = {kind: _("黄灯下限须小于绿灯下限。") for kind, (green, yellow) in bands.items() if yellow >= green}
    if wrong:
        raise NotAllowed(" ".join(wrong.values()), wrong)
    Bands.objects.bulk_create(
        Bands(government_id=amendment.government_id, plan_id=amendment.plan_id, amendment=amendment, kind=kind, green_from=green, yellow_from=yellow)
        for kind, (green, yellow) in bands.items()
    )


# what cannot be ------------------------------------------------------------------------------------------------------


def wrong_terms(terms: Terms, targets: Iterable[Target], steps: Iterable[NewStep] | None, day: dt.date) -> dict[str, str]:
    """What of a version cannot be, by field."""
    wrong = terms_problems({name: getattr(terms, name) for name in ("name", "name_en", "locator", "acceptance", "weight", "profile", "shares")})
    lead = Department.objects.filter(pk=terms.lead_id or 0).select_related("successor").first()
    if why := department_problem(lead, day) if lead else _("请选择牵头单位。"):
        wrong["lead"] = why
    if terms.merged_into_id and (not terms.withdrawn or terms.merged_into_id == terms.item_id):
        wrong["merged_into"] = _("并入另一事项时，本事项须撤销，且不能并入自身。")
    targets = list(targets)
    final = max((t for t in targets if t.role == FINAL), key=lambda t: t.due_on or dt.date.max)
    wrong |= _final_problems(terms, final)
    for target in targets:
        if target.role == INTERIM and not final.from_on < (target.due_on or dt.date.min) < (final.due_on or dt.date.max):
            wrong["interim"] = _("分解目标的期限要晚于起算日，早于终期。")
    for step in steps or ():
        if not 0 < Decimal(step.weight) < 1000:
            wrong["steps"] = _("节点权重要大于 0，小于 1000。")
    return wrong


def _final_problems(terms: Terms, final: Target) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if final.due_on is None or final.due_on <= final.from_on:
        wrong["due_on"] = _("期限要晚于起算日 %(day)s。") % {"day": final.from_on.isoformat()}
    if terms.item.kind == Item.Kind.TASK:
        return wrong
    if final.value is None and final.comparator != Target.Comparator.RELATIVE:
        wrong["value"] = _("请填写目标值。")
    if final.value_high is not None and (final.comparator != Target.Comparator.BETWEEN or final.value is None or final.value_high < final.value):
        wrong["value_high"] = _("上限只用于区间，且不小于下限。")
    if final.comparator == Target.Comparator.BETWEEN and final.value_high is None:
        wrong["value_high"] = _("区间要填写上限。")
    if final.offset and final.comparator != Target.Comparator.RELATIVE:
        wrong["offset"] = _("只有“与参照相比”才有差值。")
    if terms.average and terms.reading == Terms.Reading.INCREASE:
        wrong["average"] = _("增量不取年均。")
    if final.tolerance is not None and not 0 <= final.tolerance < 1000:
        wrong["tolerance"] = _("容差不能为负。")
    if "value" not in wrong and _falls_short(terms, final):
        wrong["value"] = _("目标不如基数 %(baseline)s，请核对两数和单位。") % {"baseline": f"{terms.baseline.normalize():f}" if terms.baseline else 0}
    if terms.baseline is not None and terms.baseline_on is None:
        wrong["baseline_on"] = _("请填写基数的日期。")
    return wrong


def _falls_short(terms: Terms, final: Target) -> bool:
    """Whether the target lies behind the baseline, seen from its good side: there would be nothing to travel."""
    if terms.baseline is None or final.value is None or terms.reading != Terms.Reading.VALUE or terms.accrual == Terms.Accrual.HELD:
        return False
    if final.comparator == Target.Comparator.AT_LEAST and final.better != Target.Better.DOWN:
        return bool(Decimal(final.value) < Decimal(terms.baseline))
    if final.comparator == Target.Comparator.AT_MOST and terms.accrual == Terms.Accrual.LEVEL:
        return bool(Decimal(final.value) > Decimal(terms.baseline))
    return False
