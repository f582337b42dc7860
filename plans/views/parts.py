"""分解: a draft item shared out over counties or departments, the remainder shown while one types."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.views.decorators.cache import never_cache

from people import clock
from people.access import entry
from people.models import Role
from plans import listed
from plans.editing.parts import Part, share_out
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.typed import Unread, read_number
from plans.models import Plan, Terms
from plans.parting import propose_parts
from plans.queries.parts import PartRow, PartsPage, parts_page


class AmendmentForm(forms.Form):
    """Why a published plan changes, and from when."""

    reason = forms.CharField(label=_t("调整原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    basis = forms.CharField(label=_t("依据文件"), max_length=200)
    from_on = forms.DateField(label=_t("生效日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, today: dt.date) -> None:
        super().__init__(data)
        self.today = today

    def clean_from_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["from_on"]
        if day < self.today:
            raise forms.ValidationError(_("生效日不能早于今天：已过的日子按当时的约定。"))
        return day


PARTS = (_t("单位"), _t("目标值"), _t("计量单位"), _t("权重"), _t("分期累计比例"))


def part_record(row: PartRow, page: PartsPage) -> Sequence[Any]:
    """A department's part, as PARTS heads it."""
    value = Decimal(row.value) if row.value else None
    return str(row.department), value, page.target.unit if page.target else "", Decimal(row.weight), row.shares


def _today(request: HttpRequest) -> dt.date:
    return clock.day_of(request.now, request.person.user.government.zone)


@never_cache
@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET", "POST"])
def parts(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    page = None if "\0" in plan + code else parts_page(request.person, plan, code, _today(request))
    if page is None:
        raise Http404
    if kind := listed.asked(request):
        return listed.file_response(kind, f"parts-{plan}"[:80], f"{page.terms}", PARTS, (part_record(row, page) for row in page.rows if row.there))
    if request.method == "GET":
        return _page(request, page)
    if not request.person.has(Role.SUPERVISOR):
        raise Http404
    try:
        return _share_out(request, page) if page.draft else _propose(request, page)
    except Wrong as wrong:
        page.wrong = wrong.fields
        for row in page.rows:
            row.wrong = row.wrong or wrong.fields.get(f"value-{row.department.pk}", "")
        elsewhere = [why for name, why in wrong.fields.items() if name != "adding" and not name.startswith("value-")]
        return _page(request, page, 422, problem=" ".join(elsewhere))
    except Overtaken as overtaken:
        return _page(request, page, 409, problem=str(overtaken))
    except NotAllowed as refused:
        page.wrong = refused.fields
        return _page(request, page, 422, problem=str(refused))


def _share_out(request: HttpRequest, page: PartsPage) -> HttpResponse:
    share_out(page.item, request.POST.get("adding", ""), _read(request, page), request.person, request.now, _version(request))
    return redirect(_address(page) + "?saved=1")


def _propose(request: HttpRequest, page: PartsPage) -> HttpResponse:
    """Of a published plan: an amendment that another supervisor publishes."""
    form = AmendmentForm(request.POST, _today(request))
    parts = _read(request, page)
    if not form.is_valid():
        return _page(request, page, 422, form=form)
    given = form.cleaned_data
    made = propose_parts(page.item, request.POST.get("adding", ""), parts, request.person, request.now, **given)
    return redirect(_address(page) + f"?proposed={made.number}")


def _address(page: PartsPage) -> str:
    return reverse("parts", args=[page.item.plan.code, page.item.code])


def _read(request: HttpRequest, page: PartsPage) -> dict[int, Part]:
    """The parts as typed, which stay in the page. Raises: Wrong where a number is none."""
    page.adding, found, wrong = request.POST.get("adding", ""), {}, {}
    for row in page.rows:
        key = row.department.pk
        row.value, row.weight, row.shares = (request.POST.get(f"{name}-{key}", "").strip()[:60] for name in ("value", "weight", "shares"))
        row.there = bool(row.value) or f"with-{key}" in request.POST
        if not row.there:
            continue
        try:
            found[key] = Part(read_number(row.value), read_number(row.weight or "1") or Decimal(0), row.shares)
        except Unread as unread:
            wrong[f"value-{key}"] = _("请填数字。") + str(unread)
    if wrong:
        raise Wrong(wrong)
    return found


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _page(request: HttpRequest, page: PartsPage, status: int = 200, problem: str = "", form: Any = None) -> HttpResponse:
    writes = (page.draft or page.item.plan.state == Plan.State.PUBLISHED) and request.person.has(Role.SUPERVISOR)
    groups: list[tuple[str, list[PartRow]]] = [(_("县区"), page.counties), (_("部门"), page.others)]
    context = {
        "page": page, "writes": writes, "addings": Terms.Adding.choices, "groups": groups, "problem": problem, "saved": "saved" in request.GET,
        "form": form or AmendmentForm(request.POST or None, _today(request)),
        "proposed": request.GET.get("proposed", "") if request.GET.get("proposed", "").isdecimal() else "",
    }  # fmt: skip
    return render(request, "plans/parts.html", context, status=status)
