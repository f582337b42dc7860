"""A light explained: of an item and of nodes, today and as a period reported it; every line is what a pocket calculator finds."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.arithmetic.spans import six
from tests import cast
from tests.plans.arithmetic.calculator import typed
from tests.tracker import stood
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, period
from tests.tracker.test_item import report
from tracker import objecting, reporting, reviewing, rollup
from tracker.models import Duty, Standing
from tracker.queries.why import item_why
from tracker.queries.why_node import department_why, goal_why, government_why, plan_why

NOW = cast.noon("2022-10-17")
EVERY = ("1-01", "1-02", "1-03", "1-04", "2-01", "2-02")


@pytest.fixture
def city(db: None, settings: Any) -> cast.City:
    """5G: 880 corrected to 900 after the closing, then 1260; cloud, growth and jobless with values; a task with one step done."""
    stood.stage(settings, "2022-10-17")
    desk = Desk()
    city = desk.city
    wrong = report(city, "2022Q2", "880")
    rollup.take(city.government, cast.noon("2022-07-18"), closes=period(city, "2022Q2"))
    later = cast.noon("2022-09-05")
    report(city, "2022Q2", "900", corrects=wrong, reason="原报漏计 20 个", submitted_at=later, endorsed_at=later, accepted_at=later)
    report(city, "2022Q3", "1260")
    for measure, value in (("cloud", "4540"), ("gdp", "7.5"), ("jobless", "5.8"), ("m-2-01", "90")):
        desk.accept(desk.duty(measure), value=value)
    step = city.item("2-02").terms.get().steps.get(name="选址")
    desk.accept(desk.duty("task-2-02"), steps={step.pk: dt.date(2022, 3, 30)})
    rollup.take(city.government, NOW)
    return city


def page(city: cast.City, url: str, login: str = "reporter") -> str:
    answer = client_of(city, login).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("code", EVERY)
def test_the_sum_of_every_kind_gives_what_is_stored(city: cast.City, code: str) -> None:
    found = item_why(city.person("supervisor"), "report-2022", code, NOW)
    assert found
    assert found.sum.agrees
    assert found.standing
    assert found.standing.gap == six(found.sum.lines[-1].result)
    for line in found.sum.lines:
        assert not line.sum or abs(typed(line.sum) - Decimal(line.result.numerator) / line.result.denominator) < Decimal("1e-9")


def test_the_page_gives_rule_version_people_and_the_sum(city: cast.City) -> None:
    html = page(city, "/items/report-2022/1-01/why/")
    assert '<span class="light light--red light--big">滞后</span>' in html
    assert "累计数从起点走向目标" in html
    assert "差距 −12.0：不低于 0 为正常，不低于 −10 为偏慢，再低为滞后" in html
    rows = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", html, re.DOTALL)]
    cells = [[cell for cell in row.split("|") if cell.strip()] for row in rows]
    assert cells[:4] == [
        ["数值", "2022 年 9 月 30 日", "–", "1260"],
        ["完成率", "–", "1260 ÷ 2000", "0.63"],
        ["已过月数", "2022 年 9 月 30 日", "–", "9"],
        ["全程月数", "2022 年 12 月 31 日", "–", "12"],
    ]
    assert cells[-1] == ["差距（百分点）", "–", "(0.63 − 0.75) × 100", "−12"]
    assert '<svg class="band"' in html
    assert "首次发布" in html
    assert "督查甲" in html
    assert "2022 年 10 月 10 日 12:00" in html


def test_names_are_for_whom_reports_are_there_to_read(city: cast.City) -> None:
    html = page(city, "/items/report-2022/1-01/why/", "builder")
    assert "填报说明、经办人与佐证由填报部门和督查室查看。" in html
    assert "督查甲" not in html
    assert "1260 ÷ 2000" in html


def test_a_past_closing_is_explained_as_it_was_reported(city: cast.City) -> None:
    found = item_why(city.person("supervisor"), "report-2022", "1-01", NOW, "2022Q2")
    assert found
    assert found.sum.agrees
    assert found.standing
    assert (str(found.standing.gap), found.standing.light) == ("-6.000000", "yellow")
    html = page(city, "/items/report-2022/1-01/why/?period=2022Q2")
    assert "880 ÷ 2000" in html
    assert "900" not in html
    assert "这个数已于 2022 年 9 月 5 日 12:00 更正" in html


def test_a_sum_that_is_no_more_what_was_stored_says_so(city: cast.City) -> None:
    Standing.objects.filter(item=city.item("1-01"), until_run=None).update(gap=Decimal(-11))
    assert "重算与当时所存不同" in page(city, "/items/report-2022/1-01/why/")


@pytest.mark.parametrize("kind", ["plan", "goal", "department", "government"])
def test_a_node_adds_its_items_up_the_worst_first(city: cast.City, kind: str) -> None:
    person = city.person("leader")
    found = {
        "plan": lambda: plan_why(person, "report-2022", NOW), "goal": lambda: goal_why(person, "report-2022", "goal-001", NOW),
        "department": lambda: department_why(person, "gxj", NOW), "government": lambda: government_why(person, NOW),
    }[kind]()  # fmt: skip
    assert found
    codes = {"plan": 6, "goal": 4, "department": 2, "government": 6}
    assert len(found.members) == codes[kind]
    weighed = [one.weighed for one in found.summed]
    assert weighed == sorted(weighed)
    assert found.gap == found.standing.gap


def test_the_node_page_writes_points_as_shares_and_the_rule_that_held_it_down(city: cast.City) -> None:
    html = page(city, "/plans/report-2022/why/")
    assert '<span class="sub">−0.5 × 10</span>' in html
    assert "滞后的权重" in html
    assert "其余 1 项不欠序时" in html
    assert "÷ 6 = " in html
    assert '<a href="/items/report-2022/1-02/why/" class="light light--red">滞后</a>' in html
    assert '<a href="/items/report-2022/1-01/why/?period=2022Q2" class="light light--yellow">偏慢</a>' in page(city, "/plans/report-2022/why/?period=2022Q2")


@pytest.mark.parametrize(
    "url", ["/items/", "/search/?q=5G", "/plans/report-2022/?open=all", "/departments/gxj/", "/measures/m-1-01/", "/items/report-2022/1-01/"]
)
def test_every_light_of_an_item_is_the_link_to_its_explanation(city: cast.City, url: str) -> None:
    assert '<a href="/items/report-2022/1-01/why/" class="light light--red">滞后</a>' in page(city, url)


def test_lights_of_a_past_closing_lead_to_that_closing(city: cast.City) -> None:
    assert 'href="/items/report-2022/1-01/why/?period=2022Q2"' in page(city, "/items/?as_of_period=2022Q2")
    assert 'href="/items/report-2022/1-01/why/?period=2022Q2"' in page(city, "/items/report-2022/1-01/")
    assert 'href="/departments/gxj/why/?period=2022Q2"' in page(city, "/overview/?period=2022Q2", "supervisor")
    assert 'href="/plans/report-2022/why/goal-001/"' in page(city, "/plans/report-2022/")


def test_a_page_takes_as_many_statements_whatever_is_behind_it(city: cast.City) -> None:
    counted = []
    for url in ("/items/report-2022/1-01/why/", "/items/report-2022/2-02/why/", "/plans/report-2022/why/", "/overview/why/"):
        client = client_of(city, "leader")
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(url)
        counted.append(len(found))
    assert max(counted[:2]) <= 30
    assert counted[2] <= 12
    assert counted[3] <= 12


def test_what_stands_beside_the_light_stands_here_too(city: cast.City) -> None:
    objecting.make(city.item("2-01"), "light", "停工指令", "不应算滞后", by=city.person("builders_head"), at=NOW)
    assert '<span class="tag">异议中</span>' in page(city, "/items/report-2022/2-01/why/")
    assert page(city, "/plans/report-2022/why/").count("异议中") <= 1


def test_the_weaker_states_of_the_same_date_stand_under_the_figure(city: cast.City) -> None:
    maker = city.person("statistician")
    duty = Duty.objects.get(measure__code="jobless", period__number=2)
    for state, value, day in (("estimate", "5.2", "2022-10-12"), ("flash", "5.3", "2022-10-13"), ("verified", "5.4", "2022-10-14")):
        drafted = reporting.save_draft(reporting.draft(duty, maker, cast.noon(day)), {"value": value, "data_state": state}, maker, cast.noon(day), 0)
        reviewing.accept(reporting.submit(drafted, maker, cast.noon(day), drafted.version), city.person("supervisor"), cast.noon(day))
    found = item_why(city.person("supervisor"), "report-2022", "1-04", NOW)
    assert found
    assert [str(one.value) for one in found.states] == []  # the third quarter's figure has one state
    Standing.objects.filter(item=city.item("1-04"), until_run=None).update(report=duty.reports.get(data_state="verified"))
    html = page(city, "/items/report-2022/1-04/why/", "supervisor")
    assert re.findall(r'<span class="sub">(预计 5.2|快报 5.3)，', html) == ["预计 5.2", "快报 5.3"]


def test_the_steps_of_a_task_stand_below_its_sum(city: cast.City) -> None:
    html = page(city, "/items/report-2022/2-02/why/")
    assert "40 + 10 + 50" in html
    assert '<tr><th scope="row">选址</th><td class="num" data-label="权重">40</td><td data-label="应于">2022 年 3 月 31 日</td>' in html
