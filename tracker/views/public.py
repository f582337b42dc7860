"""公开: the published plans for everybody, without signing in and without results."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from people import clock
from people.access import entry
from tracker.queries import public as queries


@entry(public=True)
def public_plans(request: HttpRequest) -> HttpResponse:
    day = clock.day_of(request.now, settings.TIME_ZONE)
    return render(request, "tracker/public_plans.html", {"plans": queries.public_plans(day)})


@entry(public=True)
def public_plan(request: HttpRequest, code: str) -> HttpResponse:
    day, asked = clock.day_of(request.now, settings.TIME_ZONE), request.GET.get("version", "")
    found = queries.public_plan(code, day, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None)
    if found is None:
        raise Http404
    rows = [(goal, [(item, promise(item)) for item in items]) for goal, items in found.goals]
    return render(request, "tracker/public_plan.html", {"plan": found, "goals": rows})


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
