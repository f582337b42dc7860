"""The light of a node explained: the items that it adds up at a run, the worst first, and the rules that held it down. A fixed number of statements."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from people.access import Person
from people.departments import Called, as_called
from people.language import in_language
from people.models import Department
from plans.arithmetic.cases import Band, Bands
from plans.arithmetic.spans import six
from plans.arithmetic.totals import RED_SHARE, UNCOUNTED, within
from plans.models import Amendment, Goal, Plan
from plans.models import Bands as BandsModel
from tracker.models import Standing
from tracker.models.standings import Light
from tracker.queries.beside import disputed_on, judged_on
from tracker.queries.looking import Look, look
from tracker.queries.rows import called_then

SHOWN = 200  # items that take from the sum; a longer list is the list of items
FIELDS = (
    "item__plan__code", "item__plan", "item__code", "terms__name", "terms__name_en", "terms__weight", "terms__binding", "terms__lead__code", "terms__lead__short",
    "terms__lead__name", "terms__lead__name_en", "light", "attainment", "expected", "gap", "gap_in", "judged", "disputed",
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """An item as the node counts it. `taken`: what it takes from the node before weighing, in percentage points, never positive; None: in no sum."""

    plan: str
    code: str
    name: str
    lead_code: str
    lead: str
    weight: Decimal
    binding: bool
    light: str
    attained: Fraction
    expected: Fraction
    gap: Decimal | None
    gap_in: str
    factor: Fraction | None  # what a point of its gap counts, where it is judged in points
    taken: Fraction | None
    judged: str = ""
    disputed: bool = False

    @property
    def weighed(self) -> Fraction:
        """Weight × what it takes."""
        return Fraction(self.weight) * (self.taken or 0)

    @property
    def is_short(self) -> bool:
        return bool(self.taken)


@dataclass(frozen=True)
class NodeWhy:
    """A node's light at a run. `members`: every item under it, the worst first."""

    title: str
    subject: str
    look: Look
    standing: Standing
    members: tuple[Member, ...]
    plan: Plan | None = None
    department: Department | None = None

    @property
    def summed(self) -> list[Member]:
        return [one for one in self.members if one.taken is not None]

    @property
    def short(self) -> list[Member]:
        """Those that take from the sum, the worst first."""
        return [one for one in self.members if one.is_short]

    @property
    def uncounted(self) -> list[Member]:
        return [one for one in self.members if one.taken is None]

    @property
    def weight(self) -> Fraction:
        return sum((Fraction(one.weight) for one in self.summed), Fraction(0))

    @property
    def taken(self) -> Fraction:
        """Σ weight × what is taken."""
        return sum((one.weighed for one in self.summed), Fraction(0))

    @property
    def red(self) -> list[Member]:
        return [one for one in self.summed if one.light == Light.RED]

    @property
    def red_weight(self) -> Fraction:
        return sum((Fraction(one.weight) for one in self.red), Fraction(0))

    @property
    def red_share(self) -> Fraction:
        """The red items' share of the weight; the rule asks for `RED_SHARE`."""
        return self.red_weight / self.weight if self.weight else Fraction(0)

    @property
    def has_red_share(self) -> bool:
        return self.red_share >= RED_SHARE

    @property
    def gap(self) -> Decimal | None:
        """Σ w·min(A − E, 0) / Σ w, as its items give it."""
        return six(self.taken / self.weight) if self.weight else None

    @property
    def agrees(self) -> bool:
        """Whether the items' rounded numbers give the gap that was stored."""
        stored, found = self.standing.gap, self.gap
        return stored is None or (found is not None and abs(stored - found) < Decimal("0.001"))


def goal_why(person: Person, code: str, anchor: str, at: dt.datetime, occasion: str = "") -> NodeWhy | None:
    """A goal's light; `anchor` is its place in the page of its plan (goal-001-003)."""
    goals = Goal.objects.filter(plan__in=Plan.objects.visible_to(person), plan__code=code).select_related("plan")
    goal = goals.filter(path=anchor.removeprefix("goal-").replace("-", "/") + "/").first()
    if goal is None:
        return None
    return _why(person, str(goal), f"goal:{goal.pk}", Q(terms__goal__plan=goal.plan, terms__goal__path__startswith=goal.path), at, occasion, plan=goal.plan)


def plan_why(person: Person, code: str, at: dt.datetime, occasion: str = "") -> NodeWhy | None:
    """A plan's light."""
    plan = Plan.objects.visible_to(person).filter(code=code).first()
    return _why(person, str(plan), f"plan:{plan.pk}", Q(item__plan=plan), at, occasion, plan=plan) if plan else None


def department_why(person: Person, code: str, at: dt.datetime, occasion: str = "") -> NodeWhy | None:
    """A department's light: of what it leads, its parts of shared items among them."""
    found = Department.objects.visible_to(person).filter(code=code).first()
    return _why(person, str(found), f"department:{found.pk}", Q(terms__lead=found), at, occasion, department=found, parts=True) if found else None


def government_why(person: Person, at: dt.datetime, occasion: str = "") -> NodeWhy | None:
    """The light of all items of the government."""
    government = person.user.government
    return _why(person, str(government), f"government:{government.pk}", Q(), at, occasion)


def _why(
    person: Person, title: str, subject: str, which: Q, at: dt.datetime, occasion: str,
    plan: Plan | None = None, department: Department | None = None, parts: bool = False,
) -> NodeWhy | None:  # fmt: skip
    """None where there was no such standing at the run. 4 statements, and 1 for a closing."""
    seen = look(person, at, occasion)
    if seen is None or seen.run is None:
        return None
    at_run = Standing.objects.of(person.government_id).at(seen.number)
    standing = at_run.filter(subject=subject).first()
    if standing is None:
        return None
    items = at_run.filter(which, item__isnull=False).annotate(judged=judged_on(seen.day), disputed=disputed_on(seen.day))
    items = items if parts else items.filter(item__part_of__isnull=True)
    bands, then = bands_on(person.government_id, seen.run.as_of), called_then(seen, person.government_id)
    title = str(as_called(department, then)) if department else title
    members = sorted(
        (_member(_called(row, then.get(row["terms__lead__code"])), bands) for row in items.order_by("item__plan__position", "item__position").values(*FIELDS)),
        key=_worst_first,
    )
    return NodeWhy(title, subject, seen, standing, tuple(members), plan, department)


def _called(row: dict, names: Called | None) -> dict:
    """A member under the name that its lead bore then."""
    return {**row, "terms__lead__name": names.name, "terms__lead__short": names.short, "terms__lead__name_en": names.name_en} if names else row


def _worst_first(one: Member) -> tuple[bool, Fraction]:
    return one.taken is None, one.weighed


def _member(row: dict, bands: dict[int, Bands]) -> Member:
    attained, expected = within(Fraction(row["attainment"] or 0)), within(Fraction(row["expected"] or 0))
    factor = bands.get(row["item__plan"], Bands()).points_to_share if row["gap_in"] == "points" else None
    counted = row["light"] not in UNCOUNTED and row["attainment"] is not None
    taken = min(Fraction(row["gap"]), Fraction(0)) * factor if factor is not None and row["gap"] is not None else min(attained - expected, Fraction(0)) * 100
    return Member(
        plan=row["item__plan__code"], code=row["item__code"], name=in_language(row["terms__name"], row["terms__name_en"]),
        lead_code=row["terms__lead__code"] or "", lead=in_language(row["terms__lead__short"] or row["terms__lead__name"] or "", row["terms__lead__name_en"] or ""),
        weight=row["terms__weight"], binding=bool(row["terms__binding"]), light=row["light"], attained=attained, expected=expected, gap=row["gap"],
        gap_in=row["gap_in"], factor=factor, taken=taken if counted else None, judged=row["judged"], disputed=row["disputed"],
    )  # fmt: skip


def bands_on(government: int, day: dt.date) -> dict[int, Bands]:
    """The bands of every plan in force on a day. 1 statement."""
    rows = BandsModel.objects.of(government).filter(amendment__state=Amendment.State.PUBLISHED, amendment__from_on__lte=day)
    found: dict[int, dict[str, Band]] = {}
    for plan, kind, green, yellow in rows.order_by("amendment__from_on", "amendment__number").values_list("plan", "kind", "green_from", "yellow_from"):
        found.setdefault(plan, {})[kind] = Band(green, yellow)
    return {plan: Bands(**kinds) for plan, kinds in found.items()}
