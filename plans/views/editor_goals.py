"""The tree of a draft: headings added, named, moved and deleted, each by a form of its own."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from people.access import entry
from people.form_keys import once
from people.models import Role
from plans.editing import goals
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.models import Goal, Plan
from plans.queries.editor import goal_of
from plans.views.editor import of_draft


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
@of_draft
def editor_goal(request: HttpRequest, plan: Plan, key: str) -> HttpResponse:
    """A heading's form: 'new' for a new one, under `?parent=`."""
    goal = None if key == "new" else goal_of(plan, key)
    if key != "new" and goal is None:
        raise Http404
    if request.method == "GET":
        return _form(request, plan, goal)
    try:
        return redirect(_done(request, plan, goal))
    except Overtaken as why:
        now = goal_of(plan, key)
        return _form(request, plan, now, 409, wrong=str(why), typed=request.POST, clash=now)
    except Wrong as why:
        return _form(request, plan, goal, 422, errors=why.fields, typed=request.POST)
    except NotAllowed as why:
        return _form(request, plan, goal, 422, wrong=str(why), typed=request.POST)


def _done(request: HttpRequest, plan: Plan, goal: Goal | None) -> str:
    """Does what the form says; where to go then."""
    do, title, title_en = request.POST.get("do", "save"), request.POST.get("title", ""), request.POST.get("title_en", "")
    parent, by, at = goal_of(plan, request.POST.get("parent", "")), request.person, request.now
    here = reverse("plan-editor", args=[plan.code])
    if goal is None:
        made = once(by.user, request.POST.get("key", "") or secrets.token_hex(16), lambda: goals.add_goal(plan, parent, title, by, at, title_en).path)
        return f"{here}?goal={made}"
    if do == "delete":
        goals.delete_goal(goal, by, at)
        return here
    if do in ("up", "down"):
        goals.shift_goal(goal, by, at, up=do == "up")
    else:
        version = request.POST.get("version", "")
        if (title, title_en) != (goal.title, goal.title_en):
            goals.change_goal(goal, title, title_en, by, at, int(version) if version.isdigit() else -1)
        if "parent" in request.POST and (parent.pk if parent else None) != goal.parent_id:
            goals.move_goal(goal, parent, by, at)
    goal.refresh_from_db()
    return f"{here}?goal={goal.path}"


def _form(request: HttpRequest, plan: Plan, goal: Goal | None, status: int = 200, **said: object) -> HttpResponse:
    others = [one for one in plan.goals.order_by("path") if goal is None or not one.path.startswith(goal.path)]
    parent = request.GET.get("parent", "") or (str(goal.parent_id) if goal and goal.parent_id else "")
    context = {"plan": plan, "goal": goal, "others": others, "parent": parent, "key": secrets.token_hex(16), **said}
    return render(request, "plans/editor_goal.html", context, status=status)
