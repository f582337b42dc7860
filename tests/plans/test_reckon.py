"""The command's contract: the design's worked examples, the shape of the answers, bad cases."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from plans.reckoning import Malformed, load, reckon
from tests.plans.reckoned import FIVE_YEARS, YEAR, case, node, numbers, result, seen, target, task, values

GRID = case("cumulative", target("at_least", "2000"), values(m06_30="900"), "2022-07-20")
CLOUD = {"reading": "increase", "baseline": {"date": "2021-12-31", "value": "3580"}}
LONG = {"span": FIVE_YEARS, "baseline": {"date": "2020-12-31", "value": "3037"}}
FIELDS = {"profile": "shares", "shares": ["5", "25", "60", "100"]}

WORKED = {
    "新增5G基站": (GRID, "0.450000", "0.500000", "-5.000000", "yellow"),
    "企业上云累计": (
        case("cumulative", target("at_least", "6000"), values(m12_31="4500"), "2023-01-17", **LONG),
        *("0.493756", "0.400000", "9.375633", "green"),
    ),
    "新增上云企业": (
        case("cumulative", target("at_least", "1500"), values(m09_30="4540"), "2022-10-17", **CLOUD),
        *("0.640000", "0.750000", "-11.000000", "red"),
    ),
    "调查失业率": (
        case("held", target("at_most", "5.5"), values(m06_30="5.8"), "2022-07-20", unit="%"),
        *("0.948276", "1.000000", "-0.300000", "yellow"),
    ),
    "生产总值增长": (
        case("held", target("about", "8"), values(m06_30="7.5"), "2022-07-20", unit="%"),
        *("0.937500", "1.000000", "-0.500000", "yellow"),
    ),
    "境外资金增长": (
        case("held", target("at_least", "3"), values(m06_30="2.6"), "2022-07-20", unit="%"),
        *("0.866667", "1.000000", "-0.400000", "yellow"),
    ),
    "粮食产量": (
        case("held", target("at_least", "160"), values(m06_30="152"), "2022-07-20", unit="亿斤"),
        *("0.950000", "1.000000", "-5.000000", "yellow"),
    ),
    "居民消费价格": (
        case("held", target("at_most", "3"), values(m06_30="1"), "2022-07-20", unit="%"),
        *("1.000000", "1.000000", "2.000000", "green"),
    ),
    "居民消费价格 closed": (
        case("held", target("at_most", "3"), values(m06_30="2", m12_31="1"), "2023-01-20", unit="%"),
        *("1.000000", "1.000000", "2.000000", "blue"),
    ),
    "单位能耗": (
        case(
            "level",
            target("at_most", "95"),
            [{"cut_off": "2023-12-31", "value": "98"}],
            "2024-01-20",
            span=FIVE_YEARS,
            baseline={"date": "2020-12-31", "value": "100"},
        ),
        *("0.400000", "0.600000", "-20.000000", "red"),
    ),
    "预警覆盖率": (
        case(
            "level",
            target("at_least", "90"),
            [{"cut_off": "2021-12-31", "value": "96"}, {"cut_off": "2022-12-31", "value": "95"}],
            "2023-01-20",
            span=FIVE_YEARS,
            unit="%",
        ),
        *("1.000000", "1.000000", "5.000000", "green"),
    ),
    "新增上市企业": (
        case("cumulative", target("between", "1", value_high="2"), values(m09_30="0"), "2022-10-17", profile="at_end"),
        *("0.000000", "0.000000", "0.000000", "not_due"),
    ),
    "新增上市企业 closed": (
        case("cumulative", target("between", "1", value_high="2"), values(m09_30="0"), "2023-01-01", profile="at_end"),
        *("0.000000", "1.000000", "-100.000000", "red"),
    ),
    "高标准农田": (
        case("cumulative", target("at_least", "84"), values(m09_30="52.1"), "2022-10-17", **FIELDS),
        *("0.620238", "0.600000", "2.023810", "green"),
    ),
}


@pytest.mark.parametrize("name", WORKED)
def test_worked_example_of_the_design_is_found(name: str):
    given, *expected = WORKED[name]
    assert list(numbers(given)) == expected


def test_reached_level_says_so_before_it_counts():
    assert seen(WORKED["预警覆盖率"][0], "marks", "gap_in") == (["已达"], "points")


def test_season_of_the_fields_is_carried_along_its_path():
    given = case("cumulative", target("at_least", "84"), values(m03_31="3.9", m06_30="20.5", m09_30="52.1"), "2022-10-17", **FIELDS)
    assert result(given)["forecast"] == {"value": "87.154545", "low": None, "high": None, "miss": False}


def test_first_example_answers_in_full():
    answer = result(GRID)
    assert answer.pop("reason") == (
        "2022-06-30 值 900；完成率 (900 − 0) ÷ (2000 − 0) = 0.45；2022-06-30 应达 1000，序时进度 (1000 − 0) ÷ (2000 − 0) = 0.5；"
        "路径为推算；差距 (0.45 − 0.5) × 100 = −5 百分点；≥0 正常，≥−10 偏慢，以下滞后；亮灯：偏慢"
    )
    assert answer == {
        "id": "x",
        "attainment": "0.450000",
        "expected": "0.500000",
        "gap": "-5.000000",
        "gap_in": "share",
        "light": "yellow",
        "marks": [],
        "overdue": 0,
        "judged_at": "2022-06-30",
        "forecast": None,
    }


def test_second_example_carries_the_value_against_the_silent_period():
    periods = [{"end": "2022-06-30", "due": "2022-07-10"}, {"end": "2022-09-30", "due": "2022-10-10"}]
    given = {**GRID, "periods": periods, "as_of": "2022-10-13"}
    assert numbers(given) == ("0.450000", "0.750000", "-30.000000", "red")
    assert seen(given, "marks", "overdue", "judged_at") == (["逾期未报"], 3, "2022-09-30")


def test_third_example_leaves_the_grey_item_out():
    items = [{**GRID, "id": "a", "weight": "3"}, {**GRID, "id": "b", "values": [], "weight": "1"}]
    answer = result(node(items, "2022-07-20", period=["2022-04-01", "2022-06-30"]))
    del answer["reason"]
    assert answer == {
        "id": "x",
        "attainment": "0.450000",
        "expected": "0.500000",
        "gap": "-5.000000",
        "gap_in": "share",
        "light": "yellow",
        "marks": [],
        "overdue": 0,
        "judged_at": "2022-07-20",
        "coverage": "0.500000",
        "counts": {"blue": 0, "green": 0, "yellow": 1, "red": 0, "not_due": 0, "grey": 1},
    }


def test_light_at_the_closing_stays_beside_todays():
    figures = [{"cut_off": "2022-06-30", "value": "500"}, {"cut_off": "2022-06-30", "value": "1100", "accepted": "2022-08-01"}]
    assert seen({**GRID, "values": figures, "as_of": "2022-08-10", "closing": "2022-07-20"}, "light", "closing_light") == ("green", "red")


DEMONSTRATION = {
    "上云 2022Q2": (case("cumulative", target("at_least", "1500"), values(m06_30="4270"), "2022-10-17", **CLOUD), "-4.000000", "yellow"),
    "上云 累计 Q2": (case("cumulative", target("at_least", "6000"), values(m06_30="4270"), "2022-10-17", **LONG), "11.613230", "green"),
    "上云 新增6000 Q2": (
        case("cumulative", target("at_least", "6000"), values(m06_30="4270"), "2022-10-17", reading="increase", **LONG),
        *("-9.450000", "yellow"),
    ),
    "上云 新增6000 Q3": (
        case("cumulative", target("at_least", "6000"), values(m09_30="4540"), "2022-10-17", reading="increase", **LONG),
        *("-9.950000", "yellow"),
    ),
    "上云 累计 Q3": (case("cumulative", target("at_least", "6000"), values(m09_30="4540"), "2022-10-17", **LONG), "15.725616", "green"),
    "老旧小区": (case("cumulative", target("at_least", "94"), values(m09_30="90"), "2022-10-17"), "20.744681", "green"),
    "户厕 as reported": (case("cumulative", target("at_least", "10"), values(m06_30="6.1"), "2022-07-20"), "11.000000", "green"),
    "户厕 corrected": (case("cumulative", target("at_least", "10"), values(m06_30="4.6"), "2022-09-06"), "-4.000000", "yellow"),
    "户厕 Q3": (case("cumulative", target("at_least", "10"), values(m09_30="7.2"), "2022-10-17"), "-3.000000", "yellow"),
    "银行贷款": (case("cumulative", target("at_least", "200"), values(m09_30="131"), "2022-10-17"), "-9.500000", "yellow"),
    "生产总值 Q2": (case("held", target("about", "8"), values(m03_31="7.9", m06_30="7.2"), "2022-10-17", unit="%"), "-0.800000", "yellow"),
    "工业增加值": (case("held", target("about", "8"), values(m06_30="7.3"), "2022-10-17", unit="%"), "-0.700000", "yellow"),
}


@pytest.mark.parametrize("name", DEMONSTRATION)
def test_demonstration_shows_its_lights(name: str):
    given, gap, light = DEMONSTRATION[name]
    assert seen(given, "gap", "light") == (gap, light)


def test_bank_loans_are_forecast_to_miss():
    given = case("cumulative", target("at_least", "200"), values(m03_31="68", m06_30="104", m09_30="131"), "2022-10-17")
    assert result(given)["forecast"] == {"value": "162.500000", "low": None, "high": None, "miss": True}


def test_incomes_are_judged_on_the_last_pair():
    figures = values(m03_31="8.1", m06_30="7.0", m09_30="6.9")
    against = [{"cut_off": "2022-03-31", "value": "7.9"}, {"cut_off": "2022-06-30", "value": "7.2"}]
    given = case("held", target("relative", None), figures, "2022-10-17", unit="%", against=against)
    assert seen(given, "gap", "light", "marks", "judged_at") == ("-0.200000", "yellow", ["待比对值"], "2022-06-30")


def test_tourism_lags_behind_the_province():
    figures = [
        {"cut_off": "2022-03-31", "value": "-9.8", "benchmark": "-8.9"},
        {"cut_off": "2022-06-30", "value": "-13.4", "benchmark": "-11.0"},
    ]
    given = case("held", target("relative", None), figures, "2022-10-17", unit="%")
    assert numbers(given) == ("0.820896", "1.000000", "-2.400000", "red")


def test_waterworks_step_is_overdue_47_days():
    steps = [
        {"name": "选址", "due": "2022-05-31", "weight": "40", "done": "2022-05-20"},
        {"name": "用地", "due": "2022-08-31", "weight": "10"},
        {"name": "开工", "due": "2022-12-31", "weight": "50"},
    ]
    assert seen(task(steps, "2022-10-17"), "gap", "light", "overdue", "judged_at") == ("-10.000000", "yellow", 47, "2022-10-17")


def test_resort_stuck_between_two_stages_is_red():
    steps = [
        {"name": "签约", "due": "2022-03-31", "weight": "20", "done": "2022-03-20"},
        {"name": "开工", "due": "2022-06-30", "weight": "60"},
        {"name": "主体", "due": "2022-12-31", "weight": "20"},
    ]
    assert seen(task(steps, "2022-10-17", stages=True), "gap", "light", "overdue") == ("-60.000000", "red", 109)


def test_reform_of_the_zones_is_red_past_its_last_day():
    steps = [{"due": "2022-06-30", "done": "2022-06-01" if index < 9 else None} for index in range(11)]
    assert seen(task(steps, "2022-10-17"), "attainment", "light", "overdue") == ("0.818182", "red", 109)


def test_item_of_the_export_is_a_case():
    exported = {
        "code": "A1",
        "kind": "indicator",
        "unit": "个",
        "accrual": "cumulative",
        "reading": "value",
        "average": None,
        "profile": "linear",
        "shares": None,
        "binding": False,
        "baseline": None,
        "targets": [
            {
                "role": "final",
                "start": "2021-12-31",
                "due": "2022-12-31",
                "comparator": "at_least",
                "value": "2000",
                "value_high": None,
                "tolerance": None,
                "offset": None,
                "against": None,
                "better": None,
                "words": "2000个",
            }
        ],
        "steps": [],
        "measure": {"code": "m1"},
    }
    given = {**exported, "id": "x", "span": YEAR, "values": values(m06_30="900"), "as_of": "2022-07-20"}
    assert numbers(given) == ("0.450000", "0.500000", "-5.000000", "yellow")


def test_exported_task_without_steps_is_one_step():
    targets = [{"role": "final", "due": "2022-06-30", "comparator": None, "value": None}]
    given = task([], "2022-07-02", targets=targets, values=[])
    assert seen(given, "attainment", "expected", "light", "overdue") == ("0.000000", "1.000000", "red", 2)


BAD = {
    "no day": ({**GRID, "as_of": None}, "as_of: missing"),
    "no such day": ({**GRID, "as_of": "2022-02-30"}, "as_of: 2022-02-30 is not a day of the calendar"),
    "other calendar": ({**GRID, "as_of": "20220720"}, "as_of: must be a date YYYY-MM-DD, not '20220720'"),
    "no number": ({**GRID, "targets": [target("at_least", "many")]}, "targets[0].value: 'many' is not a decimal number"),
    "not finite": ({**GRID, "targets": [target("at_least", "NaN")]}, "targets[0].value: 'NaN' is not a finite number"),
    "too large": ({**GRID, "targets": [target("at_least", "1e999999")]}, "targets[0].value: '1e999999' is out of range"),
    "no target": ({**GRID, "targets": []}, "targets: missing"),
    "no value": ({**GRID, "targets": [target("at_least", None)]}, "targets[0].value: missing"),
    "no upper bound": ({**GRID, "targets": [target("between", "1")]}, "targets[0].value_high: missing"),
    "bounds turned": ({**GRID, "targets": [target("between", "2", value_high="1")]}, "targets[0].value_high: 1 is below value 2"),
    "comparator": (
        {**GRID, "targets": [target(">=", "1")]},
        "targets[0].comparator: must be one of at_least, at_most, about, exactly, between, relative, not '>='",
    ),
    "due": ({**GRID, "targets": [target("at_least", "1", due="2021-12-31")]}, "targets[0].due: 2021-12-31 is before the span begins"),
    "accrual": ({**GRID, "accrual": None}, "accrual: missing"),
    "span": ({**GRID, "span": YEAR[::-1]}, "span: the first day 2022-12-31 is after the last 2022-01-01"),
    "span of one": ({**GRID, "span": YEAR[:1]}, "span: must be [first day, last day]"),
    "state": ({**GRID, "values": [{"cut_off": "2022-06-30", "value": "1", "state": "估"}]}, "values[0].state: must be one of 预计, 快报, 核定, not '估'"),
    "shares": ({**GRID, "profile": "shares"}, "shares: missing"),
    "shares short": ({**GRID, "profile": "shares", "shares": ["50", "90"]}, "shares: must end with 100, the whole way"),
    "bands": ({**GRID, "bands": {"share": {"yellow": "5"}}}, "bands.share: yellow 5 must not be above green 0"),
    "growth of nothing": ({**GRID, "reading": "growth", "baseline": {"value": "0"}}, "baseline.value: nothing grows from 0"),
    "kind": ({**GRID, "kind": "goal"}, "kind: must be one of indicator, task, node, not 'goal'"),
    "values": ({**GRID, "values": {}}, "values: must be a list, not {}"),
    "within a node": (node([GRID, {**GRID, "span": ["x", "y"]}], "2022-07-20"), "items[1].span[0]: must be a date YYYY-MM-DD, not 'x'"),
    "weight": (node([{**GRID, "weight": "-1"}], "2022-07-20"), "items[0].weight: '-1' must not be negative"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_case_names_its_field(name: str):
    given, error = BAD[name]
    assert reckon([given]) == {"results": [{"id": "x", "error": error}]}


def test_bad_case_does_not_stop_the_others():
    results = reckon([{"id": "a"}, GRID, 7])["results"]
    assert [(one["id"], one.get("light"), one.get("error")) for one in results] == [
        ("a", None, "as_of: missing"),
        ("x", "yellow", None),
        (None, None, "case: must be an object, not 7"),
    ]


def test_numbers_of_json_are_read_exactly():
    assert numbers(load('{"cases":[' + json.dumps(GRID).replace('"900"', "900.0000001") + "]}")[0])[0] == "0.450000"


@pytest.mark.parametrize("source", ["", "[]", '{"cases": 1}', "{"])
def test_file_without_cases_is_refused(source: str):
    with pytest.raises(Malformed):
        load(source)


def _command(path: Path) -> Any:
    out = StringIO()
    call_command("reckon", str(path), stdout=out)
    return out.getvalue()


def test_command_writes_readable_json(tmp_path: Path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": [GRID, {"id": "b"}]}), encoding="utf-8")
    printed = _command(path)
    assert "序时进度" in printed
    assert [one["id"] for one in json.loads(printed)["results"]] == ["x", "b"]


def test_command_says_what_it_cannot_read(tmp_path: Path):
    with pytest.raises(CommandError, match="missing"):
        _command(tmp_path / "missing.json")
