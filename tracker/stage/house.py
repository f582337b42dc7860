"""The stage's own file, `var/demo.sqlite3`: built once for the same sources, kept beside itself, and swapped in again by "start over"."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Max

from people import mail
from people.models import AuditEntry, StagedTime
from tracker import installation
from tracker.models import Message, ReportEvent
from tracker.stage import build
from tracker.stage.calendar import NOW

WAIT = 20.0  # seconds for another writer to finish


def live() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def master() -> Path:
    return live().with_suffix(".master.sqlite3")


def is_own() -> bool:
    """Whether the database is the stage's own file: nothing else is ever thrown away or swapped."""
    sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    return bool(settings.STAGE and sqlite and live() == Path(settings.VAR) / "demo.sqlite3")


def is_ready() -> bool:
    """Whether the file was built from the very same sources, and its copy stands."""
    return live().exists() and master().exists() and _stamp().exists() and _stamp().read_text() == digest()


def rebuild(say: Callable[[str], Any]) -> None:
    """Throws the stage's own file away and builds it anew, with its copy."""
    connections.close_all()
    _stamp().unlink(missing_ok=True)
    for path in (live(), master()):
        for tail in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + tail).unlink(missing_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    build.build(say)
    connections.close_all()
    copy(live(), master())
    _stamp().parent.mkdir(parents=True, exist_ok=True)
    _stamp().write_text(digest())


def resume() -> None:
    """At a start: the clock goes on from the last thing that happened, not from how long the machine was off."""
    staged = StagedTime.objects.first()
    if staged is None:
        return
    last = [AuditEntry.objects.aggregate(at=Max("at"))["at"], ReportEvent.objects.aggregate(at=Max("at"))["at"], staged.shown_at]
    build.set_clock(max(instant for instant in last if instant))


def start_over() -> None:
    """Everything as it was built: swaps the kept file in; nobody stays signed in, and mails of what is undone are taken away."""
    connection.close()
    copy(master(), live())
    installation.keep()
    cache.clear()
    build.set_clock(NOW)
    kept = {mail.file_of(key).name for key in Message.objects.values_list("message_id", flat=True)}
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", ""))
    if kept and settings.EMAIL_BACKEND == "people.mail.FolderBackend" and folder.is_dir():
        for path in folder.glob("*.eml"):
            if path.name not in kept:
                path.unlink(missing_ok=True)


def copy(source: Path, goal: Path) -> None:
    """Copies a database over another, page by page and all or nothing; whoever has it open sees the new content from his next statement on."""
    giver, taker = sqlite3.connect(source, timeout=WAIT), sqlite3.connect(goal, timeout=WAIT)
    try:
        giver.backup(taker)
    finally:
        giver.close()
        taker.close()


def digest() -> str:
    """Of all that the file is made from: the fixtures, the migrations, and the code that builds."""
    digest = hashlib.sha256()
    folders = ("fixtures", "people", "plans", "tracker/migrations", "tracker/models", "tracker/stage")
    for path in sorted(p for folder in folders for p in (settings.BASE_DIR / folder).rglob("*") if p.suffix in (".py", ".json") and "views" not in p.parts):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _stamp() -> Path:
    return Path(settings.VAR) / "stamps" / "stage"
