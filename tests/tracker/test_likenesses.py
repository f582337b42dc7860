"""一数多诺: what names propose, what one person says, and the link that two make; the database lets nothing else change what an item reads."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry
from plans.alike import proposed
from plans.models import Item, Likeness
from tests import cast
from tests.cast import noon
from tests.plans.test_conflicts import shipped
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of
from tracker import linking, periods, rollup
from tracker.models import Duty, Standing
from tracker.turns import NotYours, Refused

AT = noon("2022-02-10")


def test_fifteen_pairs_of_the_shipped_plans_are_alike_and_none_of_one_measure() -> None:
    pairs = proposed(shipped()[0])
    assert len(pairs) == 15
    assert [(p.a.code, p.b.code) for p in pairs if p.likeness == 1] == [
        ("2.4-06", "3.2-04"),
        ("2.4-09", "T-06"),
        ("8.1-02", "3.2-01"),
        ("8.1-06", "3.3-01"),
        ("T-09", "3.2-01"),
    ]
    assert {p.a.measure == p.b.measure for p in pairs} == {False}
    decided = {frozenset((p.a.at, p.b.at)) for p in pairs[:5]}
    assert [(p.a.at, p.b.at) for p in proposed(shipped()[0], decided)] == [(p.a.at, p.b.at) for p in pairs[5:]]


@pytest.fixture
def city(db: None, clock_at: Any) -> cast.City:
    """A five-year plan promises 5G stations under a measure of its own."""
    clock_at("2022-02-10")
    city = cast.city()
    given = {"targets": [cast.target("2025-12-31", "2020-12-31", comparator="at_least", value="6000", unit="个")], "goal": ["一"]}
    items = [
        cast.item("7-01", "5G基站数量", **given),
        cast.item("7-02", "5G基站", **{**given, "targets": [cast.target(comparator="at_least", value="9", unit="万个")]}),
    ]
    cast.load_plan(city.government, cast.body(items, code="five-years"))
    return city


def five(code: str = "7-01") -> Item:
    return Item.objects.select_related("measure", "plan").get(plan__code="five-years", code=code)


def own(city: cast.City) -> Item:
    return Item.objects.select_related("measure", "plan").get(plan=city.plan, code="1-01")


def test_a_link_is_proposed_by_one_and_confirmed_by_another_and_then_one_figure_turns_both(city: cast.City) -> None:
    one, other, by = own(city), five(), city.person("supervisor")
    periods.open_due(city.government, noon("2022-01-01"))
    made = linking.say(one, other, "same", "统计来源相同", by, AT, other)
    with pytest.raises(NotYours):
        linking.decide(made, True, by, AT)
    assert five().measure.code == "m-7-01"
    rollup.take(city.government, AT)
    linking.decide(made, True, city.person("supervisor2"), AT)
    assert five().measure.code == "m-1-01"
    assert rollup.is_due(city.government, AT)
    made.refresh_from_db()
    assert (made.state, made.left.code, made.reads.code, made.decided_by.login) == ("decided", "m-7-01", "m-1-01", "supervisor2")
    with pytest.raises(Refused):
        linking.decide(made, True, city.person("supervisor2"), AT)
    assert list(AuditEntry.objects.filter(verb__startswith="link").values_list("verb", flat=True)) == ["link proposed", "link confirmed"]
    periods.open_due(city.government, AT)
    assert not Duty.objects.filter(measure__code="m-7-01", due_at__gt=AT).exists()


def test_the_database_lets_nothing_else_change_what_a_published_item_reads(city: cast.City) -> None:
    one, other = own(city), five()
    for change in ({"measure": one.measure}, {"code": "9-99"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.filter(pk=other.pk).update(**change)
    given = {"government": city.government, "item_a": one, "item_b": other, "kind": "same", "reason": "x", "by": city.user("supervisor"), "at": AT, "moved": other, "reads": one.measure, "left": other.measure}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Likeness.objects.create(**given, state="decided", decided_by=city.user("supervisor2"))
    made = Likeness.objects.create(**given, state="proposed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Likeness.objects.filter(pk=made.pk).update(state="decided", decided_by=city.user("supervisor"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=other.pk).update(measure=one.measure)  # only proposed
    Likeness.objects.filter(pk=made.pk).update(state="decided", decided_by=city.user("supervisor2"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=other.pk).update(measure=five("7-02").measure)  # another one
    with pytest.raises(IntegrityError), transaction.atomic():
        Likeness.objects.filter(pk=made.pk).update(reason="改写")
    assert Item.objects.filter(pk=other.pk).update(measure=one.measure) == 1


def test_one_persons_word_that_two_differ_moves_no_figure_in_the_database_either(city: cast.City) -> None:
    """Such a word is decided at once and by one; with the columns of a link in it, it must not pass for one."""
    one, other = own(city), five()
    given = {"government": city.government, "item_a": one, "item_b": other, "reason": "x", "by": city.user("supervisor"), "at": AT}
    Likeness.objects.create(**given, kind="different", state="decided", moved=other, reads=one.measure, left=other.measure)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=other.pk).update(measure=one.measure)


def test_what_was_reported_under_its_own_measure_cannot_be_linked_any_more(clock_at: Any, db: None) -> None:
    clock_at("2022-10-17")
    desk = Desk()
    cast.load_plan(desk.city.government, cast.body([cast.item("7-01", "5G基站数量")], code="five-years"))
    desk.accept(desk.duty("m-1-01", 2), value="900")
    with pytest.raises(Refused) as refused:
        linking.say(own(desk.city), five(), "same", "同一来源", desk.city.person("supervisor"), AT, own(desk.city))
    assert refused.value.problems[0].code == "judged"


@pytest.mark.parametrize(
    ("kind", "moved", "reason", "problem"),
    [("", None, "为", "kind_missing"), ("same", None, "为", "moved_missing"), ("same", "7-02", "为", "unlike"), ("different", None, " ", "reason_missing")],
)
def test_what_cannot_be_said_is_refused(city: cast.City, kind: str, moved: str | None, reason: str, problem: str) -> None:
    other = five(moved or "7-01")
    with pytest.raises(Refused) as refused:
        linking.say(own(city), other, kind, reason, city.person("supervisor"), AT, other if moved else None)
    assert refused.value.problems[0].code == problem
    with pytest.raises(NotYours):
        linking.say(own(city), five(), "different", "为", city.person("reviewer"), AT)


def test_not_the_same_is_one_persons_word_and_ends_the_proposal(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    listed = client.get("/likenesses/").context["table"].raw_rows()
    assert [(r["row"].a.code, r["row"].b.code, r["row"].state) for r in listed] == [("7-01", "1-01", "by-name")]
    assert "5G基站数量" in client.get("/measures/m-1-01/").content.decode()
    address = f"/likenesses/{min(own(city).pk, five().pk)}/{max(own(city).pk, five().pk)}/"
    assert client.post(address, {"kind": "different", "reason": "", "key": "a1"}).status_code == 422
    assert client.post(address, {"kind": "different", "reason": "一个只算宏站", "key": "a1"}).status_code == 302
    assert client.post(address, {"kind": "different", "reason": "一个只算宏站", "key": "a1"}).status_code == 302
    assert Likeness.objects.count() == 1
    assert [r["row"].state for r in client.get("/likenesses/").context["table"].raw_rows()] == ["different"]
    assert "一个只算宏站" in client_of(city, "auditor").get(address).content.decode()
    assert client_of(city, "reporter").get(address).status_code == 404
    assert client.get("/likenesses/?export=csv").status_code == 200


def test_two_supervisors_link_on_the_page(city: cast.City) -> None:
    address = f"/likenesses/{own(city).pk}/{five().pk}/"
    first, second = client_of(city, "supervisor"), client_of(city, "supervisor2")
    assert first.post(address, {"kind": "same", "moved": five().pk, "reason": "同一来源", "key": "b1"}).status_code == 302
    assert "由另一位督查员确认" in first.get(address).content.decode()
    assert second.post(address, {"do": "confirm", "key": "b2"}).status_code == 302
    rows = [(i.plan, i.code) for i in second.get("/measures/m-1-01/").context["page"].items]
    assert rows == [("five-years", "7-01"), ("report-2022", "1-01")]


def test_a_page_and_the_list_take_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    client, taken = client_of(city, "supervisor"), []
    address = f"/likenesses/{own(city).pk}/{five().pk}/"
    for n in (1, 3):
        for page in ("/likenesses/", address):
            client.get(page)
            with CaptureQueriesContext(connection) as statements:
                client.get(page)
            taken.append(len(statements))
        if n == 1:
            for pair in ((own(city), five()), (five(), city.item("2-01")), (five(), city.item("1-02"))):
                one, other = (Item.objects.select_related("measure", "plan").get(pk=i.pk) for i in pair)
                linking.say(one, other, "different", "不是", city.person("supervisor"), AT)
    assert taken[:2] == taken[2:]
    assert Standing.objects.count() == 0
