"""Header rows and what their columns mean. A person's earlier word on a heading comes before every guess."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from plans.papers.figures import UNIT
from plans.papers.owners import Directory, looks_like_owners
from plans.papers.words import even, squeeze
from plans.sheets.papers import Cell, Grid

NUMBER, GOAL, NAME, CONTENT, VALUE, UNIT_OF, BASELINE = "number", "goal", "name", "content", "value", "unit", "baseline"
LEAD, SUPPORT, ANY, LEADER, DUE, INTERIM, COUNTY, TOTAL, INVESTED, NOTHING = (
    "lead",
    "supporting",
    "any",
    "leader",
    "due",
    "interim",
    "county",
    "total",
    "invested",
    "nothing",
)
ROLES = (NUMBER, GOAL, NAME, CONTENT, VALUE, UNIT_OF, BASELINE, LEAD, SUPPORT, ANY, LEADER, DUE, INTERIM, COUNTY, TOTAL, INVESTED, NOTHING)
TARGET = "target"  # 年度目标: a figure or a wording, as its cells show

YEARS = r"(?:20\d\d年?(?:度)?|今年|本年度?|全年|年度)?"
WORDS: tuple[tuple[str, str], ...] = (
    (NUMBER, r"序号|编号|项次|顺序号|任务编号|项目编号|No\.?|NO\.?|序"),
    (SUPPORT, r"(?:责任)?配合(?:责任)?(?:单位|部门)?|协办(?:单位|部门)?|协同(?:责任)?(?:单位|部门)?|协作单位|协助单位|参与(?:单位|部门)|参加单位|其他责任单位|其他(?:责任)?部门|其他单位|共同责任单位|配合"),
    (LEAD, r"(?:总)?牵头(?:责任|实施|组织实施)?(?:单位|部门)|牵头(?:责任)?主体|主要责任(?:单位|部门)|主责(?:单位|部门)|主办(?:单位|部门)|第一责任单位|汇总单位|牵头|主要"),
    (LEADER, r"(?:责任|牵头|分管|包联|市级|负责|挂钩|联系|市级责任|市级牵头|市政府分管|县级|区级|责任市|分管市|牵头市|市|县|区|政府分管)领导(?:同志)?|领导|(?:主要)?责任人|负责人|牵头负责人|分管副市长|联系人|群链长|链长|包联领导"),
    (ANY, r"(?:牵头|责任|主责)(?:单位|部门)?(?:及|和|、|／|/|与)(?:责任|配合|协办|参与|相关)(?:单位|部门)|责任(?:单位|部门|主体|分工)(?:及配合单位)?|承办(?:单位|部门)|实施(?:单位|主体)|落实单位|完成单位|承担单位|主管部门|责任单位（部门）|责任单位和部门|任务分工|部门|组织单位"),
    (DUE, r"(?:计划)?(?:完成|办结|办理|实现|进度)(?:时限|时间|期限|节点)(?:要求)?|时限(?:要求)?|时间(?:节点|要求|进度)|期限|截止时间|完成日期|截止日期|完成时限及要求"),
    (INTERIM, r"(?:第)?[一二三四1-4]季度(?:末)?(?:工作)?(?:目标|计划|任务|进度|节点)?(?:任务)?|上半年(?:目标|计划|任务)?|前三季度(?:目标|计划)?|下半年(?:目标|计划|任务)?|(?:1[0-2]|[1-9])月底?(?:目标|计划|节点)?"),
    (BASELINE, r"(?:上年|20\d\d年|去年)(?:度)?(?:实际|实绩|预计)?(?:完成|基数|实际|实绩|现状|情况|值|数|完成数|完成值|完成情况|实际完成|预计完成|基期值)+|基数|基期(?:值)?|现状值?|上年实绩|基准值"),
    (INVESTED, rf"{YEARS}(?:计划)?(?:完成)?投资(?:额|计划|目标|任务)?(?!总)"),
    (UNIT_OF, r"计量单位|单位名称（计量）|指标单位|数量单位"),
    (NOTHING, r"总投资|备注|说明|(?:工作)?(?:推进|落实|具体|主要)?(?:措施|举措|办法|路径)|完成情况|进展(?:情况)?|联系电话|电话|依据|来源|出处|建设性质|建设年限|建设地点|地点|项目业主|权重|分值|考核方式|累计完成|形象进度|报告页码|页码|完成率|存在问题|下一步打算"),
    (VALUE, rf"{YEARS}(?:计划|预期|工作|考核)?(?:目标值|指标值|目标数|任务数|计划数|目标任务数|预期值|数量|数值|计划完成|任务量|计划值|目标任务量|计划任务)|{YEARS}计划"),
    (TARGET, rf"{YEARS}(?:计划|预期|工作|主要|预定|考核|总体)?目标(?:及任务|要求|和任务)?|{YEARS}(?:任务)?目标"),
    (GOAL, r"类别|分类|类型|板块|领域|重点领域|工作类别|任务类别|一级指标|二级指标|方面|大项|项目类别|所属领域|工作板块|指标类别|目标类别|工程类别|总体任务|部分|章节"),
    (CONTENT, rf"{YEARS}(?:政府工作报告)?(?:目标任务|工作任务|任务内容|工作内容|主要内容|具体内容|建设内容|实施内容|具体任务|任务目标|目标内容|主要任务|重点任务|工作目标|工作要求|任务|内容|重点工作任务|主要工作任务|工作目标任务|重点工作|具体工作|建设内容及规模|工作事项|报告内容|任务分解|具体要求|内容及要求|工作任务及目标|目标任务内容|主要目标任务|重点工作内容|主要建设内容|建设任务|量化目标|目标任务分解|事项内容|实事内容)"),
    (NAME, r"(?:重点)?(?:建设)?(?:项目|指标|事项|实事|工程|任务|工作|目标|民生实事|实事项目|民生事项|督查事项|主要指标|责任)(?:名称|事项|项目)?|指标(?:名称)?|名称|主要(?:经济)?指标"),
)  # fmt: skip
PATTERNS = [(role, re.compile(rf"(?:{words})")) for role, words in WORDS]
TOTALS = re.compile(r"^(?:全市|合计|总计|全市合计|市合计|全市目标|全市总目标|市本级目标|全市任务|总目标|全县|全省|任务合计)(?:目标|任务|值|数)?$")
BRACKET = re.compile(r"（([^（）]*)）")
LONGEST_HEADING = 24


@dataclass(frozen=True)
class Column:
    """What one column means. `unit` stands in its heading; `department` is a county's full name; `sure` False where it was guessed."""

    index: int
    heading: str
    role: str
    unit: str = ""
    department: str = ""
    hidden: bool = False
    sure: bool = True


@dataclass
class Header:
    """A header found: its first row, how many rows it takes, its columns."""

    row: int
    depth: int
    columns: list[Column] = field(default_factory=list)

    def of(self, *roles: str) -> list[Column]:
        return [column for column in self.columns if column.role in roles]


def heading_role(heading: str, directory: Directory) -> tuple[str, str]:
    """What a heading means, and the county it names; "" where it means nothing known. The last line of a heading of two counts first."""
    for part in [*reversed(heading.split("/")), heading.replace("/", "")]:
        plain = BRACKET.sub("", even(part)).strip("：:*＊ ")
        if not plain or len(plain) > LONGEST_HEADING:
            continue
        if TOTALS.match(plain):
            return TOTAL, ""
        for role, pattern in PATTERNS:
            if pattern.fullmatch(plain):
                return role, ""
        if plain == "单位":
            return UNIT_OF, "?"
        match = directory.find(plain)
        if match.known and any(one.name == match.name for one in directory.counties()):
            return COUNTY, match.name
    return "", ""


def heading_unit(heading: str) -> str:
    """The unit in a heading: 目标值（万亩） → 万亩; also of 单位：亿元."""
    for inner in [*BRACKET.findall(even(heading)), *re.findall(r"单位：([^\s，；）]+)", even(heading))]:
        if re.fullmatch(UNIT, inner.removeprefix("单位：")):
            return inner.removeprefix("单位：")
    return ""


def find_header(grid: Grid, start: int, directory: Directory, said: dict[str, str]) -> Header | None:
    """The next header at or below a row."""
    for row in range(start, len(grid.rows)):
        if not _is_header(grid.rows[row], directory, said):
            continue
        depth = 1
        while depth < 3 and row + depth < len(grid.rows) and _continues(grid.rows[row + depth - 1], grid.rows[row + depth], directory, said):
            depth += 1
        return Header(row, depth, _columns(grid, row, depth, directory, said))
    return None


def _meaning(text: str, directory: Directory, said: dict[str, str]) -> str:
    text = squeeze(text)
    return said.get(text) or heading_role(text, directory)[0]


def _is_header(cells: list[Cell], directory: Directory, said: dict[str, str]) -> bool:
    texts = [squeeze(cell.text) for cell in cells if cell.text]
    distinct = set(texts)
    if len(distinct) < 2 or any(isinstance(cell.value, Decimal) for cell in cells):
        return False
    roles = {text: _meaning(text, directory, said) for text in distinct if len(text) <= LONGEST_HEADING}
    meant = {role for role in roles.values() if role}
    wording = meant & {NAME, CONTENT, TARGET, GOAL, VALUE}
    others = meant - {NAME, CONTENT, TARGET, GOAL, COUNTY}
    counted = sum(bool(role) for role in roles.values())
    return bool(wording) and (bool(others) or sum(role == COUNTY for role in roles.values()) > 1 or len(meant) > 1) and counted * 2 >= len(distinct)


def _continues(above: list[Cell], cells: list[Cell], directory: Directory, said: dict[str, str]) -> bool:
    """Whether a row is the second line of a header: every cell repeats the one above, is empty, or means something."""
    new = 0
    for up, cell in zip(above, cells, strict=True):
        text = squeeze(cell.text)
        if not text or text == squeeze(up.text):
            continue
        if isinstance(cell.value, Decimal) or len(text) > LONGEST_HEADING or not (_meaning(text, directory, said) or heading_unit(f"（{text}）")):
            return False
        new += 1
    spread = any((squeeze(a.text) and squeeze(a.text) == squeeze(b.text)) or (a.text and not b.text) for a, b in itertools.pairwise(above))
    return new > 0 and spread


def _columns(grid: Grid, row: int, depth: int, directory: Directory, said: dict[str, str]) -> list[Column]:
    found = []
    before = ""
    for index in range(len(grid.rows[row])):
        parts = [squeeze(grid.rows[row + n][index].text) for n in range(depth)]
        if depth > 1 and not parts[0] and any(parts[1:]):
            parts[0] = before  # a heading over several columns that were not merged
        before = parts[0] or before
        heading = "/".join(dict.fromkeys(part for part in parts if part))
        role, department = heading_role(heading, directory)
        asked = said.get(heading)
        sure = bool(role) or bool(asked)
        found.append(Column(index, heading, asked or role, heading_unit(heading), department if department != "?" else "", index in grid.hidden_columns, sure))
    samples = [[grid.rows[n][c.index] for n in range(row + depth, min(len(grid.rows), row + depth + 40))] for c in found]
    return _settled(found, samples, directory, said)


def _settled(found: list[Column], samples: list[list[Cell]], directory: Directory, said: dict[str, str]) -> list[Column]:
    """Decides what a heading alone leaves open: 单位, 年度目标, two columns of owners or of wordings, a column without a known heading."""
    columns = [_by_sample(column, cells, directory) for column, cells in zip(found, samples, strict=True)]
    seen = {c.role for c in columns if not c.hidden and c.sure}
    columns = [_as(c, NOTHING) if (c.hidden and c.role in seen and c.heading not in said) or (not c.sure and seen & {LEAD, ANY}) else c for c in columns]
    roles = Counter(column.role for column in columns)
    if roles[LEAD]:
        columns = [_as(c, SUPPORT) if c.role == ANY else c for c in columns]
    elif roles[ANY] > 1:
        first = next(c.index for c in columns if c.role == ANY)
        columns = [_as(c, SUPPORT) if c.role == ANY and c.index != first else c for c in columns]
    if not roles[CONTENT] and not roles[NAME]:
        goals = [c for c in columns if c.role == GOAL]
        if goals:
            columns = [_as(c, CONTENT) if c.index == goals[-1].index else c for c in columns]
    return _wordings(columns, samples)


def _wordings(columns: list[Column], samples: list[list[Cell]]) -> list[Column]:
    """Of several columns of wording the last, or the longest, holds the promise; those before it name it or are headings."""
    many = [c for c in columns if c.role == CONTENT and not c.hidden]
    if len(many) > 1:
        lengths = {c.index: sum(len(cell.text) for cell in samples[c.index]) / max(1, sum(bool(cell.text) for cell in samples[c.index])) for c in many}
        chosen = max(many, key=lambda c: (lengths[c.index] > 0, lengths[c.index]))
        for c in many:
            if c.index != chosen.index:
                repeated = _repeats(samples[c.index])
                columns[c.index] = _as(c, (GOAL if repeated else NAME) if c.index < chosen.index else NOTHING)
    names = [c for c in columns if c.role == NAME and not c.hidden]
    if len(names) > 1:
        for c in names[:-1]:
            columns[c.index] = _as(c, GOAL)
    if names and any(c.role == CONTENT for c in columns) and _repeats(samples[names[-1].index]):
        columns[names[-1].index] = _as(names[-1], GOAL)
    return columns


def _repeats(cells: list[Cell]) -> bool:
    """Whether a column stands over several rows at a time, as a heading does."""
    texts = [cell.text for cell in cells]
    again = sum(1 for a, b in itertools.pairwise(texts) if (a and a == b) or (a and not b))
    return again * 3 >= max(1, len([t for t in texts if t]))


def _as(column: Column, role: str) -> Column:
    return Column(column.index, column.heading, role, column.unit, column.department, column.hidden, column.sure)


def _by_sample(column: Column, cells: list[Cell], directory: Directory) -> Column:
    filled = [cell for cell in cells if cell.text]
    if column.role == UNIT_OF and squeeze(column.heading).rsplit("/", 1)[-1] == "单位":
        units = [cell for cell in filled if re.fullmatch(UNIT, even(cell.text))]
        return column if len(units) * 2 >= len(filled) else _as(column, ANY)
    if column.role == TARGET:
        short = [cell for cell in filled if isinstance(cell.value, Decimal) or (len(cell.text) <= 12 and re.search(r"\d|同步|平均", cell.text))]
        return _as(column, VALUE if len(short) * 2 >= len(filled) and filled else CONTENT)
    if not column.role and column.heading and len(filled) > 1:
        owners = [cell for cell in filled if looks_like_owners(even(cell.text), directory)]
        if len(owners) * 5 >= len(filled) * 3:
            return Column(column.index, column.heading, ANY, "", "", column.hidden, sure=False)
    return column if column.role else _as(column, NOTHING)
