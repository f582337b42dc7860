"""Which promises may read one figure though they name two: proposed by name and unit, joined by nobody but people. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from plans.conflicts.naming import LIKE, likeness, same_unit, that_share
from plans.conflicts.promises import Promise


@dataclass(frozen=True)
class Alike:
    """Two promises of two measures whose names and units are alike; `likeness` from 0.54 to 1."""

    a: Promise
    b: Promise
    likeness: float


def proposed(promises: Sequence[Promise], decided: Collection[frozenset[tuple[str, str]]] = ()) -> list[Alike]:
    """The most alike first. What stands side by side in one passage differs on purpose; parts, tasks and what people decided are left out."""
    given = sorted((p for p in promises if not p.is_task and not p.whole and p.unit), key=lambda p: p.at)
    found = []
    for n, m in that_share([p.name for p in given]):
        a, b = given[n], given[m]
        if a.measure == b.measure or not same_unit(a.unit, b.unit) or (a.plan, a.locator) == (b.plan, b.locator) or frozenset((a.at, b.at)) in decided:
            continue
        if (alike := likeness(a.name, b.name)) >= LIKE:
            found.append(Alike(a, b, alike))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.a.at, pair.b.at))
