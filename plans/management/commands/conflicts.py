"""`manage.py conflicts`: lists the contradictions among published promises anew, and says how many there are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count

from people import clock
from people.models import Government
from plans.conflicts.deeds import sweep
from plans.models import Conflict


class Command(BaseCommand):
    help = "Compare all published promises and list what contradicts; what was decided stays decided."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--government", help="code of one government; all without it")

    def handle(self, *args: Any, **options: Any) -> None:
        governments = Government.objects.order_by("pk")
        for government in governments.filter(code=options["government"]) if options["government"] else governments:
            swept = sweep(government, clock.now())
            self.stdout.write(f"{government.code}: {swept.found} found, {swept.new} new, {swept.lapsed} settled by amendments")
            counted = Conflict.objects.of(government).values_list("kind", "state").annotate(n=Count("pk")).order_by("kind", "state")
            for kind, state, n in counted:
                self.stdout.write(f"  {kind} {state}: {n}")
