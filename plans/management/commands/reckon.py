"""`manage.py reckon FILE`: judge cases by the arithmetic alone and explain the answers."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from plans.reckoning import Malformed, load, reckon


class Command(BaseCommand):
    """Reads {"cases": […]} and writes {"results": […]}; needs no database. A bad case does not stop the others."""

    help = 'Judge the cases of a file ("-": standard input) and explain the answers, as JSON.'
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", help="a JSON file of cases, or - for standard input")

    def handle(self, *args: object, file: str, **options: object) -> None:
        """Judge the file; CommandError where it cannot be read or holds no list of cases."""
        try:
            text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            results = reckon(load(text.decode("utf-8-sig")))
        except (OSError, UnicodeDecodeError, Malformed) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        self.stdout.write(json.dumps(results, ensure_ascii=False, indent=1))
