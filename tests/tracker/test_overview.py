"""The overview: its finding first, every number the list behind it, each to his rights, made once and answered 304."""

import datetime as dt
import html
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people import deeds, locks
from people.models import Department, Role, User
from people.workdays import seed_workdays
from plans.importing import load_plan
from plans.models import Step
from tests import cast
from tests.tracker import stood
from tests.tracker.answers import answer
from tests.tracker.stood import client_of, node, period, roll, stand
from tracker import rollup
from tracker.models import Alert

STATEMENTS = 19  # with nothing kept, not even a board
WARM = 5
NUMBER = re.compile(r'<a[^>]*?href="(/items/\?[^"]*)"[^>]*>(?:<[^>]*>)*([^<]*?)(?:<[^>]*>)*</a>')


@pytest.fixture
def city(db: None) -> cast.City:
    """Two items were red at the last closing; today one of them still is, two turned red, one of these is not reported; a step is late."""
    city = cast.city()
    roll(city, "2022-04-18", closes=period(city, "2022Q1"))
    stand(city, "2-01", "red", "-20", attainment="0.05", expected="0.25")
    stand(city, "1-01", "green", "1")
    roll(city, "2022-07-18", closes=period(city, "2022Q2"))
    stand(city, "1-02", "red", "-11")
    stand(city, "1-03", "yellow", "-0.4", gap_in="points")
    roll(city, "2022-10-17")
    stand(city, "1-01", "red", "-12", attainment="0.63", expected="0.75", overdue=5, marks=["逾期未报"])
    stand(city, "1-02", "green", "3")
    stand(city, "1-03", "red", "-1.4", gap_in="points", facts={"value": "6.6"})
    steps = [{"name": "选址", "due": "2022-03-31", "weight": "40", "done": "2022-03-01"}, {"name": "用地", "due": "2022-08-31", "weight": "10", "done": None}]
    stand(city, "2-02", "yellow", "-10", overdue=47, facts={"value": None, "cut_off": None, "steps": steps})
    node(city, f"department:{city.departments['gxj'].pk}", "yellow", "-6", items=2, red=1, green=1)
    node(city, f"government:{city.government.pk}", "yellow", "-5.5", items=6, red=3)
    return city


def page(city: cast.City, login: str = "supervisor", query: str = "") -> str:
    response = client_of(city, login).get(f"/overview/{query}")
    assert response.status_code == 200
    return response.content.decode()


def text(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", html.unescape(markup))


def section(markup: str, name: str) -> str:
    return text(markup.partition(f'id="{name}"')[2].partition("</section>")[0])


def test_it_opens_with_its_finding(city: cast.City) -> None:
    assert "3 项滞后，比2022年二季度多 1 项；2 项逾期，其中 1 项未报。" in text(page(city))


def test_where_nothing_lags_it_says_what_was_checked(city: cast.City) -> None:
    roll(city, "2022-10-18")
    for code in ("1-01", "1-03", "2-01"):
        stand(city, code, "green", "1")
    stand(city, "2-02", "green", "1")
    assert "没有滞后事项，已核对 6 项。" in text(page(city))


def test_before_the_first_roll_up_it_says_so(db: None) -> None:
    assert "还没有汇总" in page(cast.city())


@pytest.mark.parametrize("login", ["supervisor", "leader", "auditor", "reporter"])
@pytest.mark.parametrize("query", ["", "?scope=all", "?reading=closing", "?period=2022Q1&reading=closing", "?period=2022Q1&reading=today"])
def test_every_number_opens_a_list_of_as_many_rows(city: cast.City, login: str, query: str) -> None:
    client, seen = client_of(city, login), []
    for href, words in NUMBER.findall(page(city, login, query)):
        n = re.search(r"\d+", words)
        if n is not None and "export" not in href:
            seen.append(int(n.group()))
            cache.clear()  # a body that is kept has no context
            assert client.get(html.unescape(href)).context["total"] == int(n.group()), (href, words)
    assert len(seen) > 12


def test_numbers_and_lists_agree_after_a_real_roll_up(db: None) -> None:
    seed_workdays([2021, 2022, 2023])
    city = cast.city()
    for code, first, second in (("1-01", "500", "700"), ("2-01", "5", "10"), ("1-04", "5.2", "5.9")):
        answer(city, code, "2022Q1", first)
        answer(city, code, "2022Q2", second)
    rollup.close(city.government, period(city, "2022Q2"), cast.noon("2022-07-18"), cast.noon("2022-10-17"))
    client, found = client_of(city, "supervisor"), 0
    for href, words in NUMBER.findall(client.get("/overview/").content.decode()):
        n = re.search(r"\d+", words)
        if n is not None and "export" not in href:
            found += 1
            cache.clear()  # a body that is kept has no context
            assert client.get(html.unescape(href)).context["total"] == int(n.group()), (href, words)
    assert found > 20


def test_what_turned_red_stands_apart_from_what_stayed_red(city: cast.City) -> None:
    markup = page(city)
    assert [("新增5G基站" in section(markup, name), "老旧小区改造" in section(markup, name)) for name in ("turned", "stayed")] == [(True, False), (False, True)]
    assert "2022年一季度起" in section(markup, "stayed")
    assert "生产总值增长" in section(markup, "turned")


def test_what_is_late_says_what_stands_in_for_it(city: cast.City) -> None:
    late = section(page(city), "overdue")
    assert "未报，按 9 月 30 日 的值延用" in late
    assert "“用地”应于 8 月 31 日 完成" in late
    assert late.index("第六污水处理厂") < late.index("5G基站")  # the longest first


def test_departments_stand_in_official_order_with_the_whole_below(city: cast.City) -> None:
    markup = page(city).partition('id="departments"')[2].partition("</table>")[0]
    assert re.findall(r'/departments/(\w+)/"', markup) == ["gxj", "tjj", "zjj"]
    assert text(markup.rpartition("<tr")[2]).endswith("全市63121–––−5.594%")


def test_the_gaps_of_nodes_are_never_positive(city: cast.City) -> None:
    markup = page(city)
    assert "+" not in section(markup, "departments") + section(markup, "plans")


def test_a_leader_sees_his_portfolio_first_and_the_city_one_tap_away(city: cast.City) -> None:
    own = page(city, "leader")
    assert "2 项滞后" in text(own)
    assert "生产总值增长" not in own
    assert "?scope=all" in own
    assert "生产总值增长" in page(city, "leader", "?scope=all")
    assert "?scope=all" not in page(city, "supervisor")


def test_an_item_of_ones_own_stands_in_the_portfolio(city: cast.City) -> None:
    gdp = city.item("1-03").terms.get()
    locks.lift()  # published terms are locked
    gdp.leader = city.user("leader")
    gdp.save(update_fields=["leader"])
    locks.lay()
    assert "3 项滞后" in text(page(city, "leader"))


def test_any_closing_can_be_read_as_it_was(city: cast.City) -> None:
    assert "2 项滞后，比一季度多 1 项" in text(page(city, query="?period=2022Q2&reading=closing"))
    assert "1 项滞后。" in text(page(city, query="?period=2022Q1&reading=closing"))
    assert client_of(city, "supervisor").get("/overview/?period=2031Q1").status_code == 404


def test_a_period_as_of_today_is_today_against_its_closing(city: cast.City) -> None:
    assert "3 项滞后，比2022年一季度多 2 项" in text(page(city, query="?period=2022Q1&reading=today"))


def alert(city: cast.City, rule: str, code: str, since: str = "2022-08-01", rung: int = 3, **given: object) -> Alert:
    item = city.item(code)
    columns = {"government": city.government, "department": item.terms.get().lead, "opened_at": cast.noon(since), **given}
    return Alert.objects.create(rule=rule, subject=f"item:{item.pk}", item=item, since=dt.date.fromisoformat(since), rung=rung, **columns)


def test_what_waits_for_a_decision_is_what_has_reached_the_leader_or_contradicts(city: cast.City) -> None:
    alert(city, "will_miss", "1-01", "2022-08-05")
    alert(city, "stalled", "1-01", "2022-09-01")
    alert(city, "lagging", "2-01")
    alert(city, "will_miss", "2-01", rung=1)
    alert(city, "conflict", "1-02", "2022-09-05", rung=2, facts={"kind": "hard"})
    alert(city, "conflict", "1-04", rung=2, facts={"kind": "soft"})
    alert(city, "step_overdue", "2-02", note="已约谈")
    shown = section(page(city), "decisions")
    assert "需要决定2" in shown
    assert shown.index("新增5G基站") < shown.index("新增上云企业")
    assert "第六污水处理厂" not in shown
    assert 'id="decisions"' not in page(city, "statistician")
    assert 'id="decisions"' not in page(city, query="?period=2022Q2&reading=closing")


def test_more_than_six_decisions_are_one_tap_away_as_many_as_it_says(city: cast.City) -> None:
    for code in ("1-01", "1-02", "1-03", "1-04", "2-01", "2-02"):
        alert(city, "stalled", code)
    assert "waits=1" not in page(city)
    extra = cast.item("9-09", "新增公园", lead="市住房和城乡建设局", measure={"code": "parks"})
    other = load_plan(city.government, cast.body([extra], code="second-2022"))
    item = other.items.get()
    columns = {"government": city.government, "department": city.departments["zjj"], "opened_at": cast.noon("2022-08-01"), "since": dt.date(2022, 8, 1)}
    Alert.objects.create(rule="stalled", subject=f"item:{item.pk}", item=item, rung=3, **columns)
    assert "看全部 7 件" in text(page(city))
    assert client_of(city, "supervisor").get("/alerts/?waits=1").context["total"] == 7
    assert "需要决定5" in section(page(city, "leader"), "decisions")
    assert client_of(city, "leader").get("/alerts/?waits=1&portfolio=1").context["total"] == 5


def test_a_step_is_named_in_the_language_of_the_page(city: cast.City) -> None:
    locks.lift()  # published terms are locked
    Step.objects.filter(name="用地").update(name_en="Land")
    locks.lay()
    client = client_of(city, "supervisor")
    client.cookies["language"] = "en"
    assert "Land" in section(client.get("/overview/").content.decode(), "overdue")


def test_problems_and_missing_reports_of_others_stay_with_those_who_read_all(city: cast.City) -> None:
    report = answer(city, "2-01", "2022Q2", "10", state="submitted")
    type(report).objects.filter(pk=report.pk).update(problem="征收补偿方案未批")
    stand(city, "2-01", "red", "-30", report=report, overdue=3)
    told = {
        login: "征收补偿方案未批" in page(city, login, "?scope=all") for login in ("supervisor", "leader", "auditor", "reporter", "statistician", "builder")
    }
    assert told == {"supervisor": True, "leader": True, "auditor": True, "reporter": False, "statistician": False, "builder": True}
    late = {login: section(page(city, login, "?scope=all"), "overdue") for login in ("auditor", "reporter", "statistician")}
    assert [login for login, words in late.items() if "老旧小区改造" in words] == ["auditor"]
    assert "新增5G基站" in late["reporter"]
    assert "没有逾期的事项" in late["statistician"]


def test_another_government_shows_nothing_of_this_one(city: cast.City) -> None:
    stranger = cast.stranger_city()
    Department.objects.filter(pk=stranger.departments["gxj"].pk).update(name="金丝雀局")
    roll(stranger, "2022-10-17")
    stand(stranger, "1-01", "red", "-77", attainment="0.1", expected="0.87")
    alert(stranger, "will_miss", "1-01")
    for login in ("supervisor", "leader", "auditor", "reporter", "administrator"):
        markup = page(city, login, "?scope=all")
        assert "金丝雀局" not in markup
        assert "77.0" not in markup
    assert "77.0" in page(stranger, "supervisor")


def test_unpublished_items_are_nowhere(city: cast.City) -> None:
    stood.draft(city)
    stand_in = page(city)
    assert "秘密" not in stand_in


def test_it_takes_the_same_statements_however_many_items_and_departments(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    taken = []
    for turned in (("1-01",), ("1-01", "1-02", "1-04")):
        roll(city, "2022-10-18")
        for code in turned:
            stand(city, code, "red", "-15", attainment="0.5", expected="0.7", overdue=2)
        cache.clear()
        client.force_login(city.user("supervisor"), backend="people.signing_in.LoginBackend")
        with CaptureQueriesContext(connection) as statements:
            client.get("/overview/")
        taken.append(len(statements))
    assert taken == [STATEMENTS, STATEMENTS]


def test_a_body_is_made_once_for_all_of_the_same_rights(city: cast.City) -> None:
    page(city, "supervisor")
    client = client_of(city, "supervisor2")
    with CaptureQueriesContext(connection) as statements:
        assert "3 项滞后" in text(client.get("/overview/").content.decode())
    assert len(statements) == WARM
    assert "督查甲" not in client.get("/overview/").content.decode()


def test_two_leaders_do_not_share_a_body(city: cast.City) -> None:
    other = deeds.enrol(city.government, city.departments["zfb"], login="leader2", name="副市长乙", roles=(Role.LEADER,), from_on=cast.FROM)
    deeds.put_in_charge(other, [city.departments["tjj"]], cast.FROM)
    city.people["leader2"] = User.objects.get(pk=other.pk)
    assert "新增5G基站" in page(city, "leader")
    assert "新增5G基站" not in page(city, "leader2")
    assert "生产总值增长" in page(city, "leader2")


def test_what_is_known_is_answered_304_until_something_changes(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    first = client.get("/overview/")
    assert first["Cache-Control"] == "private, no-cache"
    etag = first["ETag"]

    def again(client: Client) -> int:
        return client.get("/overview/", headers={"if-none-match": etag}).status_code

    assert again(client) == 304
    assert again(client_of(city, "supervisor2")) == 200
    client.cookies["language"] = "en"
    assert again(client) == 200
    client.cookies["language"] = "zh-hans"
    assert again(client) == 304
    city.government.refresh_from_db()
    roll(city, "2022-10-18")
    assert again(client) == 200


def test_a_note_on_an_alert_changes_the_page_at_once(city: cast.City) -> None:
    one = alert(city, "will_miss", "1-01")
    client = client_of(city, "supervisor")
    etag = client.get("/overview/")["ETag"]
    Alert.objects.filter(pk=one.pk).update(note="已调度")
    again = client.get("/overview/", headers={"if-none-match": etag})
    assert again.status_code == 200
    assert 'id="decisions"' not in again.content.decode()
