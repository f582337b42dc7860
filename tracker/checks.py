"""Start-up checks: unsafe production settings refuse to start, a missing trigger too."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import Error, register

from people import locks
from tracker.stage import removing


def refuse_unsafe_start() -> None:
    """Runs every system check, counts the database's locks, and ends the process on an error; wsgi, worker and the embedded command call it."""
    errors = [m for m in checks.run_checks() if m.level >= checks.ERROR] + missing_locks() + holds_demonstration()
    if errors:
        raise SystemExit("\n".join(f"{e.id}: {e.msg} {e.hint or ''}" for e in errors))


@register()
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """With XUSHI_PRODUCTION set, what would be dangerous is an error."""
    if not settings.PRODUCTION:
        return []
    return [Error(text, id=f"tracker.E{number:03d}") for number, (bad, text) in enumerate(_dangers(), start=1) if bad]


@register()
def stage_has_its_own_file(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The demonstration signs people in without a password: it never stands on the database of a server."""
    if not settings.STAGE or settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    return [Error("The demonstration (XUSHI_STAGE) keeps to its own SQLite file.", hint="Unset DATABASE_URL or XUSHI_STAGE.", id="tracker.E102")]


def _dangers() -> list[tuple[bool, str]]:
    broker = urlsplit(settings.CELERY_BROKER_URL)
    remote = broker.hostname not in (None, "127.0.0.1", "localhost", "::1")
    return [
        (settings.DEBUG, "XUSHI_DEBUG must be off in production."),
        (len(settings.SECRET_KEY) < 40 or settings.SECRET_KEY.startswith("insecure"), "SECRET_KEY must have at least 40 characters."),
        ("*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS must name the hosts; '*' is refused."),
        (settings.STAGE, "The demonstration (XUSHI_STAGE) never stands beside production."),
        (settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), "Production needs PostgreSQL: set DATABASE_URL."),
        (not settings.SITE_URL.startswith("https://"), "SITE_URL must begin with https://."),
        (remote and not broker.password, "A broker on another host needs a password in CELERY_BROKER_URL."),
        (
            "filebased" in settings.CACHES["default"]["BACKEND"] or "locmem" in settings.CACHES["default"]["BACKEND"],
            "Production needs a shared cache: set CACHE_URL.",
        ),
        (str(settings.EVIDENCE_ROOT).startswith(str(settings.STATIC_ROOT)), "EVIDENCE_ROOT must not lie under the static files."),
    ]


def missing_locks() -> list[Error]:
    """The locks on published and accepted rows are counted; a missing one is an error. No system check, since `migrate`
    itself, which lays them, would refuse to run."""
    standing, expected = locks.count(), locks.expected()
    return [] if standing == expected else [Error(f"{standing} of {expected} database locks stand.", hint="Run manage.py migrate.", id="tracker.E101")]


def holds_demonstration() -> list[Error]:
    """A production that starts on a database with the demonstration in it: real reports would stand beside invented ones."""
    if not settings.PRODUCTION or not removing.stands_here():
        return []
    return [Error("This database holds the demonstration.", hint="Run manage.py remove_demonstration.", id="tracker.E103")]
