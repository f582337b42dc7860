"""The triggers stand on both databases, return after Django rebuilds a table, and are really what refuses."""

import pytest
from django.db import IntegrityError, connection, models, transaction

from people import audit, locks
from people.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db


def entry() -> AuditEntry:
    city = cast.city()
    return audit.record(city.government, actor=None, verb="tests", subject="x:1", at=cast.noon("2022-01-01"))


def test_every_registered_lock_stands_after_migrate():
    assert locks.count() == locks.expected()


def test_an_audit_entry_refuses_update_and_delete():
    row = entry()
    for change in (lambda: AuditEntry.objects.update(verb="forged"), lambda: AuditEntry.objects.filter(pk=row.pk)._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert AuditEntry.objects.get().verb == "tests"


def test_without_its_trigger_the_update_would_pass():
    entry()
    locks.lift()
    assert AuditEntry.objects.update(verb="forged") == 1


@pytest.mark.django_db(transaction=True)
def test_locks_return_after_a_table_is_rebuilt():
    old = AuditEntry._meta.get_field("verb")
    new = models.CharField(max_length=41)
    new.set_attributes_from_name("verb")
    new.model = AuditEntry
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEntry, old, new)
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEntry, new, old)
    assert locks.lay() == locks.expected()
    assert locks.lay() == locks.expected()


def test_emptying_the_whole_table_is_refused():
    """PostgreSQL's TRUNCATE walks past row triggers; SQLite has only DELETE."""
    entry()
    connection.check_constraints()  # no row of this test waits for the end of its transaction
    statement = "TRUNCATE people_auditentry" if connection.vendor == "postgresql" else "DELETE FROM people_auditentry"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_table_that_locks_of_other_tables_read_can_be_made_anew():
    """SQLite refuses to rename a table that a trigger names: migrating begins without the triggers and ends with all of them."""
    from plans.models import Terms

    locks.lift_before_migrate(None, plan=[("a migration", False)])
    old = Terms._meta.get_field("name")
    new = models.CharField(max_length=121)
    new.set_attributes_from_name("name")
    new.model = Terms
    with connection.schema_editor() as editor:
        editor.alter_field(Terms, old, new)
        editor.alter_field(Terms, new, old)
    assert locks.lay() == locks.expected()
