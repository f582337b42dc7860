"""`manage.py attach_document PATH`: joins a local copy of a paper, or of a gazette that holds several, to the plans it is the source of."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import clock
from people.models import Government
from plans.attaching import Attached, Copy, NotAttached, attach_collection
from plans.passages.reading import Unreadable, lines_of


class Command(BaseCommand):
    help = "Joins a local copy of a paper (txt, docx, pdf) to the government's plans: every sentence is kept, every item finds its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--government", help="code of the government; needed where there are several")
        parser.add_argument("--json", action="store_true", help="print as JSON")

    def handle(self, *args: Any, path: Path, government: str | None, json: bool, **options: Any) -> None:
        try:
            content = path.read_bytes()
            copy = Copy.of(path.name, lines_of(path.name, content), content)
            done = attach_collection(_government(government), copy, None, clock.now())
        except (OSError, Unreadable, NotAttached) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_json(done) if json else "\n".join(line for one in done for line in _lines(one)))


def _government(code: str | None) -> Government:
    found = Government.objects.filter(**({"code": code} if code else {}))
    if len(found) != 1:
        raise CommandError(f"no government '{code}'" if code else "there is not one government: say which with --government")
    return found[0]


def _lines(one: Attached) -> list[str]:
    return [f"{one.document.title}: {one.sentences} sentences, {one.found} items found", *(f"  not found: {code}" for code in one.missing)]


def _json(done: list[Attached]) -> str:
    rows = [{"document": one.document.title, "sentences": one.sentences, "found": one.found, "missing": one.missing} for one in done]
    return json.dumps({"documents": rows}, ensure_ascii=False, indent=2)
