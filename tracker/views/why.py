"""为什么: a light explained, of an item or a node, as it stands or as a period reported it (?period=2022Q2)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from people.access import Person, entry
from people.language import speaks_english
from plans.arithmetic.reasons import show
from plans.arithmetic.spans import six
from plans.arithmetic.workings import LABELS
from tracker import formats, why_words, wording
from tracker.beside import words_of
from tracker.components import band
from tracker.models import Standing
from tracker.models.standings import Light
from tracker.queries import why_node
from tracker.queries.item import band_of
from tracker.queries.looking import Look
from tracker.queries.parts import shared
from tracker.queries.why import ItemWhy, item_why
from tracker.queries.why_node import Member, NodeWhy


@dataclass(frozen=True)
class Line:
    """A line of the sum: its name, the day that it is about, what to type into a calculator and what comes out."""

    label: str
    day: str
    sum: str
    result: str


@dataclass(frozen=True)
class MemberRow:
    """An item of a node's sum, its figures as written; `factor`: what a point counts, "" where the gap is one of the way."""

    plan: str
    code: str
    name: str
    lead: str
    binding: bool
    light: str
    attained: str
    expected: str
    taken: str
    gap: str
    factor: str
    weight: str
    weighed: str
    beside: SafeString


@entry()
def item(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    page = None if "\0" in plan + code else item_why(person, plan, code, request.now, _asked(request))  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    kind = why_words.kind_of(page.terms, page.target)
    standing = page.standing
    shown = {
        "page": page, "standing": standing, "facts": page.facts, "lines": _lines(page), "rule": why_words.rule_words(kind),
        "decided": why_words.decided_by(standing) if standing else "", "number_line": _number_line(standing), "target": _target(page), "steps": list(_steps(page)), "beside": words_of(page.judged, page.disputed, page.uncheckable),
        "reason": page.facts.get("reason_en" if speaks_english() else "reason_zh") or "", "gap": _gap(standing, page),
        "estimate": page.facts.get("value_state") == "estimate", "value": _value(page), "expected": _expected(page), "zone": person.user.government.zone, "marks": [wording.mark(word) for word in standing.marks] if standing else [],
        "shared": shared(person, page.item, page.terms, page.target, page.look) if standing else None, **_readings(page.look, reverse("item-why", args=[plan, code])),
    }  # fmt: skip
    return render(request, "tracker/why.html", shown)


@entry()
def plan(request: HttpRequest, code: str) -> HttpResponse:
    return _node(request, why_node.plan_why(request.person, code, request.now, _asked(request)), reverse("plan-why", args=[code]), reverse("plan", args=[code]))


@entry()
def goal(request: HttpRequest, code: str, goal: str) -> HttpResponse:
    page = why_node.goal_why(request.person, code, goal, request.now, _asked(request))
    return _node(request, page, reverse("goal-why", args=[code, goal]), f"{reverse('plan', args=[code])}#{goal}")


@entry()
def department(request: HttpRequest, code: str) -> HttpResponse:
    page = why_node.department_why(request.person, code, request.now, _asked(request))
    return _node(request, page, reverse("department-why", args=[code]), reverse("department", args=[code]))


@entry()
def government(request: HttpRequest) -> HttpResponse:
    return _node(request, why_node.government_why(request.person, request.now, _asked(request)), reverse("overview-why"), reverse("overview"))


def _asked(request: HttpRequest) -> str:
    """The period whose closing is asked for; "" for today."""
    return request.GET.get("period", "").replace("\0", "")


def _readings(seen: Look, here: str) -> Mapping[str, Any]:
    """As it stands and as each closed period reported it, each with its address; which of them is shown."""
    closed = dict.fromkeys((run.closes.occasion, run.closes.title) for run in seen.closed if run.closes)
    period = seen.period
    return {"look": seen, "here": here, "closed": list(closed), "period": period, "query": f"?period={period.occasion}" if period else ""}


def _node(request: HttpRequest, page: NodeWhy | None, here: str, back: str) -> HttpResponse:
    if page is None:
        raise Http404
    standing = page.standing
    shown = {
        "page": page, "standing": standing, "number_line": _number_line(standing, "node"), "decided": why_words.decided_by(standing),
        "members": [_row(one) for one in page.short[: why_node.SHOWN]], "rest": page.short[why_node.SHOWN :], "level": len(page.summed) - len(page.short),
        "level_weight": show(page.weight - sum(Fraction(one.weight) for one in page.short)), "weight": show(page.weight), "taken": _signed(page.taken),
        "sum": _sum(page), "red_sum": _red_sum(page), "back": back, **_readings(page.look, here),
    }  # fmt: skip
    return render(request, "tracker/why_node.html", shown)


def _row(one: Member) -> MemberRow:
    points = one.factor is not None
    return MemberRow(
        one.plan, one.code, one.name, one.lead, one.binding, one.light, formats.percent(six(one.attained), 2), formats.percent(six(one.expected), 2),
        _signed(one.taken or 0), _signed(one.gap) if points else "", show(one.factor) if points else "", show(one.weight), _signed(one.weighed), words_of(one.judged, one.disputed),
    )  # fmt: skip


def _sum(page: NodeWhy) -> str:
    """−123.4 ÷ 20 = −6.17: the last line of the node's sum."""
    return "" if page.gap is None else f"{_signed(page.taken)} ÷ {show(page.weight)} = {_signed(page.gap)}"


def _signed(number: Any) -> str:
    return show(number).replace("-", formats.MINUS)


def _red_sum(page: NodeWhy) -> str:
    """5 ÷ 100 = 5.0%: the weight of red items of all that is summed."""
    if not page.red:
        return ""
    return f"{show(page.red_weight)} ÷ {show(page.weight)} = {formats.percent(formats.exact(show(page.red_share)))}"


def _number_line(standing: Standing | None, gap_in: str = "") -> SafeString | str:
    """The bands with the gap on them; nothing where there is no gap."""
    limits = band_of(standing.facts) if standing else None
    if standing is None or limits is None or standing.gap is None:
        return ""
    return band(standing.gap, limits[0], limits[1], gap_in or standing.gap_in, label=_("差距"))


def _lines(page: ItemWhy) -> list[Line]:
    words = LABELS["en" if speaks_english() else "zh"]
    return [Line(words[one.what], formats.full_day(one.day), _typed(one.sum), _typed(show(one.result))) for one in page.sum.lines]


def _typed(sum_: str) -> str:
    """With the minus sign of the pages."""
    return sum_.replace("-", formats.MINUS)


@dataclass(frozen=True)
class StepLine:
    """A step as the standing kept it, its name in the page's language."""

    name: str
    weight: str
    due: dt.date | None
    done: dt.date | None


def _steps(page: ItemWhy) -> Iterable[StepLine]:
    kept = page.facts.get("steps") or []
    names = {step.name: str(step) for step in page.terms.steps.all()} if kept else {}
    for step in kept:
        due, done = (dt.date.fromisoformat(step[name]) if step.get(name) else None for name in ("due", "done"))
        yield StepLine(names.get(step["name"], step["name"]), step.get("weight", ""), due, done)


def _target(page: ItemWhy) -> str:
    return wording.target(page.target.__dict__) if page.target else ""


def _gap(standing: Standing | None, page: ItemWhy) -> str:
    """−12.0 百分点, with its sign."""
    if standing is None or standing.gap is None or standing.light in (Light.NOT_DUE, Light.GREY):
        return ""
    return f"{formats.signed(standing.gap)} {formats.gap_unit(standing.gap_in)}"


def _value(page: ItemWhy) -> str:
    figure, unit = wording.reached(page.facts)
    return f"{figure} {unit}" if unit and unit not in wording.CLOSE else f"{figure}{unit}"


def _expected(page: ItemWhy) -> str:
    """What the path expects on the day judged; of what is held nothing but the target."""
    value = formats.exact(page.facts.get("expected_value"))
    return "" if value is None else wording.with_unit(formats.number(value, min(formats.places_of([value]), 2)), page.facts.get("unit") or "")
