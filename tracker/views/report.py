"""The full form of one duty: its answer, its figure, its texts, its files; submitted, taken back, corrected from here."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.models import Role
from tracker import reporting
from tracker.forms import entries
from tracker.queries.owed import Clash
from tracker.queries.report import ReportPage, evidence_of, report_page, would
from tracker.turns import AlreadyMoved, NotYours, Refused

READERS = (Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
DONE = ("saved", "submitted", "taken_back", "uploaded", "removed", "correcting", "twice")


@never_cache
@entry(*READERS, methods=["GET", "POST"])
def report(request: HttpRequest, duty: int) -> HttpResponse:
    page = _found(request, duty)
    if request.method == "GET":
        return _page(request, page)
    if not reporting.may_write(page.row.duty, request.person):
        raise Http404
    do = request.POST.get("do", "save")
    deed = {"save": _save, "submit": _submit, "take_back": _take_back, "correct": _correct, "add": _add, "upload": _upload}.get(do)
    if deed is None:
        deed = _remove if do.startswith("remove-") else _save
    try:
        return deed(request, page)
    except AlreadyMoved:
        return redirect(_address(duty, "twice"))
    except (NotYours, ValueError) as error:
        raise Http404 from error


@entry(Role.REPORTER)
def report_preview(request: HttpRequest, duty: int) -> HttpResponse:
    """The lights that the fields in the address would give; changes nothing."""
    page = _found(request, duty)
    if not page.writes:
        raise Http404
    try:
        promises = would(page.row, entries.posted(request.GET, duty).fields, request.now)
    except ValueError as error:
        raise Http404 from error
    return render(request, "tracker/report/lights.html", {"promises": promises, "row": page.row})


def form_names(page: ReportPage) -> tuple[str, ...]:
    """The fields that the full form of a duty has."""
    names = [name for name in entries.NAMES if name not in ("value", "benchmark", "data_state") or not page.steps]
    apart = {"benchmark": page.row.asks_benchmark, "basis": bool(page.report and page.report.corrects_id)}
    return tuple(name for name in names if apart.get(name, True))


def _found(request: HttpRequest, duty: int) -> ReportPage:
    page = report_page(request.person, duty, request.now)
    if page is None:
        raise Http404
    return page


def _page(request: HttpRequest, page: ReportPage, status: int = 200) -> HttpResponse:
    person: Person = request.person
    shown = entries.shown(page.row, form_names(page))
    if page.steps:
        shown["steps"] = {step.pk: step.text for step in page.steps if step.text and not step.settled}
    page.row.seen_mark = entries.mark(shown)
    done = request.GET.get("done", "")
    context = {
        "page": page, "row": page.row, "writes": page.writes, "fields": shown, "zone": person.user.government.zone, "done": done if done in DONE else "",
        "own": person.department_id == page.row.duty.department_id, "evidence_problems": page.evidence_problems,
    }  # fmt: skip
    return render(request, "tracker/report.html", context, status=status)


def _address(duty: int, done: str) -> str:
    return f"{reverse('report', args=[duty])}?done={done}"


def _after(request: HttpRequest, page: ReportPage, saved: entries.Saved, confirmed: Mapping[str, str]) -> ReportPage:
    """The page as it is after its form was saved."""
    after = _found(request, page.row.duty.pk)
    after.row.clash, after.row.confirmed, after.row.notes = saved.clash, confirmed, saved.refused
    return after


def _saved(request: HttpRequest, page: ReportPage) -> tuple[ReportPage, entries.Saved]:
    posted = entries.posted(request.POST, page.row.duty.pk)
    saved = entries.save(page.row.duty, page.report if page.row.is_editable else None, posted, request.person, request.now)
    if saved.moved:
        raise AlreadyMoved(saved.moved)
    return _after(request, page, saved, posted.confirmed), saved


def _save(request: HttpRequest, page: ReportPage) -> HttpResponse:
    after, saved = _saved(request, page)
    status = 409 if saved.clash else 422 if saved.refused or (after.row.is_filled and after.row.errors) else 200
    if "X-Fragment" in request.headers or status != 200:
        return _page(request, after, status)
    return redirect(_address(page.row.duty.pk, "saved"))


def _submit(request: HttpRequest, page: ReportPage) -> HttpResponse:
    after, saved = _saved(request, page)
    if not saved.is_fine:
        return _page(request, after, 409 if saved.clash else 422)
    report = after.report or reporting.draft(page.row.duty, request.person, request.now)
    try:
        reporting.submit(report, request.person, request.now, report.version, confirmed=after.row.confirmed)
    except Refused as refused:
        again = _after(request, page, saved, after.row.confirmed)
        again.row.problems, again.row.insists = refused.problems, True
        return _page(request, again, 422)
    except reporting.Overtaken as overtaken:
        after.row.clash = Clash(overtaken.theirs, {})
        return _page(request, after, 409)
    return redirect(_address(page.row.duty.pk, "submitted"))


def _take_back(request: HttpRequest, page: ReportPage) -> HttpResponse:
    if page.report is None:
        raise Http404
    reporting.take_back(page.report, request.person, request.now)
    return redirect(_address(page.row.duty.pk, "taken_back"))


def _correct(request: HttpRequest, page: ReportPage) -> HttpResponse:
    if page.report is None:
        raise Http404
    try:
        reporting.correct(page.report, request.person, request.now, request.POST.get("why", ""), request.POST.get("basis", ""))
    except Refused as refused:
        page.row.notes = [p.message for p in refused.problems]
        return _page(request, page, 422)
    return redirect(_address(page.row.duty.pk, "correcting"))


def _add(request: HttpRequest, page: ReportPage) -> HttpResponse:
    """Begins a report of a later data state beside an accepted one."""
    try:
        reporting.draft(page.row.duty, request.person, request.now)
    except Refused as refused:
        page.row.notes = [p.message for p in refused.problems]
        return _page(request, page, 422)
    return redirect(reverse("report", args=[page.row.duty.pk]))


def _upload(request: HttpRequest, page: ReportPage) -> HttpResponse:
    files: list[UploadedFile] = request.FILES.getlist("files")
    problems = [] if files else [_("没有选择文件。")]
    for file in files:
        try:
            report = reporting.draft(page.row.duty, request.person, request.now)
            reporting.attach(report, file.name or "", file.chunks(), request.person, request.now)
        except Refused as refused:
            problems += [str(file.name) + _("：") + p.message for p in refused.problems]
    if problems or "X-Fragment" in request.headers:
        after: Any = _found(request, page.row.duty.pk)
        after.evidence_problems = problems
        return _page(request, after, 422 if problems else 200)
    return redirect(_address(page.row.duty.pk, "uploaded") + "#evidence")


def _remove(request: HttpRequest, page: ReportPage) -> HttpResponse:
    pk = request.POST["do"].removeprefix("remove-")
    file = evidence_of(request.person, int(pk)) if pk.isdecimal() else None
    if file is None or file.report.duty_id != page.row.duty.pk:
        raise Http404
    reporting.detach(file, request.person, request.now)
    return redirect(_address(page.row.duty.pk, "removed") + "#evidence")
