"""What an amendment changes, field by field, in the page's language: old → new."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from plans.models import Amendment, Bands, Step, Support, Target, Terms

NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One field of one item: its name, its old and its new words."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ItemChanges:
    """What becomes of an item: its terms before and at the amendment, and each field that differs."""

    old: Terms | None
    new: Terms
    differences: list[Difference]


def plain(value: Any) -> str:
    """A value of a field as words: numbers without trailing zeros, days as they are written in tables, – for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _chosen(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, f"get_{name}_display")() if getattr(row, name) else ""


TERMS: tuple[tuple[str, Any, Callable[[Terms], Any]], ...] = (
    ("name", _t("名称"), lambda t: t.name),
    ("name_en", _t("英文名称"), lambda t: t.name_en),
    ("goal", _t("所属板块"), lambda t: t.goal),
    ("lead", _t("牵头"), lambda t: t.lead),
    ("leader", _t("包联领导"), lambda t: t.leader.name if t.leader else ""),
    ("weight", _t("权重"), lambda t: t.weight),
    ("binding", _t("约束性"), lambda t: t.binding),
    ("accrual", _t("类型"), _chosen("accrual")),
    ("reading", _t("读数"), _chosen("reading")),
    ("average", _t("年均"), _chosen("average")),
    ("baseline", _t("基数"), lambda t: t.baseline),
    ("baseline_on", _t("基数日期"), lambda t: t.baseline_on),
    ("profile", _t("序时路径"), _chosen("profile")),
    ("shares", _t("分期比例"), lambda t: t.shares),
    ("path_approved", _t("路径经批准"), lambda t: t.path_approved),
    ("adding", _t("怎样合成总数"), _chosen("adding")),
    ("acceptance", _t("验收标准"), lambda t: t.acceptance),
    ("locator", _t("出处"), lambda t: t.locator),
    ("basis", _t("责任来源"), _chosen("basis")),
    ("withdrawn", _t("撤销"), lambda t: t.withdrawn),
    ("merged_into", _t("并入"), lambda t: t.merged_into.code if t.merged_into else ""),
)
FINAL: tuple[tuple[str, Any, Callable[[Target], Any]], ...] = (
    ("comparator", _t("比较方式"), _chosen("comparator")),
    ("value", _t("目标值"), lambda t: t.value),
    ("value_high", _t("上限"), lambda t: t.value_high),
    ("unit", _t("单位"), lambda t: t.unit),
    ("from_on", _t("起算日"), lambda t: t.from_on),
    ("due_on", _t("期限"), lambda t: t.due_on),
    ("tolerance", _t("容差"), lambda t: t.tolerance),
    ("against", _t("参照指标编号"), lambda t: t.against.code if t.against else ""),
    ("offset", _t("与参照值之差"), lambda t: t.offset),
    ("better", _t("好的方向"), _chosen("better")),
    ("firm", _t("力度"), _chosen("firm")),
    ("words", _t("原文用语"), lambda t: t.words),
    ("note", _t("附注"), lambda t: t.note),
)
RELATED = ("goal", "lead", "leader", "merged_into", "item__measure", "amendment")
PARTS = (Prefetch("targets", Target.objects.select_related("against")), "steps", Prefetch("supports", Support.objects.select_related("department")))


def changes_of(amendment: Amendment) -> list[ItemChanges]:
    """Every item of an amendment with its fields that differ from the version before, in the order of the plan. 8 statements."""
    new = list(Terms.objects.filter(amendment=amendment).select_related(*RELATED).prefetch_related(*PARTS).order_by("item__position", "item__code"))
    before = Terms.objects.filter(item__in=[t.item_id for t in new], published_at__isnull=False, from_on__lt=amendment.from_on)
    old = {
        t.item_id: t
        for t in before.select_related(*RELATED).prefetch_related(*PARTS).order_by("from_on", "amendment__number")
        if t.amendment_id != amendment.pk
    }
    return [ItemChanges(old.get(t.item_id), t, differences(old.get(t.item_id), t)) for t in new]


def differences(old: Terms | None, new: Terms) -> list[Difference]:
    """Every field in which two versions of an item differ. Their parts are read already."""
    if old is None:
        return []
    found = [Difference(name, str(label), plain(read(old)), plain(read(new))) for name, label, read in TERMS]
    finals = [final_of(old), final_of(new)]
    if finals[0] and finals[1]:
        found += [Difference(name, str(label), plain(read(finals[0])), plain(read(finals[1]))) for name, label, read in FINAL]
    lists = (("interim", _("分解目标"), interim_words), ("steps", _("节点"), step_words), ("supports", _("配合"), support_words))
    found += [Difference(name, label, words(old) or NOTHING, words(new) or NOTHING) for name, label, words in lists]
    return [one for one in found if one.old != one.new]


def final_of(terms: Terms) -> Target | None:
    finals = [t for t in terms.targets.all() if t.role == Target.RoleInPath.FINAL]
    return max(finals, key=lambda t: t.due_on or dt.date.min, default=None)


def interim_words(terms: Terms) -> str:
    rows = sorted((t for t in terms.targets.all() if t.role == Target.RoleInPath.INTERIM and t.due_on), key=lambda t: (t.due_on, t.pk))
    return _("；").join(f"{plain(t.due_on)} {plain(t.value)}" for t in rows)


def step_words(terms: Terms) -> str:
    steps: Iterable[Step] = sorted(terms.steps.all(), key=lambda s: s.position)
    return _("；").join(f"{s} {plain(s.due_on)} ×{plain(s.weight)}" for s in steps)


def support_words(terms: Terms) -> str:
    return _("、").join(sorted(f"{s.department}{f'（{s.part}）' if s.part else ''}" for s in terms.supports.all()))


def bands_on(plan: int, day: dt.date, besides: int = 0) -> dict[str, Bands]:
    """The bands of a plan in force on a day, by kind, those of the amendment `besides` left out. 1 statement."""
    rows = Bands.objects.filter(plan=plan, amendment__state=Amendment.State.PUBLISHED, amendment__from_on__lte=day).exclude(amendment=besides)
    return {b.kind: b for b in rows.order_by("amendment__from_on", "amendment__number")}


def band_differences(amendment: Amendment) -> list[Difference]:
    """The limits that an amendment moves, by kind. 2 statements."""
    old = bands_on(amendment.plan_id, amendment.from_on, amendment.pk)
    said: list[Difference] = []
    for band in amendment.bands.all():
        before = old.get(band.kind)
        said.append(Difference(band.kind, str(band.get_kind_display()), _limits(before), _limits(band)))
    return [one for one in said if one.old != one.new]


def _limits(band: Bands | None) -> str:
    return _("绿灯 ≥ %(green)s，黄灯 ≥ %(yellow)s") % {"green": plain(band.green_from), "yellow": plain(band.yellow_from)} if band else NOTHING
