"""正当理由: what an item has, the form that proposes one, and a second person's word on it."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.cache import never_cache

from people import clock
from people.access import Person, entry
from people.form_keys import once
from people.models import Role
from tracker import excuses as deeds
from tracker.forms.beside import BesideForm, ExcuseForm, WhyForm
from tracker.models import Excuse
from tracker.queries.criteria import excuses_of
from tracker.queries.judgements import ItemSeen, item_seen
from tracker.turns import NotYours, Refused
from tracker.views.judgements import key_of


@never_cache
@entry(Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR, methods=["GET", "POST"])
def excuse(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    person, seen = request.person, item_seen(request.person, plan, code, request.now)
    if seen is None or not seen.reads(person):
        raise Http404
    if request.method == "GET":
        return _page(request, seen)
    do = request.POST.get("do", "")
    form: BesideForm = ExcuseForm(request.POST) if do == "propose" else WhyForm(request.POST)
    form.is_valid()
    try:
        _do(request, seen, do, form)
    except NotYours:
        raise Http404 from None
    except deeds.Decided:
        return _page(request, seen, 409, problem=_t("这一条刚被别人办过，以下是现在的样子。"))
    except Refused as refused:
        form.refuse(refused)
        return _page(request, seen, 422, form=form)
    return redirect(f"{reverse('excuse', args=[plan, code])}?said=1")


def _do(request: HttpRequest, seen: ItemSeen, do: str, form: BesideForm) -> None:
    person, at = request.person, request.now
    if do == "propose":
        reason, basis, until_on = request.POST.get("reason", ""), request.POST.get("basis", ""), form.cleaned_data.get("until_on")
        once(person.user, key_of(request), lambda: str(deeds.propose(seen.item, reason, basis, until_on, person, at).pk))
        return
    if not person.has(Role.SUPERVISOR) or do not in ("confirm", "refuse"):
        raise NotYours
    waiting = next((e for e in excuses_of(person, seen.item) if e.state == Excuse.State.PROPOSED), None)
    if waiting is None or str(waiting.pk) != request.POST.get("excuse", ""):
        raise deeds.Decided
    if do == "confirm":
        deeds.confirm(waiting, person, at)
    else:
        deeds.refuse(waiting, request.POST.get("why", ""), person, at)


def _page(request: HttpRequest, seen: ItemSeen, status: int = 200, problem: str = "", form: BesideForm | None = None) -> HttpResponse:
    person: Person = request.person
    history = excuses_of(person, seen.item)
    waiting = next((e for e in history if e.state == Excuse.State.PROPOSED), None)
    day = clock.day_of(request.now, person.user.government.zone)
    standing = next((e for e in history if e.state == Excuse.State.CONFIRMED and e.until_on >= day), None)
    proposes = deeds.may_propose(seen.terms.lead_id, person) and waiting is None
    decides = waiting is not None and person.has(Role.SUPERVISOR) and waiting.proposed_by_id != person.id
    context = {
        "heading": _t("正当理由"), "row": seen.row, "history": history, "waiting": waiting, "standing": standing, "problem": problem, "said": request.GET.get("said"),
        "form": (form if isinstance(form, ExcuseForm) else ExcuseForm()) if proposes else None, "zone": person.user.government.zone,
        "decision": (form if isinstance(form, WhyForm) else WhyForm()) if decides else None, "key": request.POST.get("key") or secrets.token_hex(16),
    }  # fmt: skip
    return render(request, "tracker/excuse.html", context, status=status)
