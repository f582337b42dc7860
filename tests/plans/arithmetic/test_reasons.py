"""The line that explains a light, in both languages: every number in it can be keyed into a pocket calculator."""

from datetime import date
from decimal import Decimal

import pytest

from plans.arithmetic.cases import Baseline, Period, Promise, Record, Target, Value
from plans.arithmetic.lights import judge
from plans.arithmetic.reasons import WHY, explain, explain_total
from plans.arithmetic.totals import Counted, add_up
from tests.plans.reckoned import QUARTERS, case, node, seen, target, values

JULY = date(2022, 7, 20)
SPAN = (date(2022, 1, 1), date(2022, 12, 31))


def at_half(value: str) -> Record:
    """A value in the middle of the year."""
    return Record((Value(date(2022, 6, 30), Decimal(value)),))


HELD = Promise(*SPAN, "held", (Target(Decimal(3)),), unit="%")
LEVEL = Promise(*SPAN, "level", (Target(Decimal(90), comparator="at_most"),), Baseline(Decimal(100)))
GROWN = Promise(*SPAN, "cumulative", (Target(Decimal(1500)),), Baseline(Decimal(3580)), "increase")
RANGE = Promise(*SPAN, "held", (Target(Decimal(1), comparator="between", value_high=Decimal(3)),))

LINES = {
    "held in points": (
        HELD,
        at_half("2.6"),
        "2022-06-30 值 2.6；目标 ≥ 3；完成率 2.6 ÷ 3 = 0.866667；差距 2.6 − 3 = −0.4 百分点；≥0 正常，≥−1 偏慢，以下滞后；亮灯：偏慢",
        (
            "2022-06-30 value 2.6; target ≥ 3; attainment 2.6 ÷ 3 = 0.866667; gap 2.6 − 3 = −0.4 percentage points; "
            "≥ 0 on track, ≥ −1 slow, below behind; light: slow"
        ),
    ),
    "on the way down": (
        LEVEL,
        at_half("96"),
        (
            "2022-06-30 值 96；完成率 (96 − 100) ÷ (90 − 100) = 0.4；2022-06-30 应达 95，序时进度 (95 − 100) ÷ (90 − 100) = 0.5；路径为推算；"
            "差距 (0.4 − 0.5) × 100 = −10 百分点；≥0 正常，≥−10 偏慢，以下滞后；亮灯：偏慢"
        ),
        (
            "2022-06-30 value 96; attainment (96 − 100) ÷ (90 − 100) = 0.4; 2022-06-30 expects 95, (95 − 100) ÷ (90 − 100) = 0.5; the path is an assumption; "
            "gap (0.4 − 0.5) × 100 = −10 points of the way; ≥ 0 on track, ≥ −10 slow, below behind; light: slow"
        ),
    ),
    "increase": (
        GROWN,
        at_half("5080"),
        (
            "2022-06-30 值 5080 − 3580 = 1500；完成率 (1500 − 0) ÷ (1500 − 0) = 1；2022-06-30 应达 750，序时进度 (750 − 0) ÷ (1500 − 0) = 0.5；路径为推算；"
            "差距 (1 − 0.5) × 100 = 50 百分点；累计值已达目标：完成"
        ),
        (
            "2022-06-30 value 5080 − 3580 = 1500; attainment (1500 − 0) ÷ (1500 − 0) = 1; 2022-06-30 expects 750, (750 − 0) ÷ (1500 − 0) = 0.5; "
            "the path is an assumption; gap (1 − 0.5) × 100 = 50 points of the way; the total has reached its target: done"
        ),
    ),
    "range": (
        RANGE,
        at_half("4"),
        "2022-06-30 值 4；目标 1 … 3；完成率 3 ÷ 4 = 0.75；差距 (0.75 − 1) × 100 = −25 百分点；≥0 正常，≥−10 偏慢，以下滞后；亮灯：滞后",
        (
            "2022-06-30 value 4; target 1 … 3; attainment 3 ÷ 4 = 0.75; gap (0.75 − 1) × 100 = −25 points of the way; "
            "≥ 0 on track, ≥ −10 slow, below behind; light: behind"
        ),
    ),
    "nothing": (HELD, Record(), "尚无可用数据，也无到期未报：暂无数据", "nothing accepted and nothing that was due: no data"),
    "silence": (
        HELD,
        Record(periods=(Period(date(2022, 3, 31), date(2022, 4, 10)),)),
        "从未报数，以起点代（完成率 0）；差距 (0 − 1) × 100 = −100 百分点；≥0 正常，≥−10 偏慢，以下滞后；亮灯：滞后",
        "never reported: the start stands in (A = 0); gap (0 − 1) × 100 = −100 points of the way; ≥ 0 on track, ≥ −10 slow, below behind; light: behind",
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_line_names_the_numbers(name: str):
    promise, record, chinese, english = LINES[name]
    judgement = judge(promise, record, JULY)
    assert (explain(judgement), explain(judgement, "en")) == (chinese, english)


def test_line_of_a_node_adds_its_shortfalls():
    judgements = [judge(LEVEL, at_half(value), JULY) for value in ("96", "94")]
    total = add_up([Counted(one, Decimal(weight)) for one, weight in zip(judgements, (3, 1), strict=True)], LEVEL.bands.node)
    assert explain_total(total) == "差距 (3×(−10) + 1×0) ÷ 4 = −7.5 百分点；≥−2 正常，≥−10 偏慢，以下滞后；亮灯：偏慢"
    assert explain_total(total, "en") == "gap (3×(−10) + 1×0) ÷ 4 = −7.5 points; ≥ −2 on track, ≥ −10 slow, below behind; light: slow"


TOLD = {
    "broken": (case("cumulative", target("at_most", "10"), values(m06_30="11"), "2022-07-20"), "曾突破上限"),
    "silent twice": (case("held", target("at_least", "3"), values(m03_31="4"), "2022-10-20", periods=QUARTERS), "连续2期未报"),
    "about": (case("held", target("about", "8"), values(m06_30="7.5"), "2022-07-20", unit="%"), "目标 8左右，≥ 7.6"),
    "growth": (
        case("held", target("at_least", "10"), values(m06_30="219"), "2022-07-20", reading="growth", baseline={"value": "200"}),
        "(219 − 200) ÷ 200 × 100 = 9.5",
    ),
    "average": (case("held", target("at_least", "8"), values(m12_31="9"), "2023-01-20", average="arithmetic"), "值 年均 9"),
    "state": (case("held", target("at_least", "8"), [{"cut_off": "2022-06-30", "value": "9", "state": "快报"}], "2022-07-20"), "值 9（快报）"),
    "beyond": (case("level", target("exactly", "20"), values(m06_30="25"), "2022-07-20", baseline={"value": "10"}), "完成率 20 ÷ 25 = 0.8"),
    "met": (
        case("level", target("about", "20"), values(m06_30="19.5"), "2022-07-20", baseline={"value": "10"}),
        "完成率 (19.5 − 10) ÷ (20 − 10) = 0.95 → 1",
    ),
    "no start": (case("level", target("at_least", "20"), [], "2022-04-20", periods=QUARTERS), "2022-03-31 序时进度 0.25"),
    "all blue": (node([case("cumulative", target("at_least", "10"), values(m06_30="11"), "2022-07-20")], "2022-07-20"), "各项均已完成：完成"),
    "empty": (node([], "2022-07-20"), "没有可汇总的事项：暂无数据"),
}


@pytest.mark.parametrize("name", TOLD)
def test_line_says_what_decided(name: str):
    given, words = TOLD[name]
    assert words in seen(given, "reason")[0]


def test_every_reason_is_told_in_both_languages():
    assert WHY["zh"].keys() == WHY["en"].keys()
