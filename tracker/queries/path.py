"""年度分解: the path of one item as it is in force and as it is typed, drawn and counted; and the items of a plan on an assumed path."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from people import clock
from people.access import Person
from people.models import Role
from plans import pathing
from plans.arithmetic import paths
from plans.models import Amendment, Item, Plan, Target, Terms
from plans.pathing import Path
from plans.wordings import PARTS, final_of
from tracker.models import Standing
from tracker.queries.looking import look
from tracker.queries.rows import FIELDS, ItemRow, in_force, joined, rows

DAY = dt.timedelta(days=1)
HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Ground:
    """Between what a path runs: start and target with their days; shares of the way in per cent where the start is not known or the target is no number."""

    start_on: dt.date
    start: Fraction
    due_on: dt.date
    target: Fraction
    in_shares: bool

    def lay(self, path: Path, own: tuple[tuple[dt.date, Fraction], ...] = ()) -> paths.Path:
        """The path on this ground; `own` are the interim targets of the document, which every path passes."""
        typed = () if self.in_shares else tuple((point.due_on, Fraction(point.value)) for point in path.interim)
        inner = sorted({**dict(own), **dict(typed)}.items()) if not self.in_shares else []
        points = [(self.start_on, self.start), *((day, value) for day, value in inner if self.start_on < day < self.due_on), (self.due_on, self.target)]
        profile = Terms.Profile.AT_END if path.profile == pathing.STEPS else path.profile
        shares = tuple(Decimal(share) for share in path.shares.split("/")) if profile == Terms.Profile.SHARES and path.shares else ()
        return paths.Path(tuple(points), str(profile), shares)  # type: ignore[arg-type]

    def days(self) -> list[dt.date]:
        """The ends of the months from the start to the due date, the start first."""
        found, day = [self.start_on], self.start_on + DAY
        while day <= self.due_on:
            end = (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY
            found.append(min(end, self.due_on))
            day = end + DAY
        return found


@dataclass(frozen=True)
class Drawn:
    """A day of the table: what the path in force expects, and what the one that is typed does."""

    day: dt.date
    now: Fraction
    then: Fraction


@dataclass(frozen=True)
class PathPage:
    item: Item
    terms: Terms
    row: ItemRow
    final: Target
    own: list[Target]  # the document's own interim targets
    ground: Ground
    proposal: Amendment | None
    present: Path
    proposed: Path | None
    drafts: bool
    endorses: bool
    supervises: bool
    today: dt.date

    def drawn(self, path: Path) -> tuple[list[Drawn], paths.Path, paths.Path]:
        """The table of quarter ends, and the two paths. Raises: ValueError for shares that are no numbers."""
        own = tuple((t.due_on, Fraction(t.value)) for t in self.own if t.due_on and t.value is not None)
        now, then = self.ground.lay(self.present, own), self.ground.lay(path, own)
        inner = {point.due_on for point in path.interim} | {day for day, _value in own}
        days = [day for day in self.ground.days()[1:] if day.month % 3 == 0 or day == self.ground.due_on]
        shown = sorted({*days, *(day for day in inner if self.ground.start_on < day <= self.ground.due_on)})
        return [Drawn(day, now.at(day), then.at(day)) for day in shown], now, then


def path_page(person: Person, plan: str, code: str, at: dt.datetime) -> PathPage | None:
    """None where there is no such indicator of a published plan for this person. A fixed number of statements."""
    found = Item.objects.visible_to(person).select_related("plan", "measure", "government")
    item = found.filter(plan__code=plan, code=code, kind=Item.Kind.INDICATOR, plan__state=Plan.State.PUBLISHED).first()
    seen = look(person, at)
    if item is None or seen is None:
        return None
    terms = Terms.objects.filter(item=item).in_force(max(seen.day, item.plan.start)).select_related("item").prefetch_related(*PARTS).first()
    final = final_of(terms) if terms else None
    if terms is None or final is None or final.due_on is None:
        return None
    row = rows(joined(Terms.objects.filter(pk=terms.pk), seen).values(*FIELDS))[0]
    facts = Standing.objects.of(item.government_id).at(seen.number).filter(item=item).values_list("facts", flat=True).first() or {}
    own = [t for t in terms.targets.all() if t.role == Target.RoleInPath.INTERIM and t.origin == Target.Origin.DOCUMENT]
    proposal = pathing.open_proposal(item)
    if proposal and not Amendment.objects.visible_to(person).filter(pk=proposal.pk).exists():
        proposal = None
    laid = Terms.objects.filter(amendment=proposal, item=item).first() if proposal else None
    return PathPage(
        item, replace_item(terms, item), row, final, own, _ground(terms, final, facts), proposal, pathing.path_of(terms), pathing.path_of(laid) if laid else None,
        drafts=pathing.may_draft(item, terms, person) and (proposal is None or proposal.state == Amendment.State.DRAFTED),
        endorses=bool(proposal) and pathing.may_endorse(proposal, person),  # type: ignore[arg-type]
        supervises=person.has(Role.SUPERVISOR), today=clock.day_of(at, item.government.zone),
    )  # fmt: skip


def replace_item(terms: Terms, item: Item) -> Terms:
    """The terms with their item as it was read: no statement more."""
    terms.item = item
    return terms


def _ground(terms: Terms, final: Target, facts: Mapping[str, Any]) -> Ground:
    start: Decimal | None = None
    if terms.reading == Terms.Reading.VALUE and terms.baseline is not None:
        start = terms.baseline
    elif terms.accrual == Terms.Accrual.CUMULATIVE or terms.reading == Terms.Reading.INCREASE:
        start = Decimal(0)
    elif facts.get("start"):
        start = Decimal(facts["start"])
    due = final.due_on or final.from_on + DAY
    if start is None or final.value is None or start == final.value:
        return Ground(final.from_on, Fraction(0), due, HUNDRED, in_shares=True)
    return Ground(final.from_on, Fraction(start), due, Fraction(final.value), in_shares=False)


def assumed_of(person: Person, code: str, at: dt.datetime) -> tuple[Plan, list[tuple[ItemRow, Amendment | None]]] | None:
    """A plan's items whose light stands on an assumed path, each with its path that is not yet decided. None where there is no such plan."""
    plan = Plan.objects.visible_to(person).published().filter(code=code).first()
    seen = look(person, at)
    if plan is None or seen is None:
        return None
    terms = joined(in_force(person, seen).filter(item__plan=plan), seen).order_by("item__position", "item__code")
    found = [row for row in rows(terms.values(*FIELDS)) if row.assumed]
    open_ones = Amendment.objects.visible_to(person).filter(plan=plan, department__isnull=False, state__in=["drafted", "proposed"])
    proposals = {item: one for one in open_ones.prefetch_related("terms") for item in [t.item_id for t in one.terms.all()]}
    return plan, [(row, proposals.get(row.item)) for row in found]
