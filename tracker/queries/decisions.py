"""需要决定: what waits for somebody to decide, by the alerts that are open; nothing else is called a decision."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from people.access import Person
from people.language import in_language
from people.models import Role
from people.prepared import Prepared, PreparedOfIds
from plans.models import Item, Plan, Terms
from tracker import alert_words
from tracker.models import Alert

STUCK = (Alert.Rule.WILL_MISS, Alert.Rule.STALLED, Alert.Rule.STEP_OVERDUE)  # what lags or is not reported stands in lists of its own
UNANSWERED = Q(note="") | Q(noted_by__department=F("department"))  # whom an alert is about does not take it off the others' lists
WAITS = UNANSWERED & (Q(rule__in=STUCK, rung=Alert.Rung.LEADER) | Q(rule=Alert.Rule.CONFLICT, facts__kind="hard"))


PUBLISHED = (Plan.State.PUBLISHED, Plan.State.CLOSED)
SHOWN = 6
FIELDS = (
    "pk",
    "item_id",
    "item__code",
    "item__plan__code",
    "item__plan__state",
    "rule",
    "rung",
    "facts",
    "since",
    "subject",
    "department__name",
    "department__name_en",
)


@dataclass(frozen=True)
class Decision:
    """An item on which somebody has to decide, by the alert of it that has waited longest: its rule and what it says, since when, and
    whether the leader has been told."""

    name: str
    plan: str
    code: str
    department: str
    rule: str
    detail: str
    since: dt.date
    told: bool


@dataclass(frozen=True)
class Decisions:
    """The ids of the alerts that wait, and the first of them in words."""

    alerts: list[int]
    first: list[Decision]

    @property
    def n(self) -> int:
        return len(self.alerts)


def readable(person: Person) -> QuerySet[Alert]:
    """The alerts of a person's rights, without those of plans that he may not read yet."""
    items = Item.objects.visible_to(person)
    asked = Q(item__isnull=True, duty__isnull=True) | Q(item__in=items) | Q(item__isnull=True, duty__measure__in=items.values("measure"))
    return Alert.objects.visible_to(person).filter(asked)


def waiting(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Of open alerts those that wait for a decision and that nobody has answered: of an item the one that has waited longest."""
    longer = Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk"))
    earlier = Alert.objects.open().filter(WAITS, longer, item=OuterRef("item"))
    return alerts.filter(WAITS, closed_at__isnull=True).filter(~Exists(earlier))


def of_portfolio(alerts: QuerySet[Alert], person: Person) -> QuerySet[Alert]:
    """Alerts of what a leader is in charge of: his departments, and the items that are his own."""
    own = Terms.objects.of(person.government_id).filter(leader=person.id, published_at__isnull=False).values("item")
    return alerts.filter(Q(department__in=person.portfolio) | Q(item__in=own))


STAMP = (Count("pk"), Max("pk"), Sum("pk"), Sum("rung"), Count("pk", filter=~Q(note="")), Max("noted_at"))
_open = Prepared(
    lambda government: Alert.objects.of(government).open().order_by().values_list("government").annotate(**{f"s{n}": s for n, s in enumerate(STAMP)}), -1
)


def stamp(government: int) -> tuple[Any, ...]:
    """Differs whenever an alert of the government was opened, closed, raised or answered. 1 statement."""
    return tuple(_open(government))


def decisions(person: Person, portfolio: bool, day: dt.date) -> Decisions:
    """What waits, the longest first; of an unpublished plan for those alone who read drafts. 3 statements."""
    if person.reads_all and not portfolio:
        found = _waiting(person.government_id)
    else:
        alerts = Alert.objects.visible_to(person)
        found = list(_rows(waiting(of_portfolio(alerts, person) if portfolio else alerts)))
    if not person.has(Role.SUPERVISOR, Role.AUDITOR):
        found = [row for row in found if row["item__plan__state"] in PUBLISHED]
    return Decisions([row["pk"] for row in found], _told(found[:SHOWN], day))


def _rows(alerts: QuerySet[Alert]) -> QuerySet[Any]:
    return alerts.filter(item__isnull=False).order_by("since", "pk").values(*FIELDS)


_waiting = Prepared(lambda government: _rows(waiting(Alert.objects.of(government))), -1)


_terms = PreparedOfIds(lambda day, items: Terms.objects.in_force(day).filter(item__in=items).values_list("item", "name", "name_en"), dt.date(1, 2, 3))


def _told(found: list[dict[str, Any]], day: dt.date) -> list[Decision]:
    """The alerts with the names of their items and steps. 2 statements."""
    steps = alert_words.step_names(row["subject"] for row in found)
    names = {item: in_language(name, name_en) for item, name, name_en in _terms(day, ids=[row["item_id"] for row in found])}
    return [
        Decision(
            names.get(row["item_id"], row["item__code"]), row["item__plan__code"], row["item__code"],
            in_language(row["department__name"], row["department__name_en"]), str(Alert.Rule(row["rule"]).label),
            alert_words.detail(row["rule"], row["facts"], step=steps.get(row["subject"], "")), row["since"], row["rung"] == Alert.Rung.LEADER,
        )
        for row in found
    ]  # fmt: skip
