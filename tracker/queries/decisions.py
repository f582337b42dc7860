"""需要决定: what waits for somebody to decide, by the alerts that are open; nothing else is called a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from people.access import Person
from people.language import in_language
from people.prepared import Prepared
from plans.models import Item, Terms
from tracker import alert_words
from tracker.models import Alert
from tracker.queries.looking import Look

STUCK = (Alert.Rule.WILL_MISS, Alert.Rule.STALLED, Alert.Rule.STEP_OVERDUE)  # what lags or is not reported stands in lists of its own
UNANSWERED = Q(note="") | Q(noted_by__department=F("department"))  # whom an alert is about does not take it off the others' lists
WAITS = UNANSWERED & (Q(rule__in=STUCK, rung=Alert.Rung.LEADER) | Q(rule=Alert.Rule.CONFLICT, facts__kind="hard"))


@dataclass(frozen=True)
class Decision:
    """An item on which somebody has to decide: `rules`, why; `alert`, the one that has waited longest."""

    alert: Alert
    name: str
    plan: str
    code: str
    department: str
    detail: str


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


def decisions(person: Person, portfolio: bool) -> list[Alert]:
    """The alerts that wait, the longest first. 1 statement."""
    found = waiting(readable(person))
    if portfolio:
        found = of_portfolio(found, person)
    return list(found.select_related("item__plan", "department").order_by("since", "pk"))


def told(alerts: Iterable[Alert], seen: Look) -> list[Decision]:
    """The alerts with the names of their items and steps. 2 statements."""
    alerts = list(alerts)
    steps = alert_words.step_names(alert.subject for alert in alerts)
    names = {t.item_id: in_language(t.name, t.name_en) for t in Terms.objects.in_force(seen.day).filter(item__in=[a.item_id for a in alerts if a.item_id])}
    return [
        Decision(
            alert, names.get(alert.item.pk, alert.item.code), alert.item.plan.code, alert.item.code, str(alert.department),
            alert_words.detail(alert.rule, alert.facts, step=steps.get(alert.subject, "")),
        )
        for alert in alerts
        if alert.item is not None
    ]  # fmt: skip
