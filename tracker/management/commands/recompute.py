"""`manage.py recompute`: judges a closed period again and prints what differs from what is stored."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.management.commands.rollup import government_of
from tracker.models import Run
from tracker.recomputing import Recomputed, closings_of, recompute

DIFFERS, UNKNOWN = 1, 2


class Command(BaseCommand):
    help = (
        "Judges a closed period again from what was known at its closing and prints what differs from what is stored; the exit code is 1 where anything does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, metavar="PERIOD", help="2022Q2, 2022-06, 2022H1 or 2022")
        parser.add_argument("--government", metavar="CODE", help="needed only where there are several")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [recompute(run) for run in closed(options["government"], options["period"])]
        if options["json"]:
            self.stdout.write(json.dumps({"closings": [_told(each) for each in found]}, ensure_ascii=False, indent=2, default=str))
        else:
            self.stdout.write("\n".join(line for each in found for line in _lines(each)))
        if not all(each.agrees for each in found):
            sys.exit(DIFFERS)


def closed(code: str | None, occasion: str) -> list[Run]:
    """The closings of a period. Raises: CommandError (exit code 2) where it has none."""
    try:
        government = government_of(code)
    except CommandError as error:
        raise CommandError(str(error), returncode=UNKNOWN) from error
    found = closings_of(government, occasion)
    if not found:
        raise CommandError(f"{government.code} has no closed period '{occasion}'.", returncode=UNKNOWN)
    return found


def _told(one: Recomputed) -> dict[str, Any]:
    return {
        "government": one.run.government.code, "period": one.run.closes and one.run.closes.occasion, "cycle": one.run.closes and one.run.closes.cycle.name,
        "run": one.run.number, "as_of": one.run.as_of, "at": one.run.at, "noted": one.noted, "standings": one.standings, "lost": one.lost,
        "differences": [{"subject": d.subject, "field": d.field, "stored": d.stored, "recomputed": d.again} for d in one.differences],
    }  # fmt: skip


def _lines(one: Recomputed) -> list[str]:
    period = one.run.closes
    assert period is not None  # noqa: S101  only closings are asked for
    head = f"{one.run.government.code} {period.occasion} ({period.cycle.name}), run {one.run.number}, closed as of {one.run.at.isoformat()}: {one.standings} standings"
    lines = [f"{head}, {len(one.differences) or 'no'} differences"]
    if not one.noted:
        lines.append("  nothing was noted with this closing: calendar, cycles and what was under review are as they are today")
    if one.lost:
        lines.append(f"  {one.lost} accepted reports or published terms that were known then are no longer there")
    return lines + [f"  {d.subject} {d.field}: stored {_text(d.stored)}, recomputed {_text(d.again)}" for d in one.differences]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list | type(None)) else str(value)
