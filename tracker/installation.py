"""Which installation this is. The key stands in the database and in a file outside it; where the two differ, the database
was restored or copied, and nothing is sent until an operator confirms with `manage.py confirm_installation`."""

import secrets
from pathlib import Path

from django.conf import settings

from people import clock
from tracker.models import Installation, JobRun


def _file() -> Path:
    return Path(settings.VAR) / "installation"


def key() -> str:
    """The key in the database; made, with its file, at the first call of a new database."""
    row = Installation.objects.order_by("id").first()
    if row is None:
        row = Installation.objects.create(key=secrets.token_hex(16), confirmed_at=clock.machine_now())
        _write(row.key)
    return row.key


def may_send() -> bool:
    """Whether the file beside the product names the same installation as the database."""
    own = key()
    path = _file()
    return path.exists() and path.read_text(encoding="ascii").strip() == own


def held_back() -> bool:
    """Whether this database is a copy that sends nothing until an operator confirms; reads only."""
    row = Installation.objects.order_by("id").first()
    if row is None:
        return False
    path = _file()
    return not path.exists() or path.read_text(encoding="ascii").strip() != row.key


def confirm() -> None:
    """An operator says: this database may send from here, by this clock. It becomes an installation of its own; work that is marked
    as done in the future, by a clock that was ahead, is due again when its time has come."""
    JobRun.objects.filter(at__gt=clock.now()).delete()
    fresh = secrets.token_hex(16)
    Installation.objects.all().delete()
    Installation.objects.create(key=fresh, confirmed_at=clock.machine_now())
    _write(fresh)


def _write(text: str) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text(text, encoding="ascii")
