"""Forms about people: signing in, setting a password, one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.models import User

LOGIN_ATTRS = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
NEW_PASSWORD = {"autocomplete": "new-password"}


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


class NewPasswordForm(forms.Form):
    """A new password, twice, held against the rules for the person whose it is."""

    password = forms.CharField(
        label=_("新密码"), strip=False, max_length=200, widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text=_("至少 10 个字符，不能全是数字，不能是常见密码。"), error_messages={"required": _("请填写新密码。")},
    )  # fmt: skip
    again = forms.CharField(
        label=_("再填一次"), strip=False, max_length=200, widget=forms.PasswordInput(attrs=NEW_PASSWORD), error_messages={"required": _("请再填一次。")}
    )

    def __init__(self, user: User | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (password := data.get("password")) is not None:
            try:
                password_validation.validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("password", error)
            if data.get("again") is not None and data["again"] != password:
                self.add_error("again", _("两次填写的不一样。"))
        return data


class JoinForm(NewPasswordForm):
    """The one-time code and the password that it sets."""

    code = forms.CharField(
        label=_("一次性验证码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("纸条或邮件上的 12 位，不分大小写。"), error_messages={"required": _("请填写验证码。")},
    )  # fmt: skip
    field_order = ("code", "password", "again")


class ForgotForm(forms.Form):
    """Who has lost a password."""

    words = forms.CharField(
        label=_("登录名或邮箱"), max_length=254, widget=forms.TextInput(attrs=LOGIN_ATTRS), error_messages={"required": _("请填写登录名或邮箱。")}
    )


class OwnDetailsForm(forms.Form):
    """What a person changes of himself."""

    name = forms.CharField(
        label=_("姓名"), max_length=40, error_messages={"required": _("请填写姓名。")}, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class OwnPasswordForm(NewPasswordForm):
    """A new password of one's own needs the present one."""

    present = forms.CharField(
        label=_("现在的密码"), strip=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写现在的密码。")},
    )  # fmt: skip
    field_order = ("present", "password", "again")

    def clean_present(self) -> str:
        present = str(self.cleaned_data["present"])
        if self.user is None or not self.user.check_password(present):
            raise forms.ValidationError(_("现在的密码不对。"))
        return present
