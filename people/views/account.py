"""我的账号: one's own name, language and password; and setting a password by a one-time code."""

from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from people import codes, staffing
from people.access import Person, entry
from people.forms import ForgotForm, JoinForm, OwnDetailsForm, OwnPasswordForm
from people.guessing import count_wrong, forgive, guessed_too_often
from people.middleware import LANGUAGE_COOKIE
from people.queries import own_roles

JOINING = "people.join"


@sensitive_post_parameters()
@entry(methods=["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    do = request.POST.get("do", "") if request.method == "POST" else ""
    details = OwnDetailsForm(request.POST if do == "details" else None, initial=_details(person))
    password = OwnPasswordForm(person.user, request.POST if do == "password" else None)
    said: dict[str, Any] = {"done": request.GET.get("done", "")}
    if do == "details" and details.is_valid():
        return _correct(request, details, password)
    if do == "password" and password.is_valid():
        staffing.change_own_password(person, password.cleaned_data["password"], request.now)
        update_session_auth_hash(request, person.user)
        return redirect(reverse("account") + "?done=password")
    if do == "sessions":
        staffing.end_sessions(person.user, person, request.now)
        person.user.refresh_from_db(fields=["epoch"])
        update_session_auth_hash(request, person.user)
        return redirect(reverse("account") + "?done=sessions")
    return _show(request, details, password, 200 if request.method == "GET" else 422, **said)


def _details(person: Person) -> dict[str, Any]:
    return {"name": person.user.name, "language": person.user.language, "version": person.user.version}


def _correct(request: HttpRequest, form: OwnDetailsForm, password: OwnPasswordForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        staffing.correct_own(request.person, request.now, given["version"], given["name"], given["language"])
    except staffing.Stale as stale:
        again = OwnDetailsForm({**request.POST.dict(), "version": stale.now.version})
        return _show(request, again, password, 409, clash=stale.now)
    response = redirect(reverse("account") + "?done=details")
    response.delete_cookie(LANGUAGE_COOKIE)
    return response


def _show(request: HttpRequest, details: OwnDetailsForm, password: OwnPasswordForm, status: int, **more: Any) -> HttpResponse:
    context = {"details": details, "password": password, "roles": own_roles(request.person, request.now), **more}
    return render(request, "people/account.html", context, status=status)


# by a one-time code ---------------------------------------------------------------------------------------------------


@sensitive_post_parameters()
@entry(public=True, methods=["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Sets a password by the code of a mail or a slip. To open the page uses nothing up."""
    if request.method == "GET":
        return render(request, "people/join.html", {"form": JoinForm(None, initial={"code": request.GET.get("code", "")[:40]})})
    if guessed_too_often(request, JOINING):
        return render(request, "people/join.html", {"problem": _("验证码连续填错多次，请 15 分钟后再试。")}, status=429)
    code = None
    try:
        code = codes.open_code(request.POST.get("code", "")[:40], request.now)
    except codes.NotOpen:
        count_wrong(request, JOINING)
    form = JoinForm(code.user if code else None, request.POST)
    if code is None:
        form.is_valid()
        form.errors.pop("code", None)
        form.add_error("code", _("验证码不对，或已用过、已过期。请核对，或请发给您的人重新开一张。"))
    elif form.is_valid():
        try:
            user = codes.redeem(code, form.cleaned_data["password"], request.now)
        except codes.NotOpen:
            form.add_error("code", _("验证码不对，或已用过、已过期。请核对，或请发给您的人重新开一张。"))
        else:
            forgive(user)
            return redirect(f"{reverse('sign-in')}?joined={user.login}")
    return render(request, "people/join.html", {"form": form}, status=422)


@entry(public=True, methods=["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Asks for a mail. The answer is the same whether there is such a person or not."""
    form = ForgotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        codes.ask(form.cleaned_data["words"], request.now)
        return redirect(reverse("forgot") + "?asked=1")
    context = {"form": form, "asked": request.GET.get("asked") == "1", "mail": bool(settings.EMAIL_URL) or settings.STAGE}
    return render(request, "people/forgot.html", context, status=422 if form.is_bound else 200)
