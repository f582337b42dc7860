"""A paper in the layout of official documents (GB/T 9704): A4, margins 37, 35, 28 and 26 mm, 22 lines of 28 characters.

Fonts stand by name; where one is missing the reader's office program takes its own. Page numbers are 四号半角宋体 between dashes, odd
ones at the right, even ones at the left, a character in from the edge. The same paper gives the same bytes.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

SONG, FANG, HEI, TITLE = "宋体", "仿宋_GB2312", "黑体", "方正小标宋简体"
MM = 56.6929  # twentieths of a point in a millimetre
TOP, BOTTOM, LEFT, RIGHT, FOOTER = (round(mm * MM) for mm in (37, 35, 28, 26, 25))
LINE, CHARACTER = 580, -842  # 225 mm in 22 lines, in twentieths of a point; 156 mm in 28 characters of 16 pt, the difference in 4096ths of a point
SIZE, SMALL, LARGE, PAGE = 32, 24, 44, 28  # half points: 三号, 小四, 二号, 四号
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
LINKED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Column:
    """A column: its head, its width in millimetres, and whether its cells stand in the middle."""

    head: str
    width: int
    centred: bool = False


@dataclass(frozen=True)
class OfficialPaper:
    """A title, a number, one table, and who signs when. A row is its cells, or one text across all columns."""

    title: str
    number: str
    columns: Sequence[Column]
    rows: Sequence[str | Sequence[str]]
    issuer: str = ""
    dated: str = ""


def write_official(paper: OfficialPaper) -> bytes:
    """The paper as docx."""
    parts = {
        "[Content_Types].xml": _types(), "_rels/.rels": _links([("officeDocument", "word/document.xml")]), "word/document.xml": _document(paper),
        "word/styles.xml": _styles(), "word/settings.xml": f"{XML}<w:settings {W}><w:evenAndOddHeaders/><w:compat><w:compatSetting w:name=\"compatibilityMode\""
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
        "word/footer1.xml": _footer("right"), "word/footer2.xml": _footer("left"),
        "word/_rels/document.xml.rels": _links([("styles", "styles.xml"), ("settings", "settings.xml"), ("footer", "footer1.xml"), ("footer", "footer2.xml")]),
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _types() -> str:
    parts = {"document": "document.main", "styles": "styles", "settings": "settings", "footer1": "footer", "footer2": "footer"}
    overrides = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{KIND}.{kind}+xml"/>' for name, kind in parts.items())
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    return f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{default}{overrides}</Types>'


def _links(links: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f'<Relationship Id="rId{n}" Type="{LINKED}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(links, start=1))
    return f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def _font(name: str, size: int) -> str:
    latin = "Times New Roman" if name != SONG else SONG
    return (
        f'<w:rPr><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{name}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:eastAsia="zh-CN"/></w:rPr>'
    )


def _styles() -> str:
    default = f"<w:docDefaults><w:rPrDefault>{_font(FANG, SIZE)}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    return f'{XML}<w:styles {W}>{default}<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>'


def _paragraph(text: str, font: str = FANG, size: int = SIZE, align: str = "both", more: str = "") -> str:
    """One paragraph; a line break of the text is one of the paper."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.translate(_FORBIDDEN).split("\n"))
    return f'<w:p><w:pPr>{more}<w:jc w:val="{align}"/></w:pPr><w:r>{_font(font, size)}{lines}</w:r></w:p>'


_FORBIDDEN = {code: None for code in range(32) if code != 10} | {0xFFFE: None, 0xFFFF: None}  # what XML cannot hold


def _document(paper: OfficialPaper) -> str:
    head = _paragraph(paper.title, TITLE, LARGE, "center", '<w:spacing w:line="600" w:lineRule="exact"/>')
    number = _paragraph(paper.number, FANG, SIZE, "center") if paper.number else ""
    below = "".join(_paragraph(text, FANG, SIZE, "right", '<w:keepNext/><w:ind w:right="1264"/>') for text in (paper.issuer, paper.dated) if text)
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="851" w:footer="{FOOTER}" w:gutter="0"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="{CHARACTER}"/></w:sectPr>'
    )
    return f"{XML}<w:document {W} {R}><w:body>{head}{number}{_paragraph('')}{_table(paper)}{_paragraph('')}{below}{section}</w:body></w:document>"


def _table(paper: OfficialPaper) -> str:
    widths = [round(column.width * MM) for column in paper.columns]
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    look = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = "".join(_cell(column.head, width, HEI, "center") for column, width in zip(paper.columns, widths, strict=True))
    rows = "".join(_row(row, paper.columns, widths) for row in paper.rows)
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"


def _row(row: str | Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    if isinstance(row, str):
        cells = _cell(row, sum(widths), HEI, "left", f'<w:gridSpan w:val="{len(widths)}"/>', keep=True)
    else:
        cells = "".join(_cell(text, width, FANG, "center" if c.centred else "left") for text, c, width in zip(row, columns, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(text: str, width: int, font: str, align: str, span: str = "", *, keep: bool = False) -> str:
    more = ("<w:keepNext/>" if keep else "") + '<w:snapToGrid w:val="0"/>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>{_paragraph(text, font, SMALL, align, more)}</w:tc>'


def _footer(side: str) -> str:
    font = _font(SONG, PAGE)

    def run(inner: str) -> str:
        return f"<w:r>{font}{inner}</w:r>"

    field = "".join(
        run(f'<w:fldChar w:fldCharType="{part}"/>') if part != "PAGE" else run("<w:instrText>PAGE</w:instrText>") for part in ("begin", "PAGE", "end")
    )
    dashes = (run('<w:t xml:space="preserve">— </w:t>'), run('<w:t xml:space="preserve"> —</w:t>'))
    return f'{XML}<w:ftr {W}><w:p><w:pPr><w:ind w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>{dashes[0]}{field}{dashes[1]}</w:p></w:ftr>'
