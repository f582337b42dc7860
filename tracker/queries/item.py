"""One item, whole: what was promised and by whom, where it stands and why, who tells what. A fixed number of statements."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from people.access import Person
from people.language import speaks_english
from plans.models import Amendment, Conflict, Goal, Item, PastResult, Plan, Support, Target, Terms
from plans.wordings import PARTS, Difference, differences, final_of
from tracker import formats, wording
from tracker.models import Alert, Standing
from tracker.queries.conflicts import ConflictRow
from tracker.queries.conflicts import row as conflict_row
from tracker.queries.looking import Look, look
from tracker.queries.plan import anchor
from tracker.queries.rows import FIELDS, ItemRow, in_force, joined, rows
from tracker.queries.turning import Turn, turns


@dataclass(frozen=True)
class StepRow:
    name: str
    due_on: dt.date | None
    done_on: dt.date | None
    late: int  # days past its day, done or not
    stated: bool


@dataclass(frozen=True)
class Version:
    """The terms at one amendment: their target as words, what differs from the version before; in force from `from_on` on."""

    amendment: Amendment
    from_on: dt.date
    words: str
    due_on: dt.date | None
    differences: list[Difference]
    current: bool

    @property
    def number(self) -> int:
        return self.amendment.number

    @property
    def reason(self) -> str:
        return self.amendment.reason


@dataclass(frozen=True)
class Clash:
    """A conflict in which a target of this item stands, with the other target."""

    kind: str
    state: str
    other: str
    other_words: str
    pk: int
    why: str


@dataclass(frozen=True)
class ItemPage:
    item: Item
    plan: Plan
    terms: Terms
    row: ItemRow
    look: Look
    facts: Mapping[str, Any]
    standing: Standing | None
    crumbs: list[tuple[str, str]]
    target: Target | None
    targets: list[Target]
    steps: list[StepRow]
    supports: list[Support]
    turns: list[Turn]
    versions: list[Version]
    twins: list[ItemRow]
    clashes: list[Clash]
    past: PastResult | None
    alerts: list[Alert]

    @property
    def reason(self) -> str:
        """Why the light is what it is, in the page's language, as the roll-up found it."""
        return self.facts.get("reason_en" if speaks_english() else "reason_zh") or ""


def item_page(person: Person, plan: str, code: str, at: dt.datetime) -> ItemPage | None:
    """None where there is no such item for this person."""
    item = (
        Item.objects.visible_to(person)
        .select_related("plan__document", "measure__reporter", "measure__cycle", "part_of")
        .filter(plan__code=plan, code=code)
        .first()
    )
    seen = look(person, at)
    if item is None or seen is None:
        return None
    every = list(
        Terms.objects.filter(item=item)
        .select_related("goal", "lead", "leader", "merged_into", "amendment__proposed_by", "amendment__published_by")
        .prefetch_related(*PARTS)
        .order_by("from_on", "amendment__number")
    )
    terms = terms_on(every, seen.day)
    if terms is None:
        return None
    row = rows(joined(Terms.objects.filter(pk=terms.pk), seen).values(*FIELDS))[0]
    standing = Standing.objects.of(item.government_id).at(seen.number).filter(item=item).select_related("report").first()
    facts = standing.facts if standing else {}
    targets = sorted((t for each in every for t in each.targets.all()), key=lambda t: (t.due_on or dt.date.max, t.pk))
    mine = [t for t in targets if t.terms_id == terms.pk]
    final = next((t for t in reversed(mine) if t.role == Target.RoleInPath.FINAL), None)
    return ItemPage(
        item, item.plan, terms, row, seen, facts, standing, crumbs_of(item.plan, terms.goal), final, mine,
        step_rows(terms, facts, seen.day), sorted(terms.supports.all(), key=lambda s: s.department.position),
        turns(row.light, facts, row.gap_in, row.held, row.better, final.tolerance if final else None),
        versions_of(every, terms), twins_of(person, item, seen), clashes_of(person, targets), past_of(item, terms),
        list(Alert.objects.visible_to(person).filter(item=item).order_by("closed_at", "-since", "-pk")[:20]),
    )  # fmt: skip


def terms_on(every: list[Terms], day: dt.date) -> Terms | None:
    """The published terms in force on a day, or the first that will be; of a draft the unpublished ones."""
    published = [t for t in every if t.published_at is not None]
    return next((t for t in reversed(published) if t.from_on <= day), published[0] if published else (every[-1] if every else None))


def crumbs_of(plan: Plan, goal: Goal) -> list[tuple[str, str]]:
    """The goals from the root to the item's own: (title, anchor in the plan's page). 1 statement."""
    parts = goal.path.rstrip("/").split("/")
    paths = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
    return [(str(g), anchor(g.path)) for g in Goal.objects.filter(plan=plan, path__in=paths).order_by("path")]


def step_rows(terms: Terms, facts: Mapping[str, Any], day: dt.date) -> list[StepRow]:
    """A task's steps with the day on which each was done, by the facts of its standing."""
    done = {step["name"]: step.get("done") for step in facts.get("steps") or []}
    found = []
    for step in terms.steps.all():
        on = dt.date.fromisoformat(done[step.name]) if done.get(step.name) else None
        late = ((on or day) - step.due_on).days if step.due_on else 0
        found.append(StepRow(str(step), step.due_on, on, max(late, 0), step.stated))
    return found


def versions_of(every: list[Terms], current: Terms) -> list[Version]:
    """The published versions, the first one first, each with what it changed."""
    found: list[Version] = []
    before: Terms | None = None
    for terms in every:
        if terms.published_at is None:
            continue
        final = final_of(terms)
        words = wording.target(final.__dict__) if final else ""
        found.append(Version(terms.amendment, terms.from_on, words, final.due_on if final else None, differences(before, terms), terms == current))
        before = terms
    return found


def twins_of(person: Person, item: Item, seen: Look) -> list[ItemRow]:
    """一数多诺: the other items that read the same measure, each with its light. 2 statements."""
    others = in_force(person, seen).filter(item__measure=item.measure_id).exclude(item=item)
    return rows(joined(others, seen).order_by("item__plan__position", "item__position").values(*FIELDS))


def clashes_of(person: Person, targets: list[Target]) -> list[Clash]:
    """The conflicts of the item's targets, for whom conflicts are there to see. 1 statement."""
    mine = {t.pk for t in targets}
    both = ("target_a__terms__item__plan", "target_b__terms__item__plan")
    readable = Target.objects.visible_to(person)
    shown = Conflict.objects.visible_to(person).exclude(state=Conflict.State.LAPSED).filter(Q(target_b__isnull=True) | Q(target_b__in=readable))
    found = shown.filter(Q(target_a__in=mine) | Q(target_b__in=mine), target_a__in=readable).select_related(
        *both, "by", *(f"{side}__document" for side in both)
    )
    return [_clash(conflict_row(c), c.target_a_id in mine) for c in found.order_by("pk")]


def _clash(row: ConflictRow, first: bool) -> Clash:
    other = row.b if first else row.a
    return Clash(row.kind_word, row.state_word, other.name, other.target, row.pk, row.why)


def past_of(item: Item, terms: Terms) -> PastResult | None:
    """The last result of the same measure before the item's span. 1 statement."""
    return PastResult.objects.filter(measure=item.measure_id, on__lte=item.plan.start).order_by("-on").first() if terms.accrual else None


def band_of(facts: Mapping[str, Any]) -> tuple[Decimal, Decimal] | None:
    """The lower limits of green and yellow that the light was judged by."""
    bands = facts.get("bands") or {}
    green, yellow = formats.exact(bands.get("green")), formats.exact(bands.get("yellow"))
    return None if green is None or yellow is None else (green, yellow)


def may_read_reports(person: Person, item: Item) -> bool:
    """Reports, texts and evidence: of the department that reports, and of those who read all."""
    return person.reads_all or person.department_id == item.measure.reporter_id
