"""A real worker and a real beat, over a real Redis and over the folder: the line is woken again whatever of them dies, and does everything once."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection

from tests import cast
from tests.faults.killing import Journal, State, leases_run_out, put, settle
from tracker import processes
from tracker.models import JobRun, Message

PASSWORD = "only0for0this0test"
PATIENCE = 60
MAILS = 80  # at 20 ms each they take long enough to be interrupted
CELERY = [sys.executable, "-m", "celery", "-A", "tracker.celery"]
WORKER = [*CELERY, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
pytestmark = pytest.mark.django_db(transaction=True)


def wait(what: Callable[[], bool], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > until:
            pytest.fail(f"not within {PATIENCE} s: {log.read_text()}")
        time.sleep(0.1)


@contextmanager
def running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A program in a session of its own; at the end it is asked to go, then killed."""
    with log.open("ab") as out:
        child = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            kill(child)


def kill(child: "subprocess.Popen[bytes]") -> None:
    """The program and all that it started, at once."""
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()


class Redis:
    """A Redis of our own on a free port, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = processes.free_port("127.0.0.1", 17000 + os.getpid() % 8000)
        self.log, self.address = folder / "redis.log", f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self.command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", "", "--dir", str(folder)]

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        with running(self.command, self.log, dict(os.environ)) as child:
            wait(self._answers, self.log)
            yield child

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis(port=self.port, password=PASSWORD).ping())
        except redis.ConnectionError:
            return False


def environment(broker: str) -> dict[str, str]:
    """Of the workers: the tests' own database, installation and relay."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}" if connection.vendor == "sqlite" else f"postgres://postgres@/{database['HOST']}/{database['NAME']}"
    relay = f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return {**os.environ, "DATABASE_URL": url, "CELERY_BROKER_URL": broker, "XUSHI_VAR": str(settings.VAR), "EMAIL_URL": relay, "LOG_LEVEL": "INFO"}


def ticks(log: Path) -> int:
    """How many ticks a worker has ended well."""
    return len(re.findall(r"Task tracker\.tick\[\S+\] succeeded", log.read_text()))


def interrupted(journal: Journal, worker: "subprocess.Popen[bytes]", log: Path) -> None:
    """The worker is killed while it hands over mails."""
    wait(lambda: len(journal.taken) >= 5, log)
    kill(worker)
    assert Message.objects.filter(state=State.READY).exists(), "it was killed too late"
    leases_run_out()


def nothing_is_ready() -> bool:
    return not Message.objects.filter(state__in=[State.READY, State.CLAIMED, State.HANDING]).exists()


def everything_happened_once(city: cast.City, journal: Journal, ids: list[str]) -> None:
    """Each mail arrived once, after an operator has looked up at most the one that was under way; no job failed, none was done twice."""
    assert settle(city, journal) <= 1
    assert (journal.copies, set(ids) - set(journal.taken)) == ([], set())
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
    done = list(JobRun.objects.values_list("job", "occasion", "state"))
    assert [row for row in done if row[2] != JobRun.State.DONE] == []
    assert len({row[:2] for row in done}) == len(done) > 0


@pytest.mark.redis
def test_killed_worker_restarted_broker_and_two_beats_do_everything_once(journal: Journal, tmp_path: Path) -> None:
    city, server = cast.city(), Redis(tmp_path)
    ids, given = put(city, MAILS), environment(server.address)
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    with running([*CELERY, "beat"], tmp_path / "beat.log", given), running([*CELERY, "beat"], tmp_path / "beat-2.log", given):
        with server.running() as broker, running(WORKER, first, given) as worker:
            interrupted(journal, worker, first)  # a worker that starts catches up: it was at work before any beat
            kill(broker)
        with server.running(), running(WORKER, second, given):
            wait(nothing_is_ready, second)
            wait(lambda: ticks(second) >= 3, second)  # its own, and those of both beats, which found the new broker
    everything_happened_once(city, journal, ids)
    assert not (tmp_path / "broker").exists()  # not one message went by way of the folder


@pytest.mark.faults
def test_killed_worker_and_two_beats_do_everything_once_over_the_folder(journal: Journal, tmp_path: Path, settings: Any) -> None:
    city = cast.city()
    ids, given = put(city, MAILS), environment("filesystem://")
    first, second, third = (tmp_path / f"{name}.log" for name in ("first", "second", "third"))
    embedded = [*WORKER, "-B", "--without-heartbeat"]
    with running(embedded, first, given) as worker:
        interrupted(journal, worker, first)
    with running(embedded, second, given), running(embedded, third, given):
        wait(nothing_is_ready, second)
        wait(lambda: ticks(second) + ticks(third) >= 3, second)
    everything_happened_once(city, journal, ids)
