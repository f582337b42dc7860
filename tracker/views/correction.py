"""更正单: old and new value, reason and basis, and everything that used the old value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from people.access import Person, entry
from people.models import Role
from tracker import formats, wording
from tracker.models import ProgressReport
from tracker.models.standings import Light
from tracker.queries.correction import Stood, Used, correction_page, role_words


@dataclass(frozen=True)
class Row:
    """How an item or a node stood while the old value counted, a line a change; `closings`: occasion and title."""

    name: str
    href: str
    role: str
    light: str
    gap: str
    span: str
    closings: tuple[tuple[str, str], ...]
    why: str
    now: str
    now_gap: str
    first: bool


@entry(Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    person: Person = request.person
    page = correction_page(person, pk)
    if page is None:
        raise Http404
    shown: Mapping[str, Any] = {
        "page": page, "report": page.report, "old": page.old, "items": list(_rows(page.uses.items)), "nodes": list(_rows(page.uses.nodes)),
        "old_value": figure(page.old), "new_value": figure(page.report), "zone": person.user.government.zone,
        "reads_messages": person.has(Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR),
    }  # fmt: skip
    return render(request, "tracker/correction.html", shown)


def figure(report: ProgressReport) -> str:
    """A report's figure with its unit, else its answer in a word."""
    return str(report.get_answer_display()) if report.value is None else wording.with_unit(formats.number(report.value), report.measure.unit)


def _rows(used: Iterable[Used]) -> Iterable[Row]:
    for use in used:
        for n, stood in enumerate(use.stood):
            now = use.now
            yield Row(
                use.name, use.href, role_words(stood.role), stood.light, _gap(stood.gap, stood.light), _span(stood), stood.closings, use.why,
                now.light if now else "", _gap(now.gap, now.light) if now else "", n == 0,
            )  # fmt: skip


def _gap(gap: Any, light: str) -> str:
    return "" if light in (Light.NOT_DUE, Light.GREY) else formats.signed(gap)


def _span(stood: Stood) -> str:
    first, last = formats.full_day(stood.since), formats.full_day(stood.until)
    return first if first == last else _("%(first)s 至 %(last)s") % {"first": first, "last": last}
