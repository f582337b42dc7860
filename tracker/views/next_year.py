"""接续下一年: what becomes of each item, and the next plan's draft."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.models import Role
from plans.editing.rights import NotAllowed
from plans.importing import BadPlan
from plans.models import Plan
from tracker import exporting, succession
from tracker.models import Fate, Succession
from tracker.models.standings import Light
from tracker.queries.next_year import FateRow, NextYear, next_year
from tracker.succession import Choice

FATES = (_("编码"), _("事项"), _("目标"), _("实际"), _("亮灯"), _("去向"), _("原因"), _("已决定"), _("决定人"), _("确认人"))


def fate_record(row: FateRow) -> Sequence[Any]:
    """An item with what becomes of it, as FATES heads it: what is decided, else what is proposed."""
    fate = row.fate
    return (
        row.row.code, row.row.name, row.row.target, row.row.value, str(Light(row.row.light).label) if row.row.light else "", str(Fate.Kind(row.kind).label) if row.kind else "",
        row.reason, _t("是") if fate else _t("否"), fate.by.name if fate else "", fate.confirmed_by.name if fate and fate.confirmed_by else "",
    )  # fmt: skip


class HeadForm(forms.Form):
    """What the next plan is called, and from when to when it runs."""

    title = forms.CharField(label=_("名称"), max_length=200)
    title_en = forms.CharField(label=_("英文名称"), max_length=300, required=False)
    code = forms.SlugField(label=_("代码"), max_length=60, help_text=_("小写字母、数字和连字符，如 report-2023"))
    number = forms.CharField(label=_("文号或会议"), max_length=60)
    issuer = forms.CharField(label=_("发文机关"), max_length=100)
    date = forms.DateField(label=_("成文日期"), widget=forms.DateInput(attrs={"type": "date"}))
    start = forms.DateField(label=_("起"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("止"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("start") and given.get("end") and given["end"] <= given["start"]:
            self.add_error("end", _t("止须晚于起。"))
        return given

    @property
    def head(self) -> dict[str, str]:
        """The fields as text, as the deed takes them."""
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in self.cleaned_data.items()}


class SettleForm(forms.Form):
    until = forms.DateField(label=_("核定数可补报至"), widget=forms.DateInput(attrs={"type": "date"}))


def offered(plan: Plan) -> dict[str, Any]:
    """The head of the plan that follows: the years after, the titles with their year moved on."""
    years = plan.end.year - plan.start.year + 1

    def on(text: str) -> str:
        return text.replace(str(plan.start.year), str(plan.start.year + years)) if years == 1 else text

    start = plan.end + dt.timedelta(days=1)
    code = on(plan.code)
    return {
        "title": on(plan.title), "title_en": on(plan.title_en), "code": code if code != plan.code else f"{plan.code}-next"[:60], "issuer": plan.document.issuer,
        "start": start, "end": start.replace(year=start.year + years) - dt.timedelta(days=1),
    }  # fmt: skip


@never_cache
@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET", "POST"])
def next_year_page(request: HttpRequest, code: str) -> HttpResponse:
    person: Person = request.person
    page = next_year(person, code, request.now, request.GET.get("show", ""))
    if page is None:
        raise Http404
    if kind := exporting.asked(request):
        return exporting.file_response(kind, f"next-year-{code}"[:80], _t("接续下一年"), FATES, map(fate_record, page.shown))
    if request.method == "GET":
        return _page(request, page)
    if not person.has(Role.SUPERVISOR):
        raise Http404
    deed: Callable[[HttpRequest, NextYear], HttpResponse] | None = {"save": _save, "confirm": _confirm, "make": _make, "settle": _settle}.get(
        request.POST.get("do", "")
    )
    if deed is None:
        return _page(request, page, 422, problem=_t("没有说要做什么。"))
    try:
        return deed(request, page)
    except NotAllowed as refused:
        return _page(request, page, 422, problem=str(refused))


def _save(request: HttpRequest, page: NextYear) -> HttpResponse:
    """Writes what was chosen for the rows that were posted. Rows that nobody touched are written too: they say that the proposal is taken."""
    choices = {}
    for each in page.rows:
        item = each.row.item
        if f"kind-{item}" in request.POST:
            choices[item] = Choice(request.POST[f"kind-{item}"], request.POST.get(f"reason-{item}", ""), request.POST.get(f"seen-{item}", ""))
    done = succession.decide(_begun(request, page), choices, request.person, request.now)
    if done.wrong:
        typed = {item: (choices[item].kind, choices[item].reason, why) for item, why in done.wrong.items()}
        again = next_year(request.person, page.plan.code, request.now, page.show, typed)
        if again is None:
            raise Http404
        return _page(request, again, 422, problem=_t("%(n)d 项没有保存，原因见各行；其余已保存。") % {"n": len(done.wrong)})
    return _back(page, f"saved={done.written}")


def _confirm(request: HttpRequest, page: NextYear) -> HttpResponse:
    ids = {str(each.row.item): each.row.item for each in page.rows if each.waits}
    picked = [ids[text] for text in request.POST.getlist("pick") if text in ids]
    if not picked:
        raise NotAllowed(_t("没有选中要确认的事项。"))
    done = succession.confirm(_begun(request, page), picked, request.person, request.now)
    return _back(page, f"confirmed={done}")


def _make(request: HttpRequest, page: NextYear) -> HttpResponse:
    form = HeadForm(request.POST)
    if not form.is_valid():
        return _page(request, page, 422, form=form)
    try:
        made = succession.make(_begun(request, page), form.head, request.person, request.now)
    except BadPlan as bad:
        form.add_error("code", str(bad))
        return _page(request, page, 422, form=form)
    return redirect(reverse("plan", args=[made.code]))


def _settle(request: HttpRequest, page: NextYear) -> HttpResponse:
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            succession.settle(_begun(request, page), form.cleaned_data["until"], request.person, request.now)
            return _back(page, "settled=1")
        except NotAllowed as refused:
            form.add_error("until", str(refused))
    return _page(request, page, 422, settle=form)


def _begun(request: HttpRequest, page: NextYear) -> Succession:
    return page.succession or succession.begin(page.plan, request.person, request.now)


def _back(page: NextYear, said: str) -> HttpResponse:
    show = f"show={page.show}&" if page.show else ""
    return redirect(f"{reverse('next-year', args=[page.plan.code])}?{show}{said}")


def _page(request: HttpRequest, page: NextYear, status: int = 200, **more: Any) -> HttpResponse:
    until = page.succession.settle_until if page.succession else None
    said = {name: request.GET[name] for name in ("saved", "confirmed", "settled") if request.GET.get(name, "").isdecimal()}
    context = {
        "page": page, "kinds": Fate.Kind.choices, "writes": request.person.has(Role.SUPERVISOR) and not (page.succession and page.succession.successor_id),
        "form": HeadForm(initial=offered(page.plan)), "settle": SettleForm(initial={"until": until}), "said": said, "until": until, "me": request.person.id, **more,
    }  # fmt: skip
    return render(request, "tracker/next_year.html", context, status=status)
