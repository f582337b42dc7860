"""研判: beside the light on every page, kept whole, and no part of any sum."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry
from tests import cast
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, stage
from tracker import digests, judgements, rollup
from tracker.models import Judgement, Message, Standing
from tracker.turns import NotYours, Refused

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-10-17")
PAGE = "/items/report-2022/2-01/judgement/"


@pytest.fixture
def city(settings) -> cast.City:
    """老旧小区改造 is green: 90 of 94."""
    desk = Desk()
    desk.accept(desk.duty("m-2-01"), value="90")
    rollup.take(desk.city.government, AT)
    stage(settings, "2022-10-17")
    return desk.city


def standings(city: cast.City) -> list[dict]:
    return list(Standing.objects.of(city.government).at(city.government.run).order_by("subject").values("subject", "light", "attainment", "gap", "facts"))


def body(city: cast.City, address: str, login: str = "supervisor") -> str:
    return client_of(city, login).get(address).content.decode().partition("<main")[2]


def test_a_judgement_stands_beside_the_light_wherever_it_is_shown_and_changes_none(city: cast.City) -> None:
    before, client = standings(city), client_of(city, "supervisor")
    pages = ("/items/", "/overview/", "/plans/report-2022/?open=all", "/departments/zjj/", "/items/report-2022/2-01/", "/search/?q=老旧")
    assert [page for page in pages if 'class="judged"' in body(city, page)] == []
    assert client.post(PAGE, {"grade": "doubtful", "reason": "开工不等于完工", "key": "a1"}).status_code == 302
    assert client.post(PAGE, {"grade": "doubtful", "reason": "开工不等于完工", "key": "a1"}).status_code == 302  # sent twice
    assert Judgement.objects.count() == 1
    assert [page for page in pages if '<span class="judged">研判存疑</span>' not in body(city, page)] == []
    assert '<span class="light light--green">正常</span>' in body(city, "/items/report-2022/2-01/")
    assert 'id="melons"' in body(city, "/overview/")
    listed = client.get("/items/?mark=watermelon").context["table"].raw_rows()
    assert [row["row"].code for row in listed] == ["2-01"]
    assert client.get("/items/?mark=doubted").context["total"] == 1
    rollup.take(city.government, AT + dt.timedelta(hours=1))
    again = standings(city)
    assert [{k: v for k, v in row.items() if k != "facts"} for row in again] == [{k: v for k, v in row.items() if k != "facts"} for row in before]
    record = AuditEntry.objects.get(verb="item.judged")
    assert '"after":{"grade":"doubtful"}' in record.body


def test_the_latest_counts_on_its_day_and_all_are_kept(city: cast.City) -> None:
    item, by = city.item("2-01"), city.person("supervisor")
    judgements.judge(item, "hopeless", "停工", by, cast.noon("2022-10-10"))
    judgements.judge(item, "sure", "三方签字补齐", city.person("supervisor2"), AT)
    assert "研判很有把握" in body(city, "/items/")
    assert "研判无法完成" not in body(city, "/items/")
    assert 'id="melons"' not in body(city, "/overview/")
    html = body(city, PAGE)
    assert html.index("三方签字补齐") < html.index("停工")
    assert "停工" in body(city, PAGE, "builders_head")
    assert "停工" not in body(city, PAGE, "reporter")  # another department reads the grade alone
    assert "无法完成" in body(city, PAGE, "reporter")


def test_only_a_supervisor_judges_and_says_why(city: cast.City) -> None:
    item = city.item("2-01")
    for login in ("reporter", "reviewer", "builders_head", "leader", "administrator", "auditor"):
        with pytest.raises(NotYours):
            judgements.judge(item, "sure", "好", city.person(login), AT)
    for grade, reason, field in (("", "好", "grade"), ("splendid", "好", "grade"), ("sure", " ", "reason")):
        with pytest.raises(Refused) as refused:
            judgements.judge(item, grade, reason, city.person("supervisor"), AT)
        assert [p.field for p in refused.value.problems] == [field]
    answer = client_of(city, "supervisor").post(PAGE, {"grade": "doubtful", "reason": ""})
    assert (answer.status_code, 'id="id_reason-error"' in answer.content.decode(), Judgement.objects.count()) == (422, True, 0)
    judgements.judge(item, "doubtful", "缺签字", city.person("supervisor"), AT)
    with pytest.raises(Refused):
        judgements.judge(item, "doubtful", "缺签字", city.person("supervisor2"), AT)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_database_keeps_every_judgement(city: cast.City, change: str) -> None:
    made = Judgement.objects.filter(pk=judgements.judge(city.item("2-01"), "doubtful", "缺签字", city.person("supervisor"), AT).pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.update(grade="sure") if change == "update" else made.delete()


def test_the_digest_names_what_is_green_and_doubted(city: cast.City) -> None:
    judgements.judge(city.item("2-01"), "doubtful", "缺签字", city.person("supervisor"), cast.noon("2022-10-16"))
    judgements.judge(city.item("2-02"), "unlikely", "用地未批", city.person("supervisor"), cast.noon("2022-10-16"))
    digests.compose(city.government, AT)
    text = Message.objects.get(recipient=city.user("leader"), kind="digest").text
    assert "1 项亮灯正常而研判存疑：老旧小区改造。" in text
    assert "研判很难完成" in text  # beside what lags, in its own line


@pytest.mark.parametrize("n", [1, 3])
def test_judgements_take_a_fixed_number_of_statements(city: cast.City, n: int) -> None:
    for k in range(n):
        judgements.judge(city.item("2-01"), "doubtful", f"理由{k}", city.person("supervisor"), AT)
    client = client_of(city, "builders_head")
    client.get(PAGE)
    cache.clear()
    with CaptureQueriesContext(connection) as statements:
        assert len(client.get(PAGE).context["history"]) == n
    assert len(statements) == 13
