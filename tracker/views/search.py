"""搜索: one field over items, departments, plans and people."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from people.access import Person, entry
from tracker import exporting, records
from tracker.beside import stands
from tracker.components import department, link
from tracker.markup import format_html, format_html_join
from tracker.queries import search as query
from tracker.queries.looking import look
from tracker.queries.rows import ItemRow
from tracker.views.items import department_url, gap_cell, item_url
from tracker.views.plan import GoalItems

LONGEST = 100


def marked(text: str, words: str) -> SafeString:
    """The text with every word that was looked for marked."""
    pattern = "|".join(re.escape(word) for word in words.split())
    parts = re.split(f"({pattern})", text, flags=re.IGNORECASE) if pattern else [text]
    return format_html_join("", "{}", ((format_html("<mark>{}</mark>", part) if n % 2 else part,) for n, part in enumerate(parts)))


class FoundItems(GoalItems):
    """The items found, with the words marked."""

    def __init__(self, items: Sequence[ItemRow], words: str) -> None:
        super().__init__([{"row": row} for row in items])
        self.words = words

    def cells(self, row: Any) -> Sequence[Any]:
        one: ItemRow = row["row"]
        name = format_html(
            '<a class="name" href="{}">{}</a><span class="sub">{}</span>', item_url(one.plan, one.code), marked(one.name, self.words), one.plan_title
        )
        lead = link(department(one.lead_short), department_url(one.lead_code))
        value = format_html('{}<span class="unit">{}</span>', one.value, one.unit) if one.value else ""
        return name, one.target, value, gap_cell(one), stands(one, turning=False), lead, one.due


@entry()
def search(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST]
    seen = look(person, request.now)  # type: ignore[attr-defined]
    found = query.search(person, words, seen)  # type: ignore[arg-type]
    if (kind := exporting.asked(request)) and found.words:
        return exporting.file_response(kind, "search", _("搜索"), records.FOUND, records.found_records(found))
    shown = {
        "found": found, "words": words, "items": FoundItems(found.items, found.words).html() if found.items else "",
        "departments": [(d, marked(str(d), found.words)) for d in found.departments],
        "plans": [(p, marked(str(p), found.words)) for p in found.plans],
        "people": [(u, marked(u.name, found.words)) for u in found.people],
    }  # fmt: skip
    return render(request, "tracker/search.html", shown)
