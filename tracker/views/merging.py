"""撤并: what a department holds, where it goes, and the confirmation by another person."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from people import clock
from people.access import entry
from people.models import Department, Merger, Role
from people.queries import department_of
from people.staffing import Refused
from tracker import merging
from tracker.forms.merging import MergerForm
from tracker.queries import merging as query


def _today(request: HttpRequest) -> Any:
    return clock.day_of(request.now, request.person.user.government.zone)


@entry(Role.ADMINISTRATOR, methods=["GET", "POST"])
def department_close(request: HttpRequest, pk: int) -> HttpResponse:
    """What a department holds; POST closes one that holds nothing, or proposes where all goes."""
    department = department_of(request.person, pk)
    if department is None or (department.until_on is not None and request.method == "GET"):
        raise Http404
    form = MergerForm(department, request.POST if request.method == "POST" else None, initial={"from_on": _today(request)})
    if request.method == "GET":
        return _close_page(request, department, form)
    try:
        if request.POST.get("do") == "close":
            merging.close(department, request.person, request.now)
            return redirect("department-list")
        if form.is_valid():
            given = form.cleaned_data
            merger = merging.propose(department, given.pop("successor"), request.person, request.now, **given)
            return redirect("merger", pk=merger.pk)
    except Refused as refused:
        form.refuse(refused)
    return _close_page(request, department, form, 422)


def _close_page(request: HttpRequest, department: Department, form: MergerForm, status: int = 200) -> HttpResponse:
    context = {"department": department, "form": form, "moves": merging.moves(department, _today(request)), "waiting": query.waiting(department)}
    return render(request, "tracker/department_close.html", context, status=status)


@entry(Role.ADMINISTRATOR, Role.SUPERVISOR, methods=["GET", "POST"])
def merger(request: HttpRequest, pk: int) -> HttpResponse:
    """One merger with the list of what moves; POST confirms or withdraws it."""
    found = query.merger(request.person, pk)
    if found is None:
        raise Http404
    said = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "confirm":
                merging.confirm(found, request.person, request.now, request.POST.get("mark", ""))
            else:
                merging.withdraw(found, request.person, request.now)
            return redirect(reverse("merger", args=[pk]))
        except Refused as refused:
            said = refused.message
        except merging.Changed:
            said = _("清单在您看过之后有变动，请重新核对后再确认。")
        found = query.merger(request.person, pk) or found
    waits = found.state == Merger.State.PROPOSED
    context = {
        "merger": found, "said": said, "moves": merging.moves(found.department, found.from_on) if waits else None,
        "decides": waits and found.proposed_by_id != request.person.id and merging.may_decide(request.person, request.now),
        "own": waits and found.proposed_by_id == request.person.id,
    }  # fmt: skip
    return render(request, "tracker/merger.html", context, status=422 if said else 200)
