"""接续下一年: a plan's items with where they stand, what is proposed and what was decided. A fixed number of statements."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from people import clock
from people.access import Person
from plans.models import Plan
from tracker.models import Fate, Succession
from tracker.queries.looking import look
from tracker.queries.rows import FIELDS, ItemRow, joined, rows
from tracker.succession import in_force, proposal

OPEN, UNCONFIRMED = "open", "unconfirmed"
SHOWN = (OPEN, UNCONFIRMED, *Fate.Kind.values)


@dataclass
class FateRow:
    """An item. `kind`, `reason`: what the form shows, decided, typed or else proposed; `seen`: what is decided, '' for nothing."""

    row: ItemRow
    proposed: str
    fate: Fate | None
    kind: str = ""
    reason: str = ""
    wrong: str = ""

    @property
    def seen(self) -> str:
        return self.fate.kind if self.fate else ""

    @property
    def waits(self) -> bool:
        """Dropped, and nobody else has confirmed it."""
        return self.fate is not None and self.fate.kind == Fate.Kind.DROPPED and self.fate.confirmed_by_id is None


@dataclass(frozen=True)
class NextYear:
    plan: Plan
    succession: Succession | None
    rows: list[FateRow]
    counts: dict[str, int]
    show: str

    @property
    def shown(self) -> list[FateRow]:
        """Those of the filter in force; a row that is wrong is always shown."""
        return [row for row in self.rows if not self.show or row.wrong or _is(row, self.show)]

    @property
    def is_ready(self) -> bool:
        """Whether the next plan's draft can be made."""
        return bool(self.rows) and not self.counts[OPEN] and not self.counts[UNCONFIRMED]


def next_year(person: Person, code: str, at: dt.datetime, show: str = "", typed: Mapping[int, tuple[str, str, str]] | None = None) -> NextYear | None:
    """None where there is no such published plan for this person. `typed`: kind, reason and what is wrong, by item."""
    plan = Plan.objects.visible_to(person).published().filter(code=code).select_related("government", "document").first()
    seen = look(person, at)
    if plan is None or seen is None:
        return None
    succession = Succession.objects.visible_to(person).filter(plan=plan).select_related("successor").first()
    fates = {f.item_id: f for f in Fate.objects.filter(succession=succession).select_related("by", "confirmed_by")} if succession else {}
    day = clock.day_of(at, plan.government.zone)
    listed = joined(in_force(plan, day).filter(withdrawn=False), seen).order_by("item__position", "item__code")
    told = list(listed.values(*FIELDS))
    found = [FateRow(row, proposal(row.kind, each["accrual"], row.light), fates.get(row.item)) for row, each in zip(rows(told), told, strict=True)]
    for each in found:
        each.kind, each.reason = (each.fate.kind, each.fate.reason) if each.fate else (each.proposed, "")
        if typed and each.row.item in typed:
            each.kind, each.reason, each.wrong = typed[each.row.item]
    counts = {name: sum(_is(row, name) for row in found) for name in SHOWN}
    return NextYear(plan, succession, found, counts, show if show in SHOWN else "")


def _is(row: FateRow, name: str) -> bool:
    if name == OPEN:
        return row.fate is None
    return row.waits if name == UNCONFIRMED else row.seen == name
