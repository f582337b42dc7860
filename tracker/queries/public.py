"""What the public reads: published copies alone, as they were published; never a figure of what became of them."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from people.models import Government
from plans.models import Amendment, Plan, Publication


@dataclass(frozen=True)
class Version:
    """One publication of a plan: `number` 0 is the first, each later one an amendment."""

    number: int
    from_on: dt.date
    reason: str = ""


@dataclass(frozen=True)
class PublicPlan:
    """A published copy, and the versions that there are of the plan."""

    code: str
    title: str
    body: dict[str, Any]
    version: Version
    versions: list[Version] = field(default_factory=list)

    @property
    def goals(self) -> list[tuple[list[str], list[dict[str, Any]]]]:
        """The items under their goals, in the order of the document."""
        groups: list[tuple[list[str], list[dict[str, Any]]]] = []
        for item in self.body["items"]:
            if not groups or groups[-1][0] != item["goal"]:
                groups.append((item["goal"], []))
            groups[-1][1].append(item)
        return groups


def public_plans(day: dt.date) -> list[PublicPlan]:
    """The copy in force on a day of every plan that was ever published, in the plans' order. 1 statement."""
    found: dict[str, list[Publication]] = {}
    for row in _published().filter(amendment__from_on__lte=day):
        found.setdefault(row.plan.code, []).append(row)
    return [_plan(rows, rows[-1]) for rows in found.values()]


def public_plan(code: str, day: dt.date, number: int | None = None) -> PublicPlan | None:
    """One plan's copy in force on a day, or a version by its number; None where there is none. 1 statement."""
    rows = [row for row in _published().filter(plan__code=code) if row.amendment.from_on <= day]
    chosen = [row for row in rows if number is None or row.amendment.number == number]
    return _plan(rows, chosen[-1]) if chosen else None


def _published() -> Any:
    """Of the city whose installation this is: the first government."""
    own = Government.objects.order_by("pk").values("pk")[:1]
    rows = Publication.objects.filter(plan__in=Plan.objects.published(), government__in=own, amendment__state=Amendment.State.PUBLISHED).select_related(
        "plan", "amendment"
    )
    return rows.order_by("plan__position", "plan__code", "amendment__from_on", "amendment__number")


def _plan(rows: list[Publication], chosen: Publication) -> PublicPlan:
    body = json.loads(chosen.body)
    return PublicPlan(chosen.plan.code, body["title"], body, _version(chosen), [_version(row) for row in rows])


def _version(row: Publication) -> Version:
    return Version(row.amendment.number, row.amendment.from_on, row.amendment.reason)
