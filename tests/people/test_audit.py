"""The audit trail is one chain a government; a forged or cut entry is found."""

import pytest
from django.db import transaction

from people import audit, locks
from people.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db


def three(city: cast.City) -> None:
    for n in range(3):
        audit.record(city.government, actor=city.user("supervisor"), verb="accepted", subject=f"report:{n}", at=cast.noon("2022-10-17"), facts={"value": n})


def test_entries_are_numbered_and_chained():
    city = cast.city()
    three(city)
    rows = list(AuditEntry.objects.order_by("position").values_list("position", "previous", "hash"))
    assert [position for position, _, _ in rows] == [1, 2, 3]
    assert [rows[0][1], rows[1][1], rows[2][1]] == [audit.FIRST, rows[0][2], rows[1][2]]
    assert audit.broken_at(city.government) is None


def test_governments_have_chains_of_their_own():
    city, stranger = cast.city(), cast.stranger_city()
    three(city)
    three(stranger)
    assert list(AuditEntry.objects.of(stranger.government).values_list("position", flat=True)) == [1, 2, 3]


def test_a_changed_body_breaks_the_chain_at_its_position():
    city = cast.city()
    three(city)
    locks.lift()
    AuditEntry.objects.filter(position=2).update(body="{}")
    assert audit.broken_at(city.government) == 2


def test_a_removed_entry_breaks_the_chain():
    city = cast.city()
    three(city)
    locks.lift()
    AuditEntry.objects.filter(position=2).delete()
    assert audit.broken_at(city.government) == 2


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused():
    city = cast.city()
    with pytest.raises(RuntimeError):
        audit.record(city.government, actor=None, verb="x", subject="y", at=cast.noon("2022-01-01"))
    with transaction.atomic():
        audit.record(city.government, actor=None, verb="x", subject="y", at=cast.noon("2022-01-01"))
    assert AuditEntry.objects.count() == 1
