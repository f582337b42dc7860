"""How goals, plans, departments and governments stand: what pages show of a roll-up's nodes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracker.models import Standing
from tracker.models.standings import Light

LIGHTS = tuple(light.value for light in Light)


@dataclass(frozen=True)
class NodeRow:
    """A node's numbers: shares A and E, the gap in percentage points, counts per light, items overdue, coverage as a share."""

    light: str = ""
    attainment: Decimal | None = None
    expected: Decimal | None = None
    gap: Decimal | None = None
    overdue: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    coverage: Decimal | None = None
    oldest: dt.date | None = None

    @property
    def items(self) -> int:
        return self.counts.get("items", 0)

    @property
    def red(self) -> int:
        return self.counts.get("red", 0)

    @property
    def yellow(self) -> int:
        return self.counts.get("yellow", 0)

    @property
    def lights(self) -> dict[str, int]:
        """The counts per light alone."""
        return {light: self.counts.get(light, 0) for light in LIGHTS}


UNKNOWN = NodeRow()
FIELDS = ("subject", "light", "attainment", "expected", "gap", "overdue", "counts")


def nodes_at(government: int, run: int, *prefixes: str) -> dict[str, NodeRow]:
    """Every node of these kinds ('goal', 'plan', 'department', 'government') at a run, by subject. 1 statement."""
    found = Standing.objects.of(government).at(run).filter(item__isnull=True).values(*FIELDS)
    return {row["subject"]: node(row) for row in found if row["subject"].partition(":")[0] in prefixes}


def node(row: Mapping[str, Any]) -> NodeRow:
    counts = row["counts"] or {}
    coverage, oldest = counts.get("coverage"), counts.get("oldest")
    return NodeRow(
        row["light"], row["attainment"], row["expected"], row["gap"], row["overdue"],
        {name: counts.get(name, 0) for name in ("items", *LIGHTS)},
        None if coverage is None else Decimal(coverage), dt.date.fromisoformat(oldest) if oldest else None,
    )  # fmt: skip
