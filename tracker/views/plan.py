"""规划: one plan as a tree of goals with their items, in the document's order."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.access import entry
from tracker.beside import stands
from tracker.components import TallyCell, department, gap_figure, light, link, spread, tally
from tracker.markup import format_html, format_html_join
from tracker.models.standings import Light
from tracker.queries.nodes import NodeRow
from tracker.queries.plan import GoalNode, PlanPage, plan_page
from tracker.queries.rows import ItemRow
from tracker.tables import Listing, Row, column, render_table
from tracker.views.items import department_url, gap_cell, name_cell, with_small

TALLY = (Light.RED, Light.YELLOW, "overdue", Light.GREEN, Light.BLUE, Light.NOT_DUE, Light.GREY)


class GoalItems(Listing):
    """The items of one goal; one table object writes them all."""

    caption = _("事项")
    density = "dense"
    name = column(_("事项"), head=True)
    target = column(_("目标"), num=True, css="w-target")
    value = column(_("实际"), num=True, css="w-value")
    gap = column(_("差距"), num=True, css="w-gap")
    light = column(_("亮灯"), label=False, css="w-light")
    lead = column(_("牵头"), css="w-lead")
    due = column(_("期限"), num=True, css="w-due")

    class Meta(Listing.Meta):
        orderable = False

    def cells(self, row: Row) -> Sequence[Any]:
        return goal_item_cells(row["row"])


def goal_item_cells(row: ItemRow) -> Sequence[Any]:
    return (
        name_cell(row),
        row.target,
        with_small(row.value, row.unit),
        gap_cell(row),
        stands(row),
        link(department(row.lead_short), department_url(row.lead_code)) if row.lead_code else "",
        row.due,
    )


class Tree:
    """Writes the goals of a plan. Each is a <details> with its title alone, since a summary may hold no links; beside it its line in the index,
    and under both what the style sheet shows while it is open."""

    def __init__(self, page: PlanPage) -> None:
        self.items = f"{reverse('items')}?plan={page.plan.code}"
        self.why = reverse("plan-why", args=[page.plan.code])
        self.table = GoalItems([])

    def html(self, goals: Sequence[GoalNode]) -> SafeString:
        return format_html_join("", "{}", ((self.goal(goal),) for goal in goals))

    def goal(self, goal: GoalNode) -> SafeString:
        return format_html(
            '<div class="goal goal--{}"><details id="{}"{}><summary>{}</summary></details><div class="goal__line">{}</div><div class="goal__in">{}{}</div></div>',
            min(goal.depth, 3), goal.anchor, SafeString(" open") if goal.opened else "", goal.title, self.numbers(goal),
            render_table(self.table, [{"row": row} for row in goal.items], QueryDict()) if goal.items else "",
            self.html(goal.children),
        )  # fmt: skip

    def numbers(self, goal: GoalNode) -> SafeString:
        """The goal's line: items, those that lag, the spread, the gap, the light."""
        node, here = goal.node, f"{self.items}&goal={goal.path}"
        return format_html(
            '<span class="goal__n">{}</span><span class="goal__n">{}</span><span class="goal__n">{}</span><span class="goal__n">{}</span>'
            '<span class="goal__spread">{}</span><span class="goal__n">{}</span><span class="goal__light">{}</span>',
            link(ngettext("%(n)d 项", "%(n)d 项", goal.total) % {"n": goal.total}, here), lagging(node.red, Light.RED, here), lagging(node.yellow, Light.YELLOW, here),
            link(overdue_words(node.overdue), f"{here}&overdue=1") if node.overdue else "",
            spread(node.lights) if node.items else "", gap_figure(node.gap, node.light), light(node.light, href=f"{self.why}{goal.anchor}/"),
        )  # fmt: skip


def lagging(n: int, which: Light, here: str) -> str | SafeString:
    """滞后 2, a link to the list behind it; nothing for none."""
    return link(light(which, word=f"{which.label} {n}"), f"{here}&light={which}") if n else ""


def overdue_words(n: int) -> SafeString:
    return format_html('<span class="overdue">{}</span>', _t("逾期 %(n)d") % {"n": n})


def counts(node: NodeRow, items: str) -> SafeString:
    """The counts at the head of a page, each a link to its list."""
    cells = []
    for name in TALLY:
        if name == "overdue":
            cells.append(TallyCell(format_html('<span class="overdue">{}</span>', _t("逾期")), node.overdue, f"{items}&overdue=1"))
        else:
            cells.append(TallyCell(light(name), node.counts.get(name, 0), f"{items}&light={name}"))
    return tally(cells)


@entry()
def plan(request: HttpRequest, code: str) -> HttpResponse:
    everything = request.GET.get("open") == "all"
    page = plan_page(request.person, code, request.now, opened=everything)  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    tree = Tree(page)
    shown = {"page": page, "tree": tree.html(page.goals), "tally": counts(page.node, tree.items), "items_url": tree.items, "everything": everything}
    return render(request, "tracker/plan.html", shown)
