"""The editor's pages: rows typed, saved, refused at their field, shown again to whoever came second; the same without script."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.checking import open_checks
from plans.editing import items
from plans.editing.rows import ItemChange
from plans.importing import load_draft
from plans.models import CheckAnswer, Goal, Item, Measure, Plan, Target, Terms
from plans.queries.editor import COLUMNS
from tests import cast
from tests.cast import d
from tests.plans.test_editing import AT, Desk
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
HERE = "/plans/next/edit/"


@pytest.fixture
def desk() -> Desk:
    return Desk()


class Page:
    """The editor in a browser without script: the form as it came, changed and sent."""

    def __init__(self, desk: Desk, login: str = "supervisor", query: str = "") -> None:
        self.desk, self.client = desk, client_of(desk.city, login)
        self.read(self.client.get(HERE + query))

    def read(self, answer: Any) -> None:
        assert answer.status_code in (200, 422), answer.status_code
        page, blank = answer.context["page"], answer.context["blank"]
        self.form: dict[str, Any] = {"goal": page.goal.path if page.goal else "", "page": page.page, "key": answer.context["key"], "row": []}
        self.form["into"] = answer.context["into"].pk if answer.context["into"] else ""
        self.rows = {row.key: row for row in [*page.rows, *blank]}
        for key, row in self.rows.items():
            self.form["row"].append(key)
            self.form |= {f"{column}-{key}": row.texts[column] for column in COLUMNS}
            self.form |= {f"version-{key}": row.version, f"mark-{key}": row.mark} if row.item else {}

    def key(self, code: str) -> str:
        return str(self.desk.item(code).pk)

    def type(self, code: str, **texts: str) -> "Page":
        key = code if code.startswith("new-") else self.key(code)
        self.form |= {f"{column}-{key}": text for column, text in texts.items()}
        return self

    def send(self, do: str = "save", **more: Any) -> Any:
        answer = self.client.post(HERE, {**self.form, "do": do, **more})
        if answer.status_code == 422:
            self.read(answer)
        return answer


def test_a_row_is_typed_as_offices_write_it(desk: Desk) -> None:
    page = Page(desk).type("1-01", name="净增企业", comparator="between", value="１０~20", unit="户", due="6月底", lead="市统计局", supports="市住建局、上蔡县")
    assert page.send().status_code == 302
    row = desk.export()[0]
    target = row["targets"][0]
    assert (row["name"], target["comparator"], target["value"], target["value_high"], target["unit"], target["due"]) == (
        "净增企业",
        "between",
        "10",
        "20",
        "户",
        "2022-06-30",
    )
    assert (row["lead"], row["supporting"], row["measure"]["reporter"]) == ("市统计局", ["市住房和城乡建设局", "上蔡县人民政府"], "市统计局")
    assert Terms.objects.filter(item__plan=desk.plan, version__gt=0).count() == 1  # rows that nobody touched are not written


def test_new_rows_carry_on_what_stands_above_and_are_made_once(desk: Desk) -> None:
    goal = desk.goal("一、工业")
    page = Page(desk, query=f"?goal={goal.path}")
    assert {column: page.rows["new-0"].texts[column] for column in ("kind", "due", "lead", "name")} == {
        "kind": "indicator",
        "due": "2022-12-31",
        "lead": "市工信局",
        "name": "",
    }
    page.type("new-0", name="工业投资增长", value="10", unit="%").type("new-1", name="开工产业园", kind="task", due="9-30")
    answer = page.send("add")
    assert answer.status_code == 302
    assert "focus=new" in answer["Location"]
    page.send("add")  # sent twice
    rows = [r for r in desk.export() if r["code"] in ("1-03", "1-04")]
    assert [(r["name"], r["kind"], r["accrual"], r["profile"], r["targets"][0]["comparator"], r["targets"][0]["due"]) for r in rows] == [
        ("工业投资增长", "indicator", "held", "linear", "at_least", "2022-12-31"),
        ("开工产业园", "task", "cumulative", "at_end", None, "2022-09-30"),
    ]
    assert desk.codes() == ["1-01", "1-02", "1-03", "1-04", "2-01"]


def test_what_cannot_be_read_is_said_at_its_row_and_the_rest_is_saved(desk: Desk) -> None:
    page = Page(desk).type("1-01", lead="市火星局", value="多", due="2021-12-31").type("1-02", name="新增岗位").type("new-0", name="甲", due="三月")
    answer = page.send()
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "没有叫“市火星局”的部门。" in html
    assert "请只填数字，单位写在单位栏。" in html
    assert "请写成 2022-06-30、6-30 或 6月底。" in html
    assert 'value="市火星局"' in html  # what was typed stays
    assert [r["name"] for r in desk.export()] == ["新增企业", "新增岗位", "开工污水厂"]
    page.type("1-01", lead="", value="20").type("new-0", due="3月")
    assert "期限要晚于起算日" in page.send().content.decode()
    page.type("1-01", due="")
    assert page.send().status_code == 302
    assert [(r["lead"], r["targets"][0]["due"]) for r in desk.export()[:1]] == [(None, None)]
    assert [r["targets"][0]["due"] for r in desk.export() if r["name"] == "甲"] == ["2022-03-31"]


def test_the_second_of_two_people_sees_both_texts_and_decides(desk: Desk) -> None:
    first, second = Page(desk), Page(desk, "supervisor2")
    first.type("1-01", name="甲", lead="市统计局").send()
    second.type("1-01", name="乙").type("1-02", name="丙")
    answer = second.send()
    html = answer.content.decode()
    assert (answer.status_code, [r["name"] for r in desk.export()]) == (422, ["甲", "丙", "开工污水厂"])
    assert "这一行刚被别人改过，所填还没有保存。" in html
    assert re.search(r"<dt>事项</dt><dd>甲</dd>", html)
    assert ">乙</textarea>" in html
    assert second.send().status_code == 302
    assert desk.export()[0]["name"] == "乙"


def test_ticked_rows_are_set_moved_merged_and_deleted_and_all_of_it_is_undone(desk: Desk) -> None:
    before = desk.state()
    month = str(desk.plan.cycle.__class__.objects.get(government=desk.city.government, name="month").pk)
    deeds: list[tuple[str, dict[str, Any]]] = [
        ("set", {"many-lead": "市统计局", "many-supports": "市住建局", "many-due": "年底", "many-cycle": month, "many-binding": "yes"}),
        ("move", {"many-goal": desk.goal("二、城乡").pk}),
        ("merge", {}),
        ("delete", {}),
    ]
    picks = (["1-01", "1-02"], ["1-02"], ["1-01", "1-02"], ["1-01"])
    seen = []
    for (do, more), codes in zip(deeds, picks, strict=True):
        assert Page(desk).send(do, pick=[desk.item(code).pk for code in codes], **more).status_code == 302
        seen.append(desk.export())
    assert [(r["lead"], r["supporting"], r["binding"], r["measure"]["cycle"]) for r in seen[0][:2]] == [("市统计局", ["市住房和城乡建设局"], True, "month")] * 2
    assert [r["goal"] for r in seen[1]] == [["一、工业"], ["二、城乡"], ["二、城乡"]]
    assert [[r["code"] for r in rows] for rows in seen[2:]] == [["1-01", "2-01"], ["2-01"]]
    for _step in deeds:
        assert Page(desk).send("undo").status_code == 302
    assert desk.state() == before
    assert Page(desk).send("undo").status_code == 422
    assert Page(desk).send("redo").status_code == 302


@pytest.mark.parametrize(
    ("do", "more", "words"),
    [
        ("set", {"many-lead": "市火星局"}, "没有叫“市火星局”的部门。"),
        ("set", {}, "请填写要统一设置的内容。"),
        ("move", {}, "请选择目录。"),
        ("merge", {}, "请至少勾选两项再合并。"),
    ],
)
def test_what_cannot_be_done_to_ticked_rows_is_said(desk: Desk, do: str, more: dict[str, Any], words: str) -> None:
    answer = Page(desk).send(do, pick=[desk.item("1-01").pk], **more)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert "请先勾选事项。" in Page(desk).send(do, **more).content.decode()


def test_rows_move_up_by_a_button(desk: Desk) -> None:
    assert Page(desk).send(f"up-{desk.item('1-02').pk}").status_code == 302
    assert desk.codes() == ["1-02", "1-01", "2-01"]


# the full form --------------------------------------------------------------------------------------------------------


def form_of(answer: Any) -> dict[str, Any]:
    """The full form as a browser would send it unchanged."""
    shown = answer.context["shown"]
    sent: dict[str, Any] = {"version": shown.terms.version, "targets-count": len(answer.context["targets"]), "steps-count": len(answer.context["steps"])}
    sent["past-count"] = len(answer.context["past"])
    for form in (answer.context["form"], *answer.context["targets"], *answer.context["steps"], *answer.context["past"]):
        for bound in form:
            sent[bound.html_name] = "" if bound.value() is None else bound.value()
    return sent


def item_url(desk: Desk, code: str) -> str:
    return f"{HERE}items/{desk.item(code).pk}/"


def test_the_full_form_sent_unchanged_changes_nothing(desk: Desk) -> None:
    client, before = client_of(desk.city, "supervisor"), desk.state()
    for code in ("1-01", "2-01"):
        assert client.post(item_url(desk, code), form_of(client.get(item_url(desk, code)))).status_code == 302
    assert desk.state() == before


def test_every_field_that_a_plan_fills_can_be_filled_by_hand(desk: Desk) -> None:
    """The richest item of the exported form, typed into the form, exports as it was loaded."""
    rich = cast.item(
        "1-01", "上云企业占比", goal=["一、工业"], accrual="level", reading="value", average="arithmetic", profile="shares", shares=["25", "50", "75", "100"], binding=True,
        baseline={"date": "2021-12-31", "value": "14.6"}, lead="市统计局", supporting=["上蔡县人民政府"], basis="source", source={"document": "测试报告", "locator": "一（一）表1"},
        targets=[
            cast.target("2022-06-30", role="interim", comparator="at_least", value="20", unit="%"),
            cast.target(comparator="relative", value="26", offset="0.5", against="gdp", better="up", unit="%", words="以上", firm="ensure", tolerance="0.02", note="注"),
        ],
        measure={"code": "next-1-01", "reporter": "市统计局", "cycle": "month", "release_lag": 12},
    )  # fmt: skip
    cycle = desk.plan.cycle.__class__.objects.get(government=desk.city.government, name="month").pk
    client = client_of(desk.city, "supervisor")
    sent = form_of(client.get(item_url(desk, "1-01"))) | {
        "name": "上云企业占比", "name_en": "Share", "accrual": "level", "average": "arithmetic", "profile": "shares", "shares": "25/50/75/100", "binding": "yes",
        "baseline": "14.6", "baseline_on": "2021-12-31", "lead": "市统计局", "supports": "上蔡县", "basis": "source", "locator": "一（一）表1", "unit": "%", "cycle": cycle,
        "release_lag": "12", "weight": "2", "acceptance": "验收报告", "definition": "口径", "source": "统计月报", "leader": desk.city.user("leader").pk,
        "measure_name": "占比", "measure_name_en": "The share", "past-0-on": "2021-12-31", "past-0-value": "14.1", "past-0-locator": "二", "targets-0-comparator": "relative", "targets-0-value": "26", "targets-0-offset": "0.5", "targets-0-against": "gdp", "targets-0-better": "up",
        "targets-0-words": "以上", "targets-0-firm": "ensure", "targets-0-tolerance": "0.02", "targets-0-note": "注",
        "targets-2-due_on": "6月底", "targets-2-comparator": "at_least", "targets-2-value": "20",
    }  # fmt: skip
    assert client.post(item_url(desk, "1-01"), sent).status_code == 302
    exported = {**rich, "source": {"document": "测试报告", "locator": "一（一）表1"}}
    exported.pop("name_en")
    assert desk.export()[0] == exported
    terms = desk.terms("1-01")
    assert (terms.name_en, terms.weight, terms.acceptance, terms.leader) == ("Share", d("2"), "验收报告", desk.city.user("leader"))
    measure = Measure.objects.get(code="next-1-01", definition="口径", source="统计月报", unit="%")
    assert (measure.name, measure.name_en, list(measure.past.values_list("on", "value", "locator"))) == (
        "占比",
        "The share",
        [(dt.date(2021, 12, 31), d("14.1"), "二")],
    )
    Page(desk).send("undo")
    assert not measure.past.exists()
    Page(desk).send("redo")
    assert measure.past.count() == 1
    task = form_of(client.get(item_url(desk, "2-01"))) | {
        "steps-1-name": "开工", "steps-1-due_on": "2022-09-30", "steps-1-weight": "60", "steps-0-name": "选址", "steps-0-due_on": "3月", "steps-0-weight": "40", "steps-0-stage": "1",
    }  # fmt: skip
    assert client.post(item_url(desk, "2-01"), task).status_code == 302
    assert desk.export()[2]["steps"] == [{"name": "选址", "due": "2022-03-31", "weight": "40"}, {"name": "开工", "due": "2022-09-30", "weight": "60"}]


def test_each_error_of_the_full_form_stands_at_its_field(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    sent = form_of(client.get(item_url(desk, "1-01"))) | {
        "code": "1-02", "weight": "-1", "lead": "市火星局", "targets-0-due_on": "2021-12-01", "steps-0-name": "开工", "steps-0-weight": "-2", "kind": "task", "measure": "none",
    }  # fmt: skip
    first = client.post(item_url(desk, "1-01"), sent)
    assert (first.status_code, set(first.context["form"].errors)) == (422, {"lead", "measure"})
    answer = client.post(item_url(desk, "1-01"), sent | {"lead": "市统计局", "measure": "next-1-01"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"code", "weight"})
    assert [set(form.errors) for form in (answer.context["targets"][0], answer.context["steps"][0])] == [{"due_on"}, {"weight"}]
    assert 'aria-describedby="id_code-error"' in answer.content.decode()


def test_the_second_of_two_people_sees_both_texts_in_the_full_form(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor2")
    sent = form_of(client.get(item_url(desk, "1-01"))) | {"name": "乙"}
    desk.change("1-01", terms={"name": "甲"})
    answer = client.post(item_url(desk, "1-01"), sent)
    assert (answer.status_code, ("名称", "甲", "乙") in answer.context["clash"], desk.terms("1-01").name) == (409, True, "甲")
    assert client.post(item_url(desk, "1-01"), sent | {"version": answer.context["shown"].terms.version}).status_code == 302
    assert desk.terms("1-01").name == "乙"


def test_a_sentence_is_split_and_an_item_deleted_in_its_form(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    version = desk.terms("1-01").version
    assert client.post(item_url(desk, "1-01"), {"do": "split", "names": "只有一行", "version": version}).status_code == 422
    assert client.post(item_url(desk, "1-01"), {"do": "split", "names": "甲\n乙", "version": version}).status_code == 302
    assert [r["name"] for r in desk.export()][:2] == ["甲", "乙"]
    assert client.post(item_url(desk, "1-01"), {"do": "delete"}).status_code == 302
    assert desk.codes() == ["1-03", "1-02", "2-01"]


# head, tree, checks, leads ---------------------------------------------------------------------------------------------


def test_a_new_plan_and_its_head(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    cycle = str(desk.plan.cycle_id)
    sent = {"title": "2023年工作报告", "code": "report-2023", "start": "2023-01-01", "end": "2022-12-31", "cycle": cycle, "key": "k1"}
    paper = {"document-title": "政府工作报告", "document-number": "〔2023〕1号", "document-issuer": "市政府", "document-date": "2023-01-20"}
    answer = client.post("/plans/new/", sent)
    assert (answer.status_code, set(answer.context["head"].errors), len(answer.context["paper"].errors)) == (422, {"end"}, 3)
    good = sent | paper | {"end": "2023-12-31"}
    assert client.post("/plans/new/", good)["Location"] == "/plans/report-2023/edit/"
    assert client.post("/plans/new/", good)["Location"] == "/plans/report-2023/edit/"  # the same form twice
    plan = Plan.objects.get(code="report-2023")
    assert (plan.state, plan.document.number) == ("draft", "〔2023〕1号")
    unnumbered = good | {"document-number": "", "document-title": "报告", "code": "spoken-2023", "key": "k2"}  # a report given to a congress has no number
    assert client.post("/plans/new/", unnumbered)["Location"] == "/plans/spoken-2023/edit/"
    head = {k: v for k, v in good.items() if not k.startswith("document")} | {"version": "0"}
    assert client.post("/plans/report-2023/edit/head/", head | {"title": "工作报告"}).status_code == 302
    late = client.post("/plans/report-2023/edit/head/", head | {"title": "另一个"})
    assert (late.status_code, late.context["clash"]) == (409, [("规划名称", "工作报告", "另一个")])
    assert client.get("/plans/report-2023/edit/").status_code == 200  # without goals and items


def test_headings_are_added_changed_moved_and_deleted(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    first = desk.goal("一、工业")
    assert client.post(f"{HERE}goals/new/", {"title": "（一）企业", "parent": first.pk, "key": "g"})["Location"] == f"{HERE}?goal=001/001/"
    inner = desk.goal("（一）企业")
    assert client.post(f"{HERE}goals/{first.pk}/", {"title": "一、工业", "parent": inner.pk, "version": 0}).status_code == 422
    assert client.post(f"{HERE}goals/{inner.pk}/", {"title": "（一）大企业", "title_en": "Large", "parent": "", "version": 0}).status_code == 302
    late = client.post(f"{HERE}goals/{inner.pk}/", {"title": "（一）小企业", "title_en": "", "parent": "", "version": 0})
    assert (late.status_code, "（一）大企业" in late.content.decode(), "（一）小企业" in late.content.decode()) == (409, True, True)
    assert list(Goal.objects.filter(plan=desk.plan).values_list("title", "path")) == [("一、工业", "001/"), ("二、城乡", "002/"), ("（一）大企业", "003/")]
    assert client.post(f"{HERE}goals/{inner.pk}/", {"do": "up"}).status_code == 302
    assert client.post(f"{HERE}goals/{first.pk}/", {"do": "delete"}).status_code == 422
    assert client.post(f"{HERE}goals/{inner.pk}/", {"do": "delete"}).status_code == 302


def test_the_check_list_leads_to_the_row_and_takes_reasons(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    desk.change("1-01", terms={"lead_id": None}, final={"unit": ""})
    pk = desk.item("1-01").pk
    html = client.get(f"{HERE}checks/").content.decode()
    assert f'href="{HERE}items/{pk}/#id_lead"' in html
    assert client.post(f"{HERE}checks/", {"kind": "lead", "item": pk, "reason": "以后"}).status_code == 422
    assert client.post(f"{HERE}checks/", {"kind": "unit", "item": pk, "reason": " "}).status_code == 422
    assert client.post(f"{HERE}checks/", {"kind": "unit", "item": pk, "reason": "无量纲"}).status_code == 302
    assert [str(line.kind) for line in open_checks(desk.plan)] == ["lead", "step"]
    assert client.post(f"{HERE}checks/", {"kind": "unit", "item": pk, "do": "back"}).status_code == 302
    assert CheckAnswer.objects.count() == 0


def test_proposed_leads_are_accepted_with_one_press(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    desk.change("1-02", terms={"name": "新增5G基站", "lead_id": None})
    assert "牵头建议 1 项" in client.get(HERE).content.decode()
    assert client.post(f"{HERE}leads/", {"pick": [desk.item("1-02").pk]}).status_code == 302
    assert desk.export()[1]["lead"] == "市工业和信息化局"


def test_drafts_stand_on_the_page_of_plans_for_those_who_make_them(desk: Desk) -> None:
    pages = {login: client_of(desk.city, login).get("/plans/").content.decode() for login in ("supervisor", "auditor", "leader")}
    assert [("/plans/next/" in html, "/plans/new/" in html) for html in pages.values()] == [(True, True), (True, False), (False, False)]
    assert [HERE in client_of(desk.city, login).get("/plans/next/").content.decode() for login in ("supervisor", "auditor")] == [True, False]


def test_the_pages_take_the_same_statements_with_one_row_and_with_three(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    load_draft(desk.city.government, cast.body([cast.item("1-01", "甲", measure={"code": "one"})], code="one"), desk.by, AT)
    client.get(HERE)
    taken: dict[str, list[int]] = {}
    for code in ("one", "next"):
        pk = Item.objects.get(plan__code=code, code="1-01").pk
        for page in ("", "checks/", "leads/", f"items/{pk}/"):
            with CaptureQueriesContext(connection) as statements:
                assert client.get(f"/plans/{code}/edit/{page}").status_code == 200
            taken.setdefault(page.rstrip("/0123456789"), []).append(len(statements))
    assert {page: len(set(counts)) for page, counts in taken.items()} == {"": 1, "checks": 1, "leads": 1, "items": 1}


def test_two_hundred_rows_are_entered_without_script(desk: Desk) -> None:
    """Forty pages of five rows, each carrying day and lead on; then every row has what it needs."""
    goal = desk.goal("一、工业")
    for n in range(4):  # the same form as forty times
        page = Page(desk, query=f"?goal={goal.path}")
        for k in range(5):
            page.type(f"new-{k}", name=f"新增第{n}-{k}类企业", value=str(n * 5 + k + 1), unit="家")
        assert page.send("add").status_code == 302
    assert Item.objects.filter(plan=desk.plan).count() == 23
    assert [str(line.kind) for line in open_checks(desk.plan)] == ["step"]
    assert set(Target.objects.filter(terms__item__plan=desk.plan).values_list("due_on", flat=True)) == {dt.date(2022, 12, 31)}


def test_an_item_that_a_conflict_names_is_not_deleted(desk: Desk) -> None:
    from plans.models import Conflict

    a, b = Target.objects.filter(terms__item__plan=desk.plan).order_by("pk")[:2]
    Conflict.objects.create(government=desk.city.government, target_a=a, target_b=b, kind="hard")
    answer = Page(desk).send("delete", pick=[desk.item("1-01").pk])
    assert (answer.status_code, "目标冲突" in answer.content.decode(), desk.codes()) == (422, True, ["1-01", "1-02", "2-01"])


def test_a_change_by_a_deed_and_one_by_the_page_are_one_log(desk: Desk) -> None:
    items.change_item(desk.item("1-01"), ItemChange(terms={"name": "甲"}), desk.by, AT, 0)
    Page(desk).type("1-01", name="乙").send()
    Page(desk).send("undo")
    assert desk.terms("1-01").name == "甲"


def test_a_plan_that_was_published_in_the_meantime_says_where_it_changes_now(desk: Desk) -> None:
    page = Page(desk).type("1-01", name="甲")
    Plan.objects.filter(pk=desk.plan.pk).update(state=Plan.State.PUBLISHED)
    answers = [page.client.post(HERE, {**page.form, "do": "save"}), page.client.get(item_url(desk, "1-01")), page.client.get(f"{HERE}checks/")]
    assert [(answer.status_code, "请提出目标调整" in answer.content.decode()) for answer in answers] == [(409, True)] * 3
    assert desk.terms("1-01").name == "新增企业"
