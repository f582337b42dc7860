"""Signing in and out, the language, and the health of the web process."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from people import clock
from people.access import entry
from people.forms import SignInForm
from people.middleware import LANGUAGE_COOKIE, SIGNED_IN_AT


def safe_next(request: HttpRequest, wanted: str | None) -> str:
    """The page to go on to: a path of this site, else the start."""
    ok = wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ok and wanted else settings.LOGIN_REDIRECT_URL


@entry(public=True, methods=["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next")
    joined = request.GET.get("joined", "")[:60]
    form = SignInForm(request, request.POST or None, initial={"login": joined})
    if request.method == "POST" and form.is_valid():
        login(request, form.user, backend="people.signing_in.LoginBackend")
        request.session[SIGNED_IN_AT] = clock.machine_now().timestamp()
        return redirect(safe_next(request, wanted))
    status = 422 if form.is_bound else 200
    return render(request, "people/sign_in.html", {"form": form, "next": wanted or "", "joined": joined}, status=status)


@entry(public=True, methods=["POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGIN_REDIRECT_URL)


@entry(public=True, methods=["POST"])
def choose_language(request: HttpRequest) -> HttpResponse:
    response = redirect(safe_next(request, request.POST.get("next")))
    if request.POST.get("language") in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE, request.POST["language"], max_age=365 * 86400, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@entry(public=True)
def health(request: HttpRequest) -> HttpResponse:
    """200 while the process answers and its database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
