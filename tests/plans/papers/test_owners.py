"""Who answers, in the words of offices."""

import datetime as dt

import pytest

from plans.papers.owners import Department, Directory, parse
from plans.papers.reading import read
from tests.plans.papers.making import SPAN, directory, paper, texts


@pytest.mark.parametrize(
    ("text", "lead", "supporting"),
    [
        ("市发改委、市财政局", "市发展和改革委员会", ["市财政局"]),
        ("市发改委牵头，市财政局、市统计局配合", "市发展和改革委员会", ["市财政局", "市统计局"]),
        ("牵头单位：市发展改革委；配合单位：市财政局", "市发展和改革委员会", ["市财政局"]),
        ("责任领导：张明；牵头单位：市住建局；责任单位：市城管局", "市住房和城乡建设局", ["市城市管理局"]),
        ("市工信局\n市商务局", "市工业和信息化局", ["市商务局"]),
        ("市财政局、市发改委（牵头）", "市发展和改革委员会", ["市财政局"]),
        ("市住建局和市城管局", "市住房和城乡建设局", ["市城市管理局"]),
        ("市人力资源社会保障局", "市人力资源和社会保障局", []),
        ("发改委 统计局", "市发展和改革委员会", ["市统计局"]),
        ("卫健委、城管局", "市卫生健康委员会", ["市城市管理局"]),
        ("遂平县、西平县", "遂平县人民政府", ["西平县人民政府"]),
        ("牵头单位：市住建局  责任单位：市城管局", "市住房和城乡建设局", ["市城市管理局"]),
    ],
)
def test_names_and_roles_are_found(text, lead, supporting):
    found = parse(text, directory())
    assert (found.lead, found.supporting, found.uncertain) == (lead, supporting, {})


@pytest.mark.parametrize("text", ["市自来水公司", "沈遂高速指挥部", "各县（市、区）人民政府", "市直各部门"])
def test_who_stands_in_no_list_is_kept_and_uncertain(text):
    found = parse(text, directory())
    assert (found.lead, list(found.uncertain), found.unknown) == (text, ["lead"], [text])


def test_a_bracket_of_owners_with_a_bracket_inside_is_one():
    made = read(paper(texts("5.新签约项目不少于60个。（商务局牵头，各乡镇（街道）配合）")), directory(), SPAN, plan="x").items
    assert [(item["lead"], item["supporting"], item["uncertain"]) for item in made] == [("市商务局", ["各乡镇（街道）"], ["supporting"])]


def test_the_central_bank_is_proposed_and_uncertain():
    found = parse("人民银行", directory())
    assert (found.lead, found.uncertain) == ("中国人民银行驻马店市中心支行", {"lead": "like"})


def test_former_names_and_a_closed_department_lead_to_who_took_over():
    rows = [
        Department("市生态环境局", "市生态环境局", ("市环保局",)),
        Department("市乡村振兴局", "市乡村振兴局", (), until=dt.date(2023, 6, 1), successor="市农业农村局"),
        Department("市农业农村局", "市农业农村局"),
    ]
    book = Directory(rows, "驻马店市", day=dt.date(2023, 12, 1))
    assert parse("市环保局", book).lead == "市生态环境局"
    closed = parse("市乡村振兴局", book)
    assert (closed.lead, closed.uncertain) == ("市农业农村局", {"lead": "closed"})


def test_what_a_person_said_of_a_name_counts():
    book = Directory([Department("市水利局", "市水利局")], "驻马店市", said={"水投公司": "市水利局"})
    assert parse("水投公司", book).lead == "市水利局"
