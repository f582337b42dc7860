"""Processes that are killed for real, and a mail server that writes down what it takes."""

import asyncio
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from django.db import connections

from people import clock
from tests import cast
from tracker import installation, outbox
from tracker.models import Message

State = Message.State
AT = cast.noon("2022-10-17")
SLOW = 0.02  # seconds


class Journal:
    """What a relay has taken, by Message-ID, in the order in which it came; taken is taken, whether or not the sender heard it."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's word)
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"])
        await asyncio.sleep(SLOW)  # the sender waits for the answer: the longest moment in which it can die
        return "250 taken"

    @property
    def copies(self) -> list[str]:
        """What came more than once."""
        return sorted(key for key, times in Counter(self.taken).items() if times > 1)


class Relay(Controller):
    """A relay on a free port of this machine, in a thread of this process."""

    def __init__(self) -> None:
        self.journal = Journal()
        super().__init__(self.journal, hostname="127.0.0.1", port=0)

    @property
    def listens_on(self) -> int:
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        """The base class knocks at the port that it was given, and it was given none."""
        with socket.create_connection(("127.0.0.1", self.listens_on), timeout=5) as knock:
            knock.recv(200)


def born(deed: Callable[[], object], fails_at: str = "") -> int:
    """A child process that does the deed, with a failpoint or none; returns its id. No database connection is shared."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.environ["FP"] = fails_at
        deed()
        code = 0
    finally:
        os._exit(code)


def ended(pid: int) -> int:
    """Waits for a child; its exit code, negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_at(place: str, deed: Callable[[], object]) -> None:
    """Does the deed in a process that is killed at the failpoint."""
    assert ended(born(deed, f"{place}:kill")) == -signal.SIGKILL


def killed_after(seconds: float, deed: Callable[[], object]) -> bool:
    """Does the deed in a process that is killed after so long; whether it was not yet done by then."""
    pid = born(deed)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    return ended(pid) == -signal.SIGKILL


def at_once(*deeds: Callable[[Callable[[], None]], object]) -> list[int]:
    """Does the deeds in processes of their own; each is given a gate at which all of them wait for one another. Their exit codes."""
    ready, go = os.pipe(), os.pipe()

    def gate() -> None:
        os.write(ready[1], b".")
        os.close(go[1])
        os.read(go[0], 1)

    pids = [born(lambda deed=deed: deed(gate)) for deed in deeds]  # type: ignore[misc]
    for _ in deeds:
        os.read(ready[0], 1)
    os.close(go[1])
    codes = [ended(pid) for pid in pids]
    for end in (*ready, go[0]):
        os.close(end)
    return codes


def leases_run_out() -> None:
    """Time goes by: whatever a dead process held may be taken up, and what failed may be tried again."""
    Message.objects.exclude(claimed_at=None).update(claimed_at=clock.machine_now() - outbox.LEASE * 12)


def put(city: cast.City, number: int, week: str = "2022-W42") -> list[str]:
    """So many messages of a week, ready; returns their Message-IDs."""
    user, installed = city.user("leader"), installation.key()
    rows = [
        Message(
            government=city.government, recipient=user, kind="digest", occasion=occasion, subject=f"摘要 {occasion}", text="滞后 1 项", made_at=AT,
            message_id=outbox.message_id(user, "mail", "digest", occasion, installed),
        )
        for occasion in (f"{week}/{n}" for n in range(number))
    ]  # fmt: skip
    return [row.message_id for row in Message.objects.bulk_create(rows)]


def settle(city: cast.City, journal: Journal) -> int:
    """What an operator does in the end: each doubt is looked up at the relay; what did not arrive goes out again. Returns the doubts."""
    time.sleep(0.1)  # the relay's thread writes down what it has taken
    leases_run_out()
    outbox.hand_over(city.government, AT)
    doubts = list(Message.objects.filter(state=State.DOUBT))
    for message in doubts:
        assert outbox.resolve(message, arrived=message.message_id in journal.taken)
    leases_run_out()
    outbox.hand_over(city.government, AT)
    return len(doubts)
