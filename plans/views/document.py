"""原文: the text beside its promises. Supervisors attach a copy, and set aside the sentences of which nothing comes."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.models import Role
from plans import listed
from plans.attaching import Copy, NotAttached, attach, bring_back, is_of, set_aside
from plans.passages.reading import Unreadable, lines_of
from plans.passages.segmenting import split_papers
from plans.queries.document import DocumentPage, Line, document_of, document_page, passage_of
from plans.sheets import limits

SENTENCES = (_t("序次"), _t("位置"), _t("语句"), _t("说要办"), _t("事项"), _t("不列的原因"), _t("经办"))


@entry(methods=["GET"])
def document(request: HttpRequest, pk: int) -> HttpResponse:
    page = document_page(request.person, pk, request.GET.get("show", ""))
    if page is None:
        raise Http404
    if kind := listed.asked(request):
        lines = [line for _above, _title, group in page.groups for line in group]
        return listed.file_response(kind, f"document-{pk}", page.document.title, SENTENCES, map(sentence_record, lines))
    return _page(request, page)


def sentence_record(line: Line) -> Sequence[Any]:
    """A sentence and what came of it, as SENTENCES heads it."""
    items = _("、").join(f"{link.plan} {link.code} {link.name}" for link in line.links)
    return line.position, line.locator, line.text, _("是") if line.promises else _("否"), items, line.reason, line.by


@never_cache
@entry(Role.SUPERVISOR, methods=["POST"])
def document_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a copy of the document in; the sentences come anew."""
    person: Person = request.person
    found, file = document_of(person, pk), request.FILES.get("file")
    if found is None:
        raise Http404
    try:
        content = _content(file)
        name = file.name or ""
        lines = lines_of(name, content)
        paper = next((paper for paper in split_papers(lines) if is_of(found, paper)), None)
        attach(found, Copy.of(name, lines, content), person, request.now, paper)
    except (NotAttached, Unreadable) as error:
        return _wrong(request, pk, file=str(error))
    return redirect(reverse("document", args=[pk]))


@never_cache
@entry(Role.SUPERVISOR, methods=["POST"])
def passage(request: HttpRequest, pk: int) -> HttpResponse:
    """Sets a sentence aside, with a reason, or takes it up again."""
    person: Person = request.person
    found = passage_of(person, pk)
    if found is None:
        raise Http404
    try:
        if request.POST.get("do") == "back":
            bring_back(found, person, request.now)
        else:
            set_aside(found, request.POST.get("reason", ""), person, request.now)
    except NotAttached as error:
        return _wrong(request, found.document_id, passage=pk, why=str(error), typed=request.POST.get("reason", ""))
    show = request.POST.get("show", "")
    return redirect(reverse("document", args=[found.document_id]) + (f"?show={show}" if show.isalpha() else "") + f"#s{found.position}")


def _content(file: UploadedFile | None) -> bytes:
    if file is None or not file.size:
        raise NotAttached(_("没有选择文件，或文件是空的。"))
    return bytes(file.read(limits.BYTES + 1))


def _wrong(request: HttpRequest, pk: int, **said: Any) -> HttpResponse:
    page = document_page(request.person, pk, request.POST.get("show", ""))
    if page is None:
        raise Http404
    return _page(request, page, 422, said=said)


def _page(request: HttpRequest, page: DocumentPage, status: int = 200, **more: Any) -> HttpResponse:
    context = {"page": page, "writes": request.person.has(Role.SUPERVISOR), **more}
    return render(request, "plans/document.html", context, status=status)
