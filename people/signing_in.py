"""Signing in by login and password, with a limit on guesses (django-axes)."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from people.models import User
from people.prepared import Prepared

_active = Prepared(lambda user: User.objects.select_related("government", "department").filter(pk=user, is_active=True), -1)


class LoginBackend(ModelBackend):
    """Password check of an active person; permissions are roles, so none of Django's are answered."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any) -> User | None:
        login = username or kwargs.get("login")
        if login is None or password is None:
            return None
        user = User.objects.filter(login=login).first()
        if user is None:
            User().set_password(password)  # the same time for an unknown login
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return next(iter(_active(int(user_id))), None)


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """After too many wrong guesses: says so and when to try again; what was typed as login stays."""
    context = {"problem": _("密码连续输错多次，请 15 分钟后再试，或重设密码。"), "login": request.POST.get("login", "")}
    return render(request, "people/sign_in.html", context, status=429)
