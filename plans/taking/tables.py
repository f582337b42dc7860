"""Plans as tables: our own, without loss, and the issued one again."""

import json
from decimal import Decimal

from django.utils.translation import gettext as _

from plans import sheets
from plans.exporting import export_plan
from plans.models import IssuedPaper, Plan
from plans.papers import keeping, rewriting
from plans.papers.template import ACCRUALS, COMPARATORS, HEADS, PROFILES, READINGS, rows_of
from plans.sheets.papers import Cell
from plans.sheets.writing import Value
from plans.taking.proposing import propose


def own_table(plan: Plan) -> bytes:
    """Every item of a plan in our own table, which comes in again without loss."""
    return sheets.write_xlsx([sheets.Table("责任分解", HEADS, rows_of(export_plan(plan)["items"]))])


def blank_table() -> bytes:
    """Our own table without items, with the words that can stand in it."""
    words = [
        _("编号不重复；板块分层写作“一、工业 > （一）企业”；没有目标值的是任务。"),
        f"比较方式：{'、'.join(COMPARATORS)}　累计方式：{'、'.join(ACCRUALS)}　取值方式：{'、'.join(READINGS)}　进度方式：{'、'.join(PROFILES)}",
        _("日期写作 2023-06-30；节点每行写作“名称@日期×权重”；年度分解每行写作“日期=数值”；配合单位用顿号分开。"),
    ]
    return sheets.write_xlsx([sheets.Table("责任分解", HEADS, [], notes=words)])


def issued_table(plan: Plan) -> bytes | None:
    """The paper that the plan came of, with what was changed since; None where it came of none."""
    paper = plan.issued_papers.filter(state=IssuedPaper.State.TAKEN).select_related("government").order_by("-at", "-pk").first()
    if paper is None or not paper.read or "body" in json.loads(paper.blocks):
        return None
    opened = keeping.opened(paper.blocks)
    made = rewriting.tables(opened, propose(paper).reading.headers, json.loads(paper.read), export_plan(plan)["items"])
    return sheets.write_xlsx(
        [sheets.Table(name, [_value(cell) for cell in rows[0]], [[_value(cell) for cell in row] for row in rows[1:]]) for name, rows in made if rows]
    )


def _value(cell: Cell) -> Value:
    if isinstance(cell.value, Decimal):
        return sheets.Share(cell.value) if cell.percent else cell.value
    return cell.text if isinstance(cell.value, str) or cell.value is None else cell.value
