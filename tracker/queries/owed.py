"""What is owed, as forms show it: a duty with its report, what it is seen against, what is wrong, and the lights it would turn.

A fixed number of statements however many duties; everything that judges is called, nothing is judged here.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people import clock
from people.access import Person
from people.prepared import PreparedOfIds
from plans.models import Measure, Step, Target, Terms
from tracker import formats, wording
from tracker.background import Background, backgrounds
from tracker.models import Duty, ProgressReport, ReportEvent
from tracker.previewing import Figure, Turn, previews
from tracker.problems import problems
from tracker.queries.promised import Promised, expecting, period_short, promised, worst
from tracker.reporting import part_from_total
from tracker.turns import EDITABLE, GIVE_BACK, Problem, Severity

Answer = ProgressReport.Answer
State = ProgressReport.State
EMPTY, EXCUSED = "empty", "excused"
HANDS = ("author", "edited_by", "submitted_by", "endorsed_by", "accepted_by")


@dataclass
class Owed:
    """A duty as a form shows it. `report` is the unfinished one, else the accepted one that counts, else None."""

    duty: Duty
    report: ProgressReport | None
    seen: Background
    day: dt.date
    promised: list[Promised] = field(default_factory=list)
    expecting: list[Promised] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    returned: ReportEvent | None = None
    clash: "Clash | None" = None
    notes: list[str] = field(default_factory=list)  # what the last deed refused
    steps: list[Step] = field(default_factory=list)
    confirmed: Mapping[str, str] = field(default_factory=dict)  # the doubts that the person has seen and stands by, with why
    insists: bool = False  # somebody tried to submit: say what is missing even of an empty form
    seen_mark: str = ""  # of what the form shows

    @property
    def measure(self) -> Measure:
        return self.duty.measure

    @property
    def is_editable(self) -> bool:
        """A draft, a returned report, or nothing yet."""
        return self.report is None or self.report.state in EDITABLE

    @property
    def is_excused(self) -> bool:
        return self.duty.excused_until is not None and self.duty.excused_until >= self.day

    @property
    def status(self) -> str:
        """returned, draft, submitted, endorsed, accepted; empty before the first word; excused while statistics are awaited."""
        if self.is_excused and (self.report is None or self.report.state == State.ACCEPTED):
            return EXCUSED
        return self.report.state if self.report else EMPTY

    @property
    def is_filled(self) -> bool:
        """Whether anything answers the duty, be it only typed."""
        report = self.report
        if report is None:
            return False
        return report.answer != Answer.VALUE or report.value is not None or bool(report.typed.get("value") or report.typed.get("part")) or self.has_steps

    @cached_property
    def has_steps(self) -> bool:
        return bool(self.report and self.measure.kind == Measure.Kind.STEPS and self.report.steps_done.all())

    @property
    def errors(self) -> list[Problem]:
        return [p for p in self.problems if p.severity == Severity.ERROR]

    @property
    def doubts(self) -> list[Problem]:
        return [p for p in self.problems if p.severity == Severity.DOUBT]

    @property
    def lacks_note(self) -> bool:
        """Whether the light would lag and nobody has written why."""
        return self.is_editable and self.lags and not (self.report and self.report.progress) and not self.errors

    @property
    def group(self) -> str:
        """What the filters go by: returned, done, ready, problem or empty."""
        if not self.is_editable or self.status == EXCUSED:
            return "done"
        if not self.is_filled:
            return EMPTY
        return "problem" if self.errors or any(p.code not in self.confirmed for p in self.doubts) else "ready"

    @property
    def is_overdue(self) -> bool:
        return self.duty.done_at is None and not self.is_excused and self.days_late > 0

    @property
    def days_late(self) -> int:
        last = clock.day_of(self.duty.due_at - dt.timedelta(microseconds=1), self.duty.government.zone)
        return max((self.day - last).days, 0)

    # the field ----------------------------------------------------------------------------------------------------------

    @property
    def mode(self) -> str:
        """Whether the field holds this period's figure ("part") or the total."""
        return "part" if self.report and self.report.typed.get("part") else "total"

    @property
    def text(self) -> str:
        """What stands in the field: as it was typed, else the value."""
        report = self.report
        if report is None:
            return ""
        if report.typed.get("part"):
            return str(report.typed["part"])
        return str(report.typed.get("value") or "") or plain(report.value)

    @property
    def other(self) -> str:
        """The figure that the field does not hold: of a total this period's part, of a part the total. "" where there is none."""
        report, before = self.report, self.seen.previous_total
        if report is None or report.value is None or before is None or report.answer != Answer.VALUE:
            return ""
        return formats.number(report.value if self.mode == "part" else part_from_total(before, report.value))

    @property
    def unit(self) -> str:
        return wording.unit(self.measure.unit)

    @property
    def has_field(self) -> bool:
        """Whether the row of a list takes the figure; steps and other answers have the full form."""
        return self.is_editable and self.measure.kind == Measure.Kind.NUMBER and (self.report is None or self.report.answer == Answer.VALUE)

    @property
    def answers(self) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Answer.choices]

    @property
    def data_states(self) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in ProgressReport.DataState.choices]

    @property
    def asks_benchmark(self) -> bool:
        return any(t.comparator == Target.Comparator.RELATIVE and t.against_id is None for p in self.seen.promises for t in p.targets)

    @property
    def benchmark(self) -> str:
        return (str(self.report.typed.get("benchmark") or "") or plain(self.report.benchmark)) if self.report else ""

    @property
    def data_state(self) -> str:
        return self.report.data_state if self.report else ProgressReport.DataState.VERIFIED

    @property
    def lags(self) -> bool:
        """Whether a note is asked for: a light that would lag, or a total that falls."""
        falls = any(p.code == "total_falls" for p in self.problems)
        return falls or any(p.then and p.then.light in ("yellow", "red") for p in self.promised)

    @property
    def falls(self) -> bool:
        last, report = self.seen.last, self.report
        return bool(self.seen.is_total and report and report.value is not None and last and last.value is not None and report.value < last.value)

    @property
    def progress_last(self) -> str:
        return self.seen.last.progress if self.seen.last else ""

    # beside the field ---------------------------------------------------------------------------------------------------

    @property
    def last_value(self) -> str:
        return formats.number(self.seen.last.value) if self.seen.last else ""

    @property
    def last_period(self) -> str:
        return period_short(self.seen.last.period.title, self.duty.period.year) if self.seen.last else ""

    @property
    def worst(self) -> Promised | None:
        return worst(self.promised)

    @property
    def main(self) -> Promised | None:
        """The promise whose expectation stands beside the field: the first in the order of plans."""
        shown = self.promised if any(p.then for p in self.promised) else self.expecting
        return shown[0] if shown else None

    @property
    def saved_at(self) -> dt.datetime | None:
        return self.report.edited_at if self.report and self.report.state in EDITABLE else None


@dataclass(frozen=True)
class Clash:
    """Two people edited one report: what was to be saved, and what stands there now, by whom and when."""

    theirs: ProgressReport
    mine: dict[str, str]

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(field, theirs, mine) of what differs."""
        names = {"value": _("数值"), "part": _("本期"), "benchmark": _("参照值"), "data_state": _("数据状态"), "progress": _("进展"), "problem": _("问题"),
                 "next_step": _("下一步"), "reason": _("原因"), "answer": _("填报方式"), "cut_off": _("截至日"), "source": _("数据来源"), "until_on": _("公布日期")}  # fmt: skip
        said = {name: _said(self.theirs, name) for name in names}
        return [(names[name], said[name], text) for name, text in self.mine.items() if name in names and text.strip() != said[name].strip()]


def _said(report: ProgressReport, name: str) -> str:
    if name in report.typed:
        return str(report.typed[name])
    value = getattr(report, name, "")
    return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)


def plain(value: Decimal | None) -> str:
    """A figure as a field holds it: no separators."""
    return "" if value is None else f"{value.normalize():f}"


def owed(duties: Iterable[Duty], at: dt.datetime, *, drafts: bool = True, only: Collection[int] = ()) -> list[Owed]:
    """The duties with everything that their forms show, in the order given. They come with measure, period.cycle, department and
    government. Without `drafts` as those outside the department see them; `only`: ids of the reports to look at, in place of the
    unfinished ones. 22 statements at most."""
    duties = list(duties)
    if not duties:
        return []
    day = clock.day_of(at, duties[0].government.zone)
    reports = _reports(duties, drafts, only)
    seen = backgrounds((d.measure, d.period) for d in duties)
    found = [Owed(d, reports.get(d.pk), seen[d.measure_id, d.period_id], day) for d in duties]
    for one in found:
        if one.report is not None and one.report.state != State.ACCEPTED:
            _shared(one)
            one.problems = problems(one.report, day, one.seen)
    _light(found, at)
    _explain_returns(found)
    _lay_steps(found)
    return found


def duties_of(person: Person) -> QuerySet[Duty]:
    """The duties that a person may read, with what `owed` needs."""
    return Duty.objects.visible_to(person).select_related("measure__reporter", "measure__cycle", "period__cycle", "department", "government")


def figure_of(one: Owed) -> Figure | None:
    """The figure of a report that can be judged; None where there is none, or where something is wrong with it.

    What was handed in is judged as it was handed in.
    """
    report, wrong = one.report, {p.field for p in one.problems} if one.is_editable else set()
    if report is None or report.answer not in (Answer.VALUE, Answer.NO_CHANGE) or wrong & {"value", "part", "benchmark", "cut_off"}:
        return None
    value = report.value
    if report.answer == Answer.NO_CHANGE and value is None and one.seen.last is not None:
        value = one.seen.last.value
    steps = {d.step.name: d.on for d in report.steps_done.all()} if one.measure.kind == Measure.Kind.STEPS else None
    if value is None and not steps:
        return None
    return Figure(report.cut_off, value, report.data_state, report.benchmark, steps, report.corrects_id)


def _reports(duties: list[Duty], drafts: bool, only: Collection[int]) -> dict[int, ProgressReport]:
    """Of each duty the unfinished report, else the latest accepted one that counts. 4 statements."""
    asked = {duty.pk for duty in duties}
    if only:
        rows = [report for report in _these(ids=list(only)) if report.duty_id in asked and (drafts or report.state != State.DRAFT)]
    else:
        rows = (_with_drafts if drafts else _handed_in)(ids=[*asked])
    found: dict[int, ProgressReport] = {}
    for report in rows:
        before = found.get(report.duty_id)
        if before is None or before.state == State.ACCEPTED or report.state != State.ACCEPTED:
            found[report.duty_id] = report
    return found


def _whole(reports: QuerySet[ProgressReport], *left_out: str) -> QuerySet[ProgressReport]:
    """Reports with what a form shows of them, the first first."""
    return (
        reports.exclude(state__in=[State.WITHDRAWN, *left_out])
        .select_related("corrects", *HANDS)
        .prefetch_related("steps_done__step", "evidence")
        .order_by("number")
    )


_with_drafts = PreparedOfIds(lambda duties: _whole(ProgressReport.objects.filter(duty__in=duties)))
_handed_in = PreparedOfIds(lambda duties: _whole(ProgressReport.objects.filter(duty__in=duties), State.DRAFT))
_these = PreparedOfIds(lambda reports: _whole(ProgressReport.objects.filter(pk__in=reports)))


def _shared(one: Owed) -> None:
    """Lends a report the rows that were read with its duty."""
    if one.report is not None:
        one.report.duty, one.report.measure, one.report.period, one.report.government = one.duty, one.duty.measure, one.duty.period, one.duty.government


def _light(found: list[Owed], at: dt.datetime) -> None:
    """The lights now, and those that the figures would give; duties of one measure take turns. A roll-up's statements, once."""
    figures = {n: figure_of(one) if one.report and one.report.state != State.ACCEPTED else None for n, one in enumerate(found)}
    batches = _batches(found)
    asked = [{found[n].measure.pk: figures[n] or stand_in(found[n]) or Figure(found[n].duty.period.end) for n in batch} for batch in batches]
    for batch, turns in zip(batches, previews(found[0].duty.government, asked, at), strict=True):
        for n in batch:
            one = found[n]
            given: list[Turn] = turns.get(one.measure.pk, [])
            one.promised = promised(one.seen, given, figured=figures[n] is not None)
            one.expecting = expecting(one.seen, given) if figures[n] or stand_in(one) else []


def _batches(found: list[Owed]) -> list[list[int]]:
    """Positions, each measure at most once a batch: a second open period of a measure is rare."""
    batches: list[dict[int, int]] = []
    for n, one in enumerate(found):
        place = next((b for b in batches if one.measure.pk not in b), None)
        if place is None:
            batches.append(place := {})
        place[one.measure.pk] = n
    return [list(batch.values()) for batch in batches]


def stand_in(one: Owed) -> Figure | None:
    """A figure by which the path can be read before there is one: the last value, or the start; None where neither is known."""
    value = one.seen.last.value if one.seen.last else one.seen.previous_total
    if value is None:
        value = next((p.terms.baseline for p in one.seen.promises if p.terms.baseline is not None), None)
    if value is None:
        held = any(p.terms.accrual == Terms.Accrual.HELD for p in one.seen.promises)
        value = next((p.final.value for p in one.seen.promises if p.final.value is not None), None) if held else None
    return None if value is None else Figure(one.duty.period.end, value)


def _explain_returns(found: list[Owed]) -> None:
    """Why each returned report came back. 1 statement."""
    back = {one.report.pk: one for one in found if one.report and one.report.state == State.RETURNED}
    for event in ReportEvent.objects.filter(report__in=back, verb=GIVE_BACK.verb).select_related("by__department").order_by("id"):
        back[event.report_id].returned = event


def _lay_steps(found: list[Owed]) -> None:
    """The steps of tasks. 1 statement."""
    wanted = {p.terms.pk: one for one in found if one.measure.kind == Measure.Kind.STEPS for p in one.seen.promises}
    for step in Step.objects.filter(terms__in=wanted).order_by("terms__item__position", "position"):
        wanted[step.terms_id].steps.append(step)
