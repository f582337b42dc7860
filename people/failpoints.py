"""Named places where a test may stop or kill the process: FP=outbox.after_claim:kill (or :raise). Nothing without FP."""

import os
import signal


class Failpoint(RuntimeError):
    """Raised at a place that a test named with ':raise'."""


def point(name: str) -> None:
    """Does nothing, unless the environment's FP names this place."""
    wanted = os.environ.get("FP", "")
    if not wanted.startswith(name + ":"):
        return
    if wanted.endswith(":kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    raise Failpoint(name)
