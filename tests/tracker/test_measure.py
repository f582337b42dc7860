"""The history of a measure, and the promises that read it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.stood import client_of
from tracker import reporting, rollup

pytestmark = pytest.mark.django_db
URL = "/measures/m-1-01/"


@pytest.fixture
def desk(clock_at: Any) -> Desk:
    clock_at("2022-10-17")
    return Desk(at=noon("2022-10-10"))


def test_corrected_values_are_struck_and_stay(desk: Desk) -> None:
    old = desk.accept(desk.duty("m-1-01", 2), value="880", progress="原来写的")
    new = reporting.correct(old, desk.city.person("reporter"), OCTOBER, "漏计 20 个", "统计局来函")
    new = reporting.save_draft(new, {"value": "900"}, desk.city.person("reporter"), OCTOBER, new.version)
    desk.pass_on(reporting.submit(new, desk.city.person("reporter"), OCTOBER, new.version))
    answer = client_of(desk.city, "reporter").get(URL)
    html = answer.content.decode()
    entries = answer.context["page"].past[0].entries
    assert [(str(e.report.value), e.is_struck, e.is_current) for e in entries] == [("900.0000", False, True), ("880.0000", True, False)]
    assert "<del>880</del>" in html
    assert "漏计 20 个" in html


def test_every_promise_that_reads_it_is_listed_with_its_light(desk: Desk) -> None:
    item = cast.item("7-01", "五年5G基站", measure={"code": "m-1-01"}, goal=["一"])
    cast.load_plan(desk.city.government, cast.body([item], code="five-years"))
    desk.accept(desk.duty("m-1-01", 2), value="900")
    rollup.take(desk.city.government, noon("2022-10-17"))
    page = client_of(desk.city, "leader").get(URL).context["page"]
    assert [(i.plan, i.code, i.light) for i in page.items] == [("five-years", "7-01", "yellow"), ("report-2022", "1-01", "yellow")]


def test_each_promise_says_its_rule_and_the_page_says_why_the_lights_differ(desk: Desk) -> None:
    """企业上云: yellow by the year's increase, green by the table's total."""
    table = cast.target("2025-12-31", "2020-12-31", comparator="at_least", value="6000", unit="家")
    item = cast.item("7-15", "企业上云数量", measure={"code": "cloud"}, goal=["一"], targets=[table], baseline={"date": "2020-12-31", "value": "3037"})
    cast.load_plan(desk.city.government, cast.body([item], code="five-years", start="2021-01-01", end="2025-12-31"))
    desk.accept(desk.duty("cloud", 2), value="4270")
    rollup.take(desk.city.government, noon("2022-10-11"))
    page = client_of(desk.city, "leader").get("/measures/cloud/").context["page"]
    assert {(one.row.code, one.row.light): one.sentence for one in page.told} == {
        ("1-02", "yellow"): "只算增量：截至 2022 年 6 月 30 日累计 4270 家，减去期初 3580 家得 690 家，占目标 1500 家的 46.0%，应为 50.0%，差距 −4.0。",
        ("7-15", "green"): "从 3037 家走到 6000 家（2025 年 12 月 31 日）：截至 2022 年 6 月 30 日为 4270 家，走了 41.6%，应走 30.0%，差距 +11.6。",
    }
    assert page.differs == "同一个数，亮灯有正常、偏慢：读法（总量或增量）、起点、目标、期限不同，各按各的约定判。"
    assert [(str(p.on), f"{p.value:f}", p.state) for p in page.points] == [
        ("2022-06-30", "4270.0000", "核定"), ("2021-12-31", "3580.0000", "约定的基数"), ("2020-12-31", "3037.0000", "约定的基数"),
    ]  # fmt: skip


@pytest.mark.parametrize(("login", "reads"), [("reporter", True), ("reviewer", True), ("auditor", True), ("builder", False), ("administrator", False)])
def test_texts_stay_with_the_department_and_those_who_read_all(desk: Desk, login: str, reads: bool) -> None:
    desk.accept(desk.duty("m-1-01", 2), value="900", progress="秘密进展")
    html = client_of(desk.city, login).get(URL).content.decode()
    assert ("秘密进展" in html, "新增5G基站" in html) == (reads, True)


def test_drafts_are_for_the_department_alone(desk: Desk) -> None:
    desk.draft(desk.duty("m-1-01"), value="777", progress="草稿文字")
    assert "草稿文字" in client_of(desk.city, "reporter").get(URL).content.decode()
    assert "草稿文字" not in client_of(desk.city, "supervisor").get(URL).content.decode()


def test_a_strangers_measure_of_the_same_code_is_another(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01", 2), value="900", progress="秘密进展")
    stranger = cast.stranger_city()
    html = client_of(stranger, "supervisor").get(URL).content.decode()
    assert "秘密进展" not in html
    assert client_of(stranger, "supervisor").get("/measures/nothing/").status_code == 404


def test_a_page_takes_the_same_statements_with_one_report_and_with_three(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    taken = []
    for number in (1, 2):
        desk.accept(desk.duty("m-1-01", number), value=f"{number}00")
        client.get(URL)
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get(URL).context["page"].past) == number
        taken.append(len(statements))
    assert taken == [20, 20]
