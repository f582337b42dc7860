"""人员: the list of those whom an administrator or a steward sets up."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.access import Person, entry
from people.language import in_language
from people.models import Role, User
from tracker import exporting
from tracker.components import department, tag
from tracker.filters import Filters
from tracker.queries import people as query
from tracker.tables import Listing, Row, column

STANDINGS = {query.JOINED: _("在用"), query.INVITED: _("未加入"), query.DISABLED: _("已停用")}


class PeopleFilters(Filters):
    chips: tuple[str, ...] = ("standing",)
    q = django_filters.CharFilter(method="called", label=_("姓名、登录名"))
    department = django_filters.ChoiceFilter(field_name="department__code", label=_("部门"), empty_label=_("全部部门"))
    role = django_filters.ChoiceFilter(method="holds", label=_("角色"), empty_label=_("全部角色"), choices=Role.choices)
    standing = django_filters.ChoiceFilter(field_name="standing", label=_("状态"), choices=list(STANDINGS.items()))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, person: Person, at: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.person, self.at = person, at
        if person.has(Role.ADMINISTRATOR):
            self.filters["department"].extra["choices"] = [(d.code, d.short_title) for d in query.departments(person)]
        else:
            del self.filters["department"]

    def called(self, found: QuerySet, name: str, words: str) -> QuerySet:
        return query.named(found, words.strip())

    def holds(self, found: QuerySet, name: str, role: str) -> QuerySet:
        return query.holding(found, role, self.at, self.person.user.government.zone)


class PeopleListing(Listing):
    caption = _("人员")
    density = "dense"
    nothing = (_("没有这样的人"), _("已核对您办理的全部账号。"))
    name = column(_("姓名"), head=True)
    login = column(_("登录名"), label=False)
    department = column(_("部门"), order_by=("department__position", "name"), label=False)
    roles = column(_("角色"), orderable=False, label=False)
    email = column(_("邮箱"), hide_narrow=True)
    standing = column(_("状态"), label=False)

    class Meta(Listing.Meta):
        order_by = ("department",)

    def cells(self, row: Row) -> Sequence[Any]:
        full = in_language(row["department__name"], row["department__name_en"])
        state = row["standing"]
        return (
            format_html('<a class="name" href="{}">{}</a>', reverse("person", args=[row["pk"]]), row["name"]),
            row["login"],
            department(full, in_language(row["department__short"], full)),
            format_html_join(_t("、"), "{}", ((role.label,) for role in self.held.get(row["pk"], []))) or "–",
            row["email"] or "–",
            tag(str(STANDINGS[state]), new=state == query.DISABLED) if state != query.JOINED else str(STANDINGS[state]),
        )

    held: dict[int, list[Role]] = {}

    def record(self, row: Row) -> Sequence[Any]:
        place = in_language(row["department__name"], row["department__name_en"])
        roles = _t("、").join(str(role.label) for role in self.held.get(row["pk"], []))
        return row["name"], row["login"], place, roles, row["email"], str(STANDINGS[row["standing"]])


@entry(Role.ADMINISTRATOR, Role.STEWARD)
def people(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    every = query.people(person)
    filters = PeopleFilters(request.GET, person, request.now, queryset=every, counts={"standing": query.counts(every)})
    table = PeopleListing(filters.qs.values(*query.FIELDS))
    if kind := exporting.asked(request):
        table.held = query.roles_of(filters.qs.values("pk"), request.now, person.user.government.zone)
        return table.file(request, kind, "people")
    table.on(request)
    table.held = query.roles_of((row["pk"] for row in table.raw_rows()), request.now, person.user.government.zone)
    total = table.page.paginator.count
    return render(request, "tracker/people.html", {"filters": filters, "table": table, "total": total, "administers": person.has(Role.ADMINISTRATOR)})
