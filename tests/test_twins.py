"""Each lock proves that it can fail: with the lock taken away the very fault appears, so a test that looks for it would turn red.

A unique key is dropped from the database and what it forbids is done twice; a check is skipped; a filter is forgotten.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from people import audit, form_keys, locks
from people.access import Entry, Person
from people.models import AuditEntry, FormKey, OwnedQuerySet, RoleGrant, StagedTime
from plans.models.papers import PlanQuerySet
from tests import cast, test_access
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.stood import roll, stage, stand
from tests.world import SHOWN, World
from tracker import jobs, reporting
from tracker.models import Alert, Duty, JobRun, Message, Period, ProgressReport, Standing
from tracker.models.reports import ProgressReportQuerySet
from tracker.periods import insert_missing
from tracker.views import overview

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


# filters --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None, settings: Any) -> World:
    stage(settings, SHOWN)
    return World()


def everybody(self: OwnedQuerySet, person: Person) -> OwnedQuerySet:
    """The filter that somebody forgot."""
    return self.all()


def own_city(self: OwnedQuerySet, person: Person) -> OwnedQuerySet:
    """The filter that asks for the government alone."""
    return self.filter(government_id=person.government_id)


@pytest.mark.parametrize(
    ("rows", "forgotten", "column", "leaks"),
    [
        (ProgressReportQuerySet, everybody, "builder", "云台密语"),
        (ProgressReportQuerySet, own_city, "builder", "云台密语"),
        (PlanQuerySet, own_city, "leader", "秘密规划"),
        (PlanQuerySet, everybody, "auditor", "信阳"),
        (OwnedQuerySet, everybody, "steward", "信阳"),
    ],
)
def test_twin_with_a_filter_forgotten_the_secret_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, rows: type[OwnedQuerySet], forgotten: Any, column: str, leaks: str
) -> None:
    monkeypatch.setattr(rows, "visible_to", forgotten)
    with pytest.raises(AssertionError, match=leaks):
        test_access.test_a_secret_stands_where_it_may_and_nowhere_else(world, column)


def test_twin_with_the_door_open_the_table_sees_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Person, "has", lambda self, *roles: True)
    with pytest.raises(AssertionError):
        test_access.test_each_person_gets_what_the_table_says(world, "administrator")


def test_twin_with_a_body_kept_for_all_alike_the_difference_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_access, "COLUMNS", ["leader", "supervisor"])
    for column in test_access.COLUMNS:
        test_access.walk(world, column)
    monkeypatch.setattr(overview, "rights_of", lambda person, portfolio: ())
    with pytest.raises(AssertionError):
        test_access.test_what_was_kept_for_one_is_not_shown_to_another(world)


def test_twin_with_a_page_that_writes_the_tables_tell(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = overview.overview_of

    def writing(*given: Any) -> Any:
        StagedTime.objects.update(set_at=OCTOBER)
        return real(*given)

    monkeypatch.setattr(overview, "overview_of", writing)
    with pytest.raises(AssertionError):
        test_access.test_to_read_changes_nothing(world, "leader")


def test_twin_with_a_method_more_the_table_asks_for_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview.overview, "entry", Entry(overview.overview.entry.roles, methods=("GET", "HEAD", "DELETE")))
    with pytest.raises(AssertionError, match="DELETE"):
        test_access.test_every_address_and_method_stands_in_the_table()
