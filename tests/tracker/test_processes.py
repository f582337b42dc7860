"""Children end with their parent, are given time, and find a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracker import processes

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
SILENT = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"]


def _started(command: list[str], **options) -> subprocess.Popen:
    child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True, **options)
    assert child.stdout
    assert child.stdout.readline() == b"up\n"
    return child


def test_stop_asks_first_and_kills_only_who_does_not_listen():
    late: list[subprocess.Popen] = []
    willing, deaf = _started(SLEEPER), _started(DEAF)
    processes.stop([willing, deaf], 0.5, late.append)
    assert (willing.returncode, deaf.returncode) == (-signal.SIGTERM, -signal.SIGKILL)
    assert late == [deaf]


def test_child_ends_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import time; from tracker import processes; print(processes.start({SILENT!r}, {{}}).pid, flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE,
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert _gone(child)


def _gone(pid: int) -> bool:
    """Whether the process ends within five seconds; one that only waits to be collected has ended."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    return False


def test_taken_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < processes.free_port("127.0.0.1", port) <= port + 50


def test_no_free_port_is_said():
    with pytest.raises(OSError, match="no free port from"):
        processes.free_port("203.0.113.1", 8000)
