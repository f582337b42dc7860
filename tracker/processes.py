"""Child processes that never outlive their parent, and a port that is free."""

import contextlib
import ctypes
import os
import signal
import socket
from collections.abc import Callable, Sequence
from subprocess import Popen, TimeoutExpired

_PR_SET_PDEATHSIG = 1
_TRIES = 50


def end_with(parent: int, signal_number: int = signal.SIGTERM) -> None:
    """Asks the kernel to signal this process when `parent` dies. Linux only; elsewhere it does nothing."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal_number)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:  # it died before the kernel was asked
        os.kill(os.getpid(), signal_number)


def start(command: Sequence[str], environment: dict[str, str]) -> Popen[bytes]:
    """Starts a child in a session of its own: a Ctrl-C at the terminal reaches only us, and we signal only the child's parent process."""
    parent = os.getpid()
    return Popen(command, env=environment, start_new_session=True, preexec_fn=lambda: end_with(parent))  # noqa: PLW1509  we are single-threaded


def sweep(child: Popen[bytes]) -> None:
    """Kills what a child that has ended by itself left behind in its session: its own children would go on without it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def stop(children: Sequence[Popen[bytes]], grace: float, late: Callable[[Popen[bytes]], None]) -> None:
    """Asks every child to end, waits `grace` seconds for them together, and kills what is left after calling `late` with it."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=grace)
        except TimeoutExpired:
            late(child)
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            grace = 0


def free_port(host: str, wanted: int) -> int:
    """The first port from `wanted` on that can be bound on `host`; OSError when none of the next fifty can."""
    for port in range(wanted, wanted + _TRIES):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {wanted} to {wanted + _TRIES - 1} on {host}")
