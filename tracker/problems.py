"""What is wrong with a report, said so that it can be mended: errors stop it, doubts are confirmed or mended.

The commonest slips of the trade are looked for in `plausible`.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from plans.models import Measure, Step, Target
from tracker import plausible
from tracker.background import Background, background, rank
from tracker.models import ProgressReport
from tracker.turns import TEXT_LENGTH, Problem, Severity
from tracker.typed import DECIMALS, INTEGER_DIGITS, MISSING, SOURCE_LENGTH, TEXTS, number

Answer = ProgressReport.Answer
A_YEAR = dt.timedelta(days=366)  # statistics that take longer excuse nobody


def problems(report: ProgressReport, day: dt.date, against: Background | None = None) -> list[Problem]:
    """Everything that is wrong with a report on a day (in the government's zone), errors first; empty where it can be sent."""
    seen = against or background(report.measure, report.period)
    found = [*_standing(report, seen), *_dates(report, day), *_answer(report, day, seen), *_texts(report), *plausible.text(report, seen)]
    return sorted(found, key=lambda p: p.severity != Severity.ERROR)


def only_corrections(seen: Background) -> str:
    """Why this period takes corrections only, in words; '' while it takes reports."""
    accepted = seen.accepted_value
    if accepted is None:
        return ""
    if seen.period.locked_at:
        return _("%(period)s已锁定。已核定的数只能用更正单改。") % {"period": seen.period.title}
    if accepted.data_state == ProgressReport.DataState.VERIFIED:
        return _("%(period)s已有核定数。要改动请用更正单，并说明原因。") % {"period": seen.period.title}
    return ""


def _standing(report: ProgressReport, seen: Background) -> Iterator[Problem]:
    """The report beside what is accepted for its period already."""
    if report.corrects_id:
        if not report.reason.strip():
            yield Problem("reason", _("更正单要说明为什么更正。"), "reason_missing")
        if not report.basis.strip():
            yield Problem("basis", _("更正单要写明依据，例如来函文号、核查记录。"), "basis_missing")
        corrected = report.corrects
        if corrected and rank(report.data_state) < rank(corrected.data_state):
            yield _weaker(report, corrected)
        return
    if closed := only_corrections(seen):
        yield Problem("", closed, "only_correction")
        return
    accepted = seen.accepted_value
    if accepted and report.answer == Answer.VALUE and rank(report.data_state) < rank(accepted.data_state):
        yield _weaker(report, accepted)
    elif accepted and rank(report.data_state) == rank(accepted.data_state):
        yield Problem("data_state", _("本期已有%(state)s数。同一口径的改动请用更正单。") % {"state": accepted.get_data_state_display()}, "same_state")


def _weaker(report: ProgressReport, accepted: ProgressReport) -> Problem:
    words = {"new": report.get_data_state_display(), "old": accepted.get_data_state_display()}
    return Problem("data_state", _("本期已有%(old)s数，不能再报%(new)s数。") % words, "weaker_state")


def _dates(report: ProgressReport, day: dt.date) -> Iterator[Problem]:
    if text := report.typed.get("cut_off"):
        yield _no_date("cut_off", text)
    elif not report.period.start <= report.cut_off <= report.period.end:
        days = {"start": _date(report.period.start), "end": _date(report.period.end)}
        yield Problem("cut_off", _("截止日不在本期内。应在%(start)s至%(end)s之间。") % days, "cut_off_outside")
    elif report.cut_off > day and report.answer in (Answer.VALUE, Answer.NO_CHANGE):
        yield Problem("cut_off", _("截止日%(day)s还没到。请填数据实际截止的日期。") % {"day": _date(report.cut_off)}, "cut_off_future")


def _answer(report: ProgressReport, day: dt.date, seen: Background) -> Iterator[Problem]:
    if report.answer == Answer.NOT_OUT:
        yield from _not_out(report, day)
    elif report.answer == Answer.CANNOT:
        if not report.reason.strip():
            yield Problem("reason", _("请写明为什么无法填报。"), "reason_missing")
    elif report.answer == Answer.NO_CHANGE:
        if seen.measure.kind == Measure.Kind.NUMBER and seen.last is None:
            yield Problem("answer", _("此前没有核定过的数，不能选“无变化”。请填数值。"), "nothing_before")
    elif seen.measure.kind == Measure.Kind.STEPS:
        yield from _steps(report, day, seen)
    else:
        yield from _figures(report, seen)


def _texts(report: ProgressReport) -> Iterator[Problem]:
    for name in TEXTS:
        if len(getattr(report, name)) > TEXT_LENGTH:
            yield Problem(name, _("文字太长，请控制在%(n)s字以内，其余作为佐证上传。") % {"n": TEXT_LENGTH}, "text_long")


def _not_out(report: ProgressReport, day: dt.date) -> Iterator[Problem]:
    if text := report.typed.get("until_on"):
        yield _no_date("until_on", text)
    elif report.until_on is None:
        yield Problem("until_on", _("请填数据哪一天能出来。"), "until_missing")
    elif report.until_on < day:
        yield Problem("until_on", _("%(day)s已经过去。请填数据将要公布的日期；数据已出的请填数值。") % {"day": _date(report.until_on)}, "until_past")
    elif report.until_on > day + A_YEAR:
        yield Problem("until_on", _("%(day)s在一年以后。一年内出不来的，请选“无法填报”并写明原因。") % {"day": _date(report.until_on)}, "until_far")
    if report.typed.get("source"):
        yield Problem("source", _("数据来源太长，请控制在%(n)s字以内。") % {"n": SOURCE_LENGTH}, "source_long")
    elif not report.source:
        yield Problem("source", _("请填数据由谁公布，例如“市统计局”。"), "source_missing")


def _steps(report: ProgressReport, day: dt.date, seen: Background) -> Iterator[Problem]:
    prefetch_related_objects([report], "steps_done__step")
    chosen = list(report.steps_done.all())
    for text in (report.typed.get("steps") or {}).values():
        yield _no_date("steps", text)
    if not chosen and not report.typed.get("steps"):
        yield Problem("steps", _("没有勾选完成的节点。本期没有节点完成的，请选“无变化”并写明进展。"), "steps_missing")
    terms = {p.terms.pk for p in seen.promises}
    earlier = {d.step_id: d.on for d in seen.done if d.report_id != report.corrects_id}
    for each in chosen:
        words = {"step": each.step, "on": _date(each.on)}
        if each.step.terms_id not in terms:
            yield Problem("steps", _("“%(step)s”不是本事项现行的节点，请重新勾选。") % words, "step_foreign")
        elif each.on > day:
            yield Problem("steps", _("“%(step)s”的完成日%(on)s还没到。") % words, "step_future")
        elif earlier.get(each.step_id, each.on) != each.on:
            before = words | {"before": _date(earlier[each.step_id])}
            yield Problem("steps", _("“%(step)s”已核定于%(before)s完成。改日期请用更正单。") % before, "step_done_before")


def _figures(report: ProgressReport, seen: Background) -> Iterator[Problem]:
    for field in ("value", "part", "benchmark"):
        text = report.typed.get(field)
        if text and not (field == "part" and report.value is not None):
            yield _no_number(field, text)
    if report.value is None and not (report.typed.get("value") or report.typed.get("part")):
        yield Problem("value", _("没有填数值。没有数的，请选“无变化”“未到数据时点”或“无法填报”。"), "value_missing")
    asked = any(t.comparator == Target.Comparator.RELATIVE and t.against_id is None for p in seen.promises for t in p.targets)
    if asked and report.benchmark is None and not report.typed.get("benchmark"):
        yield Problem("benchmark", _("目标是与参照相比，请同时填参照值（如全省平均）。"), "benchmark_missing")
    if report.value is not None:
        if error := plausible.falls(report, report.value, seen):
            yield error
        yield from plausible.figure(report, report.value, seen)


def _no_number(field: str, text: str) -> Problem:
    if number(text) is not None:
        words = {"text": text, "integer": INTEGER_DIGITS, "decimals": DECIMALS}
        return Problem(field, _("“%(text)s”位数太多：最多%(integer)s位整数、%(decimals)s位小数。") % words, "too_long")
    return Problem(field, _("“%(text)s”不是数。请只填数字，不带单位和文字，例如 1500。") % {"text": text}, "no_number")


def _no_date(field: str, text: str) -> Problem:
    if text == MISSING:
        return Problem(field, _("请填日期，例如 2022-09-30。"), "no_date")
    return Problem(field, _("“%(text)s”不是日期。请按 2022-09-30 的样子填。") % {"text": text}, "no_date")


def _date(day: dt.date) -> str:
    return day.isoformat()


def steps_of(seen: Background) -> list[Step]:
    """The steps that a report of this measure can mark as done, in their order."""
    return list(Step.objects.filter(terms__in=[p.terms.pk for p in seen.promises]).order_by("terms__item__position", "position"))
