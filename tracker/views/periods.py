"""报告期: who has not reported, and a word to them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people.access import entry
from people.models import Role
from tracker import exporting, records
from tracker.queries.periods import PeriodPage, period_page, period_rows
from tracker.reminders import Reminded, urge

READERS = (Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


@entry(*READERS)
def periods(request: HttpRequest) -> HttpResponse:
    rows = period_rows(request.person, request.now)
    zone = request.person.user.government.zone
    if kind := exporting.asked(request):
        return exporting.file_response(kind, "periods", _("报告期"), records.PERIODS, (records.period_record(row, zone) for row in rows))
    return render(request, "tracker/periods.html", {"rows": rows, "zone": zone})


@never_cache
@entry(*READERS, methods=["GET", "POST"])
def period(request: HttpRequest, occasion: str) -> HttpResponse:
    page = period_page(request.person, occasion, request.now)
    if page is None:
        raise Http404
    if request.method == "POST":
        return _urge(request, page)
    zone = request.person.user.government.zone
    if kind := exporting.asked(request):
        return exporting.file_response(
            kind, f"period-{occasion}", page.period.title, records.OWING, (records.owing_record(one, zone) for one in page.departments)
        )
    context = {"page": page, "zone": zone, "urges": request.person.has(Role.SUPERVISOR), "urged": _urged(request)}
    return render(request, "tracker/period.html", context)


def _urge(request: HttpRequest, page: PeriodPage) -> HttpResponse:
    """Urges one department or all that have not reported; a person gets one such message a day, so pressing twice does no harm."""
    if not request.person.has(Role.SUPERVISOR):
        raise Http404
    code = request.POST.get("department", "")
    departments = [one.department.pk for one in page.owing if not code or one.department.code == code]
    if not departments:
        raise Http404
    done = [urge(each, request.person, request.now, departments) for each in page.periods]
    total = Reminded(sum(d.new for d in done), max(d.departments for d in done), tuple(name for d in done for name in d.nobody))
    return redirect(f"{reverse('period', args=[page.occasion])}?urged={total.new}&of={total.departments}&nobody={len(total.nobody)}")


def _urged(request: HttpRequest) -> dict[str, int]:
    """What the last press did, by the address that it led to."""
    given = {name: request.GET.get(name, "") for name in ("urged", "of", "nobody")}
    return {name: int(text) for name, text in given.items() if text.isdecimal() and text.isascii() and len(text) < 7}
