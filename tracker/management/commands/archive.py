"""`manage.py archive`: a closed period as one file to keep."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker import archiving
from tracker.management.commands.recompute import UNKNOWN, closed


class Command(BaseCommand):
    help = "Writes the archive of a closed period: inputs, results, papers, hashes, and the arithmetic as one script without dependencies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, metavar="PERIOD", help="2022Q2, 2022-06, 2022H1 or 2022")
        parser.add_argument("--government", metavar="CODE", help="needed only where there are several")
        parser.add_argument("out", type=Path, metavar="OUT.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = closed(options["government"], options["period"])
        if len(runs) > 1:
            raise CommandError(f"{len(runs)} cycles have a period '{options['period']}'.", returncode=UNKNOWN)
        content = archiving.archive(runs[0])
        options["out"].write_bytes(content)
        self.stdout.write(f"{options['out']}: {len(content)} bytes")
