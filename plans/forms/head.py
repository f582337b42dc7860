"""The head of a plan, and the document that it stands in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Cycle, Document, Plan

NEW = ""
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HeadForm(forms.Form):
    """Columns of a plan."""

    title = forms.CharField(label=_("规划名称"), max_length=200, error_messages={"required": _("请填写规划名称。")})
    title_en = forms.CharField(label=_("英文名称"), max_length=300, required=False)
    short = forms.CharField(label=_("简称"), max_length=40, required=False, help_text=_("列表里用"))
    short_en = forms.CharField(label=_("英文简称"), max_length=60, required=False)
    code = forms.CharField(label=_("编号"), max_length=60, help_text=_("用在网址里，如 report-2023"), error_messages={"required": _("请填写编号。")})
    start = forms.DateField(label=_("开始日"), widget=DAY, error_messages={"required": _("请填写。"), "invalid": _("请写成 2022-06-30 这样的日期。")})
    end = forms.DateField(label=_("结束日"), widget=DAY, error_messages={"required": _("请填写。"), "invalid": _("请写成 2022-06-30 这样的日期。")})
    cycle = forms.ChoiceField(label=_("填报周期"), help_text=_("事项未另定时用"))

    def __init__(self, cycles: list[Cycle], data: Any = None, plan: Plan | None = None) -> None:
        names = ("title", "title_en", "short", "short_en", "code", "start", "end")
        super().__init__(data, initial={n: getattr(plan, n) for n in names} | {"cycle": str(plan.cycle_id)} if plan else {"cycle": _usual(cycles)})
        self.fields["cycle"].choices = [(str(c.pk), str(c)) for c in cycles]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return said | {"cycle_id": int(said.pop("cycle"))} if "cycle" in said else said


def _usual(cycles: list[Cycle]) -> str:
    return next((str(c.pk) for c in cycles if c.frequency == Cycle.Frequency.QUARTER), "")


class DocumentForm(forms.Form):
    """A new document, where none of those that are there is chosen."""

    chosen = forms.ChoiceField(label=_("依据文件"), required=False)
    title = forms.CharField(label=_("文件标题"), max_length=200, required=False)
    title_en = forms.CharField(label=_("英文标题"), max_length=300, required=False)
    number = forms.CharField(label=_("文号"), max_length=60, required=False, help_text=_("没有文号的空着，如政府工作报告"))
    issuer = forms.CharField(label=_("发文机关"), max_length=100, required=False)
    date = forms.DateField(label=_("发文日期"), widget=DAY, required=False, error_messages={"invalid": _("请写成 2022-06-30 这样的日期。")})

    def __init__(self, documents: list[Document], data: Any = None) -> None:
        super().__init__(data, prefix="document")
        self.documents = {str(d.pk): d for d in documents}
        self.fields["chosen"].choices = [(NEW, _("新登记一份，填在下面"))] + [(pk, f"{d}　{d.number}".strip()) for pk, d in self.documents.items()]  # type: ignore[attr-defined]

    def document(self) -> Document | dict[str, Any]:
        said = dict(self.cleaned_data)
        return self.documents.get(said.pop("chosen")) or said
