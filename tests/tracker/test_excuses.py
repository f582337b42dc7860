"""正当理由: a reason, a basis, a last day and a second person; alerts stay open and rise no further until then, and no light changes."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry
from people.workdays import seed_workdays
from tests import cast
from tests.tracker.stand import owe, roll, shown, sweep
from tests.tracker.stood import client_of, stage
from tracker import excuses
from tracker.models import Alert, Excuse, Standing
from tracker.turns import NotYours, Refused

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-10-17")
PAGE = "/items/report-2022/1-01/excuse/"
UNTIL = dt.date(2022, 11, 30)


@pytest.fixture
def city(settings: Any) -> cast.City:
    """A base station item is red since 10 October, and its figure is owed."""
    seed_workdays([2022])
    city = cast.city()
    roll(city, {"1-01": "red"}, "2022-10-10")
    owe(city, "m-1-01", "2022-10-12")
    sweep(city, "2022-10-13")
    stage(settings, "2022-10-17")
    return city


def proposed(city: cast.City, until: dt.date | None = UNTIL, login: str = "reviewer", **given: str) -> Excuse:
    return excuses.propose(city.item("1-01"), given.get("reason", "停工令"), given.get("basis", "防指〔2022〕9号"), until, city.person(login), AT)


def rungs() -> list[tuple[str, int]]:
    return sorted(shown("rule", "rung"))


def test_while_an_excuse_holds_alerts_stay_open_and_rise_no_further(city: cast.City) -> None:
    lights = list(Standing.objects.values())
    begun = rungs()
    assert [rule for rule, _rung in begun] == ["lagging", "overdue"]
    reviewer, second = client_of(city, "reviewer"), client_of(city, "supervisor")
    given = {"do": "propose", "reason": "停工令", "basis": "防指〔2022〕9号", "until_on": "2022-11-30", "key": "a"}
    answer = reviewer.post(PAGE, {**given, "until_on": "2022-10-16"})
    assert (answer.status_code, list(answer.context["form"].errors), "停工令" in answer.content.decode()) == (422, ["until_on"], True)
    assert reviewer.post(PAGE, given).status_code == 302
    one = Excuse.objects.get()
    assert second.post(PAGE, {"do": "confirm", "excuse": one.pk}).status_code == 302
    sweep(city, "2022-11-30")  # its last day
    assert rungs() == begun
    assert Alert.objects.open().count() == 2
    sweep(city, "2022-12-01")
    assert [rung for _rule, rung in rungs()] == [3, 3]
    assert list(Standing.objects.values()) == lights
    assert "停工令" in client_of(city, "leader").get("/items/report-2022/1-01/").content.decode()
    assert "停工令" not in client_of(city, "builder").get("/items/report-2022/1-01/").content.decode()
    assert list(AuditEntry.objects.filter(verb__startswith="excuse").order_by("position").values_list("verb", flat=True)) == [
        "excuse.proposed",
        "excuse.confirmed",
    ]


def test_an_excuse_that_is_only_proposed_or_refused_silences_nothing(city: cast.City) -> None:
    excuses.refuse(proposed(city), "不在指令范围", city.person("supervisor"), AT)
    proposed(city)
    sweep(city, "2022-11-15")
    assert [rung for _rule, rung in rungs()] == [3, 3]


def test_an_excuse_holds_for_its_own_item_alone(city: cast.City) -> None:
    other = city.item("1-02")
    excuses.confirm(excuses.propose(other, "停工令", "指令", UNTIL, city.person("reviewer"), AT), city.person("supervisor"), AT)
    sweep(city, "2022-11-15")
    assert [rung for _rule, rung in rungs()] == [3, 3]


def test_two_people_and_a_reason_a_basis_a_day(city: cast.City) -> None:
    for login in ("reporter", "builders_head", "leader", "auditor"):
        with pytest.raises(NotYours):
            proposed(city, login=login)
    for given in ({"until": None}, {"until": dt.date(2024, 1, 1)}, {"reason": " "}, {"basis": ""}):
        with pytest.raises(Refused):
            proposed(city, **given)
    one = proposed(city, login="supervisor")
    with pytest.raises(Refused):
        proposed(city)
    for login in ("supervisor", "reviewer", "leader"):
        with pytest.raises(NotYours):
            excuses.confirm(one, city.person(login), AT)
    excuses.confirm(one, city.person("supervisor2"), AT)
    with pytest.raises(excuses.Decided):
        excuses.refuse(one, "晚了", city.person("supervisor2"), AT)
    late = proposed(city, until=dt.date(2022, 10, 17))
    with pytest.raises(excuses.Decided):
        excuses.confirm(late, city.person("supervisor"), cast.noon("2022-10-18"))
    for deed in (
        lambda: Excuse.objects.filter(pk=one.pk).update(until_on="2023-12-31"),
        lambda: Excuse.objects.filter(pk=late.pk).update(until_on="2023-12-31"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_an_items_excuses_take_a_fixed_number_of_statements(city: cast.City) -> None:
    client, taken = client_of(city, "reviewer"), []
    for n in (1, 3):
        while Excuse.objects.count() < n:
            excuses.refuse(proposed(city), "不足", city.person("supervisor"), AT)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as statements:
            client.get(PAGE)
        taken.append(len(statements))
    assert taken[0] == taken[1]
