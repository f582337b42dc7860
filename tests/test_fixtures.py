"""The shipped plans: complete against the list of the sources' numbers, English throughout, and the same after a round trip."""

import csv
import hashlib
import re
from collections import Counter

import pytest

from people.models import Department, Government
from plans.exporting import export_plans
from plans.models import Conflict, Goal, Item, Measure, Plan, Target, Terms
from plans.seeding import FIXTURES, plan_bodies, read, seed

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# digest of "line,nth,number" of the gazette's 696 numbers: a row dropped, moved or altered turns the test red
SOURCE_DIGEST = "35ed4720d799389cc241123f72b8eaeeaccecc747ebae4ab83353b83a53a5b02"


def bodies() -> dict[str, dict]:
    return {body["code"]: body for body in plan_bodies()}


def items() -> list[tuple[str, dict]]:
    return [(code, item) for code, body in bodies().items() for item in body["items"]]


def numbers() -> list[dict[str, str]]:
    with (FIXTURES / "numbers.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def digest(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_numbers_csv_lists_every_number_of_the_sources_in_order():
    assert digest([f"{r['line']},{r['nth']},{r['number']}" for r in numbers()]) == SOURCE_DIGEST


def test_every_number_has_an_item_that_exists_or_a_reason():
    known = {(plan, item["code"]) for plan, item in items()}
    wrong = [r for r in numbers() if (r["code"] and any((r["plan"], c) not in known for c in r["code"].split(";"))) or not (r["code"] or r["reason"])]
    assert wrong == []


def test_every_figure_of_a_target_stands_in_the_sources():
    """A figure that the text spells in words (两座, 千亿级) has no digits to be listed; those items are named here."""
    listed = {(r["plan"], code, r["number"]) for r in numbers() for code in r["code"].split(";")}
    figures = [(plan, item["code"], t[k]) for plan, item in items() for t in item["targets"] for k in ("value", "value_high") if t[k]]
    spelled = {(plan, code) for plan, code, figure in figures if (plan, code, figure) not in listed}
    assert spelled == SPELLED_IN_WORDS


SPELLED_IN_WORDS = {
    ("manufacturing-2025", "2.4-13"),  # 千亿级
    ("report-2022", "3.3-10"),  # 千亿级
    ("report-2022", "3.3-16"),  # 百亿级
    ("report-2022", "3.3-17"),
    ("report-2022", "3.3-18"),
}


def test_there_are_more_than_190_figures_and_300_results():
    kinds = Counter(item["kind"] for _, item in items())
    figures = sum(1 for _, item in items() for t in item["targets"] if t["value"])
    assert figures > 190
    assert kinds["task"] > 300


def test_the_main_targets_read_as_the_report_means_them():
    main = [i for plan, i in items() if plan == "report-2022" and i["goal"][-1] == "主要预期目标"]
    assert [(i["name"], i["accrual"], t["comparator"], t["value"], t["unit"], i["binding"]) for i in main for t in i["targets"]] == [
        ("生产总值增长", "held", "about", "8", "%", False),
        ("规模以上工业增加值增长", "held", "about", "8", "%", False),
        ("固定资产投资增长", "held", "at_least", "10", "%", False),
        ("社会消费品零售总额增长", "held", "about", "9", "%", False),
        ("一般公共预算收入增长", "held", "at_least", "5.5", "%", False),
        ("城乡居民收入增长", "held", "relative", None, "%", False),
        ("调查失业率", "held", "at_most", "5.5", "%", False),
        ("居民消费价格涨幅", "held", "at_most", "3", "%", False),
        ("常住人口城镇化率提高", "level", "about", "2", "百分点", False),
    ]


def test_one_figure_promised_three_times_shares_its_measure():
    cloud = {(plan, i["code"], i["reading"]) for plan, i in items() if i["measure"]["code"] == "cloud-enterprises"}
    assert {plan for plan, _, _ in cloud} == {"report-2022", "manufacturing-2025"}
    assert sorted(reading for _, _, reading in cloud) == ["increase", "increase", "value"]


@pytest.mark.parametrize("code", ["report-2022", "manufacturing-2025", "meteorology-2025"])
def test_english_names_are_there_not_chinese_and_not_doubled(code):
    body = bodies()[code]
    names = [item["name_en"] for item in body["items"]]
    goals = [goal["title_en"] for goal in body["goals"]]
    assert [n for n in (*names, *goals, body["title_en"], body["short_en"]) if not n or CHINESE.search(n)] == []
    assert [name for name, n in Counter(names).items() if n > 1] == []


def test_measures_departments_and_conflicts_have_english_too():
    names = [m["name_en"] for m in read("measures.json")["measures"]]
    departments = [d["name_en"] for d in read("departments.json")["departments"]]
    why = [c["why_en"] for c in read("conflicts.json")["conflicts"]]
    assert [n for n in (*names, *departments, *why) if not n or CHINESE.search(n)] == []
    assert len(names) == len(set(names))


def test_tasks_are_due_inside_their_plan_and_have_one_final_target():
    wrong = [
        (plan, i["code"]) for plan, i in items()
        if i["kind"] == "task" and ([t["role"] for t in i["targets"]] != ["final"] or not i["targets"][0]["due"] <= bodies()[plan]["end"])
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.django_db
def test_seed_loads_everything_once_and_then_finds_no_difference():
    assert seed()[1:4] == [f"{code}: loaded {len(body['items'])} items" for code, body in bodies().items()]
    before = [model.objects.count() for model in (Government, Department, Plan, Goal, Measure, Item, Terms, Target, Conflict)]
    assert seed() == []
    assert [model.objects.count() for model in (Government, Department, Plan, Goal, Measure, Item, Terms, Target, Conflict)] == before


@pytest.mark.django_db
def test_the_export_is_the_fixtures_without_their_own_fields():
    seed()
    own = {"name_en", "acceptance"}
    exported = {p["code"]: p for p in export_plans(Government.objects.get())["plans"]}
    for code, body in bodies().items():
        assert exported[code]["items"] == [{k: v for k, v in item.items() if k not in own} for item in body["items"]]


@pytest.mark.django_db
def test_seed_changes_nothing_that_differs_but_says_so(monkeypatch):
    seed()
    changed = bodies()
    changed["report-2022"]["items"][0]["lead"] = "市统计局"
    monkeypatch.setattr("plans.seeding.plan_bodies", lambda: iter(changed.values()))
    assert seed() == ["report-2022 2-01 lead: 市发展和改革委员会 → 市统计局"]
    assert Terms.objects.get(item__plan__code="report-2022", item__code="2-01").lead.name == "市发展和改革委员会"
