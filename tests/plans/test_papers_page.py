"""导入: upload, preview, mapping, take in, second paper, tables."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry, Department
from plans import sheets
from plans.checking import check_list
from plans.editing import log
from plans.editing.items import delete_items
from plans.exporting import export_plan, plain
from plans.models import IssuedPaper, PaperWord, Plan, Terms
from tests import cast
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db

ROWS = [
    ("2023年责任分解表", "", "", "", ""),
    ("序号", "工作任务", "责任单位", "配合单位", "完成时限"),
    ("一、工业", "", "", "", ""),
    ("1", "新增5G基站2500个", "市工信局", "市住建局", "年底前"),
    ("2", "新增上云企业1200家以上", "市工信局", "水投公司", "年底前"),
    ("3", "6月底前开工建设第七污水处理厂", "市住建局", "", ""),
    ("合计", "3项", "", "", ""),
]


def table(rows: Sequence[tuple[str, ...]] = ROWS) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("分解表")
        for n, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(n, column, text)
    return out.getvalue()


@pytest.fixture
def city() -> cast.City:
    return cast.city()


def browser(city: cast.City, login: str = "supervisor") -> Client:
    return client_of(city, login)


def send(client: Client, content: bytes, name: str = "2023年分解.xlsx", code: str = "report-2023", **more: Any) -> Any:
    return client.post("/papers/", {"file": SimpleUploadedFile(name, content), "code": code, **more})


def texts(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in sheets.open_paper(content, "x.xlsx").grids for row in grid.rows]


def test_a_paper_is_read_looked_at_and_taken_in(city):
    client = browser(city)
    answer = send(client, table())
    paper = IssuedPaper.objects.get()
    assert answer["Location"] == f"/papers/{paper.pk}/"
    page = client.get(answer["Location"])
    assert [row.name for row in page.context["page"].doubtful] == ["新增上云企业"]
    assert [row.name for row in page.context["page"].certain] == ["新增5G基站", "开工建设第七污水处理厂"]
    assert "不在单位名录中" in page.content.decode()
    assert Plan.objects.filter(code="report-2023").count() == 0
    assert client.post(answer["Location"], {"do": "take"}).status_code == 302
    assert Plan.objects.get(code="report-2023").state == "draft"
    assert [entry.verb for entry in AuditEntry.objects.order_by("-position")[:2]] == ["paper taken in", "draft loaded"]


def test_the_same_form_sent_twice_keeps_one_paper(city):
    client = browser(city)
    assert [send(client, table(), key="k1")["Location"] for _n in range(2)] == [f"/papers/{IssuedPaper.objects.get().pk}/"] * 2


def test_a_paper_is_taken_in_once(city):
    client = browser(city)
    address = send(client, table())["Location"]
    assert [client.post(address, {"do": "take"}).status_code for _n in range(2)] == [302, 422]
    assert Plan.objects.filter(code="report-2023").count() == 1


def test_what_a_name_means_is_said_once_and_kept(city):
    client = browser(city)
    address = send(client, table())["Location"]
    client.post(address, {"do": "map", "owner-1": "水投公司", "means-1": "市统计局"})
    assert client.get(address).context["page"].doubtful == []
    assert PaperWord.objects.values_list("kind", "words", "means").get() == ("owner", "水投公司", "市统计局")
    again = send(client, table(), code="other")["Location"]
    assert client.get(again).context["page"].certain[1].supporting == "市统计局"


def test_a_heading_that_nobody_knows_is_said_once_and_kept(city):
    client = browser(city)
    rows = [tuple("拟办事宜" if text == "工作任务" else text for text in row) for row in ROWS]
    address = send(client, table(rows))["Location"]
    page = client.get(address).context["page"]
    assert page.count == 0
    client.post(address, {"do": "map", "heading-1": "拟办事宜", "was-1": "nothing", "role-1": "content"})
    assert client.get(address).context["page"].count == 3


def test_a_table_whose_heads_nobody_knows_offers_its_likeliest_row(city):
    client = browser(city)
    rows = [("拟办事宜", "经办"), ("新增5G基站2500个", "市工信局"), ("新增上云企业1200家", "市工信局"), ("改造老旧小区94个", "市住建局")]
    address = send(client, table(rows))["Location"]
    page = client.get(address).context["page"]
    assert ([h.words for h in page.headings], len(page.refused)) == (["拟办事宜", "经办"], 1)
    client.post(
        address, {"do": "map", "heading-1": "拟办事宜", "was-1": "nothing", "role-1": "content", "heading-2": "经办", "was-2": "nothing", "role-2": "any"}
    )
    page = client.get(address).context["page"]
    assert ([row.name for row in page.certain], page.refused) == (["新增5G基站", "新增上云企业", "改造老旧小区"], [])


def test_a_refused_cell_stands_first_and_stops_everything(city):
    client = browser(city)
    rows = [*ROWS[:4], ("2", "新增上云企业1200家", "市工信局", "", "2月30日")]
    address = send(client, table(rows))["Location"]
    page = client.get(address)
    assert page.context["page"].refused == [("分解表!E5", "不是日期。")]
    answer = client.post(address, {"do": "take"})
    assert (answer.status_code, Plan.objects.filter(code="report-2023").count()) == (422, 0)
    assert "全部未导入" in answer.content.decode()


def test_a_file_that_cannot_be_opened_says_why_at_the_field(city):
    answer = send(browser(city), b"PK\x03\x04broken")
    assert answer.status_code == 422
    assert "文件已损坏" in answer.content.decode()


def test_a_second_paper_shows_the_differences_and_leaves_what_it_does_not_name(city):
    client = browser(city)
    client.post(send(client, table())["Location"], {"do": "take"})
    rows = [tuple(text.replace("2500", "2600") for text in row) for row in ROWS if row[0] != "3"]
    address = send(client, table(rows))["Location"]
    page = client.get(address).context["page"]
    assert [(d.code, [f[0] for f in d.fields]) for d in page.changed] == [("1", ["目标"])]
    assert ([d.code for d in page.gone], page.new) == (["3"], [])
    client.post(address, {"do": "take"})
    assert Terms.objects.filter(item__plan__code="report-2023").count() == 3
    third = send(client, table(rows))["Location"]
    client.post(third, {"do": "take", "gone": "3"})
    assert sorted(Terms.objects.filter(item__plan__code="report-2023").values_list("item__code", flat=True)) == ["1", "2"]


def xiping(city: cast.City) -> None:
    """A second county."""
    Department.objects.create(
        government=city.government, code="xpx", name="西平县人民政府", short="西平县", name_en="Xiping County", kind="county", position=30, from_on="2000-01-01"
    )


COUNTIES = [
    ("2023年分县任务分解表", "", "", "", "", ""),
    ("序号", "任务", "单位", "合计", "西平县", "上蔡县", "责任单位"),
    ("1", "新建高标准农田", "万亩", "18", "10", "8", "市农业农村局"),
    ("2", "户厕改造", "万户", "1.5", "0.9", "0.6", "市住建局"),
]


def test_counties_as_columns_come_in_as_parts_and_a_second_paper_changes_them(city):
    xiping(city)
    client = browser(city)
    page = send(client, table(COUNTIES[:3]))["Location"]
    assert "分解自 1" in client.get(page).content.decode()
    client.post(page, {"do": "take"})
    plan = Plan.objects.get(code="report-2023")
    parts = list(plan.items.order_by("code").values_list("code", "part_of__code", "terms__adding", "terms__targets__value"))
    assert [(*row[:3], plain(row[3])) for row in parts] == [("1", None, "sum", "18"), ("1.1", "1", "", "10"), ("1.2", "1", "", "8")]
    assert client.get("/plans/report-2023/items/1/parts/").status_code == 200
    rows = [*COUNTIES[:2], tuple("9" if text == "8" else text for text in COUNTIES[2]), COUNTIES[3]]
    again = send(client, table(rows))["Location"]
    shown = client.get(again).context["page"]
    assert ([d.code for d in shown.changed], [d.code for d in shown.new]) == (["1.2"], ["2", "2.1", "2.2"])
    client.post(again, {"do": "take"})
    assert dict(plan.items.values_list("code", "part_of__code")) == {"1": None, "1.1": "1", "1.2": "1", "2": None, "2.1": "2", "2.2": "2"}
    assert plan.items.get(code="2").terms.get().adding == "sum"
    assert [line.about for line in check_list(plan) if line.kind == "parts"] == ["各部分合成后与目标相差 -1"]
    written = texts(client.get("/plans/report-2023/table/").content)
    assert written == [list(row) + [""] * (7 - len(row)) for row in rows]


def test_a_whole_is_deleted_with_its_parts_and_comes_back_with_them(city):
    xiping(city)
    client = browser(city)
    client.post(send(client, table(COUNTIES[:3]))["Location"], {"do": "take"})
    plan, by = Plan.objects.get(code="report-2023"), city.person("supervisor")
    before = export_plan(plan)
    delete_items(plan, list(plan.items.all()), by, cast.noon("2023-01-05"))
    assert plan.items.count() == 0
    log.undo(plan, by, cast.noon("2023-01-05"))
    assert export_plan(plan) == before


def test_the_table_of_an_untouched_draft_is_the_issued_one_cell_by_cell(city):
    client = browser(city)
    client.post(send(client, table())["Location"], {"do": "take"})
    given = client.get("/plans/report-2023/table/").content
    assert texts(given) == texts(table())


def test_the_table_of_a_changed_draft_says_what_changed_and_nothing_else(city):
    client = browser(city)
    client.post(send(client, table())["Location"], {"do": "take"})
    Terms.objects.filter(item__code="1").update(lead=city.departments["tjj"])
    Terms.objects.get(item__code="2").targets.update(value=1300)
    before, after = texts(table()), texts(client.get("/plans/report-2023/table/").content)
    differing = [
        (n, column, new)
        for n, (old_row, new_row) in enumerate(zip(before, after, strict=True))
        for column, (old, new) in enumerate(zip(old_row, new_row, strict=True))
        if old != new
    ]
    assert differing == [(3, 2, "市统计局、市住房和城乡建设局"), (4, 1, "新增上云企业1300家以上")]


def test_our_own_table_goes_out_and_comes_in_the_same(city):
    client = browser(city)
    given = client.get("/plans/report-2022/table/?form=own").content
    address = send(client, given, "again.xlsx", code="again")["Location"]
    client.post(address, {"do": "head", "version": "0", "code": "again", "title": "再来", "start": "2022-01-01", "end": "2022-12-31"})
    client.post(address, {"do": "take"})
    old, new = (texts(client.get(f"/plans/{code}/table/?form=own").content) for code in ("report-2022", "again"))
    assert old == new
    blank = texts(client.get("/papers/template/").content)
    assert blank[-1] == old[0]


def test_two_people_who_say_what_a_paper_becomes_do_not_overwrite_each_other(city):
    one, two = browser(city), browser(city, "supervisor2")
    address = send(one, table())["Location"]
    head = {"do": "head", "version": "0", "code": "a-2023", "title": "甲", "start": "2023-01-01", "end": "2023-12-31"}
    assert [client.post(address, {**head, "title": title}).status_code for client, title in ((one, "甲"), (two, "乙"))] == [302, 422]
    assert IssuedPaper.objects.get().title == "甲"


def test_a_reader_of_plans_looks_and_changes_nothing(city):
    address = send(browser(city), table())["Location"]
    auditor = browser(city, "auditor")
    assert [auditor.get(address).status_code, auditor.get("/papers/").status_code] == [200, 200]
    assert [auditor.post(address, {"do": "take"}).status_code, send(auditor, table()).status_code] == [404, 404]
    assert browser(city, "reporter").get(address).status_code == 404


def test_a_paper_takes_the_same_statements_with_one_item_and_with_three(city):
    client, taken = browser(city), []
    for rows in (ROWS[:4], ROWS):
        address = send(client, table(rows))["Location"]
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        taken.append(len(statements))
    for _n in range(2):
        with CaptureQueriesContext(connection) as statements:
            client.get("/papers/")
        taken.append(len(statements))
        send(client, table())
    assert taken[0] == taken[1]
    assert taken[2] == taken[3]
