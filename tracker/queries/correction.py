"""更正单: a correction beside what it takes the place of, and everything that used the old value. A fixed number of statements."""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import Person
from people.models import Department, Government
from plans.arithmetic.reasons import show
from plans.models import Goal, Item, Plan, Terms
from tracker.models import Message, ProgressReport, Run, Standing
from tracker.queries.item_reports import Hand, hands_of
from tracker.queries.plan import anchor

JUDGED, STEPS, START, BASE, COMPARED, AVERAGED, FORESEEN = "judged", "steps", "start", "base", "compared", "averaged", "foreseen"
TOLD_BY = (Message.Kind.DIGEST,)  # what tells of figures; a kind that comes to do so belongs here


@dataclass(frozen=True)
class Stood:
    """How something stood while the old value counted: from which day to which, and at which closings."""

    light: str
    gap: Decimal | None
    gap_in: str
    since: dt.date
    until: dt.date | None
    role: str = JUDGED
    closings: tuple[tuple[str, str], ...] = ()  # occasion and title


@dataclass(frozen=True)
class Used:
    """An item or a node that stood on the old value: how it stood then, the latest last, and how it stands today."""

    name: str
    href: str
    why: str
    stood: tuple[Stood, ...]
    now: Standing | None
    item: int | None = None
    lead: int | None = None
    leader: int | None = None
    part_of: int | None = None

    @property
    def last(self) -> Stood:
        return self.stood[-1]

    @property
    def turned(self) -> bool:
        """Whether its light today is another than while the old value counted, last."""
        return self.now is not None and self.now.light != self.last.light


@dataclass(frozen=True)
class Told:
    """A message that used the old value. `named`: it told of the item itself; otherwise its counts held it."""

    message: int
    recipient: int
    name: str
    kind: str
    subject: str
    at: dt.datetime
    state: str
    named: bool
    turned: bool  # the light that it counted is another today

    @property
    def misled(self) -> bool:
        """Whether the recipient has to be told anew."""
        return self.named or self.turned


@dataclass(frozen=True)
class Uses:
    """All that used the old value of a correction."""

    items: tuple[Used, ...] = ()
    nodes: tuple[Used, ...] = ()
    closings: tuple[tuple[str, str], ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True)
class CorrectionPage:
    report: ProgressReport
    old: ProgressReport
    uses: Uses
    hands: tuple[Hand, ...] = ()
    again: tuple[Message, ...] = field(default=())  # who was told the new value


def correction_page(person: Person, pk: int) -> CorrectionPage | None:
    """None where there is no such correction for this person. 12 statements at most."""
    report = ProgressReport.objects.visible_to(person).filter(pk=pk, corrects__isnull=False).select_related(*_WITH).first()
    if report is None or report.corrects is None:
        return None
    again = (
        Message.objects.of(report.government_id).filter(kind=Message.Kind.CORRECTED, occasion=occasion_of(report)).select_related("recipient").order_by("pk")
    )
    return CorrectionPage(report, report.corrects, uses_of(report), tuple(hands_of(report)), tuple(again))


_WITH = (
    "measure",
    "period__cycle",
    "duty__department",
    "government",
    "submitted_by",
    "endorsed_by",
    "accepted_by",
    "corrects__submitted_by",
    "corrects__accepted_by",
)


def occasion_of(report: ProgressReport) -> str:
    """The occasion of what is told of a correction."""
    return f"report:{report.pk}"


def uses_of(report: ProgressReport) -> Uses:
    """What stood on the value that a correction takes the place of, from when it was accepted until the correction was. 9 statements at most."""
    old = report.corrects
    if old is None or old.accepted_at is None:
        return Uses()
    runs = _runs(old, report)
    if not runs:
        return Uses()
    standings = list(
        Standing.objects.of(report.government_id)
        .filter(Q(item__measure=old.measure_id) | Q(target__against=old.measure_id), since_run__lte=runs[-1].number)
        .filter(Q(until_run__isnull=True) | Q(until_run__gt=runs[0].number))
        .select_related("terms__item__plan", "terms__goal", "target")
        .order_by("terms__item__plan__position", "terms__item__position", "since_run")
    )
    now = _today(report.government_id)
    items = tuple(_items(standings, old, runs, now))
    nodes = tuple(_nodes([use for use in items if use.last.role != FORESEEN], standings, report.government, runs, now))
    closings = dict.fromkeys(closing for use in items for stood in use.stood for closing in stood.closings)
    return Uses(items, nodes, tuple(closings), tuple(_told(report, old, runs, items)))


def _runs(old: ProgressReport, report: ProgressReport) -> list[Run]:
    """The runs that knew the old value and not the new one, by number. 1 statement."""
    found = Run.objects.of(old.government_id).filter(at__gte=old.accepted_at).select_related("closes__cycle").order_by("number")
    return list(found.filter(at__lt=report.accepted_at) if report.accepted_at else found)


def _today(government: int) -> Mapping[str, Standing]:
    """Today's standings by subject. 1 statement."""
    pointer = Government.objects.values_list("run", flat=True).get(pk=government)
    return {each.subject: each for each in Standing.objects.of(government).at(pointer).only("subject", "light", "gap", "gap_in")}


def _items(standings: Iterable[Standing], old: ProgressReport, runs: list[Run], now: Mapping[str, Standing]) -> Iterable[Used]:
    groups: dict[int, list[tuple[Standing, str]]] = defaultdict(list)
    for standing in standings:
        role = role_of(standing, old)
        if role and standing.item_id is not None and _seen_by(standing, runs):
            groups[standing.item_id].append((standing, role))
    for item, group in groups.items():
        terms = group[-1][0].terms
        if terms is None:
            continue
        plan, code = terms.item.plan.code, terms.item.code
        yield Used(
            str(terms), reverse("item", args=[plan, code]), reverse("item-why", args=[plan, code]), tuple(_stood(s, runs, role) for s, role in group),
            now.get(f"item:{item}"), item, terms.lead_id, terms.leader_id, terms.item.part_of_id,
        )  # fmt: skip


def role_of(standing: Standing, old: ProgressReport) -> str:
    """What a standing took the old value for; "" where it did not use it."""
    facts, terms = standing.facts, standing.terms
    if terms is None:
        return ""
    if standing.report_id == old.pk:
        return JUDGED
    if terms.item.kind == Item.Kind.TASK:
        return STEPS
    day, text = old.cut_off.isoformat(), None if old.value is None else show(Fraction(old.value))
    later = (facts.get("cut_off") or "") > day
    if terms.item.measure_id != old.measure_id:
        return COMPARED if facts.get("cut_off") == day and facts.get("benchmark") == text else ""
    if terms.average and later:
        return AVERAGED
    if terms.baseline is None and terms.reading != Terms.Reading.VALUE and facts.get("base") == text:
        return BASE
    if terms.baseline is None and facts.get("start") == text and (facts.get("start_on") or "") >= day and terms.accrual != Terms.Accrual.CUMULATIVE:
        return START
    return FORESEEN if facts.get("forecast") and later else ""


def _seen_by(standing: Standing, runs: list[Run]) -> list[Run]:
    """The runs among these that saw a standing."""
    numbers = [run.number for run in runs]
    first = bisect_left(numbers, standing.since_run)
    last = len(numbers) if standing.until_run is None else bisect_left(numbers, standing.until_run)
    return runs[first:last]


def _stood(standing: Standing, runs: list[Run], role: str = JUDGED) -> Stood:
    seen = _seen_by(standing, runs)
    closings = tuple((run.closes.occasion, run.closes.title) for run in seen if run.closes)
    return Stood(standing.light, standing.gap, standing.gap_in, seen[0].as_of, seen[-1].as_of, role, closings)


def _nodes(items: list[Used], standings: Iterable[Standing], government: Government, runs: list[Run], now: Mapping[str, Standing]) -> Iterable[Used]:
    """The goals, plans and departments above, and the government, in which these items were added up. 4 statements."""
    above = _above([s.terms for s in standings if s.terms and s.item_id in {use.item for use in items}], government)
    found: dict[str, list[Standing]] = defaultdict(list)
    rows = Standing.objects.of(government).filter(subject__in=above, since_run__lte=runs[-1].number).order_by("since_run")
    for row in rows.filter(Q(until_run__isnull=True) | Q(until_run__gt=runs[0].number)).defer("facts", "counts"):
        if _seen_by(row, runs):
            found[row.subject].append(row)
    for subject, (name, href, why) in above.items():
        if subject in found:
            yield Used(name, href, why, tuple(_stood(row, runs) for row in found[subject]), now.get(subject))


def _above(terms: list[Terms], government: Government) -> dict[str, tuple[str, str, str]]:
    """By subject the name, the page and the explanation of every node above these terms. 2 statements."""
    prefixes = {(t.goal.plan_id, "/".join(parts[:n]) + "/") for t in terms for parts in [t.goal.path.rstrip("/").split("/")] for n in range(1, len(parts) + 1)}
    paths = Q(pk__in=[])
    for plan, path in prefixes:
        paths |= Q(plan=plan, path=path)
    found: dict[str, tuple[str, str, str]] = {}
    for goal in Goal.objects.filter(paths).select_related("plan").order_by("plan__position", "path"):
        place = anchor(goal.path)
        found[f"goal:{goal.pk}"] = str(goal), f"{reverse('plan', args=[goal.plan.code])}#{place}", reverse("goal-why", args=[goal.plan.code, place])
    for plan_row in dict.fromkeys(t.item.plan for t in terms if t.item.part_of_id is None):
        found |= _plan_above(plan_row)
    for lead in Department.objects.filter(pk__in={t.lead_id for t in terms}).order_by("position"):
        found[f"department:{lead.pk}"] = str(lead), reverse("department", args=[lead.code]), reverse("department-why", args=[lead.code])
    return found | {f"government:{government.pk}": (str(government), reverse("overview"), reverse("overview-why"))}


def _plan_above(plan: Plan) -> dict[str, tuple[str, str, str]]:
    return {f"plan:{plan.pk}": (str(plan), reverse("plan", args=[plan.code]), reverse("plan-why", args=[plan.code]))}


def _told(report: ProgressReport, old: ProgressReport, runs: list[Run], items: tuple[Used, ...]) -> Iterable[Told]:
    """The messages that a person has or may get in which the old value stood, by name or in a count. 1 statement."""
    made = Message.objects.of(report.government_id).filter(kind__in=TOLD_BY, made_at__gte=old.accepted_at).exclude(state=Message.State.DROPPED)
    numbers = {run.number for run in runs}
    judged = [use for use in items if use.last.role in (JUDGED, STEPS)]
    for message in made.select_related("recipient").defer("html", "text").order_by("made_at", "pk"):
        facts = message.facts
        named = old.pk in facts.get("reports", ()) and facts.get("run") in numbers
        counted = [use for use in judged if facts.get("run") in numbers and _covers(facts.get("scope"), use, message.recipient_id)]
        if named or counted:
            yield Told(
                message.pk, message.recipient_id, message.recipient.name, str(message.get_kind_display()), message.subject, message.sent_at or message.made_at,
                str(message.get_state_display()), named, any(use.turned for use in counted),
            )  # fmt: skip


def _covers(scope: Mapping[str, object] | None, use: Used, recipient: int) -> bool:
    """Whether a digest of this scope counted an item; unknown of digests that do not say their scope."""
    if scope is None:
        return False
    departments = scope.get("departments") or ()
    if not departments:
        return use.part_of is None
    return use.lead in departments or (bool(scope.get("leads")) and use.leader == recipient)  # type: ignore[operator]


def role_words(role: str) -> str:
    """What a value was used for, in words."""
    return {
        JUDGED: _("判定值"), STEPS: _("节点"), START: _("起点"), BASE: _("期初数"), COMPARED: _("比对值"), AVERAGED: _("年均"), FORESEEN: _("走势"),
    }[role]  # fmt: skip
