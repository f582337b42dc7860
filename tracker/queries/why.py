"""A light explained: the standing as a run kept it, and the sum behind it reckoned anew from what was known then. A fixed number of statements."""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from people.access import Person
from people.departments import as_called
from plans.arithmetic.cases import Judgement
from plans.arithmetic.workings import Working, indicator_workings, task_workings
from plans.models import Amendment, Item, Target, Terms
from tracker import rollup
from tracker.background import rank
from tracker.cases import Case, TaskCase, case_of
from tracker.known import Known, Moment
from tracker.models import ProgressReport, Run, Standing
from tracker.queries.beside import FIELDS, beside
from tracker.queries.item import may_read_reports
from tracker.queries.item_reports import Hand, hands_of
from tracker.queries.looking import Look, look
from tracker.queries.rows import called_then
from tracker.recalling import recall

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sum:
    """The lines of the sum; `agrees`: what they come to is what the standing says."""

    lines: tuple[Working, ...] = ()
    agrees: bool = False


@dataclass(frozen=True)
class ItemWhy:
    """An item's light at a run with all that it rests on. `standing` None: it had no light then. `hands`: () for whom reports are not there to read."""

    item: Item
    look: Look
    standing: Standing | None
    terms: Terms
    target: Target | None
    sum: Sum
    reads: bool
    report: ProgressReport | None = None
    hands: tuple[Hand, ...] = ()
    later: ProgressReport | None = None  # the correction that has replaced the report since
    judged: str = ""  # the supervisor's grade as of the day, whether an objection is open, and whether a 验收标准 is missing
    disputed: bool = False
    uncheckable: bool = False
    states: tuple[ProgressReport, ...] = ()  # the weaker states of the same date, 预计 and 快报, which were accepted before

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.standing.facts if self.standing else {}

    @property
    def amendment(self) -> Amendment:
        return self.terms.amendment


def item_why(person: Person, plan: str, code: str, at: dt.datetime, occasion: str = "") -> ItemWhy | None:
    """None where there is no such item for this person, or no closing of that period. 23 statements at most."""
    item = Item.objects.visible_to(person).select_related("plan", "measure__reporter", "measure__cycle").filter(plan__code=plan, code=code).first()
    seen = look(person, at, occasion) if item else None
    if item is None or seen is None:
        return None
    standing = Standing.objects.of(item.government_id).at(seen.number).filter(item=item).select_related(*_OF_STANDING).first() if seen.run else None
    terms = standing.terms if standing and standing.terms else _terms(item, seen.day)
    if terms is None:
        return None
    if terms.lead is not None:
        terms.lead = as_called(terms.lead, called_then(seen, item.government_id))
    reads, report = may_read_reports(person, item), standing.report if standing else None
    return ItemWhy(
        item, seen, standing, terms, standing.target if standing else None, sum_of(item, standing, seen.run), reads, report,
        tuple(hands_of(report)) if report and reads else (), _corrected_by(report), *_beside(terms, seen.day),
        _weaker(person, report, seen.run) if reads else (),
    )  # fmt: skip


_OF_STANDING = (
    "terms__amendment__proposed_by", "terms__amendment__published_by", "terms__lead", "terms__item", "target__against", "report__period__cycle", "report__author",
    "report__submitted_by", "report__endorsed_by", "report__accepted_by", "report__corrects",
)  # fmt: skip


def _terms(item: Item, day: dt.date) -> Terms | None:
    """The published terms of an item without a light: those in force on the day, else the first."""
    found = list(Terms.objects.published().filter(item=item).select_related("amendment__published_by", "amendment__proposed_by", "lead").order_by("from_on"))
    return next((t for t in reversed(found) if t.from_on <= day), found[0] if found else None)


def _weaker(person: Person, report: ProgressReport | None, run: Run | None) -> tuple[ProgressReport, ...]:
    """What was accepted for the same date in a weaker state by the time of the run. 1 statement."""
    if report is None or run is None:
        return ()
    same = ProgressReport.objects.visible_to(person).current().filter(measure=report.measure_id, cut_off=report.cut_off, accepted_at__lte=run.at)
    return tuple(r for r in same.order_by("accepted_at") if r.value is not None and rank(r.data_state) < rank(report.data_state))


def _beside(terms: Terms, day: dt.date) -> tuple[str, bool, bool]:
    """What stands beside the light on a day. 1 statement."""
    found: tuple[str, bool, bool] = beside(Terms.objects.filter(pk=terms.pk), day).values_list(*FIELDS).get()
    return found


def _corrected_by(report: ProgressReport | None) -> ProgressReport | None:
    """The accepted correction of a report. 1 statement."""
    return report.corrections.accepted().select_related("period__cycle").first() if report else None  # type: ignore[attr-defined]


def sum_of(item: Item, standing: Standing | None, run: Run | None) -> Sum:
    """The sum behind a standing, from what was accepted, in force and due at its run; none where it cannot be judged. 12 statements."""
    if standing is None or run is None or "error" in standing.facts:
        return Sum()
    known = known_at(item, run)
    terms = known.terms_of(known.rows.terms.get(item.pk, []))
    if terms is None:
        return Sum()
    case = case_of(known, terms)
    judgement = case.judge(run.as_of)
    agrees = _says(judgement) == (standing.light, standing.attainment, standing.expected, standing.gap)
    if not agrees:
        log.warning("item %s: the sum of run %s is not what was stored", item.code, run.number)
    return Sum(_lines(case, judgement, run.as_of), agrees)


def known_at(item: Item, run: Run) -> Known:
    """What a run knew of an item's measure; of a closing as it was noted with it."""
    if run.closes:
        return recall(run, [item.measure_id]).known
    return rollup.learn(item.government, Moment(run.as_of, run.at), [item.measure_id])


def _says(judgement: Judgement) -> tuple[Any, ...]:
    return judgement.light, judgement.attainment, judgement.expected, judgement.gap


def _lines(case: Case, judgement: Judgement, day: dt.date) -> tuple[Working, ...]:
    if isinstance(case, TaskCase):
        return task_workings(case.task, case.progress, day, judgement)
    return indicator_workings(case.promise, case.record, day)
