"""The only file that reads a clock.

Instants are UTC; "today" is a date in a government's zone. Where the stage is set (`settings.STAGE`) a stored row says
what the clock shows; everywhere else the machine's clock does.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings


def machine_now() -> dt.datetime:
    """The machine's own instant, in UTC: for the age of sessions and leases, which the stage does not move."""
    return dt.datetime.now(dt.UTC)


def now() -> dt.datetime:
    """This instant, timezone-aware, in UTC."""
    real = machine_now()
    if not settings.STAGE:
        return real
    from people.models import StagedTime  # app registry ready

    staged = StagedTime.objects.first()
    return staged.shown(real) if staged else real


def today(zone: str) -> dt.date:
    """The date of this instant in the zone named, e.g. 'Asia/Shanghai'."""
    return day_of(now(), zone)


def day_of(at: dt.datetime, zone: str) -> dt.date:
    """The calendar date of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def end_of(day: dt.date, zone: str, hour: dt.time | None = None) -> dt.datetime:
    """The instant at which a deadline on `day` has passed: 24:00 in the zone, unless an hour is set."""
    if hour is not None:
        return dt.datetime.combine(day, hour, ZoneInfo(zone)).astimezone(dt.UTC)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0), ZoneInfo(zone)).astimezone(dt.UTC)


def start_of(day: dt.date, zone: str, hour: dt.time = dt.time(0)) -> dt.datetime:
    """The instant of `day` at `hour` (default 00:00) in the zone, in UTC."""
    return dt.datetime.combine(day, hour, ZoneInfo(zone)).astimezone(dt.UTC)
