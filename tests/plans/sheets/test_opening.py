"""What is in a paper comes out with its address; what must not be read is refused, and says why."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlwt

from plans import sheets
from plans.sheets import confined, limits
from tests.plans.sheets import papers

ROWS: papers.Sheet = [["序号", "任务", "比例", "期限"], [1, "新增5G基站2000个", 0.35, dt.date(2022, 6, 30)], [2, "=不是公式", 1.5, None]]


def grid(content: bytes, name: str) -> sheets.Grid:
    paper = sheets.open_paper(content, name)
    assert not paper.refused
    return next(paper.grids)


def why(content: bytes | Path, name: str) -> list[str]:
    with pytest.raises(sheets.Refused) as refused:
        sheets.open_paper(content, name)
    return [f"{problem.address} {problem.why}".strip() for problem in refused.value.problems]


def with_formats(book: Any, sheet: Any) -> None:
    sheet.write(1, 2, 0.35, book.add_format({"num_format": "0.0%"}))
    sheet.write_string(2, 1, "=不是公式")
    sheet.set_column(3, 3, None, None, {"hidden": True})
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.merge_range(3, 0, 5, 0, "市教育局")
    sheet.write(3, 1, "甲")
    sheet.write(5, 1, "乙")
    sheet.write(4, 3, 44927, book.add_format({"num_format": 'yyyy"年"m"月"'}))
    sheet.write(5, 3, 44927, book.add_format({"num_format": 'm"月"d"日"'}))
    book.add_worksheet("空表")
    other = book.add_worksheet("表二")
    other.hide()
    other.write(0, 0, "　全角　")


def test_an_xlsx_gives_values_formats_merged_and_hidden_with_their_addresses() -> None:
    found = grid(papers.xlsx([*ROWS[:2], [2, None, 1.5]], with_formats), "分工.xlsx")
    assert [[cell.text for cell in row] for row in found.rows] == [
        ["序号", "任务", "比例", "期限"],
        ["1", "新增5G基站2000个", "35%", "2022-06-30"],
        ["2", "=不是公式", "1.5", ""],
        ["市教育局", "甲", "", ""],
        ["市教育局", "", "", "2023年1月"],
        ["市教育局", "乙", "", "1月1日"],
    ]
    assert [cell.value for cell in found.rows[1]] == [Decimal(1), "新增5G基站2000个", Decimal("0.35"), dt.date(2022, 6, 30)]
    assert [cell.percent for cell in found.rows[1]] == [False, False, True, False]
    assert [row[0].merged for row in found.rows] == [False, False, False, False, True, True]
    assert (found.rows[4][0].address, found.rows[4][1].value, found.rows[4][3].value) == ("分工!A5", None, "2023年1月")
    assert (found.hidden_columns, found.hidden_rows, found.merged) == ({3}, {2}, [(3, 0, 5, 0)])


def test_a_hidden_sheet_is_read_and_says_that_it_is_hidden() -> None:
    paper = sheets.open_paper(papers.xlsx(ROWS[:2], with_formats), "分工.xlsx")
    assert [(one.name, one.hidden, one.rows[0][0].text) for one in paper.grids] == [("分工", False, "序号"), ("表二", True, "全角")]


@pytest.mark.parametrize("name", ["分工.xls", "分工.et"])
def test_an_xls_gives_the_same(name: str) -> None:
    def also(sheet: Any) -> None:
        sheet.write(1, 2, 0.35, xlwt.easyxf(num_format_str="0%"))
        sheet.write_merge(3, 4, 0, 0, "市教育局")
        sheet.write(4, 1, "乙")
        sheet.col(3).hidden = True

    found = grid(papers.xls([ROWS[0], [1, "新增5G基站2000个", None, dt.date(2022, 6, 30)], [2, "=不是公式", 1.5]], also), name)
    assert [[cell.text for cell in row] for row in found.rows] == [
        ["序号", "任务", "比例", "期限"],
        ["1", "新增5G基站2000个", "35%", "2022-06-30"],
        ["2", "=不是公式", "1.5", ""],
        ["市教育局", "", "", ""],
        ["市教育局", "乙", "", ""],
    ]
    assert (found.rows[1][2].value, found.rows[1][2].percent, found.rows[1][3].value) == (Decimal("0.35"), True, dt.date(2022, 6, 30))
    assert (found.hidden_columns, found.rows[4][0].merged) == ({3}, True)


def test_a_formula_refuses_its_cell_and_not_the_file() -> None:
    modern = papers.xlsx([["合计", "=SUM(A1:A3)"]])
    old = papers.xls([["合计"]], lambda sheet: sheet.write(0, 1, xlwt.Formula("1+1")))
    for content, name in ((modern, "a.xlsx"), (old, "a.xls"), ("合计,=1+1".encode(), "a.csv")):
        paper = sheets.open_paper(content, name)
        cell = next(paper.grids).rows[0][1]
        assert (cell.value, cell.formula, cell.text[:1]) == (None, True, "=")
        assert [(problem.address, "公式" in problem.why) for problem in paper.refused] == [(cell.address, True)]


def test_an_error_refuses_its_cell() -> None:
    content = papers.edited(papers.xlsx([["x"]]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b't="s"><v>0<', b't="e"><v>#REF!<'))
    paper = sheets.open_paper(content, "a.xlsx")
    assert [(problem.address, problem.why) for problem in paper.refused] == [("分工!A1", "这个单元格是错误值。")]


def test_a_number_is_what_the_spreadsheet_shows() -> None:
    content = papers.edited(papers.xlsx([[1.5]]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>1.5<", b"<v>0.30000000000000004<"))
    assert grid(content, "a.xlsx").rows[0][0].value == Decimal("0.3")


def test_a_csv_is_read_by_its_mark_then_utf8_then_gb18030() -> None:
    for content in ("﻿名称,目标\n基站,2000".encode(), "名称\t目标\n基站\t2000".encode("gb18030"), "名称,目标\r\n基站,2000".encode("utf-16")):
        assert [[cell.text for cell in row] for row in grid(content, "表.csv").rows] == [["名称", "目标"], ["基站", "2000"]]
    assert grid(b"a,'=1+1", "b.csv").rows[0][1].value == "=1+1"
    assert why(b"\xff\xfe\x00\xd8,\x00\x00\xd8", "表.csv") == ["看不出文件用的是什么编码。请用 UTF-8 或 GB18030 编码另存，再上传。"]
    assert why(b"abc,\x81\xff\xff", "表.csv") == ["看不出文件用的是什么编码。请用 UTF-8 或 GB18030 编码另存，再上传。"]
    assert why('名称,"目标\n'.encode(), "表.csv") == ["第1行 引号不成对，或这一格太长，读不下去。"]


def test_a_txt_gives_its_lines() -> None:
    paper = sheets.open_paper("一、总体要求\n\n　　新增5G基站2000个\n".encode("gb18030"), "报告.txt")
    assert [(text.text, text.address) for text in paper.texts] == [("一、总体要求", "第1行"), ("新增5G基站2000个", "第3行")]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7 ...", "a.docx", "文件名是 docx，内容却是 PDF。"),
        (papers.xlsx([["x"]]), "a.docx", "文件名是 docx，内容却是 xlsx。"),
        (papers.xlsx([["x"]]), "a.csv", "文件名是 csv，内容却是 xlsx。"),
        (papers.xls([["x"]]), "a.xlsx", "文件名是 xlsx，内容却是 xls。"),
        ("名称,目标".encode(), "a.xls", "文件名是 xls，内容却是 文本。"),
        (b"<html><table><tr><td>1", "a.xls", "文件名是 xls，内容却是 网页或 XML。"),
        (papers.xlsx([["x"]])[:3000], "a.xlsx", "文件已损坏，打不开。"),
        (papers.xls([["x"]])[:2000], "a.xls", "文件已损坏，打不开。"),
        (bytes(range(256)) * 8, "a.xlsx", "文件已损坏，打不开。"),
        (b"", "a.xlsx", "文件是空的。"),
        (papers.xlsx([]), "a.xlsx", "文件里没有内容。"),
        (papers.xlsx([["x"]]), "a.xlsm", "文件带有宏，不予读取。"),
        (papers.edited(papers.xlsx([["x"]]), "xl/vbaProject.bin", lambda _old: b"x"), "a.xlsx", "文件带有宏，不予读取。"),
        (b"x", "a.doc", "不读取旧版文字文档（doc）。"),
        (b"x", "a.exe", "不读取这种文件。"),
        (b"x" * (limits.BYTES + 1), "a.csv", "文件超过 16 MB，不予读取。"),
        (papers.edited(papers.xlsx([["x"]]), "xl/sharedStrings.xml", lambda old: b"<!DOCTYPE x [<!ENTITY a 'aa'>]>" + old), "a.xlsx", "文件已损坏"),
        (papers.edited(papers.xlsx([["x"]]), "xl/workbook.xml", lambda old: old[:200]), "a.xlsx", "文件已损坏"),
    ],
)
def test_a_file_that_is_not_what_it_says_or_cannot_be_read_is_refused(content: bytes, name: str, said: str) -> None:
    [found] = why(content, name)
    assert found.startswith(said)


def locked_xls() -> bytes:
    """An old workbook that says of itself that it is encrypted: its first record after the start is FILEPASS."""
    content = papers.xls([["x"]])
    start = content.index(b"\x09\x08\x10\x00")  # the record that begins the workbook, 20 bytes long
    after = start + 20
    return content[:after] + b"\x2f\x00\x06\x00\x01\x00\x01\x00\x01\x00" + content[after + 10 :]


def test_a_password_is_named() -> None:
    assert why(locked_xls(), "a.xls") == ["文件有密码保护。请先取消密码，再上传。"]
    encrypted = papers.xls([["x"]])
    name = "Workbook".encode("utf-16-le")
    at = encrypted.rindex(name)
    secret = "EncryptedPackage".encode("utf-16-le")
    encrypted = encrypted[:at] + secret + encrypted[at + len(secret) : at + 64] + (len(secret) + 2).to_bytes(2, "little") + encrypted[at + 66 :]
    assert why(encrypted, "a.xlsx") == ["文件有密码保护。请先取消密码，再上传。"]


def bomb(part: str, size: int) -> bytes:
    """A workbook of a few kB with one part that unpacks to very much."""
    return papers.edited(papers.xlsx([["x"]]), part, lambda old: old[: old.rindex(b"<")] + b" " * size + old[old.rindex(b"<") :])


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_what_unpacks_to_too_much_is_refused(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 2**21)
    content = bomb(part, 2**21)
    assert len(content) < 2**14
    if part == "[Content_Types].xml":  # is not read at all
        assert grid(content, "a.xlsx").rows[0][0].text == "x"
    else:
        assert why(content, "a.xlsx") == ["文件解压后超过 2 MB，不予读取。"]


def with_last(cell: str) -> bytes:
    """A workbook with one more cell, wherever it says that it stands."""
    row = f"<row>{cell}</row></sheetData>".encode()
    return papers.edited(papers.xlsx([["x"]]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", row))


def test_a_far_last_cell_costs_nothing_and_a_full_one_is_named() -> None:
    far, full = (with_last(f'<c r="XFD1048576" {held}') for held in ('s="1"/>', 't="str"><v>y</v></c>'))
    assert len(grid(far, "a.xlsx").rows) == 1
    assert why(full, "a.xlsx") == ["分工!XFD1048576 内容超出上限：每张表最多 20000 行、256 列。"]
    sparse = with_last('<c r="IV20000" t="str"><v>y</v></c>')
    assert why(sparse, "a.xlsx") == ["分工 这张表有 5120000 个单元格，超过 200000 个的上限。"]
    wide = b'</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    merged = papers.edited(papers.xlsx([["x"]]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", wide))
    assert len(grid(merged, "a.xlsx").rows) == 1


def test_a_long_cell_is_named() -> None:
    assert why(papers.xlsx([["x" * 10_001]]), "a.xlsx") == ["分工!A1 单元格超过 10000 个字。"]


def test_what_takes_too_long_or_too_much_memory_ends() -> None:
    def for_ever() -> None:
        while True:
            pass

    with pytest.raises(sheets.Refused, match="1 秒内读不完"):
        confined.confined(for_ever, seconds=1)
    with pytest.raises(sheets.Refused, match="内存超过上限"):
        confined.confined(lambda: len(bytearray(400 * 2**20)), memory=100 * 2**20)
    with pytest.raises(sheets.Refused, match="文件已损坏"):
        confined.confined(lambda: {}["a programming error is no answer"])


def test_a_path_is_opened_like_what_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "分工.csv"
    path.write_bytes("名称,目标".encode())
    assert [cell.address for cell in next(sheets.open_paper(path, path.name).grids).rows[0]] == ["分工!A1", "分工!B1"]


def test_a_zip_that_is_no_paper_is_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert why(out.getvalue(), "a.xlsx") == ["文件名是 xlsx，内容却是 ZIP。请在原来的软件里打开后另存，再上传。"]
