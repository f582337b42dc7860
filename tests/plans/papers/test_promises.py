"""A wording, the promises in it, and their figures."""

import pytest

from plans.papers.promises import promises
from plans.papers.words import even, ordinal
from tests.plans.papers.making import SPAN


def told(text: str) -> list[str]:
    """name value..high unit comparator firm due, a line a promise."""
    lines = []
    for one in promises(text, SPAN.first, SPAN.last):
        figure = one.figure
        value = f"{figure.value}{'..' + str(figure.high) if figure.high is not None else ''} {figure.unit} {figure.comparator}" if figure else ""
        lines.append(
            " ".join(part for part in (one.name, value, "relative" if one.beside else "", one.firm or "", one.due.on.isoformat() if one.due else "") if part)
        )
    return lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("地区生产总值增长８％左右", ["地区生产总值增长 8 % about"]),
        ("新建改扩建幼儿园53所、义务教育学校84所", ["新建改扩建幼儿园 53 所 at_least", "新建改扩建义务教育学校 84 所 at_least"]),
        ("实施省重点项目143个，完成投资1,178亿元以上", ["实施省重点项目 143 个 at_least", "省重点项目完成投资 1178 亿元 at_least"]),
        ("城镇、农村居民收入分别增长6%、7%以上", ["城镇居民收入增长 6 % at_least", "农村居民收入增长 7 % at_least"]),
        ("力争新增上市企业1-2家", ["新增上市企业 1..2 家 between strive"]),
        ("调查失业率控制在5.5%以内", ["调查失业率 5.5 % at_most"]),
        ("工程审批时间不超过60个工作日", ["工程审批时间 60 个工作日 at_most"]),
        ("常住人口城镇化率提高2个百分点，达到48%", ["常住人口城镇化率提高 2 百分点 at_least", "常住人口城镇化率 48 % at_least"]),
        ("固定资产投资增长10%，力争12%", ["固定资产投资增长 10 % at_least"]),
        ("居民收入增长与经济增长同步", ["居民收入增长 relative"]),
        ("推动1500家企业上云", ["推动企业上云 1500 家 at_least"]),
        ("新增技能人才18万人以上，其中高技能人才5.7万人", ["新增技能人才 18 万人 at_least", "新增高技能人才 5.7 万人 at_least"]),
        ("6月底前开工建设许信高速", ["开工建设许信高速 2023-06-30"]),
        ("新建两所高中", ["新建高中 2 所 at_least"]),
        ("能耗下降百分之五", ["能耗下降 5 % at_least"]),
        ("启动第十二小学建设，新建中心幼儿园2所", ["启动第十二小学建设", "新建中心幼儿园 2 所 at_least"]),
    ],
)
def test_a_wording_gives_its_promises(text, lines):
    assert told(text) == lines


@pytest.mark.parametrize(
    "text",
    [
        "推进G107改线工程", "举办第25届农加工会", "深入实施“155”工程", "打造500亿级产业集群", "落实驻政办〔2022〕15号文件", "建设总投资30亿元的产业园",
        "推进年产20万吨项目投产", "加快5G网络建设", "创建4A级景区", "建设15分钟生活圈", "引进世界500强企业", "完成2022年度结转项目", "开通12345热线", "抓好“7+24”机制",
    ],
)  # fmt: skip
def test_numbers_that_promise_nothing_stay_out(text):
    assert [one.indicator for one in promises(text, SPAN.first, SPAN.last)] == [False]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("新增5G基站2000个", ("cumulative", "value", "linear")),
        ("生产总值增长8%左右", ("held", "value", "linear")),
        ("制造业占比达到26%", ("level", "value", "linear")),
        ("市场主体总数突破47万户", ("level", "value", "linear")),
        ("城镇化率提高2个百分点", ("level", "increase", "at_end")),
        ("安全利用率保持100%", ("held", "value", "linear")),
        ("粮食产量稳定在160亿斤以上", ("held", "value", "linear")),
        ("认定国家高新技术企业50家", ("cumulative", "value", "at_end")),
        ("年均增长7%", ("held", "value", "linear")),
    ],
)
def test_the_sort_of_a_promise_is_proposed(text, kind):
    one = promises(text, SPAN.first, SPAN.last)[0]
    assert (one.kind.accrual, one.kind.reading, one.kind.profile) == kind


def test_a_dated_task_has_steps():
    one = promises("第六污水处理厂6月底前开工，年底前建成投用", SPAN.first, SPAN.last)[0]
    assert [(name, day.on.isoformat()) for name, day in one.steps] == [("第六污水处理厂开工", "2023-06-30"), ("建成投用", "2023-12-31")]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("3.6月底前开工", ("3.", "6月底前开工")),
        ("（一）抓项目", ("（一）", "抓项目")),
        ("第六污水处理厂开工", ("", "第六污水处理厂开工")),
        ("第三章 目标", ("第三章", "目标")),
        ("1.5万亩造林", ("", "1.5万亩造林")),
        ("★12．新建公厕", ("★", "12.新建公厕")),
    ],
)
def test_the_number_of_a_line_is_told_from_its_words(line, parts):
    assert ordinal(even(line)) == parts


def test_from_and_to_give_a_baseline():
    one = promises("税收占比由60%提高到65%", SPAN.first, SPAN.last)[0]
    assert (str(one.baseline), str(one.figure.value)) == ("60", "65")


def test_shipped_names_are_read_as_they_are():
    """Every indicator of the shipped plans, written as a wording, gives back its figure; every task is a task."""
    import json

    from django.conf import settings

    wrong = []
    for name in ("report-2022", "manufacturing-2025", "meteorology-2025"):
        for item in json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))["plans"][0]["items"]:
            final = item["targets"][-1]
            if final["value"] is None and item["kind"] == "indicator":
                continue
            shown = (
                f"{final['value']}{'—' + final['value_high'] if final['value_high'] else ''}{'个' * (item['unit'] == '百分点')}{item['unit']}"
                if final["value"]
                else ""
            )
            read = promises(item["name"] + shown, SPAN.first, SPAN.last)
            told_right = len(read) == 1 and (
                str(read[0].figure.value) == final["value"] and read[0].figure.unit == item["unit"] if shown and read[0].figure else not read[0].indicator
            )
            wrong += [] if told_right else [item["name"]]
    assert len(wrong) <= 3, wrong
