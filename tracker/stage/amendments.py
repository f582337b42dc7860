"""目标调整 on the stage, each by two people: the steps of January, the season of the farmland, twenty that became thirty."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from people.models import Department
from plans import amending, parting
from plans.amending import Change, NewStep
from plans.editing.parts import Part
from plans.models import Item, Plan, Support, Terms
from tracker.stage import cast
from tracker.stage.calendar import at
from tracker.stage.people import Offices
from tracker.stage.planned import Planned

FARMLAND, COMPOUNDS, SPECIALISED = "3.5-04", "3.6-17", "3.2-03"


def lay_steps(plan: Plan, planned: Planned, offices: Offices) -> None:
    """In force from 4 January, laid when the report had been published: steps with days for each task, the farmland's approved shares."""
    changes = {
        o.item.code: Change(steps=tuple(NewStep(s.name, s.due, s.weight, s.name_en) for s in o.steps))
        for o in planned.report
        if o.is_task
    }  # fmt: skip
    changes[FARMLAND] = Change(terms={"profile": "shares", "shares": "5/25/60/100", "path_approved": True}, final={"origin": "approved"})
    _amend(
        plan, offices, "2022-01-04", "2022-03-03", "2022-03-04", changes,
        reason="各项任务按责任单位报送的计划分解为节点，明确完成日；高标准农田按农时分季安排，上报省农业农村厅备案。",
        basis="政府工作报告重点任务分解方案（演示）",
    )  # fmt: skip


def share_farmland(plan: Plan, offices: Offices) -> None:
    """高标准农田: what each county is to build of it, in force from 5 January."""
    counties = dict(Department.objects.of(plan.government_id).filter(code__in=cast.FARMLAND_PARTS).values_list("code", "pk"))
    amendment = parting.propose_parts(
        Item.objects.get(plan=plan, code=FARMLAND), Terms.Adding.SUM,
        {counties[code]: Part(Decimal(target)) for code, (target, _totals) in cast.FARMLAND_PARTS.items()},
        offices.supervisor(0), at("2022-03-03", "16:00"),
        reason="高标准农田建设任务按乡镇耕地条件分解到县区，由县区按季报送，市农业农村局汇总核定。", basis="高标准农田建设任务分解表（演示）",
        from_on=dt.date(2022, 1, 5),
    )  # fmt: skip
    amending.publish(amendment, offices.supervisor(1), at("2022-03-04", "10:40"))


def raise_specialised(plan: Plan, offices: Offices) -> None:
    """新增省级专精特新: from twenty to thirty, from 1 July."""
    _amend(
        plan, offices, "2022-07-01", "2022-06-27", "2022-06-28", {SPECIALISED: Change(final={"value": 30, "origin": "approved"})},
        reason="上半年已认定 11 家，省厅扩大认定批次，市工信局申请将全年目标由 20 家提高到 30 家。", basis="市政府专题会议纪要（演示）",
    )  # fmt: skip


def define_compounds(plan: Plan, offices: Offices) -> None:
    """老旧小区改造: what will be seen when one is done was agreed in September only."""
    words = "小区全部单体改造内容竣工，经街道、业主代表和住建部门三方验收签字；仅开工的不计入。"
    _amend(
        plan, offices, "2022-09-05", "2022-09-01", "2022-09-02", {COMPOUNDS: Change(terms={"acceptance": words})},
        reason="原约定未写明怎样算改造完成，各区县口径不一，补充验收标准。", basis="市住建局关于老旧小区改造验收标准的函（演示）",
    )  # fmt: skip


def _amend(plan: Plan, offices: Offices, from_on: str, proposed: str, published: str, changes: dict[str, Change], *, reason: str, basis: str) -> None:
    changes = {code: _supported(plan, code, change) for code, change in changes.items()}
    amendment = amending.propose(
        plan, offices.supervisor(0), at(proposed, "15:10"), reason=reason, basis=basis, from_on=dt.date.fromisoformat(from_on), changes=changes
    )
    amending.publish(amendment, offices.supervisor(1), at(published, "10:30"))


def _supported(plan: Plan, code: str, change: Change) -> Change:
    """The same with the department that supports the item on the stage, where nobody does yet."""
    if code not in cast.SUPPORTS or Support.objects.filter(terms__item__plan=plan, terms__item__code=code).exists():
        return change
    partner = Department.objects.of(plan.government_id).get(code=cast.SUPPORTS[code])
    return replace(change, supports={partner.pk: "按期办结用地手续"})
