"""What is written is read back cell by cell, and no text becomes a formula."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest

from plans import sheets
from plans.sheets import Share

DANGEROUS = ["=1+1", "＝cmd", "+86", "-2", "@x", "－2", "　=1", "\t=1", "https://x.cn/", "{=1}"]
HEADS = ("名称", "数", "比例", "日", "时")
ROW = ("基站", Decimal("2000.5"), Share(Decimal("0.35")), dt.date(2022, 6, 30), dt.datetime(2022, 6, 30, 8, 5, tzinfo=dt.UTC))


def read(content: bytes, name: str) -> list[list[sheets.Cell]]:
    paper = sheets.open_paper(content, name)
    assert not paper.refused
    return next(paper.grids).rows


def test_a_workbook_keeps_types() -> None:
    rows = read(sheets.write_xlsx([sheets.Table("事项", HEADS, [ROW])]), "a.xlsx")
    assert [cell.text for cell in rows[0]] == list(HEADS)
    assert [cell.value for cell in rows[1]] == ["基站", Decimal("2000.5"), Decimal("0.35"), dt.date(2022, 6, 30), "2022-06-30 08:05"]
    assert rows[1][2].percent


def test_no_text_becomes_a_formula() -> None:
    content = sheets.write_xlsx([sheets.Table("事项", ["=名"], [[text] for text in DANGEROUS])])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert [row[0].text for row in read(content, "a.xlsx")] == ["=名", *(text.strip("\t　") for text in DANGEROUS)]
    written = sheets.write_csv(sheets.Table("事项", ["名"], [[text] for text in DANGEROUS])).decode("utf-8-sig")
    assert all(line.startswith("'") for line in written.replace('"', "").splitlines()[1:9])
    assert [row[0].text for row in read(written.encode(), "a.csv")] == ["名", *(text.strip("\t　") for text in DANGEROUS)]


def test_heads_stay_in_sight_and_sheets_have_names_that_are_allowed() -> None:
    content = sheets.write_xlsx([sheets.Table("a/b:c", HEADS, [ROW], notes=["演示数据"]), sheets.Table("A/B:C", HEADS, [])])
    paper = sheets.open_paper(content, "a.xlsx")
    assert [(grid.name, grid.rows[0][0].text) for grid in paper.grids] == [("a b c", "演示数据"), ("A B C-2", "名称")]
    assert b'<pane ySplit="2" topLeftCell="A3"' in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("n", [Decimal("12345678901234.5678"), Decimal("0.1"), 10**20])
def test_a_number_with_more_digits_than_a_spreadsheet_has_is_kept_as_text(n: Decimal) -> None:
    assert Decimal(read(sheets.write_xlsx([sheets.Table("数", ["数"], [[n]])]), "a.xlsx")[1][0].text) == n
