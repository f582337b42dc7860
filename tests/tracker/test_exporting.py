"""Every list goes out as a file: what is shown and no more, in the order and the language of the page, kept by no browser."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from plans import sheets
from tests.tracker.stood import client_of
from tests.world import World, laid
from tracker.views.audit import AuditListing

pytestmark = pytest.mark.django_db

LISTS = {  # address → whose, and the first head of its file
    "/items/": ("supervisor", "规划"),
    "/plans/": ("supervisor", "编码"),
    "/departments/": ("supervisor", "责任单位（牵头）"),
    "/alerts/": ("supervisor", "事项或指标"),
    "/conflicts/": ("supervisor", "规划"),
    "/messages/": ("supervisor", "标题"),
    "/audit/": ("auditor", "序号"),
    "/people/": ("administrator", "姓名"),
    "/periods/": ("supervisor", "报告期"),
    "/periods/2022Q3/": ("supervisor", "单位"),
    "/review/": ("supervisor", "指标"),
    "/my-work/": ("reporter", "指标"),
    "/search/?q=上云": ("reporter", "类别"),
    "/measures/cloud/": ("reporter", "报告期"),
    "/public/": ("reporter", "规划"),
    "/public/report-2022/": ("reporter", "板块"),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for all tests of this file, which only read."""
    with laid(django_db_blocker) as world:
        yield world


@pytest.fixture(autouse=True)
def staged(settings: Any) -> None:
    settings.STAGE = True


def file_of(world: World, who: str, address: str, kind: str = "csv") -> Any:
    mark = "&" if "?" in address else "?"
    return client_of(world.city, who).get(f"{address}{mark}export={kind}")


def rows_of(world: World, who: str, address: str) -> list[list[str]]:
    """The rows of a csv below its heads."""
    return list(csv.reader(io.StringIO(file_of(world, who, address).content.decode("utf-8-sig"))))[2:]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_the_same_in_both_kinds_of_file_and_no_browser_keeps_it(world: World, address: str) -> None:
    who, head = LISTS[address]
    book, table = file_of(world, who, address, "xlsx"), file_of(world, who, address)
    for answer in (book, table):
        assert answer["Cache-Control"].startswith("private, no-store")
        assert "attachment" in answer["Content-Disposition"]
    paper = sheets.open_paper(book.content, "a.xlsx")
    assert paper.refused == []
    [grid] = paper.grids
    assert (grid.rows[0][0].text, grid.rows[1][0].text) == ("演示数据", head)
    written = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(grid.rows) == len(written) > 2
    assert grid.rows[2][0].text == written[2][0].lstrip("'")


@pytest.mark.parametrize("address", LISTS)
def test_the_page_offers_both_kinds_of_file(world: World, address: str) -> None:
    text = client_of(world.city, LISTS[address][0]).get(address).content.decode()
    assert text.count('<p class="exports">') == 1
    assert [text.count(f"export={kind}") for kind in ("xlsx", "csv")] == [1, 1]


def test_a_file_holds_what_the_filters_leave_in_the_order_of_the_page(world: World) -> None:
    assert {row[3] for row in rows_of(world, "supervisor", "/items/?kind=task")} == {"任务"}
    late, early = (rows_of(world, "supervisor", f"/messages/?sort={sort}") for sort in ("-made_at", "made_at"))
    assert [row[4] for row in late] == sorted((row[4] for row in early), reverse=True)  # of one instant either may come first
    assert sorted(late) == sorted(early)
    first, last = (rows_of(world, "supervisor", f"/audit/?sort={sort}")[0][0] for sort in ("position", "-position"))
    assert int(first) < int(last)
    assert rows_of(world, "supervisor", "/audit/?actor=nobody") == []


def test_a_file_holds_every_page_of_the_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AuditListing, "per_page", 2)
    page = client_of(world.city, "auditor").get("/audit/?page=2")
    assert len(rows_of(world, "auditor", "/audit/?page=2")) == page.context["total"] > 4


def test_a_file_of_an_unknown_kind_is_the_page(world: World) -> None:
    assert file_of(world, "supervisor", "/items/", "pdf")["Content-Type"].startswith("text/html")


def test_figures_are_numbers_and_days_are_days(world: World) -> None:
    [grid] = sheets.open_paper(file_of(world, "reporter", "/measures/cloud/", "xlsx").content, "a.xlsx").grids
    row = dict(zip((cell.text for cell in grid.rows[1]), grid.rows[2], strict=True))
    assert (row["数值"].value, row["截至"].value.isoformat()) == (4540, "2022-09-30")
