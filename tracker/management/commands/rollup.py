"""`manage.py rollup`: roll up now and print how everything stands; with --as-of another day, print only."""

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people import clock
from people.models import Government
from tracker import rollup
from tracker.queries import rollup as standing


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"'{text}' is no date; write it as 2022-10-17.") from None


class Command(BaseCommand):
    help = "Rolls up a government now and prints how everything stands; another day is computed and printed, not stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day to judge; by what was accepted and in force by its end")
        parser.add_argument("--json", action="store_true", help="machine-readable, numbers as text with six places")
        parser.add_argument("--government", metavar="CODE", help="needed only where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        government = government_of(options["government"])
        at = clock.now()
        day = options["as_of"] or clock.day_of(at, government.zone)
        if day == clock.day_of(at, government.zone):
            rollup.take(government, at)
            found = standing.current(government, day)
        else:
            found = standing.of(government, day, rollup.look(government, day))
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) if options["json"] else "\n".join(standing.lines(found)))


def government_of(code: str | None) -> Government:
    """The government named, or the only one there is. Raises: CommandError."""
    governments = list(Government.objects.order_by("pk"))
    if code is None and len(governments) == 1:
        return governments[0]
    for government in governments:
        if government.code == code:
            return government
    known = ", ".join(g.code for g in governments)
    raise CommandError(f"no government '{code}': {known}" if code else f"say which with --government: {known or 'there is none; run seed first'}")
