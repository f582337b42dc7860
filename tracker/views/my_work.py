"""我的待填: a page of rows that save themselves, and one button that submits what is ready. Works as an ordinary form too."""

import json
import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.form_keys import LONGEST, once
from people.models import Role
from tracker import exporting, records, reporting
from tracker.forms import entries
from tracker.queries.my_work import Board, board, duty_row, receipt
from tracker.queries.owed import Owed
from tracker.reporting import Overtaken
from tracker.turns import AlreadyMoved, NotYours, Refused

ROW = ("value", "data_state", "progress", "reason")


@never_cache
@entry(Role.REPORTER, Role.REVIEWER, methods=["GET", "POST"])
def my_work(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    show = request.GET.get("show", "")
    if request.method == "GET":
        page = board(person, request.now, show)
        kind = exporting.asked(request)
        return _file(kind, page) if kind else _page(request, page)
    _must_write(person)
    page = board(person, request.now, show)
    if request.POST.get("do") == "submit":
        return _submit(request, page)
    untouched = _save_all(request, page)
    page = _again(request, page, untouched)
    if request.POST.get("do") == "ask":
        return _ask(request, page)
    wrong = any(row.clash or row.notes or (row.is_filled and row.errors) for row in page.rows)
    return _page(request, page, 422) if wrong else redirect(_address(show))


@never_cache
@entry(Role.REPORTER, methods=["POST"])
def my_work_row(request: HttpRequest, duty: int) -> HttpResponse:
    """Saves one row and answers with the row as it is then; 409 where somebody else edited it, 422 where something is wrong."""
    person: Person = request.person
    row = duty_row(person, duty, request.now)
    if row is None:
        raise Http404
    _must_write(person)
    posted = entries.posted(request.POST, duty)
    saved = _save(request, row, posted)
    after = duty_row(person, duty, request.now)
    if after is None:
        raise Http404
    _carry(after, posted, saved)
    status = 409 if saved.clash or saved.moved else 422 if saved.refused or (after.is_filled and after.errors) else 200
    return render(request, "tracker/my_work/fragment.html", {"row": marked(after), "zone": person.user.government.zone, "writes": True}, status=status)


def marked(row: Owed) -> Owed:
    """The row with the mark of what its form shows."""
    row.seen_mark = entries.mark(entries.shown(row, row_names(row)))
    return row


def row_names(row: Owed) -> tuple[str, ...]:
    """The fields that a row's form has."""
    if not row.has_field:
        return ()
    return (*ROW, "benchmark") if row.asks_benchmark else ROW


def _page(request: HttpRequest, page: Board, status: int = 200, **more: Any) -> HttpResponse:
    person: Person = request.person
    for row in page.rows:
        marked(row)
    context = {
        "board": page, "zone": person.user.government.zone, "writes": person.has(Role.REPORTER), "key": secrets.token_hex(16),
        "receipt": _receipt(person, request.GET.get("receipt", "")), "again": "again" in request.GET, **more,
    }  # fmt: skip
    return render(request, "tracker/my_work.html", context, status=status)


def _file(kind: str, page: Board) -> HttpResponse:
    """What is owed as the filter shows it; without one what was answered too."""
    rows = [row for section in page.sections for row in section.rows] + (page.done if not page.show else [])
    return exporting.file_response(kind, "my-work", _("我的待填"), records.OWED, map(records.owed_record, rows))


def _must_write(person: Person) -> None:
    if not person.has(Role.REPORTER):
        raise Http404


def _save(request: HttpRequest, row: Owed, posted: entries.Posted) -> entries.Saved:
    try:
        return entries.save(row.duty, row.report if row.is_editable else None, posted, request.person, request.now)
    except (NotYours, ValueError) as error:
        raise Http404 from error


def _save_all(request: HttpRequest, page: Board) -> dict[int, tuple[entries.Posted, entries.Saved]]:
    """Saves every row that was posted and touched, each on its own."""
    done = {}
    for row in page.rows:
        if f"version-{row.duty.pk}" in request.POST:
            posted = entries.posted(request.POST, row.duty.pk)
            done[row.duty.pk] = posted, _save(request, row, posted)
    return done


def _again(request: HttpRequest, page: Board, done: dict[int, tuple[entries.Posted, entries.Saved]]) -> Board:
    """The page as it is after the rows were saved, with what went wrong at each."""
    after = board(request.person, request.now, page.show)
    for row in after.rows:
        if row.duty.pk in done:
            _carry(row, *done[row.duty.pk])
    return after


def _carry(row: Owed, posted: entries.Posted, saved: entries.Saved) -> None:
    row.confirmed, row.clash = posted.confirmed, saved.clash
    row.notes = [*saved.refused, *([saved.moved.get_state_display()] if saved.moved else [])]


def _ask(request: HttpRequest, page: Board) -> HttpResponse:
    """What would be submitted, to be confirmed: a part for the dialog of a script, else a page."""
    ready = [row for row in page.rows if row.group == "ready"]
    if "X-Fragment" in request.headers:
        context = {"ready": ready, "board": page, "key": secrets.token_hex(16), "zone": request.person.user.government.zone}
        return render(request, "tracker/my_work/confirm.html", context)
    return _page(request, page, ready=ready, asked=True)


def _submit(request: HttpRequest, page: Board) -> HttpResponse:
    """Submits what was picked, each on its own, once for the key of the form; a second sender is told the first result."""
    key, did = request.POST.get("key", ""), []
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        return _page(request, page, 422)

    def deed() -> str:
        did.append(True)
        counts = _submit_each(request, page)
        return json.dumps(counts)

    once(request.person.user, key, deed)
    return redirect(_address(page.show, receipt=key, **({} if did else {"again": "1"})))


def _submit_each(request: HttpRequest, page: Board) -> dict[str, int]:
    rows = {str(row.duty.pk): row for row in page.rows}
    picked = [rows[pk] for pk in dict.fromkeys(request.POST.getlist("pick")) if pk in rows]
    sent = 0
    for row in picked:
        posted = entries.posted(request.POST, row.duty.pk)
        try:
            if row.report is not None:
                reporting.submit(row.report, request.person, request.now, posted.version, confirmed=posted.confirmed)
                sent += 1
        except (Refused, Overtaken, AlreadyMoved, NotYours):
            continue
    return {"sent": sent, "kept": len(picked) - sent}


def _receipt(person: Person, key: str) -> dict[str, int]:
    said = receipt(person, key)
    try:
        return dict(json.loads(said)) if said else {}
    except (ValueError, TypeError):
        return {}


def _address(show: str, **query: str) -> str:
    asked = urlencode({**({"show": show} if show else {}), **query})
    return reverse("my-work") + (f"?{asked}" if asked else "")
