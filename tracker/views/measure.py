"""指标口径: its history, and 一数多诺."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from people.access import Person, entry
from tracker import exporting, records, wording
from tracker.queries.measure import measure_page


@entry()
def measure(request: HttpRequest, code: str) -> HttpResponse:
    person: Person = request.person
    page = measure_page(person, code, request.now)
    if page is None:
        raise Http404
    if (kind := exporting.asked(request)) and page.reads:
        return exporting.file_response(kind, f"measure-{code}", _("历史"), records.HISTORY, records.history_records(page.past))
    return render(request, "tracker/measure.html", {"page": page, "unit": wording.unit(page.measure.unit), "zone": person.user.government.zone})
