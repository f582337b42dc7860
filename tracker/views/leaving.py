"""离任移交: one page of all that a person holds, each handed over there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from people import staffing
from people.access import entry
from people.models import Role
from people.staffing import Refused
from tracker import handing_over


@entry(Role.ADMINISTRATOR, Role.STEWARD, methods=["GET", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    user = staffing.managed(request.person, pk)
    if user is None:
        raise Http404
    said, what = None, request.POST.get("what", "")[:40]
    if request.method == "POST":
        key = request.POST.get("receiver", "")
        receiver = staffing.managed(request.person, int(key)) if key.isdecimal() and len(key) < 19 else None
        try:
            handing_over.hand_over(user, receiver or user, request.person, request.now, what)
            return redirect(reverse("leaving", args=[pk]) + "?done=1")
        except Refused as refused:
            said = refused
    context = {
        "user": user, "holding": handing_over.holding(user, request.now), "receivers": handing_over.receivers(user, request.person), "said": said, "what": what,
        "chosen": request.POST.get("receiver", ""), "done": request.GET.get("done") == "1", "administers": request.person.has(Role.ADMINISTRATOR),
    }  # fmt: skip
    return render(request, "tracker/leaving.html", context, status=422 if said else 200)
