"""The ground that the tests stand on is the one that was asked for."""

import os

import pytest
from django.conf import settings
from django.db import connection

from people import locks
from tests import databases


def test_database_is_the_one_asked_for(db):
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[databases.kind()]


def test_sqlite_is_a_file_with_the_settings_of_the_product(db):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)


def test_folder_of_the_product_is_not_touched():
    assert str(settings.VAR).startswith(os.environ["XUSHI_VAR"])
    assert settings.VAR != settings.BASE_DIR / "var"


def test_unknown_database_is_refused(monkeypatch):
    monkeypatch.setenv("XUSHI_TEST_DATABASE", "oracle")
    with pytest.raises(pytest.UsageError):
        databases.kind()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_locks_stand_again_after_a_test_with_real_transactions(turn):
    assert locks.count() == locks.expected() > 0
