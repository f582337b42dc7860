"""The parts of the overview as HTML: headline, tally, tables; every count a link to its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people import clock
from tracker import formats
from tracker.beside import stands
from tracker.components import TallyCell, count, delta, department, gap_figure, gap_text, light, link, overdue_flag, ruler_cell, spread, tally
from tracker.markup import format_html, format_html_join
from tracker.models import Period
from tracker.models.standings import Light
from tracker.queries.departments import DepartmentRow
from tracker.queries.overview import MOST, GoalRow, Lagging, Overview, PlanPart
from tracker.queries.rows import ItemRow
from tracker.tables import Listing, Row, Td, column, render_body, render_table
from tracker.views.items import department_url, with_small
from tracker.views.overview_cells import before, late, named, path, said, why

GOOD: dict[str, str] = {Light.RED: "down", Light.YELLOW: "down", Light.BLUE: "up"}
ORDER = (Light.RED, Light.YELLOW, "overdue", Light.GREEN, Light.BLUE, Light.NOT_DUE, Light.GREY)
BEGUN = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE)
DASH = count(0)


def opens(items: str) -> SafeString:
    """The beginning of a link to the list of items, escaped once for all the numbers of a row."""
    return format_html('<a href="{}', items)


def number(here: SafeString, n: int, narrowed: str = "") -> SafeString:
    """A count that opens its list. `narrowed`: a filter of ours, which needs no escaping; without one the list is that of `here`."""
    return here + SafeString(f'{narrowed}">{int(n)}</a>') if n else DASH


def explained(gap: SafeString, href: str) -> SafeString:
    """A node's gap, the link to the sum that it comes from; the address is of codes, which need no escaping."""
    return SafeString(f'<a href="{href}">{gap}</a>') if href and gap else gap


def lagging(here: SafeString, light: Light, n: int, coloured: bool) -> SafeString | Td:
    """A count of what lags, in a cell of its light's colour."""
    said = number(here, n, f"light={light.value}")
    return Td(said, f"cell--{light.value}") if n and coloured else said


class TurnedListing(Listing):
    caption = _("新转滞后")
    name = column(_("事项"), head=True)
    path = column(_("完成与序时"), css="w-ruler wide", label=False)
    gap = column(_("差距"), num=True, label=False)

    class Meta(Listing.Meta):
        orderable = False

    def cells(self, row: Row) -> Sequence[Any]:
        one: Lagging = row["row"]
        return (
            named(one.row, said(one.row.lead, why(one))),
            path(one.row),
            format_html('<b>{}</b><span class="sub">{}</span>', gap_text(one.row.gap, one.row.gap_in, one.row.light, one.row.better), before(one.row)),
        )


class StayedListing(Listing):
    caption = _("连续两期以上滞后")
    name = column(_("事项"), head=True)
    value = column(_("实际"), num=True)
    target = column(_("目标"), num=True)
    path = column(_("完成、序时与差距"), css="w-ruler wide", label=False)
    since = column(_("滞后"), css="nowrap")
    why = column(_("原因"), wide=True)

    class Meta(Listing.Meta):
        orderable = False

    def cells(self, row: Row) -> Sequence[Any]:
        one: Lagging = row["row"]
        gap = format_html('<b class="num">{}</b>', gap_text(one.row.gap, one.row.gap_in, one.row.light, one.row.better))
        return (
            named(one.row, one.row.lead),
            with_small(one.row.value, one.row.unit),
            one.row.target,
            gap if one.row.held or one.row.attainment is None else ruler_cell(one.row.attainment, one.row.expected, one.row.light, one.row.gap),
            _t("%(period)s起") % {"period": one.since} if one.since else "",
            why(one),
        )


class OverdueListing(Listing):
    caption = _("逾期")
    density = "dense"
    name = column(_("事项"), head=True)
    light = column(_("亮灯"), num=True, label=False)
    days = column(_("逾期"), num=True, label=False)

    class Meta(Listing.Meta):
        orderable = False

    def __init__(self, asked: str) -> None:
        super().__init__([])
        self.asked = asked

    def cells(self, row: Row) -> Sequence[Any]:
        one: Lagging = row["row"]
        return (
            named(one.row, said(one.row.lead, late(one)), flag=False),
            stands(one.row, turning=False, asked=self.asked),
            overdue_flag(one.row.overdue),
        )


class MelonListing(Listing):
    caption = _("正常而研判存疑")
    density = "dense"
    name = column(_("事项"), head=True)
    value = column(_("实际"), num=True)
    target = column(_("目标"), num=True)
    light = column(_("亮灯"), num=True, label=False)

    class Meta(Listing.Meta):
        orderable = False

    def cells(self, row: Row) -> Sequence[Any]:
        one: ItemRow = row["row"]
        return named(one, one.lead, flag=False), with_small(one.value, one.unit), one.target, stands(one, turning=False)


class Matrix(Listing):
    """Departments by lights; on a phone it stays a table of the columns that matter."""

    caption = _("部门亮灯")
    name = column(_("责任单位（牵头）"), head=True)
    items_n = column(_("事项"), num=True, hide_narrow=True, label=False)
    red = column(_("滞后"), num=True, label=False)
    yellow = column(_("偏慢"), num=True, label=False)
    overdue = column(_("逾期"), num=True, label=False)
    green = column(_("正常"), num=True, hide_narrow=True, label=False)
    blue = column(_("完成"), num=True, hide_narrow=True, label=False)
    not_due = column(_("未到节点"), num=True, hide_narrow=True, label=False)
    grey = column(_("暂无数据"), num=True, hide_narrow=True, label=False)
    gap = column(_("差距"), num=True, label=False)
    coverage = column(_("覆盖"), num=True, hide_narrow=True, label=False)
    oldest = column(_("最早截至"), num=True, hide_narrow=True, label=False)

    class Meta(Listing.Meta):
        orderable = False

    def __init__(self, items: str, asked: str) -> None:
        super().__init__([])
        self.items, self.asked = items, asked

    def row_class(self, row: Row) -> str:
        return "" if row["row"].code else "sum"

    def cells(self, row: Row) -> Sequence[Any]:
        one: DepartmentRow = row["row"]
        node, here = one.node, opens(f"{self.items}department={one.code}&lead=1&" if one.code else self.items)
        return (
            link(department(one.name, one.short), department_url(one.code)) if one.code else one.name,
            number(here, node.items),
            lagging(here, Light.RED, node.red, coloured=bool(one.code)),
            lagging(here, Light.YELLOW, node.yellow, coloured=bool(one.code)),
            number(here, node.overdue, "overdue=1"),
            *(number(here, node.counts.get(name, 0), f"light={name}") for name in (Light.GREEN, Light.BLUE, Light.NOT_DUE, Light.GREY)),
            explained(gap_figure(node.gap, node.light), f"{department_url(one.code)}why/{self.asked}" if one.code else ""),
            formats.percent(node.coverage, 0),
            formats.short_day(node.oldest),
        )

    def drawn(self, rows: list[DepartmentRow]) -> SafeString:
        """The table; in its head each light keeps its shape, colour and word."""
        words = {"not_due": _t("未到"), "grey": _t("暂无")}
        heads = []
        for bound in self.columns:
            said = str(bound.header)
            if bound.name in Light.values:
                said = light(bound.name, word=words.get(bound.name, ""))
            elif bound.name == "overdue":
                said = format_html('<span class="overdue">{}</span>', said)
            heads.append((bound.column.css, said))
        return format_html(
            '<table class="table table--dense matrix"><caption class="sr-only">{}</caption><thead><tr>{}</tr></thead>{}</table>',
            self.caption,
            format_html_join("", '<th scope="col" class="{}">{}</th>', heads),
            render_body(self, [{"row": row} for row in rows]),
        )


@dataclass(frozen=True)
class Rest:
    """The goals of a plan of which there is nothing to tell yet."""

    plan: str
    words: str


def shown_goals(plan: PlanPart) -> list[GoalRow | Rest]:
    """The goals in which something has begun; the others in one line."""
    begun = [goal for goal in plan.goals if any(goal.node.counts.get(light) for light in BEGUN) or goal.node.overdue]
    n = len(plan.goals) - len(begun)
    words = ngettext("另 %(n)d 个板块未到节点或暂无数据", "另 %(n)d 个板块未到节点或暂无数据", n) % {"n": n}
    return [*begun, Rest(plan.code, words)] if n else [*begun]


class PlanListing(Listing):
    caption = _("规划与板块")
    density = "dense"
    title = column(_("板块"), head=True)
    items_n = column(_("事项"), num=True)
    red = column(_("滞后"), num=True)
    yellow = column(_("偏慢"), num=True)
    spread = column(_("亮灯分布"), css="w-spread wide", label=False)
    gap = column(_("差距"), num=True)

    class Meta(Listing.Meta):
        orderable = False

    def __init__(self, plans: list[PlanPart], items: str, gaps: bool, asked: str) -> None:
        """`gaps`: a goal's gap is of all its items, so that a portfolio, which holds some of them, shows none."""
        super().__init__([{"row": row} for plan in plans for row in (plan, *shown_goals(plan))], exclude=() if gaps else ("gap",))
        self.items, self.plans, self.asked = items, reverse("plans"), asked
        self.shown = 6 if gaps else 5

    def row_class(self, row: Row) -> str:
        return "group" if isinstance(row["row"], PlanPart) else ""

    def cells(self, row: Row) -> Sequence[Any]:
        return self.every_cell(row["row"])[: self.shown]

    def every_cell(self, one: PlanPart | GoalRow | Rest) -> Sequence[Any]:
        if isinstance(one, Rest):
            return format_html('<a class="quiet" href="{}">{}</a>', f"{self.plans}{one.plan}/", one.words), "", "", "", "", ""
        if isinstance(one, PlanPart):
            why = f"{self.plans}{one.code}/why/{self.asked}"
            title, here = link(one.title, f"{self.plans}{one.code}/", "name"), opens(f"{self.items}plan={one.code}&")
        else:
            why = f"{self.plans}{one.plan}/why/goal-{one.path.strip('/')}/{self.asked}"
            title, here = link(one.title, f"{self.plans}{one.plan}/#goal-{one.path.strip('/')}"), opens(f"{self.items}plan={one.plan}&goal={one.path}&")
        node = one.node
        red, yellow = number(here, node.red, "light=red"), number(here, node.yellow, "light=yellow")
        return title, number(here, node.items), red, yellow, spread(node.lights), explained(gap_figure(node.gap, node.light), why)


class Body:
    """What the template of the overview asks for. `items`: the list of items at the same look and scope, ending in ? or &."""

    def __init__(self, found: Overview, items: str, zone: str) -> None:
        self.found, self.items, self.zone = found, items, zone
        self.counts = found.counts
        self.before = found.look.before.closes if found.look.before else None

    def periods(self) -> list[tuple[str, str]]:
        """The periods that have closed: (occasion, title)."""
        return list(dict.fromkeys((run.closes.occasion, run.closes.title) for run in self.found.look.closed if run.closes))

    def all_url(self) -> str:
        return self.items.rstrip("?&")

    def turned_url(self) -> str:
        return f"{self.items}light=red&stayed=0"

    def stayed_url(self) -> str:
        return f"{self.items}light=red&stayed=1"

    def overdue_url(self) -> str:
        return f"{self.items}overdue=1"

    def waiting_url(self) -> str:
        return f"{reverse('alerts')}?waits=1{'&portfolio=1' if self.found.portfolio else ''}"

    def rolled_up(self) -> str:
        """When the run was taken: the hour alone where that was today."""
        run, day = self.found.look.run, self.found.look.day
        said = formats.moment(run.at, self.zone) if run else ""
        return said.rpartition(" ")[2] if run and clock.day_of(run.at, self.zone) == day else said

    def headline(self) -> SafeString:
        """9 项滞后，比二季度多 4 项；6 项逾期，其中 4 项未报。"""
        return format_html("{}{}{}{}", self._red(), _t("；") if self.counts.overdue else "", self._overdue(), _t("。"))

    def _red(self) -> SafeString:
        n = self.counts.red
        if not n:
            checked = ngettext("没有滞后事项，已核对 %(n)d 项", "没有滞后事项，已核对 %(n)d 项", self.counts.items) % {"n": self.counts.items}
            return link(checked, self.all_url())
        words = ngettext("%(n)d 项滞后", "%(n)d 项滞后", n) % {"n": n}
        return format_html("{}{}", link(words, f"{self.items}light=red"), self._change())

    def _change(self) -> str:
        if self.before is None:
            return ""
        change, words = self.counts.change(Light.RED), {"period": self.before_title(), "n": 0}
        if not change:
            return _t("，与%(period)s一样多") % words
        words["n"] = abs(change)
        return (_t("，比%(period)s多 %(n)d 项") if change > 0 else _t("，比%(period)s少 %(n)d 项")) % words

    def _overdue(self) -> str | SafeString:
        n, silent = self.counts.overdue, self.found.unreported
        if not n:
            return ""
        if silent == n:
            return link(ngettext("%(n)d 项逾期未报", "%(n)d 项逾期未报", n) % {"n": n}, f"{self.items}unreported=1")
        late = link(ngettext("%(n)d 项逾期", "%(n)d 项逾期", n) % {"n": n}, self.overdue_url())
        if not silent:
            return late
        words = ngettext("其中 %(n)d 项未报", "其中 %(n)d 项未报", silent) % {"n": silent}
        return format_html("{}{}{}", late, _t("，"), link(words, f"{self.items}unreported=1"))

    def tally(self) -> SafeString:
        cells = []
        for name in ORDER:
            if name == "overdue":
                head, n, change, good = format_html('<span class="overdue">{}</span>', _t("逾期")), self.counts.overdue, self._late_change(), "down"
                cells.append(TallyCell(head, n, self.overdue_url(), self._note(change, good)))
            else:
                cells.append(
                    TallyCell(light(name), self.counts.lights[name], f"{self.items}light={name}", self._note(self.counts.change(name), GOOD.get(name)))
                )
        return tally(cells, _t("较%(period)s") % {"period": self.before_title()} if self.before else "")

    def _late_change(self) -> int:
        return self.counts.overdue - self.counts.overdue_before

    def _note(self, change: int, good: str | None) -> str | SafeString:
        return delta(change, good) if self.before else ""

    def spreads(self) -> SafeString:
        """The lights now, and thin below them at the closing before."""
        lights = [(self.counts.lights, False, self.now_title())] + ([(self.counts.before, True, self.before_title())] if self.before else [])
        return format_html_join("", "{}", ((spread(counts, thin, label),) for counts, thin, label in lights))

    def short(self, period: Period) -> str:
        """A period's name, without the year where that is this one."""
        year = str(period.year)
        return period.title.removeprefix(f"{year}年").removesuffix(f" {year}") if period.year == self.found.look.day.year else period.title

    def before_title(self) -> str:
        return self.short(self.before) if self.before else ""

    def now_title(self) -> str:
        return self.short(self.found.look.period) if self.found.look.period else _t("今日")

    def turned(self) -> SafeString:
        return render_table(TurnedListing([]), [{"row": row} for row in self.found.turned], QueryDict())

    def stayed(self) -> SafeString:
        return render_table(StayedListing([]), [{"row": row} for row in self.found.stayed], QueryDict())

    def overdue(self) -> SafeString:
        return render_table(OverdueListing(self.found.look.asked), [{"row": row} for row in self.found.overdue], QueryDict())

    def melons(self) -> SafeString:
        return render_table(MelonListing([]), [{"row": row} for row in self.found.melons[:MOST]], QueryDict())

    def melons_url(self) -> str:
        return f"{self.items}mark=watermelon"

    def uncheckable(self) -> SafeString:
        """3 项任务尚不可核验"""
        n = self.found.uncheckable
        return link(ngettext("%(n)d 项任务尚不可核验", "%(n)d 项任务尚不可核验", n) % {"n": n}, f"{self.items}mark=uncheckable")

    def matrix(self) -> SafeString:
        shared = sum(row.node.items for row in self.found.departments) > self.found.whole.items
        name = _t("合计") if self.found.portfolio else _t("全市（分解项不重复计）") if shared else _t("全市")
        whole = DepartmentRow("", name, name, "", self.found.whole)
        return Matrix(self.items, self.found.look.asked).drawn([*self.found.departments, whole])

    def plans(self) -> SafeString:
        return PlanListing(self.found.plans, self.items, gaps=not self.found.portfolio, asked=self.found.look.asked).html()
