"""Moving the stage's clock: day by day, the scripted reports by the deeds of the offices, and the line pulled as on every day."""

import datetime as dt
from functools import partial

from people import clock
from people.models import Government
from people.workdays import calendar_of
from tracker import jobs
from tracker.stage import build
from tracker.stage.calendar import ZONE, at
from tracker.stage.coming import Coming
from tracker.stage.desk import Desk
from tracker.stage.people import Offices
from tracker.stage.story import Told

PULLED = "08:00"
STOPS = {"tomorrow": "2022-10-18", "statistics": "2022-10-24", "november": "2022-11-01"}
SHOWN = "14:30"


def goal(stop: str, now: dt.datetime) -> dt.datetime | None:
    """The instant of a stop, which must lie ahead: the day after today, 24 October, 1 November. None where there is none."""
    if stop not in STOPS:
        return None
    day = clock.day_of(now, ZONE) + dt.timedelta(days=1) if stop == "tomorrow" else dt.date.fromisoformat(STOPS[stop])
    there = at(day, SHOWN)
    return there if now < there <= at(STOPS["november"], SHOWN) else None


def turn(government: Government, since: dt.datetime, until: dt.datetime) -> None:
    """Goes from one instant to a later one. The clock shows each instant before anything is done at it, so that whoever else acts agrees."""
    script = [told for told in Coming(Desk(Offices(government))).told() if since < told.at <= until]
    for told in sorted([*script, *_pulls(government, since, until)], key=lambda t: t.at):
        build.set_clock(told.at)
        told.do()
    build.set_clock(until)
    jobs.tick(until)


def _pulls(government: Government, since: dt.datetime, until: dt.datetime) -> list[Told]:
    """The line is pulled every working day at eight, and this evening."""
    calendar, first = calendar_of(government), clock.day_of(since, ZONE)
    days = (first + dt.timedelta(days=n) for n in range((clock.day_of(until, ZONE) - first).days + 1))
    instants = [at(day, PULLED) for day in days if calendar.is_workday(day)] + [at(first, "18:10")]
    return [Told(when, partial(jobs.tick, when)) for when in instants if since < when < until]
