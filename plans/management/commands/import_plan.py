"""`manage.py import_plan FILE`: reads an issued paper, our own table or an export, and says what would come of it; `--save` makes the draft."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from people import clock, deeds
from people.access import Person
from people.models import Government, User
from plans.editing.rights import NotAllowed
from plans.models import IssuedPaper
from plans.sheets import Refused
from plans.taking.deeds import Head, Held, keep, take
from plans.taking.founding import found_departments
from plans.taking.proposing import Proposal, propose
from plans.taking.saying import why_words


class Command(BaseCommand):
    help = "Previews an issued paper (xlsx, xls, docx, csv, txt), our own table or the JSON of export_plans as draft items; --save makes the draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--plan", metavar="CODE", default="", help="code of the draft that is made or changed; of an export, the plan to take")
        parser.add_argument("--json", action="store_true", help="print items, refused cells and what is no item as JSON")
        parser.add_argument("--save", action="store_true", help="make the draft: all or nothing")
        parser.add_argument("--government", metavar="CODE", help="needed where there are several")
        parser.add_argument("--by", metavar="LOGIN", help="the supervisor who changes a draft that is there already")

    def handle(self, *args: Any, file: Path, plan: str, save: bool, **options: Any) -> None:
        government = _government(options["government"])
        by = _person(government, options["by"])
        try:
            content = file.read_bytes()
        except OSError as why:
            raise CommandError(str(why)) from why
        try:
            with transaction.atomic():
                said = self._run(government, file.name, content, plan, by, save=save, as_json=options["json"])
                if not save:
                    transaction.set_rollback(True)
        except Refused as why:
            if options["json"]:
                self.stdout.write(_json({"items": [], "refused": [{"cell": p.address, "why": p.why} for p in why.problems], "not_items": []}))
            raise CommandError(str(why)) from why
        except Held as why:
            self.stdout.write(_json(why.proposal.as_json()) if options["json"] else "\n".join(_refused(why.proposal)))
            raise CommandError(str(why)) from why
        except NotAllowed as why:
            raise CommandError(str(why)) from why
        self.stdout.write(said)

    def _run(self, government: Government, name: str, content: bytes, plan: str, by: Person | None, *, save: bool, as_json: bool) -> str:
        at = clock.now()
        papers = keep(government, name, content, Head(code="" if name.lower().endswith(".json") else plan), by, at)
        if plan and name.lower().endswith(".json"):
            papers = [paper for paper in papers if paper.code == plan]
            if not papers:
                raise CommandError(f"no plan '{plan}' in {name}")
        made = found_departments(government, papers, at) if save else []
        proposals = [(paper, propose(paper)) for paper in papers]
        lines = [f"department opened: {one}" for one in made]
        for paper, proposal in proposals:
            lines += _lines(paper, proposal)
            if save:
                lines.append(f"draft {take(paper, by, at).code} saved")
        return _json(_whole(proposals)) if as_json else "\n".join(lines)


def _government(code: str | None) -> Government:
    found = Government.objects.filter(**({"code": code} if code else {}))
    if len(found) != 1:
        raise CommandError(f"no government '{code}'" if code else "there is not one government: say which with --government")
    return found[0]


def _person(government: Government, login: str | None) -> Person | None:
    if not login:
        return None
    user = User.objects.filter(government=government, login=login).first()
    if user is None:
        raise CommandError(f"no person '{login}'")
    return deeds.person_of(user, clock.now())


def _whole(proposals: list[tuple[IssuedPaper, Proposal]]) -> dict[str, Any]:
    """The JSON of all plans of the file together."""
    bodies = [proposal.as_json() for _paper, proposal in proposals]
    return {
        key: [row for body in bodies for row in body.get(key, [])]
        for key in ("items", "refused", "not_items", *(("changes",) if any("changes" in b for b in bodies) else ()))
    }


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1)


def _lines(paper: IssuedPaper, proposal: Proposal) -> list[str]:
    """What would come of a paper, uncertain items first."""
    reading = proposal.reading
    doubtful = [item for item in reading.items if item["uncertain"]]
    lines = [
        f"{paper.title} ({paper.code}, {paper.start}..{paper.end}): {len(reading.items)} items, {len(doubtful)} uncertain, {len(reading.left)} rows are no items"
    ]
    lines += [f"  ? {item['row']} {item['name']}: {', '.join(item['uncertain'])}" for item in doubtful]
    lines += [f"    {item['row']} {item['name']}" for item in reading.items if not item["uncertain"]]
    lines += [f"  {change.state}: {change.code} {change.name} {', '.join(change.fields)}".rstrip() for change in proposal.changes if change.state != "same"]
    return lines + _refused(proposal)


def _refused(proposal: Proposal) -> list[str]:
    return [f"  refused {one.cell}: {why_words(one.why)}" for one in proposal.reading.refused]
