"""`manage.py remove_demonstration`: takes the demonstration away, and nothing else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.stage import removing


class Command(BaseCommand):
    help = "Removes the demonstration: its own file, or the database that it was built into. Stop Xushi first."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            removed = removing.remove()
        except removing.NotAlone as error:
            raise CommandError("Another government stands in this database: nothing was removed.") from error
        for line in removed or ["there is no demonstration"]:
            self.stdout.write(line)
