"""The form by which a supervisor says whether two items read one figure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Likeness
from tracker.forms.beside import BesideForm
from tracker.queries.likenesses import PairPage


class LikenessForm(BesideForm):
    kind = forms.ChoiceField(label=_("是不是同一个数"), choices=Likeness.Kind.choices, widget=forms.RadioSelect, required=False)
    moved = forms.ChoiceField(label=_("哪一项改读"), widget=forms.RadioSelect, required=False, help_text=_("是同一个数时填：这一项改读另一项的指标"))
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": "4"}), required=False, help_text=_("口径、范围、统计来源是否相同"))

    def __init__(self, page: PairPage, data: Any = None) -> None:
        super().__init__(data)
        halves = (page.pair.a, page.pair.b)
        self.fields["moved"].choices = [(str(half.item), f"{half.plan_title} {half.name}") for half in halves]  # type: ignore[attr-defined]
