"""Forms by which people are set up: who comes, roles with their days, portfolios."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from people.access import Person
from people.models import Department, OneTimeCode, Role, User
from people.rights import grantable
from people.staffing import Refused

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WRONG_DAY = {"required": _("请填写日期。"), "invalid": _("日期写作 2022-10-17。")}


def day_field(label: Any, **given: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DAY, error_messages=WRONG_DAY, **given)


class DepartmentChoice(forms.ModelChoiceField):
    """Open departments in the official order, by full name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


def departments_of(person: Person) -> Any:
    """The departments that a person may set people up in."""
    found = Department.objects.visible_to(person).filter(until_on__isnull=True)
    return found if person.has(Role.ADMINISTRATOR) else found.filter(pk=person.department_id)


class AnsweringForm(forms.Form):
    """Takes a deed's refusal to the field that it concerns."""

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class DetailsForm(AnsweringForm):
    """A person's particulars."""

    name = forms.CharField(label=_("姓名"), max_length=40, error_messages={"required": _("请填写姓名。")})
    department = DepartmentChoice(label=_("部门"), queryset=Department.objects.none(), empty_label=None, error_messages={"invalid_choice": _("请选现有部门。")})
    email = forms.EmailField(
        label=_("邮箱"), required=False, max_length=254, help_text=_("没有就空着，用打印的纸条加入。"), error_messages={"invalid": _("邮箱格式不对。")}
    )
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_of(person)  # type: ignore[attr-defined]

    @staticmethod
    def first(user: User) -> dict[str, Any]:
        """How a person stands, as the form's first content."""
        return {"name": user.name, "department": user.department_id, "email": user.email, "language": user.language, "version": user.version}


class NewcomerForm(DetailsForm):
    """A person who comes: particulars, roles, and how the invitation goes out."""

    login = forms.CharField(
        label=_("登录名"), max_length=60, help_text=_("小写字母、数字，以后不能改。"), error_messages={"required": _("请填写登录名。")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(label=_("角色"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("至少选一个角色。")})
    from_on = day_field(_("起日"))
    until_on = day_field(_("止日"), required=False, help_text=_("不定期就空着。"))
    channel = forms.ChoiceField(label=_("邀请"), choices=OneTimeCode.Channel.choices, widget=forms.RadioSelect)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = ("name", "login", "department", "email", "language", "roles", "from_on", "until_on", "channel")

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(person, *args, **kwargs)
        del self.fields["version"]
        self.fields["roles"].choices = [(role.value, role.label) for role in grantable(person)]  # type: ignore[attr-defined]


class RoleForm(AnsweringForm):
    """A role with its days."""

    role = forms.ChoiceField(label=_("角色"))
    from_on = day_field(_("起日"))
    until_on = day_field(_("止日"), required=False)

    prefix = "role"

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in grantable(person)]  # type: ignore[attr-defined]


class PortfolioForm(AnsweringForm):
    """Departments that a leader is put in charge of."""

    departments = forms.ModelMultipleChoiceField(
        label=_("部门"), queryset=Department.objects.none(), widget=forms.SelectMultiple(attrs={"size": "8"}), error_messages={"required": _("请选部门。")}
    )
    from_on = day_field(_("起日"))

    prefix = "portfolio"

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].queryset = departments_of(person)  # type: ignore[attr-defined]


def today_first(today: dt.date) -> dict[str, Any]:
    """The first content of a form that begins today."""
    return {"from_on": today}


# departments ----------------------------------------------------------------------------------------------------------


class DepartmentForm(AnsweringForm):
    """A department's particulars; the name itself changes by renaming, with a day."""

    short = forms.CharField(label=_("简称"), max_length=40, required=False, help_text=_("空着就用全称。"))
    name_en = forms.CharField(label=_("英文名"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=Department.Kind.choices)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @staticmethod
    def first(department: Department) -> dict[str, Any]:
        """How a department stands, as the form's first content."""
        return {k: getattr(department, k) for k in ("short", "name_en", "kind", "version")}


class NewDepartmentForm(DepartmentForm):
    name = forms.CharField(label=_("全称"), max_length=80, error_messages={"required": _("请填写全称。")})
    code = forms.CharField(
        label=_("代码"), max_length=40, help_text=_("小写字母、数字和 -，如 gxj，以后不能改。"), error_messages={"required": _("请填写代码。")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = ("name", "code", "short", "name_en", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]


class RenameForm(AnsweringForm):
    """A new name from a day on."""

    prefix = "rename"
    name = forms.CharField(label=_("新的全称"), max_length=80, error_messages={"required": _("请填写新的全称。")})
    short = forms.CharField(label=_("新的简称"), max_length=40, error_messages={"required": _("请填写新的简称。")})
    name_en = forms.CharField(label=_("新的英文名"), max_length=120, required=False)
    from_on = day_field(_("起日"))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
