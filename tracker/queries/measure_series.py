"""A measure's series through the years, and how each promise that reads it is judged, a sentence each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from plans.models import Measure, PastResult, Terms
from tracker import formats, why_words, wording
from tracker.models import ProgressReport, Standing
from tracker.models.standings import Light
from tracker.queries.looking import Look
from tracker.queries.rows import ItemRow


@dataclass(frozen=True)
class Point:
    """A figure of the series. `state`: 预计, 快报, 核定, or where a document states it; `struck`: a correction took its place."""

    on: dt.date
    value: Decimal
    state: str
    where: str
    struck: bool = False


@dataclass(frozen=True)
class Told:
    """A promise that reads the measure, with its light and the sentence that says how it is judged."""

    row: ItemRow
    sentence: str


def series(measure: Measure) -> list[Point]:
    """Every accepted figure in every state, and what documents state, the latest first. 3 statements."""
    past = [Point(r.on, r.value, str(_("文中载明")), r.locator) for r in PastResult.objects.filter(measure=measure)]
    bases = Terms.objects.published().filter(item__measure=measure, baseline__isnull=False).values_list("baseline_on", "baseline", "locator").distinct()
    known = {p.on for p in past}
    first: dict[dt.date, Point] = {}
    for on, value, where in bases:
        if on is not None and value is not None and on not in known:
            first.setdefault(on, Point(on, value, str(_("约定的基数")), where))
    reports = list(
        ProgressReport.objects.filter(measure=measure).accepted().filter(value__isnull=False).select_related("period__cycle").order_by("cut_off", "pk")
    )
    struck = {r.corrects_id for r in reports if r.corrects_id}
    told = [Point(r.cut_off or r.period.end, r.value, str(r.get_data_state_display()), r.period.title, r.pk in struck) for r in reports if r.value is not None]
    return sorted([*past, *first.values(), *told], key=lambda p: p.on, reverse=True)


def told(items: list[ItemRow], look: Look) -> list[Told]:
    """Each promise with its own rule in a sentence. 2 statements."""
    standings = {
        s.item_id: s for s in Standing.objects.at(look.number).filter(item__in=[i.item for i in items]).select_related("terms__item", "target", "report")
    }
    return [Told(row, sentence(standings.get(row.item))) for row in items]


def sentence(standing: Standing | None) -> str:
    """From what, to what, by when, how far it is and how far it should be."""
    if standing is None or standing.terms is None or standing.facts.get("steps") is not None:
        return ""
    facts, unit = standing.facts, wording.unit(standing.facts.get("unit") or "")
    kind = why_words.kind_of(standing.terms, standing.target)
    total = standing.report.value if standing.report else None
    value = formats.exact(facts.get("value"))
    words = {
        "value": figure(value, unit), "start": figure(facts.get("start"), unit), "target": figure(facts.get("target"), unit), "added": figure(value, unit),
        "due": day(facts.get("due")), "on": day(facts.get("cut_off")), "gap": formats.signed(standing.gap), "share": formats.percent(standing.attainment),
        "expected": formats.percent(standing.expected),
    }  # fmt: skip
    if facts.get("value") is None or standing.attainment is None:
        return str(_("还没有可以判的数：目标 %(target)s，%(due)s前。") % words)
    if kind == "increase" and total is not None and value is not None:
        words |= {"value": figure(total, unit), "start": figure(total - value, unit)}
        return str(
            _("只算增量：截至 %(on)s累计 %(value)s，减去期初 %(start)s得 %(added)s，占目标 %(target)s的 %(share)s，应为 %(expected)s，差距 %(gap)s。") % words
        )
    if kind in ("cumulative", "level"):
        return str(_("从 %(start)s走到 %(target)s（%(due)s）：截至 %(on)s为 %(value)s，走了 %(share)s，应走 %(expected)s，差距 %(gap)s。") % words)
    return str(_("每期直接比目标 %(target)s：截至 %(on)s为 %(value)s，差距 %(gap)s。") % words)


def figure(value: Any, unit: str) -> str:
    return "" if value is None else f"{formats.number(value)}{'' if unit in wording.CLOSE else ' '}{unit}".strip()


def day(text: str | None) -> str:
    return str(formats.full_day(dt.date.fromisoformat(text))) if text else ""


def differing(items: Iterable[ItemRow], look: Look) -> str:
    """Why the lights are not all the same: what differs among the promises; "" where they are, or where there is one alone. 1 statement."""
    rows = [i for i in items if i.light]
    if len({i.light for i in rows}) < 2:
        return ""
    standings = list(Standing.objects.at(look.number).filter(item__in=[i.item for i in rows]).select_related("terms"))
    asked = [(s.terms.reading, s.facts) for s in standings if s.terms is not None]
    reasons = (
        (_("读法（总量或增量）"), {reading for reading, _f in asked}), (_("起点"), {f.get("start") for _r, f in asked}), (_("目标"), {f.get("target") for _r, f in asked}),
        (_("期限"), {f.get("due") for _r, f in asked}),
    )  # fmt: skip
    named = _("、").join(str(word) for word, found in reasons if len(found) > 1)
    lights = _("、").join(str(Light(light).label) for light in dict.fromkeys(i.light for i in rows))
    return str(_("同一个数，亮灯有%(lights)s：%(reasons)s不同，各按各的约定判。") % {"lights": lights, "reasons": named})
