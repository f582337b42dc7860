"""人员: who is set up, what one may do and until when, how one gets in. Administrators; stewards for their own department."""

import secrets
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from people import clock, codes, portfolios, staffing
from people.access import Person, entry
from people.form_keys import once
from people.models import Department, OneTimeCode, Role, User
from people.queries import grant_of, person_page, portfolio_of
from people.setting_up_forms import DetailsForm, NewcomerForm, PortfolioForm, RoleForm, today_first
from people.staffing import Refused, Stale

SETS_UP = (Role.ADMINISTRATOR, Role.STEWARD)


def _today(request: HttpRequest) -> Any:
    return clock.day_of(request.now, request.person.user.government.zone)


@entry(*SETS_UP, methods=["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    first = {**today_first(_today(request)), "department": person.department_id, "channel": OneTimeCode.Channel.SLIP, "language": settings.LANGUAGE_CODE,
             "roles": [Role.REPORTER], "key": secrets.token_hex(16)}  # fmt: skip
    form = NewcomerForm(person, request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            code = _enrol(request, form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _handed_out(request, code)
    return render(request, "people/person_new.html", {"form": form}, status=422 if form.is_bound else 200)


def _enrol(request: HttpRequest, given: dict[str, Any]) -> OneTimeCode | None:
    """The code of the person whom this form has set up, whether now or when it was sent the first time."""
    person, roles = request.person, tuple(Role(role) for role in given["roles"])
    newcomer = staffing.Newcomer(
        login=given["login"].strip().lower(), name=given["name"], department=given["department"], roles=roles, from_on=given["from_on"],
        until_on=given["until_on"], email=given["email"], language=given["language"],
    )  # fmt: skip
    if given["channel"] == OneTimeCode.Channel.MAIL and not given["email"]:
        staffing.needs_address()

    def deed() -> str:
        user = staffing.enrol(newcomer, person, request.now)
        return str(staffing.invite(user, person, request.now, given["channel"]).pk)

    return codes.found(once(person.user, given["key"], deed), person)


def _handed_out(request: HttpRequest, code: OneTimeCode | None) -> HttpResponse:
    """The slip, to be printed; or the person's page, where a mail is on its way. No code of this form: 404."""
    if code is None:
        raise Http404
    if code.channel == OneTimeCode.Channel.MAIL:
        return redirect(reverse("person", args=[code.user_id]) + "?done=mail")
    return render(request, "people/slips.html", {"slips": [codes.slip(code)], "address": f"{settings.SITE_URL}{reverse('join')}"})


def _found(request: HttpRequest, pk: int) -> User:
    user = staffing.managed(request.person, pk)
    if user is None:
        raise Http404
    return user


@entry(*SETS_UP, methods=["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's page; POST corrects the particulars."""
    user = _found(request, pk)
    if request.method == "GET":
        return _page(request, user)
    form = DetailsForm(request.person, request.POST)
    if not form.is_valid():
        return _page(request, user, 422, details=form)
    given = dict(form.cleaned_data)
    try:
        staffing.correct(user, request.person, request.now, given.pop("version"), **given)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, user, 422, details=form)
    except Stale as stale:
        again = DetailsForm(request.person, {**request.POST.dict(), "version": stale.now.version})
        return _page(request, stale.now, 409, details=again, clash=stale.now)
    return _done(user, "details")


@entry(*SETS_UP, methods=["POST"])
def person_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a role, or takes one away."""
    user, form = _found(request, pk), RoleForm(request.person, request.POST)
    try:
        if request.POST.get("end"):
            given = grant_of(user, int(request.POST["end"]) if request.POST["end"].isdecimal() else 0)
            if given is None:
                raise Http404
            staffing.end_role(given, request.person, request.now)
        elif form.is_valid():
            asked = form.cleaned_data
            staffing.grant(user, Role(asked["role"]), request.person, request.now, asked["from_on"], asked["until_on"])
        else:
            return _page(request, user, 422, role=form)
    except Refused as refused:
        return _wrong(request, user, "role", form, refused)
    return _done(user, "roles")


@entry(Role.ADMINISTRATOR, methods=["POST"])
def person_portfolio(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a leader in charge of departments, or ends that."""
    user, form = _found(request, pk), PortfolioForm(request.person, request.POST)
    try:
        if request.POST.get("end"):
            portfolio = portfolio_of(user, int(request.POST["end"]) if request.POST["end"].isdecimal() else 0)
            if portfolio is None:
                raise Http404
            portfolios.relieve(portfolio, request.person, request.now, _today(request))
        elif form.is_valid():
            chosen: list[Department] = list(form.cleaned_data["departments"])
            portfolios.put_in_charge(user, chosen, request.person, request.now, form.cleaned_data["from_on"])
        else:
            return _page(request, user, 422, portfolio=form)
    except Refused as refused:
        return _wrong(request, user, "portfolio", form, refused)
    return _done(user, "portfolio")


@entry(*SETS_UP, methods=["POST"])
def person_account(request: HttpRequest, pk: int) -> HttpResponse:
    """A new code by mail or slip; sessions ended; shut out or let in again."""
    user, do, by, at = _found(request, pk), request.POST.get("do", ""), request.person, request.now
    try:
        if do in OneTimeCode.Channel.values:
            made = once(by.user, request.POST.get("key", "")[:64] or secrets.token_hex(16), lambda: str(staffing.invite(user, by, at, do).pk))
            return _handed_out(request, codes.found(made, by))
        if do == "sessions":
            staffing.end_sessions(user, by, at)
        elif do == "enable":
            staffing.enable(user, by, at)
        elif do == "disable":
            staffing.disable(user, by, at)
        else:
            return _page(request, user, 422)
    except Refused as refused:
        return _page(request, user, 422, refused=refused)
    return _done(user, do)


def _done(user: User, what: str) -> HttpResponse:
    return redirect(reverse("person", args=[user.pk]) + f"?done={what}")


def _wrong(request: HttpRequest, user: User, name: str, form: Any, refused: Refused) -> HttpResponse:
    """Says a refusal at its field; that of an ended row beside the row."""
    if request.POST.get("end"):
        return _page(request, user, 422, refused=refused)
    form.refuse(refused)
    return _page(request, user, 422, **{name: form})


def _page(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    person: Person = request.person
    first = today_first(_today(request))
    context = {
        "page": person_page(user, request.now), "own": user.pk == person.id, "administers": person.has(Role.ADMINISTRATOR),
        "details": DetailsForm(person, initial=DetailsForm.first(user)), "role": RoleForm(person, initial=first),
        "portfolio": PortfolioForm(person, initial=first), "done": request.GET.get("done", ""), "key": secrets.token_hex(16),
    }  # fmt: skip
    return render(request, "people/person.html", {**context, **more}, status=status)
