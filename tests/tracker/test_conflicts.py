"""Conflicts: both sources side by side, for those who decide; to be read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Conflict, Plan, Target
from tests import cast
from tests.tracker import stood
from tests.tracker.stood import client_of

STATEMENTS = 7  # the person 2, the head, plans, counts, count, rows


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
