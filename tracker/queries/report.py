"""The full form of one duty, and the same for those who only read it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people import clock
from people.access import Person
from plans.models import Measure
from tracker import typed
from tracker.background import background
from tracker.models import Evidence, ProgressReport, ReportEvent
from tracker.previewing import Figure, preview
from tracker.problems import only_corrections
from tracker.queries.owed import Owed, duties_of, owed
from tracker.queries.parts import SharedReport, shared_report
from tracker.queries.promised import Promised, promised
from tracker.reporting import may_write, total_from_part

State = ProgressReport.State
Answer = ProgressReport.Answer


@dataclass(frozen=True)
class Told:
    """A line of a report's story."""

    number: int
    words: str
    by: str
    at: dt.datetime
    why: str


@dataclass(frozen=True)
class StepField:
    """A step that the form can mark as done: `text` is what stands in its field, `settled` the day that is accepted already."""

    pk: int
    name: str
    due_on: dt.date | None
    text: str
    settled: dt.date | None


@dataclass
class ReportPage:
    row: Owed
    writes: bool
    story: list[Told]
    steps: list[StepField]
    may_submit: bool = False
    may_take_back: bool = False
    may_correct: bool = False
    may_add: bool = False
    locked: str = ""
    shared: SharedReport | None = None
    evidence_problems: list[str] = field(default_factory=list)

    @property
    def report(self) -> ProgressReport | None:
        return self.row.report


def report_page(person: Person, duty: int, at: dt.datetime) -> ReportPage | None:
    """None where there is no such duty for this person, or its period has not opened. 23 statements at most."""
    duties = list(duties_of(person).filter(pk=duty, period__opens_at__lte=at))
    found = owed(duties, at, drafts=any(d.department_id == person.department_id for d in duties))
    if not found:
        return None
    row = found[0]
    writes = may_write(row.duty, person)
    page = ReportPage(row, writes and row.is_editable, story(row, person), _steps(row))
    page.shared = shared_report(row.duty)
    page.locked = only_corrections(row.seen) if row.report is None or row.report.state == State.ACCEPTED else ""
    if writes:
        _allow(page, person)
    return page


def evidence_of(person: Person, pk: int) -> Evidence | None:
    """A file that the person may read. 1 statement."""
    return Evidence.objects.visible_to(person).select_related("report__duty").filter(pk=pk).first()


def story(row: Owed, person: Person) -> list[Told]:
    """What happened to the reports of a duty that the person may read, the latest first. 1 statement."""
    events = ReportEvent.objects.visible_to(person).filter(report__duty=row.duty).select_related("by", "report").order_by("-id")
    return [Told(e.report.number, verb_words(e.verb), e.by.name, e.at, e.why) for e in events]


def verb_words(verb: str) -> str:
    return {
        "drafted": _("起草"), "edited": _("修改"), "attached": _("添加佐证"), "detached": _("移除佐证"), "submitted": pgettext("deed", "提交"),
        "withdrawn": _("撤回"),
        "endorsed": _("审核通过"), "accepted": pgettext("deed", "核定"), "returned": _("退回"), "commented": _("批注"),
    }.get(verb, verb)  # fmt: skip


def would(row: Owed, fields: dict[str, Any], at: dt.datetime) -> list[Promised]:
    """The promises with the lights that fields of a form would give them, as typed and unsaved; without, where they give no figure.

    Reads only. 20 statements at most.
    """
    figure = _figure(row, fields)
    if figure is None:
        return row.promised
    return promised(background(row.measure, row.duty.period), preview(row.measure, figure, at), figured=True)


def _figure(row: Owed, fields: dict[str, Any]) -> Figure | None:
    given = typed.read({name: value for name, value in fields.items() if name != "part"})
    value: Decimal | None = given.columns.get("value")
    if "part" in fields:
        part = typed.number(str(fields["part"]))
        value = None if part is None else total_from_part(row.seen.previous_total or Decimal(0), part)
    if fields.get("answer") == Answer.NO_CHANGE and row.seen.last is not None:
        value = row.seen.last.value
    elif fields.get("answer", Answer.VALUE) != Answer.VALUE:
        return None
    steps = {s.name: given.steps[s.pk] for s in row.steps if given.steps and s.pk in given.steps}
    if (value is None or not typed.fits(value)) and not steps:
        return None
    corrects = row.report.corrects_id if row.report else None
    cut_off = given.columns.get("cut_off") or row.duty.period.end
    return Figure(cut_off, value, given.columns.get("data_state", row.data_state), given.columns.get("benchmark"), steps or None, corrects)


def _steps(row: Owed) -> list[StepField]:
    if row.measure.kind != Measure.Kind.STEPS:
        return []
    corrects = row.report.corrects_id if row.report else None
    settled = {d.step_id: d.on for d in row.seen.done if d.report_id != corrects}
    chosen = {d.step_id: d.on.isoformat() for d in row.report.steps_done.all()} if row.report else {}
    wrong = (row.report.typed.get("steps") or {}) if row.report else {}
    return [StepField(s.pk, str(s), s.due_on, str(wrong.get(str(s.pk)) or chosen.get(s.pk, "")), settled.get(s.pk)) for s in row.steps]


def _allow(page: ReportPage, person: Person) -> None:
    """What the writer may do with the report as it stands."""
    report = page.report
    page.writes = page.writes and not (report is None and page.locked)
    page.may_submit = page.writes and report is not None
    page.may_take_back = bool(report and report.state == State.SUBMITTED and report.submitted_by_id == person.id)
    accepted = bool(report and report.state == State.ACCEPTED)
    page.may_correct = accepted
    page.may_add = accepted and not page.locked


def today(row: Owed, at: dt.datetime) -> dt.date:
    return clock.day_of(at, row.duty.government.zone)
