"""The forms of 核查: how a sample is drawn, and what was found of a figure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.forms.beside import BesideForm
from tracker.models import Finding, Period


class DrawForm(BesideForm):
    period = forms.ChoiceField(label=_("报告期"), error_messages={"required": _("请选报告期。"), "invalid_choice": _("没有这一项，请重新选择。")})
    size = forms.IntegerField(
        label=_("抽取数量"), initial=20, min_value=1, max_value=500, error_messages={"required": _("请填抽取数量。"), "invalid": _("请填整数。")}
    )
    by_department = forms.BooleanField(label=_("按单位分层，各单位按数量占比抽取"), required=False, initial=True)
    on_target_first = forms.BooleanField(label=_("恰好等于目标的先抽"), required=False, initial=True)
    evidence_by = forms.DateField(
        label=_("佐证报送期限"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请选期限。"), "invalid": _("请按 2022-09-30 的样子填。")},
    )
    seed = forms.CharField(label=_("种子"), required=False, max_length=40, help_text=_("留空由系统随机产生。同一种子、同一批数，谁来抽都一样"))
    purpose = forms.CharField(label=_("为什么核查"), required=False, max_length=200)

    def __init__(self, periods: list[Period], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["period"].choices = [(str(p.pk), p.title) for p in periods]  # type: ignore[attr-defined]


class FindForm(BesideForm):
    verdict = forms.ChoiceField(label=_("核查结论"), choices=Finding.Verdict.choices, widget=forms.RadioSelect, required=False)
    why = forms.CharField(label=_("看了什么，哪里对得上或对不上"), widget=forms.Textarea(attrs={"rows": "4"}), required=False)
