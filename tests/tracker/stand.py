"""Standings and reports laid by hand, for tests of what is told about them."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection

from people import clock
from people.models import User
from plans.models import Target, Terms
from tests import cast
from tracker import alerts
from tracker.models import Alert, Duty, Period, ProgressReport, Run, Standing

LIGHTS = ("red", "yellow", "green", "blue", "not_due", "grey")


def roll(city: cast.City, lights: dict[str, Any], day: str, closes: Period | None = None) -> Run:
    """A run of this day in which the items named stand so: code → light, or a dict of a standing's columns; the others keep theirs."""
    government, as_of = city.government, dt.date.fromisoformat(day)
    number = government.run + 1
    run = Run.objects.create(government=government, number=number, as_of=as_of, at=cast.noon(as_of), closes=closes)
    for code, given in lights.items():
        item = city.item(code)
        terms = Terms.objects.in_force(as_of).get(item=item)
        final = Target.objects.get(terms=terms, role=Target.RoleInPath.FINAL)
        columns = {"light": given} if isinstance(given, str) else dict(given)
        columns = {"gap": Decimal({"red": -12, "yellow": -4}.get(columns["light"], 2)), "judged_at": as_of, **columns}
        Standing.objects.of(government).filter(item=item, until_run__isnull=True).update(until_run=number)
        Standing.objects.create(government=government, subject=f"item:{item.pk}", item=item, since_run=number, terms=terms, target=final, **columns)
    government.run = number
    government.save(update_fields=["run"])
    return run


def owe(city: cast.City, measure: str, due: str, done: str | None = None, end: str = "2022-09-30", **given: Any) -> Duty:
    """A duty of a quarter that ends on `end`, due at the end of a day."""
    last, found = dt.date.fromisoformat(end), city.measure(measure)
    at = clock.end_of(dt.date.fromisoformat(due), cast.ZONE)
    number, start = last.month // 3, dt.date(last.year, last.month - 2, 1)
    days = {"start": start, "end": last, "opens_at": cast.noon(last), "due_at": at}
    period, _ = Period.objects.get_or_create(government=city.government, cycle=found.cycle, year=last.year, number=number, defaults=days)
    done_at = cast.noon(done) if done else None
    return Duty.objects.create(government=city.government, measure=found, period=period, department=found.reporter, due_at=at, done_at=done_at, **given)


def report(duty: Duty, by: User, value: str | None, state: str = "accepted", at: str = "2022-10-10", **given: Any) -> ProgressReport:
    """A report of a duty in a state, every turn of it on the day `at`."""
    when, others = cast.noon(at), User.objects.filter(government=duty.government).exclude(pk=by.pk).order_by("pk")
    fields: dict[str, Any] = {"author": by, "edited_by": by, "edited_at": when}
    if state != "draft":
        fields |= {"submitted_by": by, "submitted_at": when}
    if state in ("endorsed", "accepted"):
        fields |= {"endorsed_by": others[0], "endorsed_at": when}
    if state == "accepted":
        fields |= {"accepted_by": others[1], "accepted_at": when}
    number = ProgressReport.objects.filter(measure=duty.measure, period=duty.period).count() + 1
    return ProgressReport.objects.create(
        government=duty.government, duty=duty, measure=duty.measure, period=duty.period, number=number, state=state,
        value=None if value is None else Decimal(value), cut_off=duty.period.end, **{**fields, **given},
    )  # fmt: skip


def sweep(city: cast.City, day: str) -> alerts.Swept:
    return alerts.sweep(city.government, cast.noon(day))


def shown(*fields: str) -> list[tuple[Any, ...]]:
    return list(Alert.objects.order_by("id").values_list(*fields))


def at_once(deed: Callable[[], object], n: int = 4) -> None:
    """Runs a deed in several threads that start together; none may fail."""
    gate, failed = threading.Barrier(n), []

    def run() -> None:
        try:
            gate.wait()
            deed()
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [], [repr(e) for e in failed]
