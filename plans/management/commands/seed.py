"""`manage.py seed`: loads the shipped city where it is absent, and prints what differs where it is not."""

from typing import Any

from django.core.management.base import BaseCommand

from plans.seeding import seed


class Command(BaseCommand):
    help = "Loads the shipped government, departments and plans that are absent. Changes nothing that exists; prints the differences."

    def handle(self, *args: Any, **options: Any) -> None:
        lines = seed()
        for line in lines or ["nothing to load, no differences"]:
            self.stdout.write(line)
