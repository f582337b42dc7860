"""A plan as a tree: its goals in order with how they stand, and their items."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Goal, PastResult
from tests import cast
from tests.tracker import stood
from tests.tracker.stood import client_of, node, roll, stand


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    roll(city)
    node(city, f"plan:{city.plan.pk}", "red", "-12.5", items=6, red=1, yellow=1, green=4, overdue=1, attainment="0.5", expected="0.6")
    node(city, f"goal:{Goal.objects.get(plan=city.plan, path='001/').pk}", "yellow", "-4", items=4, red=1, green=3)
    stand(city, "1-01", "red", "-12")
    return city


def test_the_goals_are_a_tree_with_their_items_in_the_documents_order(city: cast.City) -> None:
    page = client_of(city, "reporter").get("/plans/report-2022/").context["page"]
    assert [(g.title, g.anchor, g.total, [c.title for c in g.children]) for g in page.goals] == [
        ("一、工业", "goal-001", 4, ["（一）企业"]),
        ("二、城乡", "goal-002", 2, []),
    ]
    assert [row.code for row in page.goals[0].children[0].items] == ["1-01", "1-02", "1-03", "1-04"]
    assert [row.target for row in page.goals[0].children[0].items] == ["2000 个", "1500 家", "8%左右", "不超过 5.5%"]


def test_a_goal_shows_its_counts_gap_and_light_and_links_to_its_lists(city: cast.City) -> None:
    html = client_of(city, "reporter").get("/plans/report-2022/").content.decode()
    assert '<div class="goal goal--1"><details id="goal-001" open><summary>一、工业</summary>' in html
    assert '<a href="/items/?plan=report-2022&amp;goal=001/&amp;light=red"><span class="light light--red">滞后 1</span></a>' in html
    assert '<div class="goal goal--2"><details id="goal-001-001"><summary>' in html
    assert '<details id="goal-001-001" open>' in client_of(city, "reporter").get("/plans/report-2022/?open=all").content.decode()


def test_the_page_opens_with_its_finding(city: cast.City) -> None:
    html = client_of(city, "reporter").get("/plans/report-2022/").content.decode()
    assert '<a href="/items/?plan=report-2022&amp;light=red">1 项滞后</a>，<a href="/items/?plan=report-2022&amp;light=yellow">1 项偏慢</a>；' in html
    assert "完成率 50.0%，序时进度 60.0%" in html


def test_a_target_below_the_last_result_is_listed(city: cast.City) -> None:
    measure = city.item("1-01").measure
    PastResult.objects.create(government=city.government, measure=measure, on="2021-12-31", value="2600", locator="一（二）")
    PastResult.objects.create(government=city.government, measure=city.measure("gdp"), on="2021-12-31", value="7", locator="一（二）")
    weak = client_of(city, "reporter").get("/plans/report-2022/").context["page"].weak
    assert [(w.row.code, w.past) for w in weak] == [("1-01", "2600 个")]


def test_a_draft_is_hidden_from_those_who_do_not_make_it(city: cast.City) -> None:
    code = stood.draft(city)
    stranger = cast.stranger_city()
    for login, status in (("reporter", 404), ("leader", 404), ("administrator", 404), ("supervisor", 200), ("auditor", 200)):
        assert client_of(city, login).get(f"/plans/{code}/").status_code == status
    assert client_of(stranger, "supervisor").get(f"/plans/{code}/").status_code == 404
    assert client_of(city, "supervisor").get("/plans/nothing/").status_code == 404


def test_a_plan_takes_the_same_statements_however_many_goals_and_items(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    taken = []
    for n, code in ((1, "p-1"), (3, "p-3")):
        from plans.importing import load_plan

        load_plan(
            city.government, cast.body([cast.item(f"7-{i}", f"事项{i}", goal=[f"目标{i}"], measure={"code": f"{code}-{i}"}) for i in range(n)], code=code)
        )
        client.get(f"/plans/{code}/")
        with CaptureQueriesContext(connection) as statements:
            assert client.get(f"/plans/{code}/").context["page"].total == n
        taken.append(len(statements))
    assert taken == [12, 12]
