"""Alerts as their page shows them: a row an alert, and one of them whole with its story. A fixed number of statements."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _t

from people import clock
from people.access import Person
from people.language import in_language
from people.models import AuditEntry, Department, Portfolio
from plans.models import Terms
from tracker import alert_words
from tracker.models import Alert
from tracker.models.periods import period_title
from tracker.queries.decisions import readable

Rule = Alert.Rule
FIELDS = (
    "pk", "rule", "subject", "since", "rung", "opened_at", "escalated_at", "closed_at", "note", "facts", "item_id", "item__code", "item__plan__code",
    "department__code", "department__name", "department__name_en", "department__short", "duty__measure__name", "duty__measure__name_en",
    "duty__period__year", "duty__period__number", "duty__period__cycle__frequency",
)  # fmt: skip


@dataclass(frozen=True)
class AlertRow:
    """An alert in words. `plan` and `code` name its item, where it has one; `age` counts days since its cause."""

    pk: int
    rule: str
    name: str
    detail: str
    department: str
    short: str
    department_code: str
    plan: str
    code: str
    since: dt.date
    age: int
    rung: str
    noted: bool
    closed: bool


@dataclass(frozen=True)
class Note:
    by: str
    at: dt.datetime
    words: str


@dataclass(frozen=True)
class AlertPage:
    """One alert whole: its row, its turns as instants, every note that was ever given, the leader whom it reaches."""

    alert: Alert
    row: AlertRow
    notes: list[Note]
    leader: str


def open_or_closed(person: Person, closed: bool) -> QuerySet[Alert]:
    """The alerts that a person may read, open or closed."""
    return readable(person).filter(closed_at__isnull=not closed)


def departments_of(person: Person) -> list[tuple[str, str]]:
    """The departments that a person may narrow the list to; none for whom there is only his own. 1 statement at most."""
    return [(d.code, d.short_title) for d in Department.objects.visible_to(person)] if person.reads_all else []


def chip_counts(alerts: QuerySet[Alert]) -> dict[str, dict[str, int]]:
    """How many of the alerts each rule has, and how many nobody has answered. 1 statement."""
    rules: dict[str, Any] = {rule.value: Count("pk", filter=Q(rule=rule)) for rule in Rule}
    counts = alerts.order_by().aggregate(**rules, unnoted=Count("pk", filter=Q(note="")))
    return {"rule": {rule: counts[rule] for rule in rules}, "unnoted": {"1": counts["unnoted"]}}


def rows(found: Iterable[Mapping[str, Any]], day: dt.date, zone: str) -> list[AlertRow]:
    """The rows of `.values(*FIELDS)`. 2 statements."""
    found = list(found)
    terms = Terms.objects.in_force(day).filter(item__in={row["item_id"] for row in found if row["item_id"]})
    names = {item: in_language(name, name_en) for item, name, name_en in terms.values_list("item", "name", "name_en")}
    steps = alert_words.step_names(row["subject"] for row in found)
    return [_row(row, names, steps, clock.day_of(row["closed_at"], zone) if row["closed_at"] else day) for row in found]


def _row(row: Mapping[str, Any], names: Mapping[int, str], steps: Mapping[str, str], last: dt.date) -> AlertRow:
    measure = in_language(row["duty__measure__name"] or "", row["duty__measure__name_en"] or "")
    return AlertRow(
        row["pk"], str(Rule(row["rule"]).label), names.get(row["item_id"], row["item__code"] or measure or row["subject"]),
        alert_words.detail(row["rule"], row["facts"], period_of(row), steps.get(row["subject"], "")),
        in_language(row["department__name"], row["department__name_en"]), in_language(row["department__short"], row["department__name_en"]),
        row["department__code"], row["item__plan__code"] or "", row["item__code"] or "", row["since"], (last - row["since"]).days,
        str(Alert.Rung(row["rung"]).label), bool(row["note"]), row["closed_at"] is not None,
    )  # fmt: skip


def period_of(row: Mapping[str, Any]) -> str:
    """The period of the duty, where the alert is of one."""
    frequency = row["duty__period__cycle__frequency"]
    return period_title(frequency, row["duty__period__year"], row["duty__period__number"]) if frequency else ""


def alert_page(person: Person, pk: int, day: dt.date) -> AlertPage | None:
    """None where there is no such alert for this person. 6 statements."""
    alert = readable(person).select_related("department", "item__plan", "noted_by").filter(pk=pk).first()
    if alert is None:
        return None
    row = rows(Alert.objects.filter(pk=pk).values(*FIELDS), day, person.user.government.zone)[0]
    leaders = Portfolio.objects.of(person.government_id).open_on(day).filter(department=alert.department_id)
    return AlertPage(alert, row, notes_of(alert), _t("、").join(leaders.values_list("user__name", flat=True)))


def notes_of(alert: Alert) -> list[Note]:
    """Every note, the first one first, as the audit trail keeps them. 1 statement."""
    trail = AuditEntry.objects.of(alert.government_id).filter(subject=f"alert:{alert.pk}", verb="alert.noted").order_by("position")
    return [Note(name or "", at, json.loads(body)["facts"]["note"]) for name, at, body in trail.values_list("actor__name", "at", "body")]
