"""规划: the published plans, each with how it stands."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.access import entry
from tracker import exporting, formats
from tracker.components import count, gap_figure, light, spread, tag
from tracker.exporting import share
from tracker.markup import format_html
from tracker.models.standings import Light
from tracker.queries.nodes import NodeRow
from tracker.queries.plans import PlanRow, plans_for
from tracker.tables import Listing, Row, Td, column


class PlanListing(Listing):
    caption = _("规划")
    heads = (
        _("编码"), _("规划"), _("文件"), _("文号"), _("发文日期"), _("起"), _("止"), _("状态"), _("事项"), *(light.label for light in Light), _("逾期"),
        _("完成率"), _("序时进度"), _("差距"), _("覆盖"), _("亮灯"),
    )  # fmt: skip
    nothing = (_("还没有发布规划"), _("规划发布后列在这里。"))
    title = column(_("规划"), head=True)
    span = column(_("期间"))
    items = column(_("事项"), num=True)
    red = column(_("滞后"), num=True)
    yellow = column(_("偏慢"), num=True)
    overdue = column(_("逾期"), num=True)
    spread = column(_("亮灯分布"), css="w-ruler wide", label=False)
    coverage = column(_("覆盖"), num=True)
    gap = column(_("差距"), num=True)
    light = column(_("亮灯"), label=False)

    class Meta(Listing.Meta):
        orderable = False

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
        light(node.light),
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
    found = plans_for(request.person, request.now)  # type: ignore[attr-defined]
    table = PlanListing([{"row": row} for row in found.rows])
    if kind := exporting.asked(request):
        return table.file(request, kind, "plans")
    return render(request, "tracker/plans.html", {"table": table, "found": found})
