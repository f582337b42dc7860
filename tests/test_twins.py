"""Each lock proves that it can fail: with the lock taken away the very fault appears, so a test that looks for it would turn red.

A unique key is dropped from the database and what it forbids is done twice; a check is skipped. Twins of the table of access stand in test_twins_of_access.py.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from people import audit, form_keys, locks
from people.access import Person
from people.models import AuditEntry, FormKey, RoleGrant
from tests import cast
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.stood import roll, stand
from tracker import jobs, reporting
from tracker.models import Alert, Duty, JobRun, Message, Period, ProgressReport, Standing
from tracker.periods import insert_missing

# unique keys ----------------------------------------------------------------------------------------------------------


@contextmanager
def without(model: type[models.Model], key: str) -> Iterator[None]:
    """Takes a unique key from the table, and puts it back when what went in without it is gone again."""
    every = model._meta.constraints
    constraint = next(c for c in every if c.name == key)
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    model._meta.constraints = [c for c in every if c is not constraint]  # SQLite builds the table anew from these
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        locks.lift()
        model._default_manager.filter(pk__gt=last).delete()
        model._meta.constraints = every
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)
        locks.lay()


def again(row: models.Model, **changes: Any) -> Callable[[], int]:
    """Inserts a row's double, as a second process would that looked before the first one wrote; how many there are then."""

    def deed() -> int:
        twin = type(row)._default_manager.get(pk=row.pk)
        twin.pk, twin._state.adding = None, True
        for name, value in changes.items():
            setattr(twin, name, value)
        with transaction.atomic():
            insert_missing(type(row), [twin])
        return type(row)._default_manager.count()

    return deed


def _form(desk: Desk) -> Callable[[], int]:
    done: list[int] = []

    def create() -> str:
        done.append(1)
        return "1"

    def deed() -> int:
        form_keys.once(desk.city.user("reporter"), "key", create)
        return len(done)

    deed()
    return deed


def _job(desk: Desk) -> Callable[[], int]:
    ran: list[int] = []

    def run(*_: Any) -> dict[str, Any]:
        ran.append(1)
        return {"n": len(ran)}

    job = jobs.Job("count", lambda *_: ["once"], run)

    def deed() -> int:
        jobs._run(desk.city.government, job, "once", OCTOBER)
        return len(ran)

    deed()
    return deed


def _draft(desk: Desk) -> Callable[[], int]:
    """A second draft of one duty, by somebody who opened the form at the same moment."""
    duty, by = desk.duty("cloud"), desk.city.person("reporter2")
    desk.draft(duty)

    def deed() -> int:
        try:
            with transaction.atomic():
                reporting._new(duty, by, OCTOBER, {"cut_off": duty.period.end})
        except IntegrityError:
            pass
        return ProgressReport.objects.filter(duty=duty).count()

    return deed


def _message(desk: Desk) -> Callable[[], int]:
    row = Message.objects.create(
        government=desk.city.government, recipient=desk.city.user("leader"), kind=Message.Kind.DIGEST, occasion="2022-W42", message_id="<1@x>", subject="x",
        text="x", made_at=OCTOBER,
    )  # fmt: skip
    return again(row, message_id="<2@x>")


def _standing(desk: Desk) -> Callable[[], int]:
    """Two roll-ups that both wrote: an item would stand twice at once."""
    roll(desk.city)
    row = stand(desk.city, "1-01", "red", "-12")
    insert = again(row, since_run=row.since_run + 1, light="green")

    def deed() -> int:
        insert()
        return Standing.objects.at(row.since_run + 1).filter(item=row.item_id).count()

    return deed


def _alert(occasion: str, **closed: Any) -> Callable[[Desk], Callable[[], int]]:
    def lay(desk: Desk) -> Callable[[], int]:
        row = Alert.objects.create(
            government=desk.city.government, rule="overdue", subject="duty:1", occasion=occasion, department=desk.city.departments["gxj"], since="2022-10-16",
            opened_at=OCTOBER, **closed,
        )  # fmt: skip
        return again(row, closed_at=None)

    return lay


def _audit(desk: Desk) -> Callable[[], int]:
    with transaction.atomic():
        row = audit.record(desk.city.government, actor=None, verb="noted", subject="x", at=OCTOBER)
    insert = again(row)

    def deed() -> int:
        insert()
        return AuditEntry.objects.filter(government=desk.city.government, position=row.position).count()

    return deed


def _duty(desk: Desk) -> Callable[[], int]:
    row = desk.duty("cloud")
    insert = again(row)

    def deed() -> int:
        insert()
        return Duty.objects.filter(measure=row.measure_id, period=row.period_id).count()

    return deed


def _period(desk: Desk) -> Callable[[], int]:
    row = Period.objects.filter(year=2022, number=3).get()
    insert = again(row)

    def deed() -> int:
        insert()
        return Period.objects.filter(cycle=row.cycle_id, year=2022, number=3).count()

    return deed


def _role(desk: Desk) -> Callable[[], int]:
    row = RoleGrant.objects.get(user=desk.city.user("leader"))
    insert = again(row)

    def deed() -> int:
        insert()
        return RoleGrant.objects.filter(user=row.user_id).count()

    return deed


KEYS: dict[str, tuple[type[models.Model], Callable[[Desk], Callable[[], int]]]] = {
    "form_key_once": (FormKey, _form),
    "job_run_once": (JobRun, _job),
    "report_unfinished_once": (ProgressReport, _draft),
    "message_once": (Message, _message),
    "standing_open_once": (Standing, _standing),
    "alert_open_once": (Alert, _alert("")),
    "alert_occasion_once": (Alert, _alert("2022Q3", closed_at=OCTOBER)),
    "audit_position": (AuditEntry, _audit),
    "duty_once": (Duty, _duty),
    "period_once": (Period, _period),
    "role_open_once": (RoleGrant, _role),
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.django_db(transaction=True)
def test_twin_without_its_unique_key_happens_twice(key: str) -> None:
    model, lay = KEYS[key]
    deed = lay(Desk())
    assert deed() == 1
    with without(model, key):
        assert deed() == 2
    with connection.cursor() as cursor:
        assert key in connection.introspection.get_constraints(cursor, model._meta.db_table)


# versions -------------------------------------------------------------------------------------------------------------


def _two_editors() -> list[str]:
    """Two people who read the same version save one after the other: what each was told."""
    desk = Desk()
    report = desk.draft(desk.duty("cloud"))
    saved = []
    for login in ("reporter", "reporter2"):
        try:
            saved.append(reporting.save_draft(report, {"progress": login}, desk.city.person(login), OCTOBER, report.version).progress)
        except reporting.Overtaken as told:
            saved.append(f"{login} was shown {told.theirs.progress}")
    return saved


@pytest.mark.django_db
def test_twin_without_the_version_an_edit_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _two_editors() == ["reporter", "reporter2 was shown reporter"]

    def careless(now: ProgressReport, version: int, by: Person, at: Any, mine: Any, columns: dict[str, Any]) -> None:
        ProgressReport.objects.filter(pk=now.pk).update(edited_by=by.user, edited_at=at, **columns)

    monkeypatch.setattr(reporting, "_claim", careless)
    monkeypatch.setattr(cast, "city", lambda **given: _city("other", **given))
    assert _two_editors() == ["reporter", "reporter2"]
    assert ProgressReport.objects.latest("pk").progress == "reporter2"  # and of the first one's text nothing is left


_city_of_the_cast = cast.city


def _city(code: str, **given: Any) -> cast.City:
    return _city_of_the_cast(code, prefix=f"{code}-", **given)
