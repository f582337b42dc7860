"""The worked examples of docs/judging: cases of the tests, each put through the functions that light the pages and written as a table.

`python -m tests.plans.judging` writes them into the documents anew; `test_judging.py` holds the documents to them.
"""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from plans.arithmetic.reasons import LIGHT_NAMES, show
from plans.arithmetic.spans import six
from plans.arithmetic.totals import Counted, add_up, within
from plans.arithmetic.workings import LABELS, Working, indicator_workings, task_workings
from plans.fields import Fields
from plans.reckoning import Indicator, Node, read_item, read_node
from tests.plans.reckoned import FIVE_YEARS, case, node, target, task, values
from tests.plans.test_reckon import DEMONSTRATION, WORKED

FOLDER = Path(__file__).parents[2] / "docs" / "judging"
BLOCK = re.compile(r"<!-- (?P<name>[^:\n]+): (?P<language>zh|en) -->\n.*?<!-- end -->", re.DOTALL)
MINUS = "−"
MARKS = {"逾期未报": "not reported in time", "已达": "reached", "起点": "start", "待比对值": "waits for its partner", "预计": "estimate"}
HEADS = {"zh": ("项目", "日期", "算式", "得数"), "en": ("Figure", "Day", "Sum", "Result")}
ITEM_HEADS = {"zh": ("事项", "权重", "完成率", "序时进度", "计入的差距", "扣分"), "en": ("Item", "Weight", "Attainment", "Expected", "Gap counted", "Taken")}

WATERWORKS = task(
    [
        {"name": "选址", "due": "2022-05-31", "weight": "40", "done": "2022-05-20"},
        {"name": "用地", "due": "2022-08-31", "weight": "10"},
        {"name": "开工", "due": "2022-12-31", "weight": "50"},
    ],
    "2022-10-17",
)
EXAMPLES: dict[str, dict[str, Any]] = {
    "5g": WORKED["新增5G基站"][0],
    "5g silent": {**WORKED["新增5G基站"][0], "periods": [{"end": "2022-06-30", "due": "2022-07-10"}, {"end": "2022-09-30", "due": "2022-10-10"}], "as_of": "2022-10-13"},
    "cloud total": WORKED["企业上云累计"][0],
    "fields": WORKED["高标准农田"][0],
    "cloud": WORKED["新增上云企业"][0],
    "cloud june": DEMONSTRATION["上云 2022Q2"][0],
    "energy": WORKED["单位能耗"][0],
    "warning": WORKED["预警覆盖率"][0],
    "jobless": WORKED["调查失业率"][0],
    "gdp": WORKED["生产总值增长"][0],
    "grain": WORKED["粮食产量"][0],
    "prices": WORKED["居民消费价格"][0],
    "growth": case("level", target("at_least", "10"), values(m06_30="219"), "2022-07-20", reading="growth", baseline={"date": "2021-12-31", "value": "200"}),
    "average": case(
        "held", target("at_least", "15"), [{"cut_off": "2021-12-31", "value": "10"}, {"cut_off": "2022-12-31", "value": "21"}], "2023-01-20",
        span=FIVE_YEARS, unit="%", average="geometric",
    ),
    "incomes": case("held", target("relative", None), [{"cut_off": "2022-06-30", "value": "7.0", "benchmark": "7.2"}], "2022-10-17", unit="%"),
    "tourism": case("held", target("relative", None), [{"cut_off": "2022-06-30", "value": "-13.4", "benchmark": "-11.0"}], "2022-10-17", unit="%"),
    "listed": WORKED["新增上市企业"][0],
    "listed closed": WORKED["新增上市企业 closed"][0],
    "range": case("held", target("between", "1", value_high="3"), values(m06_30="3.5"), "2022-07-20", unit="公里"),
    "ceiling": case("cumulative", target("at_most", "100"), values(m06_30="60"), "2022-07-20"),
    "ceiling broken": case("cumulative", target("at_most", "100"), values(m06_30="105"), "2022-07-20"),
    "waterworks": WATERWORKS,
}  # fmt: skip
NODES: dict[str, dict[str, Any]] = {
    "two items": node(
        [
            {**case("level", target("at_least", "100"), values(m06_30="100"), "2022-07-20", baseline={"date": "2021-12-31", "value": "0"}), "name": "甲"},
            {**case("level", target("at_least", "100"), values(m06_30="20"), "2022-07-20", baseline={"date": "2021-12-31", "value": "0"}), "name": "乙"},
        ],
        "2022-07-20",
    ),
    "points": node([WORKED["调查失业率"][0], WORKED["新增5G基站"][0]], "2022-07-20"),
}


def write() -> None:
    for path in sorted(FOLDER.glob("*.md")):
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


def filled(text: str) -> str:
    """A document with its examples as the functions give them today."""
    return BLOCK.sub(lambda found: f"<!-- {found['name']}: {found['language']} -->\n{example(found['name'], found['language'])}\n<!-- end -->", text)


def example(name: str, language: str) -> str:
    """One example as a table and the light it gives."""
    return "\n".join(_node(NODES[name], language) if name in NODES else _item(EXAMPLES[name], language))


def _item(given: dict[str, Any], language: str) -> Iterator[str]:
    on, read = date.fromisoformat(given["as_of"]), read_item(Fields.of(given, ""))
    judgement = read.judge(on)
    lines = indicator_workings(read.promise, read.record, on) if isinstance(read, Indicator) else task_workings(read.task, read.progress, on, judgement)
    yield from _table(HEADS[language], [_cells(one, language) for one in lines])
    yield ""
    marks = "".join(f"，{mark}" if language == "zh" else f", {MARKS[mark]}" for mark in judgement.marks)
    late = (f"，逾期 {judgement.overdue} 天" if language == "zh" else f", overdue {judgement.overdue} days") if judgement.overdue else ""
    yield f"**{LIGHT_NAMES[language][judgement.light]}**{marks}{late}"


def _cells(one: Working, language: str) -> tuple[str, ...]:
    return LABELS[language][one.what], one.day.isoformat() if one.day else "", _minus(one.sum), _minus(show(one.result))  # type: ignore[index]


def _node(given: dict[str, Any], language: str) -> Iterator[str]:
    read: Node = read_node(Fields.of(given, ""))
    counted = [one.case.count(one.as_of, None, one.weight, one.binding) for one in read.members]
    total = add_up(counted, read.band)
    yield from _table(ITEM_HEADS[language], [_member(n, one) for n, one in enumerate(counted)])
    weight = sum(Fraction(one.weight) for one in counted)
    taken = sum(one.shortfall * Fraction(one.weight) for one in counted)
    yield ""
    yield f"{_minus(show(Fraction(taken)))} ÷ {show(Fraction(weight))} = {_minus(show(total.gap))} → **{LIGHT_NAMES[language][total.light]}**"


def _member(n: int, one: Counted) -> tuple[str, ...]:
    exact = one.judgement.exact
    assert exact
    shares = (show(six(within(share))) for share in (exact.attainment, exact.expected))
    return "甲乙丙丁"[n], show(one.weight), *shares, _minus(show(one.shortfall)), _minus(show(one.shortfall * Fraction(one.weight)))


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    for cells in (heads, tuple("---" for _ in heads), *rows):
        yield f"| {' | '.join(cells)} |"


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


if __name__ == "__main__":
    write()
