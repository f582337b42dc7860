"""`manage.py build_stage`: builds the demonstration into the database, which must hold no government."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.stage import build


class Command(BaseCommand):
    help = "Builds the demonstration (演示数据) into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            build.build(lambda text: self.stdout.write(f"{time.monotonic() - began:6.1f} s  {text}") if options["verbosity"] > 1 else None)
        except build.NotEmpty as error:
            raise CommandError("The database holds a government already; the demonstration needs an empty one.") from error
        if options["verbosity"]:
            self.stdout.write(f"demonstration built in {time.monotonic() - began:.1f} s")
