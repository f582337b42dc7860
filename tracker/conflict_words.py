"""What a conflict is about, in a sentence: the words of who read it, or those of the rule that found it with its figures."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.language import in_language
from plans.models import Conflict
from tracker import formats, wording

Rule = Conflict.Rule
WORDS: dict[str, Any] = {
    Rule.SAME: _("同一指标，同一期限，一处折合 %(a)s，一处折合 %(b)s。"),
    Rule.WORDED: _("同为 %(a)s，叫法不同，所指的主体或范围可能不同。"),
    Rule.RATE: _("当年目标 %(a)s，低于多年目标的年均 %(b)s。"),
    Rule.PACE: _("当年增加 %(a)s，多年目标 %(years)s 年共增加 %(b)s，按年均推算不合。"),
    Rule.EARLY: _("当年目标 %(a)s，已达到或超过多年目标 %(b)s。"),
    Rule.STEP: _("当年目标 %(a)s，多年目标 %(b)s，可为先后两步，文中未写明。"),
    Rule.SIMILAR: _("名称相近，单位相同，一处为 %(a)s，一处为 %(b)s，主体、分母或范围可能不同。"),
    Rule.TWICE: _("同一件事列了两次，一处为 %(a)s，一处为 %(b)s。"),
    Rule.PARTS: _("总数为 %(a)s，%(n)s 项分项合计为 %(b)s。"),
    Rule.SHARES: _("同一总体的 %(n)s 项占比合计为 %(b)s，超过100%%。"),
    Rule.BASE: _("约定的基数为 %(a)s，文中同一日期的数为 %(b)s。"),
}


def why(conflict: Conflict) -> str:
    """In the language of the page."""
    if conflict.why or conflict.rule not in WORDS:
        return in_language(conflict.why, conflict.why_en)
    facts = conflict.facts
    figures = {side: _figure(facts.get(side, ""), facts.get("unit", "")) for side in "ab"}
    return str(WORDS[conflict.rule]) % {"n": facts.get("n", ""), "years": facts.get("years", ""), **figures}


def _figure(text: str, unit: str) -> str:
    """A figure, a day, or 未写数量 where a side has none."""
    if not text:
        return _t("未写数量")
    if text.count("-") == 2 and len(text) == len("2022-12-31"):
        return str(formats.full_day(dt.date.fromisoformat(text)))
    return wording.with_unit(formats.number(Decimal(text)), unit)
