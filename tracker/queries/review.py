"""审核: what waits for a reviewer or a supervisor, what is unusual about it, and what became of the rest."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from people import clock
from people.access import Person
from people.models import Role
from people.prepared import Prepared
from tracker import formats
from tracker.background import rank
from tracker.frame import counted
from tracker.models import ProgressReport, ReportEvent
from tracker.models.standings import LAGGING, Light
from tracker.queries.owed import Owed, duties_of, owed
from tracker.queries.promised import Promised
from tracker.reviewing import awaiting_supervisor
from tracker.turns import MAKING

State = ProgressReport.State
Answer = ProgressReport.Answer
TABS = ("waiting", "returned", "corrections", "passed")
CHIPS = ("look", "turned", "state")
PER_PAGE = 100
LONGEST = 200  # reports that a tab looks through for the counts of its chips; of a longer one only the page's are looked through


@dataclass
class Case:
    """A report under review: what it would turn, and what about it asks for a second look."""

    row: Owed
    report: ProgressReport
    flags: list[str] = field(default_factory=list)
    turned: bool = False
    restated: bool = False

    @property
    def pk(self) -> int:
        return self.report.pk

    @property
    def main(self) -> Promised | None:
        """The promise whose light stands in the list: the one that lags most with this report."""
        return self.row.worst or (self.row.promised[0] if self.row.promised else None)

    @property
    def change(self) -> Decimal | None:
        """This value less the last; None where either is missing, or the answer is no figure."""
        last, report = self.row.seen.last, self.report
        if report.answer != Answer.VALUE or report.value is None or last is None or last.value is None:
            return None
        return report.value - last.value

    @property
    def value(self) -> str:
        if self.report.answer != Answer.VALUE:
            return str(self.report.get_answer_display())
        if self.row.steps:
            return _("%(n)d 个节点") % {"n": len(self.report.steps_done.all())}
        return formats.number(self.report.value)

    @property
    def is_plain(self) -> bool:
        """无异常: nothing asks for a second look."""
        return not self.flags


@dataclass
class Queue:
    """One tab. `cases` are those of the page, `total` all that the filter finds; `chips` counts those of what waits, {} where the tab is too long."""

    tab: str
    chip: str
    cases: list[Case]
    tabs: dict[str, int]
    chips: dict[str, int]
    oldest: dt.datetime | None
    accepts: bool
    total: int = 0
    page: int = 1
    pages: int = 1

    @property
    def before(self) -> int:
        """How many stand on the pages before."""
        return (self.page - 1) * PER_PAGE

    def place(self, report: int) -> int:
        """The position of a report on the page, from 1; 0 where it is not on it."""
        return next((n for n, case in enumerate(self.cases, 1) if case.pk == report), 0)

    def after(self, report: int) -> Case | None:
        """The case after a report, else the one before it."""
        at = self.place(report)
        rest = [*self.cases[at:], *reversed(self.cases[: max(at - 1, 0)])]
        return rest[0] if rest else None


@dataclass
class Detail:
    """One report beside the last value, with its story."""

    case: Case
    old: ProgressReport | None
    story: list[ReportEvent]
    waits: bool
    made_by_reader: bool

    @property
    def doubts(self) -> list[str]:
        return [p.message for p in self.case.row.doubts]


def queue(person: Person, at: dt.datetime, tab: str = "", chip: str = "", page: int = 1, *, whole: bool = False) -> Queue:
    """A page of a tab in the official order of departments, or the whole tab. 30 statements at most."""
    tab, chip = tab if tab in TABS else TABS[0], chip if chip in CHIPS else ""
    day = clock.day_of(at, person.user.government.zone)
    tabs = {name: _tab(person, name, day).count() for name in TABS}
    asked = _tab(person, tab, day)
    ordered = asked.order_by("duty__department__position", "duty__department", "measure__code", "number", "pk")
    oldest = asked.aggregate(since=Min(Coalesce("endorsed_at", "submitted_at")))["since"] if tabs[tab] else None
    accepts = person.has(Role.SUPERVISOR)
    if tabs[tab] > LONGEST and not chip and not whole:
        page, pages = _within(page, tabs[tab])
        cases = _cases(list(ordered[(page - 1) * PER_PAGE : page * PER_PAGE]), person, at)
        return Queue(tab, chip, cases, tabs, {}, oldest, accepts, tabs[tab], page, pages)
    cases = _cases(list(ordered), person, at)
    chips = {name: sum(1 for case in cases if _in_chip(case, name)) for name in CHIPS}
    shown = [case for case in cases if not chip or _in_chip(case, chip)]
    page, pages = (1, 1) if whole else _within(page, len(shown))
    return Queue(tab, chip, shown if whole else shown[(page - 1) * PER_PAGE : page * PER_PAGE], tabs, chips, oldest, accepts, len(shown), page, pages)


def _within(page: int, total: int) -> tuple[int, int]:
    """The nearest page that there is, and how many there are."""
    pages = max(-(-total // PER_PAGE), 1)
    return min(max(page, 1), pages), pages


def detail(person: Person, report: int, at: dt.datetime, cases: Iterable[Case] = ()) -> Detail | None:
    """One report that the person may read and that was handed in; None else. `cases`: those that the page has already. 26 statements at most."""
    found = ProgressReport.objects.visible_to(person).exclude(state__in=[State.DRAFT, State.WITHDRAWN]).filter(pk=report).first()
    if found is None:
        return None
    case = next((case for case in cases if case.pk == report), None) or _cases([found], person, at)[0]
    events = list(ReportEvent.objects.filter(report=found).select_related("by").order_by("id"))
    day = clock.day_of(at, person.user.government.zone)
    makers = {e.by_id for e in events if e.verb in MAKING} | {found.author_id, found.edited_by_id, found.submitted_by_id}
    old = case.report.corrects or case.row.seen.accepted_value or case.row.seen.last
    return Detail(
        case, old if old and old.pk != found.pk else case.row.seen.last, events, _waiting(person, day).filter(pk=report).exists(), person.id in makers
    )


def chosen(person: Person, versions: dict[int, int]) -> list[ProgressReport]:
    """The reports of these ids that the person may read, each in the version that the page showed. 1 statement."""
    found = list(
        ProgressReport.objects.visible_to(person).filter(pk__in=versions).select_related("duty").order_by("duty__department__position", "measure__code")
    )
    for report in found:
        report.version = versions[report.pk]
    return found


def endorses(person: Person, report: ProgressReport) -> bool:
    """Whether this person passes a report on by endorsing it, rather than by accepting it."""
    return person.has(Role.REVIEWER) and report.duty.department_id == person.department_id and report.state == State.SUBMITTED


def moved_words(report: ProgressReport) -> str:
    """What became of a report that somebody else was quicker with: 已由督查甲核定. 1 statement."""
    last = ReportEvent.objects.filter(report=report).exclude(from_state="").select_related("by").order_by("-id").first()
    words = {
        State.ACCEPTED: _("已由%(who)s核定。"),
        State.ENDORSED: _("已由%(who)s审核通过。"),
        State.RETURNED: _("已由%(who)s退回。"),
        State.WITHDRAWN: _("%(who)s已撤回。"),
        State.DRAFT: _("%(who)s正在修改。"),
    }.get(State(report.state), _("%(who)s改动过，请看新的内容。"))
    return words % {"who": last.by.name if last else ""}


def _tab(person: Person, tab: str, day: dt.date) -> QuerySet[ProgressReport]:
    if tab == "returned":
        return _mine(person).filter(state=State.RETURNED)
    if tab == "corrections":
        return _waiting(person, day).filter(corrects__isnull=False)
    if tab == "passed":
        done = {"accepted_by": person.user} if person.has(Role.SUPERVISOR) else {"endorsed_by": person.user}
        return _mine(person).filter(period__locked_at__isnull=True, **done)
    return _waiting(person, day)


def _mine(person: Person) -> QuerySet[ProgressReport]:
    """Of what a person may read what is his to review: all departments for a supervisor, his own for a reviewer."""
    reports = ProgressReport.objects.visible_to(person)
    return reports if person.has(Role.SUPERVISOR) else reports.filter(duty__department=person.department_id)


def _waiting(person: Person, day: dt.date) -> QuerySet[ProgressReport]:
    """What waits for this person: submitted in the own department, endorsed anywhere for a supervisor."""
    reports = ProgressReport.objects.visible_to(person)
    own = reports.filter(state=State.SUBMITTED, duty__department=person.department_id) if person.has(Role.REVIEWER) else reports.none()
    return own | awaiting_supervisor(reports, day) if person.has(Role.SUPERVISOR) else own


def _cases(reports: list[ProgressReport], person: Person, at: dt.datetime) -> list[Case]:
    """The reports with what they are seen against, of each duty the latest. 23 statements."""
    wanted = {r.duty_id: r.pk for r in reports}
    duties = {d.pk: d for d in duties_of(person).filter(pk__in=wanted)}
    rows = owed((duties[key] for key in wanted if key in duties), at, only=list(wanted.values()))
    return [_case(row, row.report) for row in rows if row.report]


def _case(row: Owed, report: ProgressReport) -> Case:
    case = Case(row, report)
    case.turned = any(p.turns for p in row.promised)
    accepted = row.seen.accepted_value
    case.restated = bool(accepted and rank(accepted.data_state) != rank(report.data_state))
    case.flags = list(_flags(case))
    return case


def _flags(case: Case) -> Iterable[str]:
    """What asks for a second look, in words."""
    row, report = case.row, case.report
    if report.corrects_id:
        yield _("更正单")
    yield from (_light_words(p.then.light if p.then else "") for p in row.promised if p.worsens)
    if row.falls:
        yield _("累计数比上次少")
    yield from _doubts(case)
    if report.answer in (Answer.NOT_OUT, Answer.CANNOT):
        yield str(report.get_answer_display())
    elif report.answer == Answer.NO_CHANGE and any(p.then and p.then.light in LAGGING for p in row.promised):
        yield _("偏慢或滞后而无变化")
    if report.answer == Answer.VALUE and report.value is not None and any(report.value in _due(p) for p in row.promised):
        yield _("恰好等于序时应达")
    if case.restated and row.seen.accepted_value:
        words = {"old": row.seen.accepted_value.get_data_state_display(), "new": report.get_data_state_display()}
        yield _("由%(old)s数改为%(new)s数") % words


def _doubts(case: Case) -> Iterable[str]:
    """What was unlikely when the report was sent, in the reader's words where it still is, each with why the sender stands by it."""
    now = {p.code: p.message for p in case.row.doubts}
    stood_by = case.report.doubts
    for code in dict.fromkeys((*stood_by, *now)):
        told = stood_by.get(code, {})
        why = told.get("why") or _("未说明")
        yield _("%(doubt)s填报人：%(why)s") % {"doubt": now.get(code) or told.get("said", ""), "why": why}


def _due(promise: Promised) -> set[Decimal]:
    """The value that would be suspiciously round: just what is expected by now."""
    shown = promise.then
    if shown is None or shown.light == Light.NOT_DUE or shown.facts.get("expected_value") is None:
        return set()
    return {Decimal(shown.facts["expected_value"]) + Decimal(shown.facts.get("base") or 0) * (promise.terms.reading == "increase")}


def _light_words(light: str) -> str:
    return {"red": _("转为滞后"), "yellow": _("转为偏慢")}.get(light, str(Light(light).label) if light else "")


def _in_chip(case: Case, chip: str) -> bool:
    return {"look": not case.is_plain, "turned": case.turned, "state": case.restated}[chip]


@counted("review")
def waiting(person: Person, at: dt.datetime) -> int:
    """What waits for this person's review. 1 statement, which every page of theirs sends."""
    counted_for = _count_for(person.roles & {Role.REVIEWER, Role.SUPERVISOR}, person.reads_all)
    found = counted_for(person.government_id, person.department_id, clock.day_of(at, person.user.government.zone)) if counted_for else []
    return sum(found)


@lru_cache(maxsize=16)
def _count_for(roles: frozenset[Role], reads_all: bool) -> Prepared | None:
    """How many reports wait for a person of these roles, by government, department and day."""
    if not roles:
        return None

    def build(government: int, department: int, day: dt.date) -> QuerySet[Any]:
        user: Any = SimpleNamespace(pk=None, government_id=government, department_id=department)
        reader = Person(user, roles | {Role.AUDITOR} if reads_all else roles)  # the auditor's role reads all and reviews nothing
        return _waiting(reader, day).order_by().values("government").annotate(n=Count("pk")).values_list("n", flat=True)

    return Prepared(build, -103, -104, dt.date(1, 2, 3))
