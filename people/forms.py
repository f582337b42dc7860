"""Forms about people."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.models import User


class SignInForm(forms.Form):
    """Login and password. A wrong pair is one message; which of the two was wrong is not said."""

    login = forms.CharField(
        label=_("登录名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("请填写登录名。")},
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), error_messages={"required": _("请填写密码。")}
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("login") and data.get("password"):
            self.user = authenticate(self.request, login=data["login"], password=data["password"])  # type: ignore[assignment]
            if self.user is None:
                raise forms.ValidationError(_("登录名或密码不对。请核对后再试，忘记密码请找本单位联络员。"), code="wrong")
        return data
