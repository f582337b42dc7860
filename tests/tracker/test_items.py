"""The list of items: what it shows, how it is narrowed and sorted, and what never leaves with it."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.tracker import stood
from tests.tracker.stood import client_of, period, roll, stand
from tracker import exporting


@pytest.fixture
def city(db: None) -> cast.City:
    """Two closings ago green, at the last closing yellow, now red; one grey; one in points."""
    city = cast.city()
    roll(city, "2022-07-18", closes=period(city, "2022Q2"))
    stand(city, "1-01", "green", "1")
    stand(city, "1-02", "green", "2")
    stand(city, "2-01", "red", "-30")
    roll(city, "2022-10-17")
    stand(city, "1-01", "red", "-12", attainment="0.63", expected="0.75")
    stand(city, "1-02", "green", "3", facts={"value": "4540", "value_state": "estimate"})
    stand(city, "1-03", "yellow", "-0.4", gap_in="points", facts={"value": "7.5"})
    stand(city, "1-04", "grey", None, facts={"value": None})
    stand(
        city, "2-02", "yellow", "-10", overdue=12, facts={"value": None, "steps": [{"name": "选址", "due": "2022-03-31", "weight": "40", "done": "2022-03-01"}]}
    )
    return city


def codes(city: cast.City, query: str = "", login: str = "supervisor") -> list[str]:
    answer = client_of(city, login).get(f"/items/{query}")
    assert answer.status_code == 200
    return [row["row"].code for row in answer.context["table"].raw_rows()]


def test_items_stand_worst_first_points_weighing_ten_times(city: cast.City) -> None:
    assert codes(city) == ["2-01", "1-01", "2-02", "1-03", "1-02", "1-04"]


def test_items_sort_by_name_lead_and_due(city: cast.City) -> None:
    assert codes(city, "?sort=name") == sorted(codes(city), key=lambda code: city.item(code).terms.get().name)
    assert codes(city, "?sort=lead")[:2] == ["1-01", "1-02"]
    assert codes(city, "?sort=-gap")[-1] == "2-01"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?light=red", ["2-01", "1-01"]),
        ("?light=grey", ["1-04"]),
        ("?overdue=1", ["2-02"]),
        ("?turned=1", ["1-01"]),
        ("?kind=task", ["2-02"]),
        ("?binding=1", ["1-04"]),
        ("?department=tjj", ["1-03", "1-04"]),
        ("?department=zjj", ["2-01", "1-01", "2-02"]),
        ("?plan=report-2022&goal=001/001/", ["1-01", "1-03", "1-02", "1-04"]),
        ("?plan=report-2022&goal=002/", ["2-01", "2-02"]),
        ("?q=5G", ["1-01"]),
        ("?q=item 1-02", ["1-02"]),
        ("?q=统计局", ["1-03", "1-04"]),
        ("?reading=closing", ["2-01", "1-01", "1-02", "1-03", "1-04", "2-02"]),
        ("?as_of_period=2022Q2&light=green", ["1-01", "1-02"]),
        ("?as_of_period=2022Q2&reading=today&light=green", ["1-02"]),
        ("?as_of_period=2019Q2", []),
        ("?light=purple", []),
        ("?plan=no-such-plan", []),
    ],
)
def test_items_are_narrowed_by_the_url(city: cast.City, query: str, expected: list[str]) -> None:
    assert codes(city, query) == expected


def test_a_department_is_found_by_a_former_name(city: cast.City) -> None:
    type(city.departments["zjj"]).objects.filter(code="zjj").update(former=["市建设委员会"])
    assert codes(city, "?q=建设委员会") == ["2-01", "2-02"]


def test_the_portfolio_is_the_leaders_alone(city: cast.City) -> None:
    assert codes(city, "?portfolio=1", "leader") == ["2-01", "1-01", "2-02", "1-02"]
    assert "portfolio=1" not in client_of(city, "supervisor").get("/items/").content.decode()


def test_a_row_says_target_value_gap_light_and_turn(city: cast.City) -> None:
    html = client_of(city, "reporter").get("/items/?q=5G").content.decode()
    assert '<a class="name" href="/items/report-2022/1-01/">新增5G基站</a>' in html
    assert '<td data-label="实际" class="num">1260<span class="unit">个</span></td><td data-label="目标" class="num target">2000 个</td>' in html
    assert '<td data-label="差距" class="num text-red">−12.0</td>' in html
    assert (
        '<span class="turn"><span class="light light--green">正常</span><i aria-label="变为">→</i><a href="/items/report-2022/1-01/why/" class="light light--red">滞后</a> <span class="assumed">按推算</span></span>'
        in html
    )
    assert "低" not in html
    assert '0.4<span class="unit">个点</span>' in client_of(city, "reporter").get("/items/?q=生产总值").content.decode()


def test_the_chips_count_what_stands_behind_them(city: cast.City) -> None:
    html = client_of(city, "supervisor").get("/items/?light=red").content.decode()
    for words in ("滞后 2", "偏慢 2", "正常 1", "暂无数据 1", "逾期 1", "比上期变差 1", "约束性 1"):
        assert f">{words}</a>" in html


def test_before_the_first_roll_up_the_items_stand_without_lights(db: None) -> None:
    city = cast.city()
    answer = client_of(city, "reporter").get("/items/")
    assert "还没有汇总，暂无亮灯" in answer.content.decode()
    assert answer.context["total"] == 6
    assert 'class="light ' not in answer.content.decode()


def test_drafts_and_other_governments_stay_out(city: cast.City) -> None:
    stood.draft(city)
    stranger = cast.stranger_city()
    roll(stranger)
    stand(stranger, "1-01", "red", "-99")
    for login in ("reporter", "leader", "supervisor"):
        for query in ("", "?q=秘密", "?plan=draft-2023", "?export=csv"):
            html = client_of(city, login).get(f"/items/{query}").content.decode()
            assert "秘密产业园" not in html
            assert "−99" not in html
    assert codes(stranger, "", "supervisor")[0] == "1-01"


def test_the_csv_holds_every_row_and_no_formula(city: cast.City) -> None:
    text = client_of(city, "supervisor").get("/items/?export=csv&light=red").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == ["规划", "编码", "事项", "类别"]
    assert [row[1] for row in rows[1:]] == ["2-01", "1-01"]
    assert rows[2] == [
        "工作报告", "1-01", "新增5G基站", "指标", "1260", "个", "2000 个", "63%", "75%", "-12", "百分点", "滞后", "0", "2022-12-31", "市工业和信息化局", "", "", "", "按推算", "",
    ]  # fmt: skip


def test_the_steps_of_a_task_are_no_day_in_a_spreadsheet(city: cast.City) -> None:
    text = client_of(city, "supervisor").get("/items/?export=csv&kind=task").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1][4:7] == ["1/1 步", "", "开工"]


@pytest.mark.parametrize("address", ["/items/?q=%00", "/items/?plan=%00&goal=%00", "/items/report-2022/%00/", "/search/?q=%00", "/items/?sort=%00&page=%00"])
def test_no_byte_in_the_address_breaks_a_page(city: cast.City, address: str) -> None:
    assert client_of(city, "supervisor").get(address).status_code in (200, 404)


def test_the_csv_of_the_stage_says_so_first(city: cast.City, settings: Any) -> None:
    settings.STAGE = True
    response = exporting.file_response("csv", "a", "a", ["a"], [["=1+1"], ["＝cmd"], ["@x"], ["－2"], [" +1"]])
    assert response.content.decode("utf-8-sig").split("\r\n") == [
        "演示数据",
        "a",
        "'=1+1",
        "'＝cmd",
        "'@x",
        "'－2",
        "' +1",
        "",
    ]


def test_a_page_holds_fifty_or_a_hundred(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    assert client.get("/items/").context["table"].page.paginator.per_page == 50
    assert client.get("/items/?per_page=100").context["table"].page.paginator.per_page == 100
    assert client.get("/items/?per_page=9999").context["table"].page.paginator.per_page == 50


def test_the_list_takes_the_same_statements_with_one_row_and_with_three(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    client.get("/items/")
    taken = {}
    for query, n in (("?q=5G", 1), ("?light=red", 2), ("?department=zjj", 3)):
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get(f"/items/{query}").context["table"].raw_rows()) == n
        taken[query] = len(statements)
    assert taken == {"?q=5G": 11, "?light=red": 12, "?department=zjj": 11}  # a chip that is chosen is counted for by itself


def test_the_list_is_made_once_for_all_of_the_same_rights_and_anew_after_a_run(city: cast.City) -> None:
    first, leader = client_of(city, "supervisor"), client_of(city, "leader")
    kept = first.get("/items/?light=red")
    assert first.get("/items/?light=red", headers={"if-none-match": kept["ETag"]}).status_code == 304
    with CaptureQueriesContext(connection) as statements:
        assert client_of(city, "auditor").get("/items/?light=red").content.count(b"2-01") > 0
    assert [s["sql"] for s in statements if "plans_terms" in s["sql"]] == []
    assert "我分管的" in leader.get("/items/?light=red").content.decode()
    assert "我分管的" not in first.get("/items/?light=red").content.decode()
    roll(city, "2022-10-18")
    stand(city, "1-02", "red", "-20")
    again = first.get("/items/?light=red", headers={"if-none-match": kept["ETag"]})
    assert (again.status_code, again.content.count(b"1-02") > 0) == (200, True)


def test_what_a_leader_is_in_charge_of_is_kept_for_him_alone(city: cast.City) -> None:
    leader, other = client_of(city, "leader"), cast.deeds.enrol(
        city.government, city.departments["zfb"], login="leader2", name="副市长乙", roles=(cast.Role.LEADER,), from_on=cast.FROM
    )  # fmt: skip
    city.people["leader2"] = other
    assert leader.get("/items/?portfolio=1").content.count(b"1-01") > 0
    assert client_of(city, "leader2").get("/items/?portfolio=1").content.count(b"/1-01/") == 0
