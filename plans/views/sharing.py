"""责任分解: a draft is laid before its departments, they answer, two people publish it, and whoever got it signs."""

import datetime as dt
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people import clock
from people.access import Person, entry
from people.models import Role
from plans import consulting, sharing_out
from plans.consulting import Proposed
from plans.editing.rights import NotAllowed, Wrong
from plans.issued_tables import HEADS
from plans.models import Consultation
from plans.queries import sharing as queries
from plans.queries.sharing import AnswerPage, ConsultationPage, PublicationPage

DAY = {"type": "date"}
KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONG = forms.Textarea(attrs={"rows": 2, "maxlength": 400})


class OpenForm(forms.Form):
    until_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput(attrs=DAY), help_text=_("当日 24 时截止"))
    note = forms.CharField(label=_("要求"), required=False, widget=LONG)


class ExtendForm(forms.Form):
    until_on = forms.DateField(label=_("延长至"), widget=forms.DateInput(attrs=DAY))
    before = forms.DateField(widget=forms.HiddenInput)


class ObjectForm(forms.Form):
    """What a department wants otherwise, of one row."""

    lead = forms.ChoiceField(label=_("建议牵头单位"), required=False)
    wording = forms.CharField(label=_("建议表述"), required=False, max_length=120)
    due_on = forms.DateField(label=_("建议时限"), required=False, widget=forms.DateInput(attrs=DAY))
    reason = forms.CharField(label=_("理由"), widget=LONG)

    def __init__(self, departments: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = [("", "—"), *((str(d.pk), str(d)) for d in departments)]  # type: ignore[attr-defined]

    @property
    def proposed(self) -> Proposed:
        given = self.cleaned_data
        return Proposed(given["reason"], int(given["lead"]) if given["lead"] else None, given["wording"], given["due_on"])


class ReplyForm(forms.Form):
    reason = forms.CharField(label=_("书面答复"), required=False, widget=LONG)


class IssueForm(forms.Form):
    number = forms.CharField(label=_("发文字号"), max_length=60, help_text=_("如 驻政办〔2023〕5号"))
    dated_on = forms.DateField(label=_("成文日期"), widget=forms.DateInput(attrs=DAY))


class CloseForm(forms.Form):
    reason = forms.CharField(label=_("办结原因"), widget=LONG)


@entry(Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR)
def sharing(request: HttpRequest) -> HttpResponse:
    return _page(request, "plans/sharing.html", {"board": queries.board(request.person), "today": _today(request)})


# the supervisor: who has answered, and what is answered to them -------------------------------------------------------


@never_cache
@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET", "POST"])
def consultation(request: HttpRequest, code: str) -> HttpResponse:
    person: Person = request.person
    page = queries.consultation_page(person, code, request.now)
    if page is None or (request.method == "POST" and not person.has(Role.SUPERVISOR)):
        raise Http404
    if request.method == "GET":
        return _consultation(request, page)
    do = request.POST.get("do", "")
    if do in ("take", "refuse"):
        return _reply(request, page, do == "take")
    if do == "extend" and page.consultation is not None:
        return _extend(request, page, page.consultation)
    return _open(request, page)


def _open(request: HttpRequest, page: ConsultationPage) -> HttpResponse:
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            consulting.open_consultation(page.plan, form.cleaned_data["until_on"], form.cleaned_data["note"], request.person, request.now)
            return redirect(reverse("consultation", args=[page.plan.code]))
        except NotAllowed as refused:
            _put(form, refused)
    return _consultation(request, page, 422, form=form)


def _extend(request: HttpRequest, page: ConsultationPage, opened: Consultation) -> HttpResponse:
    form = ExtendForm(request.POST)
    if form.is_valid():
        try:
            consulting.extend(opened, form.cleaned_data["until_on"], request.person, request.now, form.cleaned_data["before"])
            return redirect(reverse("consultation", args=[page.plan.code]))
        except NotAllowed as refused:
            _put(form, refused)
    return _consultation(request, page, 422, extend=form)


def _reply(request: HttpRequest, page: ConsultationPage, taken: bool) -> HttpResponse:
    opinion = queries.opinion_of(request.person, page.plan.code, request.POST.get("opinion", ""))
    if opinion is None:
        raise Http404
    form = ReplyForm(request.POST, auto_id=f"id_{opinion.pk}_%s")
    version = request.POST.get("version", "")
    if form.is_valid():
        try:
            if taken:
                consulting.take_over(opinion, form.cleaned_data["reason"], request.person, request.now, int(version) if version.isdecimal() else -1)
            else:
                consulting.refuse(opinion, form.cleaned_data["reason"], request.person, request.now)
            return redirect(reverse("consultation", args=[page.plan.code]) + "?said=1#objections")
        except NotAllowed as refused:
            _put(form, refused, "reason")
    again = queries.consultation_page(request.person, page.plan.code, request.now)
    if again is None:
        raise Http404
    return _consultation(request, again, 422, replies={opinion.pk: form})


def _consultation(request: HttpRequest, page: ConsultationPage, status: int = 200, **more: Any) -> HttpResponse:
    replies = more.pop("replies", {})
    lines = [(one, replies.get(one.opinion.pk) or ReplyForm(auto_id=f"id_{one.opinion.pk}_%s")) for one in page.open]
    until = page.consultation.until_on if page.consultation else None
    context = {
        "page": page, "lines": lines, "writes": request.person.has(Role.SUPERVISOR) and page.plan.state in queries.DRAFTS, "form": OpenForm(),
        "extend": ExtendForm(initial={"before": until}), "fields": consulting.FIELDS, "said": request.GET.get("said") == "1", **more,
    }  # fmt: skip
    return _page(request, "plans/consultation.html", context, status=status)


# the department: its own rows -----------------------------------------------------------------------------------------


@never_cache
@entry(Role.REPORTER, Role.REVIEWER, methods=["GET", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    page = queries.answer_page(request.person, code, request.now)
    if page is None:
        raise Http404
    if request.method == "GET":
        return _answer(request, page)
    if request.POST.get("do") == "object":
        return _object(request, page)
    rows = dict(pair.split(":", 1) for pair in request.POST.getlist("row") if ":" in pair)
    given = {int(item): token for item, token in rows.items() if item.isdecimal() and len(item) < 16}
    try:
        n = consulting.accept(page.plan, given, request.person, request.now)
    except NotAllowed as refused:
        return _answer(request, page, 422, problem=str(refused))
    return redirect(f"{reverse('consultation-answer', args=[code])}?accepted={n}&left={len(given) - n}")


def _object(request: HttpRequest, page: AnswerPage) -> HttpResponse:
    row = next((row for row in page.rows if str(row.terms.item_id) == request.POST.get("item", "")), None)
    if row is None:
        raise Http404
    form = ObjectForm(page.departments, request.POST, auto_id=f"id_{row.terms.item_id}_%s")
    if form.is_valid():
        try:
            consulting.object_to(page.plan, row.terms.item_id, request.POST.get("token", ""), form.proposed, request.person, request.now)
            return redirect(f"{reverse('consultation-answer', args=[page.plan.code])}?objected=1#item-{row.terms.item_id}")
        except NotAllowed as refused:
            _put(form, refused, "reason")
    return _answer(request, page, 422, forms={row.terms.item_id: form})


def _answer(request: HttpRequest, page: AnswerPage, status: int = 200, **more: Any) -> HttpResponse:
    given = more.pop("forms", {})
    may = not page.why_not
    lines = [(row, given.get(row.terms.item_id) or (ObjectForm(page.departments, auto_id=f"id_{row.terms.item_id}_%s") if may else None)) for row in page.rows]
    files = queries.files_of(request.person, page.plan.code)
    said = {name: request.GET[name] for name in ("accepted", "left", "objected", "signed") if request.GET.get(name, "").isdecimal()}
    context = {"page": page, "lines": lines, "may": may, "files": files, "said": said, "opened": list(given), "fields": consulting.FIELDS, **more}
    return _page(request, "plans/consultation_answer.html", context, status=status)


@never_cache
@entry(Role.REPORTER, Role.REVIEWER, methods=["POST"])
def sign(request: HttpRequest, code: str) -> HttpResponse:
    signature = queries.signature_of(request.person, code)
    if signature is None:
        raise Http404
    try:
        sharing_out.sign(signature, request.person, request.now)
    except NotAllowed as refused:
        page = queries.answer_page(request.person, code, request.now)
        if page is None:
            raise Http404 from None
        return _answer(request, page, 409, problem=str(refused))
    return redirect(reverse("consultation-answer", args=[code]) + "?signed=1")


# publishing -----------------------------------------------------------------------------------------------------------


@never_cache
@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET", "POST"])
def publication(request: HttpRequest, code: str) -> HttpResponse:
    person: Person = request.person
    page = queries.publication_page(person, code, request.now)
    if page is None or (request.method == "POST" and not person.has(Role.SUPERVISOR)):
        raise Http404
    if request.method == "GET":
        return _publication(request, page)
    do = request.POST.get("do", "")
    if do == "close":
        return _close(request, page)
    if do in ("publish", "back") and page.issuance is not None:
        deed = sharing_out.publish if do == "publish" else sharing_out.take_back
        try:
            deed(page.issuance, person, request.now)
        except NotAllowed as refused:
            return _publication(request, page, 422, problem=str(refused))
        return redirect(reverse("publication", args=[code]))
    return _propose(request, page)


def _propose(request: HttpRequest, page: PublicationPage) -> HttpResponse:
    form = IssueForm(request.POST)
    if form.is_valid():
        try:
            sharing_out.propose(page.plan, form.cleaned_data["number"], form.cleaned_data["dated_on"], request.person, request.now)
            return redirect(reverse("publication", args=[page.plan.code]))
        except NotAllowed as refused:
            _put(form, refused)
    return _publication(request, page, 422, form=form)


def _close(request: HttpRequest, page: PublicationPage) -> HttpResponse:
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            sharing_out.close(page.plan, form.cleaned_data["reason"], request.person, request.now)
            return redirect(reverse("publication", args=[page.plan.code]))
        except NotAllowed as refused:
            _put(form, refused, "reason")
    return _publication(request, page, 422, close=form)


def _publication(request: HttpRequest, page: PublicationPage, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "page": page, "heads": HEADS, "writes": request.person.has(Role.SUPERVISOR), "mine": page.issuance is not None and page.issuance.proposed_by_id == request.person.id,
        "closure": getattr(page.plan, "closure", None), "form": IssueForm(initial={"dated_on": _today(request)}), "close": CloseForm(), **more,
    }  # fmt: skip
    return _page(request, "plans/publication.html", context, status=status)


@entry(methods=["GET"])
def issued_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The paper as it was issued."""
    found = queries.file_of(request.person, code, kind) if kind in KINDS else None
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=KINDS[kind])
    response.headers["Content-Disposition"] = _attachment(found.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"zone": request.person.user.government.zone, **context}, status=status)


def _today(request: HttpRequest) -> dt.date:
    return clock.day_of(request.now, request.person.user.government.zone)


def _put(form: forms.Form, refused: NotAllowed, field: str | None = None) -> None:
    """A refusal at its field, or above the form."""
    for name, why in refused.fields.items() if isinstance(refused, Wrong) else ((field, str(refused)),):
        form.add_error(name if name in form.fields else field, why)
