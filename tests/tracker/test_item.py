"""One item: its finding, why, its reports, and who may read what."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Amendment, Conflict, Target
from tests import cast
from tests.tracker import stood
from tests.tracker.answers import answer
from tests.tracker.stood import client_of, period
from tracker import periods, rollup
from tracker.models import Alert, Evidence, ProgressReport, ReportEvent

URL = "/items/report-2022/1-01/"


def report(city: cast.City, occasion: str, value: str, evidence: str = "", **given: Any) -> ProgressReport:
    """An accepted report of the 5G measure."""
    duty = given.pop("duty", None) or periods.owe(city.item("1-01").measure, period(city, occasion))
    at = cast.noon(duty.period.end) + dt.timedelta(days=10)
    maker, head, boss = (city.user(name) for name in ("reporter", "reviewer", "supervisor"))
    plain = {
        "value": Decimal(value), "cut_off": duty.period.end, "progress": "开通顺利", "problem": "站址协调", "author": maker,
        "edited_by": maker, "edited_at": at, "submitted_by": maker, "submitted_at": at, "endorsed_by": head, "endorsed_at": at, "accepted_by": boss,
        "accepted_at": at,
    }  # fmt: skip
    made = ProgressReport.objects.create(
        government=city.government, duty=duty, measure=duty.measure, period=duty.period, number=duty.reports.count() + 1,
        **{**plain, **given, "state": "submitted"},
    )  # fmt: skip
    if evidence:
        Evidence.objects.create(
            government=city.government, report=made, sha256="0" * 64, name=evidence, size=1, kind="application/pdf", added_by=maker, added_at=at
        )
    ProgressReport.objects.filter(pk=made.pk).update(state="accepted")
    return made


@pytest.fixture
def city(db: None, settings: Any) -> cast.City:
    """The 5G item on 17 October 2022: 420, 880 corrected to 900 after the closing, 1260."""
    stood.stage(settings, "2022-10-17")
    city = cast.city()
    report(city, "2022Q1", "420")
    wrong = report(city, "2022Q2", "880")
    rollup.take(city.government, cast.noon("2022-07-18"), closes=period(city, "2022Q2"))
    later = cast.noon("2022-09-05")
    report(city, "2022Q2", "900", corrects=wrong, reason="原报漏计 20 个", submitted_at=later, endorsed_at=later, accepted_at=later)
    report(city, "2022Q3", "1260", evidence="佐证材料.pdf")
    rollup.take(city.government, cast.noon("2022-10-17"))
    return city


def html_of(city: cast.City, login: str = "reporter", url: str = URL) -> str:
    answer = client_of(city, login).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_opens_with_the_figure_and_its_finding(city: cast.City) -> None:
    html = html_of(city)
    assert '<span class="figure figure--big">1260</span><span class="lead__of"> / 2000 个</span>' in html
    assert '<dd><a href="/items/report-2022/1-01/why/" class="light light--red">滞后</a> <span class="assumed">按推算</span></dd>' in html
    assert "63.0%" in html
    assert "75.0%" in html
    assert '<span class="text-red">欠 12.0<span class="unit">百分点</span></span>' in html
    assert "360<span" in html


def test_the_light_explains_itself_and_says_what_would_turn_it(city: cast.City) -> None:
    html = html_of(city)
    assert "为什么是滞后" in html
    assert "应达 1500 个，实际 1260 个，少 240 个，欠 12.0 百分点，低于 −10 的界限。" in html
    assert '<a href="/items/report-2022/1-01/why/">逐行算式、版本与经办</a>' in html
    assert "再增 40 个转为偏慢，再增 240 个转为正常。" in html
    assert "2022年三季度 −12.0" in html
    assert "2022年二季度 −5.0" in html


def test_reports_show_corrections_struck_and_both_lights(city: cast.City) -> None:
    rows = client_of(city, "reporter").get(URL).context["reports"]
    assert [(r.period, r.value, r.expected, r.told.struck, r.point.light_closing, r.point.light_today, str(r.gap)) for r in rows] == [
        ("2022年三季度", "1260", "1500", (), None, "red", "-12.000000"),
        ("2022年二季度", "900", "1000", ("880",), "yellow", "yellow", "-5.000000"),
        ("2022年一季度", "420", "500", (), None, "yellow", "-4.000000"),
    ]
    assert [(hand.verb, hand.name) for hand in rows[0].told.hands] == [("submitted", "填报甲"), ("endorsed", "审核甲"), ("accepted", "督查甲")]
    assert "更正：原报漏计 20 个" in html_of(city)


def test_how_often_a_report_came_back_is_told_without_guessing_what_followed(city: cast.City) -> None:
    sent = ProgressReport.objects.filter(period__number=3).latest("pk")
    ReportEvent.objects.create(
        government=city.government, report=sent, verb="returned", to_state="returned", by=city.user("supervisor"), at=cast.noon("2022-10-13"), why="请核"
    )
    assert '<span class="sub">退回 1 次</span>' in html_of(city)


def test_the_chart_and_the_table_beside_it_have_the_same_numbers(city: cast.City) -> None:
    chart = client_of(city, "statistician").get(URL).context["chart"]
    assert chart.data["actual"] == [["2021-12-31", 0.0], ["2022-03-31", 420.0], ["2022-06-30", 900.0], ["2022-09-30", 1260.0]]
    assert chart.data["path"][1:] == [["2022-03-31", 500.0], ["2022-06-30", 1000.0], ["2022-09-30", 1500.0], ["2022-12-31", 2000.0]]
    assert chart.data["target"] == {"value": 2000.0, "due": "2022-12-31", "words": "2000 个"}
    assert chart.data["short"]["words"] == "欠 240 个"
    assert [(row.day.isoformat(), row.expected, row.actual) for row in chart.rows][1:] == [
        ("2022-03-31", "500", "420"),
        ("2022-06-30", "1000", "900"),
        ("2022-09-30", "1500", "1260"),
        ("2022-12-31", "2000", ""),
    ]
    assert chart.misses
    assert chart.forecast == "1680 个"
    assert '<script id="chart-data" type="application/json">' in html_of(city)


def test_five_values_give_the_forecast_a_range_on_the_chart_and_in_its_table(settings: Any, db: None) -> None:
    stood.stage(settings, "2022-10-17")
    five_years = cast.target(start="2020-12-31", due="2025-12-31", comparator="at_least", value="1000", unit="个")
    rate = cast.target(start="2020-12-31", due="2025-12-31", comparator="at_least", value="8", unit="%")
    items = [cast.item("1-01", "累计", targets=[five_years]), cast.item("1-02", "增速", targets=[rate], accrual="held")]
    city = cast.city(plan=cast.body(items, start="2021-01-01", end="2025-12-31"))
    for occasion, total, growth in (("2021Q3", "100", "7"), ("2021Q4", "180", "6.5"), ("2022Q1", "200", "6"), ("2022Q2", "290", "5"), ("2022Q3", "310", "4")):
        answer(city, "1-01", occasion, total)
        answer(city, "1-02", occasion, growth)
    rollup.take(city.government, cast.noon("2022-10-17"))
    chart = client_of(city, "supervisor").get(URL).context["chart"]
    drawn = chart.data["forecast"]  # of ten slopes the quartiles are 900 and 1225 a whole way: 310 + 0.65 × 900 = 895, 310 + 0.65 × 1225 = 1106.25
    assert drawn["low"] < drawn["value"] < drawn["high"]
    assert chart.forecast == "895 至 1106 个"
    assert "按近期趋势，到期约 895 至 1106 个" in html_of(city)
    growing = client_of(city, "supervisor").get("/items/report-2022/1-02/")
    assert (growing.context["chart"].data["forecast"], growing.context["chart"].forecast) == (None, "")


def test_a_rate_is_told_against_its_target_and_in_points(city: cast.City) -> None:
    measure = city.measure("jobless")
    duty = periods.owe(measure, period(city, "2022Q2"))
    report(city, "2022Q2", "5.8", duty=duty)
    rollup.take(city.government, cast.noon("2022-10-17"))
    html = html_of(city, "statistician", "/items/report-2022/1-04/")
    assert "目标 不超过 5.5%，实际 5.8%，高 0.3 个点，在 −1 与 0 之间。" in html
    assert "再降 0.3%转为正常。" in html


READERS = [("reporter", True), ("supervisor", True), ("leader", True), ("auditor", True), ("statistician", False), ("administrator", False)]


@pytest.mark.parametrize(("login", "reads"), READERS)
def test_texts_names_and_evidence_stay_with_the_department_and_those_who_read_all(city: cast.City, login: str, reads: bool) -> None:
    html = html_of(city, login)
    assert "1260" in html
    for words in ("站址协调", "填报甲 ", "佐证材料.pdf", "原报漏计"):
        assert (words in html) == reads


def test_alerts_are_shown_to_whom_they_concern(city: cast.City) -> None:
    Alert.objects.create(
        government=city.government, rule="lagging", subject="item:1", department=city.departments["gxj"], item=city.item("1-01"),
        since=dt.date(2022, 7, 18), opened_at=cast.noon("2022-07-18"), rung=2, note="已约谈",
    )  # fmt: skip
    assert "已约谈" in html_of(city, "reporter")
    assert "已约谈" not in html_of(city, "statistician")


def test_a_task_shows_its_steps_with_the_days_they_are_late(city: cast.City) -> None:
    answer = client_of(city, "reporter").get("/items/report-2022/2-02/")
    assert [(s.name, s.done_on, s.late) for s in answer.context["page"].steps] == [("选址", None, 200), ("用地", None, 47), ("开工", None, 0)]
    html = answer.content.decode()
    assert '<span class="figure figure--big">0/3</span>' in html
    assert '<span class="overdue">逾期 47 天</span>' in html
    assert answer.context["chart"] is None


def test_other_promises_that_read_the_same_figure_are_shown_with_their_lights(city: cast.City) -> None:
    from plans.importing import load_plan

    measure = city.item("1-01").measure
    body = cast.body([cast.item("7-01", "五年5G基站", measure={"code": measure.code}, goal=["一"])], code="five-years")
    load_plan(city.government, body)
    html = html_of(city)
    assert "一数多诺" in html
    assert '<a class="name" href="/items/five-years/7-01/">五年5G基站</a>' in html


def test_an_amendment_shows_both_targets(city: cast.City) -> None:
    old = city.item("1-01").terms.get()
    people = {"proposed_by": city.user("supervisor"), "published_by": city.user("supervisor2")}
    later = Amendment.objects.create(government=city.government, plan=city.plan, number=1, reason="省里调减", from_on="2022-07-01", **people)
    old.pk, old.amendment, old.from_on = None, later, dt.date(2022, 7, 1)
    old.published_at = None
    old.save(force_insert=True)
    Target.objects.create(government=city.government, terms=old, from_on="2021-12-31", due_on="2022-12-31", comparator="at_least", value=1800, unit="个")
    cast.put_in_force(later, "2022-07-01")
    page = client_of(city, "reporter").get(URL).context["page"]
    assert [(v.number, v.words, v.reason, v.current) for v in page.versions] == [(0, "2000 个", "", False), (1, "1800 个", "省里调减", True)]
    assert "省里调减" in html_of(city)


def test_a_conflict_is_shown_to_those_who_settle_it(city: cast.City) -> None:
    first, second = Target.objects.filter(terms__item__plan=city.plan).order_by("pk")[:2]
    Conflict.objects.create(government=city.government, target_a=first, target_b=second, kind="hard", why="两处数不一致")
    assert "两处数不一致" in html_of(city, "supervisor")
    assert "两处数不一致" not in html_of(city, "reporter")
    code = stood.draft(city)
    secret = Target.objects.get(terms__item__plan__code=code)
    Conflict.objects.create(government=city.government, target_a=first, target_b=secret, kind="hard", why="与草案不一致")
    assert "与草案不一致" in html_of(city, "supervisor")
    assert "与草案不一致" not in html_of(city, "leader")


def test_what_is_not_there_and_what_one_may_not_see_answer_alike(city: cast.City) -> None:
    code = stood.draft(city)
    stranger = cast.stranger_city()
    for login, url in (("reporter", f"/items/{code}/9-01/"), ("leader", f"/items/{code}/9-01/"), ("reporter", "/items/report-2022/9-99/")):
        assert client_of(city, login).get(url).status_code == 404
    assert client_of(city, "supervisor").get(f"/items/{code}/9-01/").status_code == 200
    html = html_of(stranger, "supervisor")
    assert "1260" not in html
    assert "填报甲" not in html.replace("填报甲</b>", "")


def test_a_page_takes_the_same_statements_with_one_report_and_with_four(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    taken = []
    for url, n in (("/items/report-2022/1-02/", 1), (URL, 4)):
        measure = city.item(url[-5:-1]).measure
        if n == 1:
            report(city, "2022Q2", "4000", duty=periods.owe(measure, period(city, "2022Q2")))
        assert measure.reports.count() == n
        client.get(url)
        with CaptureQueriesContext(connection) as statements:
            client.get(url)
        taken.append(len(statements))
    assert taken == [46, 46]
