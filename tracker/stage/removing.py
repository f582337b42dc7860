"""Takes the demonstration away: its own file with all that belongs to it, or, where it was built into a database of its own, that
database's tables, which are made anew and empty. No trigger is lifted: a table that is dropped takes its triggers along."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from people import mail
from people.models import Government, StagedTime


class NotAlone(RuntimeError):
    """The database holds another government too."""


def remove() -> list[str]:
    """What was removed, a line each; nothing where there is no demonstration. Raises: NotAlone."""
    return [*_own_file(), *_database()]


def _own_file() -> list[str]:
    path = Path(settings.VAR) / "demo.sqlite3"
    files = [each for each in (path, path.with_suffix(".master.sqlite3")) if each.exists()]
    if not files:
        return []
    _mails(files)
    if Path(settings.DATABASES["default"]["NAME"]) == path:
        connections.close_all()
    for file in files:
        for tail in ("", "-wal", "-shm", "-journal"):
            file.with_name(file.name + tail).unlink(missing_ok=True)
    (Path(settings.VAR) / "stamps" / "stage").unlink(missing_ok=True)
    return [f"removed {path}"]


def _mails(files: list[Path]) -> None:
    """The mails of the demonstration, where they lie in a folder."""
    if settings.EMAIL_BACKEND != "people.mail.FolderBackend":
        return
    for file in files:
        found = sqlite3.connect(file)
        try:
            for (key,) in found.execute("SELECT message_id FROM tracker_message").fetchall():
                mail.file_of(key).unlink(missing_ok=True)
        except sqlite3.DatabaseError:  # a file that was never finished
            continue
        finally:
            found.close()


def stands_here() -> bool:
    """Whether the database in use holds a demonstration that is not the stage's own file."""
    return not settings.STAGE and "people_stagedtime" in connection.introspection.table_names() and StagedTime.objects.exists()


def _database() -> list[str]:
    if not stands_here():
        return []
    if Government.objects.count() > 1:
        raise NotAlone
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}{' CASCADE' if connection.vendor == 'postgresql' else ''}")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return [f"emptied the database {settings.DATABASES['default']['NAME']}"]
