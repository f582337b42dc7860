"""提醒: what is open, narrowed by the URL; one of them whole beside the list, with its story and the notes of those it concerns.

/alerts/?rule=&department=&rung=&age=&unnoted=1&waits=1&portfolio=1&closed=1&alert=12
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people import clock
from people.access import Person, entry
from people.models import Role
from tracker import alerts as deeds
from tracker import exporting, formats
from tracker.components import department, tag
from tracker.filters import Filters
from tracker.markup import format_html
from tracker.models import Alert
from tracker.queries import alerts as query
from tracker.queries import decisions
from tracker.tables import Listing, Row, address, column
from tracker.turns import Refused

AGES = [("7", _("一周以上")), ("30", _("一个月以上")), ("90", _("三个月以上"))]
ONE = lambda word: [("1", word)]  # noqa: E731  the one choice of a chip
PER_PAGE = 25
LONGEST_KEY = 18  # digits that fit a key


class AlertFilters(Filters):
    chips: tuple[str, ...] = ("rule", "unnoted", "waits", "portfolio", "closed")
    department = django_filters.ChoiceFilter(field_name="department__code", label=_("部门"), empty_label=_("全部部门"))
    rung = django_filters.ChoiceFilter(label=_("已到"), empty_label=_("各级"), choices=Alert.Rung.choices)
    age = django_filters.ChoiceFilter(method="older", label=_("已有"), empty_label=_("不限时长"), choices=AGES)
    rule = django_filters.ChoiceFilter(label=_("提醒"), choices=Alert.Rule.choices)
    unnoted = django_filters.ChoiceFilter(method="is_unnoted", label=_("未回应"), choices=ONE(_("未回应")))
    waits = django_filters.ChoiceFilter(method="that_wait", label=_("待决定"), choices=ONE(_("待决定")))
    portfolio = django_filters.ChoiceFilter(method="of_portfolio", label=_("分管"), choices=ONE(_("我分管的")))
    closed = django_filters.ChoiceFilter(method="same", label=_("已消除"), choices=ONE(_("已消除")))

    class Meta:
        model = Alert
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, person: Person, day: dt.date, departments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.person, self.day = person, day
        self.filters["department"].extra["choices"] = departments
        for name, there in (("department", bool(departments)), ("portfolio", person.has(Role.LEADER))):
            if not there:
                del self.filters[name]
                self.chips = tuple(chip for chip in self.chips if chip != name)
        if not self.data.get("rule"):  # a rule of which there is nothing is no choice
            counted = self.counts.get("rule", {})
            self.filters["rule"].extra["choices"] = [(value, word) for value, word in Alert.Rule.choices if counted.get(value)]

    def older(self, alerts: QuerySet, name: str, days: str) -> QuerySet:
        return alerts.filter(since__lte=self.day - dt.timedelta(days=int(days)))

    def is_unnoted(self, alerts: QuerySet, name: str, on: str) -> QuerySet:
        return alerts.filter(note="")

    def that_wait(self, alerts: QuerySet, name: str, on: str) -> QuerySet:
        return decisions.waiting(alerts)

    def of_portfolio(self, alerts: QuerySet, name: str, on: str) -> QuerySet:
        return decisions.of_portfolio(alerts, self.person)

    def same(self, alerts: QuerySet, name: str, on: str) -> QuerySet:
        """Chooses what is listed, not the rows."""
        return alerts


class AlertListing(Listing):
    caption = _("提醒")
    heads = (_("事项或指标"), _("提醒"), _("情况"), _("部门"), _("起于"), _("已有天数"), _("已到"), _("已回应"), _("已消除"))
    density = "dense"
    per_page = PER_PAGE
    nothing = (_("没有这样的提醒"), _("已核对权限内的全部提醒。"))
    name = column(_("事项或指标"), head=True, orderable=False)
    rule = column(_("提醒"), label=False)
    department = column(_("部门"), order_by=("department__position", "since"), label=False)
    since = column(_("起于"), num=True)
    rung = column(_("已到"), order_by=("-rung", "since"))

    class Meta(Listing.Meta):
        order_by = ("since",)

    def __init__(self, *args: Any, day: dt.date, zone: str, selected: int = 0, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.zone, self.selected, self.query = day, zone, selected, data

    def raw_rows(self) -> list[Row]:
        return [{"row": row} for row in query.rows(super().raw_rows(), self.day, self.zone)]

    def is_selected(self, row: Row) -> bool:
        return row["row"].pk == self.selected

    def record(self, row: Row) -> Sequence[Any]:
        one: query.AlertRow = row["row"]
        yes = lambda on: _t("是") if on else ""  # noqa: E731
        return one.name, one.rule, one.detail, one.department, one.since, one.age, one.rung, yes(one.noted), yes(one.closed)

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.AlertRow = row["row"]
        name = format_html('<a class="name" href="{}#alert">{}</a>', address(self.query, alert=one.pk), one.name)
        return (
            format_html('{}{}<span class="sub">{}</span>', name, format_html(" {}", tag(_t("已回应"))) if one.noted else "", one.detail),
            one.rule,
            department(one.department, one.short),
            format_html('{}<span class="sub">{}</span>', formats.short_day(one.since), formats.days(one.age)),
            one.rung,
        )


@entry()
def alerts(request: HttpRequest) -> HttpResponse:
    return page(request)


@entry(Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, methods=["POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledges an alert; what is wrong with the note is said beside it."""
    person, day = request.person, clock.day_of(request.now, request.person.user.government.zone)
    found = query.alert_page(person, pk, day)
    if found is None:
        raise Http404
    words = request.POST.get("note", "")
    try:
        deeds.note(found.alert, person, request.now, words)
    except PermissionDenied:
        raise Http404 from None
    except Refused as refused:
        return page(request, pk, refused.problems[0].message, words)
    except deeds.Closed:
        return page(request, pk, _t("提醒已自行消除，没有记下"), words)
    return redirect(f"{reverse('alerts')}{address(query_of(request), alert=pk)}#alert")


def query_of(request: HttpRequest) -> QueryDict:
    """The filters in force: of the page's own address, or those that the form brings along."""
    return request.GET if request.method == "GET" else QueryDict(request.POST.get("query", ""), mutable=True)


def page(request: HttpRequest, pk: int = 0, error: str = "", words: str = "") -> HttpResponse:
    """The list, and the alert chosen beside it."""
    person: Person = request.person
    data, zone = query_of(request), person.user.government.zone
    day, departments = clock.day_of(request.now, zone), query.departments_of(person)
    every = query.open_or_closed(person, bool(data.get("closed")))
    counted = AlertFilters(without(data), person, day, departments, queryset=every)
    filters = AlertFilters(data, person, day, departments, queryset=every, counts=query.chip_counts(counted.qs))
    listed = AlertListing(filters.qs.values(*query.FIELDS), day=day, zone=zone, data=data)
    if kind := exporting.asked(request):
        return listed.file(request, kind, "alerts")
    asked = data.get("alert") or ""
    chosen = pk or (int(asked) if asked.isdecimal() and len(asked) < LONGEST_KEY else 0)
    found = query.alert_page(person, chosen, day) if chosen else None
    if chosen and found is None:
        raise Http404
    listed.selected = chosen
    table = listed.on(request)
    shown = {
        "filters": filters, "table": table, "total": table.page.paginator.count, "found": found, "error": error, "words": words, "zone": zone,
        "may_note": found is not None and found.alert.closed_at is None and deeds.may_note(found.alert, person), "query": data.urlencode(), "day": day,
        "closed": bool(data.get("closed")),
    }  # fmt: skip
    return render(request, "tracker/alerts.html", shown, status=422 if error else 200)


def without(data: Mapping[str, Any]) -> QueryDict:
    """The query without what the chips with counts choose."""
    kept = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
    for name in ("rule", "unnoted"):
        kept.pop(name, None)
    return kept
