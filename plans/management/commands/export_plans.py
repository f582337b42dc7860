"""`manage.py export_plans`: every published plan as JSON on standard output."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.models import Government
from plans.exporting import export_plans


def day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"'{text}' is no date; write it as 2022-10-17.") from None


class Command(BaseCommand):
    help = "Prints every published plan as JSON: amendment 0, or with --as-of the terms in force on that day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day, metavar="DATE")
        parser.add_argument("--drafts", action="store_true", help="drafts too, as they stand")
        parser.add_argument("--government", metavar="CODE", help="default: every government of the database")

    def handle(self, *args: Any, **options: Any) -> None:
        governments = Government.objects.order_by("code")
        if options["government"]:
            governments = governments.filter(code=options["government"])
        plans = [plan for government in governments for plan in export_plans(government, options["as_of"], drafts=options["drafts"])["plans"]]
        self.stdout.write(json.dumps({"plans": plans}, ensure_ascii=False, indent=1))
