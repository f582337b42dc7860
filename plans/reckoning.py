"""Cases as JSON objects, judged by the arithmetic: the contract of `manage.py reckon` (docs/arithmetic.md)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from .arithmetic.cases import (
    STATES,
    Accrual,
    Average,
    Band,
    Bands,
    Baseline,
    Better,
    Comparator,
    Judgement,
    Period,
    Profile,
    Promise,
    Reads,
    Record,
    Target,
    Value,
)
from .arithmetic.lights import judge
from .arithmetic.reasons import explain, explain_total
from .arithmetic.tasks import Progress, Step, Task, judge_task
from .arithmetic.totals import Counted, Total, add_up, count_indicator, count_task
from .fields import (
    Fields,
    Malformed,
    day,
    day_or_flag,
    flag,
    items,
    not_negative,
    number,
    one_of,
    span,
    text,
)

INHERITED = ("as_of", "span", "periods")
DEEPEST = 20
WHOLE_WAY = Decimal(100)


@dataclass(frozen=True)
class Indicator:
    """An indicator's case."""

    promise: Promise
    record: Record

    def judge(self, on: date) -> Judgement:
        """The judgement on a day."""
        return judge(self.promise, self.record, on)

    def count(self, on: date, period: tuple[date, date] | None, weight: Decimal, binding: bool) -> Counted:
        """The indicator as a node counts it on a day."""
        return count_indicator(self.promise, self.record, self.judge(on), on, period, weight, binding)


@dataclass(frozen=True)
class Work:
    """A task's case."""

    task: Task
    progress: Progress

    def judge(self, on: date) -> Judgement:
        """The judgement on a day."""
        return judge_task(self.task, self.progress, on)

    def count(self, on: date, period: tuple[date, date] | None, weight: Decimal, binding: bool) -> Counted:
        """The task as a node counts it on a day."""
        return count_task(self.task, self.progress, self.judge(on), on, period, weight, binding)


@dataclass(frozen=True)
class Member:
    """An item of a node: its case, its own day of judging, its weight, and whether it is binding."""

    case: Indicator | Work
    as_of: date
    weight: Decimal
    binding: bool


@dataclass(frozen=True)
class Node:
    """A node's case: its items and those of the nodes among them, withdrawn ones left out."""

    members: tuple[Member, ...]
    band: Band
    period: tuple[date, date] | None

    def add_up(self, on: date | None = None) -> Total:
        """The total on a day; None: each item on its own."""
        return add_up([one.case.count(on or one.as_of, self.period, one.weight, one.binding) for one in self.members], self.band)


def load(source: str) -> list[Any]:
    """The cases of a file's text; Malformed where it is not {"cases": […]}."""
    try:
        given = json.loads(source, parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        raise Malformed(f"not JSON: {problem}") from problem
    if not isinstance(given, dict) or not isinstance(given.get("cases"), list):
        raise Malformed('must be an object {"cases": [ … ]}')
    return given["cases"]


def reckon(cases: Sequence[Any]) -> dict[str, list[dict[str, Any]]]:
    """Judge the cases; the results are in the same order, a bad case as {"id", "error"}."""
    return {"results": [result_of(case) for case in cases]}


def result_of(case: Any) -> dict[str, Any]:
    """The result of one case, ready for JSON."""
    name = case.get("id") if isinstance(case, dict) else None
    name = str(name) if isinstance(name, Decimal) else name
    try:
        return {"id": name, **_judged(Fields.of(case, ""))}
    except (Malformed, ArithmeticError, RecursionError) as problem:
        return {"id": name, "error": str(problem) or type(problem).__name__}


def _judged(fields: Fields) -> dict[str, Any]:
    as_of, closing = fields.need("as_of", day), fields.get("closing", day)
    if _kind(fields) == "node":
        node = read_node(fields)
        result = show_total(node.add_up(), as_of)
        light = node.add_up(closing).light if closing else None
    else:
        case = read_item(fields)
        judgement = case.judge(as_of)
        result = show_judgement(judgement, is_indicator=isinstance(case, Indicator))
        light = case.judge(closing).light if closing else None
    return {**result, "closing_light": light} if closing else result


def _kind(fields: Fields) -> str:
    return fields.get("kind", one_of("indicator", "task", "node"), "indicator")


def read_item(fields: Fields) -> Indicator | Work:
    """An indicator's or task's case; Malformed where a field is wrong."""
    if _kind(fields) == "task":
        return Work(*_read_task(fields))
    return Indicator(_read_promise(fields), _read_record(fields))


def read_node(fields: Fields, depth: int = 0) -> Node:
    """A node's case; its items inherit day, span, bands and periods, and nodes among them add theirs."""
    if depth > DEEPEST:
        raise Malformed(f"{fields.place}: nested too deeply")
    members: list[Member] = []
    for given in fields.each("items"):
        item = _inherit(fields, given)
        weight = item.get("weight", not_negative, Decimal(1))
        binding = item.get("binding", flag, False)
        if item.get("withdrawn", flag, False):
            continue
        if _kind(item) == "node":
            members += read_node(item, depth + 1).members
        else:
            members.append(Member(read_item(item), item.need("as_of", day), weight, binding))
    return Node(tuple(members), read_bands(fields).node, fields.get("period", span))


def _inherit(node: Fields, item: Fields) -> Fields:
    given = {name: value for name, value in item.given.items() if value is not None}
    handed = {name: node.given[name] for name in INHERITED if node.has(name)}
    bands = {**node.part("bands").given}
    for kind, band in item.part("bands").given.items():
        if isinstance(band, dict) and isinstance(bands.get(kind), dict):
            band = {**bands[kind], **{name: limit for name, limit in band.items() if limit is not None}}
        if band is not None:
            bands[kind] = band
    return Fields({**handed, **given, "bands": bands}, item.place)


def read_bands(fields: Fields) -> Bands:
    """The bands of a case, the default ones where none are given."""
    bands, usual = fields.part("bands"), Bands()
    return Bands(*(_read_band(bands.part(kind), getattr(usual, kind)) for kind in ("share", "points", "node")))


def _read_band(fields: Fields, usual: Band) -> Band:
    band = Band(fields.get("green", number, usual.green), fields.get("yellow", number, usual.yellow))
    if band.yellow > band.green:
        raise Malformed(f"{fields.place}: yellow {band.yellow} must not be above green {band.green}")
    return band


def _read_promise(fields: Fields) -> Promise:
    first, last = fields.need("span", span)
    reading: Reads = fields.get("reading", one_of(*get_args(Reads)), "value")
    accruals = one_of(*get_args(Accrual))
    accrual: Accrual = fields.get("accrual", accruals, "held") if reading == "growth" else fields.need("accrual", accruals)
    profile: Profile = fields.get("profile", one_of(*get_args(Profile)), "linear")
    return Promise(
        first,
        last,
        accrual,
        _read_targets(fields, first, last),
        _read_baseline(fields, reading),
        reading,
        fields.get("average", one_of(*get_args(Average))),
        profile,
        fields.need("shares", _shares) if profile == "shares" else (),
        fields.get("unit", text, ""),
        read_bands(fields),
    )


def _read_baseline(fields: Fields, reading: str) -> Baseline | None:
    if not fields.has("baseline"):
        return None
    baseline = fields.part("baseline")
    value = baseline.need("value", number)
    if reading == "growth" and value == 0:
        raise Malformed(f"{baseline.named('value')}: nothing grows from 0")
    return Baseline(value, baseline.get("date", day))


def _shares(given: Any, place: str) -> tuple[Decimal, ...]:
    parts = given.split("/") if isinstance(given, str) else given
    shares = tuple(number(one, where) for one, where in items(parts, place))
    if not shares or shares[-1] != WHOLE_WAY:
        raise Malformed(f"{place}: must end with 100, the whole way")
    return shares


def _read_targets(fields: Fields, first: date, last: date) -> tuple[Target, ...]:
    given = fields.each("targets")
    if not given:
        raise Malformed(f"{fields.named('targets')}: missing")
    dues = [one.get("due", day, last) for one in given]
    final = given[dues.index(max(dues))]
    better = fields.get("better", one_of(*get_args(Better)))
    for one, due in zip(given, dues, strict=True):
        if due < first:
            raise Malformed(f"{one.named('due')}: {due} is before the span begins")
    return tuple(_read_target(one, final, better) for one in given)


def _read_target(fields: Fields, final: Fields, better: Better | None) -> Target:
    words = one_of(*get_args(Comparator))
    last: Comparator = final.get("comparator", words, "at_least")
    comparator: Comparator = fields.get("comparator", words, last)
    if (comparator == "relative") != (last == "relative") and comparator == "relative":
        raise Malformed(f"{fields.named('comparator')}: only the last target can make an item relative")
    value = fields.get("value", number) if comparator == "relative" else fields.need("value", number)
    high = fields.need("value_high", number) if comparator == "between" else None
    if high is not None and value is not None and high < value:
        raise Malformed(f"{fields.named('value_high')}: {high} is below value {value}")
    return Target(
        value,
        fields.get("due", day),
        comparator,
        high,
        fields.get("tolerance", not_negative),
        fields.get("offset", number, Decimal(0)),
        fields.get("better", one_of(*get_args(Better)), better),
    )


def _read_record(fields: Fields) -> Record:
    values = tuple(_read_value(one) for one in fields.each("values"))
    if fields.given.get("average") == "geometric" and fields.given.get("reading") in (None, "value"):
        for index, value in enumerate(values):
            if value.value < -100:
                raise Malformed(f"{fields.named('values')}[{index}].value: a rate of {value.value} % has no factor")
    against = fields.given.get("against")
    pairs = fields.each("against") if isinstance(against, list) else ()
    others = tuple((one.need("cut_off", day), one.need("value", number)) for one in pairs)
    return Record(values, others, _read_periods(fields))


def _read_value(fields: Fields) -> Value:
    return Value(
        fields.need("cut_off", day),
        fields.need("value", number),
        fields.get("state", one_of(*STATES)),
        fields.get("accepted", day),
        fields.get("benchmark", number),
    )


def _read_periods(fields: Fields) -> tuple[Period, ...]:
    return tuple(
        Period(
            one.need("end", day),
            one.get("due", day) or one.need("end", day),
            one.get("out", day_or_flag),
            one.get("submitted", day_or_flag),
        )
        for one in fields.each("periods")
    )


def _read_task(fields: Fields) -> tuple[Task, Progress]:
    first, last = fields.need("span", span)
    dues = [one.get("due", day, last) for one in fields.each("targets")]
    due = max(dues, default=last)
    steps = fields.each("steps")
    task = Task(
        due,
        first,
        tuple(Step(one.get("due", day, due), one.get("weight", not_negative, Decimal(1)), one.get("name", text, "")) for one in steps),
        fields.get("stages", flag, False),
        bands=read_bands(fields),
    )
    done = tuple(_read_done(one) for one in steps) if steps else (_read_done(fields),)
    reports = tuple(one.need("cut_off", day) for one in fields.each("values") if _is_accepted(one, fields))
    return task, Progress(done, reports, _read_periods(fields))


def _read_done(fields: Fields) -> date | None:
    """The day something was done; a bare true means before anybody asks."""
    done = fields.get("done", day_or_flag)
    return date.min if done is True else done or None


def _is_accepted(value: Fields, case: Fields) -> bool:
    accepted = value.get("accepted", day)
    return accepted is None or accepted <= case.need("as_of", day)


def show_judgement(judgement: Judgement, is_indicator: bool) -> dict[str, Any]:
    """A judgement as the command prints it."""
    result: dict[str, Any] = {
        "attainment": _number(judgement.attainment),
        "expected": _number(judgement.expected),
        "gap": _number(judgement.gap),
        "gap_in": judgement.gap_in,
        "light": judgement.light,
        "marks": list(judgement.marks),
        "overdue": judgement.overdue,
        "judged_at": _day(judgement.judged_at),
        "reason": explain(judgement),
    }
    if is_indicator:
        ahead = judgement.forecast
        result["forecast"] = ahead and {
            "value": _number(ahead.value),
            "low": _number(ahead.low),
            "high": _number(ahead.high),
            "miss": ahead.miss,
        }
    return result


def show_total(total: Total, on: date) -> dict[str, Any]:
    """A node's total as the command prints it."""
    return {
        "attainment": _number(total.attainment),
        "expected": _number(total.expected),
        "gap": _number(total.gap),
        "gap_in": "share",
        "light": total.light,
        "marks": [],
        "overdue": total.overdue,
        "judged_at": None if total.light == "grey" else _day(on),
        "reason": explain_total(total),
        "coverage": _number(total.coverage),
        "counts": dict(total.counts),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
