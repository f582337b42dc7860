"""`manage.py build_stage`: builds the demonstration (演示数据)."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.stage import build, house


class Command(BaseCommand):
    help = "Builds the demonstration: anew into its own file var/demo.sqlite3 (XUSHI_STAGE=1), else into a database that holds no government."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()

        def say(text: str) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(f"{time.monotonic() - began:6.1f} s  {text}")

        if house.is_own():
            house.rebuild(say)
        else:
            try:
                build.build(say)
            except build.NotEmpty as error:
                raise CommandError("The database holds a government already; the demonstration needs an empty one.") from error
        if options["verbosity"]:
            self.stdout.write(f"demonstration built in {time.monotonic() - began:.1f} s")
