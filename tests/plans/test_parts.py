"""An item is shared out over counties: own targets, how they add up, what is left; the whole stands above, the parts with whose they are."""

import csv
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import clock
from people.models import AuditEntry
from people.workdays import seed_workdays
from plans import amending
from plans.arithmetic.parts import combine, remainder
from plans.checking import check_list
from plans.editing import log
from plans.editing.parts import Part, parts_of, share_out
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.exporting import export_plan
from plans.importing import load_draft, load_plan, publish_first
from plans.models import Amendment, Item, Plan, Target, Terms
from plans.parting import propose_parts
from tests import cast
from tests.cast import noon
from tests.tracker.answers import answer
from tests.tracker.stood import client_of
from tracker import rollup
from tracker.foreseeing import foresee
from tracker.models import Duty, Standing
from tracker.periods import open_due

D = Decimal
AT = noon("2022-01-05")


@pytest.mark.parametrize(
    ("adding", "values", "downwards", "value", "missing"),
    [
        ("sum", {"a": D(3), "b": D("4.5")}, False, Fraction(15, 2), ()),
        ("sum", {"a": D(3), "b": None}, False, Fraction(3), ("b",)),
        ("sum", {"a": None}, False, None, ("a",)),
        ("weighted", {"a": D(90), "b": D(60)}, False, Fraction(80), ()),
        ("weighted", {"a": D(90), "b": None}, False, Fraction(90), ("b",)),
        ("minimum", {"a": D(90), "b": D(60)}, False, Fraction(60), ()),
        ("minimum", {"a": D(90), "b": D(60)}, True, Fraction(90), ()),
        ("all", {"a": D(90), "b": D(60)}, False, Fraction(60), ()),
    ],
)
def test_parts_make_a_whole_and_what_is_missing_is_no_nought(adding: Any, values: Any, downwards: bool, value: Fraction | None, missing: Any) -> None:
    whole = combine(adding, values, {"a": D(2), "b": D(1)}, downwards=downwards)
    assert (whole.value, whole.missing, whole.complete) == (value, missing, value is not None and not missing)


def test_what_is_left_of_the_target() -> None:
    assert remainder("sum", D(84), [D(30), D(50)], [D(1), D(1)]) == 4
    assert remainder("weighted", D(35), [D(30), D(50)], [D(3), D(1)]) == 0
    assert remainder("sum", None, [D(1)], [D(1)]) is None
    assert remainder("sum", D(84), [], []) is None


# the draft ------------------------------------------------------------------------------------------------------------


def items() -> list[dict[str, Any]]:
    farmland = [cast.target(comparator="at_least", value="84", unit="万亩")]
    return [
        cast.item(
            "3-01", "新建高标准农田", targets=farmland, lead="市工业和信息化局", profile="shares", shares=["5", "25", "60", "100"], measure={"code": "farmland"}
        ),
        cast.item("3-02", "完成造林", targets=[cast.target(comparator="at_least", value="4", unit="万亩")]),
    ]


@pytest.fixture
def city(db: None) -> cast.City:
    return cast.city()


@pytest.fixture
def draft(city: cast.City) -> Plan:
    return load_draft(city.government, cast.body(items(), code="draft"), city.person("supervisor"), AT)


def keys(city: cast.City) -> tuple[int, int]:
    return city.departments["scx"].pk, city.departments["zjj"].pk


def share(city: cast.City, plan: Plan, parts: dict[int, Part], adding: str = "sum", login: str = "supervisor", version: int | None = None) -> Item:
    item = plan.items.get(code="3-01")
    at = item.terms.get().version if version is None else version
    share_out(item, adding, parts, city.person(login), AT, at)
    return item


@pytest.mark.django_db
def test_each_part_is_an_item_with_its_own_target_path_lead_and_measure(city: cast.City, draft: Plan) -> None:
    county, bureau = keys(city)
    item = share(city, draft, {county: Part(D(30), shares="10/20/70/100"), bureau: Part(D(50))})
    parts = {p.code: p for p in item.parts.order_by("code")}
    assert list(parts) == ["3-01.scx", "3-01.zjj"]
    terms = parts["3-01.scx"].terms.get()
    assert (terms.name, terms.lead_id, terms.shares, terms.goal_id) == ("新建高标准农田（上蔡县）", county, "10/20/70/100", item.terms.get().goal_id)
    assert [(t.value, t.comparator, t.unit) for t in terms.targets.all()] == [(D(30), "at_least", "万亩")]
    assert (parts["3-01.scx"].measure.reporter_id, parts["3-01.scx"].measure.unit) == (county, "万亩")
    assert parts["3-01.zjj"].terms.get().shares == "5/25/60/100"
    assert (item.terms.get().adding, parts_of(item).left) == ("sum", Fraction(4))
    assert AuditEntry.objects.filter(verb="item shared out").count() == 1


@pytest.mark.django_db
def test_a_part_is_changed_added_taken_away_and_all_is_undone(city: cast.City, draft: Plan) -> None:
    county, bureau = keys(city)
    item = share(city, draft, {county: Part(D(30)), bureau: Part(D(50))})
    kept = item.parts.get(code="3-01.scx").pk
    share(city, draft, {county: Part(D(84))})
    assert [(p.pk, p.terms.get().targets.get().value) for p in item.parts.all()] == [(kept, D(84))]
    log.undo(draft, city.person("supervisor"), AT)
    assert sorted(item.parts.values_list("code", flat=True)) == ["3-01.scx", "3-01.zjj"]
    share(city, draft, {})
    assert (item.parts.count(), item.terms.get().adding) == (0, "")


@pytest.mark.django_db
def test_what_cannot_be_is_said_at_its_field(city: cast.City, draft: Plan) -> None:
    county, bureau = keys(city)
    with pytest.raises(Wrong) as wrong:
        share(city, draft, {county: Part(None), bureau: Part(D(1), weight=D(-1)), 10**6: Part(D(1))}, adding="")
    assert wrong.value.fields == {
        "adding": "请选择各部分怎样合成总数。", f"value-{county}": "请填写目标值。", f"value-{bureau}": "权重须大于 0。", f"value-{10**6}": "没有这一项，请重新选择。",
    }  # fmt: skip
    item = share(city, draft, {county: Part(D(30))})
    with pytest.raises(NotAllowed, match="本身是分解项"):
        share_out(item.parts.get(), "sum", {bureau: Part(D(1))}, city.person("supervisor"), AT, 0)
    with pytest.raises(Overtaken):
        share(city, draft, {county: Part(D(31))}, version=0)
    with pytest.raises(NotAllowed):
        share(city, draft, {county: Part(D(31))}, login="reporter")


@pytest.mark.django_db
def test_parts_that_do_not_make_the_target_are_a_line_of_the_check_list(city: cast.City, draft: Plan) -> None:
    county, bureau = keys(city)
    share(city, draft, {county: Part(D(30)), bureau: Part(D("50.5"))})
    assert [(line.code, line.kind, line.about) for line in check_list(draft)] == [("3-01", "parts", "各部分合成后与目标相差 3.5")]
    share(city, draft, {county: Part(D(30)), bureau: Part(D(54))})
    assert check_list(draft) == []


@pytest.mark.django_db
def test_the_export_loads_again_as_the_same(city: cast.City, draft: Plan) -> None:
    county, bureau = keys(city)
    share(city, draft, {county: Part(D(30)), bureau: Part(D(50))})
    body = export_plan(draft)
    assert [(i["code"], i.get("part_of"), i.get("adding")) for i in body["items"]] == [
        ("3-01", None, "sum"), ("3-01.scx", "3-01", None), ("3-01.zjj", "3-01", None), ("3-02", None, None),
    ]  # fmt: skip
    again = load_plan(cast.stranger_city().government, body)
    assert export_plan(again) == body


@pytest.mark.django_db
def test_the_page_shares_out_and_shows_what_is_left(city: cast.City, draft: Plan) -> None:
    county, bureau = keys(city)
    client, url = client_of(city, "supervisor"), "/plans/draft/items/3-01/parts/"
    version = client.get(url).context["page"].terms.version
    wrong = client.post(url, {"version": version, "adding": "sum", f"value-{county}": "三十", f"value-{bureau}": "50"})
    assert (wrong.status_code, "请填数字。" in wrong.content.decode(), 'value="三十"' in wrong.content.decode()) == (422, True, True)
    for typed, words in (({f"value-{bureau}": "1e400"}, "数值过大"), ({f"value-{bureau}": "50", f"shares-{bureau}": "五成"}, "分期比例写成")):
        refused = client.post(url, {"version": version, "adding": "sum", **typed})
        assert (refused.status_code, words in refused.content.decode()) == (422, True)
    done = client.post(url, {"version": version, "adding": "sum", f"value-{bureau}": "５０", f"weight-{bureau}": "1"})
    assert done["Location"] == f"{url}?saved=1"
    html = client.get(url).content.decode()
    assert "<b data-left>34</b>" in html
    late = client.post(url, {"version": version, "adding": "sum", f"value-{bureau}": "60"})
    assert (late.status_code, 'value="60"' in late.content.decode()) == (409, True)
    assert [client_of(city, login).get(url).status_code for login in ("reporter", "auditor")] == [404, 200]
    assert client_of(city, "auditor").post(url, {}).status_code == 404


@pytest.mark.django_db
def test_the_page_takes_the_same_statements_with_one_part_and_with_three(city: cast.City, draft: Plan) -> None:
    client, url, taken = client_of(city, "supervisor"), "/plans/draft/items/3-01/parts/", set()
    every = [d.pk for code, d in city.departments.items() if code in ("scx", "zjj", "gxj")]
    for n in (1, 3):
        share(city, draft, {key: Part(D(10)) for key in every[:n]})
        client.get(url)
        with CaptureQueriesContext(connection) as statements:
            client.get(url)
        taken.add(len(statements))
    assert len(taken) == 1


# what became of it ----------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(city: cast.City, draft: Plan) -> Plan:
    """The draft with two parts, published; the county has told 12, the bureau nothing, the whole nothing."""
    seed_workdays([2022])
    county, bureau = keys(city)
    share(city, draft, {county: Part(D(30)), bureau: Part(D(54))})
    publish_first(draft, Amendment.objects.get(plan=draft, number=0))
    open_due(city.government, noon("2022-09-25"))
    city.plan = draft
    answer(city, "3-01.scx", "2022Q3", "12")
    return draft


def lights(city: cast.City) -> dict[str, dict[str, Any]]:
    rollup.take(city.government, noon("2022-10-17"))
    rows = Standing.objects.of(city.government).at(city.government.run).filter(item__isnull=True)
    return {row.subject: row.counts for row in rows}


@pytest.mark.django_db
def test_a_part_counts_for_its_department_and_above_the_whole_stands_for_it(city: cast.City, shared: Plan) -> None:
    nodes = lights(city)
    county, _bureau = keys(city)
    assert (nodes[f"plan:{shared.pk}"]["items"], nodes[f"department:{county}"]["items"]) == (2, 1)
    assert nodes[f"government:{city.government.pk}"]["items"] == 8
    client = client_of(city, "supervisor")
    for query, n in (("?plan=draft", 2), ("?department=scx&plan=draft", 1), ("?q=高标准农田", 1)):
        file = b"".join(client.get(f"/items/{query}&export=csv")).decode("utf-8-sig")
        assert len(list(csv.reader(file.splitlines()))) == n + 1
    assert [row.code for row in client.get("/departments/scx/").context["page"].leads[0][1]] == ["3-01.scx"]


@pytest.mark.django_db
def test_the_items_page_shows_the_parts_and_names_who_is_missing(city: cast.City, shared: Plan) -> None:
    lights(city)
    page = client_of(city, "supervisor").get("/items/draft/3-01/").context["shared"]
    assert ([row.code for row in page.rows], page.value, page.missing) == (["3-01.zjj", "3-01.scx"], "12 万亩", ["市住建局"])
    html = client_of(city, "supervisor").get("/items/draft/3-01/").content.decode()
    assert "还没有这一期的数：市住建局。不按零计。" in html
    assert "还没有这一期的数：市住建局。不按零计。" in client_of(city, "supervisor").get("/items/draft/3-01/why/").content.decode()


@pytest.mark.django_db
def test_the_lead_sees_what_the_parts_have_told_before_it_answers_for_the_whole(city: cast.City, shared: Plan, settings: Any) -> None:
    duty = Duty.objects.get(measure__code="farmland", period__year=2022, period__number=3)
    html = client_of(city, "reporter").get(f"/reports/{duty.pk}/").content.decode()
    assert "合成 12 万亩" in html
    assert "未报：市住建局，不按零计。" in html
    other = Duty.objects.filter(measure__code="m-3-02").first()
    assert other is not None
    assert "各单位上报" not in client_of(city, "reporter").get(f"/reports/{other.pk}/").content.decode()


@pytest.mark.django_db
def test_what_is_published_is_shared_out_anew_by_two_people_only(city: cast.City, shared: Plan) -> None:
    county, _bureau = keys(city)
    with pytest.raises(NotAllowed, match="请提出目标调整"):
        share(city, shared, {county: Part(D(99))})
    whole, third, day = shared.items.get(code="3-01"), city.departments["gxj"].pk, dt.date(2022, 7, 1)
    parts = {county: Part(D(24)), third: Part(D(60))}
    given = {"reason": "县区任务调整", "basis": "会议纪要", "from_on": day}
    amendment = propose_parts(whole, "sum", parts, city.person("supervisor"), noon("2022-06-20"), **given)
    before = foresee(amendment, noon("2022-06-20"))
    assert [one.now for one in before.values() if one.subject == f"item:{whole.parts.get(code='3-01.gxj').pk}"] == [None]
    with pytest.raises(amending.NotAllowed, match="不能自己发布"):
        amending.publish(amendment, city.person("supervisor"), noon("2022-06-21"))
    amending.publish(amendment, city.person("supervisor2"), noon("2022-06-21"))
    assert values(whole, "2022-06-30") == {"3-01.scx": D(30), "3-01.zjj": D(54)}
    assert values(whole, "2022-07-01") == {"3-01.scx": D(24), "3-01.gxj": D(60)}
    assert parts_of(whole, day).left == 0
    assert Terms.objects.get(item__code="3-01.gxj").lead_id == third


def values(whole: Item, day: str) -> dict[str, Decimal | None]:
    terms = Terms.objects.filter(item__part_of=whole, withdrawn=False).in_force(dt.date.fromisoformat(day))
    return {t.item.code: t.targets.get().value for t in terms.select_related("item")}


@pytest.mark.django_db
def test_a_sharing_that_was_set_aside_leaves_nothing_and_can_be_proposed_again(city: cast.City, shared: Plan) -> None:
    whole, third = shared.items.get(code="3-01"), city.departments["gxj"].pk
    parts = {**{key: Part(value) for key, value in zip(keys(city), (D(30), D(54)), strict=True)}, third: Part(D(1))}
    given = {"reason": "增加一家", "basis": "会议纪要", "from_on": dt.date(2022, 7, 1)}
    first = propose_parts(whole, "sum", parts, city.person("supervisor"), noon("2022-06-20"), **given)
    amending.reject(first, city.person("supervisor2"), noon("2022-06-21"), "不合适")
    assert values(whole, "2022-12-31") == {"3-01.scx": D(30), "3-01.zjj": D(54)}
    again = propose_parts(whole, "sum", parts, city.person("supervisor"), noon("2022-06-22"), **given)
    amending.publish(again, city.person("supervisor2"), noon("2022-06-23"))
    assert values(whole, "2022-12-31")["3-01.gxj"] == D(1)
    with pytest.raises(amending.NotAllowed, match="没有改动"):
        propose_parts(whole, "sum", parts, city.person("supervisor"), noon("2022-06-24"), **{**given, "from_on": dt.date(2022, 8, 1)})


@pytest.mark.django_db
def test_the_page_of_a_published_plan_proposes(city: cast.City, shared: Plan, settings: Any) -> None:
    county, bureau = keys(city)
    client, url = client_of(city, "supervisor"), "/plans/draft/items/3-01/parts/"
    form = {"adding": "sum", f"value-{county}": "20", f"value-{bureau}": "54"}
    lacking = client.post(url, form)
    assert (lacking.status_code, lacking.context["form"].errors.keys() >= {"reason", "basis", "from_on"}) == (422, True)
    today = clock.today(cast.ZONE)
    later, past = (today + dt.timedelta(days=1)).isoformat(), (today - dt.timedelta(days=1)).isoformat()
    back = client.post(url, {**form, "reason": "调整", "basis": "纪要", "from_on": past})
    assert (back.status_code, [*back.context["form"].errors]) == (422, ["from_on"])  # days that are over keep what was promised then
    assert client.post(url, {**form, "reason": "调整", "basis": "纪要", "from_on": later})["Location"] == f"{url}?proposed=1"
    assert "已提出第 1 号目标调整" in client.get(f"{url}?proposed=1").content.decode()
    assert Target.objects.get(terms__item__code="3-01.scx", terms__published_at__isnull=False).value == 30
