"""报告期: who has not reported, and a word to them."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.access import entry
from people.models import Role
from tracker import archiving, exporting, formats, records
from tracker.components import count, tag
from tracker.filters import Filters
from tracker.markup import format_html
from tracker.models import Period
from tracker.queries import periods as query
from tracker.queries.periods import PeriodPage, period_page
from tracker.reminders import Reminded, urge
from tracker.tables import Listing, Row, column

READERS = (Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


class PeriodFilters(Filters):
    chips = ("state",)
    year = django_filters.ChoiceFilter(label=_("年度"), empty_label=_("全部年度"))
    cycle = django_filters.ChoiceFilter(label=_("周期"), empty_label=_("全部周期"))
    state = django_filters.ChoiceFilter(method="in_state", label=_("状态"), choices=[("open", _("在办")), ("locked", _("已锁定"))])

    class Meta:
        model = Period
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, opened: QuerySet, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters["year"].extra["choices"], self.filters["cycle"].extra["choices"] = query.offer(opened)

    def in_state(self, found: QuerySet, name: str, state: str) -> QuerySet:
        return query.locked(found, state == "locked")


class PeriodListing(Listing):
    caption = _("报告期")
    heads = records.PERIODS
    nothing = (_("没有这样的报告期"), _("已核对全部开放过的报告期。"))
    period = column(_("报告期"), head=True, order_by=("row__period__end", "row__cycle"))
    due = column(_("截止"), order_by="row__period__due_at")
    reported = column(_("已报"), num=True, order_by="row__reported")
    accepted = column(_("已核定"), num=True, order_by="row__accepted")
    excused = column(_("未到数据时点"), num=True, order_by="row__excused")
    missing = column(_("未报"), num=True, order_by="row__missing")
    overdue = column(_("逾期"), num=True, order_by="row__overdue")
    state = column(_("状态"), end=True, order_by="row__is_locked")

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def record(self, row: Row) -> Sequence[Any]:
        return records.period_record(row["row"], self.zone)

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.PeriodRow = row["row"]
        there, span = reverse("period", args=[one.period.occasion]), f"{formats.short_day(one.period.start)} – {formats.short_day(one.period.end)}"
        late = count(one.overdue, there)
        return (
            format_html('<a class="name" href="{}">{}</a><span class="sub">{}{}{}</span>', there, one.period.title, one.cycle, _t("，"), span),
            formats.deadline(one.period.due_at, self.zone),
            f"{one.reported} / {one.duties}",
            one.accepted,
            count(one.excused),
            count(one.missing, there),
            format_html("<b>{}</b>", late) if one.overdue else late,
            tag(_t("已锁定")) if one.is_locked else tag(_t("在办"), new=True),
        )


@entry(*READERS)
def periods(request: HttpRequest) -> HttpResponse:
    opened = query.opened(request.person, request.now)
    filters = PeriodFilters(request.GET, opened, queryset=opened)
    rows = query.period_rows(request.person, request.now, filters.qs)
    table = PeriodListing([{"row": row} for row in rows], zone=request.person.user.government.zone)
    if kind := exporting.asked(request):
        return table.file(request, kind, "periods")
    return render(request, "tracker/periods.html", {"rows": rows, "table": table.on(request), "filters": filters})


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
    checks = request.person.has(Role.SUPERVISOR, Role.AUDITOR)
    closing = query.closing_of(request.person, occasion) if checks else None
    context = {"page": page, "closing": closing, "zone": zone, "urges": request.person.has(Role.SUPERVISOR), "urged": _urged(request)}
    return render(request, "tracker/period.html", context)


@entry(Role.SUPERVISOR, Role.AUDITOR)
def archive(request: HttpRequest, occasion: str) -> HttpResponse:
    """A closed period as one file, for whoever checks."""
    run = query.closing_of(request.person, occasion)
    if run is None:
        raise Http404
    response = HttpResponse(archiving.archive(run), content_type="application/zip")
    response["Content-Disposition"] = exporting.disposition(f"{run.government.code}-{occasion}.zip")
    response["Cache-Control"] = "private, no-store"
    return response


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
