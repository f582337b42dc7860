"""导入: a file is uploaded, looked at, and becomes a draft or changes one. Nothing is published here."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.form_keys import once
from people.models import Role
from plans import listed, sheets
from plans.editing.rights import NotAllowed
from plans.models import IssuedPaper
from plans.queries.papers import PaperPage, paper_of, paper_page, papers, plan_of
from plans.sheets import limits
from plans.taking.deeds import Head, drop, keep, rename, take, teach
from plans.taking.saying import roles
from plans.taking.tables import blank_table, issued_table, own_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED = f"{sheets.ACCEPTED},.json"


class UploadForm(forms.Form):
    """The file, and the code of the draft that it makes or changes."""

    file = forms.FileField(
        label=_t("文件（xlsx、xls、docx、csv、txt，或导出的 JSON）"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _t("请选择文件。"), "empty": _t("文件是空的。")},
    )
    code = forms.SlugField(label=_t("规划编号"), max_length=60, required=False, help_text=_t("如 report-2023；已有草案的编号，则与草案比较"))


class HeadForm(forms.Form):
    """What the paper is to become."""

    code = forms.SlugField(label=_t("规划编号"), max_length=60)
    title = forms.CharField(label=_t("规划名称"), max_length=200)
    number = forms.CharField(label=_t("文号"), max_length=60, required=False)
    issuer = forms.CharField(label=_t("发文机关"), max_length=100, required=False)
    issued_on = forms.DateField(label=_t("成文日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.DateField(label=_t("开始"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(label=_t("结束"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("start") and given.get("end") and given["end"] <= given["start"]:
            self.add_error("end", _("结束日不能早于开始日。"))
        return given


PAPERS = (_t("文件"), _t("规划编号"), _t("规划名称"), _t("状态"), _t("读入"), _t("经办"), _t("校验值"))


def paper_record(one: IssuedPaper, person: Person) -> Sequence[Any]:
    """A paper that came in, as PAPERS heads it; the instant by the clocks of the city."""
    at = one.at.astimezone(ZoneInfo(person.user.government.zone)).replace(tzinfo=None, second=0, microsecond=0)
    return one.name, one.code, one.plan.title if one.plan else one.title, one.get_state_display(), at, one.by.name if one.by else "", one.sha256


@never_cache
@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET", "POST"])
def papers_list(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    if kind := listed.asked(request):
        return listed.file_response(kind, "papers", _("导入责任分解"), PAPERS, (paper_record(one, person) for one in papers(person)))
    if request.method == "GET":
        return _list(request, UploadForm(initial={"code": request.GET.get("plan", "")}))
    if not person.has(Role.SUPERVISOR):
        raise Http404
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, 422)
    file = form.cleaned_data["file"]

    def deed() -> str:
        content = file.read(limits.BYTES + 1)
        made = keep(person.user.government, file.name, content, Head(code=form.cleaned_data["code"]), person, request.now)
        return str(made[0].pk) if len(made) == 1 else ""

    try:
        made = once(person.user, request.POST.get("key", "")[:64] or secrets.token_hex(16), deed)
    except sheets.Refused as why:
        for problem in why.problems:
            form.add_error("file", f"{problem.address} {problem.why}".strip())
        return _list(request, form, 422)
    except NotAllowed as why:
        form.add_error(None, str(why))
        return _list(request, form, 422)
    return redirect(reverse("paper", args=[made]) if made else reverse("papers"))


@never_cache
@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET", "POST"])
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview; `do` says what its form wants: map, head, take, drop."""
    person: Person = request.person
    found = paper_of(person, pk)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _preview(request, pk)
    if not person.has(Role.SUPERVISOR):
        raise Http404
    deed = {"map": _map, "head": _head, "take": _take, "drop": _drop}.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    try:
        return deed(request, found)
    except NotAllowed as why:
        return _preview(request, pk, 422, problem=str(why))


def _map(request: HttpRequest, found: IssuedPaper) -> HttpResponse:
    post = request.POST
    headings = {post[f"heading-{n}"]: value for n, value in _numbered(request, "role") if post.get(f"heading-{n}")}
    seen = {post[f"heading-{n}"]: value for n, value in _numbered(request, "was") if post.get(f"heading-{n}")}
    names = {post[f"owner-{n}"]: value for n, value in _numbered(request, "means") if post.get(f"owner-{n}") and value}
    teach(found, {words: means for words, means in headings.items() if seen.get(words) != means}, names, request.person, request.now)
    return redirect(reverse("paper", args=[found.pk]) + "?said=1")


def _numbered(request: HttpRequest, name: str) -> list[tuple[str, str]]:
    return [(key.removeprefix(f"{name}-"), str(value)) for key, value in request.POST.items() if key.startswith(f"{name}-")]


def _head(request: HttpRequest, found: IssuedPaper) -> HttpResponse:
    form = HeadForm(request.POST)
    if form.is_valid():
        version = request.POST.get("version", "")
        try:
            rename(found, form.cleaned_data, request.person, int(version) if version.isdigit() else -1)
        except sheets.Refused as why:
            form.add_error("code", str(why))
        else:
            return redirect(reverse("paper", args=[found.pk]) + "?said=1")
    return _preview(request, found.pk, 422, form=form)


def _take(request: HttpRequest, found: IssuedPaper) -> HttpResponse:
    plan = take(found, request.person, request.now, frozenset(request.POST.getlist("gone")))
    return redirect(reverse("plan-editor", args=[plan.code]))


def _drop(request: HttpRequest, found: IssuedPaper) -> HttpResponseRedirect:
    drop(found, request.person, request.now)
    return redirect(reverse("papers"))


@entry(methods=["GET"])
def plan_table(request: HttpRequest, code: str) -> HttpResponse:
    """The plan as a table: the issued one again, or with `?form=own` our own, which comes in without loss."""
    plan = plan_of(request.person, code)
    if plan is None:
        raise Http404
    content = None if request.GET.get("form") == "own" or not request.person.reads_drafts else issued_table(plan)
    return _file(content or own_table(plan), f"{plan.title}.xlsx")


@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET"])
def paper_template(request: HttpRequest) -> HttpResponse:
    return _file(blank_table(), "责任分解模板.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {
        "papers": papers(request.person),
        "form": form,
        "key": secrets.token_hex(16),
        "zone": request.person.user.government.zone,
        "writes": request.person.has(Role.SUPERVISOR),
    }
    return render(request, "plans/papers.html", context, status=status)


def _preview(request: HttpRequest, pk: int, status: int = 200, *, form: HeadForm | None = None, problem: str = "") -> HttpResponse:
    page: PaperPage | None = paper_page(request.person, pk)
    if page is None:
        raise Http404
    names = ("code", "title", "number", "issuer", "issued_on", "start", "end")
    values: dict[str, str | dt.date | None] = {name: getattr(page.paper, name) for name in names}
    context = {
        "page": page,
        "form": form or HeadForm(initial=values),
        "roles": roles(),
        "problem": problem,
        "writes": request.person.has(Role.SUPERVISOR),
        "said": request.GET.get("said"),
    }
    return render(request, "plans/paper.html", context, status=status)
