"""A published plan changes only by two people, from a day on, and keeps what stood before."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from people.models import AuditEntry
from plans import amending
from plans.amending import Change, NewStep, NotAllowed
from plans.exporting import export_plan
from plans.models import Amendment, Publication, Step, Target, Terms
from tests import cast

pytestmark = pytest.mark.django_db
JULY = dt.date(2022, 7, 1)
AT = cast.noon("2022-06-28")


def raised(city: cast.City, **given) -> Amendment:
    """A proposal by the first supervisor: 2000 becomes 3000 from 1 July."""
    words = {"reason": "省里追加任务", "basis": "驻政〔2022〕30号", "from_on": JULY, "changes": {"1-01": Change(final={"value": cast.d("3000")})}, **given}
    return amending.propose(city.plan, city.person("supervisor"), AT, **words)


def target_on(city: cast.City, day: dt.date) -> object:
    return Target.objects.get(terms__in=Terms.objects.filter(item__code="1-01").in_force(day)).value


def test_what_is_proposed_is_not_in_force():
    city = cast.city()
    raised(city)
    assert target_on(city, JULY) == 2000


def test_a_second_person_publishes_and_the_new_target_holds_from_its_day():
    city = cast.city()
    amending.publish(raised(city), city.person("supervisor2"), AT)
    assert [target_on(city, dt.date(2022, 6, 30)), target_on(city, JULY)] == [2000, 3000]
    assert export_plan(city.plan)["items"][0]["targets"][0]["value"] == "2000"
    assert export_plan(city.plan, JULY)["items"][0]["targets"][0]["value"] == "3000"
    assert Publication.objects.count() == 2
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["amendment proposed", "amendment published"]


def test_the_audit_trail_keeps_what_the_amendment_changes_before_and_after():
    city = cast.city()
    change = Change(terms={"name": "新增5G基站和机房"}, final={"value": cast.d("3000")}, steps=(NewStep("选址", dt.date(2022, 9, 30)),))
    amending.publish(raised(city, changes={"1-01": change}), city.person("supervisor2"), AT)
    for entry in AuditEntry.objects.all():
        facts = json.loads(entry.body)["facts"]
        assert (facts["before"]["1-01 name"], facts["after"]["1-01 name"]) == ("新增5G基站", "新增5G基站和机房")
        assert ("2000" in facts["before"]["1-01 targets"][0], "3000" in facts["after"]["1-01 targets"][0]) == (True, True)
        assert (facts["before"]["1-01 steps"], facts["after"]["1-01 steps"]) == ([], ["选址 2022-09-30 1"])
        assert "1-01 lead" not in facts["after"]


def test_the_proposer_cannot_publish_and_the_database_refuses_it_too():
    city = cast.city()
    amendment = raised(city)
    with pytest.raises(NotAllowed, match="不能自己发布"):
        amending.publish(amendment, city.person("supervisor"), AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.filter(pk=amendment.pk).update(state="published", published_by=city.user("supervisor"))


@pytest.mark.parametrize("login", ["reporter", "reviewer", "leader", "administrator", "auditor"])
def test_other_roles_cannot_propose(login):
    city = cast.city()
    with pytest.raises(NotAllowed, match="只有督查员"):
        amending.propose(city.plan, city.person(login), AT, reason="x", basis="", from_on=JULY, changes={})


def test_a_strangers_supervisor_cannot_publish():
    city, stranger = cast.city(), cast.stranger_city()
    with pytest.raises(NotAllowed, match="只有督查员"):
        amending.publish(raised(city), stranger.person("supervisor2"), AT)


def test_it_is_published_once():
    city = cast.city()
    amendment = raised(city)
    amending.publish(amendment, city.person("supervisor2"), AT)
    with pytest.raises(NotAllowed, match="已由他人处理"):
        amending.publish(amendment, city.person("supervisor2"), AT)


def test_a_rejected_amendment_never_comes_into_force():
    city = cast.city()
    amendment = raised(city)
    amending.reject(amendment, city.person("supervisor2"), AT)
    with pytest.raises(NotAllowed):
        amending.publish(amendment, city.person("supervisor2"), AT)
    assert target_on(city, JULY) == 2000


def test_an_unknown_item_is_named():
    city = cast.city()
    with pytest.raises(NotAllowed, match="9-99"):
        raised(city, changes={"9-99": Change()})


def test_a_reason_is_asked_for():
    with pytest.raises(NotAllowed, match="原因"):
        raised(cast.city(), reason=" ")


def test_a_day_not_after_the_present_terms_is_refused():
    with pytest.raises(NotAllowed, match="须晚于该日"):
        raised(cast.city(), from_on=dt.date(2022, 1, 1))


def test_steps_are_replaced_whole_and_kept_otherwise():
    city = cast.city()
    two = (NewStep("设计", dt.date(2022, 6, 30), 1), NewStep("开工", dt.date(2022, 12, 31), 3))
    amending.publish(raised(city, changes={"2-02": Change(steps=two), "1-01": Change(terms={"name": "新建5G基站"})}), city.person("supervisor2"), AT)
    new = Terms.objects.get(item__code="2-02", amendment__number=1)
    assert list(Step.objects.filter(terms=new).values_list("position", "name", "due_on", "weight")) == [
        (1, "设计", dt.date(2022, 6, 30), 1), (2, "开工", dt.date(2022, 12, 31), 3),
    ]  # fmt: skip
    other = Terms.objects.get(item__code="1-01", amendment__number=1)
    assert [other.name, other.supports.get().department.short, other.targets.get().value] == ["新建5G基站", "市住建局", 2000]
