"""The lists of the editing rooms go out as files: sentences, papers, parts, and what becomes of a year."""

import csv
import io

import pytest
from django.test import Client

from plans.editing.items import draft_terms
from plans.editing.parts import Part, share_out
from plans.models import Document, Passage
from tests import cast
from tests.plans.test_editing import AT, Desk
from tests.plans.test_papers_page import browser, send, table
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db


def rows_of(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_sentences_of_a_document_go_out_as_they_are_filtered() -> None:
    city = cast.city()
    document = Document.objects.get(plans=city.plan)
    for n, text in enumerate(("新增5G基站2000个。", "今年是关键的一年。")):
        Passage.objects.create(government=city.government, document=document, position=n, locator="一", text=text, promises=not n)
    client = client_of(city, "supervisor")
    assert [(row[2], row[3]) for row in rows_of(client, f"/documents/{document.pk}/?export=csv")] == [
        ("语句", "说要办"), ("新增5G基站2000个。", "是"), ("今年是关键的一年。", "否"),
    ]  # fmt: skip
    assert len(rows_of(client, f"/documents/{document.pk}/?show=open&export=csv")) == 2


def test_the_papers_that_came_in_go_out() -> None:
    client = browser(cast.city())
    send(client, table())
    assert [row[:4] for row in rows_of(client, "/papers/?export=csv")] == [
        ["文件", "规划编号", "规划名称", "状态"], ["2023年分解.xlsx", "report-2023", "2023年责任分解表", "待确认"],
    ]  # fmt: skip


def test_the_parts_of_an_item_go_out() -> None:
    desk = Desk()
    item, county = desk.item("1-01"), desk.city.departments["scx"]
    share_out(item, "sum", {county.pk: Part(cast.d("12"))}, desk.by, AT, draft_terms(item).version)
    assert rows_of(client_of(desk.city, "auditor"), "/plans/next/items/1-01/parts/?export=csv") == [
        ["单位", "目标值", "计量单位", "权重", "分期累计比例"], ["上蔡县人民政府", "12", "家", "1", ""],
    ]  # fmt: skip


def test_what_becomes_of_a_year_goes_out() -> None:
    city = cast.city()
    rows = rows_of(client_of(city, "auditor"), "/plans/report-2022/next-year/?export=csv")
    assert rows[0][:2] == ["编码", "事项"]
    assert [(row[0], row[7]) for row in rows[1:]] == [(code, "否") for code in ("1-01", "1-02", "1-03", "1-04", "2-01", "2-02")]
