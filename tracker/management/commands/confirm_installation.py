"""`manage.py confirm_installation`: after a restore or a copy, or a clock that was ahead, lets this database send mail from here."""

from typing import Any

from django.core.management.base import BaseCommand

from tracker import installation


class Command(BaseCommand):
    help = "After a restore or a copy of the database: confirms that this installation may send messages again."

    def handle(self, *args: Any, **options: Any) -> None:
        installation.confirm()
        self.stdout.write("This installation may send messages.")
