"""The audit trail in words: what its verbs, subjects, fields and values are called, and what was there before and after.

An entry keeps keys and codes, which no later wording changes; whoever adds a verb or a field adds its word here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Role
from plans.models import Conflict
from tracker.models import Alert, Criterion, Excuse, Finding, Grade, Message, Objection, ProgressReport

VERBS: dict[str, Any] = {
    "report.submitted": _("提交填报"), "report.endorsed": _("审核通过"), "report.accepted": pgettext_lazy("deed", "核定"), "report.returned": _("退回填报"),
    "report.withdrawn": _("撤回填报"), "report.edited": _("修改退回的填报"), "evidence.attached": _("附上佐证"), "evidence.detached": _("取下佐证"),
    "alert.noted": _("回应提醒"), "period.urged": _("催报"), "message.arrived": _("写明消息已送达"), "message.resend": _("重发消息"),
    "amendment proposed": _("提出目标调整"), "amendment published": _("发布目标调整"), "amendment rejected": _("不采纳目标调整"),
    "amendment revised": _("修改目标调整"), "path drafted": _("拟定年度分解"), "path endorsed": _("审核年度分解"), "path returned": _("退回年度分解"),
    "plan created": _("新建规划"), "plan changed": _("修改规划草案"), "draft deleted": _("删除规划草案"), "draft loaded": _("载入规划草案"), "draft change undone": _("撤销草案改动"),
    "draft change redone": _("重做草案改动"), "goal added": _("新增板块"), "goal changed": _("修改板块"), "goal moved": _("移动板块"), "goal deleted": _("删除板块"),
    "item added": _("新增事项"), "item changed": _("修改事项"), "item moved": _("移动事项"), "item split": _("拆分事项"), "item merged": _("合并事项"),
    "item deleted": _("删除事项"), "item shared out": _("分解事项"), "items set": _("批量设置事项"), "items deleted": _("删除事项"), "items merged": _("合并事项"),
    "leads accepted": _("采纳牵头建议"), "succession begun": _("开始接续下一年"), "fates decided": _("决定事项去向"), "drops confirmed": _("确认不再列入"),
    "year kept open": _("设定核定数补报截止日"), "succession made": _("生成下一年草案"), "check answered": _("答复检查意见"), "doubts confirmed": _("确认导入存疑"), "consultation opened": _("征求部门意见"),
    "consultation extended": _("延长征求意见"), "draft accepted": _("部门同意草案"), "draft objected to": _("部门提出意见"), "silence recorded": _("登记逾期未答复"),
    "objection taken over": _("采纳部门意见"), "objection refused": _("不采纳部门意见"), "publication proposed": _("提出发布规划"),
    "publication taken back": _("撤回发布"), "plan published": _("发布规划"), "paper signed for": _("签收责任分解表"), "plan closed": _("办结规划"),
    "paper read": _("读取上传的文件"), "paper words said": _("说明文件用语"), "paper taken in": _("由文件生成草案"), "paper dropped": _("放弃上传的文件"),
    "departments opened from an export": _("按导出文件设部门"), "document attached": _("附上原文"), "passage joined": _("语句对上事项"),
    "passage set aside": _("语句不列事项"), "passage taken up again": _("语句重新列入"), "person.enrolled": _("新增人员"), "person.corrected": _("修改人员"),
    "person.disabled": _("停用人员"), "person.enabled": _("启用人员"), "person.signed_out": _("结束登录"), "person.password": _("设置密码"),
    "person.code": _("发出一次性验证码"), "role.granted": _("授予角色"), "role.ended": _("收回角色"), "portfolio.given": _("确定分管"), "portfolio.ended": _("结束分管"),
    "department.opened": _("新设部门"), "department.corrected": _("更正部门情况"), "department.renamed": _("部门改名"), "department.placed": _("调整部门次序"),
    "department.closed": _("撤销部门"), "merger.proposed": _("提出撤并部门"), "merger.confirmed": _("确认撤并部门"), "merger.withdrawn": _("撤回撤并"),
    "government.set_up": _("建立政府"), "item.judged": _("研判"), "sample.drawn": _("抽样核查"), "sample.shown": _("报送核查佐证"), "sample.found": _("核查结论"),
    "objection.made": _("提出异议"),
    "objection.taken": _("接办异议"), "objection.answered": _("答复异议"), "objection.asked": _("申请复核异议"), "objection.reviewed": _("复核异议"),
    "criteria.asked": _("要求验收标准"), "criterion.proposed": _("提出验收标准"), "criterion.accepted": _("接受验收标准"), "criterion.returned": _("退回验收标准"),
    "excuse.proposed": _("提出正当理由"), "excuse.confirmed": _("确认正当理由"), "excuse.refused": _("不予确认正当理由"),
    "objection.made_good": _("落实异议"), "objection.limit": _("设定异议答复时限"), "person.handed_over": _("移交草稿"), "period.closed": _("报告期截止"),
    "conflicts swept": _("比对目标冲突"), "conflict decided": _("裁定目标冲突"), "target explained": _("说明目标"), "link proposed": _("提出合读一个数"),
    "link confirmed": _("确认合读一个数"), "link refused": _("不采纳合读一个数"), "figures told apart": _("认定不是同一个数"),
}  # fmt: skip
SUBJECTS: dict[str, Any] = {
    "report": _("填报"), "alert": _("提醒"), "message": _("消息"), "period": _("报告期"), "amendment": _("目标调整"), "plan": _("规划"), "item": _("事项"),
    "document": _("文件"), "passage": _("语句"), "user": _("人员"), "department": _("部门"),
    "succession": _("接续"), "sample": _("核查"), "sampled": _("抽到的数"), "paper": _("上传的文件"), "government": _("政府"), "objection": _("异议"),
    "conflict": _("目标冲突"), "likeness": _("一数多诺"),
}  # fmt: skip
FIELDS: dict[str, Any] = {
    "measure": _("指标"), "period": _("报告期"), "number": _("序次"), "state": _("状态"), "answer": _("填报方式"), "value": _("数值"), "data_state": _("数据状态"),
    "cut_off": _("截至"), "benchmark": _("参照值"), "until_on": _("公布日期"), "source": _("数据来源"), "progress": _("进展"), "problem": _("问题"),
    "next_step": _("下一步"), "reason": _("原因"), "why": _("说明"), "note": _("回应"), "rule": _("提醒"), "file": _("文件"), "sha256": _("校验值"),
    "plan": _("规划"), "item": _("事项"), "items": _("事项"), "title": _("标题"), "to": _("收件人"), "departments": _("部门数"), "messages": _("消息数"),
    "document": _("文件"), "from": _("自"), "until": _("至"), "start": _("起"), "end": _("止"), "position": _("位置"), "said": _("所写"), "sentences": _("语句数"),
    "found": _("对上的"), "missing": _("没有对上的"), "login": _("登录名"), "name": _("名称"), "email": _("邮箱"), "role": _("角色"), "roles": _("角色"),
    "department": _("部门"), "leader": _("领导"), "change": _("第几次改动"), "check": _("检查意见"), "about": _("所指"), "purpose": _("用途"), "channel": _("方式"),
    "lead": _("牵头"), "due": _("期限"), "unit": _("单位"), "code": _("编码"), "withdrawn": _("撤销"),
    "doubts": _("导入存疑"), "targets": _("目标"), "steps": _("节点"), "supports": _("配合"), "goal": _("板块"), "baseline": _("基数"), "weight": _("权重"), "binding": _("约束性"),
    "short": _("简称"), "name_en": _("英文名"), "kind": _("类别"), "language": _("语言"), "measures": _("指标"), "people": _("人员"), "duties": _("应报数"),
    "amendments": _("调整数"), "reports": _("填报"), "run": _("第几次汇总"), "closed_at": _("截止于"), "inputs": _("所据数据的校验值"), "results": _("所存亮灯的校验值"), "papers": _("责任分解表"),
    "acceptance": _("验收标准"), "shares": _("分段比例"), "profile": _("路径"), "adding": _("怎样合成总数"), "successor": _("下一年的规划"),
    "basis": _("依据"), "merged_into": _("并入"), "path_approved": _("路径经批准"),
    "grade": _("研判"), "seen": _("看到什么"), "place": _("在哪里"), "confirmer": _("由谁确认"), "wrong": _("哪里不对"), "should": _("应当是什么"), "named": _("答复人"), "days": _("工作日"), "dated": _("成文日期"), "names": _("名称"), "words": _("用语"),
    "verdict": _("核查结论"), "sample": _("第几次核查"), "seed": _("种子"), "size": _("抽取数量"), "of": _("总数"), "earlier": _("此前已抽次数"),
    "class": _("类型"), "counts": _("以哪处为准"), "lapsed": _("随调整消除"), "listed": _("新列出"),
}  # fmt: skip
FIRST, LAST = ("measure", "period", "number", "plan", "item", "login"), ("why", "sha256")
PLACES = {name: n for n, name in enumerate(FIELDS)}
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Told:
    """One field of an entry. `old` is None where nothing is told of before; "" where there was nothing."""

    name: str
    value: str
    old: str | None = None

    @property
    def words(self) -> str:
        """数值：1200 → 1260."""
        change = f"{self.old or _t('空')} → {self.value or _t('空')}" if self.old is not None else self.value
        return f"{self.name}{_t('：')}{change}" if self.name else change


def verb(code: str) -> str:
    """What was done."""
    return str(VERBS.get(code, code))


def subject(code: str) -> str:
    """填报 761."""
    kind, mark, key = code.partition(":")
    return f"{SUBJECTS[kind]} {key}" if mark and kind in SUBJECTS else code


def told(facts: Mapping[str, Any]) -> list[Told]:
    """What an entry tells, field by field: what it is about, what changed from what into what, and why."""
    plain = {key: value for key, value in facts.items() if key not in (BEFORE, AFTER) and value not in (None, "", [], {})}
    order = [*(key for key in FIRST if key in plain), *(key for key in plain if key not in FIRST + LAST)]
    said = [Told(_field(key), _value(key, plain[key])) for key in order]
    return [*said, *_changes(facts), *(Told(_field(key), _value(key, plain[key])) for key in LAST if key in plain)]


def _changes(facts: Mapping[str, Any]) -> Iterator[Told]:
    before, after = facts.get(BEFORE), facts.get(AFTER)
    if BEFORE not in facts and AFTER not in facts:
        return
    if not all(isinstance(side, Mapping) for side in (before or {}, after or {})):
        yield Told("", _value("", after), _value("", before))
        return
    old, new = before or {}, after or {}
    for key in sorted({*old, *new}, key=_place):
        if old.get(key) != new.get(key) or key not in old:
            yield Told(_field(key), _value(key, new.get(key)), _value(key, old.get(key)) if key in old else None)


def _place(key: str) -> tuple[str, int, str]:
    """Fields of one item together, each in the order of FIELDS."""
    owner, _space, name = key.rpartition(" ")
    return owner, PLACES.get(name, len(PLACES)), name


def _field(key: str) -> str:
    """The word for a field; one of an item stands behind its code: "1-01 value"."""
    owner, space, name = key.rpartition(" ")
    return f"{owner}{space}{FIELDS.get(name, name)}"


def _value(key: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _t("是") if value else _t("否")
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return _t("、").join(_value(key, one) for one in value)
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return _word(key, value)


def _word(key: str, value: str) -> str:
    """The word for a code, where the field holds one."""
    choices: dict[str, tuple[Any, ...]] = {
        "state": (ProgressReport.State, Message.State, Objection.State, Conflict.State, Criterion.State, Excuse.State), "answer": (ProgressReport.Answer,), "data_state": (ProgressReport.DataState,),
        "rule": (Alert.Rule,), "grade": (Grade,), "class": (Conflict.Kind,), "outcome": (Objection.State,), "verdict": (Finding.Verdict,), "role": (Role,), "roles": (Role,),
    }  # fmt: skip
    return next((str(kind(value).label) for kind in choices.get(key, ()) if value in kind.values), value)
