"""Conflicts: both sources side by side, for those who decide, and what they decide."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.conflicts import deeds
from plans.models import Conflict, Plan, Target
from tests import cast
from tests.tracker import stood
from tests.tracker.stood import client_of
from tracker import conflict_words

STATEMENTS = 8  # the person 2, the head 2, plans, counts, count, rows


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    clash(city, "1-01", "1-02", Conflict.Kind.SOFT)
    clash(city, "1-03", "1-04", Conflict.Kind.HARD, why="正文与表不一")
    return city


def clash(city: cast.City, first: str, second: str, kind: str, **given: object) -> Conflict:
    a, b = sorted(Target.objects.filter(terms__item__in=[city.item(first), city.item(second)]), key=lambda target: target.pk)
    return Conflict.objects.create(government=city.government, target_a=a, target_b=b, kind=kind, **{"why": "两处不一", "why_en": "They differ", **given})


def test_both_sources_stand_side_by_side_what_contradicts_first(city: cast.City) -> None:
    html = client_of(city, "supervisor").get("/conflicts/").content.decode()
    body = html.partition("<tbody>")[2]
    assert body.index("生产总值增长") < body.index("调查失业率") < body.index("正文与表不一") < body.index("新增5G基站")
    assert "8%左右" in body
    assert "2022 年 12 月 31 日 前" in body
    assert "一（一）" in body


def test_why_is_told_in_the_language_of_the_page(city: cast.City) -> None:
    client = client_of(city, "leader")
    client.cookies["language"] = "en"
    assert "They differ" in client.get("/conflicts/").content.decode()


def test_what_was_decided_names_what_counts_and_by_whom(city: cast.City) -> None:
    one = Conflict.objects.get(kind="soft")
    Conflict.objects.filter(pk=one.pk).update(state="resolved", counts=one.target_a, by=city.user("supervisor"))
    html = client_of(city, "auditor").get("/conflicts/?state=resolved").content.decode()
    assert html.count("以此为准") == 1
    assert "督查甲" in html


def test_a_supervisor_decides_on_the_page_and_all_who_read_it_see_why(city: cast.City) -> None:
    one = Conflict.objects.get(kind="hard")
    address, client = f"/conflicts/{one.pk}/", client_of(city, "supervisor")
    page = client.get(address)
    assert [(side.target, side.locator) for side in page.context["sides"]] == [("8%左右", "一（一）"), ("不超过 5.5%", "一（一）")]
    wrong = client.post(address, {"state": "resolved", "kind": "hard", "reason": "", "version": 0, "key": "k1"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["counts", "reason"])
    said = {"state": "resolved", "kind": "definition", "counts": one.target_a_id, "reason": "以统计口径为准", "version": 0}
    assert client.post(address, {**said, "key": "k1"}).status_code == 302
    assert client.post(address, {**said, "key": "k1"}).status_code == 302  # sent twice
    late = client.post(address, {**said, "reason": "另一个理由", "key": "k2"})
    assert (late.status_code, "以统计口径为准" in late.content.decode(), "另一个理由" in late.content.decode()) == (409, True, True)
    html = client_of(city, "leader").get(address).content.decode()
    assert ("以统计口径为准" in html, "督查甲" in html, '<form method="post" novalidate' in html) == (True, True, False)
    assert client_of(city, "auditor").get("/conflicts/?state=resolved").context["total"] == 1
    assert client_of(city, "auditor").post(address, said).status_code == 404


def test_what_a_rule_found_is_said_with_its_figures(city: cast.City) -> None:
    one = Conflict.objects.get(kind="hard")
    result = {"measure": "m", "name": "生产总值增长", "value": "7.2", "unit": "%", "on": "2021-12-31", "locator": "一（一）"}
    target = one.target_a
    base = Conflict.objects.create(
        government=city.government, target_a=target, result=result, rule="base", kind="soft", facts={"a": "7", "b": "7.2", "unit": "%"}
    )
    assert conflict_words.why(base) == "约定的基数为 7%，文中同一日期的数为 7.2%。"
    for rule, facts, words in (
        ("twice", {"a": "", "b": "2022-12-31"}, "同一件事列了两次，一处为 未写数量，一处为 2022 年 12 月 31 日。"),
        ("parts", {"a": "1200", "b": "1146", "n": "2", "unit": "个"}, "总数为 1200 个，2 项分项合计为 1146 个。"),
        ("shares", {"b": "110", "n": "2", "unit": "%"}, "同一总体的 2 项占比合计为 110%，超过100%。"),
    ):
        assert conflict_words.why(Conflict(rule=rule, facts=facts)) == words
    assert "2021 年 12 月 31 日 的数" in client_of(city, "leader").get("/conflicts/").content.decode()


def test_a_page_takes_the_same_statements_with_one_decision_and_with_three(city: cast.City) -> None:
    one, client, taken = Conflict.objects.get(kind="hard"), client_of(city, "leader"), []
    for state, version in (("dismissed", 0), ("open", 1), ("dismissed", 2)):
        one.refresh_from_db()
        deeds.decide(one, state, "hard", None, "为何", city.person("supervisor"), cast.noon("2022-10-17"), version)
        client.get(f"/conflicts/{one.pk}/")
        with CaptureQueriesContext(connection) as statements:
            client.get(f"/conflicts/{one.pk}/")
        taken.append(len(statements))
    assert taken == [6, 6, 6]


def test_others_do_not_enter(city: cast.City) -> None:
    assert {login: client_of(city, login).get("/conflicts/").status_code for login in ("reporter", "reviewer", "administrator", "steward")} == dict.fromkeys(
        ("reporter", "reviewer", "administrator", "steward"), 404
    )


def test_a_draft_shows_through_a_conflict_to_nobody_who_may_not_read_it(city: cast.City) -> None:
    plan = Plan.objects.get(code=stood.draft(city))
    a, b = sorted([Target.objects.get(terms__item__plan=plan), Target.objects.get(terms__item=city.item("2-01"))], key=lambda target: target.pk)
    Conflict.objects.create(government=city.government, target_a=a, target_b=b, kind="hard", why="秘密", why_en="Secret")
    assert ["秘密" in client_of(city, login).get("/conflicts/").content.decode() for login in ("supervisor", "auditor", "leader")] == [True, True, False]


def test_another_governments_conflicts_are_not_there(city: cast.City) -> None:
    stranger = cast.stranger_city()
    clash(stranger, "1-01", "1-02", "hard", why="金丝雀")
    assert "金丝雀" not in client_of(city, "supervisor").get("/conflicts/").content.decode()
    assert "金丝雀" in client_of(stranger, "supervisor").get("/conflicts/").content.decode()


def test_the_list_takes_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    clash(city, "2-01", "2-02", "definition")
    client = client_of(city, "supervisor")
    client.get("/conflicts/")
    taken = []
    for query, n in (("?kind=hard", 1), ("", 3)):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(f"/conflicts/{query}").context["total"] == n
        taken.append(len(statements))
    assert taken == [STATEMENTS, STATEMENTS]
