"""The form by which a department goes up in another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Department
from people.setting_up_forms import AnsweringForm, DepartmentChoice, day_field


class MergerForm(AnsweringForm):
    """Into which department, from which day, why, by which paper."""

    successor = DepartmentChoice(
        label=_("承接部门"), queryset=Department.objects.none(), empty_label=_("请选择"),
        error_messages={"required": _("请选承接部门。"), "invalid_choice": _("请选另一个现有部门。")},
    )  # fmt: skip
    from_on = day_field(_("起日"), help_text=_("从这天起由承接部门负责，不晚于今天。"))
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": "3"}), error_messages={"required": _("请写明撤并原因。")})
    basis = forms.CharField(label=_("依据文件"), max_length=200, required=False)

    def __init__(self, department: Department, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Department.objects.of(department.government_id).filter(until_on__isnull=True).exclude(pk=department.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]
