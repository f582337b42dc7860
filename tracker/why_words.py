"""What a light's explanation says in words: how targets of each kind are judged, and which rule decided."""

from typing import Any

from django.utils.translation import gettext as _

from people.language import speaks_english
from plans.arithmetic.reasons import WHY
from plans.models import Item, Target, Terms
from tracker import formats
from tracker.models import Standing

Comparator = Target.Comparator


def kind_of(terms: Terms, target: Target | None) -> str:
    """The kind of target, as the pages of docs/judging are named."""
    if terms.item.kind == Item.Kind.TASK:
        return "task"
    if terms.average:
        return "average"
    if terms.reading == Terms.Reading.GROWTH:
        return "growth"
    comparator = target.comparator if target else ""
    if comparator == Comparator.RELATIVE:
        return "relative"
    if comparator == Comparator.BETWEEN:
        return "between"
    if terms.accrual == Terms.Accrual.HELD:
        return "held"
    if terms.accrual == Terms.Accrual.CUMULATIVE and (comparator == Comparator.AT_MOST or (target and target.better == Target.Better.DOWN)):
        return "ceiling"
    return "increase" if terms.reading == Terms.Reading.INCREASE else str(terms.accrual)


def rule_words(kind: str) -> str:
    """How targets of a kind are judged, in one or two sentences."""
    return {
        "cumulative": _("累计数从起点走向目标：完成率是已走的份额，序时进度是到判定日应走的份额，两者之差定灯。累计达到目标即为完成。"),
        "increase": _("从期初起的增量走向目标：累计数先减去期初数，再与应有的增量相比。"),
        "level": _("数值从起点变到目标：按已变化的份额与应变化的份额之差定灯。到期后以末期数据定是否完成。"),
        "held": _("每期的数直接与目标相比，不按时间摊：符合即正常，不符合的按差多少定灯。到期且末期数据符合才算完成。"),
        "growth": _("先算出比基数增长多少，再直接与目标相比，不按时间摊。"),
        "average": _("只算满年的平均数，直接与目标相比；未满一年时暂无数据。"),
        "relative": _("与同一日期的参照值相比，按最近一对数判；一方的数还没出来时等它。"),
        "between": _("进入区间即符合；在区间之外的，按到较近一端的距离定灯。"),
        "ceiling": _("累计数不得超过上限：在上限以内即正常，一旦突破不再转好。"),
        "task": _("按节点的权重算：已完成节点的份额与日期已过节点的份额之差定灯。全部完成即为完成，最后一个节点过期未完成即为滞后。"),
    }[kind]


def decided_by(standing: Standing) -> str:
    """Which rule gave the light, in words; of a band where the gap lies."""
    facts: dict[str, Any] = standing.facts
    why = facts.get("why") or ""
    if why != "band":
        words = WHY["en" if speaks_english() else "zh"].get(why, "")
        return words.format(silent=facts.get("silent", 0))
    bands = facts.get("bands") or {}
    numbers = {"green": formats.number(bands.get("green")), "yellow": formats.number(bands.get("yellow")), "gap": formats.signed(standing.gap)}
    return _("差距 %(gap)s：不低于 %(green)s 为正常，不低于 %(yellow)s 为偏慢，再低为滞后") % numbers
