"""`manage.py run` as a person sees it: it says what it does, answers, gives way to a taken port, and leaves nobody behind."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.xdist_group("run")  # prepared once
UP = re.compile(r"Xushi is up: (http://127\.0\.0\.1:(\d+)/)")


class Product:
    """The embedded product in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.child: subprocess.Popen | None = None

    def start(self, port: int) -> tuple[str, int]:
        """Starts it and waits until it says that it is up; its address and port."""
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SITE_URL", "STATICFILES_STORAGE", "CACHE_URL")}
        environment |= {"XUSHI_VAR": str(self.folder / "var"), "PORT": str(port), "WEB_CONCURRENCY": "1"}
        with self.log.open("w") as log:
            self.child = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--empty"], cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 100
        while time.monotonic() < until and self.child.poll() is None:
            if up := UP.search(self.said()):
                return up[1], int(up[2])
            time.sleep(0.1)
        raise AssertionError(self.said())

    def said(self) -> str:
        return self.log.read_text()

    def members(self) -> set[int]:
        """The processes that it consists of, itself included."""
        lines = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split("\n")
        pairs = [tuple(map(int, line.split())) for line in lines if line.strip()]
        assert self.child
        found = {self.child.pid}
        while more := {pid for pid, parent in pairs if parent in found} - found:
            found |= more
        return found

    def children(self) -> list[int]:
        """The processes that it started itself: web and worker."""
        assert self.child
        told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.child.pid)], capture_output=True, text=True, check=True)
        return [int(line) for line in told.stdout.split()]

    def whole(self) -> set[int]:
        """The processes once all are there: itself, web and its worker, Celery with its beat and its pool."""
        until = time.monotonic() + 20
        while len(self.members()) < 6:
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)
        return self.members()

    def stop(self) -> int:
        assert self.child
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(timeout=40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation for all tests of this file: the first start prepares it."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def product(folder: Path) -> Iterator[Product]:
    made = Product(folder)
    yield made
    if made.child and made.child.poll() is None:
        made.stop()


def _answers(url: str) -> int:
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text()}


def test_run_answers_on_the_next_free_port_and_ends_whole(product: Product):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        address, port = product.start(wanted)
    assert port > wanted
    assert f"port {wanted} is taken, using {port}" in product.said()
    with urllib.request.urlopen(f"{address}health/", timeout=10) as answer:
        assert answer.status == 200
    members = product.whole()
    assert product.stop() == 0
    assert _alive(members) == set()

    product.start(port)  # a second time nothing is left to do
    assert "migrated" not in product.said()
    assert "collected" not in product.said()


def test_a_process_that_is_killed_is_started_again_and_run_that_is_killed_leaves_nobody_behind(product: Product):
    address, _port = product.start(18700)
    before = product.whole()
    for child in product.children():
        os.kill(child, signal.SIGKILL)
    until = time.monotonic() + 60
    while product.said().count("started again") < 2 and time.monotonic() < until:
        time.sleep(0.2)
    members = product.whole()
    assert _alive(before) & members == {product.child.pid if product.child else 0}
    assert _answers(f"{address}health/") == 200
    assert product.child
    product.child.kill()
    product.child.wait()
    until = time.monotonic() + 20
    while _alive(members) and time.monotonic() < until:
        time.sleep(0.2)
    assert _alive(members) == set()


def test_a_second_start_waits_for_the_first_and_rebuilds_nothing_that_is_served(tmp_path: Path):
    folder = tmp_path / "var"
    folder.mkdir()
    preparing, running = (os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT) for name in ("prepare", "running"))
    fcntl.flock(preparing, fcntl.LOCK_EX)
    fcntl.flock(running, fcntl.LOCK_SH)
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CACHE_URL")}
    environment |= {"XUSHI_VAR": str(folder), "XUSHI_STAGE": "true", "SITE_URL": "http://127.0.0.1:18000"}
    second = subprocess.Popen(
        [sys.executable, "manage.py", "run", "--port", "18000"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert second.stdout
    assert "another start is preparing" in second.stdout.readline()
    os.close(preparing)
    said = second.communicate(timeout=60)[0]
    os.close(running)
    assert second.returncode == 1
    assert "stop that one first" in said
    assert not (folder / "demo.sqlite3").exists()
