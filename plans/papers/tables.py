"""Tables → entries: rows under a header, headings between them, totals, notes, several tables one below the other."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.papers import columns as role
from plans.papers import due, owners
from plans.papers.cells import NoFigure, figure_in
from plans.papers.columns import Column, Header, find_header, heading_unit
from plans.papers.entries import Entry, Found, Left, Part, Refusal
from plans.papers.figures import Figure
from plans.papers.owners import Directory, Owners
from plans.papers.words import cut, even, ordinal, rank, squeeze
from plans.sheets.papers import Cell, Grid

TOTAL = re.compile(r"^(?:合计|总计|小计|累计|共计|全市合计|总合计|本页小计|其中[:：]?$)")
NOTE = re.compile(
    r"^(?:注|备注|说明|填表|制表|审核|审批|联系人|附件|附表|单位[:：]|单位负责人|填报|报送|抄送|印发|主办|页码|第\d+页|数据来源|资料来源|电话|日期)[:：\d人说单时]?"
)
TITLE_TAIL = re.compile(r"(?:责任|任务)*(?:分解|分工)(?:方案|一览|落实|情况)*表?$")
SHORT = 60


@dataclass
class _Table:
    """One header and what has been met below it."""

    grid: Grid
    header: Header
    title: str
    unit: str
    goals: list[tuple[int, str]] = field(default_factory=list)
    last: Entry | None = None

    def cells(self, row: int, *roles: str) -> list[tuple[Column, Cell]]:
        return [(c, self.grid.rows[row][c.index]) for c in self.header.of(*roles)]

    def first(self, row: int, *roles: str) -> Cell | None:
        """The first cell of these roles that holds something, a visible column before a hidden one."""
        found = sorted(((c, cell) for c, cell in self.cells(row, *roles) if cell.text), key=lambda pair: pair[0].hidden)
        return found[0][1] if found else None


@dataclass(frozen=True)
class Span:
    """What a reader must know beside the paper: the plan's days and how a person read headings before."""

    first: dt.date
    last: dt.date
    headings: dict[str, str] = field(default_factory=dict)


def read_table(grid: Grid, number: int, directory: Directory, span: Span, title: str = "") -> tuple[Found, list[Header]]:
    """The entries of a grid. A grid without a header is a cover sheet, or is refused where it holds a table all the same."""
    found, headers = Found(), []
    header = find_header(grid, 0, directory, span.headings)
    if header is None:
        return found, _without_header(grid, found)
    before: _Table | None = None
    while header:
        headers.append(header)
        following = find_header(grid, header.row + header.depth, directory, span.headings)
        end = following.row if following else len(grid.rows)
        above = headers[-2].row + headers[-2].depth if len(headers) > 1 else 0
        table = _Table(grid, header, _title(grid, above, header.row, title), _unit_above(grid, header.row))
        if before and _same(before.header, header):  # the header again on the next page
            table.title, table.goals, header.columns = before.title, before.goals, before.header.columns
        for row in range(above if len(headers) == 1 else header.row, header.row + header.depth):
            _leave(found, grid, row, "header" if row >= header.row else "title")
        for row in range(header.row + header.depth, end):
            _row(table, row, number, directory, span, found)
        before, header = table, following
    return found, headers


def _same(one: Header, two: Header) -> bool:
    """A header repeated on the next page."""
    return [c.heading for c in one.columns] == [c.heading for c in two.columns]


def _without_header(grid: Grid, found: Found) -> list[Header]:
    """A cover sheet; or a table whose header is not known: its likeliest row is given, so that a person can say what it means."""
    wide = [row for row in grid.rows if len({squeeze(cell.text) for cell in row if cell.text}) > 1]
    likely: list[Header] = []
    if len(wide) > 2:
        found.refused.append(Refusal(grid.rows[0][0].address.rpartition("!")[0] or grid.name, "no_header"))
        top = max(
            range(min(10, len(grid.rows))),
            key=lambda n: len({squeeze(c.text) for c in grid.rows[n] if c.text and len(c.text) <= 24 and isinstance(c.value, str)}),
        )
        likely = [Header(top, 1, [Column(n, squeeze(cell.text), role.NOTHING, sure=False) for n, cell in enumerate(grid.rows[top]) if cell.text])]
    for row in range(len(grid.rows)):
        _leave(found, grid, row, "title")
    return likely


def address_of(row: list[Cell], name: str) -> str:
    """The address of a row: that of its first cell without the column's letters."""
    first = row[0].address if row else name
    sheet, _, cell = first.rpartition("!")
    return f"{sheet}!{re.sub(r'^[A-Z]+', '', cell)}" if sheet else cell


def _leave(found: Found, grid: Grid, row: int, why: str) -> None:
    text = " ".join(dict.fromkeys(squeeze(cell.text) for cell in grid.rows[row] if cell.text))
    if text:
        found.left.append(Left(address_of(grid.rows[row], grid.name), text[:200], why))


def _title(grid: Grid, start: int, end: int, given: str) -> str:
    """The title that stands over a table."""
    for row in range(end - 1, start - 1, -1):
        texts = list(dict.fromkeys(squeeze(cell.text) for cell in grid.rows[row] if cell.text))
        if len(texts) == 1 and not NOTE.match(texts[0]) and not heading_unit(texts[0]) and len(texts[0]) > 4:
            return texts[0]
    return given


def _unit_above(grid: Grid, row: int) -> str:
    """单位：亿元 over a table."""
    for above in range(max(0, row - 3), row):
        for cell in grid.rows[above]:
            if cell.text and "单位" in cell.text and (unit := heading_unit(cell.text)):
                return unit
    return ""


def _row(table: _Table, row: int, number: int, directory: Directory, span: Span, found: Found) -> None:
    cells = table.grid.rows[row]
    texts = [squeeze(cell.text) for cell in cells if cell.text]
    distinct = list(dict.fromkeys(texts))
    if not distinct:
        return
    wording = table.first(row, role.CONTENT) or table.first(row, role.NAME)
    if any(TOTAL.match(text) for text in distinct[:2]):
        _leave(found, table.grid, row, "total")
    elif _is_heading(table, row, distinct):
        _enter(table, distinct[0] if not re.fullmatch(r"[\d一二三四五六七八九十、.（）]+", distinct[0]) or len(distinct) == 1 else "".join(distinct[:2]))
        _leave(found, table.grid, row, "heading")
    elif NOTE.match(distinct[0]) and len(distinct) < 3:
        _leave(found, table.grid, row, "note")
    elif wording is None or not even(wording.text):
        if not _more_owners(table, row, directory):
            _leave(found, table.grid, row, "blank")
    elif _again(table, row, wording):
        _more_owners(table, row, directory)
    else:
        entry = _entry(table, row, directory, span, found)
        entry.line = (number, row)
        table.last = entry
        found.entries.append(entry)


def _is_heading(table: _Table, row: int, distinct: list[str]) -> bool:
    """A row that holds one text, or a number and a text: a section, unless it stands in the number's row of an item."""
    filled = [(c, table.grid.rows[row][c.index]) for c in table.header.columns if table.grid.rows[row][c.index].text]
    meant = [c for c, cell in filled if c.role not in (role.NUMBER, role.GOAL, role.NAME, role.CONTENT, role.NOTHING)]
    first = even(distinct[0])
    if len(distinct) == 1:
        wide = len(filled) > 1 and len(table.header.columns) > 2
        marked = rank(ordinal(first)[0]) in (1, 2)
        alone = not meant and (filled[0][0].role in (role.NUMBER, role.GOAL) or marked)
        return len(first) <= SHORT and (wide or alone) and not NOTE.match(first)
    if len(distinct) == 2 and not meant and re.fullmatch(r"[一二三四五六七八九十]+、?|（[一二三四五六七八九十]+）", first):
        return len(distinct[1]) <= SHORT
    return False


def _enter(table: _Table, text: str) -> None:
    """A heading closes those of its depth and deeper."""
    mark = ordinal(even(text))[0]
    depth = rank(mark) or (1 if not table.goals else min(table.goals[-1][0], 2) if not rank(ordinal(table.goals[-1][1])[0]) else table.goals[-1][0] + 1)
    table.goals = [(d, t) for d, t in table.goals if d < depth] + [(depth, even(text)[:160])]


def _again(table: _Table, row: int, wording: Cell) -> bool:
    """A merged wording over several rows, each with an owner more: the same item."""
    if table.last is None or not wording.merged or squeeze(wording.text) != squeeze(table.last.at.get("wording", "")):
        return False
    return all(cell.merged for c, cell in table.cells(row, role.CONTENT, role.NAME, role.VALUE) if cell.text)


def _more_owners(table: _Table, row: int, directory: Directory) -> bool:
    """A row that only adds departments to the item above."""
    if table.last is None:
        return False
    more = _owners(table, row, directory)
    names = [name for name in ([more.lead] if more.lead else []) + more.supporting if name != table.last.owners.lead]
    if not names:
        return False
    if not table.last.owners.lead and more.lead:
        table.last.owners.lead, names = more.lead, more.supporting
    table.last.owners.supporting = list(dict.fromkeys([*table.last.owners.supporting, *names]))
    table.last.uncertain.update(more.uncertain)
    return True


def _owners(table: _Table, row: int, directory: Directory) -> Owners:
    """All columns of owners of a row together."""
    whole = Owners()
    for column, cell in [pair for kind in (role.LEAD, role.ANY, role.SUPPORT, role.LEADER) for pair in table.cells(row, kind)]:
        if not cell.text:
            continue
        part = owners.parse(cell.text, directory, role=column.role)
        whole.leaders += part.leaders
        whole.due = whole.due or part.due
        whole.unknown += part.unknown
        whole.uncertain.update({field: why for field, why in part.uncertain.items() if field not in whole.uncertain})
        if not whole.lead and part.lead:
            whole.lead, rest = part.lead, part.supporting
        else:
            rest = ([part.lead] if part.lead and part.lead != whole.lead else []) + part.supporting
        whole.supporting = [name for name in dict.fromkeys([*whole.supporting, *rest]) if name != whole.lead]
        if not column.sure:
            whole.uncertain.setdefault("lead", "heading")
    return whole


def _entry(table: _Table, row: int, directory: Directory, span: Span, found: Found) -> Entry:
    wording, name = table.first(row, role.CONTENT), table.first(row, role.NAME)
    text = even((wording or name).text)  # type: ignore[union-attr]
    entry = Entry(address_of(table.grid.rows[row], table.grid.name), text, _owners(table, row, directory), goal=_goal(table, row))
    entry.name = even(name.text) if name and wording else ""
    number = table.first(row, role.NUMBER)
    mark, rest = ordinal(text)
    entry.number = even(number.text) if number else mark if rank(mark) >= 3 else ""
    if rank(mark):
        entry.text = rest
    entry.at = {kind: cell.address for c in table.header.columns if (kind := c.role) and (cell := table.grid.rows[row][c.index]).text}
    entry.at["wording"] = (wording or name).text  # type: ignore[union-attr]
    if row in table.grid.hidden_rows:
        entry.uncertain["name"] = "hidden"
    _dates(table, row, entry, span, found)
    _values(table, row, entry, found)
    _counties(table, row, entry, found)
    _interim(table, row, entry, span, found)
    return entry


def _goal(table: _Table, row: int) -> list[str]:
    path = [text for _depth, text in table.goals]
    for _column, cell in table.cells(row, role.GOAL):
        text = even(cell.text)[:160]
        if text and text not in path:
            path.append(text)
    for column in table.header.of(role.GOAL):
        if not table.grid.rows[row][column.index].text and table.last and len(path) < len(table.last.goal):
            path = table.last.goal
    return path or ([TITLE_TAIL.sub("", re.sub(r"^附(?:件|表)\d*[：:]?", "", even(table.title))) or even(table.title)] if table.title else [])


def _dates(table: _Table, row: int, entry: Entry, span: Span, found: Found) -> None:
    cell = table.first(row, role.DUE)
    text, value, address = (even(cell.text), cell.value, cell.address) if cell else (entry.owners.due, None, entry.row)
    if not text:
        return
    try:
        entry.due = due.in_cell(text, value, span.first, span.last)
    except due.NoDay:
        if re.search(r"\d", text):
            found.refused.append(Refusal(address, "no_day"))
        else:
            entry.uncertain["due"] = "words"
        return
    if entry.due and entry.due.on < span.first:
        found.refused.append(Refusal(address, "due_before_start"))
        entry.due = None
    elif entry.due and (not entry.due.sure or entry.due.on > span.last):
        entry.uncertain["due"] = "words" if not entry.due.sure else "after_end"


def _values(table: _Table, row: int, entry: Entry, found: Found) -> None:
    unit_cell = table.first(row, role.UNIT_OF)
    unit = even(unit_cell.text) if unit_cell else ""
    unit = re.sub(r"^个(?=百分点)", "", unit)
    for column, cell in table.cells(row, role.VALUE, role.BASELINE, role.INVESTED, role.TOTAL):
        own = column.unit or unit or table.unit
        if not cell.text or (column.role == role.VALUE and entry.figure):
            continue
        try:
            figure = _checked(cell, own, entry, found)
        except NoFigure:
            if column.role == role.VALUE and re.search(r"[一-鿿]{2}", cell.text):
                entry.words = even(cell.text)
            elif column.role != role.BASELINE:
                found.refused.append(Refusal(cell.address, "no_number"))
            continue
        if figure is None:
            continue
        if column.role in (role.VALUE, role.TOTAL):
            entry.figure = entry.figure or figure
        elif column.role == role.BASELINE:
            entry.baseline = figure.value
        else:
            entry.invested = figure


def _checked(cell: Cell, unit: str, entry: Entry, found: Found) -> Figure | None:
    """A figure of a cell; a formula or an error in it is refused at its address."""
    if cell.formula or (cell.value is None and cell.text):
        found.refused.append(Refusal(cell.address, "formula" if cell.formula else "no_value"))
        return None
    return figure_in(cell, unit, f"{entry.name}{entry.text}")


def _counties(table: _Table, row: int, entry: Entry, found: Found) -> None:
    unit_cell = table.first(row, role.UNIT_OF)
    for column, cell in table.cells(row, role.COUNTY):
        try:
            figure = _checked(cell, column.unit or (even(unit_cell.text) if unit_cell else "") or table.unit or heading_unit(entry.text), entry, found)
        except NoFigure:
            found.refused.append(Refusal(cell.address, "no_number"))
            continue
        if figure:
            entry.parts.append(Part(column.department, figure, cell.address))


def _interim(table: _Table, row: int, entry: Entry, span: Span, found: Found) -> None:
    """Columns of quarters: figures are interim targets, words are steps."""
    unit_cell = table.first(row, role.UNIT_OF)
    for column, cell in table.cells(row, role.INTERIM):
        text = re.sub(r"(?:工作)?(?:目标|计划|任务|进度|节点)+$", "", column.heading.split("/")[-1])
        days = list(_days(text, span))
        if not cell.text or not days:
            continue
        try:
            figure = _checked(cell, column.unit or (even(unit_cell.text) if unit_cell else ""), entry, found) if len(cell.text) <= 12 else None
        except NoFigure:
            figure = None
        if figure:
            entry.interim.append((days[-1], figure))
        elif re.search(r"[一-鿿]{2}", cell.text):
            entry.stages.append((even(cell.text).replace("\n", "")[:120], days[-1]))


def _days(text: str, span: Span) -> Iterator[due.Due]:
    if text == "前三季度":
        text = "三季度"
    yield from due.limits(text, span.first, span.last)


def cover_texts(grid: Grid) -> list[str]:
    """The texts of a sheet without a table, for the title and the year."""
    return [part for row in grid.rows for cell in row if cell.text for part in cut(cell.text, "\n")]
