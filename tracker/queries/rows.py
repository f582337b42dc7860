"""Items as rows of a list: what was promised, and where it stands at a run. Every list of items is made of these.

One statement for the rows and one for the targets, however many; the standing is joined, so that a list sorts and filters by it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DateField, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from people.access import Person
from people.departments import Called, called_on
from people.language import in_language
from people.prepared import PreparedOfIds
from plans.models import Target, Terms
from tracker import formats, wording
from tracker.models.standings import LAGGING, Light
from tracker.queries import beside
from tracker.queries.looking import Look

RANKS = {Light.RED: 0, Light.YELLOW: 1, Light.GREY: 2, Light.NOT_DUE: 3, Light.GREEN: 4, Light.BLUE: 5}
POINTS_IN_SHARE = 10  # one point of a rate weighs like ten of the way, as in the ordinary bands
NO_GAP = Decimal(10**9)  # rows without a gap stand last
FIELDS = (
    "pk", "item_id", "item__code", "item__kind", "item__plan__code", "item__plan__short", "item__plan__title", "item__plan__short_en", "item__plan__title_en",
    "item__plan__start", "item__plan__end", "goal_id", "name", "name_en", "accrual", "binding", "lead__code", "lead__name", "lead__short", "lead__name_en", "due_on", "leader_id",
    "now__light", "now__gap", "now__gap_in", "now__attainment", "now__expected", "now__overdue", "now__marks", "now__facts", "then__light", *beside.FIELDS,
)  # fmt: skip
TARGET_FIELDS = ("terms_id", "role", "comparator", "value", "value_high", "unit", "words", "offset", "better", "due_on")


@dataclass(frozen=True)
class ItemRow:
    """An item as every list shows it. Figures are written; `gap` is exact, in the unit that `gap_in` names."""

    item: int
    plan: str
    plan_title: str
    code: str
    name: str
    kind: str
    goal: int
    target: str
    value: str
    figure: Decimal | None  # the value, exact; None for a task
    unit: str
    gap: Decimal | None
    gap_in: str
    better: str
    light: str
    before: str
    attainment: Decimal | None
    expected: Decimal | None
    estimate: bool
    assumed: bool  # the light stands on a path that nobody approved
    overdue: int
    marks: tuple[str, ...]
    lead_code: str
    lead: str
    lead_short: str
    due_on: dt.date | None
    due: str
    binding: bool | None
    held: bool
    judged: str = ""  # the supervisor's latest grade
    disputed: bool = False  # 异议中
    uncheckable: bool = False  # 尚不可核验: no accepted 验收标准 where one is asked

    @property
    def turned(self) -> bool:
        """Whether the light is worse than at the closing that is compared with."""
        return turned(self.before, self.light)


def severity(light: str) -> int:
    """How much a light lags: 2 red, 1 yellow, 0 all others, which are not compared with one another."""
    return {Light.RED: 2, Light.YELLOW: 1}.get(Light(light), 0) if light else 0


def turned(before: str, now: str) -> bool:
    """Whether a light turned for the worse; what had no standing before did not turn."""
    return bool(before and now) and severity(now) > severity(before)


def listed(person: Person, look: Look, parts: bool = False) -> QuerySet[Terms]:
    """The terms in force of every item that a person may read, each joined with its standing `now` and the one `then`, at the closing before."""
    return joined(in_force(person, look, parts), look)


def in_force(person: Person, look: Look, parts: bool = False) -> QuerySet[Terms]:
    """The terms in force of the published plans that a person may read; what is withdrawn is in no list.

    The parts of an item that is shared out stand only where whose they are is asked for (`parts`): elsewhere the whole stands for them.
    """
    found = Terms.objects.in_force(look.day).published_to(person).filter(withdrawn=False)
    return found if parts else found.filter(item__part_of__isnull=True)


def joined(terms: QuerySet[Terms], look: Look) -> QuerySet[Terms]:
    """Terms with `now__…` and `then__…` (standings at two runs, null where there is none), `due_on`, what stands beside the light, and what
    lists sort by."""
    final = Target.objects.filter(terms=OuterRef("pk"), role=Target.RoleInPath.FINAL).order_by("-due_on", "pk")
    points = Case(When(now__gap_in="points", then=F("now__gap") * POINTS_IN_SHARE), default=F("now__gap"))
    return beside.beside(terms, look.day).annotate(
        now=FilteredRelation("item__standings", condition=_at(look.number)),
        then=FilteredRelation("item__standings", condition=_at(look.before.number if look.before else -1)),
        due_on=Subquery(final.values("due_on")[:1], output_field=DateField()),
        worst=Coalesce(points, Value(NO_GAP)),
        lag=Case(When(now__light=Light.RED, then=Value(0)), When(now__light=Light.YELLOW, then=Value(1)), default=Value(2), output_field=IntegerField()),
        rank=Case(*(When(now__light=light, then=Value(rank)) for light, rank in RANKS.items()), default=Value(len(RANKS)), output_field=IntegerField()),
    )


def _at(number: int) -> Q:
    open_or_later = Q(item__standings__until_run__isnull=True) | Q(item__standings__until_run__gt=number)
    return open_or_later & Q(item__standings__since_run__lte=number)


WORSE = (Q(now__light=Light.RED) & ~Q(then__light=Light.RED) | Q(now__light=Light.YELLOW) & ~Q(then__light__in=LAGGING)) & Q(then__light__isnull=False)


def rows(found: Iterable[Mapping[str, Any]], called: Mapping[str, Called] | None = None) -> list[ItemRow]:
    """The rows of `.values(*FIELDS)`, with the words of their targets. 1 statement. `called`: departments that bore another name then, by code."""
    found = [_called(row, called.get(row["lead__code"])) for row in found] if called else list(found)
    targets = final_targets(row["pk"] for row in found)
    return [_row(row, targets.get(row["pk"])) for row in found]


def called_then(look: Look, government: int) -> Mapping[str, Called]:
    """The departments that bore another name at the closing that is read; nothing for today. 1 statement for a closing."""
    return called_on(government, look.day) if look.period else {}


def _called(row: Mapping[str, Any], names: Called | None) -> Mapping[str, Any]:
    return {**row, "lead__name": names.name, "lead__short": names.short, "lead__name_en": names.name_en} if names else row


def final_targets(terms: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The final target of each of these terms, the last by its day. 1 statement."""
    return {row["terms_id"]: row for row in _finals(ids=list(terms))}


_finals = PreparedOfIds(lambda terms: Target.objects.filter(terms__in=terms, role=Target.RoleInPath.FINAL).order_by("due_on", "-pk").values(*TARGET_FIELDS))


def _row(row: Mapping[str, Any], target: Mapping[str, Any] | None) -> ItemRow:
    facts = row["now__facts"] or {}
    value, unit = wording.reached(facts)
    return ItemRow(
        item=row["item_id"], plan=row["item__plan__code"], plan_title=plan_title(row), code=row["item__code"],
        name=in_language(row["name"], row["name_en"]), kind=row["item__kind"], goal=row["goal_id"],
        target=wording.target(target) if target else "", value=value, figure=formats.exact(facts.get("value")), unit=unit,
        gap=row["now__gap"], gap_in=row["now__gap_in"] or "share", better=better(target), light=row["now__light"] or "", before=row["then__light"] or "",
        attainment=row["now__attainment"], expected=row["now__expected"], estimate=facts.get("value_state") == "estimate", assumed=bool(facts.get("assumed_path")),
        overdue=row["now__overdue"] or 0, marks=tuple(row["now__marks"] or ()),
        lead_code=row["lead__code"] or "", lead=in_language(row["lead__name"] or "", row["lead__name_en"] or ""),
        lead_short=in_language(row["lead__short"] or "", row["lead__name_en"] or ""),
        due_on=row["due_on"], due=wording.due(row["due_on"], row["item__plan__start"], row["item__plan__end"]), binding=row["binding"], held=row["accrual"] == Terms.Accrual.HELD,
        judged=row["judged"], disputed=row["disputed"], uncheckable=row["uncheckable"],
    )  # fmt: skip


def plan_title(row: Mapping[str, Any]) -> str:
    """A plan's short title in the page's language, from a row of FIELDS."""
    return in_language(row["item__plan__short"] or row["item__plan__title"], row["item__plan__short_en"] or row["item__plan__title_en"])


def better(target: Mapping[str, Any] | None) -> str:
    """Which side is the good one: up, or down for a ceiling."""
    if target is None:
        return "up"
    return target["better"] or ("down" if target["comparator"] == "at_most" else "up")
