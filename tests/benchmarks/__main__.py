"""Builds the city, starts the two servers, asks, and prints the table; ends with 1 where a page costs more than it may."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import Asked, interleaved, table
from tests.benchmarks.pages import BARE, PAGES, Page
from tests.databases import Ground

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("ROUNDS", "60"))


def main() -> int:
    os.environ["XUSHI_TEST_DATABASE"] = "postgres"
    ground = Ground()
    try:
        ground.lay()
        with _cache(ground.folder) as address:
            _environment(address)
            return _measure(ground)
    finally:
        ground.clear()


@contextmanager
def _cache(folder: Path) -> Iterator[str]:
    """The address of a cache that processes share: a Redis of our own as in production, or a folder where none is installed."""
    if not shutil.which("redis-server"):
        yield f"filecache://{folder / 'cache'}"
        return
    socket = folder / "redis.sock"
    with subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--daemonize", "no"], stdout=subprocess.DEVNULL) as server:
        while not socket.exists() and server.poll() is None:
            time.sleep(0.05)
        yield f"rediscache://{socket}"
        server.terminate()


def _measure(ground: Ground) -> int:
    import django  # after the environment that its settings read

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    began = time.monotonic()
    ground.server.psql("CREATE DATABASE xushi;")
    ground.server.psql("CREATE DATABASE bare;")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    from tests.benchmarks import city, inside

    people = city.build()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as PostgreSQL itself does within minutes
    statements = inside.statements(people, there := inside.there())
    bare_cookie = _bare_session()
    print(f"city built in {time.monotonic() - began:.0f} s; {ROUNDS} rounds; cache: {os.environ['CACHE_URL'].split(':')[0]}", flush=True)
    with ExitStack() as servers:
        product, bare = (servers.enter_context(_serving(door, ground.folder)) for door in ("tests.benchmarks.product", "tests.benchmarks.bare"))
        cookies = {login: inside.cookie(user) for login, user in people.items()}
        asked = [Asked(Page(BARE, "/constant/", ""), bare, {"Cookie": f"sessionid={bare_cookie}"})]
        asked += [Asked(page, product, {"Cookie": cookies[page.login], "Accept-Encoding": "gzip"}) for page in there]
        lines = table(interleaved(asked, ROUNDS, inside.empty_cache), statements)
    print(f"\n{'':<44}{'median':>11}{'÷ T':>7}{'allowed':>9}{'':>6}statements")
    print(*lines, sep="\n")
    print(*(f"not there yet: {page.title}" for page in PAGES if page not in there), sep="\n")
    return int(any(line.missed for line in lines))


def _environment(cache: str) -> None:
    """As in production: a cache that processes share, hashed static files, no stage."""
    address = os.environ["DATABASE_URL"]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.benchmarks.settings",
        BARE_DATABASE_URL=address.removesuffix("xushi") + "bare",
        STATICFILES_STORAGE="whitenoise.storage.CompressedManifestStaticFilesStorage",
        CACHE_URL=cache,
        SITE_URL="http://127.0.0.1:8000",
    )


def _bare_session() -> str:
    return subprocess.run([sys.executable, "-m", "tests.benchmarks.bare"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def _serving(door: str, folder: Path) -> Iterator[int]:
    """Gunicorn as production starts it, with another door, on a free port."""
    from tracker import processes

    port = processes.free_port("127.0.0.1", 21000 + os.getpid() % 4000 * 2)
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "--log-level", "warning", f"{door}:application"]
    log = folder / f"{door}.log"
    with log.open("w") as out:
        child: Any = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, "WEB_CONCURRENCY": "2"})
    try:
        _wait_for(port, child, log)
        yield port
    finally:
        child.terminate()
        child.wait(timeout=40)


def _wait_for(port: int, child: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/constant/", timeout=10).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(log.read_text())


if __name__ == "__main__":
    sys.exit(main())
