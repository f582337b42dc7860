"""review → roll-up: gather (fixed SQL) → judge (pure) → store what changed → move the pointer. One transaction a government."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q

from people import clock, failpoints
from people.models import Government
from people.workdays import calendar_of
from plans.models import Amendment, Likeness, Terms
from tracker import boards, recalling
from tracker.gathering import READ_STATES, gather, in_time
from tracker.judging import Judged, judge
from tracker.known import INSTANT, Known, Moment
from tracker.models import Criterion, CriterionDemand, Duty, Period, ProgressReport, Run, Standing
from tracker.models.standings import Light


class Overtaken(RuntimeError):
    """Another roll-up of the same government moved the pointer first; nothing of this one was kept."""


def take(government: Government, at: dt.datetime, closes: Period | None = None) -> Run:
    """Rolls a government up as of the instant and makes it the current run.

    With `closes` it is the one run that keeps that period's closing, and what was reported after the period and its own duty
    were due is left out. All or nothing: readers see the run before until the pointer moves, last of all. Raises: Overtaken.
    """
    with transaction.atomic():
        number = Government.objects.values_list("run", flat=True).get(pk=government.pk) + 1
        saw = seen(government)
        known = learn(government, Moment(clock.day_of(at, government.zone), at))
        if closes is not None:
            known = Known(in_time(known.rows, closes.due_at), known.calendar, known.moment)
        written = _store(government, number, judge(known))
        if closes is not None:
            Run.objects.of(government).filter(closes=closes).update(closes=None)
        run = Run.objects.create(
            government=government, number=number, as_of=known.moment.day, at=at, closes=closes, versions=known.versions(), seen=saw, written=written
        )
        if closes is not None:
            recalling.keep(run, known)
        boards.lay(run)
        failpoints.point("rollup.before_pointer")
        if not Government.objects.filter(pk=government.pk, run=number - 1).update(run=number):
            raise Overtaken(f"{government.code}: run {number}")
    government.run = number
    return run


def close(government: Government, period: Period, closing: dt.datetime, at: dt.datetime) -> Run:
    """Keeps how a period closed, as of the instant `closing`; in the same transaction the roll-up of the instant `at` follows and is the current one."""
    with transaction.atomic():
        run = take(government, closing, closes=period)
        take(government, at)
    return run


def look(government: Government, as_of: dt.date) -> list[Judged]:
    """How everything stands at the end of a day, by what was accepted and in force by then. Stores nothing."""
    return judge(learn(government, Moment(as_of, clock.end_of(as_of, government.zone) - INSTANT)))


def learn(government: Government, moment: Moment, measures: Iterable[int] | None = None) -> Known:
    """All that was known at a moment; with `measures` only of the items that read these. A fixed number of statements."""
    return Known(gather(government, measures), calendar_of(government), moment)


def is_due(government: Government, at: dt.datetime) -> bool:
    """Whether anything that a roll-up reads has changed since the last one, or a standing's day to wake has come."""
    last = Run.objects.of(government).order_by("-number").values_list("seen", flat=True).first()
    if last is None:
        return Terms.objects.of(government).published().exists()
    return last != seen(government) or _wakes(government, clock.day_of(at, government.zone))


def seen(government: Government) -> dict[str, Any]:
    """What there is for a roll-up to read, in counts: they differ whenever a report, terms, a link, a criterion or a duty came or went. 7 statements.

    Counts, not instants: a row that is committed late, under an earlier instant, is seen too.
    """
    accepted = Q(state=ProgressReport.State.ACCEPTED)
    reports = (
        ProgressReport.objects.of(government)
        .filter(state__in=READ_STATES)
        .aggregate(accepted=Count("pk", filter=accepted), waiting=Count("pk", filter=~accepted), submitted=Max("submitted_at", filter=~accepted))
    )
    return {
        **reports,
        "submitted": reports["submitted"].isoformat() if reports["submitted"] else None,
        "terms": Terms.objects.of(government).published().count(),
        "amendments": Amendment.objects.of(government).filter(state=Amendment.State.PUBLISHED).count(),
        "duties": Duty.objects.of(government).count(),
        "links": Likeness.objects.of(government).filter(kind=Likeness.Kind.SAME, state=Likeness.State.DECIDED).count(),
        "criteria": Criterion.objects.of(government).accepted().count(),
        "demands": CriterionDemand.objects.of(government).count(),
    }


def finished(government: Government) -> set[int]:
    """The measures that owe no more reports: every item that reads them is closed, or done and reached. 1 statement."""
    owing: dict[int, bool] = {}
    rows = Standing.objects.of(government).at(government.run).filter(item__isnull=False)
    for measure, light, facts in rows.values_list("item__measure", "light", "facts"):
        owing[measure] = owing.get(measure, False) or not (light == Light.BLUE or facts.get("closed"))
    return {measure for measure, owes in owing.items() if not owes}


def _wakes(government: Government, day: dt.date) -> bool:
    first = Standing.objects.of(government).filter(until_run__isnull=True).aggregate(first=Min("wake_on"))["first"]
    return first is not None and first <= day


def _store(government: Government, number: int, judged: Iterable[Judged]) -> int:
    """Writes the standings that changed, as beginning with this run, and ends what they replace. Returns how many it wrote. At most 4 statements."""
    open_ones = {row["subject"]: row for row in Standing.objects.of(government).filter(until_run__isnull=True).values()}
    new: list[Standing] = []
    wakes: list[tuple[Any, ...]] = []
    for each in judged:
        row = open_ones.get(each.subject)
        if row is None or not each.says_the_same_as(row):
            new.append(Standing(government=government, since_run=number, **each.columns()))
            continue
        del open_ones[each.subject]
        if row["wake_on"] != each.wake_on:
            wakes.append((each.wake_on, row["id"]))
    _set("until_run", [(number, row["id"]) for row in open_ones.values()])
    _set("wake_on", wakes)
    _insert(new)
    return len(new)


def _set(column: str, pairs: Sequence[tuple[Any, ...]]) -> None:
    """Sets one column of many standings, each to its own value: pairs of (value, id). One statement."""
    fields: dict[str, Any] = {f.name: f for f in Standing._meta.concrete_fields}
    if pairs:
        values = [(fields[column].get_db_prep_save(value, connection), key) for value, key in pairs]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {Standing._meta.db_table} SET {column} = %s WHERE id = %s", values)  # noqa: S608  names of our own


def _insert(rows: Sequence[Standing]) -> None:
    """Inserts standings in one statement, where `bulk_create` on SQLite would split at 999 parameters."""
    fields = [f for f in Standing._meta.concrete_fields if not f.primary_key]
    columns, marks = ", ".join(str(f.column) for f in fields), ", ".join(["%s"] * len(fields))
    values = [[f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {Standing._meta.db_table} ({columns}) VALUES ({marks})", values)  # noqa: S608  names of our own
