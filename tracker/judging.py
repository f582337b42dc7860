"""What a roll-up finds: every item in force judged, and the nodes above them added up. Pure: rows in, standings out."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plans.arithmetic.cases import Band, Bands, Basis, Judgement, Language
from plans.arithmetic.reasons import explain, explain_total, show
from plans.arithmetic.totals import Counted, Total, add_up
from plans.models import Target
from tracker.cases import DATA_STATES, Case, TaskCase, bands_of, case_of, period_asked
from tracker.gathering import Rows, TargetRow, TermsRow
from tracker.known import Known

log = logging.getLogger(__name__)

DAY = dt.timedelta(days=1)
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DERIVED = ("reason_zh", "reason_en")  # told from the other facts and the day judged
LONGEST_SUM = 20  # items; a longer sum is no line that anybody follows


@dataclass(frozen=True)
class Judged:
    """What one standing says, in the columns of `Standing`."""

    subject: str
    light: str
    item_id: int | None = None
    terms_id: int | None = None
    report_id: int | None = None
    target_id: int | None = None
    attainment: Decimal | None = None
    expected: Decimal | None = None
    gap: Decimal | None = None
    gap_in: str = "share"
    marks: list[str] = field(default_factory=list)
    overdue: int = 0
    judged_at: dt.date | None = None
    counts: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    wake_on: dt.date | None = None

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def says_the_same_as(self, row: Mapping[str, Any]) -> bool:
        """Whether a stored standing's columns say the same. An open task is judged every day anew: the day alone is no news."""
        return all(self.told(name, getattr(self, name)) == self.told(name, row[name]) for name in self.__dataclass_fields__ if name != "wake_on")

    def told(self, name: str, value: Any) -> Any:
        """A column without what is no news: the words that follow from the rest, the day of an open task."""
        if name == "facts":
            return {key: told for key, told in value.items() if key not in DERIVED}
        if name == "judged_at" and "steps" in self.facts and not self.facts["closed"]:
            return None
        return value


@dataclass(frozen=True)
class ItemJudged:
    """An item's case, its judgement, what is stored of it, and how the nodes count it."""

    terms: TermsRow
    judged: Judged
    counted: Counted
    oldest: dt.date | None  # cut-off of the value that is judged, while the item is open


def judge(known: Known) -> list[Judged]:
    """Every standing of a government at a moment: items, goals, plans, departments, the government."""
    items = [judge_item(known, terms) for terms in known.terms()]
    return [*(item.judged for item in items), *_nodes(known, items)]


def judge_item(known: Known, terms: TermsRow, *, counts: bool = True, languages: Sequence[Language] = LANGUAGES) -> ItemJudged:
    """One item; without `counts` not as nodes count it, and its reason in these languages alone. Terms that cannot be judged are set aside as grey, with the error among the facts: one bad row stops no line."""
    try:
        case = case_of(known, terms)
        judgement = case.judge(known.moment.day)
        alone = Counted(judgement, terms.weight, bool(terms.binding))
        counted = case.count(judgement, known.moment.day, period_asked(known, terms.plan_id)) if counts else alone
        judged = _judged(known, case, judgement, languages)
    except Exception as error:
        log.exception("item %s of plan %s cannot be judged", terms.code, known.rows.plans[terms.plan_id].code)
        judgement = Judgement("grey", (), Basis("none", "no_value"))
        facts = {"error": f"{type(error).__name__}: {error}", "closed": False, "silent": 0, "forecast": None}
        judged = Judged(f"item:{terms.item_id}", "grey", terms.item_id, terms.id, facts=facts)
        counted = Counted(judgement, terms.weight, bool(terms.binding))
    oldest = None if judgement.closed or judgement.owes_none else judgement.basis.value_day
    return ItemJudged(terms, judged, counted, oldest)


def _judged(known: Known, case: Case, judgement: Judgement, languages: Sequence[Language]) -> Judged:
    terms, target = case.terms, case.governing(judgement)
    return Judged(
        subject=f"item:{terms.item_id}",
        light=judgement.light,
        item_id=terms.item_id,
        terms_id=terms.id,
        report_id=_report(known, case, judgement),
        target_id=target.id,
        attainment=judgement.attainment,
        expected=judgement.expected,
        gap=judgement.gap,
        gap_in=judgement.gap_in,
        marks=list(judgement.marks),
        overdue=judgement.overdue,
        judged_at=judgement.judged_at,
        facts=_facts(case, judgement, target, languages),
        wake_on=_wake_on(known, case, judgement),
    )


def _report(known: Known, case: Case, judgement: Judgement) -> int | None:
    """The report whose value is judged; of a task the last accepted one."""
    if isinstance(case, TaskCase):
        reports = [r for r in known.accepted(case.terms.measure_id) if r.cut_off >= (case.task.first or r.cut_off)]
        return reports[-1].id if reports else None
    basis, start = judgement.basis, case.promise.start
    if basis.value_day is None:
        return None
    same_day = [v for v in known.values(case.terms.measure_id) if max(v.cut_off, start) == basis.value_day and Fraction(v.value) == basis.measured]
    return same_day[-1].report_id if same_day else None


def _wake_on(known: Known, case: Case, judgement: Judgement) -> dt.date | None:
    """The next day on which the standing can change without a new figure; overdue days are counted daily."""
    tomorrow = known.moment.day + DAY
    days = [judgement.wake_on, tomorrow if judgement.overdue else None]
    days += [t.from_on for t in known.rows.terms[case.terms.item_id] if t.from_on > known.moment.day]
    return min((day for day in days if day is not None), default=None)


def _facts(case: Case, judgement: Judgement, target: TargetRow, languages: Sequence[Language]) -> dict[str, Any]:
    """What explains the light, as plain strings; numbers in the units of the target."""
    basis = judgement.basis
    facts: dict[str, Any] = {
        "comparator": basis.comparator or target.comparator,
        "target": _text(basis.target if basis.target is not None else target.value),
        "target_high": _text(target.value_high),
        "due": target.due_on.isoformat(),
        "unit": target.unit,
        "bands": {"kind": judgement.gap_in, "green": show(basis.band.green), "yellow": show(basis.band.yellow)} if basis.band else None,
        "closed": judgement.closed,
        "owes_none": judgement.owes_none,
        "silent": basis.silent,
        "overdue_since": _day(judgement.overdue_since),
        "why": basis.why,
        "forecast": _forecast(judgement),
        **{f"reason_{language}": explain(judgement, language) for language in languages},
    }
    return facts | (_of_steps(case) if isinstance(case, TaskCase) else _of_value(case.terms, case.targets, basis, target))


def _of_value(terms: TermsRow, targets: Iterable[TargetRow], basis: Basis, target: TargetRow) -> dict[str, Any]:
    relative = basis.comparator == Target.Comparator.RELATIVE and basis.target is not None and basis.value is not None
    return {
        "value": _text(basis.value),
        "measured": _text(basis.measured),
        "base": _text(basis.base),
        "value_state": DATA_STATES[basis.state] if basis.state else None,
        "cut_off": _day(basis.value_day),
        "benchmark": _text(basis.target - Fraction(target.offset)) if relative and basis.target is not None else None,
        "start": _text(basis.start),
        "start_on": _day(basis.start_day),
        "expected_value": _text(basis.expected_value),
        "assumed_path": stands_on_assumed_path(terms, targets, basis),
    }


def stands_on_assumed_path(terms: TermsRow, targets: Iterable[TargetRow], basis: Basis) -> bool:
    """Whether what was expected was reckoned month by month, by a path that nobody approved."""
    approved = terms.path_approved or any(t.role == Target.RoleInPath.INTERIM and t.origin != Target.Origin.ASSUMED for t in targets)
    return basis.interpolated and basis.profile == "linear" and not approved


def _of_steps(case: TaskCase) -> dict[str, Any]:
    steps = list(zip(case.steps, case.progress.done, strict=False))
    asked = {"criterion": _day(case.progress.accepted)} if case.task.asks_acceptance else {}
    return asked | {"steps": [{"name": step.name, "due": step.due_on.isoformat(), "weight": show(step.weight), "done": _day(done)} for step, done in steps]}


def _forecast(judgement: Judgement) -> dict[str, Any] | None:
    if judgement.forecast is None:
        return None
    ahead = judgement.forecast
    return {"value": _text(ahead.value), "low": _text(ahead.low), "high": _text(ahead.high), "miss": ahead.miss}


def held_by(known: Known, terms: Iterable[TermsRow]) -> Iterator[tuple[str, list[TermsRow], Band]]:
    """The nodes that hold items, with these and their band: each goal with what is below it, each plan, each department with what it
    leads, and the government.

    A part of an item that is shared out counts for the department that leads it; above, the whole stands for its parts.
    """
    rows, terms = known.rows, list(terms)
    groups: dict[str, list[TermsRow]] = defaultdict(list)
    above = _goals_above(rows)
    for one in terms:
        groups[f"department:{one.lead_id}"].append(one)
        if one.part_of is not None:
            continue
        for goal in above.get(one.goal_id, ()):
            groups[f"goal:{goal}"].append(one)
        groups[f"plan:{one.plan_id}"].append(one)
    bands = {plan: bands_of(known, plan).node for plan in rows.plans}
    for kind, keys in (("goal", rows.goals), ("plan", rows.plans), ("department", rows.departments)):
        for key in keys:
            if held := groups.get(f"{kind}:{key}"):
                yield f"{kind}:{key}", held, Bands().node if kind == "department" else bands[held[0].plan_id]
    yield f"government:{rows.government}", [one for one in terms if one.part_of is None], Bands().node


def _nodes(known: Known, items: list[ItemJudged]) -> Iterator[Judged]:
    by_item = {item.terms.item_id: item for item in items}
    for subject, held, band in held_by(known, [item.terms for item in items]):
        wake_on = _next_change(known) if subject.startswith("government:") else None
        yield _node(subject, [by_item[one.item_id] for one in held], band, wake_on)


def _goals_above(rows: Rows) -> dict[int, list[int]]:
    """For each goal the goals whose path its own path begins with, itself among them."""
    by_path = {(goal.plan_id, goal.path): goal.id for goal in rows.goals.values()}
    found = {}
    for goal in rows.goals.values():
        parts = goal.path.rstrip("/").split("/")
        paths = ["/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]
        found[goal.id] = [by_path[goal.plan_id, path] for path in paths if (goal.plan_id, path) in by_path]
    return found


def _node(subject: str, items: list[ItemJudged], band: Band, wake_on: dt.date | None = None) -> Judged:
    total = add_up([item.counted for item in items], band)
    oldest = min((item.oldest for item in items if item.oldest), default=None)
    counts: dict[str, Any] = {
        "items": len(items),
        **{str(light): n for light, n in total.counts.items()},
        "overdue": total.overdue,
        "coverage": _share(total.coverage),
        "oldest": _day(oldest),
    }
    return Judged(
        subject=subject, light=total.light, attainment=total.attainment, expected=total.expected, gap=total.gap, overdue=total.overdue,
        counts=counts, facts=_why(total, band), wake_on=wake_on,
    )  # fmt: skip


def _why(total: Total, band: Band) -> dict[str, Any]:
    facts: dict[str, Any] = {"why": total.why, "bands": {"kind": "node", "green": show(band.green), "yellow": show(band.yellow)}}
    if len(total.terms) > LONGEST_SUM:
        return facts
    return facts | {"reason_zh": explain_total(total, "zh"), "reason_en": explain_total(total, "en")}


def _next_change(known: Known) -> dt.date | None:
    """The next day on which published terms or bands begin."""
    begin = [t.from_on for versions in known.rows.terms.values() for t in versions] + [a.from_on for group in known.rows.amendments.values() for a in group]
    return min((day for day in begin if day > known.moment.day), default=None)


def _text(number: Fraction | Decimal | None) -> str | None:
    return None if number is None else show(number)


def _share(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
