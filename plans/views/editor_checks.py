"""核对: the check list of a draft, each line to its row; and the leads that published plans propose."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import entry
from people.models import Role
from plans import checking
from plans.checking import Check, check_list
from plans.editing import doubts
from plans.editing.items import lead_each
from plans.editing.proposing import lead_proposals
from plans.editing.rights import NotAllowed, Wrong
from plans.models import Plan
from plans.queries.editor import items_of
from plans.views.editor import of_draft


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
@of_draft
def editor_checks(request: HttpRequest, plan: Plan) -> HttpResponse:
    """A POST answers one line with a reason, or takes the answer back."""
    if request.method == "GET":
        return _page(request, plan)
    kind, item, reason = request.POST.get("kind", ""), request.POST.get("item", ""), request.POST.get("reason", "")
    line = next((one for one in check_list(plan) if one.kind == kind and str(one.item) == item), None)
    if line is None:
        raise Http404
    try:
        if line.kind == Check.DOUBT and request.POST.get("do") == "confirm":
            doubts.confirm(plan, items_of(plan, [item]), request.person, request.now)
            return redirect(reverse("editor-checks", args=[plan.code]) + f"#{kind}")
        if request.POST.get("do") != "back" and not reason.strip():
            return _page(request, plan, 422, at=line, wrong=_("请写明理由。"))
        checking.answer(plan, line, "" if request.POST.get("do") == "back" else reason, request.person, request.now)
    except Wrong as why:
        return _page(request, plan, 422, at=line, wrong=" ".join(why.fields.values()), typed=reason)
    except NotAllowed as why:
        return _page(request, plan, 422, at=line, wrong=str(why), typed=reason)
    return redirect(reverse("editor-checks", args=[plan.code]) + f"#{kind}")


def _page(request: HttpRequest, plan: Plan, status: int = 200, **said: Any) -> HttpResponse:
    lines = check_list(plan)
    groups = [(kind, [line for line in lines if line.kind == kind and line.is_open]) for kind in Check]
    context = {
        "plan": plan, "groups": [(kind, found) for kind, found in groups if found], "answered": [line for line in lines if not line.is_open],
        "open": sum(line.is_open for line in lines), "items": plan.items.count(), "must": sum(line.must for line in lines), **said,
    }  # fmt: skip
    return render(request, "plans/editor_checks.html", context, status=status)


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
@of_draft
def editor_leads(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Leads of published plans for items without one; accepted all at once, or those that were ticked."""
    found = lead_proposals(plan)
    if request.method == "GET":
        return render(request, "plans/editor_leads.html", {"plan": plan, "found": found})
    picked = set(request.POST.getlist("pick"))
    taken = {one.item: one.lead.pk for one in found if str(one.item.pk) in picked}
    try:
        lead_each(plan, taken, request.person, request.now)
    except NotAllowed as why:
        return render(request, "plans/editor_leads.html", {"plan": plan, "found": found, "wrong": str(why)}, status=422)
    return redirect(reverse("plan-editor", args=[plan.code]) + f"?did=leads-{len(taken)}")
