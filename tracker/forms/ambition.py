"""The form by which a lead department explains the ambition of its target."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.forms.beside import BesideForm


class ExplanationForm(BesideForm):
    words = forms.CharField(
        label=_("说明"), widget=forms.Textarea(attrs={"rows": "4"}), required=False, help_text=_("为什么低于上年，或为什么提前达到，今后怎么定")
    )
