"""A docx gives its paragraphs with the numbers that Word prints, and its tables with their merged cells."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from plans import sheets
from plans.sheets.numbering import chinese, letter, roman
from tests.plans.sheets import papers

LISTS = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%3"/></w:lvl></w:abstractNum>"""


def define(paper: Document) -> None:
    numbering = paper.part.numbering_part.element
    numbering.insert(0, parse_xml(LISTS))
    for number, override in ((90, ""), (91, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')):
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="90"/>{override}</w:num>'))


def listed(paragraph: Paragraph, depth: int, number: int = 90) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'))


def test_the_numbers_that_word_prints_are_given() -> None:
    def write(paper: Document) -> None:
        define(paper)
        for words, depth, number in (("甲", 0, 90), ("子", 1, 90), ("丑", 1, 90), ("圈", 2, 90), ("乙", 0, 90), ("寅", 1, 90), ("新", 0, 91)):
            listed(paper.add_paragraph(words), depth, number)
        paper.add_heading("标题", 2)
        paper.add_paragraph("3.自己写的")

    paper = sheets.open_paper(papers.word(write), "a.docx")
    assert [(text.numbering, text.text, text.level, text.heading) for text in paper.texts] == [
        ("一、", "甲", 1, False),
        ("1.", "子", 2, False),
        ("2.", "丑", 2, False),
        ("③", "圈", 3, False),
        ("二、", "乙", 1, False),
        ("1.", "寅", 2, False),
        ("一、", "新", 1, False),
        ("", "标题", 2, True),
        ("", "3.自己写的", None, False),
    ]
    assert [text.address for text in paper.texts][-1] == "第9段"


def test_a_table_gives_its_merged_cells_and_its_numbered_ones() -> None:
    def write(paper: Document) -> None:
        define(paper)
        paper.add_paragraph("前言")
        table = paper.add_table(4, 3)
        for row, words in enumerate(("序号 任务 单位", "x 甲 市教育局", "x 乙 x", "合计 x x")):
            for column, word in enumerate(words.split()):
                table.cell(row, column).text = word.replace("x", "")
        for row in (1, 2):
            listed(table.cell(row, 0).paragraphs[0], 1)
        table.cell(1, 2).merge(table.cell(2, 2))
        table.cell(3, 0).merge(table.cell(3, 1))
        paper.add_paragraph("附注")

    paper = sheets.open_paper(papers.word(write), "a.docx")
    before, grid, after = paper.blocks
    assert isinstance(grid, sheets.Grid)
    assert isinstance(before, sheets.Text)
    assert isinstance(after, sheets.Text)
    assert (before.text, grid.name, after.text) == ("前言", "表1", "附注")
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["序号", "任务", "单位"],
        ["1.", "甲", "市教育局"],
        ["2.", "乙", "市教育局"],
        ["合计", "合计", ""],
    ]
    assert (grid.rows[2][2].merged, grid.rows[2][2].address, grid.merged) == (True, "表1!C3", [(3, 0, 3, 1), (1, 2, 2, 2)])


def test_deleted_and_hidden_words_are_left_out_and_inserted_ones_read() -> None:
    xml = f"""<w:p {nsdecls("w")}><w:r><w:t>新增</w:t></w:r><w:del><w:r><w:delText>一</w:delText></w:r></w:del>
    <w:ins><w:r><w:t>两</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>千</w:t><w:br/><w:t>个</w:t></w:r></w:p>"""
    [text] = sheets.open_paper(papers.word(lambda paper: paper.element.body.insert(0, parse_xml(xml))), "a.docx").texts
    assert text.text == "新增两千\n个"


def test_numbers_are_written_as_word_writes_them() -> None:
    assert [chinese(n) for n in (1, 10, 12, 20, 105, 1010)] == ["一", "十", "十二", "二十", "一百零五", "一千零一十"]
    assert [roman(n) for n in (4, 9, 14)] == ["iv", "ix", "xiv"]
    assert [letter(n) for n in (1, 26, 27)] == ["a", "z", "aa"]
