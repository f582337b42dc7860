"""What is read of whole papers: nearly all, and nothing that is not there."""

import json
import time

import pytest

from plans.papers.reading import paper_title, paper_year, read
from tests.plans.papers import corpus, corpus_later, corpus_unseen
from tests.plans.papers.making import SPAN, directory, grid, paper, texts
from tests.plans.papers.reckoning import reading, scores
from tests.plans.papers.scoring import ASPECTS, Score, rows_of, table

CASES = [*corpus.CASES, *corpus_unseen.CASES, *corpus_later.CASES]


@pytest.mark.parametrize("cases", [corpus.CASES, corpus_unseen.CASES, corpus_later.CASES], ids=["known", "unseen", "later"])
def test_nineteen_of_twenty_items_and_their_fields_are_read_right_and_none_is_invented(cases):
    found = scores(cases)
    whole = Score()
    for one in found.values():
        whole.add(one)
    assert {aspect: whole.share(aspect) for aspect in ASPECTS if whole.share(aspect) < 0.95} == {}, table(found)
    assert whole.invented == 0, whole.wrong


def test_a_reader_that_sees_nothing_fails_the_measure():
    case = corpus.CLASSIC
    blind = read(paper(grid("空", [["封面"]])), directory(), SPAN, plan="x")
    from tests.plans.papers.scoring import answers, score

    assert score(blind, answers(case.answer, directory(), 2023)).share("items") == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_read_is_json_with_a_row_and_a_code_of_its_own(case):
    found = reading(case).as_json()
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    codes = [item["code"] for item in found["items"]]
    assert len(set(codes)) == len(codes)
    assert all(item["row"] for item in found["items"])
    assert found["refused"] == []


def test_every_row_is_an_item_or_is_said_to_be_none():
    found = reading(corpus_unseen.HIDDEN)
    whys = [left.why for left in found.left]
    assert whys == ["title", "title", "header", "heading", "total", "header", "heading", "total", "note"]


def test_headings_between_rows_become_goals():
    goals = [item["goal"] for item in reading(corpus.CLASSIC).items]
    assert goals[0] == ["一、主要预期目标"]
    assert goals[-1] == ["二、重点工作"]


def test_lists_keep_their_sections_as_goals():
    goals = {item["name"]: item["goal"] for item in reading(corpus.BRACKETS).items}
    assert goals["新建农村公路"] == ["二、重点工作", "（一）加强基础设施建设"]


def test_two_tables_have_goals_of_their_own():
    assert [item["goal"] for item in reading(corpus.TWO_TABLES).items][::3] == [["表1主要预期目标"], ["表2重点工作任务"]]


def test_owners_outside_the_directory_are_kept_and_uncertain():
    items = {item["name"]: item for item in reading(corpus_unseen.LED).items}
    assert items["城市供水管网漏损率"]["supporting"] == ["市自来水公司"]
    assert items["城市供水管网漏损率"]["uncertain"] == ["supporting"]
    assert items["出台优化营商环境实施方案"]["why"]["supporting"] == "group"


def test_quarters_are_interim_targets_and_steps():
    items = {item["name"]: item for item in reading(corpus_unseen.QUARTERS).items}
    assert [(t["role"], t["due"], t["value"]) for t in items["新增城镇就业"]["targets"]] == [
        ("interim", "2023-03-31", "1.5"), ("interim", "2023-06-30", "3"), ("interim", "2023-09-30", "4.5"), ("final", "2023-12-31", "6"),
    ]  # fmt: skip
    assert [step["name"] for step in items["市体育中心建设"]["steps"]] == ["完成招标", "开工建设", "主体施工", "主体封顶"]


def test_counties_as_columns_are_parts_of_the_rows_own_item():
    items = {item["code"]: item for item in reading(corpus.COUNTIES).items}
    assert {code: (item.get("part_of"), item.get("adding"), item["lead"][:2]) for code, item in items.items() if code.startswith("1")} == {
        "1": (None, "sum", "市农"),
        "1.1": ("1", None, "遂平"),
        "1.2": ("1", None, "西平"),
        "1.3": ("1", None, "上蔡"),
    }
    assert "value" not in items["1"]["why"]


def test_a_row_of_counties_without_a_figure_of_the_whole_proposes_one_that_is_uncertain():
    wholes = [item for item in reading(corpus_later.CASES[0]).items if "part_of" not in item]
    assert [(item["targets"][-1]["value"], item["why"].get("value"), item["adding"], item["why"].get("adding")) for item in wholes] == [
        ("22", "summed", "sum", None),
        ("2.4", "summed", "sum", None),
        (None, "none", "all", "guessed"),
    ]


def test_a_column_of_last_year_is_the_baseline():
    first = reading(corpus.VALUES).items[0]
    assert first["baseline"] == {"date": "2022-12-31", "value": "6.1"}


def test_growth_in_step_with_output_reads_the_papers_own_output():
    items = {item["name"]: item for item in reading(corpus.CLASSIC).items}
    assert items["城乡居民收入增长"]["targets"][0]["against"] == items["地区生产总值增长"]["measure"]["code"]


def test_cells_that_cannot_be_taken_are_refused_with_their_address():
    rows = rows_of("""
    序号 | 目标任务 | 目标值 | 计量单位 | 责任单位 | 完成时限
    1 | 新建公厕 | x7 | 座 | 市城管局 | 12月底
    2 | 新增绿地 | 30 | 万平方米 | 市城管局 | 2月30日
    3 | 打通断头路 | 5 | 条 | 市住建局 | 2022年6月
    """)
    found = read(paper(grid("表", rows)), directory(), SPAN, plan="x")
    assert [(one.cell, one.why) for one in found.refused] == [("表!C2", "no_number"), ("表!F3", "no_day"), ("表!F4", "due_before_start")]


def test_a_table_without_a_header_that_is_known_is_refused_by_name():
    found = read(paper(grid("台账", rows_of("a | b\nc | d\ne | f\ng | h"))), directory(), SPAN, plan="x")
    assert [(one.cell, one.why) for one in found.refused] == [("台账", "no_header")]
    assert found.items == []


@pytest.mark.parametrize(
    "words",
    [
        "1" * 9000,
        "5个" * 3000,
        "（" * 4000 + "）" * 4000,
        "2023年" * 1800,
        "甲、" * 3000 + "分别增长5%",
        "和" * 9000,
        "由5到" * 2500,
        "牵头单位：市发改委；" * 900,
    ],
)
def test_a_cell_without_end_is_kept_and_not_taken_apart(words):
    rows = [
        ["序号", "目标任务", "责任单位", "完成时限"],
        ["1", words, "市教育局", ""],
        ["2", "新建公厕5座", words, ""],
        ["3", "新建公园5个", "市教育局", words],
    ]
    began = time.monotonic()
    found = read(paper(grid("表", rows), texts(f"1.{words}。（市教育局）")), directory(), SPAN, plan="x")
    assert len(found.items) >= 2
    assert time.monotonic() - began < 10


def test_what_a_person_said_of_a_heading_comes_before_every_guess():
    rows = rows_of("""
    序号 | 拟办事宜 | 经办 | 备注
    1 | 新建公厕30座 | 市城管局 | 甲
    2 | 新建公园2个 | 市城管局 | 乙
    """)
    before = read(paper(grid("表", rows)), directory(), SPAN, plan="x")
    assert before.items == []
    span = type(SPAN)(SPAN.first, SPAN.last, {"拟办事宜": "content", "经办": "any"})
    after = read(paper(grid("表", rows)), directory(), span, plan="x")
    assert [(item["name"], item["lead"]) for item in after.items] == [("新建公厕", "市城市管理局"), ("新建公园", "市城市管理局")]


def test_title_and_year_come_from_the_first_lines():
    one = paper(texts("驻政〔2023〕1号\n2024年政府工作报告重点工作责任分解方案\n1.新建公厕3座。（市城管局）"), name="附件.docx")
    assert (paper_title(one), paper_year(one)) == ("2024年政府工作报告重点工作责任分解方案", 2024)


def test_talk_about_the_work_is_no_item():
    found = reading(corpus.BRACKETS)
    assert [left.why for left in found.left].count("unowned") == 1
    assert not any("报市政府督查室" in item["name"] for item in found.items)
