"""What a paper's reader was not sure of stands in the draft until a person changes or confirms it."""

from typing import Any

import pytest

from people.models import AuditEntry
from plans.checking import check_list, open_checks
from plans.editing import log
from plans.models import IssuedPaper, PaperDoubt, Plan
from tests import cast
from tests.plans.test_papers_page import ROWS, browser, send, table
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
HERE = "/plans/report-2023/edit/"


class Draft:
    """The draft of a paper whose second row names a company as supporting, and whose third names no lead."""

    def __init__(self) -> None:
        self.city = cast.city()
        self.client = browser(self.city)
        self.take([*ROWS[:5], ("3", "开工建设第七污水处理厂", "", "", "6月底前")])

    def take(self, rows: list[tuple[str, ...]], **more: Any) -> None:
        address = send(self.client, table(rows))["Location"]
        assert self.client.post(address, {"do": "take", **more}).status_code == 302

    @property
    def plan(self) -> Plan:
        return Plan.objects.get(code="report-2023")

    def marks(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, name in PaperDoubt.objects.filter(item__plan=self.plan).order_by("item__code", "field").values_list("item__code", "field"):
            found.setdefault(code, []).append(name)
        return found

    def key(self, code: str) -> int:
        return self.plan.items.get(code=code).pk

    def send(self, do: str, code: str = "", **texts: str) -> Any:
        page = self.client.get(HERE).context
        form: dict[str, Any] = {"do": do, "row": [row.key for row in page["page"].rows]}
        for row in page["page"].rows:
            form |= {f"{column}-{row.key}": text for column, text in row.texts.items()} | {f"version-{row.key}": row.version, f"mark-{row.key}": row.mark}
        form |= {f"{column}-{self.key(code)}": text for column, text in texts.items()}
        return self.client.post(HERE, form)


@pytest.fixture
def draft() -> Draft:
    return Draft()


def test_uncertain_rows_come_first_and_their_fields_are_marked(draft: Draft) -> None:
    assert draft.marks() == {"2": ["supporting"], "3": ["lead"]}
    page = draft.client.get(HERE)
    assert [row.code for row in page.context["page"].rows] == ["2", "3", "1"]
    assert [row.doubted for row in page.context["page"].rows] == [{"supports": True}, {"lead": True}, {}]
    html = page.content.decode()
    assert html.count("data-doubt>") == 2
    assert "配合单位：不在单位名录中" in html
    full = draft.client.get(f"{HERE}items/{draft.key('2')}/").content.decode()
    assert (full.count('value="confirm-supporting"'), full.count("data-doubt"), full.count('id="id_supports-hint">配合单位')) == (1, 1, 1)


def test_a_field_that_is_changed_is_settled_and_undoing_brings_the_mark_back(draft: Draft) -> None:
    assert draft.send("save", "2", supports="市住建局", name="新增上云企业数").status_code == 302
    assert draft.marks() == {"3": ["lead"]}
    by = draft.city.person("supervisor")
    log.undo(draft.plan, by, cast.noon("2023-01-05"))
    assert draft.marks() == {"2": ["supporting"], "3": ["lead"]}
    log.redo(draft.plan, by, cast.noon("2023-01-05"))
    assert draft.marks() == {"3": ["lead"]}
    assert draft.send("save", "3", name="开工建设污水处理厂").status_code == 302  # another field than the uncertain one
    assert draft.marks() == {"3": ["lead"]}


def test_a_person_confirms_in_the_grid_in_the_form_and_in_the_check_list(draft: Draft) -> None:
    lines = [line for line in open_checks(draft.plan) if line.kind == "doubt"]
    assert [(line.code, line.about) for line in lines] == [("2", "配合单位：不在单位名录中"), ("3", "牵头单位：文件没有写明")]
    checks = draft.client.get(f"{HERE}checks/").context
    assert (checks["groups"][0][0], checks["open"]) == ("doubt", len(open_checks(draft.plan)))
    assert draft.client.post(f"{HERE}checks/", {"kind": "doubt", "item": draft.key("2"), "reason": "无妨"}).status_code == 422
    assert draft.send(f"confirm-{draft.key('2')}").status_code == 302
    assert draft.marks() == {"3": ["lead"]}
    assert draft.client.post(f"{HERE}checks/", {"kind": "doubt", "item": draft.key("3"), "do": "confirm"}).status_code == 302
    assert (draft.marks(), [line for line in check_list(draft.plan) if line.kind == "doubt"]) == ({}, [])
    entry = AuditEntry.objects.order_by("-position")[0]
    assert entry.verb == "doubts confirmed"


def test_one_field_is_confirmed_in_the_full_form_with_what_was_typed(draft: Draft) -> None:
    address = f"{HERE}items/{draft.key('2')}/"
    page = draft.client.get(address).context
    form = {name: "" if (value := page["form"].get_initial_for_field(field, name)) is None else value for name, field in page["form"].fields.items()}
    for kind in ("targets", "steps", "past"):
        form[f"{kind}-count"] = len(page[kind])
        for one in page[kind]:
            form |= {one.add_prefix(name): one.get_initial_for_field(field, name) or "" for name, field in one.fields.items()}
    answer = draft.client.post(address, {**form, "version": page["shown"].terms.version, "do": "confirm-supporting", "locator": "第3页"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert draft.marks() == {"3": ["lead"]}
    assert draft.plan.items.get(code="2").terms.get().locator == "第3页"


def test_a_second_paper_marks_what_it_changes_and_leaves_what_was_confirmed(draft: Draft) -> None:
    draft.send(f"confirm-{draft.key('2')}")
    again = [
        *ROWS[:3],
        ("1", "新增5G基站2600个", "市工信局", "", "年底前"),
        ROWS[4],
        ("3", "开工建设第七污水处理厂", "城投公司", "", "6月底前"),
        ("4", "新增储能企业3家", "", "", "年底前"),
    ]
    draft.take(again)
    assert draft.marks() == {"3": ["lead"], "4": ["lead"]}
    assert PaperDoubt.objects.get(item__code="4").reason == "none"
    assert IssuedPaper.objects.count() == 2


def test_only_those_who_make_plans_confirm(draft: Draft) -> None:
    for login in ("auditor", "reporter", "leader"):
        assert client_of(draft.city, login).post(HERE, {"do": f"confirm-{draft.key('2')}"}).status_code == 404
    assert draft.marks() == {"2": ["supporting"], "3": ["lead"]}
