"""The issued table again: cell by cell the same where nobody changed anything, whatever its make."""

import copy

import pytest

from plans.papers import keeping
from plans.papers.rewriting import tables
from plans.sheets.papers import Grid, Text
from tests.plans.papers import corpus, corpus_later, corpus_unseen
from tests.plans.papers.reckoning import reading

CASES = [*corpus.CASES, *corpus_unseen.CASES, *corpus_later.CASES]


def written(case, change=lambda items: None):
    """The texts of the sheets that are written of a case, after a change of the items."""
    found = reading(case)
    now = [{name: value for name, value in item.items() if name not in ("why", "uncertain", "unknown", "row", "text")} for item in copy.deepcopy(found.items)]
    for item, said in zip(now, found.items, strict=True):  # as a draft holds them
        item["lead"] = None if said["why"].get("lead") in ("unknown", "group") else item["lead"]
        item["supporting"] = [name for name in item["supporting"] if name not in said["unknown"]]
    change(now)
    return {
        name: [[cell.text for cell in row] for row in rows]
        for name, rows in tables(case.paper, found.headers, {item["code"]: item for item in found.items}, now)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_untouched_paper_comes_out_as_it_came_in(case):
    expected = {block.name: [[cell.text for cell in row] for row in block.rows] for block in case.paper.blocks if isinstance(block, Grid)}
    if lines := [[block.text] for block in case.paper.blocks if isinstance(block, Text)]:
        expected["正文"] = lines
    assert written(case) == expected


def test_a_changed_line_of_a_list_is_written_anew():
    def change(items):
        items[0]["targets"][0]["value"] = "6"

    lines = [row[0] for row in written(corpus.BRACKETS, change)["正文"]]
    assert lines[4] == "地区生产总值增长6%以上。（牵头单位：市发展和改革委员会；配合单位：市统计局）"


def test_a_changed_county_is_written_in_its_own_column_and_the_total_in_its():
    def change(items):
        by_code = {item["code"]: item for item in items}
        by_code["1"]["targets"][0]["value"], by_code["1.2"]["targets"][0]["value"] = "31", "11"

    before, after = written(corpus.COUNTIES)["分县任务"], written(corpus.COUNTIES, change)["分县任务"]
    assert after[3] == ["1", "新建高标准农田", "万亩", "31", "12", "11", "8", "市农业农村局"]
    assert [row for n, row in enumerate(after) if n != 3] == [row for n, row in enumerate(before) if n != 3]


def test_a_deleted_item_takes_its_row_and_a_new_one_adds_a_row():
    def change(items):
        new = {**copy.deepcopy(items[0]), "code": "99", "name": "新建口袋公园"}
        del items[-1]
        items.append(new)

    before, after = written(corpus.CLASSIC)["责任分解表"], written(corpus.CLASSIC, change)["责任分解表"]
    assert [row[1] for row in before if row not in after] == ["开工建设许信高速公路"]
    assert [row[:2] for row in after if row not in before] == [["99", "新建口袋公园7.5%左右"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_kept_paper_opens_again_as_it_was(case):
    assert keeping.opened(keeping.kept(case.paper)) == case.paper
