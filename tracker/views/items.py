"""事项: the list of everything promised, narrowed by its URL, sorted worst first; also as a file.

/items/?plan=&goal=001/003/&department=&lead=1&kind=&light=red&overdue=1&turned=1&stayed=1&binding=1&portfolio=1&unreported=1&mark=&q=&as_of_period=2022Q2&reading=closing|today
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote

import django_filters
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData
from django_tables2.rows import BoundRows

from people import clock
from people.access import Person, entry
from people.models import Role
from plans.models import Item, Terms
from tracker import caching, exporting, formats, tables
from tracker.beside import stands
from tracker.components import link, overdue_flag, ruler, tag
from tracker.exporting import share
from tracker.filters import Filters
from tracker.markup import format_html
from tracker.models import Grade
from tracker.models.standings import Light
from tracker.queries import items as query
from tracker.queries.board import board_of, wide
from tracker.queries.looking import CLOSING, TODAY, Look, look
from tracker.queries.rows import FIELDS, ItemRow, called_then, rows
from tracker.tables import Listing, Row, Td, column

MANY = 100
UNNARROWED = ("page", "per_page", "as_of_period", "reading")  # what leaves the list whole and in its own order
ONE = lambda word: [("1", word)]  # noqa: E731  the one choice of a chip


class ItemFilters(Filters):
    chips: tuple[str, ...] = ("light", "overdue", "turned", "binding", "portfolio")
    q = django_filters.CharFilter(method="named", label=_("名称或部门"))
    plan = django_filters.ChoiceFilter(field_name="item__plan__code", label=_("规划"), empty_label=_("全部规划"))
    goal = django_filters.ChoiceFilter(field_name="goal__path", lookup_expr="startswith", label=_("板块"), empty_label=_("全部板块"))
    department = django_filters.ChoiceFilter(method="of_department", label=_("部门"), empty_label=_("全部部门"))
    kind = django_filters.ChoiceFilter(field_name="item__kind", label=_("类别"), empty_label=_("指标与任务"), choices=Item.Kind.choices)
    as_of_period = django_filters.ChoiceFilter(method="same", label=_("报告期"), empty_label=_("今日"))
    reading = django_filters.ChoiceFilter(method="same", label=_("口径"), empty_label=_("默认口径"), choices=[(CLOSING, _("报告时")), (TODAY, _("今日"))])
    light = django_filters.ChoiceFilter(field_name="now__light", label=_("亮灯"), choices=Light.choices)
    overdue = django_filters.ChoiceFilter(method="is_overdue", label=_("逾期"), choices=ONE(_("逾期")))
    turned = django_filters.ChoiceFilter(method="has_turned", label=_("变差"), choices=ONE(_("比上期变差")))
    stayed = django_filters.ChoiceFilter(method="has_stayed", label=_("与上期比"), choices=[("1", _("亮灯未变")), ("0", _("亮灯有变"))])
    lead = django_filters.ChoiceFilter(method="is_led", label=_("牵头"), empty_label=_("牵头与配合"), choices=ONE(_("只看牵头")))
    binding = django_filters.ChoiceFilter(method="is_binding", label=_("约束性"), choices=ONE(_("约束性")))
    portfolio = django_filters.ChoiceFilter(method="of_portfolio", label=_("分管"), choices=ONE(_("我分管的")))
    mark = django_filters.ChoiceFilter(method="is_marked", label=_("另有标注"), empty_label=_("不论标注"), choices=query.MARKS)
    unreported = django_filters.ChoiceFilter(method="is_unreported", label=_("逾期未报"), choices=ONE(_("逾期未报")))

    class Meta:
        model = Terms
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, offer: query.Offer, person: Person, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer, self.person = offer, person
        choices = {"plan": offer.plans, "goal": offer.goals, "department": [(d.code, d.short_title) for d in offer.departments], "as_of_period": offer.periods}
        for name, found in choices.items():
            self.filters[name].extra["choices"] = found
        if not offer.goals and not self.data.get("plan"):
            del self.filters["goal"]
        if not person.has(Role.LEADER):
            del self.filters["portfolio"]
            self.chips = tuple(name for name in self.chips if name != "portfolio")
        if self.data.get("unreported"):  # only a link from another page brings it
            self.chips = (*self.chips, "unreported")
        else:
            del self.filters["unreported"]

    def named(self, terms: QuerySet, name: str, words: str) -> QuerySet:
        return query.named(terms, words.strip(), self.offer.departments)

    def of_department(self, terms: QuerySet, name: str, code: str) -> QuerySet:
        return query.of_department(terms, code)

    def of_portfolio(self, terms: QuerySet, name: str, on: str) -> QuerySet:
        return query.of_portfolio(terms, self.person)

    def is_overdue(self, terms: QuerySet, name: str, on: str) -> QuerySet:
        return terms.filter(now__overdue__gt=0)

    def has_turned(self, terms: QuerySet, name: str, on: str) -> QuerySet:
        return query.worse(terms)

    def has_stayed(self, terms: QuerySet, name: str, on: str) -> QuerySet:
        return query.stayed(terms, same=on == "1")

    def is_led(self, terms: QuerySet, name: str, on: str) -> QuerySet:
        return query.led_by(terms, self.data.get("department", ""))

    def is_unreported(self, terms: QuerySet, name: str, on: str) -> QuerySet:
        return query.unreported(terms)

    def is_marked(self, terms: QuerySet, name: str, mark: str) -> QuerySet:
        return query.marked(terms, mark)

    def is_binding(self, terms: QuerySet, name: str, on: str) -> QuerySet:
        return terms.filter(binding=True)

    def same(self, terms: QuerySet, name: str, value: str) -> QuerySet:
        """Chooses the run that is read, not the rows."""
        return terms


class Pages(Paginator):
    """Pages of rows that were counted before, where `total` says how many."""

    def __init__(self, *args: Any, total: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if total is not None:
            self.count = total


HEADS = (
    _("规划"), _("编码"), _("事项"), _("类别"), _("实际"), _("单位"), _("目标"), _("完成率"), _("序时进度"), _("差距"), _("差距单位"), _("亮灯"), _("逾期天数"),
    _("期限"), _("牵头"), _("约束性"), _("研判"), _("异议"), _("路径"), _("核验"),
)  # fmt: skip


def item_record(row: ItemRow) -> Sequence[Any]:
    """Numbers as numbers; the steps of a task with their word, so that no spreadsheet takes 1/3 for a day."""
    figure = (f"{row.value} {row.unit}".strip(), "") if row.figure is None else (row.figure, row.unit)
    return (
        row.plan_title, row.code, row.name, str(Item.Kind(row.kind).label), *figure, row.target, share(row.attainment), share(row.expected),
        row.gap, formats.gap_unit(row.gap_in) if row.gap is not None else "", str(Light(row.light).label) if row.light else "", row.overdue,
        row.due_on, row.lead, _t("约束性") if row.binding else "", str(Grade(row.judged).label) if row.judged else "",
        _t("异议中") if row.disputed else "", _t("按推算") if row.assumed else "", _t("尚不可核验") if row.uncheckable else "",
    )  # fmt: skip


class Placed(TableListData):
    """Ids of terms that are in the order of the list."""

    def order_by(self, aliases: Any) -> None:
        """Nothing is left to sort."""


class ItemListing(Listing):
    caption = _("事项")
    heads = HEADS
    nothing = (_("没有符合条件的事项"), _("已按上面的条件核对全部已发布的规划。"))
    name = column(_("事项"), head=True)
    value = column(_("实际"), num=True, orderable=False)
    target = column(_("目标"), num=True, orderable=False, css="target")
    path = column(_("完成与序时"), orderable=False, hide_narrow=True, css="w-ruler path")
    gap = column(_("差距"), num=True, order_by=("lag", "worst", "item__plan__position", "item__position"))
    light = column(_("亮灯"), order_by=("rank", "worst"), label=False)
    due = column(_("期限"), num=True, order_by=("due_on", "worst"))
    lead = column(_("牵头"), order_by=("lead__position", "lead__code", "worst"), css="lead-short")

    class Meta(Listing.Meta):
        order_by = ("gap",)

    def __init__(self, *args: Any, total: int | None = None, called: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total, self.called = total, called
        self.asked = ""  # the closing that its lights are of, as `Look.asked` has it
        self.wide: Callable[[list[int]], list[dict[str, Any]]] | None = None

    def placed(self, order: list[int], wide: Callable[[list[int]], list[dict[str, Any]]]) -> Self:
        """Takes as rows these terms, which are in the order of the list already; `wide` reads those of a page."""
        self.data, self.wide, self.total = Placed(order), wide, len(order)
        self.data.set_table(self)
        self.rows = BoundRows(self.data, self)
        return self

    def paginate(self, paginator_class: Any = Pages, per_page: int | None = None, page: int = 1, **kwargs: Any) -> None:
        super().paginate(Pages, per_page=MANY if per_page == MANY else self.per_page, page=page, total=self.total)

    def raw_rows(self) -> list[Row]:
        found: Any = super().raw_rows()
        return [{"row": row} for row in rows(self.wide(list(found)) if self.wide else found, self.called)]

    def cells(self, row: Row) -> Sequence[Any]:
        return item_cells(row["row"], self.asked)

    def record(self, row: Row) -> Sequence[Any]:
        return item_record(row["row"])


@lru_cache(maxsize=1)
def _roots() -> tuple[str, str]:
    return reverse("items"), reverse("departments")


def item_url(plan: str, code: str) -> str:
    """The address of an item; reversed once, not once a row."""
    return f"{_roots()[0]}{plan}/{quote(code)}/"


def department_url(code: str) -> str:
    return f"{_roots()[1]}{code}/"


def item_cells(row: ItemRow, asked: str = "") -> Sequence[Any]:
    """One item's cells, in the order of ItemListing."""
    return (
        name_cell(row, sub=row.plan_title),
        with_small(row.value, row.unit),
        row.target,
        ruler(row.attainment, row.expected, row.light) if not row.held else "",
        gap_cell(row),
        stands(row, asked=asked),
        row.due,
        link(row.lead_short, department_url(row.lead_code)),
    )


def name_cell(row: ItemRow, sub: str = "") -> Any:
    """The name as a link, with the flag and marks behind it and a line under it."""
    return format_html(
        '<a class="name" href="{}">{}</a>{}{}{}',
        item_url(row.plan, row.code),
        row.name,
        format_html(" {}", overdue_flag(row.overdue)) if row.overdue else "",
        format_html(" {}", tag(_t("约束性"))) if row.binding else "",
        format_html('<span class="sub">{}</span>', sub) if sub else "",
    )


def with_small(figure: str, unit: str) -> Any:
    return format_html('{}<span class="unit">{}</span>', figure, unit) if figure and unit else figure


def gap_cell(row: ItemRow) -> Any:
    """The gap with a sign, in the colour of a light that lags; points of a rate say so."""
    said = with_small(formats.signed(row.gap), formats.gap_unit(row.gap_in)) if row.gap is not None and row.gap_in == "points" else formats.signed(row.gap)
    return Td(said, f"text-{row.light}") if row.light in (Light.RED, Light.YELLOW) else said


BY_DEPARTMENT = ("department", "portfolio")  # lists of what somebody answers for hold his parts of shared items
COUNTED = tuple(name for name in ItemFilters.chips if name != "portfolio")  # the chips with counts behind them


def without_chips(data: QueryDict) -> QueryDict:
    """The query without what the chips choose: the counts behind them are of everything else."""
    kept = data.copy()
    for name in COUNTED:
        kept.pop(name, None)
    return kept


@entry()
def items(request: HttpRequest) -> HttpResponse:
    if kind := exporting.asked(request):
        found, _context = listed(request)
        return ItemListing(found).file(request, kind, "items")
    key = key_of(request)
    body = caching.body if not request.GET.get("q") else lambda _key, draw: draw()  # what was typed is hardly asked for twice
    drawn = lambda: render_to_string("tracker/items_body.html", listed(request)[1], request)  # noqa: E731
    return caching.answer(request, caching.etag_of(request, key), lambda: render(request, "tracker/items.html", {"body": body(key, drawn)}))


def key_of(request: HttpRequest) -> str:
    """What the list depends on: the run, the day, what is asked for, and by whose rights."""
    person: Person = request.person  # type: ignore[attr-defined]
    day = clock.day_of(request.now, person.user.government.zone)  # type: ignore[attr-defined]
    whose = (person.id, *sorted(person.portfolio)) if request.GET.get("portfolio") else ()
    rights = (person.government_id, person.reads_drafts, person.has(Role.LEADER), whose)
    return caching.key_of("items", person.user.government.run, person.user.government.beside, day, sorted(request.GET.lists()), rights)


def whole(request: HttpRequest, seen: Look, offer: query.Offer) -> tuple[ItemFilters, ItemListing]:
    """The list that nothing narrows or sorts: as the board of the run has it."""
    person: Person = request.person  # type: ignore[attr-defined]
    board = board_of(person.government_id, seen)
    filters = ItemFilters(request.GET, offer, person, queryset=query.nothing())
    filters.counts = board.counted.chips
    table = ItemListing([], called=called_then(seen, person.government_id)).placed(board.order, lambda terms: wide(person.government_id, seen, terms))
    return filters, table.on(request)


def listed(request: HttpRequest) -> tuple[QuerySet, dict[str, Any]]:
    """The rows that are asked for, and the list with its head, its filters and its pages."""
    person: Person = request.person  # type: ignore[attr-defined]
    seen = look(person, request.now, request.GET.get("as_of_period", ""), request.GET.get("reading", ""))  # type: ignore[attr-defined]
    offer = query.offer(person, seen or look(person, request.now), request.GET.get("plan", "").replace("\0", ""))  # type: ignore[attr-defined]
    if seen and not any(value for name, value in request.GET.items() if name not in UNNARROWED):
        filters, table = whole(request, seen, offer)
        return filters.queryset, told(request, filters, table, seen)
    every = query.found(person, seen, parts=any(request.GET.get(name) for name in BY_DEPARTMENT))
    filters = ItemFilters(request.GET, offer, person, queryset=every)
    chosen = any(request.GET.get(name) for name in COUNTED)
    counted = query.counted(ItemFilters(without_chips(request.GET), offer, person, queryset=every).qs if chosen else filters.qs) if seen else query.Counted()
    filters.counts = counted.chips
    found = filters.qs.values(*FIELDS)
    table = ItemListing(found, total=None if chosen else counted.total, called=called_then(seen, person.government_id) if seen else {}).on(request)
    return found, told(request, filters, table, seen)


def told(request: HttpRequest, filters: ItemFilters, table: ItemListing, seen: Look | None) -> dict[str, Any]:
    """What the template asks for."""
    table.asked = seen.asked if seen else ""
    return {"filters": filters, "table": table, "look": seen, "total": table.page.paginator.count, **head(request, seen)}


def head(request: HttpRequest, seen: Look | None) -> Mapping[str, Any]:
    """The link of the page's head: how many a page."""
    return {
        "many_url": tables.address(request.GET, per_page=None if request.GET.get("per_page") == str(MANY) else MANY, page=None),
        "many": request.GET.get("per_page") == str(MANY),
    }  # fmt: skip
