"""Reports, periods and what was found, as their files hold them: one record a row, figures as numbers, days as days."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker import exporting, formats
from tracker.models import ProgressReport
from tracker.models.standings import Light
from tracker.queries.measure import Past
from tracker.queries.owed import EXCUSED, Owed
from tracker.queries.periods import Owing, PeriodRow
from tracker.queries.promised import Promised
from tracker.queries.review import Case
from tracker.queries.search import Found

OWED = (
    _("指标"), _("编码"), _("事项"), _("部门"), _("报告期"), _("截止"), _("状态"), _("上期"), _("序时应达"), _("本期"), _("单位"), _("数据状态"), _("截至"),
    _("亮灯"), _("差距"), _("进展"), _("问题"), _("下一步"), _("原因"),
)  # fmt: skip
CASE = (*OWED, _("变化"), _("须看"), _("填报人"), pgettext_lazy("deed", "提交"))
HISTORY = (
    _("报告期"), _("数值"), _("填报方式"), _("数据状态"), _("截至"), _("状态"), _("已更正"), _("填报人"), _("审核人"), _("核定人"), _("原因"), _("进展"),
    _("问题"), _("下一步"),
)  # fmt: skip
PERIODS = (_("报告期"), _("周期"), _("起"), _("止"), _("截止"), _("应报"), _("已报"), _("已核定"), _("未到数据时点"), _("未报"), _("逾期"), _("状态"))
OWING = (_("单位"), _("截止"), _("应报"), _("已报"), _("已核定"), _("未到数据时点"), _("未报"), _("退回"), _("逾期"), _("未报的指标"))
FOUND = (_("类别"), _("编码"), _("名称"), _("规划或部门"))


def owed_record(one: Owed) -> Sequence[Any]:
    """A duty with its answer, as OWED heads it."""
    report, zone = one.report, one.duty.government.zone
    main = one.worst or (one.promised[0] if one.promised else None)
    texts = (report.progress, report.problem, report.next_step, report.reason) if report else ("", "", "", "")
    return (
        str(one.measure), one.measure.code, "\n".join(p.name for p in one.promised), str(one.duty.department), one.duty.period.title,
        formats.deadline(one.duty.due_at, zone), _status(one), one.seen.last.value if one.seen.last else None, one.main.expected if one.main else "",
        answer(report), one.unit, str(report.get_data_state_display()) if report and report.answer == ProgressReport.Answer.VALUE else "",
        report.cut_off if report else None, *_lit(main), *texts,
    )  # fmt: skip


def _status(one: Owed) -> str:
    if one.status == EXCUSED:
        return _t("未到数据时点")
    return str(one.report.get_state_display()) if one.report else _t("未填")


def answer(report: ProgressReport | None) -> Any:
    """The figure of a report, else its answer in a word."""
    if report is None:
        return ""
    figure = report.answer in (ProgressReport.Answer.VALUE, ProgressReport.Answer.NO_CHANGE) and report.value is not None
    return report.value if figure else str(report.get_answer_display())


def _lit(promise: Promised | None) -> tuple[str, Any]:
    """The light that stands in the row, and its gap."""
    lit = promise and (promise.then or promise.now)
    return (str(Light(lit.light).label), lit.gap) if lit and lit.light else ("", None)


def case_record(case: Case) -> Sequence[Any]:
    """A report under review, as CASE heads it."""
    at = exporting.local(case.report.submitted_at, case.row.duty.government.zone)
    value = case.value if case.row.steps else answer(case.report)
    record = list(owed_record(case.row))
    record[9] = value
    by = case.report.submitted_by.name if case.report.submitted_by else ""
    return (*record, case.change, "\n".join(case.flags), by, at)


def history_records(past: Iterable[Past]) -> Iterable[Sequence[Any]]:
    """The reports of a measure, as HISTORY heads them."""
    for one in past:
        for entry in one.entries:
            report = entry.report
            people = (who.name if who else "" for who in (report.submitted_by, report.endorsed_by, report.accepted_by))
            yield (
                one.period.title, report.value, str(report.get_answer_display()), str(report.get_data_state_display()), report.cut_off,
                str(report.get_state_display()), _t("是") if entry.is_struck else "", *people, report.reason, report.progress, report.problem, report.next_step,
            )  # fmt: skip


def period_record(row: PeriodRow, zone: str) -> Sequence[Any]:
    """A period, as PERIODS heads it."""
    period = row.period
    state = _t("已锁定") if period.locked_at else _t("在办")
    due = formats.deadline(period.due_at, zone)
    return period.title, row.cycle, period.start, period.end, due, row.duties, row.reported, row.accepted, row.excused, row.missing, row.overdue, state


def owing_record(one: Owing, zone: str) -> Sequence[Any]:
    """A department in a period, as OWING heads it."""
    missing = "\n".join(str(duty.measure) for duty in one.missing)
    counts = one.duties, one.reported, one.accepted, one.excused, len(one.missing), one.returned, len(one.late)
    return str(one.department), formats.deadline(one.due_at, zone), *counts, missing


def found_records(found: Found) -> Iterable[Sequence[Any]]:
    """What a search found, in the order of its page, as FOUND heads it."""
    yield from ((_t("部门"), one.code, str(one), "") for one in found.departments)
    yield from ((_t("规划"), one.code, str(one), "") for one in found.plans)
    yield from ((_t("人员"), "", one.name, str(one.department)) for one in found.people)
    yield from ((_t("事项"), one.code, one.name, one.plan_title) for one in found.items)
