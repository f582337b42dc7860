"""What an alert says beside its rule, in the page's language."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _t

from people.language import in_language
from people.prepared import PreparedOfIds
from plans.models import Conflict, Step
from tracker import formats
from tracker.models import Alert
from tracker.models.standings import Light

Rule = Alert.Rule
STEP = "step:"


def step_names(subjects: Iterable[str]) -> dict[str, str]:
    """The names of the steps among these subjects of alerts. 1 statement."""
    keys = [int(subject.removeprefix(STEP)) for subject in subjects if subject.startswith(STEP)]
    return {f"{STEP}{key}": in_language(name, name_en) for key, name, name_en in _steps(ids=keys)}


_steps = PreparedOfIds(lambda steps: Step.objects.filter(pk__in=steps).order_by().values_list("pk", "name", "name_en"))


def detail(rule: str, facts: Mapping[str, Any], period: str = "", step: str = "") -> str:
    """What an alert says beside its rule: the gap, the forecast, the day that has passed. `step`: a step's name in the page's language."""
    told = {
        Rule.LAGGING: _lagging,
        Rule.WILL_MISS: _forecast,
        Rule.CONFLICT: lambda facts: str(Conflict.Kind(facts["kind"]).label) if facts.get("kind") else "",
        Rule.STEP_OVERDUE: lambda facts: _t("“%(step)s”应于 %(day)s 完成") % {"step": step or facts.get("name", ""), "day": _day(facts)},
        Rule.DUE_SOON: lambda facts: _t("%(day)s截止") % {"day": _day(facts)},
        Rule.OVERDUE: lambda facts: _t("应于 %(day)s 报送") % {"day": _day(facts)},
        Rule.REVIEW_OVERDUE: lambda facts: _t("应于 %(day)s 办结") % {"day": _day(facts)},
        Rule.TOTAL_FELL: lambda facts: (
            _t("由 %(before)s 降为 %(value)s") % {"before": formats.number(facts.get("before")), "value": formats.number(facts.get("value"))}
        ),
    }.get(Rule(rule))
    words = told(facts) if told and facts else ""
    return "　".join(part for part in (period, words) if part)


def _lagging(facts: Mapping[str, Any]) -> str:
    name = str(Light(facts["light"]).label) if facts.get("light") else ""
    gap = formats.signed(facts.get("gap"))
    return "　".join(part for part in (name, f"{gap} {formats.gap_unit(facts.get('gap_in') or 'share')}" if gap else "") if part)


def _forecast(facts: Mapping[str, Any]) -> str:
    figures = {"value": formats.number(facts.get("forecast"), 1), "target": formats.number(facts.get("target"))}
    return _t("照此进度到期 %(value)s，目标 %(target)s") % figures if figures["value"] else ""


def _day(facts: Mapping[str, Any]) -> str:
    return formats.day(dt.date.fromisoformat(facts["due"])) if facts.get("due") else ""
