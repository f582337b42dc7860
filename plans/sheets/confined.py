"""A function in a child process that may use so much memory and so many seconds; what it finds or refuses comes back.

The child is forked, so that it costs 10 ms and not a second. It reads bytes and writes its answer into a pipe; it touches no database, no
log and no file, and ends without clearing up after its parent.
"""

import contextlib
import gc
import logging
import multiprocessing
import os
import resource
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from plans.sheets import limits
from plans.sheets.papers import Problem, Refused

log = logging.getLogger(__name__)
Found = TypeVar("Found")
SENDING = 15  # seconds of the clock beyond those of the processor: a busy machine gives it less than all its time


def confined(work: Callable[[], Found], *, memory: int = limits.MEMORY, seconds: int = limits.SECONDS) -> Found:
    """What the function returns. Raises: Refused where it refuses, takes too long or too much memory, or dies."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        _in_child(work, sender, memory, seconds)
    sender.close()
    try:
        if not receiver.poll(seconds + SENDING):
            raise too_slow(seconds)
        found, problems, trouble = receiver.recv()
    except EOFError:
        raise died(_status(child), seconds) from None
    finally:
        receiver.close()
        _end(child)
    if trouble:
        log.warning("a paper could not be read: %s", trouble)
    if problems:
        raise Refused(problems)
    return found


def _in_child(work: Callable[[], Found], sender: Connection, memory: int, seconds: int) -> None:
    """Answers and ends the process, whatever happens."""
    try:
        gc.disable()  # what the parent left as rubbish may hold its connections: they are not ours to close
        _limit(memory, seconds)
        try:
            sender.send((work(), [], ""))
        except Refused as refused:
            sender.send((None, refused.problems, ""))
    except MemoryError:
        with contextlib.suppress(BaseException):
            sender.send((None, too_much().problems, ""))
    except Exception:  # noqa: BLE001  the child may not go on into what its parent was doing
        with contextlib.suppress(BaseException):
            sender.send((None, died(0, seconds).problems, traceback.format_exc()))
    finally:
        os._exit(0)


def _limit(memory: int, seconds: int) -> None:
    """SIGALRM counts the seconds of the clock, and ends a process that nothing else would end."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds + SENDING)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = Path("/proc/self/statm")
    if taken.exists():
        pages = int(taken.read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _status(child: int) -> int:
    """The signal that ended the child, 0 for none."""
    with contextlib.suppress(ChildProcessError):
        _pid, status = os.waitpid(child, 0)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return 0


def _end(child: int) -> None:
    """Kills the child where it still runs, and buries it."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def too_slow(seconds: int) -> Refused:
    """What is said of a file that takes longer than is waited for."""
    return Refused([Problem("", _("%(n)s 秒内读不完这个文件。请拆成几个小一些的文件，再上传。") % {"n": seconds})])


def too_much() -> Refused:
    """What is said of a file that takes more memory than it may."""
    return Refused([Problem("", _("读取这个文件占用的内存超过上限。请拆成几个小一些的文件，再上传。"))])


def died(signalled: int, seconds: int) -> Refused:
    """What is said of a file that ended the process that read it."""
    if signalled in (signal.SIGXCPU, signal.SIGALRM):
        return too_slow(seconds)
    return too_much() if signalled else Refused([Problem("", _("文件已损坏，打不开。请在原来的软件里打开后另存一份，再上传。"))])
