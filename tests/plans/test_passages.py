"""A paper's text is cut into sentences, and every item finds its own; nothing that does not promise it is taken for it."""

from decimal import Decimal

import pytest

from plans.passages.matching import Wanted, find, tokens_of
from plans.passages.promising import promises
from plans.passages.segmenting import Sentence, sentences, split_papers

PRINTED = """ 测 试 规 划
（2022年）

一、上年工作回顾

上年新增企业 100家，完成投资 30亿元，为今

年打下基础。

二、2022 年主要任务

（一）着力抓工业

做大做强企业。新增上云企业 1500 家以上，新

建厂房 90万平方米；推动服务前移，建成企业服

务总入口。弘扬企业家精神。

第三章 保障措施，

强化执行

指标 2020年 2025年

企业上云数量（家） 累计 3037家 累计 6000家

森林覆盖率（%） 30 35

——环境改善。空气质量达到省定目标。"""
EXTRACT = PRINTED.splitlines()


def test_lines_become_sentences_under_their_headings() -> None:
    assert [(s.locator, s.text) for s in sentences(EXTRACT)] == [
        ("", "测试规划"),
        ("", "（2022年）"),
        ("一、上年工作回顾", "上年新增企业100家，完成投资30亿元，为今年打下基础。"),
        ("二、2022年主要任务 › （一）着力抓工业 › 做大做强企业", "新增上云企业1500家以上，新建厂房90万平方米；"),
        ("二、2022年主要任务 › （一）着力抓工业 › 做大做强企业", "推动服务前移，建成企业服务总入口。"),
        ("二、2022年主要任务 › （一）着力抓工业 › 做大做强企业", "弘扬企业家精神。"),
        ("第三章保障措施，强化执行", "指标 2020年 2025年"),
        ("第三章保障措施，强化执行", "企业上云数量（家） 累计 3037家 累计 6000家"),
        ("第三章保障措施，强化执行", "森林覆盖率（%） 30 35"),
        ("第三章保障措施，强化执行 › 环境改善", "空气质量达到省定目标。"),
    ]


def test_paragraphs_of_a_document_are_read_alike() -> None:
    whole = ["二、2022年主要任务", "（一）着力抓工业。新增上云企业1500家以上。新建厂房90万平方米。"]
    assert [(s.trail, s.text) for s in sentences(whole)] == [
        (("二、2022年主要任务", "（一）着力抓工业"), "新增上云企业1500家以上。"),
        (("二、2022年主要任务", "（一）着力抓工业"), "新建厂房90万平方米。"),
    ]


def test_nothing_of_the_text_is_lost_and_none_invented() -> None:
    signs = [c for line in EXTRACT for c in line if c not in " \n—"]
    kept = [c for s in sentences(EXTRACT) for c in s.text]
    assert len(kept) == len(signs) - sum(len(t) for t in ("一、上年工作回顾", "二、2022年主要任务", "（一）着力抓工业", "做大做强企业。", "第三章保障措施，强化执行", "环境改善。")) + sum(
        s.text.count(" ") for s in sentences(EXTRACT)
    )  # fmt: skip


def test_a_collection_is_cut_at_the_papers_numbers() -> None:
    second = ["某市人民政府", "关于印发测试规划的通知", "测政〔2022〕1号", "各县区：", "现印发。"]
    papers = split_papers([*EXTRACT, *second, *EXTRACT, "某市人民政府办公室", "关于另一件事的通知", "测政办〔2022〕2号", "各县区："])
    assert [paper[0].strip() for paper in papers] == ["测 试 规 划", "某市人民政府", "某市人民政府办公室"]
    assert split_papers(EXTRACT) == [EXTRACT]


@pytest.mark.parametrize(
    ("trail", "text", "does"),
    [
        (("二、任务",), "新增上云企业1500家以上；", True),
        (("二、任务",), "建成企业服务总入口。", True),
        (("二、任务",), "弘扬企业家精神。", False),
        (("二、任务",), "构建“3522”现代产业体系。", False),
        (("一、上年工作回顾",), "上年新增企业100家。", False),
    ],
)
def test_a_sentence_promises_where_a_figure_or_a_result_is_named(trail: tuple[str, ...], text: str, does: bool) -> None:
    assert promises(Sentence(1, trail, text)) is does


def test_a_locator_is_read_word_by_word() -> None:
    assert tokens_of("二（一）做大做强企业") == ["二、", "（一）", "做大做强企业"]
    assert tokens_of("第八章专栏1·2.培育中心") == ["第八章", "专栏1", "2.", "培育中心"]
    assert tokens_of("六·主要指标表（科技创新）第1行") == ["六、", "主要指标表", "科技创新"]


def found(*wanted: Wanted) -> dict[int, str]:
    every = sentences(EXTRACT)
    return {key: every[f.position - 1].text[f.start : f.start + f.length] for key, f in find(wanted, every).items()}


def test_every_item_finds_its_own_words() -> None:
    place = "二（一）做大做强企业"
    assert found(
        Wanted(1, place, "新增上云企业", ("1500",)),
        Wanted(2, place, "新建标准化厂房", ("90",)),
        Wanted(3, place, "建成企业服务总入口"),
        Wanted(4, "第三章 主要指标表", "企业上云累计数量", ("6000",)),
        Wanted(5, "第三章·环境改善", "空气质量达到省定目标"),
    ) == {
        1: "新增上云企业1500家以上", 2: "新建厂房90万平方米", 3: "建成企业服务总入口",
        4: "企业上云数量（家） 累计 3037家 累计 6000家", 5: "空气质量达到省定目标",
    }  # fmt: skip


def test_what_no_sentence_says_is_not_found() -> None:
    assert found(Wanted(1, "九（三）别处", "引进股份制商业银行", ("2",)), Wanted(2, "二（一）做大做强企业", "开通两条国际航线", ("2",))) == {}


def test_a_figure_is_whole() -> None:
    """15 is not in 1500, and 3 not in 30."""
    every = sentences(["二、任务", "新增企业1500家。", "新增企业15家。"])
    assert {k: every[f.position - 1].text for k, f in find([Wanted(1, "二", "新增企业", ("15",))], every).items()} == {1: "新增企业15家。"}


def test_the_same_words_in_two_chapters_go_by_their_place() -> None:
    every = sentences(["第一章 甲", "新增企业15家。", "第二章 乙", "新增企业15家。"])
    hits = find([Wanted(1, "第二章", "新增企业", ("15",)), Wanted(2, "第一章", "新增企业", ("15",))], every)
    assert {k: every[f.position - 1].trail for k, f in hits.items()} == {1: ("第二章甲".replace("甲", "乙"),), 2: ("第一章甲",)}
    assert all(f.score > Decimal("0.9") for f in hits.values())
