"""The whole product with the demonstration's data, as `make run` starts it, in a folder of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import kept, staged

ROOT = Path(__file__).parents[2]
UP = re.compile(r"Xushi is up: (http://127\.0\.0\.1:\d+)/")
NOT_OURS = ("DATABASE_URL", "SITE_URL", "STATICFILES_STORAGE", "CACHE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")
PATIENCE = 300


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """The address of a running demonstration; its processes end with the block."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment |= {"XUSHI_VAR": str(folder / "var"), "XUSHI_STAGE": "true", "PORT": str(19000 + os.getpid() % 5000), "LOG_LEVEL": "ERROR"}
    shutil.copytree(kept("stage", staged), folder / "var")  # built from the very same sources, or it is built anew
    log = folder / "log"
    with log.open("w") as out:
        product = subprocess.Popen([sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        yield _address(product, log)
    finally:
        product.send_signal(signal.SIGTERM)
        product.wait(timeout=60)


def _address(product: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and product.poll() is None:
        if up := UP.search(log.read_text()):
            return up[1]
        time.sleep(0.2)
    raise RuntimeError(log.read_text())
