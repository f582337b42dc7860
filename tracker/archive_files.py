"""A closing's inputs and results as csv: what `plans/standalone.py` reads and writes, and what explains it. Pure; docs/archive.md tells the columns."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from people import clock
from plans.arithmetic.cases import LIGHTS
from plans.standalone import RESULTS, table
from tracker.cases import STATES, Case, IndicatorCase, bands_of, case_of, period_asked
from tracker.gathering import ReportRow, TermsRow
from tracker.judging import held_by
from tracker.known import ACCEPTED, Known
from tracker.recalling import CYCLE

Table = tuple[Sequence[str], Sequence[Sequence[Any]]]
Names = Mapping[str, Mapping[int, str]]  # kind of row ('item', 'goal', 'plan', 'measure') → id → its name
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def inputs(known: Known, names: Names) -> dict[str, str]:
    """The csv files of everything that was judged, by name; `names` are told beside the numbers and read by nobody."""
    found = _Files(known, names)
    tables: dict[str, Table] = {
        "plans.csv": found.plans(), "bands.csv": found.bands(), "items.csv": found.items(), "targets.csv": found.targets(), "steps.csv": found.steps(),
        "reports.csv": found.reports(), "against.csv": found.against(), "periods.csv": found.periods(), "nodes.csv": found.nodes(),
        "members.csv": found.members(), "measures.csv": found.measures(), "goals.csv": found.goals(), "departments.csv": found.departments(),
        "cycles.csv": found.cycles(), "calendar.csv": found.calendar(),
    }  # fmt: skip
    return {name: table(heads, rows) for name, (heads, rows) in tables.items()}


def in_order(known: Known) -> list[TermsRow]:
    """The terms in force, by item: places in a list may change, keys do not."""
    return sorted(known.terms(), key=lambda t: t.item_id)


def subjects(known: Known) -> list[str]:
    """What has a line in results.csv, in its order."""
    terms = in_order(known)
    return [*(f"item:{t.item_id}" for t in terms), *(subject for subject, _items, _band in held_by(known, terms))]


def results(stored: Iterable[Mapping[str, Any]], as_of: dt.date) -> str:
    """results.csv of the standings that were stored; an open task is judged on the day itself."""
    return table(RESULTS, [_node(row) if row["item_id"] is None else _item(row, as_of) for row in stored])


def _item(row: Mapping[str, Any], as_of: dt.date) -> Sequence[Any]:
    facts = row["facts"]
    open_task = "steps" in facts and not facts["closed"] and row["judged_at"] is not None
    return (
        row["subject"], row["light"], _six(row["attainment"]), _six(row["expected"]), _six(row["gap"]), row["gap_in"], " ".join(row["marks"]), row["overdue"],
        as_of if open_task else row["judged_at"], facts.get("why", ""), _flag(facts["closed"]), facts.get("value"), facts.get("cut_off"),
        facts.get("expected_value"), *[""] * (len(LIGHTS) + 3),
    )  # fmt: skip


def _node(row: Mapping[str, Any]) -> Sequence[Any]:
    counts = row["counts"]
    return (
        row["subject"], row["light"], _six(row["attainment"]), _six(row["expected"]), _six(row["gap"]), row["gap_in"], "", row["overdue"], "", row["facts"]["why"],
        "", "", "", "", counts["items"], *(counts[light] for light in LIGHTS), counts["coverage"], counts["oldest"],
    )  # fmt: skip


class _Files:
    """The tables, row by row from what was known; every item's case is made once."""

    def __init__(self, known: Known, names: Names) -> None:
        self.known, self.names, self.terms = known, names, in_order(known)
        self.cases = {terms.item_id: _case(known, terms) for terms in self.terms}

    def plans(self) -> Table:
        versions = self.known.versions()
        rows = [
            (key, plan.code, self._name("plan", key), versions.get(plan.code), *period_asked(self.known, key))
            for key, plan in self.known.rows.plans.items()
            if self._has(key)
        ]
        return ("plan", "code", "title", "amendment", "asked_from", "asked_until"), rows

    def bands(self) -> Table:
        kinds = ("share", "points", "node")
        bands = {key: bands_of(self.known, key) for key in self.known.rows.plans if self._has(key)}
        return ("plan", "kind", "green", "yellow"), [(key, kind, getattr(b, kind).green, getattr(b, kind).yellow) for key, b in bands.items() for kind in kinds]

    def items(self) -> Table:
        heads = (
            "item", "plan", "code", "name", "kind", "measure", "lead", "goal", "part_of", "terms", "amendment", "from_on", "first", "last", "accrual", "reading", "average",
            "profile", "shares", "unit", "baseline", "baseline_on", "weight", "binding",
            "asks_criterion", "criterion_on",
        )  # fmt: skip
        return heads, [self._item(terms) for terms in self.terms]

    def _item(self, t: TermsRow) -> Sequence[Any]:
        case = self.cases[t.item_id]
        first, last = _span(case)
        unit = case.promise.unit if isinstance(case, IndicatorCase) else ""
        return (
            f"item:{t.item_id}", t.plan_id, t.code, self._name("item", t.item_id), t.kind, t.measure_id, t.lead_id, t.goal_id, t.part_of, t.id, t.amendment, t.from_on,
            first, last, t.accrual, t.reading, t.average, t.profile, t.shares, _safe(unit), t.baseline, t.baseline_on, t.weight, _flag(bool(t.binding)),
            *_criterion(case),
        )  # fmt: skip

    def targets(self) -> Table:
        heads = ("item", "target", "role", "due", "comparator", "value", "value_high", "tolerance", "offset", "better", "unit", "against")
        return heads, [
            (f"item:{item}", t.id, t.role, t.due_on, t.comparator, t.value, t.value_high, t.tolerance, t.offset, t.better, _safe(t.unit), t.against_id)
            for item, case in self._made() for t in case.targets
        ]  # fmt: skip

    def steps(self) -> Table:
        rows = [
            (f"item:{item}", _safe(step.name), step.stage, step.due_on, step.weight, done)
            for item, case in self._made() if not isinstance(case, IndicatorCase) for step, done in zip(case.steps, case.progress.done, strict=False)
        ]  # fmt: skip
        return ("item", "name", "stage", "due", "weight", "done"), rows

    def reports(self) -> Table:
        heads = (
            "measure", "report", "period", "state", "answer", "data_state", "value", "benchmark", "cut_off", "until_on", "corrects", "submitted_at", "accepted_at", "accepted_on",
            "current", "counts",
        )  # fmt: skip
        read = {t.measure_id for t in self.terms} | {t.against_id for _item, case in self._made() for t in case.targets if t.against_id}
        return heads, [row for measure in sorted(read) for row in self._of_measure(measure)]

    def _of_measure(self, measure: int) -> Iterator[Sequence[Any]]:
        """The current reports in the order in which they count, then those that are corrected, under review, or without a figure."""
        known = self.known
        counts = {value.report_id: value for value in known.values(measure)}
        current = known.accepted(measure)
        keys = {r.id for r in current}
        for report in [*current, *(r for r in known.rows.reports.get(measure, []) if r.id not in keys)]:
            yield self._report(report, report.id in keys, counts[report.id].value if report.id in counts else None)

    def _report(self, r: ReportRow, current: bool, counts: Decimal | None) -> Sequence[Any]:
        known = self.known
        accepted = r.accepted_at if r.state == ACCEPTED and r.accepted_at and r.accepted_at <= known.moment.at else None
        on = accepted and clock.day_of(accepted, known.rows.zone)
        state = STATES.get(r.data_state, r.data_state)
        return (
            r.measure_id, r.id, r.period_id, "accepted" if accepted else "waiting", r.answer, state, r.value, r.benchmark, r.cut_off, r.until_on, r.corrects_id,
            instant(r.submitted_at), instant(accepted), on, _flag(current), counts,
        )  # fmt: skip

    def against(self) -> Table:
        pairs = [(item, case.record.against) for item, case in self._made() if isinstance(case, IndicatorCase)]
        return ("item", "cut_off", "value"), [(f"item:{item}", day, value) for item, against in pairs for day, value in against]

    def periods(self) -> Table:
        awaited = [(item, (case.record if isinstance(case, IndicatorCase) else case.progress).periods) for item, case in self._made()]
        rows = [(f"item:{item}", p.end, p.due, p.out, _flag(bool(p.submitted))) for item, periods in awaited for p in periods]
        return ("item", "end", "due", "out", "submitted"), rows

    def nodes(self) -> Table:
        rows = [(subject, self._title(subject), band.green, band.yellow) for subject, _items, band in held_by(self.known, self.terms)]
        return ("subject", "title", "green", "yellow"), rows

    def members(self) -> Table:
        return ("node", "item"), [(subject, f"item:{t.item_id}") for subject, items, _band in held_by(self.known, self.terms) for t in items]

    def measures(self) -> Table:
        read = {t.measure_id for t in self.terms}
        rows = [
            (m.id, m.code, self._name("measure", m.id), _safe(m.unit), m.kind, m.cycle_id, m.release_lag, m.reporter_kind)
            for m in self.known.rows.measures.values()
        ]
        return ("measure", "code", "name", "unit", "kind", "cycle", "release_lag", "reporter_kind"), sorted(row for row in rows if row[0] in read)

    def goals(self) -> Table:
        return ("goal", "plan", "path", "title"), [
            (g.id, g.plan_id, g.path, self._name("goal", g.id)) for g in self.known.rows.goals.values() if self._has(g.plan_id)
        ]

    def departments(self) -> Table:
        return ("department", "name"), [(d.id, _safe(d.name)) for d in self.known.rows.departments.values()]

    def cycles(self) -> Table:
        return CYCLE, [[getattr(cycle, name) for name in CYCLE] for cycle in sorted(self.known.rows.cycles.values(), key=lambda c: c.pk)]

    def calendar(self) -> Table:
        """The days that are not what their weekday says."""
        days = [(day, 0) for day in self.known.calendar.off] + [(day, 1) for day in self.known.calendar.worked]
        return ("day", "works"), sorted(days)

    def _made(self) -> Iterator[tuple[int, Case]]:
        return ((item, case) for item, case in self.cases.items() if case is not None)

    def _has(self, plan: int) -> bool:
        return any(t.plan_id == plan for t in self.terms)

    def _name(self, kind: str, key: int) -> str:
        return _safe(self.names[kind].get(key, ""))

    def _title(self, subject: str) -> str:
        kind, _colon, key = subject.partition(":")
        if kind == "department":
            return _safe(self.known.rows.departments[int(key)].name)
        return "" if kind == "government" else self._name(kind, int(key))


def _criterion(case: Case | None) -> Sequence[Any]:
    """Whether a task must have a 验收标准 to be done, and the day on which one was accepted."""
    if case is None or isinstance(case, IndicatorCase):
        return "", ""
    return _flag(case.task.asks_acceptance), case.progress.accepted


def _case(known: Known, terms: TermsRow) -> Case | None:
    """None for terms that cannot be judged: they stand grey."""
    try:
        return case_of(known, terms)
    except Exception:  # noqa: BLE001  as judging does
        return None


def _span(case: Case | None) -> tuple[dt.date | None, dt.date | None]:
    if case is None:
        return None, None
    return (case.promise.first, case.promise.last) if isinstance(case, IndicatorCase) else (case.task.first, case.task.due)


def _six(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:.6f}"


def instant(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat() if at else None


def _flag(holds: bool) -> str:
    return "1" if holds else ""


def _safe(text: str) -> str:
    """A name on one line; what a spreadsheet would take for a formula stands behind an apostrophe."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA) else line
