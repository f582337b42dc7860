"""部门: the matrix of departments by lights, in the official order."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from people.access import Person, entry
from people.models import Department
from people.queries import mergers_waiting
from tracker import exporting, formats
from tracker.components import count, department, gap_figure, light, link
from tracker.filters import Filters
from tracker.models.standings import Light
from tracker.queries import departments as query
from tracker.queries.departments import DepartmentRow
from tracker.tables import Listing, Row, column
from tracker.views.items import department_url
from tracker.views.plans import coloured_count, node_record

headed = lazy(light, SafeString)  # a light as a column's head, in the language of the page that shows it


class DepartmentFilters(Filters):
    chips = ("kind",)
    q = django_filters.CharFilter(method="named", label=_("名称"))
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=Department.Kind.choices)

    class Meta:
        model = Department
        fields: tuple[str, ...] = ()

    def named(self, found: QuerySet, name: str, words: str) -> QuerySet:
        return query.named(found, words.strip())


class DepartmentListing(Listing):
    caption = _("部门亮灯")
    heads = (
        _("责任单位（牵头）"), _("类别"), _("事项"), *(one.label for one in Light), _("逾期"), _("完成率"), _("序时进度"), _("差距"), _("覆盖"), _("最早截至"), _("亮灯"),
    )  # fmt: skip
    density = "dense"
    nothing = (_("没有牵头事项的部门"), _("规划发布并汇总后，牵头事项的部门列在这里。"))
    name = column(_("责任单位（牵头）"), head=True)
    items = column(_("事项"), num=True)
    red = column(headed(Light.RED), num=True)
    yellow = column(headed(Light.YELLOW), num=True)
    overdue = column(_("逾期"), num=True)
    green = column(headed(Light.GREEN), num=True, hide_narrow=True)
    blue = column(headed(Light.BLUE), num=True, hide_narrow=True)
    not_due = column(headed(Light.NOT_DUE), num=True, hide_narrow=True)
    grey = column(headed(Light.GREY), num=True, hide_narrow=True)
    gap = column(_("差距"), num=True)
    coverage = column(_("覆盖"), num=True, hide_narrow=True)
    oldest = column(_("最早截至"), num=True, hide_narrow=True)

    class Meta(Listing.Meta):
        orderable = False

    def cells(self, row: Row) -> Sequence[Any]:
        return department_cells(row["row"])

    def record(self, row: Row) -> Sequence[Any]:
        one: DepartmentRow = row["row"]
        return (
            one.name, str(Department.Kind(one.kind).label), one.node.items, *one.node.lights.values(), one.node.overdue, *node_record(one.node),
            one.node.oldest, str(Light(one.node.light).label) if one.node.light else "",
        )  # fmt: skip


def department_cells(row: DepartmentRow) -> Sequence[Any]:
    node, here = row.node, f"{reverse('items')}?department={row.code}"
    return (
        link(department(row.name, row.short), department_url(row.code)),
        count(node.items, here),
        coloured_count(node.red, "red", f"{here}&light=red"),
        coloured_count(node.yellow, "yellow", f"{here}&light=yellow"),
        count(node.overdue, f"{here}&overdue=1"),
        *(count(node.counts.get(name, 0), f"{here}&light={name}") for name in (Light.GREEN, Light.BLUE, Light.NOT_DUE, Light.GREY)),
        gap_figure(node.gap, node.light),
        formats.percent(node.coverage, 0),
        formats.short_day(node.oldest),
    )


@entry()
def departments(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    filters = DepartmentFilters(request.GET, queryset=query.departments(person))
    found = query.departments_for(person, request.now, filters.qs)  # type: ignore[attr-defined]
    table = DepartmentListing([{"row": row} for row in found.rows])
    if kind := exporting.asked(request):
        return table.file(request, kind, "departments")
    shown = {"found": found, "table": table, "filters": filters, "mergers": mergers_waiting(request.person)}
    return render(request, "tracker/departments.html", shown)
