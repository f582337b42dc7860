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


def test_what_a_run_shares_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setenv(databases.KEPT, str(tmp_path))
    made = []

    def make(path):
        made.append(path)
        path.write_text("whole")

    assert [databases.kept("thing", make).read_text() for _ in range(2)] == ["whole", "whole"]
    assert len(made) == 1


def test_database_begins_with_every_migration(db):
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert connection.settings_dict["TEST"].get("TEMPLATE") or connection.vendor == "sqlite"


def test_sqlite_waits_for_no_disk_in_a_test(db):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (0,)
