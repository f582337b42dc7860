"""A draft is made and changed row by row; every deed can be taken back, leaves a trace, and refuses who may not or came too late."""

import datetime as dt
from typing import Any

import pytest

from people.models import AuditEntry, Department
from plans.editing import goals, items, log
from plans.editing.drafts import change_plan, create_plan
from plans.editing.items import draft_terms
from plans.editing.proposing import lead_proposals
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.rows import ItemChange
from plans.exporting import export_plan
from plans.importing import load_draft
from plans.models import DraftChange, Goal, Item, Measure, Passage, PassageLink, Plan, Target, Terms
from tests import cast
from tests.cast import d

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-03-02")
END = dt.date(2022, 12, 31)


class Desk:
    """A draft of two chapters with two indicators and a task, and the supervisor at it."""

    def __init__(self) -> None:
        self.city = cast.city()
        self.by = self.city.person("supervisor")
        rows = [
            cast.item("1-01", "新增企业", goal=["一、工业"], targets=[cast.target(comparator="at_least", value="20", unit="家")]),
            cast.item("1-02", "新增用工", goal=["一、工业"], targets=[cast.target(comparator="at_least", value="300", unit="人")]),
            cast.item("2-01", "开工污水厂", goal=["二、城乡"], kind="task", profile="at_end", targets=[cast.target()]),
        ]
        for row in rows:
            row["measure"] |= {"code": f"next-{row['code']}"}
        self.plan = load_draft(self.city.government, cast.body(rows, code="next"), self.by, AT)

    def item(self, code: str) -> Item:
        return Item.objects.get(plan=self.plan, code=code)

    def terms(self, code: str) -> Terms:
        return draft_terms(self.item(code))

    def goal(self, title: str) -> Goal:
        return Goal.objects.get(plan=self.plan, title=title)

    def change(self, code: str, **given: Any) -> None:
        item = self.item(code)
        items.change_item(item, ItemChange(**given), self.by, AT, draft_terms(item).version)

    def export(self) -> list[dict[str, Any]]:
        return export_plan(Plan.objects.select_related("document").get(pk=self.plan.pk))["items"]

    def state(self) -> tuple[Any, ...]:
        """All that a change of rows or tree can touch."""
        tree = list(Goal.objects.filter(plan=self.plan).order_by("path").values_list("title", "title_en", "path", "parent__title"))
        measures = list(Measure.objects.filter(items__plan=self.plan).order_by("code").values_list("code", "name", "unit", "kind", "reporter"))
        return self.export(), tree, measures, sorted(PassageLink.objects.values_list("item__code"))

    def codes(self) -> list[str]:
        return list(Item.objects.filter(plan=self.plan).order_by("position").values_list("code", flat=True))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_plan_is_created_with_its_document_and_bands(desk: Desk) -> None:
    paper = {"title": "政府工作报告", "number": "〔2023〕1号", "issuer": "市政府", "date": dt.date(2023, 1, 20)}
    head = {
        "code": "report-2023",
        "title": "2023年工作报告",
        "title_en": "",
        "start": dt.date(2023, 1, 1),
        "end": dt.date(2023, 12, 31),
        "cycle_id": desk.plan.cycle_id,
    }
    plan = create_plan(desk.city.government, paper, head, desk.by, AT)
    assert (plan.state, plan.document.number, plan.bands.count(), plan.amendments.get().from_on) == ("draft", "〔2023〕1号", 3, dt.date(2023, 1, 1))
    with pytest.raises(Wrong) as again:
        create_plan(desk.city.government, paper, head, desk.by, AT)
    assert sorted(again.value.fields) == ["code", "document-number"]
    change_plan(plan, {"title": "工作报告", "end": dt.date(2023, 11, 30)}, desk.by, AT, 0)
    with pytest.raises(Overtaken):
        change_plan(plan, {"title": "另一个"}, desk.by, AT, 0)
    with pytest.raises(Wrong, match="结束日"):
        change_plan(plan, {"end": dt.date(2022, 1, 1)}, desk.by, AT, 1)


def test_a_new_item_takes_the_next_code_and_its_own_measure(desk: Desk) -> None:
    lead = desk.city.departments["gxj"].pk
    change = ItemChange(terms={"name": "新增专利", "lead_id": lead}, final={"comparator": "at_least", "value": d("5"), "unit": "件", "due_on": END})
    made = items.add_item(desk.plan, desk.goal("一、工业"), change, desk.by, AT)
    row = next(r for r in desk.export() if r["code"] == made.code)
    assert (made.code, desk.codes(), row["targets"][0]["value"], row["unit"], row["lead"]) == (
        "1-03",
        ["1-01", "1-02", "1-03", "2-01"],
        "5",
        "件",
        "市工业和信息化局",
    )
    assert (row["measure"]["code"], row["measure"]["reporter"], Measure.objects.get(code="next-1-03").unit) == ("next-1-03", "市工业和信息化局", "件")


def test_every_change_is_undone_and_done_again_as_it_was(desk: Desk) -> None:
    passage = Passage.objects.create(government=desk.city.government, document=desk.plan.document, position=1, locator="一", text="新增企业")
    PassageLink.objects.create(government=desk.city.government, item=desk.item("1-01"), passage=passage, length=2)
    zjj = desk.city.departments["zjj"].pk
    target = {"role": "interim", "from_on": dt.date(2021, 12, 31), "due_on": dt.date(2022, 6, 30), "comparator": "at_least", "value": d("8"), "unit": "家"}
    final = {**target, "role": "final", "due_on": END, "value": d("30")}
    steps = [{"name": "选址", "due_on": dt.date(2022, 6, 30), "weight": d("1")}, {"name": "开工", "due_on": END, "weight": d("2")}]
    deeds = [
        lambda: desk.change("1-01", terms={"name": "净增企业", "lead_id": zjj, "baseline": d("3"), "baseline_on": dt.date(2021, 12, 31)}, targets=[target, final]),
        lambda: desk.change("2-01", steps=steps, supports={zjj: "出资"}),
        lambda: desk.change("1-02", item={"kind": "task"}),
        lambda: items.set_many(desk.plan, [desk.item("1-01"), desk.item("2-01")], ItemChange(terms={"binding": True}, final={"due_on": dt.date(2022, 9, 30)}), desk.by, AT),
        lambda: items.split_item(desk.item("1-01"), ["新增大企业", "新增小企业"], desk.by, AT, desk.terms("1-01").version),
        lambda: items.merge_items(desk.plan, [desk.item("1-02"), desk.item("2-01")], desk.by, AT),
        lambda: goals.add_goal(desk.plan, desk.goal("一、工业"), "（一）企业", desk.by, AT),
        lambda: goals.move_goal(desk.goal("二、城乡"), None, desk.by, AT, before=desk.goal("一、工业")),
        lambda: items.delete_items(desk.plan, [desk.item("1-01")], desk.by, AT),
        lambda: goals.change_goal(desk.goal("（一）企业"), "（一）大企业", "Large enterprises", desk.by, AT, desk.goal("（一）企业").version),
    ]  # fmt: skip
    states = [desk.state()]
    for deed in deeds:
        deed()
        states.append(desk.state())
    assert len({str(state) for state in states}) == len(states)
    for before in reversed(states[:-1]):
        log.undo(desk.plan, desk.by, AT)
        assert desk.state() == before
    assert set(DraftChange.objects.values_list("state", flat=True)) == {"undone"}
    with pytest.raises(NotAllowed, match="没有可以撤销"):
        log.undo(desk.plan, desk.by, AT)
    for after in states[1:]:
        log.redo(desk.plan, desk.by, AT)
        assert desk.state() == after
    assert AuditEntry.objects.filter(subject=f"plan:{desk.plan.pk}").count() == 1 + 3 * len(deeds)


def test_what_another_person_changed_since_is_not_taken_back(desk: Desk) -> None:
    other = desk.city.person("supervisor2")
    desk.change("1-01", terms={"name": "甲"})
    items.change_item(desk.item("1-01"), ItemChange(terms={"name": "乙"}), other, AT, desk.terms("1-01").version)
    with pytest.raises(NotAllowed, match="又有人改了同一处"):
        log.undo(desk.plan, desk.by, AT)
    log.undo(desk.plan, other, AT)
    log.undo(desk.plan, desk.by, AT)
    assert desk.terms("1-01").name == "新增企业"


def test_a_new_change_ends_what_could_be_done_again(desk: Desk) -> None:
    desk.change("1-01", terms={"name": "甲"})
    log.undo(desk.plan, desk.by, AT)
    desk.change("1-02", terms={"name": "乙"})
    with pytest.raises(NotAllowed, match="没有可以重做"):
        log.redo(desk.plan, desk.by, AT)


def test_the_second_of_two_editors_is_refused(desk: Desk) -> None:
    seen = desk.terms("1-01").version
    desk.change("1-01", terms={"name": "甲"})
    with pytest.raises(Overtaken):
        items.change_item(desk.item("1-01"), ItemChange(terms={"name": "乙"}), desk.city.person("supervisor2"), AT, seen)
    assert desk.terms("1-01").name == "甲"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"item": {"code": "1-02"}}, "code"),
        ({"item": {"code": "a/b"}}, "code"),
        ({"terms": {"name": " "}}, "name"),
        ({"terms": {"weight": d("-1")}}, "weight"),
        ({"terms": {"profile": "shares", "shares": "50/25/100"}}, "shares"),
        ({"terms": {"profile": "shares"}}, "shares"),
        ({"terms": {"lead_id": 0}}, None),
        ({"terms": {"lead_id": 10**9}}, "lead"),
        ({"final": {"due_on": dt.date(2021, 12, 31)}}, "targets-0-due_on"),
        ({"final": {"comparator": "between", "value": d("3"), "value_high": d("2")}}, "targets-0-value_high"),
        ({"final": {"value": d("1e12")}}, "targets-0-value"),
        ({"steps": [{"name": "开工", "due_on": END, "weight": d("-1")}]}, "steps-0-weight"),
    ],
)
def test_each_refusal_belongs_to_a_field_and_nothing_is_written(desk: Desk, given: dict[str, Any], field: str | None) -> None:
    before = desk.export()
    if field is None:
        given = {"terms": {"lead_id": _closed(desk)}}
    with pytest.raises(Wrong) as refused:
        desk.change("1-01", **given)
    assert (list(refused.value.fields), desk.export()) == ([field or "lead"], before)


def _closed(desk: Desk) -> int:
    department = desk.city.departments["zjj"]
    Department.objects.filter(pk=department.pk).update(until_on=dt.date(2022, 6, 30), successor=desk.city.departments["gxj"])
    return department.pk


def test_a_split_keeps_source_lead_and_day_and_a_merge_joins_the_sources(desk: Desk) -> None:
    desk.change("1-01", terms={"locator": "一（一）1"})
    made = items.split_item(desk.item("1-01"), ["新增甲", "新增乙", " ", "新增丙"], desk.by, AT, desk.terms("1-01").version)
    rows = {r["code"]: r for r in desk.export()}
    assert [one.code for one in made] == ["1-01", "1-03", "1-04"]
    assert {(rows[c]["source"]["locator"], rows[c]["lead"], rows[c]["targets"][0]["due"]) for c in ("1-01", "1-03", "1-04")} == {
        ("一（一）1", "市工业和信息化局", "2022-12-31")
    }
    assert [rows[c]["targets"][0]["value"] for c in ("1-01", "1-03")] == ["20", None]
    assert desk.codes() == ["1-01", "1-03", "1-04", "1-02", "2-01"]
    desk.change("1-02", terms={"lead_id": desk.city.departments["zjj"].pk, "locator": "一（一）2"})
    items.merge_items(desk.plan, [desk.item("1-01"), desk.item("1-02")], desk.by, AT)
    row = next(r for r in desk.export() if r["code"] == "1-01")
    assert (row["source"]["locator"], row["supporting"], desk.codes()) == ("一（一）1；一（一）2", ["市住房和城乡建设局"], ["1-01", "1-03", "1-04", "2-01"])


def test_rows_move_within_their_goal_and_codes_stay(desk: Desk) -> None:
    items.move_item(desk.item("1-02"), desk.by, AT, up=True)
    assert desk.codes() == ["1-02", "1-01", "2-01"]
    items.move_item(desk.item("1-02"), desk.by, AT, up=True)  # the first stays the first
    desk.change("1-01", terms={"goal_id": desk.goal("二、城乡").pk})
    assert desk.codes() == ["1-02", "1-01", "2-01"]


def test_the_tree_runs_in_no_circle_and_a_full_goal_stays(desk: Desk) -> None:
    first = desk.goal("一、工业")
    inner = goals.add_goal(desk.plan, first, "（一）企业", desk.by, AT)
    with pytest.raises(Wrong, match="自己"):
        goals.move_goal(first, inner, desk.by, AT)
    with pytest.raises(Wrong, match="同一级已有"):
        goals.add_goal(desk.plan, None, "一、工业", desk.by, AT)
    with pytest.raises(NotAllowed, match="还有目录或事项"):
        goals.delete_goal(first, desk.by, AT)
    goals.delete_goal(inner, desk.by, AT)
    goals.shift_goal(first, desk.by, AT, up=False)
    assert (list(Goal.objects.filter(plan=desk.plan).values_list("title", "path")), desk.codes()) == (
        [("二、城乡", "001/"), ("一、工业", "002/")],
        ["2-01", "1-01", "1-02"],
    )


def test_a_measure_that_others_read_is_not_changed_here(desk: Desk) -> None:
    cloud = desk.city.measure("cloud")
    desk.change("1-01", item={"measure_id": cloud.pk})
    assert not Measure.objects.filter(code="next-1-01").exists()
    with pytest.raises(Wrong, match="同一指标口径"):
        desk.change("1-01", measure={"definition": "另一口径"})
    log.undo(desk.plan, desk.by, AT)
    assert desk.item("1-01").measure.code == "next-1-01"


def test_leads_are_proposed_from_published_plans_by_measure_then_by_name(desk: Desk) -> None:
    change = ItemChange(terms={"lead_id": None})
    desk.change("1-01", item={"measure_id": desk.city.measure("gdp").pk}, terms={"lead_id": None})
    desk.change("1-02", terms={"name": "新增 5G 基站", "lead_id": None})
    desk.change("2-01", terms=change.terms)
    found = lead_proposals(desk.plan)
    assert [(p.item.code, p.lead.short, p.same_measure) for p in found] == [("1-01", "市统计局", True), ("1-02", "市工信局", False)]
    items.lead_each(desk.plan, {p.item: p.lead.pk for p in found}, desk.by, AT)
    assert [r["lead"] for r in desk.export()] == ["市统计局", "市工业和信息化局", None]
    log.undo(desk.plan, desk.by, AT)
    assert len(lead_proposals(desk.plan)) == 2


@pytest.mark.parametrize("who", ["reporter", "auditor", "administrator", "stranger"])
def test_only_supervisors_of_the_government_edit(desk: Desk, who: str) -> None:
    by = cast.stranger_city().person("supervisor") if who == "stranger" else desk.city.person(who)
    with pytest.raises(NotAllowed):
        items.change_item(desk.item("1-01"), ItemChange(terms={"name": "甲"}), by, AT, 0)
    with pytest.raises(NotAllowed):
        log.undo(desk.plan, by, AT)


def test_a_published_plan_points_to_amendments(desk: Desk) -> None:
    plan = desk.city.plan
    goal = Goal.objects.filter(plan=plan).first()
    assert goal
    for deed in (
        lambda: items.add_item(plan, goal, ItemChange(terms={"name": "甲"}), desk.by, AT),
        lambda: items.delete_items(plan, [desk.city.item("1-01")], desk.by, AT),
        lambda: goals.add_goal(plan, None, "甲", desk.by, AT),
        lambda: change_plan(plan, {"title": "甲"}, desk.by, AT, 0),
    ):
        with pytest.raises(NotAllowed, match="目标调整"):
            deed()
    assert Target.objects.filter(terms__item__plan=plan).count() == 6


def test_items_of_another_plan_are_not_swept_along(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="不属于"):
        items.set_many(desk.plan, [desk.city.item("1-01")], ItemChange(terms={"binding": True}), desk.by, AT)
