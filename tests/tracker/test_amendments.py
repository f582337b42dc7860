"""The pages of amendments: two people, each field old and new, the lights before and after, nothing in one person's hands."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans import amending, pathing
from plans.amending import Change
from plans.models import Amendment, Support, Target, Terms
from tests import cast
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, stage

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-10-17")
NEW = "/plans/report-2022/amend/"


@pytest.fixture
def city(settings) -> cast.City:
    desk = Desk()
    desk.accept(desk.duty("m-1-01"), value="1300")
    stage(settings, "2022-10-17")
    return desk.city


def begin(client: Client, *codes: str, **given: str) -> object:
    bands = {"share_green": "0", "share_yellow": "-10", "points_green": "0", "points_yellow": "-1", "node_green": "-2", "node_yellow": "-10"}
    words = {"key": "abc", "reason": "省里追加", "basis": "会议纪要〔2022〕3号", "from_on": "2022-11-01", **bands, **given}
    return client.post(NEW, {**words, "item": list(codes)})


def fields(**given: str) -> dict[str, object]:
    """The form of the base stations as its page shows it."""
    terms = Terms.objects.filter(item__code="1-01", item__plan__code="report-2022").earliest("from_on")
    supports = [str(s.department_id) for s in terms.supports.all()]
    return {
        "name": "新增5G基站", "name_en": "Item 1-01", "goal": str(terms.goal_id), "lead": str(terms.lead_id), "supports": supports, "weight": "1", "comparator": "at_least",
        "accrual": "cumulative", "reading": "value", "value": "2000", "unit": "个", "due_on": "2022-12-31", "version": "0", **given,
    }  # fmt: skip


def test_a_supervisor_proposes_and_another_publishes_what_both_have_seen(city: cast.City) -> None:
    first, second = client_of(city, "supervisor"), client_of(city, "supervisor2")
    answer = begin(first, "1-01")
    made = Amendment.objects.get(number=1)
    assert answer["Location"] == f"/amendments/{made.pk}/items/1-01/"  # type: ignore[index]
    form = first.get(answer["Location"]).content.decode()  # type: ignore[index]
    assert 'value="2000"' in form
    assert 'type="date" name="due_on" value="2022-12-31"' in form
    assert first.post(answer["Location"], fields(value="3000", weight="2")).status_code == 302  # type: ignore[index]
    page = f"/amendments/{made.pk}/"
    assert "须由另一位督查员发布" in first.get(page).content.decode()
    shown = second.get(page)
    html = shown.content.decode()
    assert "<del>2000</del>" in html
    assert "<ins>3000</ins>" in html
    part = shown.context["page"].parts[0]
    assert ([d.label for d in part.changes.differences], part.lights.now, part.lights.then) == (["权重", "目标值"], "yellow", "red")
    assert first.post(page, {"do": "publish", "version": "1"}).status_code == 422
    assert second.post(page, {"do": "publish", "version": "0"}).status_code == 409
    assert second.post(page, {"do": "publish", "version": "1"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.published_by) == ("published", city.user("supervisor2"))
    assert "在右侧" not in second.get(page).content.decode()
    item = client_of(city, "reporter").get("/items/report-2022/1-01/").content.decode()
    for words in ("目标值：2000 → <b>3000</b>", "依据 会议纪要〔2022〕3号", "督查甲 提出", "不能删除"):
        assert words in item, words


def test_how_values_count_their_good_side_their_leader_and_the_departments_parts_change_too(city: cast.City) -> None:
    first, second = client_of(city, "supervisor"), client_of(city, "supervisor2")
    address = begin(first, "1-01")["Location"]  # type: ignore[index]
    html = first.get(address).content.decode()
    assert f'<option value="{city.user("leader").pk}"' in html
    housing = city.departments["zjj"]
    more = {"supports": [str(housing.pk)], "parts": "市住建局：落实站址用地", "leader": str(city.user("leader").pk)}
    made = {
        "accrual": "level",
        "reading": "increase",
        "average": "",
        "better": "up",
        "comparator": "relative",
        "offset": "2.5",
        "against": "m-2-01",
        "value": "",
    }
    assert first.post(address, fields(**made, **more)).status_code == 302  # type: ignore[arg-type]
    one = Amendment.objects.get(number=1)
    page = second.get(f"/amendments/{one.pk}/")
    part = page.context["page"].parts[0]
    told = {d.label: (d.old, d.new) for d in part.changes.differences}
    assert told == {
        "包联领导": ("–", "副市长甲"), "类型": ("累计型", "水平型"), "读数": ("当期值", "增量"), "比较方式": ("不低于", "与参照相比"), "目标值": ("2000", "–"),
        "参照指标编号": ("–", "m-2-01"), "与参照值之差": ("0", "2.5"), "好的方向": ("–", "越高越好"), "配合": ("市住房和城乡建设局", "市住房和城乡建设局（落实站址用地）"),
    }  # fmt: skip
    assert (part.lights.now, part.lights.then) == ("yellow", "grey")  # nothing to compare with yet
    assert second.post(f"/amendments/{one.pk}/", {"do": "publish", "version": "1"}).status_code == 302
    terms = Terms.objects.get(amendment=one)
    assert (terms.accrual, terms.reading, terms.leader, terms.supports.get().part) == ("level", "increase", city.user("leader"), "落实站址用地")
    for change in ({"accrual": "held"}, {"reading": "value"}, {"average": "geometric"}, {"leader": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Terms.objects.filter(pk=terms.pk).update(**change)
    rows: tuple[tuple[type[Support | Target], dict[str, object]], ...] = ((Support, {"part": "别的"}), (Target, {"offset": 1}), (Target, {"better": "down"}))
    for table, other in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.filter(terms=terms).update(**other)
    history = client_of(city, "reporter").get("/items/report-2022/1-01/").content.decode()
    for words in ("类型：累计型 → <b>水平型</b>", "配合：市住房和城乡建设局 → <b>市住房和城乡建设局（落实站址用地）</b>"):
        assert words in history, words


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"offset": "1"}, "offset"),
        ({"against": "nothing"}, "against"),
        ({"reading": "increase", "average": "geometric"}, "average"),
        ({"parts": "市统计局：核数"}, "parts"),
        ({"parts": "水投公司：出资"}, "parts"),
        ({"due_on": "2021-01-01"}, "due_on"),
        ({"weight": "-1"}, "weight"),
        ({"baseline": "2500", "baseline_on": "2021-12-31"}, "value"),
        ({"value": ""}, "value"),
        ({"withdrawn": "on", "merged_into": "9-99"}, "merged_into"),
        ({"name": " "}, "name"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(city: cast.City, given: dict[str, str], field: str) -> None:
    client = client_of(city, "supervisor")
    address = begin(client, "1-01")["Location"]  # type: ignore[index]
    answer = client.post(address, fields(**{"acceptance": "验收单齐全", **given}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    html = answer.content.decode()
    assert f'id="id_{field}-error"' in html
    assert "验收单齐全" in html
    assert Terms.objects.get(amendment__number=1).acceptance == ""


def test_a_lead_that_is_closed_is_named_with_its_successor(city: cast.City) -> None:
    gone = city.departments["scx"]
    type(gone).objects.filter(pk=gone.pk).update(until_on=dt.date(2022, 6, 30), successor=city.departments["gxj"])
    client = client_of(city, "supervisor")
    answer = client.post(begin(client, "1-01")["Location"], fields(lead=str(gone.pk)))  # type: ignore[index]
    assert "由市工业和信息化局接续" in answer.content.decode()


def test_a_day_that_has_passed_is_refused(city: cast.City) -> None:
    answer = begin(client_of(city, "supervisor"), "1-01", from_on="2022-10-16")
    assert list(answer.context["form"].errors) == ["from_on"]  # type: ignore[attr-defined]
    assert not Amendment.objects.filter(number=1).exists()


def test_sent_twice_it_is_made_once(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    begin(client, "1-01")
    begin(client, "1-01")
    assert Amendment.objects.filter(number__gt=0).count() == 1


def test_two_who_change_one_item_both_see_what_the_other_wrote(city: cast.City) -> None:
    first, second = client_of(city, "supervisor"), client_of(city, "supervisor2")
    address = begin(first, "1-01")["Location"]  # type: ignore[index]
    first.post(address, fields(value="3000"))
    late = second.post(address, fields(value="2500"))
    html = late.content.decode()
    assert late.status_code == 409
    assert 'value="2500"' in html
    assert "<dd>3000</dd>" in html


def test_several_items_bands_and_a_rejection(city: cast.City) -> None:
    client, second = client_of(city, "supervisor"), client_of(city, "supervisor2")
    begin(client, "1-01", "2-02", share_yellow="-12")
    made = Amendment.objects.get(number=1)
    page = f"/amendments/{made.pk}/"
    assert "黄灯 ≥ -12" in client.get(page).content.decode()
    assert client.post(page, {"do": "drop", "code": "1-01", "version": "0"}).status_code == 302
    assert client.post(page, {"do": "add", "code": "9-99", "version": "1"}).status_code == 422
    steps = {"step-0-name": "设计", "step-0-due": "2022-11-30", "step-0-weight": "1", "step-1-name": "开工", "step-1-due": "", "step-1-weight": "1"}
    terms = Terms.objects.get(amendment=made)
    task = {"name": "开工", "name_en": "Start", "goal": terms.goal_id, "lead": terms.lead_id, "weight": "1", "due_on": "2022-12-31", "version": "1", **steps}
    assert "请填写节点的完成日" in client.post(f"{page}items/2-02/", task).content.decode()
    assert client.post(f"{page}items/2-02/", {**task, "step-1-due": "2022-12-31"}).status_code == 302
    assert list(Terms.objects.get(amendment=made).steps.values_list("name", flat=True)) == ["设计", "开工"]
    assert second.post(page, {"do": "reject", "version": "2", "why": ""}).status_code == 422
    assert second.post(page, {"do": "reject", "version": "2", "why": "理由不足"}).status_code == 302
    assert "理由不足" in client.get(page).content.decode()
    assert client.post(page, {"do": "publish", "version": "2"}).status_code == 422


def test_who_is_no_supervisor_neither_sees_nor_makes_a_proposal(city: cast.City) -> None:
    begin(client_of(city, "supervisor"), "1-01")
    made = Amendment.objects.get(number=1)
    for login in ("reporter", "reviewer", "leader", "builder"):
        client = client_of(city, login)
        assert [client.get(f"/amendments/{made.pk}/").status_code, client.get(NEW).status_code] == [404, 404]
    assert client_of(city, "auditor").post(f"/amendments/{made.pk}/", {"do": "publish", "version": "0"}).status_code == 404


def test_the_pages_take_the_same_statements_with_one_item_and_with_three(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    taken: dict[str, set[int]] = {"list": set(), "page": set()}
    for codes in (("1-01",), ("1-01", "1-02", "2-01")):
        words = {"reason": "调整", "basis": "纪要", "from_on": dt.date(2022, 11, 1), "changes": {code: Change(supports={}) for code in codes}}
        made = amending.propose(city.plan, city.person("supervisor"), AT, **words)  # type: ignore[arg-type]
        for name, address in (("list", "/amendments/"), ("page", f"/amendments/{made.pk}/")):
            with CaptureQueriesContext(connection) as statements:
                assert client.get(address).status_code == 200
            taken[name].add(len(statements))
    assert {name: len(numbers) for name, numbers in taken.items()} == {"list": 1, "page": 1}, taken


def test_what_waits_for_a_person_is_counted_in_the_head_and_not_what_he_wrote(city: cast.City) -> None:
    def counted(login: str) -> int:
        page = client_of(city, login).get("/amendments/")
        return next(section.count for section in page.context["sections"] if section.name == "amendments")

    assert [counted(login) for login in ("supervisor", "supervisor2", "reviewer", "leader")] == [0, 0, 0, 0]
    begin(client_of(city, "supervisor"), "1-01")
    assert [counted(login) for login in ("supervisor", "supervisor2", "reviewer", "leader")] == [0, 1, 0, 0]
    path = pathing.Path("at_end")
    given = {"reason": "按施工安排", "basis": "", "from_on": dt.date(2022, 11, 1)}
    pathing.draft(city.item("1-02"), path, city.person("reporter"), AT, **given)
    assert [counted(login) for login in ("supervisor2", "reviewer", "builders_head")] == [1, 1, 0]
    pathing.endorse(Amendment.objects.get(state="drafted"), city.person("reviewer"), AT, 0)
    assert [counted(login) for login in ("supervisor", "supervisor2", "reviewer")] == [1, 2, 0]
