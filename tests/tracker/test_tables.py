"""Lists and their filters: a worked example to copy, and what every list keeps to."""

from collections.abc import Sequence
from typing import Any

import django_filters
import pytest
from django.db import connection
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from people.models import Department, Government
from tracker.components import department, link
from tracker.filters import Filters
from tracker.tables import Listing, Row, Td, column


class DepartmentFilters(Filters):
    chips = ("kind",)
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("名称"))
    code = django_filters.ChoiceFilter(label=_("代码"), empty_label=_("全部代码"), choices=lambda: [("gxj", "工信"), ("tjj", "统计")])
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=Department.Kind.choices)
    position = django_filters.NumberFilter(lookup_expr="gte", label=_("序号"))

    class Meta:
        model = Department
        fields: tuple[str, ...] = ()


class DepartmentListing(Listing):
    caption = _("部门")
    density = "dense"
    nothing = (_("没有这样的部门"), _("已核对全部部门。"))
    name = column(_("部门"), head=True)
    position = column(_("序号"), num=True)
    unit = column(_("单位"), unit=True, orderable=False)
    code = column(_("代码"), end=True)

    def cells(self, row: Row) -> Sequence[Any]:
        position = row["position"]
        return (
            link(department(row["name"], row["short"]), f"/departments/{row['code']}/"),
            Td(str(position), "cell--red") if position > 1 else position,
            "号",
            row["code"],
        )

    def row_class(self, row: Row) -> str:
        return "group" if row["code"] == "tjj" else ""


@pytest.fixture
def city(db: None) -> Government:
    government = Government.objects.create(code="c", name="市", name_en="City")
    for position, (code, name) in enumerate([("gxj", "工信<局>"), ("tjj", "统计局"), ("zjj", "住建局")], start=1):
        Department.objects.create(government=government, code=code, name=name, short=name, name_en=code, position=position)
    return government


def get(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/departments/{query}")


def rows_of(query: str) -> tuple[DepartmentFilters, DepartmentListing]:
    request = get(query)
    filters = DepartmentFilters(request.GET, queryset=Department.objects.all(), counts={"kind": {"bureau": 3}})
    return filters, DepartmentListing(filters.qs.values("code", "name", "short", "position")).on(request)


def names(query: str) -> list[str]:
    return [row["code"] for row in rows_of(query)[1].raw_rows()]


def test_a_list_is_written_with_heads_labels_classes_and_escaped_text(city: Government) -> None:
    _filters, table = rows_of("?q=局&sort=-position&page=1")
    table.per_page = 50
    assert table.html(get("?q=局&sort=-position&page=1")) == (
        '<table class="table table--dense stack"><caption class="sr-only">部门</caption><thead><tr>'
        '<th scope="col"><a href="?q=%E5%B1%80&amp;sort=name">部门</a></th>'
        '<th scope="col" class="num" aria-sort="descending"><a href="?q=%E5%B1%80&amp;sort=position">序号 <span aria-hidden="true">↓</span></a></th>'
        '<th scope="col">单位</th><th scope="col" class="end"><a href="?q=%E5%B1%80&amp;sort=code">代码</a></th></tr></thead><tbody>'
        '<tr><th scope="row"><a href="/departments/zjj/">住建局</a></th><td data-label="序号" class="num cell--red">3</td><td class="unit-cell">号</td><td class="end">zjj</td></tr>'
        '<tr class="group"><th scope="row"><a href="/departments/tjj/">统计局</a></th><td data-label="序号" class="num cell--red">2</td><td class="unit-cell">号</td>'
        '<td class="end">tjj</td></tr>'
        '<tr><th scope="row"><a href="/departments/gxj/">工信&lt;局&gt;</a></th><td data-label="序号" class="num">1</td><td class="unit-cell">号</td><td class="end">gxj</td></tr>'
        "</tbody></table>"
    )


def test_a_list_sorts_and_filters_by_the_url(city: Government) -> None:
    assert names("?sort=-position") == ["zjj", "tjj", "gxj"]
    assert names("?sort=nonsense") == ["gxj", "tjj", "zjj"]
    assert names("?q=统计") == ["tjj"]
    assert names("?position=2") == ["tjj", "zjj"]
    assert names("?unknown=1") == ["gxj", "tjj", "zjj"]


def test_an_invalid_filter_returns_nothing_and_says_why(city: Government) -> None:
    filters, table = rows_of("?kind=nonsense")
    assert list(table.raw_rows()) == []
    assert '<p class="error" role="alert">类别：' in filters.html()
    assert table.html(get("?kind=nonsense")) == '<div class="empty"><b>没有这样的部门</b>已核对全部部门。</div>'


def test_the_filters_are_a_form_that_keeps_the_order_and_drops_the_page(city: Government) -> None:
    filters, _table = rows_of("?code=tjj&sort=name&page=2")
    assert filters.html(total=1) == (
        '<form class="filters" method="get" aria-label="筛选"><input type="hidden" name="sort" value="name">'
        '<label class="filters__field"><span>名称</span><input type="text" name="q" class="input input--small" id="id_q"></label>'
        '<select class="input input--small" name="code" id="id_code" aria-label="代码" data-submit><option value="">全部代码</option>'
        '<option value="gxj">工信</option><option value="tjj" selected>统计</option></select>'
        '<label class="filters__field"><span>序号 不小于</span><input type="number" name="position" step="any" class="input input--small" id="id_position"></label>'
        '<button class="button button--small">筛选</button>'
        '<a class="chip" href="?code=tjj&amp;sort=name&amp;kind=bureau">市直部门 3</a><a class="chip" href="?code=tjj&amp;sort=name&amp;kind=county">县区</a>'
        '<a class="chip" href="?code=tjj&amp;sort=name&amp;kind=zone">功能区</a><a class="chip" href="?code=tjj&amp;sort=name&amp;kind=office">政府办公机构</a>'
        '<a class="small" href="?sort=name">清除</a><p class="hint">1 项</p></form>'
    )


def test_the_chip_in_force_leads_back_to_all(city: Government) -> None:
    assert '<a class="chip" href="?" aria-current="true">市直部门 3</a>' in rows_of("?kind=bureau")[0].html()


def test_a_filter_without_a_label_is_refused(city: Government) -> None:
    class Unlabelled(Filters):
        name = django_filters.CharFilter()

    with pytest.raises(ValueError, match="The filter on 'name' needs a label"):
        Unlabelled({}, queryset=Department.objects.all())


def test_plain_text_in_a_cell_never_becomes_html() -> None:
    class Plain(Listing):
        one = column("一", css='"><script>')

        def cells(self, row: Row) -> Sequence[Any]:
            return (Td(row["one"], '"><script>'),)

        def row_class(self, row: Row) -> str:
            return '"><script>'

    html = Plain([{"one": "<script>alert(1)</script>"}]).html()
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)") == 1
    assert html.count("&quot;&gt;&lt;script&gt;") == 4  # the head's class, the row's, the column's and the cell's


def test_ties_go_by_key(city: Government) -> None:
    assert rows_of("?sort=-position")[1].data.data.query.order_by == ("-position", "pk")


def test_pages_hold_every_row_once_though_all_tie(city: Government) -> None:
    Department.objects.bulk_create(Department(government=city, code=f"d{n}", name=f"局{n}", short="局", name_en="D", position=7) for n in range(9))
    seen: list[str] = []
    for page in (1, 2, 3, 4):
        request = get(f"?sort=position&page={page}")
        table = DepartmentListing(Department.objects.values("code", "name", "short", "position"))
        table.per_page = 3
        seen += [row["code"] for row in table.on(request).raw_rows()]
    assert sorted(seen) == sorted(["gxj", "tjj", "zjj", *(f"d{n}" for n in range(9))])
    assert '<a href="?sort=position&amp;page=3" rel="prev">上一页</a>' in table.html(request)
    assert "第 10 至 12 项，共 12 项" in table.html(request)


def test_a_list_takes_two_statements_with_one_row_and_with_three(city: Government) -> None:
    for query in ("?q=统计", ""):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            filters, table = rows_of(query)
            Template("{% load look %}{% filters filters %}{% listing table %}").render(Context({"filters": filters, "table": table, "request": get(query)}))
        assert len(statements) == 2


class Grouped(DepartmentListing):
    def group(self, row: Row) -> str:
        return "经济<口>" if row["position"] < 3 else "建设口"

    def is_selected(self, row: Row) -> bool:
        return bool(row["code"] == "tjj")

    def cells(self, row: Row) -> Sequence[Any]:
        return row["code"], None, "", ""


def test_rows_that_share_something_stand_under_one_heading(city: Government) -> None:
    html = Grouped(Department.objects.values("code", "position")).html()
    assert html[html.index("<tbody>") :].replace('<td class="unit-cell"></td><td class="end"></td>', "").replace(
        '<td data-label="序号" class="num"></td>', ""
    ) == (
        '<tbody><tr class="group"><th scope="rowgroup" colspan="4">经济&lt;口&gt;</th></tr><tr><th scope="row">gxj</th></tr>'
        '<tr class="group" aria-selected="true"><th scope="row">tjj</th></tr><tr class="group"><th scope="rowgroup" colspan="4">建设口</th></tr><tr><th scope="row">zjj</th></tr></tbody></table>'
    )


def test_a_table_of_many_columns_scrolls_in_a_region_of_its_own() -> None:
    wide = type("Wide", (Listing,), {f"c{n}": column(f"列{n}") for n in range(9)} | {"caption": "宽表"})
    assert wide([{"c0": 1}]).html().startswith('<div class="scroll" tabindex="0" role="region" aria-label="宽表"><table')


def test_an_export_keeps_the_plain_values(city: Government) -> None:
    assert list(DepartmentListing(Department.objects.values("name", "position", "code")).as_values())[:2] == [
        ["部门", "序号", "单位", "代码"],
        ["工信<局>", 1, None, "gxj"],
    ]
