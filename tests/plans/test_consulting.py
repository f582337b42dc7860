"""A draft goes to its departments, each answers for its own rows, silence is no consent, and every objection is answered in writing."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from people.models import AuditEntry, RoleGrant
from plans import consulting
from plans.consulting import Proposed
from plans.editing.items import change_item, delete_items, draft_terms
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.rows import ItemChange
from plans.models import Consultation, Item, Opinion, Plan, Reply
from tests import cast
from tests.plans.sharing import AFTER, AT, LIMIT, SAME, Desk
from tracker import jobs
from tracker.models import JobRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("position").values_list("verb", flat=True))[-3:]


def test_a_draft_is_opened_once_by_a_supervisor_with_a_limit_to_come(desk: Desk) -> None:
    for login in ("reviewer", "administrator", "auditor", "leader"):
        with pytest.raises(NotAllowed):
            consulting.open_consultation(desk.plan, LIMIT, "", desk.city.person(login), AT)
    with pytest.raises(Wrong) as wrong:
        consulting.open_consultation(desk.plan, dt.date(2022, 10, 17), "字" * 401, desk.supervisor, AT)
    assert set(wrong.value.fields) == {"until_on", "note"}
    desk.open()
    assert (desk.plan.state, verbs()[-1]) == (Plan.State.CONSULTATION, "consultation opened")
    with pytest.raises(NotAllowed):
        desk.open()
    assert Consultation.objects.count() == 1


def test_each_department_is_asked_about_its_own_rows_and_its_part(desk: Desk) -> None:
    found = {login: [(row.terms.item.code, row.part) for row in desk.asked(login)] for login in ("reviewer", "builders_head", "county", "statistician")}
    assert found == {
        "reviewer": [("1-01", "lead"), ("1-02", "lead")], "builders_head": [("1-01", "support"), ("2-01", "lead")], "county": [("2-02", "lead")], "statistician": [],
    }  # fmt: skip


def test_the_reviewer_answers_and_where_there_is_none_a_reporter_until_the_limit(desk: Desk) -> None:
    assert consulting.may_answer(desk.plan, desk.city.person("reviewer"), AT) != ""
    desk.open()
    able = {p: consulting.may_answer(desk.plan, desk.city.person(p), AT) == "" for p in ("reviewer", "reporter", "county", "supervisor", "steward", "leader")}
    assert able == {"reviewer": True, "reporter": False, "county": True, "supervisor": False, "steward": False, "leader": False}
    assert consulting.may_answer(desk.plan, desk.city.person("reviewer"), cast.noon("2022-10-20")) == ""
    assert consulting.may_answer(desk.plan, desk.city.person("reviewer"), AFTER) != ""
    stranger = cast.stranger_city().person("reviewer")
    with pytest.raises(NotAllowed):
        consulting.accept(desk.plan, {}, stranger, SAME)
    with pytest.raises(NotAllowed):
        desk.accept("reporter")


def test_the_rest_is_accepted_at_once_and_a_second_time_changes_nothing(desk: Desk) -> None:
    desk.open()
    desk.object_to("reviewer", "1-02", wording="新增就业")
    rows = {row.terms.item_id: row.token for row in desk.asked("reviewer") if row.waits}
    assert consulting.accept(desk.plan, rows, desk.city.person("reviewer"), SAME) == 1
    with pytest.raises(Overtaken):
        consulting.accept(desk.plan, rows, desk.city.person("reviewer"), SAME)
    assert list(Opinion.objects.order_by("code", "number").values_list("code", "kind", "number")) == [("1-01", "accept", 1), ("1-02", "object", 1)]
    entry = AuditEntry.objects.filter(verb="draft accepted").get()
    assert json.loads(entry.body)["facts"]["items"] == ["1-01"]


def test_an_objection_says_what_it_wants_and_why(desk: Desk) -> None:
    desk.open()
    zjj, other = desk.city.departments["zjj"].pk, cast.stranger_city().departments["zjj"].pk
    for given, field in (({"reason": " ", "lead": zjj}, "reason"), ({}, "wording"), ({"lead": other}, "lead"), ({"wording": "字" * 121}, "wording")):
        with pytest.raises(Wrong) as wrong:
            desk.object_to("reviewer", "1-02", **given)
        assert field in wrong.value.fields
    item = desk.asked("county")[0].terms.item_id
    with pytest.raises(NotAllowed):
        consulting.object_to(desk.plan, item, "", Proposed("不清楚", wording="改"), desk.city.person("reviewer"), SAME)
    opinion = desk.object_to("reviewer", "1-02", lead=zjj, due_on=dt.date(2022, 11, 30))
    body = json.loads(AuditEntry.objects.get(verb="draft objected to").body)["facts"]
    assert body["before"] == {"lead": "市工业和信息化局", "due": "2022-12-31"}
    assert body["after"] == {"lead": "市住房和城乡建设局", "due": "2022-11-30"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(reason="改口")
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(government=desk.city.government, consultation=opinion.consultation, item_id=opinion.item_id, code="1-02",
                               department=opinion.department, number=2, kind="object", seen="{}", wording="改", by=opinion.by, at=AT)  # fmt: skip


def test_a_row_that_changed_since_it_was_shown_is_not_answered(desk: Desk) -> None:
    desk.open()
    shown = {row.terms.item_id: row.token for row in desk.asked("reviewer")}
    item = Item.objects.get(plan=desk.made, code="1-01")
    change_item(item, ItemChange(final={"value": cast.d("25")}), desk.supervisor, SAME, draft_terms(item).version)
    assert consulting.accept(desk.plan, shown, desk.city.person("reviewer"), SAME) == 1
    (row,) = desk.asked("reviewer", "1-01")
    assert row.waits
    with pytest.raises(Overtaken):
        consulting.object_to(desk.plan, item.pk, shown[item.pk], Proposed("高了", wording="改"), desk.city.person("reviewer"), SAME)


def test_silence_past_the_limit_is_recorded_once_and_is_no_consent(desk: Desk) -> None:
    opened = desk.open()
    desk.accept("reviewer")
    assert consulting.lapse(opened, SAME) == 0
    jobs.tick(AFTER)
    jobs.tick(AFTER)
    silent = list(Opinion.objects.filter(kind="silent").order_by("code", "department__code").values_list("code", "department__code", "by"))
    assert silent == [("1-01", "zjj", None), ("2-01", "zjj", None), ("2-02", "scx", None)]
    assert JobRun.objects.get(job="silence").counts == {"silent": 3}
    with pytest.raises(NotAllowed):
        desk.accept("county", AFTER)
    consulting.extend(desk.plan.consultation, dt.date(2022, 10, 25), desk.supervisor, AFTER, LIMIT)
    with pytest.raises(Overtaken):
        consulting.extend(desk.plan.consultation, dt.date(2022, 10, 26), desk.second, AFTER, LIMIT)
    assert desk.accept("county", AFTER) == 1
    jobs.tick(cast.noon("2022-10-26"))
    assert Opinion.objects.filter(kind="silent").count() == 3
    assert desk.asked("county")[0].last.kind == "accept"


def test_an_objection_taken_over_changes_the_draft_and_its_department_sees_it(desk: Desk) -> None:
    desk.open()
    zjj = desk.city.departments["zjj"]
    opinion = desk.object_to("reviewer", "1-02", lead=zjj.pk, wording="新增城镇就业", due_on=dt.date(2022, 11, 30))
    version = draft_terms(Item.objects.get(pk=opinion.item_id)).version
    with pytest.raises(NotAllowed):
        consulting.take_over(opinion, "", desk.city.person("reviewer"), SAME, version)
    with pytest.raises(Overtaken):
        consulting.take_over(opinion, "", desk.supervisor, SAME, version + 1)
    assert not Reply.objects.exists()
    consulting.take_over(opinion, "同意调整", desk.supervisor, SAME, version)
    row = next(one for one in desk.asked("builders_head") if one.terms.item.code == "1-02")
    assert (row.said["name"], row.said["due"], row.part, row.waits) == ("新增城镇就业", "2022-11-30", "lead", True)
    assert desk.asked("reviewer", "1-02") == []  # it is theirs no more
    with pytest.raises(Overtaken):
        consulting.refuse(opinion, "又不同意", desk.second, SAME)
    change_item(row.terms.item, ItemChange(final={"value": cast.d("500")}), desk.second, SAME, row.terms.version)
    desk.accept("builders_head")
    change_item(row.terms.item, ItemChange(terms={"name": "新增就业"}), desk.second, SAME, draft_terms(row.terms.item).version)
    (row,) = desk.asked("builders_head", "1-02")
    assert row.changed == [("目标任务", "新增城镇就业", "新增就业")]


def test_an_objection_is_refused_in_writing_and_a_later_word_makes_it_void(desk: Desk) -> None:
    desk.open()
    opinion = desk.object_to("reviewer", "1-02", wording="新增就业")
    with pytest.raises(Wrong):
        consulting.refuse(opinion, "  ", desk.supervisor, SAME)
    later = desk.object_to("reviewer", "1-02", due_on=dt.date(2022, 11, 30))
    with pytest.raises(Overtaken):
        consulting.refuse(opinion, "已改", desk.supervisor, SAME)
    assert [row.last for row in consulting.unanswered(consulting.asked(desk.plan))] == [later]
    reply = consulting.refuse(later, "年度目标不变", desk.supervisor, SAME)
    assert consulting.unanswered(consulting.asked(desk.plan)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(government=desk.city.government, opinion=opinion, taken=False, reason="", by=desk.second.user, at=SAME)


def test_an_objection_to_a_row_that_was_deleted_still_gets_its_answer(desk: Desk) -> None:
    desk.open()
    opinion = desk.object_to("county", "2-02", wording="不列")
    delete_items(desk.plan, [Item.objects.get(pk=opinion.item_id)], desk.supervisor, SAME)
    assert consulting.orphaned(desk.plan) == [opinion]
    with pytest.raises(NotAllowed):
        consulting.take_over(opinion, "已删除", desk.supervisor, SAME, 0)
    consulting.refuse(opinion, "该行已删除", desk.supervisor, SAME)
    assert consulting.orphaned(desk.plan) == []


def test_asking_takes_the_same_statements_for_one_row_and_for_four(desk: Desk, django_assert_num_queries: Any) -> None:
    desk.open()
    desk.accept_all()
    plan = desk.plan
    with django_assert_num_queries(7):
        assert len(consulting.asked(plan)) == 5
    with django_assert_num_queries(7):
        assert len(consulting.asked(plan, desk.city.departments["scx"].pk)) == 1


def test_a_former_reviewer_answers_no_more(desk: Desk) -> None:
    desk.open()
    RoleGrant.objects.filter(user=desk.city.user("reviewer")).update(until_on=dt.date(2022, 10, 17))
    late = consulting.may_answer(desk.plan, desk.city.person("reviewer", dt.date(2022, 10, 18)), SAME)
    assert (late != "", consulting.may_answer(desk.plan, desk.city.person("reporter"), SAME)) == (True, "")
