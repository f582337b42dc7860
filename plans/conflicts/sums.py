"""Totals that do not add up: parts against their whole, levels of government against all, and shares of one whole."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from plans.conflicts.naming import taken_apart
from plans.conflicts.promises import CUMULATIVE, Finding, Promise, plain

_SHARE = re.compile("占(.+?)(?:的)?比(?:重|例)$")
HUNDRED = Decimal(100)


def of_sums(promises: Sequence[Promise]) -> Iterator[Finding]:
    counted = [p for p in promises if not p.is_task and p.value is not None]
    yield from _shared_out(counted)
    yield from _levels([p for p in counted if not p.whole])
    yield from _shares(counted)


def _shared_out(promises: Sequence[Promise]) -> Iterator[Finding]:
    """An item's parts whose targets do not make its own."""
    wholes = {p.at: p for p in promises}
    parts: dict[tuple[str, str], list[Promise]] = defaultdict(list)
    for promise in promises:
        if promise.whole:
            parts[promise.plan, promise.whole].append(promise)
    for at, group in parts.items():
        whole = wholes.get(at)
        if whole is None or whole.adding not in ("", "sum"):
            continue
        total = sum((p.value for p in group if p.value is not None), Decimal(0))
        if total != whole.value:
            yield Finding("parts", "hard", whole, group[0], {"a": plain(whole.value), "b": plain(total), "n": str(len(group))})


def _levels(promises: Sequence[Promise]) -> Iterator[Finding]:
    """省…, 市… and the same without a level, in one passage: what the levels add up to is not what stands for all."""
    passages: dict[tuple[str, str, str], list[Promise]] = defaultdict(list)
    for promise in (p for p in promises if p.accrual == CUMULATIVE):
        passages[promise.plan, promise.locator, promise.unit].append(promise)
    for group in passages.values():
        for whole in (p for p in group if not taken_apart(p.name).level):
            below = [p for p in group if p is not whole and taken_apart(p.name).level and taken_apart(whole.name).core.endswith(_tail(p))]
            total = sum((p.value for p in below if p.value is not None), Decimal(0))
            if len(below) > 1 and total != whole.value:
                for part in below:
                    yield Finding("parts", "definition", whole, part, {"a": plain(whole.value), "b": plain(total), "n": str(len(below))})


def _tail(part: Promise) -> str:
    return taken_apart(part.name).core


def _shares(promises: Sequence[Promise]) -> Iterator[Finding]:
    """Shares of one whole by one day that together are more than all of it."""
    wholes: dict[tuple[str, str, object], list[Promise]] = defaultdict(list)
    for promise in promises:
        if promise.unit == "%" and (match := _SHARE.search(promise.name)):
            wholes[promise.plan, match.group(1), promise.due].append(promise)
    for group in wholes.values():
        measures = {p.measure: p for p in group}
        total = sum((p.value for p in measures.values() if p.value is not None), Decimal(0))
        if len(measures) > 1 and total > HUNDRED:
            first, second = list(measures.values())[:2]
            yield Finding("shares", "hard", first, second, {"b": plain(total), "n": str(len(measures))})
