"""The forms of what stands beside a light: a judgement, an objection and what follows from it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.models import Grade, Objection
from tracker.turns import Refused


class BesideForm(forms.Form):
    """What a deed refuses is said at its field."""

    def refuse(self, refused: Refused) -> None:
        for problem in refused.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


class JudgementForm(BesideForm):
    grade = forms.ChoiceField(label=_("能否完成"), choices=Grade.choices, widget=forms.RadioSelect, required=False)
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": "4"}), required=False, help_text=_("看到了什么，缺什么，谁在何时能补上"))


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ObjectionForm(BesideForm):
    """What is contested, what is wrong, what should stand. A returned report is contested from that report alone."""

    kind = forms.ChoiceField(label=_("对什么有异议"), widget=forms.RadioSelect, required=False)
    wrong = forms.CharField(label=_("哪里不对"), widget=forms.Textarea(attrs={"rows": "4"}), required=False)
    should = forms.CharField(label=_("应当是什么"), widget=forms.Textarea(attrs={"rows": "3"}), required=False)
    evidence = forms.FileField(label=_("佐证"), required=False, widget=ManyFiles(attrs={"multiple": True}))

    def __init__(self, *args: Any, returned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [choice for choice in Objection.Kind.choices if (choice[0] == Objection.Kind.RETURNED) == returned]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if returned:
            self.initial["kind"] = Objection.Kind.RETURNED


class AnswerForm(BesideForm):
    outcome = forms.ChoiceField(label=_("结论"), widget=forms.RadioSelect, required=False, choices=[c for c in Objection.State.choices if c[0] != "open"])
    words = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": "4"}), required=False)


class ReviewForm(BesideForm):
    words = forms.CharField(label=_("为什么要复核"), widget=forms.Textarea(attrs={"rows": "3"}), required=False)


class LimitForm(BesideForm):
    days = forms.IntegerField(
        label=_("异议答复时限"), help_text=_("工作日；只对以后提出的异议起作用"), error_messages={"required": _("请填天数。"), "invalid": _("请填整数。")}
    )


class CriterionForm(BesideForm):
    """One sentence in three parts."""

    seen = forms.CharField(
        label=_("完成时能看到什么"), required=False, widget=forms.Textarea(attrs={"rows": "2"}), help_text=_("如：小区全部竣工，三方验收单齐全")
    )
    place = forms.CharField(label=_("在哪里看"), required=False)
    confirmer = forms.CharField(label=_("由谁确认"), required=False)


class WhyForm(BesideForm):
    why = forms.CharField(label=_("不同意的，写明为什么"), required=False, widget=forms.Textarea(attrs={"rows": "2"}))


class ExcuseForm(BesideForm):
    reason = forms.CharField(label=_("理由"), required=False, widget=forms.Textarea(attrs={"rows": "3"}))
    basis = forms.CharField(label=_("依据"), required=False, help_text=_("文号、指令或会议纪要"))
    until_on = forms.DateField(label=_("到哪天为止"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("这天以后提醒照常上报"))
