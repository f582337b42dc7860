"""What every test shares: quick passwords, an empty cache, and a plain word where a program is missing."""

import gc
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from django.test import TransactionTestCase

from people import locks
from tests.databases import kept, migrated, migrated_on_postgres

TURNS = 3


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected before a test
    _empty_tables_behind_their_locks()
    _begin_from_a_copy()
    if "init_command" in (options := settings.DATABASES["default"].get("OPTIONS", {})):  # a process that dies loses nothing by it, only a machine would
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    if zone := os.environ.get("XUSHI_TEST_ZONE"):  # tests/test_zones.py: a machine elsewhere, after Django has moved the process to TIME_ZONE
        os.environ["TZ"] = zone
        time.tzset()
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # what workers share they would take from one another
        settings.VAR = Path(settings.VAR) / worker
        settings.VAR.mkdir(parents=True, exist_ok=True)
        settings.CACHES["default"]["LOCATION"] = str(settings.VAR / "cache")
        settings.EMAIL_FILE_PATH = str(settings.VAR / "mail")


def _begin_from_a_copy() -> None:
    """The tests' database begins as a copy of one with every migration; Django's own `migrate` then finds nothing to do."""
    make = BaseDatabaseCreation.create_test_db

    def begun(creation: BaseDatabaseCreation, *given: Any, **named: Any) -> str:
        if creation.connection.vendor == "postgresql":
            creation.connection.settings_dict["TEST"]["TEMPLATE"] = kept("postgres", migrated_on_postgres).read_text()
        return make(creation, *given, **named)

    def copied(creation: SQLiteCreation, *given: Any, **named: Any) -> str:
        name = empty(creation, *given, **named)
        shutil.copyfile(kept("sqlite", migrated), name)
        return name

    BaseDatabaseCreation.create_test_db = begun  # type: ignore[method-assign,assignment]
    empty, SQLiteCreation._create_test_db = SQLiteCreation._create_test_db, copied  # type: ignore[method-assign,assignment]


def _empty_tables_behind_their_locks() -> None:
    """A test with real transactions empties the tables at its end; the locks, which refuse just that, are lifted for it and laid again."""
    empty = TransactionTestCase._fixture_teardown

    def unlocked(case: TransactionTestCase) -> None:
        for left in range(TURNS)[::-1]:
            locks.lift()
            try:
                empty(case)  # tells of a migration at its end, and that lays them
                break
            except CommandError:  # a request that a page had begun still held a table
                locks.lay()
                if not left:
                    raise

    TransactionTestCase._fixture_teardown = unlocked  # type: ignore[method-assign]


def pytest_collection_finish() -> None:
    """What stands by now stands to the end: nobody need look through it for rubbish, nor look as often as in a process that lives for weeks."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("redis") and not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed; only root can: apt-get install redis-server")


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No test sees what another one cached."""
    cache.clear()
    yield
    cache.clear()


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name no test: a zip holds the second in which it was made, and workers that collect in different seconds would not agree."""
    return argname if isinstance(val, bytes) else None
