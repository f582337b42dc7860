"""责任分解表: what a published plan says of each item, who leads, who supports, by when; as a paper (docx) and as a workbook (xlsx)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plans.consulting import final_of, target_words
from plans.models import Plan, Target, Terms
from plans.sheets import Column, OfficialPaper, Table, write_official, write_xlsx

HEADS = ("序号", "目标任务", "牵头单位", "配合单位", "完成时限")  # the paper is in the language of the office
WIDTHS = (12, 66, 28, 28, 22)  # millimetres, together the 156 of the type area
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One row of the table; `goal` stands where a new part begins."""

    code: str
    goal: str
    cells: tuple[str, str, str, str, str]


@dataclass(frozen=True)
class SharingTable:
    """The table of one plan, with what stands above and below it."""

    title: str
    number: str
    issuer: str
    dated_on: dt.date | None
    lines: list[Line]


def table_of(plan: Plan, number: str, dated_on: dt.date | None) -> SharingTable:
    """The rows of amendment 0, in the plan's order. 4 statements."""
    rows = (
        Terms.objects.filter(item__plan=plan, amendment__number=0)
        .select_related("item", "lead", "goal__parent")
        .prefetch_related("targets__against", "steps", "supports__department")
        .order_by("item__position", "item__code")
    )
    return SharingTable(f"{plan.title}责任分解表", number, plan.document.issuer, dated_on, list(_lines(rows)))


def _lines(rows: Iterable[Terms]) -> Iterator[Line]:
    before = None
    for n, terms in enumerate(rows, start=1):
        supports = "、".join(s.department.name for s in terms.supports.all())
        cells = (str(n), promise(terms), terms.lead.name if terms.lead else "", supports, limit(final_of(terms)))
        goal = " ".join(g.title for g in (terms.goal.parent, terms.goal) if g is not None)
        yield Line(terms.item.code, goal if goal != before else "", cells)
        before = goal


def promise(terms: Terms) -> str:
    """新增5G基站：2000个以上; a task with its steps, a line each."""
    final = final_of(terms)
    words = target_words(final) if final else ""
    head = f"{terms.name}：{words}" if words else terms.name
    stated = [f"{s.name}（{by_day(s.due_on)}）" if s.due_on else s.name for s in terms.steps.all() if s.stated]
    return "\n".join([head, *stated])


def limit(final: Target | None) -> str:
    return by_day(final.due_on) if final and final.due_on else ""


def by_day(day: dt.date) -> str:
    """2022年6月底前 on the last day of a month, else 2022年6月15日前."""
    return f"{day.year}年{day.month}月底前" if (day + DAY).day == 1 else f"{day.year}年{day.month}月{day.day}日前"


def docx_of(table: SharingTable) -> bytes:
    """The paper in official layout."""
    rows: list[str | tuple[str, ...]] = []
    for line in table.lines:
        rows += [line.goal] if line.goal else []
        rows.append(line.cells)
    columns = [Column(head, width, head in ("序号", "完成时限")) for head, width in zip(HEADS, WIDTHS, strict=True)]
    dated = f"{table.dated_on.year}年{table.dated_on.month}月{table.dated_on.day}日" if table.dated_on else ""
    return write_official(OfficialPaper(table.title, table.number, columns, rows, table.issuer, dated))


def xlsx_of(table: SharingTable) -> bytes:
    """The same rows, with part and code in columns of their own, so that they can be sorted and read again."""
    part, rows = "", []
    for line in table.lines:
        part = line.goal or part
        rows.append((int(line.cells[0]), *line.cells[1:], part, line.code))
    return write_xlsx([Table("责任分解表", (*HEADS, "板块", "编号"), rows, notes=(table.title, table.number))])
