"""`manage.py run`: the whole of Xushi on one machine, in one go."""

import fcntl
import hashlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from subprocess import Popen
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from tracker import checks, first_start, processes
from tracker.stage import house

GRACE = 30.0
PATIENCE = 60.0
RESTARTS = 5  # of one process within a minute


class Command(BaseCommand):
    help = "Prepares the database and starts web, worker and schedule together; Ctrl-C ends them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--empty", action="store_true", help="do not load the shipped government, departments and plans")

    def handle(self, *args: Any, host: str, port: int, empty: bool, **options: Any) -> None:
        self.began = time.monotonic()
        # SIGTERM ends the preparation as Ctrl-C does
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            port = self._take_port(host, port)
            with self._alone():
                self._prepare(empty)
                running = _lock("running", fcntl.LOCK_SH)  # as long as this process lives nobody rebuilds what it serves
            self._serve(host, port)
            os.close(running)
        except KeyboardInterrupt:
            self._say("已停止 / stopped")

    def _say(self, text: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {text}")
        self.stdout.flush()

    def _take_port(self, host: str, wanted: int) -> int:
        """A port that is free. Links are made from SITE_URL: where nobody set it, we start anew with the one that fits the port."""
        try:
            port = processes.free_port(host, wanted)
        except OSError as error:
            raise CommandError(str(error)) from error
        if port != wanted:
            self._say(f"端口 {wanted} 已被占用，改用 {port} / port {wanted} is taken, using {port}")
        address = f"http://{_reached_as(host)}:{port}"
        if not os.environ.get("SITE_URL") and settings.SITE_URL != address:
            os.environ.update(SITE_URL=address, HOST=host, PORT=str(port))
            os.execv(sys.executable, [sys.executable, str(settings.BASE_DIR / "manage.py"), *sys.argv[1:]])  # noqa: S606  our own command line
        return port

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two starts in one folder prepare one after the other: the second finds everything done."""
        mine = _lock("prepare", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if mine is None:
            self._say("另一次启动正在准备，等它做完 / another start is preparing, waiting for it")
            mine = _lock("prepare", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(mine)

    def _prepare(self, empty: bool) -> None:
        staged = house.is_own() and not empty
        if staged and not house.is_ready():
            unused = _lock("running", fcntl.LOCK_EX | fcntl.LOCK_NB)
            if unused is None:
                raise CommandError(
                    "演示须重建，而另一个序时正在用它：请先停止那一个 / the demonstration must be rebuilt while another Xushi serves it: stop that one first"
                )
            os.close(unused)
            self._say("正在搭建演示，约半分钟 / building the demonstration, about half a minute")
            call_command("build_stage", verbosity=0)
            self._say("演示已搭好 / demonstration built")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            _stamp("seed").unlink(missing_ok=True)
            self._say("数据库已更新 / database migrated")
        if staged:
            house.resume()
        elif not empty:
            self._once("seed", _digest_of_seeds(), "数据已装入 / data loaded")
        if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            _stamp("collectstatic").unlink(missing_ok=True)
        self._once("collectstatic", _digest_of_static(), "静态文件已收集 / static files collected")
        checks.refuse_unsafe_start()
        connections.close_all()

    def _once(self, command: str, digest: str, text: str) -> None:
        """Calls a command unless it was called for the very same sources; a command that is not there is left out."""
        stamp = _stamp(command)
        if command not in get_commands() or (stamp.exists() and stamp.read_text() == digest):
            return
        call_command(command, verbosity=0, stdout=StringIO(), **({"interactive": False} if command == "collectstatic" else {}))
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest)
        self._say(text)

    def _serve(self, host: str, port: int) -> None:
        # HOST and PORT stay ours: gunicorn would read PORT as an address of its own
        environment = {name: value for name, value in os.environ.items() if name not in ("HOST", "PORT")}
        python = [sys.executable, "-m"]
        web = [
            *python,
            "gunicorn",
            "--config",
            str(settings.BASE_DIR / "gunicorn.conf.py"),
            "--bind",
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "--log-level",
            "warning",
        ]
        worker = [*python, "celery", "-A", "tracker.celery", "--quiet", "worker", "-B", "--concurrency", "1", "--loglevel", "WARNING"]
        worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        os.chdir(settings.BASE_DIR)
        children: dict[str, Popen[bytes]] = {}
        try:
            for name, command in (("web", web), ("worker", worker)):
                children[name] = processes.start(command, environment)
            self._wait_for(f"http://{_reached_as(host)}:{port}/", list(children.values()))
            self._say(f"序时已就绪 / Xushi is up: {settings.SITE_URL}/  (Ctrl-C 停止 / ends it)")
            if said := first_start.announce():
                self._say(said)
                connections.close_all()
            self._watch(children, lambda name: processes.start(web if name == "web" else worker, environment))
        finally:
            # a second Ctrl-C must not leave anybody behind
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            processes.stop(list(children.values()), GRACE, lambda child: self._say(f"进程 {child.pid} 未及时结束 / process {child.pid} did not end in time"))

    def _watch(self, children: dict[str, Popen[bytes]], start: Callable[[str], Popen[bytes]]) -> None:
        """Starts a process that ended by itself again, whatever ended it; CommandError where one keeps ending."""
        ended: dict[str, list[float]] = {name: [] for name in children}
        while True:
            time.sleep(0.5)
            for name in [name for name, child in children.items() if child.poll() is not None]:
                now = time.monotonic()
                ended[name] = [at for at in ended[name] if now - at < 60] + [now]
                if len(ended[name]) > RESTARTS:
                    raise CommandError(f"{name} 反复意外结束 / {name} keeps ending by itself")
                self._say(f"{name} 意外结束，已重新启动 / {name} ended by itself ({children[name].returncode}), started again")
                processes.sweep(children[name])
                children[name] = start(name)

    def _wait_for(self, url: str, children: list[Popen[bytes]]) -> None:
        """Returns once the page answers, whatever it answers; CommandError when the web ends or says nothing for a minute."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and all(child.poll() is None for child in children):
            try:
                opener.open(url, timeout=10).close()
            except urllib.error.HTTPError as answer:
                if answer.code < 500:
                    return
                raise CommandError(f"首页出错 / the first page fails: {answer}") from answer
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise CommandError("页面没有应答 / no page answers")


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _reached_as(host: str) -> str:
    """How this machine itself names the host in an address; every interface is reached as the loopback one."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    return f"[{host}]" if ":" in host else host


def _lock(name: str, how: int) -> Any:
    """Locks a file of this name in the folder of data until its descriptor, which is returned, is closed. None where somebody else holds it and `how` does not wait."""
    folder = Path(settings.VAR)
    folder.mkdir(parents=True, exist_ok=True)
    mine = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(mine, how)
    except BlockingIOError:
        os.close(mine)
        return None
    return mine


def _stamp(command: str) -> Path:
    """Where a step notes what it was last done for; each database has stamps of its own."""
    database = {key: str(settings.DATABASES["default"].get(key, "")) for key in ("HOST", "PORT", "NAME")}
    name = hashlib.sha256(repr(database).encode()).hexdigest()[:12]
    return Path(settings.VAR) / "stamps" / f"{command}-{name}"


def _digest_of_seeds() -> str:
    digest = hashlib.sha256()
    for path in sorted((settings.BASE_DIR / "fixtures").rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _digest_of_static() -> str:
    """From names, sizes and times alone: reading a megabyte at every start would take longer than the rest."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = os.stat(storage.path(name))  # noqa: PTH116  the storage gives a string
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}".encode())
    return digest.hexdigest()
