"""The reasons of the reader in words for people."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

UNCERTAIN = {
    "none": _t("文件没有写明"),
    "group": _t("是一类单位，不是一个单位"),
    "unknown": _t("不在单位名录中"),
    "like": _t("与名录中的单位名称相近"),
    "closed": _t("单位已撤销，已换成承接单位"),
    "words": _t("文字可以有多种理解"),
    "after_end": _t("晚于规划结束日"),
    "before_start": _t("早于规划开始日"),
    "guessed": _t("按一般规则推定"),
    "split": _t("同一句拆出的事项"),
    "shared": _t("由“分别”一句拆出"),
    "inner": _t("由括号内的文字拆出"),
    "generic": _t("名称缺少主语"),
    "long": _t("名称过长，已截短"),
    "column": _t("名称由表头补全"),
    "bare": _t("只有数字，不知以上还是以内"),
    "two": _t("有两个数"),
    "nobody": _t("没有这位领导"),
    "namesakes": _t("有同名领导"),
    "summed": _t("由各县区的数相加"),
    "hidden": _t("取自隐藏的行"),
    "heading": _t("表头不明"),
}
REFUSED = {
    "no_number": _t("不是数字。"),
    "no_day": _t("不是日期。"),
    "no_value": _t("单元格的值读不出来。"),
    "no_header": _t("没有找到表头。表头要有事项和责任单位等列名，也可以在下面指定。"),
    "no_word": _t("不在可填的词中。"),
    "no_interim": _t("年度分解每行写作：日期=数值。"),
    "no_step": _t("节点每行写作：名称@日期×权重，权重大于 0。"),
    "due_before_start": _t("完成时限早于规划开始日。"),
    "below_baseline": _t("目标值低于基期值。"),
    "formula": _t("这个单元格是公式。请把它复制后选择性粘贴为数值，再导入。"),
    "code_twice": _t("编号重复。"),
    "too_large": _t("数值过大，或小数超过四位。"),
    "unknown_department": _t("有单位不在单位名录中。"),
}
FIELDS = {
    "name": _t("名称"), "lead": _t("牵头单位"), "supporting": _t("配合单位"), "due": _t("完成时限"), "value": _t("目标值"), "unit": _t("单位"), "comparator": _t("比较方式"),
    "accrual": _t("累计方式"), "reading": _t("取值方式"), "baseline": _t("基期值"), "goal": _t("板块"), "kind": _t("类型"), "targets": _t("目标"), "steps": _t("节点"), "leader": _t("包联领导"), "adding": _t("合成方式"), "part_of": _t("分解自"),
}  # fmt: skip
LEFT = {
    "title": _t("标题或封面"), "heading": _t("小标题"), "header": _t("表头"), "total": _t("合计行"), "note": _t("注"), "blank": _t("没有事项文字"), "preamble": _t("正文前的话"),
    "unowned": _t("没有责任单位，也没有数"), "owners": _t("责任单位，已归入上一项"),
}  # fmt: skip


ROLES = {
    "number": _t("序号"), "goal": _t("板块"), "name": _t("事项名称"), "content": _t("事项文字"), "value": _t("目标值"), "unit": _t("单位"), "baseline": _t("上年数"), "lead": _t("牵头单位"),
    "supporting": _t("配合单位"), "any": _t("责任单位，第一个牵头"), "leader": _t("责任领导"), "due": _t("完成时限"), "interim": _t("季度目标"), "county": _t("县区"), "total": _t("合计"),
    "invested": _t("年度投资"), "nothing": _t("不读"),
}  # fmt: skip
WORDS = {
    "indicator": _t("指标"), "task": _t("任务"), "cumulative": _t("累计型"), "level": _t("水平型"), "held": _t("保持型"), "increase": _t("增量"), "growth": _t("增幅"), "sum": _t("相加"),
    "weighted": _t("加权平均"), "minimum": _t("取最低"), "all": _t("全部达到"),
}  # fmt: skip


def roles() -> list[tuple[str, str]]:
    """What a column can be, for a choice."""
    return [(name, str(words)) for name, words in ROLES.items() if name not in ("interim", "county")]


def role_words(name: str) -> str:
    """A word of the exported form as people say it."""
    return str(WORDS.get(name, name))


def doubt_words(reason: str) -> str:
    """Why a field is uncertain."""
    return str(UNCERTAIN.get(reason, reason))


def why_words(reason: str) -> str:
    """Why a cell is refused; a sentence of the opener stands as it is."""
    return str(REFUSED.get(reason, reason))


def field_words(name: str) -> str:
    """What a field is called."""
    return str(FIELDS.get(name, name))


def left_words(reason: str) -> str:
    """What a row that is no item is taken for."""
    return str(LEFT.get(reason, reason))


def nothing() -> str:
    """For an empty side of a comparison."""
    return _("无")
