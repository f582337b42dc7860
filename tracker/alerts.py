"""roll-up → alert: opens what has a cause, raises what grows old, closes what has none any more. Nobody deletes one.

`sweep` is gather (fixed SQL) → decide (pure) → store. It may run at any time, again, and twice at once: what is open is unique.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Government, Role
from people.workdays import Calendar
from tracker.causes import Cause, Rule, Rung, causes, gather
from tracker.models import Alert, Duty
from tracker.periods import insert_missing
from tracker.turns import worded

NEVER = None
# Working days of age at which an alert reaches the reporter, the reviewer, the supervisor, the leader; docs/alerts.md shows it.
LADDER: dict[str, tuple[int | None, int | None, int | None, int | None]] = {
    Rule.LAGGING: (0, 5, 10, 20),
    Rule.STALLED: (0, 5, 10, 20),
    Rule.WILL_MISS: (0, 5, 10, 20),
    Rule.CONFLICT: (NEVER, NEVER, 0, 20),
    Rule.DUE_SOON: (0, NEVER, NEVER, NEVER),
    Rule.OVERDUE: (0, 1, 3, 5),
    Rule.REVIEW_OVERDUE: (NEVER, 0, 2, 5),
    Rule.STEP_OVERDUE: (0, 5, 10, 20),
    Rule.TOTAL_FELL: (NEVER, 0, 3, NEVER),
}


class Closed(Exception):
    """The alert has closed itself in the meantime."""


@dataclass(frozen=True)
class Swept:
    """How many alerts a sweep opened, raised and closed; `open`: how many there are after it."""

    opened: int = 0
    raised: int = 0
    closed: int = 0
    open: int = 0


@dataclass(frozen=True)
class OpenAlert:
    """What a decision looks at of an alert that is open."""

    id: int
    rule: str
    subject: str
    occasion: str
    since: dt.date
    rung: int
    department_id: int

    @property
    def key(self) -> tuple[str, str, str]:
        return self.rule, self.subject, self.occasion


@dataclass
class Decided:
    """What is to be stored. `moves`: (alert's id, rung, department) of those that rise or go to another department."""

    new: list[tuple[Cause, int]] = field(default_factory=list)
    moves: list[tuple[int, int, int]] = field(default_factory=list)
    over: list[int] = field(default_factory=list)


def due(government: Government, at: dt.datetime) -> str:
    """The sweep that is due at the instant: once a day, after every roll-up, and when a duty falls due. 2 statements."""
    day = clock.day_of(at, government.zone)
    run = Government.objects.values_list("run", flat=True).get(pk=government.pk)
    return f"{day}:{run}:{Duty.objects.of(government).overdue(at, day).count()}"


def sweep(government: Government, at: dt.datetime) -> Swept:
    """Brings the alerts of a government to what they should be at the instant. 16 statements at most; what it changes is one transaction."""
    seen = gather(government, at)
    decided = decide(causes(seen), _open(government), seen.calendar, seen.day)
    with transaction.atomic():
        closed = _close(decided.over, at)
        raised = _move(decided.moves, at)
        opened = _insert(government, decided.new, at)
        return Swept(opened, raised, closed, Alert.objects.of(government).open().count())


def decide(found: Iterable[Cause], alerts: Iterable[OpenAlert], calendar: Calendar, day: dt.date) -> Decided:
    """Pure: the causes that there are, against the alerts that are open."""
    decided, wanted = Decided(), {cause.key: cause for cause in found}
    for alert in alerts:
        cause = wanted.pop(alert.key, None)
        if cause is None:
            decided.over.append(alert.id)
            continue
        reached = alert.rung if cause.excused else rung_of(alert.rule, alert.since, calendar, day, cause.starts)
        rung = max(alert.rung, reached)
        if (rung, cause.department_id) != (alert.rung, alert.department_id):
            decided.moves.append((alert.id, rung, cause.department_id))
    decided.new = [(c, c.starts if c.excused else rung_of(c.rule, c.since, calendar, day, c.starts)) for c in wanted.values()]
    return decided


def rung_of(rule: str, since: dt.date, calendar: Calendar, day: dt.date, starts: int = Rung.REPORTER) -> int:
    """The rung that an alert of this age has reached: the highest one whose working days are full, and not below where it starts."""
    age = calendar.workdays_after(since, day)
    return max([starts, *(rung for rung, days in enumerate(LADDER[rule]) if days is not None and days <= age)])


def note(alert: Alert, by: Person, at: dt.datetime, text: str) -> None:
    """Acknowledges an alert with a note; the last note shows, the audit trail keeps all.

    Raises: PermissionDenied; Refused without a text, or with one that is too long; Closed.
    """
    if not may_note(alert, by):
        raise PermissionDenied
    words = worded("note", text, _("写明已做什么、由谁、何时"))
    with transaction.atomic():
        still_open = Alert.objects.filter(pk=alert.pk, closed_at__isnull=True)
        earlier = still_open.values_list("note", flat=True).first() or ""
        if still_open.update(note=words, noted_by=by.user, noted_at=at) != 1:
            raise Closed
        facts = {"rule": alert.rule, "note": words} | ({"before": {"note": earlier}, "after": {"note": words}} if earlier else {})
        audit.record(alert.government_id, actor=by.user, verb="alert.noted", subject=f"alert:{alert.pk}", at=at, facts=facts)


def may_note(alert: Alert, by: Person) -> bool:
    """Who supervises or leads, and the reporters and reviewers of its department."""
    if alert.government_id != by.government_id:
        return False
    return by.has(Role.SUPERVISOR, Role.LEADER) or (by.department_id == alert.department_id and by.has(Role.REPORTER, Role.REVIEWER))


def _open(government: Government) -> list[OpenAlert]:
    rows = Alert.objects.of(government).open().order_by("id")
    return [OpenAlert(*row) for row in rows.values_list("id", "rule", "subject", "occasion", "since", "rung", "department")]


def _close(over: Sequence[int], at: dt.datetime) -> int:
    return _each("closed_at = %s", [(at, pk) for pk in over])


def _move(moves: Sequence[tuple[int, int, int]], at: dt.datetime) -> int:
    """Raises and re-addresses; the instant of the escalation moves only where the rung does."""
    rising = "escalated_at = CASE WHEN rung < %s THEN %s ELSE escalated_at END, rung = %s, department_id = %s"
    return _each(rising, [(rung, at, rung, department, pk) for pk, rung, department in moves])


def _each(assignment: str, rows: Sequence[tuple[object, ...]]) -> int:
    """One UPDATE of many open alerts, each with its own values; the last one is its id. Returns how many rows it changed."""
    if not rows:
        return 0
    table = connection.ops.quote_name(Alert._meta.db_table)
    adapted: list[list[Any]] = [[connection.ops.adapt_datetimefield_value(v) if isinstance(v, dt.datetime) else v for v in row] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {assignment} WHERE id = %s AND closed_at IS NULL", adapted)  # noqa: S608
        return cursor.rowcount


def _insert(government: Government, new: Sequence[tuple[Cause, int]], at: dt.datetime) -> int:
    """Opens what is new; an occasion that was open before stays closed. Returns how many rows that makes."""
    if not new:
        return 0
    before = Alert.objects.of(government).count()
    insert_missing(Alert, [_row(government, cause, rung, at) for cause, rung in new])
    return Alert.objects.of(government).count() - before


def _row(government: Government, cause: Cause, rung: int, at: dt.datetime) -> Alert:
    return Alert(
        government=government, rule=cause.rule, subject=cause.subject, occasion=cause.occasion, department_id=cause.department_id, item_id=cause.item_id,
        duty_id=cause.duty_id, since=cause.since, opened_at=at, rung=rung, escalated_at=at if rung > cause.starts else None, facts=cause.facts,
    )  # fmt: skip
