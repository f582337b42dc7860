"""Lists: django-tables2 keeps columns, sorting, paging and export; one function here writes the body, a string a row.

    class ItemListing(Listing):
        caption = _("事项")
        name = column(_("事项"), head=True)
        value = column(_("实际"), num=True)
        unit = column(_("单位"), unit=True)
        gap = column(_("差距"), num=True)
        light = column(_("亮灯"), end=True, orderable=False)

        def cells(self, row):                       # one value a column, in order; text is escaped, SafeString is not
            return (link(row["name"], self.item_url + row["code"] + "/"), number(row["value"]), row["unit"],
                    Td(signed(row["gap"]), "text-red"), light(row["light"]))

    table = ItemListing(queryset.values("code", "name", …)).on(request)          # sorts and pages by the URL
    {% load look %}{% listing table %}

`group` puts a heading above rows that share something, `is_selected` marks the one shown beside the list. Rows are plain dicts: prepare them with `.values()` and reverse a URL once, not once a row. On a phone a row becomes label and
value (`.stack`): a column says its label by itself; `wide` takes a line of its own, `end` stands at the right, `head` is the row's name.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

import django_tables2 as tables
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRows

from plans.sheets.writing import Value
from tracker import components, exporting
from tracker.markup import escaped, format_html, format_html_join

PER_PAGE = 50
SCROLLS_FROM = 9  # columns
Row = Mapping[str, Any]


class Td(NamedTuple):
    """A cell with a class of its own: `Td(html, "cell--red")`."""

    html: str | SafeString
    css: str


class LookColumn(tables.Column):
    """A column that knows how it looks; made by `column()`."""

    def __init__(self, *, css: str, head: bool, label: bool, **given: Any) -> None:
        super().__init__(**given)
        self.css, self.head, self.label = css, head, label

    def __deepcopy__(self, _memo: Any) -> Self:
        """A table's own column: what it holds is changed by none."""
        return copy.copy(self)


def column(
    title: Any = "",
    *,
    num: bool = False,
    unit: bool = False,
    wide: bool = False,
    end: bool = False,
    head: bool = False,
    hide_narrow: bool = False,
    label: bool | None = None,
    css: str = "",
    **given: Any,
) -> LookColumn:
    """A column of a Listing. `num` right-aligned figures, `unit` the quiet cell behind a figure, `head` the row's name, `label` whether a
    phone shows the title before the value (default: where it is neither name nor unit nor at the end). The rest goes to django-tables2."""
    names = (("num", num), ("unit-cell", unit), ("wide", wide), ("end", end), ("hide-narrow", hide_narrow))
    classes = " ".join([name for name, on in names if on] + [css] * bool(css))
    labelled = not (head or unit or end) if label is None else label
    return LookColumn(css=classes, head=head, label=labelled, verbose_name=title, **given)


class Listing(tables.Table):
    """The base of every list."""

    caption: Any = ""
    density = ""  # "dense" in overviews, "comfortable" on public pages
    nothing: tuple[Any, Any] = (_("没有符合条件的记录"), "")  # what an empty list says: the finding, what was checked
    heads: Sequence[Any] = ()  # of its file; () for those of the page
    per_page = PER_PAGE
    kept_heads: SafeString | None = None  # what all its bodies share, once it is written
    kept_edges: list[tuple[SafeString, str, str]] | None = None

    class Meta:
        template_name = "tracker/table.html"
        order_by_field = "sort"

    def cells(self, row: Row) -> Sequence[Any]:
        """One value a visible column, in order. Text is escaped; a `Td` brings a class of its own."""
        return [row.get(column.name, "") for column in self.columns]

    def row_class(self, row: Row) -> str:
        """The class of a row's tr; "" for none."""
        return ""

    def is_selected(self, row: Row) -> bool:
        """Whether the row is the one that the page shows beside the list."""
        return False

    def group(self, row: Row) -> str | SafeString:
        """What a row stands under ("市教育局"); said once above the rows that share it. Only of use where the rows come in that order."""
        return ""

    def record(self, row: Row) -> Sequence[Value]:
        """A row as its file holds it, one value a head: figures as numbers, days as days."""
        return [strip_tags(str(cell.html if isinstance(cell, Td) else "" if cell is None else cell)) for cell in self.cells(row)]

    def file(self, request: HttpRequest, kind: str, name: str) -> HttpResponse:
        """Every row of the list, sorted as the URL says, as a file."""
        whole = self.on(request, paginate=False)
        heads = whole.heads or [strip_tags(str(column.header)) for column in whole.columns]
        return exporting.file_response(kind, name, whole.caption, heads, (whole.record(row) for row in whole.raw_rows()))

    def on(self, request: HttpRequest, paginate: bool = True) -> Self:
        """Sorted and paged as the URL says; a page or a column that does not exist falls back to the nearest that does. Ties go by key,
        so that no row is on two pages."""
        tables.RequestConfig(request, paginate={"per_page": self.per_page} if paginate else False).configure(self)
        rows = self.data.data
        if isinstance(rows, QuerySet) and rows.query.order_by and "pk" not in rows.query.order_by:
            self.data.data = rows.order_by(*rows.query.order_by, "pk")
        return self

    def html(self, request: HttpRequest | None = None) -> SafeString:
        """The table with its pager, or its empty state."""
        query = request.GET.copy() if request else QueryDict(mutable=True)
        rows = list(self.raw_rows())
        if not rows:
            return components.empty(*map(str, self.nothing))
        return format_html("{}{}", render_table(self, rows, query), render_pager(self, query))

    def as_html(self, request: HttpRequest) -> SafeString:
        self.before_render(request)
        return self.html(request)

    def raw_rows(self) -> Iterable[Row]:
        """The dicts of the current page."""
        shown: BoundRows = self.paginated_rows
        return shown.data


def render_table(table: Listing, rows: Iterable[Row], query: QueryDict) -> SafeString:
    """The table around its body; one of many columns scrolls inside its own region, never the page."""
    classes = " ".join(["table", *([f"table--{table.density}"] if table.density else []), "stack"])
    drawn = format_html(
        '<table class="{}"><caption class="sr-only">{}</caption><thead><tr>{}</tr></thead>{}</table>',
        classes,
        table.caption,
        _heads(table, query),
        render_body(table, rows),
    )
    if len(_edges(table)) < SCROLLS_FROM:
        return drawn
    return format_html('<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>', table.caption, drawn)


def _heads(table: Listing, query: QueryDict) -> SafeString:
    """The heads of all columns. Where nothing sorts they hold nothing of the query, and one table that writes many bodies makes them once."""
    if table.kept_heads is None or table.orderable:
        table.kept_heads = format_html_join("", "{}", ((render_head(table, bound, query),) for bound in table.columns))
    return table.kept_heads


def render_head(table: Listing, bound: BoundColumn, query: QueryDict) -> SafeString:
    """One column's head; a sortable one is a link that keeps the rest of the query."""
    css = getattr(bound.column, "css", "").replace("unit-cell", "").strip()
    attrs = format_html(' class="{}"', css) if css else SafeString("")
    if not (bound.orderable and table.orderable):
        return format_html('<th scope="col"{}>{}</th>', attrs, bound.header)
    href = address(query, **{table.prefixed_order_by_field: str(bound.order_by_alias.next), table.prefixed_page_field: None})
    alias = bound.order_by_alias
    if not bound.is_ordered:
        return format_html('<th scope="col"{}><a href="{}">{}</a></th>', attrs, href, bound.header)
    order, arrow = ("descending", "↓") if alias.is_descending else ("ascending", "↑")
    return format_html('<th scope="col"{} aria-sort="{}"><a href="{}">{} <span aria-hidden="true">{}</span></a></th>', attrs, order, href, bound.header, arrow)


def address(query: QueryDict, **changes: Any) -> str:
    """The query string with some keys set, or dropped where None; "?" alone keeps to the page."""
    changed = query.copy()
    for key, value in changes.items():
        if value is None:
            changed.pop(key, None)
        else:
            changed[key] = value
    return f"?{changed.urlencode()}"


def _edges(table: Listing) -> list[tuple[SafeString, str, str]]:
    """For each column what stands before a cell's class, its class, and the closing tag with what is between; made once a table."""
    if table.kept_edges is None:
        table.kept_edges = [_edge(bound) for bound in table.columns]
    return table.kept_edges


def _edge(bound: BoundColumn) -> tuple[SafeString, str, str]:
    look = bound.column
    said = str(bound.header) if getattr(look, "label", True) else ""
    label = format_html(' data-label="{}"', strip_tags(said)) if said else SafeString("")
    head = getattr(look, "head", False)
    opening = format_html('<th scope="row"{}', label) if head else format_html("<td{}", label)
    return opening, str(escaped(getattr(look, "css", ""))), "</th>" if head else "</td>"


def render_body(table: Listing, rows: Iterable[Row]) -> SafeString:
    """The rows, one string each. The only place that joins HTML by itself: every part is escaped here or was made by format_html."""
    edges = _edges(table)
    classed = [f'{opening} class="{look}">' if look else f"{opening}>" for opening, look, _closing in edges]
    parts, last = ["<tbody>"], ""
    for row in rows:
        group = table.group(row)
        if group and group != last:
            parts.append(format_html('<tr class="group"><th scope="rowgroup" colspan="{}">{}</th></tr>', len(edges), group))
        last = group
        css = table.row_class(row)
        parts.append(f'<tr class="{escaped(css)}"' if css else "<tr")
        parts.append(' aria-selected="true">' if table.is_selected(row) else ">")
        for (opening, look, closing), start, cell in zip(edges, classed, table.cells(row), strict=True):
            if type(cell) is Td:
                parts += (f'{opening} class="{f"{look} {escaped(cell.css)}".strip()}">' if look or cell.css else f"{opening}>", escaped(cell.html), closing)
            else:
                parts += (start, "" if cell is None else escaped(cell), closing)
        parts.append("</tr>")
    parts.append("</tbody>")
    return SafeString("".join(parts))


def render_pager(table: Listing, query: QueryDict) -> SafeString:
    """The pager of a paged table; how many there are is always said by the page's own head."""
    page: Page | None = getattr(table, "page", None)
    if page is None:
        return SafeString("")
    pages = page.paginator
    first = (page.number - 1) * pages.per_page + 1
    last = min(pages.count, page.number * pages.per_page)
    return components.pager(page.number, pages.num_pages, first, last, pages.count, lambda n: address(query, **{table.prefixed_page_field: n}))
