"""规划: the published plans, each with how it stands."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.access import Person, entry
from plans.models import Plan
from tracker import exporting, formats
from tracker.components import count, gap_figure, light, spread, tag
from tracker.exporting import share
from tracker.filters import Filters
from tracker.markup import format_html
from tracker.models.standings import Light
from tracker.queries import plans as query
from tracker.queries.nodes import NodeRow
from tracker.queries.plans import PlanRow
from tracker.tables import Listing, Row, Td, column


class PlanFilters(Filters):
    chips: tuple[str, ...] = ("state",)
    q = django_filters.CharFilter(method="named", label=_("名称或文号"))
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Plan.State.choices)

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not person.reads_drafts:  # the others see what is published or closed
            self.filters["state"].extra["choices"] = [(s.value, s.label) for s in (Plan.State.PUBLISHED, Plan.State.CLOSED)]

    def named(self, found: QuerySet, name: str, words: str) -> QuerySet:
        return query.named(found, words.strip())


class PlanListing(Listing):
    caption = _("规划")
    heads = (
        _("编码"), _("规划"), _("文件"), _("文号"), _("发文日期"), _("起"), _("止"), _("状态"), _("事项"), *(light.label for light in Light), _("逾期"),
        _("完成率"), _("序时进度"), _("差距"), _("覆盖"), _("亮灯"),
    )  # fmt: skip
    nothing = (_("还没有发布规划"), _("规划发布后列在这里。"))
    title = column(_("规划"), head=True, order_by="row__title")
    span = column(_("期间"), order_by=("row__start", "row__end"))
    items = column(_("事项"), num=True, order_by="row__node__items")
    red = column(_("滞后"), num=True, order_by="row__node__red")
    yellow = column(_("偏慢"), num=True, order_by="row__node__yellow")
    overdue = column(_("逾期"), num=True, order_by="row__node__overdue")
    spread = column(_("亮灯分布"), css="w-ruler wide", label=False, orderable=False)
    coverage = column(_("覆盖"), num=True, order_by="row__node__coverage")
    gap = column(_("差距"), num=True, order_by="row__node__gap")
    light = column(_("亮灯"), label=False, orderable=False)

    def cells(self, row: Row) -> Sequence[Any]:
        return plan_cells(row["row"])

    def record(self, row: Row) -> Sequence[Any]:
        one: PlanRow = row["row"]
        return (
            one.code, one.title, one.document, one.number, one.issued, one.start, one.end, one.state, one.node.items, *one.node.lights.values(),
            one.node.overdue, *node_record(one.node), str(Light(one.node.light).label) if one.node.light else "",
        )  # fmt: skip


def node_record(node: NodeRow) -> Sequence[Any]:
    """A node's shares and its gap for cells: attainment, expected, gap, coverage."""
    return share(node.attainment), share(node.expected), node.gap, share(node.coverage)


def plan_cells(row: PlanRow) -> Sequence[Any]:
    node, items = row.node, f"{reverse('items')}?plan={row.code}"
    return (
        format_html('<a class="name" href="{}">{}</a>{}<span class="sub">{}</span>', reverse("plan", args=[row.code]), row.title,
                    "" if row.published else format_html(" {}", tag(row.state)), paper(row)),
        span(row.start.year, row.end.year),
        count(node.items, items),
        coloured_count(node.red, "red", f"{items}&light=red"),
        coloured_count(node.yellow, "yellow", f"{items}&light=yellow"),
        count(node.overdue, f"{items}&overdue=1"),
        spread(node.lights) if node.items else "",
        formats.percent(node.coverage, 0),
        gap_figure(node.gap, node.light),
        light(node.light, href=reverse("plan-why", args=[row.code])),
    )  # fmt: skip


def paper(row: PlanRow) -> str:
    """The document behind a plan: its title where that is another, its number and date."""
    said = [row.document if row.document != row.title else "", row.number, formats.full_day(row.issued)]
    return _t("，").join(part for part in said if part)


def span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}—{last}"


def coloured_count(n: int, light: str, href: str) -> Any:
    """A count of what lags, in a cell of its light's colour; none is a dash."""
    return Td(count(n, href), f"cell--{light}") if n else count(n)


@entry()
def plans(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    filters = PlanFilters(request.GET, person, queryset=query.plans(person))
    found = query.plans_for(person, request.now, filters.qs)  # type: ignore[attr-defined]
    table = PlanListing([{"row": row} for row in found.rows])
    if kind := exporting.asked(request):
        return table.file(request, kind, "plans")
    return render(request, "tracker/plans.html", {"table": table.on(request), "found": found, "filters": filters})
