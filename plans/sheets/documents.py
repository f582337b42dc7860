"""docx: paragraphs with the numbers that Word prints, and tables with their merged cells, in the order of the paper.

Deleted and hidden words are left out, inserted ones are read; of the two forms of a drawing one is read, and the words in its boxes come
after the paragraph that it hangs on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import gettext as _

from plans.sheets import limits
from plans.sheets.grids import Range, Sparse, tidy
from plans.sheets.numbering import Lists
from plans.sheets.packages import Element, Package, attribute, child, children, local
from plans.sheets.papers import Grid, Problem, Refused, Text

UNWRAPPED = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "AlternateContent", "Choice", "fldSimple", "dir", "bdo"}
DROPPED = {"del", "moveFrom", "Fallback", "instrText", "delText", "rt", "pPr", "rPr", "txbxContent", "sectPr", "footnoteReference"}
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass
class _Style:
    based_on: str = ""
    outline: int | None = None
    number: str | None = None
    depth: int | None = None


@dataclass
class _Document:
    lists: Lists
    styles: dict[str, _Style] = field(default_factory=dict)
    default: str = ""
    blocks: list[Grid | Text] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0

    def inherited(self, style: str, name: str) -> object:
        """A property of a style, or of the styles that it is based on."""
        for _step in range(20):
            found = self.styles.get(style)
            if found is None:
                return None
            if getattr(found, name) is not None:
                return getattr(found, name)
            style = found.based_on
        return None


def read(package: Package, part: str) -> list[Grid | Text]:
    """The blocks of a document. Raises: Refused where one is too long."""
    targets = package.targets(part)
    named = {name.rsplit("/", 1)[-1]: name for name in targets.values() if name in package.names}
    lists = Lists.of(package.parse(named["numbering.xml"])) if "numbering.xml" in named else Lists()
    document = _Document(lists)
    if "styles.xml" in named:
        _styles(document, package.parse(named["styles.xml"]))
    body = child(package.parse(part), "body")
    for element in _unwrapped(body):
        _block(document, element)
    return document.blocks


def _styles(document: _Document, root: Element) -> None:
    for style in children(root, "style"):
        if attribute(style, "type") != "paragraph":
            continue
        name, base = attribute(style, "styleId") or "", child(style, "basedOn")
        number, depth = _number_of(child(style, "pPr"))
        document.styles[name] = _Style("" if base is None else attribute(base, "val") or "", _outline(child(style, "pPr")), number, depth)
        if attribute(style, "default") in ("1", "true"):
            document.default = name


def _outline(properties: Element | None) -> int | None:
    found = child(properties, "outlineLvl")
    level = attribute(found, "val") if found is not None else None
    return int(level) if level and level.isdigit() else None


def _number_of(properties: Element | None) -> tuple[str | None, int | None]:
    """The list and the depth that a paragraph or a style names."""
    number, depth = child(properties, "numPr", "numId"), child(properties, "numPr", "ilvl")
    words = None if depth is None else attribute(depth, "val")
    return (None if number is None else attribute(number, "val")), (int(words) if words and words.isdigit() else None)


def _unwrapped(element: Element | None) -> Iterator[Element]:
    """The children, those inside controls and insertions among them."""
    for one in () if element is None else element:
        name = local(one)
        if name in UNWRAPPED:
            yield from _unwrapped(one)
        elif name not in DROPPED:
            yield one


def _block(document: _Document, element: Element) -> None:
    if local(element) == "p":
        document.paragraphs += 1
        _paragraph(document, element, _("第%(n)s段") % {"n": document.paragraphs})
    elif local(element) == "tbl":
        document.tables += 1
        _table(document, element, _("表%(n)s") % {"n": document.tables})


def _paragraph(document: _Document, element: Element, where: str) -> None:
    if document.paragraphs > limits.PARAGRAPHS:
        raise Refused([Problem(where, _("文件超过 %(n)s 段。") % {"n": limits.PARAGRAPHS})])
    found = _text(document, element, where)
    if found.text:
        document.blocks.append(found)
    for box in (one for one in _outside_fallback(element) if local(one) == "txbxContent"):
        for inner in _unwrapped(box):
            _block(document, inner)


def _outside_fallback(element: Element) -> Iterator[Element]:
    """Every descendant but those of the second form of a drawing, and but those inside another box."""
    for one in element:
        if local(one) == "Fallback":
            continue
        yield one
        if local(one) != "txbxContent":
            yield from _outside_fallback(one)


def _text(document: _Document, element: Element, where: str) -> Text:
    properties = child(element, "pPr")
    named = child(properties, "pStyle")
    style = (attribute(named, "val") or "") if named is not None else document.default
    number, depth = _number_of(properties)
    number = number if number is not None else document.inherited(style, "number")  # type: ignore[assignment]
    inherited = document.inherited(style, "depth")
    depth = depth if depth is not None else inherited if isinstance(inherited, int) else 0
    outline = _outline(properties)
    outline = outline if outline is not None else document.inherited(style, "outline")  # type: ignore[assignment]
    words = tidy("".join(_words(element)))
    if len(words) > limits.CHARACTERS:
        raise Refused([Problem(where, _("一段超过 %(n)s 个字。") % {"n": limits.CHARACTERS})])
    listed = bool(number) and number != "0"
    numbering = document.lists.next(str(number), depth) if listed else ""
    heading = outline is not None and outline < 9
    level = outline + 1 if heading and outline is not None else depth + 1 if listed else None
    return Text(words, level, numbering, where, heading)


def _words(element: Element) -> Iterator[str]:
    for one in _unwrapped(element):
        name = local(one)
        if name == "t":
            yield one.text or ""
        elif name in MARKS:
            yield "" if name == "br" and attribute(one, "type") == "page" else MARKS[name]
        elif name == "r":
            if not _hidden(child(one, "rPr")):
                yield from _words(one)
        elif name in ("ruby", "rubyBase"):
            yield from _words(one)


def _hidden(properties: Element | None) -> bool:
    found = child(properties, "vanish")
    return found is not None and attribute(found, "val") not in ("0", "false")


def _table(document: _Document, element: Element, name: str) -> None:
    sheet = Sparse(name)
    open_ranges: dict[int, list[int]] = {}
    for row, line in enumerate(one for one in _unwrapped(element) if local(one) == "tr"):
        _row(document, sheet, open_ranges, row, line)
    sheet.merged += [found for found in map(tuple, open_ranges.values()) if found[0] != found[2] or found[1] != found[3]]  # type: ignore[misc]
    grid = sheet.grid()
    if grid.rows:
        document.blocks.append(grid)


def _row(document: _Document, sheet: Sparse, open_ranges: dict[int, list[int]], row: int, line: Element) -> None:
    properties = child(line, "trPr")
    column = _span(properties, "gridBefore", 0)
    for cell in (one for one in _unwrapped(line) if local(one) == "tc"):
        own = child(cell, "tcPr")
        right = column + _span(own, "gridSpan", 1) - 1
        down = child(own, "vMerge")
        going_on = down is not None and attribute(down, "val") in (None, "continue") and column in open_ranges
        if going_on:
            open_ranges[column][2] = row
        else:
            if column in open_ranges:
                _close(sheet, open_ranges, column)
            words = "\n".join(filter(None, _cell_lines(document, cell)))
            sheet.put(row, column, words, words)
            if down is not None or right > column:
                open_ranges[column] = [row, column, row, right]
                if down is None:
                    _close(sheet, open_ranges, column)
        column = right + 1


def _close(sheet: Sparse, open_ranges: dict[int, list[int]], column: int) -> None:
    top, left, bottom, right = open_ranges.pop(column)
    found: Range = (top, left, bottom, right)
    if top != bottom or left != right:
        sheet.merged.append(found)


def _span(properties: Element | None, name: str, otherwise: int) -> int:
    found = child(properties, name)
    words = None if found is None else attribute(found, "val")
    return min(int(words), limits.COLUMNS) if words and words.isdigit() else otherwise


def _cell_lines(document: _Document, cell: Element) -> Iterator[str]:
    """The paragraphs of a cell with their numbers; a table inside a cell gives its cells' words, a line each."""
    for one in _unwrapped(cell):
        if local(one) == "p":
            found = _text(document, one, "")
            yield f"{found.numbering}{found.text}"
        elif local(one) == "tbl":
            rows = partial(filter, lambda inner: local(inner) in ("tr", "tc"))
            for line in rows(_unwrapped(one)):
                for inner in rows(_unwrapped(line)):
                    yield from _cell_lines(document, inner)
