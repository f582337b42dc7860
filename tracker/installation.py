"""Which installation this is. The key stands in the database and in a file outside it, and beside it how often mails were handed
over: where the keys differ the database was copied, where the file has counted further it was restored; nothing is sent then
until an operator confirms with `manage.py confirm_installation`."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db.models import F

from people import clock
from tracker.models import Installation, JobRun


def _file() -> Path:
    return Path(settings.VAR) / "installation"


def key() -> str:
    """The key in the database; made, with its file, at the first call of a new database."""
    row = Installation.objects.order_by("id").first()
    if row is None:
        row, _ = Installation.objects.get_or_create(pk=1, defaults={"key": secrets.token_hex(16), "confirmed_at": clock.machine_now()})
        _write(row.key, row.handed)
    return row.key


def may_send() -> bool:
    """Whether the file beside the product names the same installation as the database, and has not seen more of it."""
    key()
    return not held_back()


def held_back() -> bool:
    """Whether this database is a copy, or was restored, and sends nothing until an operator confirms; reads only."""
    row = Installation.objects.order_by("id").first()
    if row is None:
        return False
    named, counted = _read()
    return named != row.key or counted > row.handed


def count_on() -> None:
    """Before mails are handed over: counts one further in the database, then in the file, so that only a restored one is behind."""
    Installation.objects.update(handed=F("handed") + 1)
    keep()


def keep() -> None:
    """Writes into the file what the database says."""
    row = Installation.objects.order_by("id").first()
    if row is not None:
        _write(row.key, row.handed)


def confirm() -> None:
    """An operator says: this database may send from here, by this clock. It becomes an installation of its own; work that is marked
    as done in the future, by a clock that was ahead, is due again when its time has come."""
    JobRun.objects.filter(at__gt=clock.now()).delete()
    fresh = secrets.token_hex(16)
    Installation.objects.all().delete()
    Installation.objects.create(pk=1, key=fresh, confirmed_at=clock.machine_now())
    _write(fresh, 0)


def _read() -> tuple[str, int]:
    """The key and the count in the file; no key where there is none."""
    words = _file().read_text(encoding="ascii").split() if _file().exists() else []
    return (words[0] if words else ""), (int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0)


def _write(name: str, count: int) -> None:
    """The file appears whole: another process may be reading it."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    part = _file().with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}.part")  # two threads may write at once
    part.write_text(f"{name} {count}", encoding="ascii")
    part.replace(_file())
