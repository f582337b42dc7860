"""A published plan changes only by two people, from a day on, and keeps what stood before."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from people.models import AuditEntry, Department
from plans import amending
from plans.amending import Change, Interim, NewStep, NotAllowed, Overtaken
from plans.exporting import export_plan
from plans.models import Amendment, Bands, Publication, Step, Target, Terms
from plans.wordings import band_differences, changes_of
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


def test_supports_interim_targets_and_bands_are_changed_too():
    city = cast.city()
    change = Change(supports={city.departments["tjj"].pk: "核数"}, interim=(Interim(dt.date(2022, 9, 30), cast.d("800")),), terms={"weight": cast.d("2")})
    amendment = raised(city, changes={"1-01": change}, bands={"share": (cast.d("0"), cast.d("-12"))})
    amending.publish(amendment, city.person("supervisor2"), AT)
    new = Terms.objects.get(item__code="1-01", amendment=amendment)
    assert [s.department.short for s in new.supports.all()] == ["市统计局"]
    assert list(new.targets.values_list("role", "origin", "due_on", "value", "unit")) == [
        ("interim", "approved", dt.date(2022, 9, 30), 800, "个"), ("final", "document", dt.date(2022, 12, 31), 2000, "个"),
    ]  # fmt: skip
    assert list(Bands.objects.filter(amendment=amendment).values_list("kind", "yellow_from")) == [("share", -12)]
    told = json.loads(AuditEntry.objects.latest("position").body)["facts"]
    assert (told["before"]["1-01 weight"], told["after"]["1-01 weight"], told["after"]["bands share"]) == ("1", "2", "0/-12")


def test_a_proposal_is_changed_until_it_is_published_and_who_changed_it_does_not_publish():
    city = cast.city()
    amendment, second, third = raised(city), city.person("supervisor2"), city.person("supervisor")
    amending.change_item(amendment, "1-02", Change(final={"value": cast.d("1600")}), second, AT, 0)
    amending.revise(amendment, third, AT, 1, reason="改由", basis="纪要", from_on=dt.date(2022, 8, 1), bands={"node": (cast.d("-1"), cast.d("-9"))})
    assert (amendment.version, amendment.reason, Terms.objects.filter(amendment=amendment, from_on=dt.date(2022, 8, 1)).count()) == (2, "改由", 2)
    with pytest.raises(Overtaken):
        amending.drop_item(amendment, "1-02", third, AT, 1)
    amending.drop_item(amendment, "1-02", third, AT, 2)
    assert [t.item.code for t in Terms.objects.filter(amendment=amendment)] == ["1-01"]
    with pytest.raises(NotAllowed, match="不能自己发布"):
        amending.publish(amendment, second, AT)


def test_who_publishes_publishes_what_he_saw():
    city = cast.city()
    amendment = raised(city)
    amending.drop_item(amendment, "1-01", city.person("supervisor"), AT, 0)
    with pytest.raises(Overtaken):
        amending.publish(amendment, city.person("supervisor2"), AT, 0)
    with pytest.raises(NotAllowed, match="还没有写入"):
        amending.publish(amendment, city.person("supervisor2"), AT, 1)


def test_a_proposal_from_terms_that_were_overtaken_is_not_published():
    """Otherwise the second of two proposals would silently take back what the first one changed."""
    city = cast.city()
    first, late = raised(city), raised(city, from_on=dt.date(2022, 8, 1), changes={"1-01": Change(terms={"weight": cast.d("3")})})
    amending.publish(first, city.person("supervisor2"), AT)
    with pytest.raises(NotAllowed, match="现行约定已变"):
        amending.publish(late, city.person("supervisor2"), AT)
    late.refresh_from_db()
    amending.change_item(late, "1-01", Change(terms={"weight": cast.d("3")}), city.person("supervisor"), AT, late.version)
    amending.publish(late, city.person("supervisor2"), AT)
    assert target_on(city, dt.date(2022, 8, 1)) == 3000


def test_an_item_is_withdrawn_and_may_go_on_in_another():
    city = cast.city()
    into = city.item("1-02")
    change = {"1-01": Change(terms={"withdrawn": True, "merged_into": into}), "1-02": Change(terms={"name": "新增上云和5G"})}
    amending.publish(raised(city, changes=change), city.person("supervisor2"), AT)
    terms = Terms.objects.in_force(JULY).get(item__code="1-01")
    assert (terms.withdrawn, terms.merged_into) == (True, into)
    assert [d.field for d in changes_of(terms.amendment)[0].differences] == ["withdrawn", "merged_into"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (lambda c: Change(final={"due_on": dt.date(2021, 12, 31)}), {"due_on"}),
        (lambda c: Change(terms={"weight": cast.d("-1")}), {"weight"}),
        (lambda c: Change(terms={"lead": c.departments["scx"]}), {"lead"}),
        (lambda c: Change(terms={"baseline": cast.d("2500"), "baseline_on": dt.date(2021, 12, 31)}), {"value"}),
        (lambda c: Change(terms={"name": " ", "merged_into": c.item("1-02")}), {"name", "merged_into"}),
        (lambda c: Change(final={"comparator": "between", "value_high": cast.d("1")}), {"value_high"}),
        (lambda c: Change(terms={"profile": "shares", "shares": "50/25/100"}), {"shares"}),
        (lambda c: Change(interim=(Interim(dt.date(2022, 12, 31), cast.d("5")),)), {"interim"}),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(change, fields):
    city = cast.city()
    Department.objects.filter(code="scx").update(until_on=dt.date(2022, 6, 30))
    with pytest.raises(NotAllowed) as refused:
        raised(city, changes={"1-02": Change(), "1-01": change(city)})
    assert set(refused.value.fields) == fields
    assert Amendment.objects.count() == 1


def test_each_field_is_told_old_and_new():
    city = cast.city()
    gone = {"1-01": Change(final={"value": cast.d("3000"), "unit": "座"}, terms={"lead": city.departments["zjj"]}, supports={})}
    amendment = raised(city, changes=gone, bands={"share": (cast.d("0"), cast.d("-5"))})
    told = {d.label: (d.old, d.new) for d in changes_of(amendment)[0].differences}
    assert told == {
        "牵头": ("市工业和信息化局", "市住房和城乡建设局"), "目标值": ("2000", "3000"), "单位": ("个", "座"), "配合": ("市住房和城乡建设局", "–"),
    }  # fmt: skip
    assert [(d.old, d.new) for d in band_differences(amendment)] == [("绿灯 ≥ 0，黄灯 ≥ -10", "绿灯 ≥ 0，黄灯 ≥ -5")]
