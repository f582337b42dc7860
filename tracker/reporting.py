"""period → report: a duty is answered by a draft that is edited, supported by evidence, and submitted.

Only a reporter of the duty's department writes. `version` is the report's as the person saw it: whoever comes second sees
both texts (`Overtaken`). An accepted report is never changed: `correct` makes a new one that names it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Role
from plans.models import Step
from tracker import evidence, typed
from tracker.background import Background, background
from tracker.models import Duty, Evidence, ProgressReport, ReportEvent, StepDone
from tracker.problems import only_corrections, problems
from tracker.turns import (
    ATTACHED,
    DETACHED,
    DRAFTED,
    EDITABLE,
    EDITED,
    MAKING,
    SUBMIT,
    TAKE_BACK,
    TEXT_LENGTH,
    AlreadyMoved,
    NotYours,
    Problem,
    Refused,
    Severity,
    about,
    clean,
    fresh,
    make,
    plain,
    settle_duty,
    tell,
    worded,
)
from tracker.turns import CONTENT as HANDED_IN

Answer = ProgressReport.Answer
CONTENT = (
    "answer",
    "data_state",
    "value",
    "benchmark",
    "typed",
    "until_on",
    "source",
    "cut_off",
    "progress",
    "problem",
    "next_step",
    "reason",
    "basis",
    "origin",
)


class Overtaken(Exception):
    """Somebody saved in between. `mine`: the fields that were to be saved; `theirs`: the report as it stands."""

    def __init__(self, mine: Mapping[str, Any], theirs: ProgressReport) -> None:
        self.mine, self.theirs = dict(mine), theirs
        super().__init__(f"report {theirs.pk} is at version {theirs.version}")


def may_write(duty: Duty, by: Person) -> bool:
    """A reporter of the department that owes. Supporting departments give their part to it; they do not write here."""
    return by.has(Role.REPORTER) and by.department_id == duty.department_id and by.government_id == duty.government_id


def draft(duty: Duty, by: Person, at: dt.datetime, *, origin: str = ProgressReport.Origin.FORM) -> ProgressReport:
    """The duty's one unfinished report (whatever its state), made where there is none: 核定, cut off at the period's end.

    Raises: NotYours; Refused where the period takes corrections only.
    """
    _writer(duty, by)
    unfinished = ProgressReport.objects.unfinished().filter(duty=duty)
    if found := unfinished.first():
        return fresh(found)
    if closed := only_corrections(background(duty.measure, duty.period)):
        raise Refused([Problem("", closed, "only_correction")])
    try:
        with transaction.atomic():
            return fresh(_new(duty, by, at, {"cut_off": duty.period.end, "origin": origin}))
    except IntegrityError:  # two opened the form at once
        return fresh(unfinished.get())


def save_draft(report: ProgressReport, fields: Mapping[str, Any], by: Person, at: dt.datetime, version: int) -> ProgressReport:
    """Saves fields of a draft or a returned report (`typed.FIELDS`, as text or values), leaves the others; returns it as it is then.

    What is no number or date stays in `typed`. `part` is this period's figure, kept as the total that it makes; `steps` maps a
    step's id to its day and replaces the steps chosen before. Nothing new writes nothing.

    Raises: NotYours; Overtaken (another version); AlreadyMoved (no longer a draft); ValueError for an unknown field or choice.
    """
    given = typed.read(fields)
    with transaction.atomic():
        now = _editable(report, by)
        if "part" in fields:
            _read_part(given, fields["part"], background(now.measure, now.period))
        elif "value" in fields:
            given.typed["part"] = ""
        columns = given.columns | {"typed": {k: v for k, v in {**now.typed, **given.typed}.items() if v}}
        changed = any(getattr(now, name) != value for name, value in columns.items()) or _other_steps(now, given.steps)
        if not changed:
            return now  # whatever the version: what is to be said stands there already
        if not _claim(now, version, by, at, fields, columns):
            return fresh(now)
        if given.steps is not None:
            _choose_steps(now, given.steps, by)
        _tell_edit(now, by, at)
        after = fresh(now)
        _keep_edit(now, after, by, at)
        return after


def attach(report: ProgressReport, name: str, chunks: Iterable[bytes], by: Person, at: dt.datetime) -> Evidence:
    """Adds a file to a draft; a file that is there already is returned as it is. The version does not move: no text changes.

    Raises: NotYours; AlreadyMoved; Refused for a file that is not taken, or one too many.
    """
    _editable(report, by)
    stored = evidence.store(name, chunks)
    with transaction.atomic():
        now = _editable(report, by)
        _claim(now, now.version, by, at, {}, {})
        if found := now.evidence.filter(sha256=stored.sha256).first():
            return found
        if now.evidence.count() >= settings.EVIDENCE_MAX_FILES:
            raise Refused([Problem("evidence", _("一份填报最多%(n)s个附件。") % {"n": settings.EVIDENCE_MAX_FILES}, "too_many_files")])
        added = evidence.row(stored, now.pk, now.government_id, by.id, at)
        added.save(force_insert=True)
        tell(now, ATTACHED, by.user, at, why=stored.name)
        _keep_file(now, added, ATTACHED, by, at)
        return added


def detach(file: Evidence, by: Person, at: dt.datetime) -> None:
    """Takes a file from a draft. Its content stays on disk: another report may point at it."""
    with transaction.atomic():
        now = _editable(file.report, by)
        _claim(now, now.version, by, at, {}, {})
        if now.evidence.filter(pk=file.pk).delete()[0]:
            tell(now, DETACHED, by.user, at, why=file.name)
            _keep_file(now, file, DETACHED, by, at)


def submit(report: ProgressReport, by: Person, at: dt.datetime, version: int, *, confirmed: Collection[str] = ()) -> ProgressReport:
    """Sends a report to review. The duty counts as answered from its first submission that stands.

    What the answer does not ask for is emptied; 无变化 carries the last accepted value. `confirmed`: codes of the doubts that
    the person has seen and stands by, as a mapping each with why; the report keeps them for whoever reviews it.

    Raises: NotYours; Refused with all errors and unconfirmed doubts; Overtaken; AlreadyMoved.
    """
    with transaction.atomic():
        now = _editable(report, by)
        if now.version != version:
            raise Overtaken({}, now)
        seen = background(now.measure, now.period)
        found = problems(now, clock.day_of(at, now.government.zone), seen)
        if any(p.severity == Severity.ERROR or p.code not in confirmed for p in found):
            raise Refused(found)
        if now.answer != Answer.VALUE:
            now.steps_done.all().delete()
        doubts = _stood_by(found, confirmed)
        why = "\n".join("　".join(filter(None, one.values())) for one in doubts.values())
        after = make(now, SUBMIT, by, at, why=why, edited_by=by.user, edited_at=at, doubts=doubts, **_settled(now, seen))
        settle_duty(now.duty_id)
        return after


def take_back(report: ProgressReport, by: Person, at: dt.datetime) -> ProgressReport:
    """Withdraws what one has submitted and nobody has acted on; returns a new draft with its content, evidence and editors.

    Raises: NotYours where another person submitted it; AlreadyMoved where somebody has acted.
    """
    with transaction.atomic():
        now = fresh(report)
        _writer(now.duty, by)
        if now.submitted_by_id != by.id:
            raise NotYours
        make(now, TAKE_BACK, by, at)
        settle_duty(now.duty_id)
        return _copy(now, by, at, {"corrects_id": now.corrects_id})


def correct(report: ProgressReport, by: Person, at: dt.datetime, reason: str, basis: str = "") -> ProgressReport:
    """更正单: a new draft of the same period that names an accepted report, begins with its content and goes the same way. Its basis
    (a letter, the record of a check) may be given now and must be there when it is sent.

    A correction already begun is returned as it is. Raises: NotYours; Refused without a reason, or while another report of the
    period is unfinished; AlreadyMoved where the report is not accepted or has been corrected.
    """
    reason = worded("reason", reason, _("更正单要说明为什么更正。"))
    try:
        with transaction.atomic():
            now = fresh(report)
            _writer(now.duty, by)
            if not ProgressReport.objects.current().filter(pk=now.pk).exists():
                raise AlreadyMoved(now)
            unfinished = ProgressReport.objects.unfinished().filter(duty=now.duty_id).first()
            if unfinished is None:
                return _copy(now, by, at, {"corrects": now, "reason": reason, "basis": clean(basis)[:TEXT_LENGTH]})
    except IntegrityError:  # two began at once
        unfinished = ProgressReport.objects.unfinished().get(duty=report.duty_id)
    if unfinished.corrects_id != report.pk:
        raise Refused([Problem("", _("本期还有一份填报没有办完，办完后才能更正。"), "unfinished")])
    return fresh(unfinished)


def _stood_by(found: Iterable[Problem], confirmed: Collection[str]) -> dict[str, dict[str, str]]:
    """The doubts that the sender stands by, each as it was said and with why."""
    reasons = confirmed if isinstance(confirmed, Mapping) else {}
    return {p.code: {"said": p.message, "why": clean(str(reasons.get(p.code, "")))[:TEXT_LENGTH]} for p in found}


def total_from_part(previous: Decimal, part: Decimal) -> Decimal:
    """累计 from 本期."""
    return previous + part


def part_from_total(previous: Decimal, total: Decimal) -> Decimal:
    """本期 from 累计."""
    return total - previous


def _writer(duty: Duty, by: Person) -> None:
    if not may_write(duty, by):
        raise NotYours


def _editable(report: ProgressReport, by: Person) -> ProgressReport:
    """The report as it stands, if this person may write it and it can be written."""
    now = fresh(report)
    _writer(now.duty, by)
    if now.state not in EDITABLE:
        raise AlreadyMoved(now)
    return now


def _claim(now: ProgressReport, version: int, by: Person, at: dt.datetime, mine: Mapping[str, Any], columns: dict[str, Any]) -> bool:
    """One conditional UPDATE: the report is still editable and at this version, and this person edited it last.

    False where somebody was quicker and wrote the very same, as the second press of a button does."""
    moved: dict[str, Any] = {"version": F("version") + 1} if columns else {}
    same = ProgressReport.objects.filter(pk=now.pk, state__in=EDITABLE, version=version)
    if same.update(edited_by=by.user, edited_at=at, **columns, **moved):
        return True
    there = fresh(now)
    if there.state not in EDITABLE:
        raise AlreadyMoved(there)
    if columns and all(getattr(there, name) == value for name, value in columns.items()):
        return False
    raise Overtaken(mine, there)


def _new(duty: Duty, by: Person, at: dt.datetime, columns: dict[str, Any]) -> ProgressReport:
    number = (ProgressReport.objects.filter(measure=duty.measure_id, period=duty.period_id).aggregate(n=Max("number"))["n"] or 0) + 1
    made = ProgressReport.objects.create(
        government_id=duty.government_id, duty=duty, measure_id=duty.measure_id, period_id=duty.period_id, number=number,
        author=by.user, edited_by=by.user, edited_at=at, **columns,
    )  # fmt: skip
    tell(made, DRAFTED, by.user, at)
    return made


def _copy(old: ProgressReport, by: Person, at: dt.datetime, columns: dict[str, Any]) -> ProgressReport:
    """A new draft with the content of another. Who made that one made this one too."""
    made = _new(old.duty, by, at, {name: getattr(old, name) for name in CONTENT} | columns)
    rows: list[Any] = [*old.steps_done.all(), *old.evidence.all()]
    for row in rows:
        row.pk, row.report, row._state.adding = None, made, True  # noqa: SLF001  Django's documented way to copy a row
        row.save(force_insert=True)
    editors = ReportEvent.objects.filter(report=old, verb__in=MAKING).exclude(by=by.user).order_by("by", "id")
    for event in {e.by_id: e for e in editors.select_related("by")}.values():
        tell(made, EDITED, event.by, event.at)
    return fresh(made)


def _read_part(given: typed.Read, part: Any, seen: Background) -> None:
    """Turns this period's figure into the total; keeps what was typed, so that the form shows it again and checks know."""
    text = "" if part is None else str(part).strip()
    value = part if isinstance(part, Decimal) else typed.number(text)
    given.typed |= {"part": text, "value": ""}
    total = None if value is None else total_from_part(seen.previous_total or Decimal(0), value)
    given.columns["value"] = total if total is not None and typed.fits(total) else None


def _other_steps(now: ProgressReport, steps: dict[int, dt.date] | None) -> bool:
    return steps is not None and dict(now.steps_done.values_list("step_id", "on")) != steps


def _choose_steps(now: ProgressReport, steps: dict[int, dt.date], by: Person) -> None:
    """Replaces the chosen steps. Raises: NotYours for a step that the person may not read: a complaint about a step would name it."""
    if Step.objects.visible_to(by).filter(pk__in=steps, terms__published_at__isnull=False).count() != len(steps):
        raise NotYours
    now.steps_done.all().delete()
    StepDone.objects.bulk_create(StepDone(government_id=now.government_id, report=now, step_id=step, on=on) for step, on in steps.items())


def _tell_edit(now: ProgressReport, by: Person, at: dt.datetime) -> None:
    """'edited' once for each person in a stretch of editing, that is since the last turn."""
    turn = ReportEvent.objects.filter(report=now).exclude(verb__in=(EDITED, ATTACHED, DETACHED)).order_by("-id").values_list("id", flat=True).first() or 0
    if not ReportEvent.objects.filter(report=now, verb=EDITED, by=by.user, id__gt=turn).exists():
        tell(now, EDITED, by.user, at)


def _keep_edit(before: ProgressReport, after: ProgressReport, by: Person, at: dt.datetime) -> None:
    """The audit trail keeps what was changed in a report that had been handed in; a draft that nobody has seen is nobody's figure yet."""
    if before.state != ProgressReport.State.RETURNED:
        return
    names = [name for name in HANDED_IN if getattr(before, name) != getattr(after, name)]
    facts = about(after) | {"before": {n: plain(getattr(before, n)) for n in names}, "after": {n: plain(getattr(after, n)) for n in names}}
    audit.record(after.government_id, actor=by.user, verb="report.edited", subject=f"report:{after.pk}", at=at, facts=facts)


def _keep_file(report: ProgressReport, file: Evidence, verb: str, by: Person, at: dt.datetime) -> None:
    held = {"file": file.name, "sha256": file.sha256}
    facts = about(report) | {"after" if verb == ATTACHED else "before": held}
    audit.record(report.government_id, actor=by.user, verb=f"evidence.{verb}", subject=f"report:{report.pk}", at=at, facts=facts)


def _settled(now: ProgressReport, seen: Background) -> dict[str, Any]:
    """The columns as the answer asks for them: nothing that was typed for another answer may count."""
    columns: dict[str, Any] = {"typed": {"part": now.typed["part"]} if now.answer == Answer.VALUE and now.typed.get("part") else {}}
    if now.answer == Answer.NO_CHANGE:
        columns |= {"value": seen.last.value if seen.last else None, "benchmark": seen.last.benchmark if seen.last else None}
    elif now.answer != Answer.VALUE:
        columns |= {"value": None, "benchmark": None}
    if now.answer != Answer.NOT_OUT:
        columns |= {"until_on": None, "source": ""}
    return columns
