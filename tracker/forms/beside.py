"""The forms of what stands beside a light: a judgement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.models import Grade
from tracker.turns import Refused


class BesideForm(forms.Form):
    """What a deed refuses is said at its field."""

    def refuse(self, refused: Refused) -> None:
        for problem in refused.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


class JudgementForm(BesideForm):
    grade = forms.ChoiceField(label=_("能否完成"), choices=Grade.choices, widget=forms.RadioSelect, required=False)
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": "4"}), required=False, help_text=_("看到了什么，缺什么，谁在何时能补上"))
