"""Leaders whom a paper names: the government's own person becomes the item's leader; whoever is nobody here is marked and kept in the note."""

import pytest

from people.models import User
from plans.models import PaperDoubt, Plan, Terms
from tests import cast
from tests.plans.test_papers_page import browser, send, table

pytestmark = pytest.mark.django_db

HEAD = ("序号", "工作任务", "责任领导", "责任单位", "完成时限")
ROWS = [
    ("2023年责任分解表", "", "", "", ""),
    HEAD,
    ("1", "新增5G基站2500个", "副市长甲", "市工信局", "年底前"),
    ("2", "改造老旧小区88个", "市委常委、副市长甲（常务）", "市住建局", "年底前"),
    ("3", "新增上云企业1200家", "张明", "市工信局", "年底前"),
]


def held(plan: Plan) -> dict[str, tuple[str, str]]:
    """Each item's leader and the note of its target."""
    rows = Terms.objects.filter(item__plan=plan).order_by("item__code").values_list("item__code", "leader__login", "targets__note")
    return {code: (login or "", note) for code, login, note in rows}


def test_a_leader_who_is_known_leads_and_another_is_marked_and_noted() -> None:
    city = cast.city()
    client = browser(city)
    address = send(client, table(ROWS))["Location"]
    assert "没有这位领导" in client.get(address).content.decode()
    assert client.post(address, {"do": "take"}).status_code == 302
    plan = Plan.objects.get(code="report-2023")
    assert held(plan) == {"1": ("leader", ""), "2": ("leader", "责任领导：市委常委"), "3": ("", "责任领导：张明")}
    assert list(PaperDoubt.objects.values_list("item__code", "field", "reason")) == [("3", "leader", "nobody")]


def test_a_second_paper_names_another_leader_and_leaves_who_was_chosen_since() -> None:
    city = cast.city()
    client = browser(city)
    client.post(send(client, table(ROWS))["Location"], {"do": "take"})
    plan = Plan.objects.get(code="report-2023")
    other = cast._person(city.government, city.departments["zfb"], "", "vice2", "副市长乙", (cast.Role.LEADER,))
    Terms.objects.filter(item__plan=plan, item__code="1").update(leader=other)  # chosen since
    again = [*ROWS[:4], ("3", "新增上云企业1200家", "副市长乙", "市工信局", "年底前")]
    address = send(client, table(again))["Location"]
    shown = client.get(address).context["page"].changed
    assert [(d.code, d.fields) for d in shown] == [("3", [("包联领导", "无", "副市长乙")])]
    client.post(address, {"do": "take"})
    assert {code: who for code, (who, _note) in held(plan).items()} == {"1": "vice2", "2": "leader", "3": "vice2"}
    assert PaperDoubt.objects.count() == 0


def test_two_of_one_name_are_a_doubt() -> None:
    city = cast.city()
    cast._person(city.government, city.departments["zfb"], "", "twin", "副市长甲", (cast.Role.LEADER,))
    client = browser(city)
    client.post(send(client, table(ROWS[:3]))["Location"], {"do": "take"})
    assert list(PaperDoubt.objects.values_list("field", "reason")) == [("leader", "namesakes")]
    assert User.objects.filter(name="副市长甲").count() == 2
