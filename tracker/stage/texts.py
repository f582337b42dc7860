"""What offices write beside a figure: invented, plain, and about the figure."""

import random
from collections.abc import Sequence
from decimal import Decimal

from tracker.stage.planned import Outline, PlannedStep

CAUSES = (
    "部分县区资金到位偏晚，影响开工进度。",
    "用地手续仍在办理，预计下月办结。",
    "7 月汛期停工约两周，进度相应顺延。",
    "涉及部门较多，事权尚未明确。",
    "市场主体意愿不强，签约后落地较慢。",
    "原材料价格上涨，施工单位进场放缓。",
    "专业人员不足，县级初审积压。",
)
NEXT = (
    "每周调度一次，月底前补齐欠量。",
    "倒排工期到周，逐项明确责任人。",
    "会同财政部门争取资金本月拨付。",
    "组织专班赴进度靠后的县区现场督导。",
    "抓紧报批，具备条件的先行开工。",
    "按既定计划推进，做好资料归集。",
)
RETURNS = (
    "与上期相比增幅较大，未说明原因，请补充分县区数据。",
    "问题一栏只写“推进较慢”，请写明卡在哪个环节、需要谁协调。",
    "佐证材料为上季度文件，请更换为本季度的。",
)


def of_value(outline: Outline, value: Decimal, month: int, chance: random.Random) -> dict[str, str]:
    unit, final = outline.measure.unit, outline.terms.targets.all()[0]
    share = ""
    if outline.terms.accrual == "cumulative" and outline.terms.reading == "value" and final.value:
        share = f"，占目标的 {value / final.value * 100:.1f}%"
    return {"progress": f"截至 {month} 月底，{outline.terms.name} {plain(value)} {unit}{share}。".replace("  ", " "), **_rest(outline, chance)}


def of_steps(outline: Outline, done: Sequence[PlannedStep], left: Sequence[PlannedStep], chance: random.Random) -> dict[str, str]:
    said = "本期完成" + "、".join(f"“{s.name}”" for s in done) + "。" if done else "本期没有节点完成，各项工作按计划推进。"
    if left:
        said += f"下一节点“{left[0].name}”，应于 {left[0].due.month} 月 {left[0].due.day} 日前完成。"
    return {"progress": said, **_rest(outline, chance)}


def _rest(outline: Outline, chance: random.Random) -> dict[str, str]:
    lags = outline.light in ("yellow", "red")
    return {"problem": chance.choice(CAUSES) if lags else "", "next_step": chance.choice(NEXT[:5] if lags else NEXT[3:])}


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
