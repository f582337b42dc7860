"""What an alert is opened for: the causes that there are on a day. `gather` reads, in a fixed number of statements; `causes` is pure.

A condition (occasion '') lasts as long as its cause; an occasion is a day on which something was due, and opens once.
`since` is the day from which an alert's age is counted: for what is late, the day on which it was due.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from people import clock
from people.models import Government, Role, RoleGrant
from people.workdays import Calendar, calendar_of
from plans.models import Conflict, Item, Step, Terms
from tracker.models import Alert, Duty, Excuse, ProgressReport, ReportEvent, Run, Standing
from tracker.models.standings import LAGGING, Light
from tracker.reviewing import REVIEW_WORKDAYS

DAY = dt.timedelta(days=1)
REMIND_DAYS = (3, 1)  # days before the last one on which a reminder is due; one on a day off moves to the working day before

Rule = Alert.Rule
Rung = Alert.Rung
State = ProgressReport.State


@dataclass(frozen=True)
class Cause:
    """Why there should be an alert. `starts`: the rung at which it begins; `facts`: what its page says beside it."""

    rule: str
    subject: str
    department_id: int
    since: dt.date
    occasion: str = ""
    item_id: int | None = None
    duty_id: int | None = None
    starts: int = Rung.REPORTER
    excused: bool = False  # a 正当理由 holds: it rises no further
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.rule, self.subject, self.occasion


@dataclass(frozen=True)
class ItemRow:
    """Where an item stands now, `as_of` since which day, and the promise that it stands by."""

    item_id: int
    measure_id: int
    kind: str
    lead_id: int
    accrual: str
    reading: str
    profile: str
    baseline: Decimal | None
    counts_from: dt.date | None
    light: str
    gap: Decimal | None
    gap_in: str
    facts: dict[str, Any]
    as_of: dt.date | None


@dataclass(frozen=True)
class DutyRow:
    id: int
    measure_id: int
    department_id: int
    start: dt.date
    end: dt.date
    due_at: dt.datetime
    done_at: dt.datetime | None
    excused_until: dt.date | None
    returned_at: dt.datetime | None


@dataclass(frozen=True)
class ReviewRow:
    """A report under review. `acts_from`: the instant from which its reviewer or supervisor has had it."""

    id: int
    state: str
    measure_id: int
    duty_id: int
    department_id: int
    period_end: dt.date
    value: Decimal | None
    submitted_at: dt.datetime | None
    endorsed_at: dt.datetime | None

    @property
    def acts_from(self) -> dt.datetime | None:
        return self.endorsed_at if self.state == State.ENDORSED else self.submitted_at


@dataclass(frozen=True)
class ValueRow:
    measure_id: int
    period_end: dt.date
    cut_off: dt.date
    value: Decimal | None


@dataclass(frozen=True)
class StepRow:
    id: int
    item_id: int
    lead_id: int
    name: str
    due_on: dt.date


@dataclass(frozen=True)
class ConflictRow:
    id: int
    kind: str
    department_id: int
    item_id: int


@dataclass(frozen=True)
class Seen:
    """All that is looked at for a government's alerts, at one instant."""

    at: dt.datetime
    zone: str
    calendar: Calendar
    items: list[ItemRow]
    duties: list[DutyRow]
    reviews: list[ReviewRow]
    values: dict[int, list[ValueRow]]  # current accepted values by measure, in the order of their periods
    steps: list[StepRow]  # past their day, of the promises in force
    conflicts: list[ConflictRow]
    reviewed: frozenset[int]  # departments that have a reviewer
    excused: frozenset[int] = frozenset()  # items for which an excuse holds

    @property
    def day(self) -> dt.date:
        return clock.day_of(self.at, self.zone)

    def last_day(self, due_at: dt.datetime) -> dt.date:
        """The day to which a deadline belongs: what ends at 24:00 is of the day that ends."""
        return clock.day_of(due_at - dt.timedelta(microseconds=1), self.zone)


def gather(government: Government, at: dt.datetime) -> Seen:
    """Reads what the causes are found in. 10 statements."""
    day = clock.day_of(at, government.zone)
    current = Standing.objects.of(government).at(_run(government)).filter(item__isnull=False)
    reviewers = RoleGrant.objects.of(government).open_on(day).filter(role=Role.REVIEWER, user__is_active=True)
    return Seen(
        at=at,
        zone=government.zone,
        calendar=calendar_of(government),
        items=_items(current),
        duties=_duties(government),
        reviews=_reviews(government),
        values=_values(government),
        steps=_steps(current, day),
        conflicts=_conflicts(government),
        reviewed=frozenset(reviewers.values_list("user__department", flat=True)),
        excused=frozenset(Excuse.objects.of(government).standing_on(day).values_list("item", flat=True)),
    )


def _run(government: Government) -> int:
    return Government.objects.values_list("run", flat=True).get(pk=government.pk)


def _items(current: Any) -> list[ItemRow]:
    as_of = Run.objects.filter(government=OuterRef("government"), number=OuterRef("since_run")).values("as_of")[:1]
    paths = ("item", "item__measure", "item__kind", "terms__lead", "terms__accrual", "terms__reading", "terms__profile", "terms__baseline", "target__from_on")
    rows = current.filter(terms__isnull=False).annotate(as_of=Subquery(as_of)).order_by("item")
    return [ItemRow(*row) for row in rows.values_list(*paths, "light", "gap", "gap_in", "facts", "as_of")]


def _duties(government: Government) -> list[DutyRow]:
    returned = ReportEvent.objects.filter(report__duty=OuterRef("pk"), to_state=State.RETURNED).exclude(from_state=State.RETURNED)
    rows = Duty.objects.of(government).annotate(returned_at=Subquery(returned.order_by().values("report__duty").annotate(last=Max("at")).values("last")))
    paths = ("id", "measure", "department", "period__start", "period__end", "due_at", "done_at", "excused_until", "returned_at")
    return [DutyRow(*row) for row in rows.order_by("period__end", "id").values_list(*paths)]


def _reviews(government: Government) -> list[ReviewRow]:
    rows = ProgressReport.objects.of(government).filter(state__in=(State.SUBMITTED, State.ENDORSED)).order_by("id")
    paths = ("id", "state", "measure", "duty", "duty__department", "period__end", "value", "submitted_at", "endorsed_at")
    return [ReviewRow(*row) for row in rows.values_list(*paths)]


def _values(government: Government) -> dict[int, list[ValueRow]]:
    rows = ProgressReport.objects.of(government).current().order_by("period__end", "cut_off", "id")
    found: dict[int, list[ValueRow]] = defaultdict(list)
    for row in rows.values_list("measure", "period__end", "cut_off", "value"):
        found[row[0]].append(ValueRow(*row))
    return dict(found)


def _steps(current: Any, day: dt.date) -> list[StepRow]:
    rows = Step.objects.filter(terms__in=current.values("terms"), due_on__lt=day).order_by("id")
    found = rows.values_list("id", "terms__item", "terms__lead", "name", "due_on")
    return [StepRow(pk, item, lead, name, due) for pk, item, lead, name, due in found if lead is not None and due is not None]


def _conflicts(government: Government) -> list[ConflictRow]:
    rows = Conflict.objects.of(government).filter(state=Conflict.State.OPEN, kind=Conflict.Kind.HARD).order_by("id")
    return [ConflictRow(*row) for row in rows.values_list("id", "kind", "target_a__terms__lead", "target_a__terms__item")]


def causes(seen: Seen) -> list[Cause]:
    """Every cause that there is at the instant, none twice."""
    found = [*_of_items(seen), *_of_duties(seen), *_of_reviews(seen), *_of_steps(seen), *_of_conflicts(seen)]
    return [replace(cause, excused=True) if _holds(cause, seen) else cause for cause in found] if seen.excused else found


def _holds(cause: Cause, seen: Seen) -> bool:
    """Whether an excuse holds for the cause's item; for a duty, whose figure several items may read, for every one of them."""
    if cause.item_id is not None:
        return cause.item_id in seen.excused
    measures = {duty.measure_id for duty in seen.duties if duty.id == cause.duty_id}
    readers = {item.item_id for item in seen.items if item.measure_id in measures}
    return bool(readers) and readers <= seen.excused


def _of_items(seen: Seen) -> Iterator[Cause]:
    duties = _by_measure(seen)
    for item in seen.items:
        about: dict[str, Any] = {"subject": f"item:{item.item_id}", "department_id": item.lead_id, "item_id": item.item_id}
        known = item.as_of or seen.day
        if item.light in LAGGING:
            facts = {"light": item.light, "gap": None if item.gap is None else str(item.gap), "gap_in": item.gap_in}
            yield Cause(Rule.LAGGING, since=known, facts=facts, **about)
        if (forecast := item.facts.get("forecast")) and forecast.get("miss") and not item.facts.get("closed"):
            yield Cause(Rule.WILL_MISS, since=known, facts={"forecast": forecast.get("value"), "target": item.facts.get("target")}, **about)
        if stood := stood_still(item, duties.get(item.measure_id, []), seen):
            yield Cause(Rule.STALLED, since=stood, **about)


def _by_measure(seen: Seen) -> dict[int, list[DutyRow]]:
    """The duties that were due and are settled: answered and accepted, or silent. What is under review says nothing yet."""
    waiting = {r.duty_id for r in seen.reviews}
    found: dict[int, list[DutyRow]] = defaultdict(list)
    for duty in seen.duties:
        if duty.due_at <= seen.at and duty.id not in waiting and not _excused(duty, seen.day):
            found[duty.measure_id].append(duty)
    return found


def stood_still(item: ItemRow, duties: list[DutyRow], seen: Seen) -> dt.date | None:
    """The last day of the second period in which nothing moved, though the path asks for more all the time; None where it moves.

    A number stands still where its accepted value is the one from before the two periods; a task that lags, where no step was done.
    """
    if len(duties) < 2 or item.facts.get("closed") or item.light not in (*LAGGING, Light.GREEN):
        return None
    first, second = duties[-2:]
    if item.kind == Item.Kind.TASK:
        done = [step["done"] for step in item.facts.get("steps", []) if step.get("done")]
        moved = item.light not in LAGGING or any(dt.date.fromisoformat(day) >= first.start for day in done)
    else:
        moved = item.accrual == Terms.Accrual.HELD or item.profile == Terms.Profile.AT_END or _moved(seen.values.get(item.measure_id, []), first, second)
    return None if moved else seen.last_day(second.due_at)


def _moved(values: list[ValueRow], first: DutyRow, second: DutyRow) -> bool:
    """Whether any value of the two periods differs from the last one before them; True where there is none before."""
    before = [v.value for v in values if v.period_end < first.start and v.value is not None]
    return not before or any(v.value not in (None, before[-1]) for v in values if first.start <= v.period_end <= second.end)


def _of_duties(seen: Seen) -> Iterator[Cause]:
    done = reached((item.measure_id, item.light) for item in seen.items)
    for duty in seen.duties:
        if duty.done_at is not None or duty.measure_id in done or _excused(duty, seen.day):
            continue
        last = due_day(duty, seen)
        about: dict[str, Any] = {"subject": f"duty:{duty.id}", "department_id": duty.department_id, "duty_id": duty.id, "facts": {"due": last.isoformat()}}
        if duty.due_at <= seen.at:
            yield Cause(Rule.OVERDUE, since=last, occasion=last.isoformat(), **about)
        elif (day := min(reminder_days(last, seen.calendar))) <= seen.day:
            yield Cause(Rule.DUE_SOON, since=day, occasion=last.isoformat(), **about)


def due_day(duty: DutyRow, seen: Seen) -> dt.date:
    """The day after which an unanswered duty is late: its last one, the end of an excuse, or the day on which a late report was returned."""
    days = [seen.last_day(duty.due_at)]
    if duty.excused_until:
        days.append(duty.excused_until)
    if duty.returned_at:
        days.append(clock.day_of(duty.returned_at, seen.zone))
    return max(days)


def reminder_days(last: dt.date, calendar: Calendar) -> list[dt.date]:
    """The working days on which a duty due on `last` is called to mind; those that fall into one stretch of days off are one."""
    return sorted({calendar.previous_workday(last - DAY * n) for n in REMIND_DAYS})


def _excused(duty: DutyRow, day: dt.date) -> bool:
    return duty.excused_until is not None and day <= duty.excused_until


def reached(items: Iterable[tuple[int, str]]) -> set[int]:
    """Of (measure, light): the measures that owe nothing more, because whatever reads them is reached or done."""
    lights: dict[int, set[str]] = defaultdict(set)
    for measure, light in items:
        lights[measure].add(light)
    return {measure for measure, found in lights.items() if found == {Light.BLUE}}


def _of_reviews(seen: Seen) -> Iterator[Cause]:
    totals = _totals(seen.items)
    for report in seen.reviews:
        about: dict[str, Any] = {"subject": f"report:{report.id}", "department_id": report.department_id, "duty_id": report.duty_id}
        if report.acts_from is None:
            continue
        began = clock.day_of(report.acts_from, seen.zone)
        endorsing = report.state == State.SUBMITTED and report.department_id in seen.reviewed
        last = seen.calendar.shift(began, REVIEW_WORKDAYS)
        if last < seen.day:
            starts = Rung.REVIEWER if endorsing else Rung.SUPERVISOR
            yield Cause(Rule.REVIEW_OVERDUE, since=last, occasion=f"{report.state}:{began}", starts=starts, facts={"due": last.isoformat()}, **about)
        before = _last_total(report, totals, seen) if report.measure_id in totals and report.value is not None else None
        if before is not None and report.value is not None and report.value < before:
            facts = {"before": str(before), "value": str(report.value)}
            yield Cause(Rule.TOTAL_FELL, since=began, occasion=str(report.period_end), starts=Rung.REVIEWER, facts=facts, **about)


def _totals(items: Iterable[ItemRow]) -> dict[int, dt.date | None]:
    """The measures that are running totals, each with the day after which it counts anew (None: it runs on)."""
    found: dict[int, list[ItemRow]] = defaultdict(list)
    for item in items:
        if item.accrual == Terms.Accrual.CUMULATIVE:
            found[item.measure_id].append(item)
    runs_on = {m for m, rows in found.items() if any(r.reading != Terms.Reading.VALUE or r.baseline is not None for r in rows)}
    return {m: None if m in runs_on else max((r.counts_from for r in rows if r.counts_from), default=None) for m, rows in found.items()}


def _last_total(report: ReviewRow, totals: dict[int, dt.date | None], seen: Seen) -> Decimal | None:
    since = totals[report.measure_id]
    before = [v.value for v in seen.values.get(report.measure_id, []) if v.period_end < report.period_end and (since is None or v.cut_off > since)]
    return next((value for value in reversed(before) if value is not None), None)


def _of_steps(seen: Seen) -> Iterator[Cause]:
    open_steps = {
        (item.item_id, step["name"], step["due"])
        for item in seen.items
        if item.light != Light.BLUE
        for step in item.facts.get("steps", [])
        if not step.get("done")
    }
    for step in seen.steps:
        if (step.item_id, step.name, step.due_on.isoformat()) in open_steps:
            facts = {"name": step.name, "due": step.due_on.isoformat()}
            yield Cause(Rule.STEP_OVERDUE, f"step:{step.id}", step.lead_id, step.due_on, step.due_on.isoformat(), item_id=step.item_id, facts=facts)


def _of_conflicts(seen: Seen) -> Iterator[Cause]:
    for row in seen.conflicts:
        yield Cause(Rule.CONFLICT, f"conflict:{row.id}", row.department_id, seen.day, item_id=row.item_id, starts=Rung.SUPERVISOR, facts={"kind": row.kind})
