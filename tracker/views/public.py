"""公开: the published plans for everybody, without signing in and without results."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import clock
from people.access import entry
from tracker import exporting
from tracker.queries import public as queries

PLANS = (
    gettext_lazy("规划"),
    gettext_lazy("文件"),
    gettext_lazy("发文机关"),
    gettext_lazy("文号"),
    gettext_lazy("起"),
    gettext_lazy("止"),
    gettext_lazy("事项"),
    gettext_lazy("第几次调整"),
)
ITEMS = (
    gettext_lazy("板块"),
    gettext_lazy("编码"),
    gettext_lazy("事项"),
    gettext_lazy("目标"),
    gettext_lazy("期限"),
    gettext_lazy("牵头"),
    gettext_lazy("配合"),
)


@entry(public=True)
def public_plans(request: HttpRequest) -> HttpResponse:
    found = queries.public_plans(clock.day_of(request.now, settings.TIME_ZONE))
    if kind := exporting.asked(request):
        return exporting.file_response(kind, "plans", _("公布的规划"), PLANS, map(plan_record, found))
    return render(request, "tracker/public_plans.html", {"plans": found})


@entry(public=True)
def public_plan(request: HttpRequest, code: str) -> HttpResponse:
    day, asked = clock.day_of(request.now, settings.TIME_ZONE), request.GET.get("version", "")
    found = queries.public_plan(code, day, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None)
    if found is None:
        raise Http404
    if kind := exporting.asked(request):
        return exporting.file_response(kind, code, found.title, ITEMS, map(item_record, found.body["items"]))
    rows = [(goal, [(item, promise(item)) for item in items]) for goal, items in found.goals]
    return render(request, "tracker/public_plan.html", {"plan": found, "goals": rows})


def plan_record(plan: queries.PublicPlan) -> Sequence[Any]:
    """A published plan, as PLANS heads it."""
    body, paper = plan.body, plan.body["document"]
    return (
        plan.title,
        paper["title"],
        paper["issuer"],
        paper["number"],
        *map(dt.date.fromisoformat, (body["start"], body["end"])),
        len(body["items"]),
        plan.version.number,
    )


def item_record(item: dict[str, Any]) -> Sequence[Any]:
    """A published item, as ITEMS heads it."""
    due = dt.date.fromisoformat(item["targets"][-1]["due"])
    return " / ".join(item["goal"]), item["code"], item["name"], promise(item), due, item["lead"], "、".join(item["supporting"])


def promise(item: dict[str, Any]) -> str:
    """What a published item promises, in one line: its number, or its last step, and by when."""
    target = item["targets"][-1]
    due = target["due"][:7].replace("-", ".")
    if target["value"] is None:
        return _("%(due)s 前完成") % {"due": due} if item["kind"] == "task" else (target["words"] or _("与参照相比"))
    unit = item["unit"] or ""
    if target["value_high"]:
        return f"{target['value']}～{target['value_high']} {unit}"
    words = {"at_least": "≥", "at_most": "≤", "about": _("约"), "exactly": "="}.get(target["comparator"], "")
    return f"{words} {target['value']} {unit}".strip()
