"""A real Redis, a real worker and a real beat: the line is woken, and woken again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from tests import cast
from tracker import processes
from tracker.models import JobRun

PASSWORD = "only0for0this0test"
PATIENCE = 60


def _wait(what: Callable[[], bool], log: Path | None = None) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > until:
            pytest.fail(f"not within {PATIENCE} s" + (f": {log.read_text()}" if log else ""))
        time.sleep(0.2)


@contextmanager
def _running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    with log.open("w") as out:
        child = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis of our own on a free port."""
    port = processes.free_port("127.0.0.1", 17000 + os.getpid() % 8000)
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", "", "--dir", str(tmp_path)]
    with _running(command, tmp_path / "redis.log", dict(os.environ)):
        server = redis.Redis(port=port, password=PASSWORD)
        _wait(lambda: _answers(server), tmp_path / "redis.log")
        yield f"redis://:{PASSWORD}@127.0.0.1:{port}/0"


def _answers(server: redis.Redis) -> bool:
    try:
        return bool(server.ping())
    except redis.ConnectionError:
        return False


def _database_url() -> str:
    """The tests' own database, as another process opens it."""
    database = connection.settings_dict
    return f"sqlite:///{database['NAME']}" if connection.vendor == "sqlite" else f"postgres://postgres@/{database['HOST']}/{database['NAME']}"


def _ticks(log: Path) -> int:
    """How many ticks the worker has ended well."""
    return len(re.findall(r"Task tracker\.tick\[\S+\] succeeded", log.read_text()))


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_worker_and_beat_wake_the_line_over_redis(broker: str, tmp_path: Path):
    cast.city()
    environment = {**os.environ, "DATABASE_URL": _database_url(), "CELERY_BROKER_URL": broker, "XUSHI_VAR": str(tmp_path / "var"), "LOG_LEVEL": "INFO"}
    celery = [sys.executable, "-m", "celery", "-A", "tracker.celery"]
    beat, worker = tmp_path / "beat.log", tmp_path / "worker.log"
    with (
        _running([*celery, "beat"], beat, environment),
        _running([*celery, "worker", "--concurrency", "1", "--loglevel", "INFO"], worker, environment),
    ):
        _wait(lambda: _ticks(worker) == 1, worker)  # a worker that starts catches up
        assert JobRun.objects.filter(state="done").exists()
        JobRun.objects.all().delete()
        _wait(lambda: _ticks(worker) == 2, worker)  # and beat wakes it again
        assert JobRun.objects.filter(state="done").exists()
    assert not (tmp_path / "var" / "broker").exists()  # not one message went by way of the folder
