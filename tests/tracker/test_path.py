"""The page of a path: typed, drawn, drafted, endorsed, approved; and the word that an unapproved path carries everywhere."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans import amending
from plans.models import Amendment, Terms
from tests import cast
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, stage
from tracker import rollup

pytestmark = pytest.mark.django_db
PATH = "/items/report-2022/1-01/path/"


@pytest.fixture
def city(settings) -> cast.City:
    desk = Desk()
    desk.accept(desk.duty("m-1-01"), value="1300")
    rollup.take(desk.city.government, cast.noon("2022-10-17"))
    stage(settings, "2022-10-17")
    return desk.city


def typed(**given: str) -> dict[str, str]:
    words = {
        "reason": "按施工季节",
        "basis": "工信局函",
        "from_on": "2022-10-17",
        "version": "0",
        "key": "k",
        "do": "save",
        "profile": "shares",
        "shares": "10/30/60/100",
    }
    return {**words, **given}


def test_a_path_goes_from_reporter_to_reviewer_to_supervisor_and_the_word_goes(city: cast.City) -> None:
    reporter, reviewer, supervisor = (client_of(city, login) for login in ("reporter", "reviewer", "supervisor"))
    assert "按推算" in reporter.get("/items/?plan=report-2022").content.decode()
    assert reporter.post(PATH, typed()).status_code == 302
    path = Amendment.objects.get(number=1)
    assert (path.state, Terms.objects.get(amendment=path).shares) == ("drafted", "10/30/60/100")
    assert "拟稿" in reviewer.get(PATH).content.decode()
    assert supervisor.get(PATH).context["one"] is None
    assert reporter.post(PATH, {"do": "endorse", "version": "0"}).status_code == 422
    assert reviewer.post(PATH, {"do": "endorse", "version": "0"}).status_code == 302
    assert supervisor.post(f"/amendments/{path.pk}/", {"do": "publish", "version": "1"}).status_code == 302
    rollup.take(city.government, cast.noon("2022-10-17") + dt.timedelta(hours=1))
    assert "经过批准" in reporter.get(PATH).content.decode()
    assert "按推算" not in reporter.get("/items/report-2022/1-01/").content.decode().partition("<main")[2].partition("一数多诺")[0]


def test_it_is_drawn_as_it_is_typed_and_nothing_is_written(city: cast.City) -> None:
    client = client_of(city, "reporter")
    table = client.get(PATH, {"profile": "shares", "shares": "10/30/60/100"}).context["table"]
    assert [(day.isoformat(), now, then) for day, now, then in table] == [
        ("2022-03-31", "500", "200"), ("2022-06-30", "1000", "600"), ("2022-09-30", "1500", "1200"), ("2022-12-31", "2000", "2000"),
    ]  # fmt: skip
    steps = client.get(PATH, {"profile": "steps", "day-0": "2022-08-31", "value-0": "900"})
    assert [then for _day, _now, then in steps.context["table"]] == ["0", "0", "900", "900", "2000"]
    assert "<polyline" in steps.content.decode()
    assert client.get(PATH, {"profile": "shares", "shares": "x"}).context["typed"].wrong.keys() == {"shares"}
    assert not Amendment.objects.filter(number=1).exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"shares": "10/20"}, "shares"),
        ({"profile": "steps"}, "interim"),
        ({"profile": "linear", "day-0": "2022-09-30", "value-0": ""}, "interim"),
        ({"profile": "linear", "day-0": "2023-09-30", "value-0": "5"}, "interim"),
        ({"from_on": "2022-10-01"}, "from_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(city: cast.City, given: dict[str, str], field: str) -> None:
    answer = client_of(city, "reporter").post(PATH, typed(**given))
    assert (answer.status_code, list(answer.context["typed"].wrong)) == (422, [field])
    assert f'id="{field}-error"' in answer.content.decode()
    assert not Amendment.objects.filter(number=1).exists()


def test_a_supervisor_proposes_one_that_another_approves(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    assert client.post(PATH, typed()).status_code == 302
    made = Amendment.objects.get(number=1)
    assert (made.state, made.department) == ("proposed", None)


def test_others_read_and_write_nothing(city: cast.City) -> None:
    client = client_of(city, "builder")
    assert (client.get(PATH).status_code, client.get(PATH).context["writes"], client.post(PATH, typed()).status_code) == (200, False, 404)


def test_the_pages_take_the_same_statements_with_one_row_and_with_three(city: cast.City) -> None:
    client, taken = client_of(city, "supervisor"), {}
    listed = "/plans/report-2022/paths/"
    for codes in ((), ("1-02", "2-01")):
        if codes:
            change = {code: amending.Change(terms={"profile": "shares", "shares": "50/100"}) for code in codes}
            words = {"reason": "r", "basis": "b", "from_on": dt.date(2022, 10, 17)}
            amendment = amending.propose(city.plan, city.person("supervisor"), cast.noon("2022-10-17"), changes=change, **words)  # type: ignore[arg-type]
            amending.publish(amendment, city.person("supervisor2"), cast.noon("2022-10-17"))
            rollup.take(city.government, cast.noon("2022-10-17"))
        with CaptureQueriesContext(connection) as statements:
            page = client.get(listed)
        taken[page.context["total"]] = len(statements)
    assert (len(taken), len(set(taken.values()))) == (2, 1), taken
