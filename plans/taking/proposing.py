"""What a paper that came in would do: its items, checked against what rows can hold, and beside the draft that is there."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from people.models import Department, Government
from plans.drafted import refusals, whole
from plans.editing.rights import DRAFTS
from plans.exporting import export_plan
from plans.models import IssuedPaper, PaperWord, Plan
from plans.papers import comparing, keeping, owners
from plans.papers.comparing import Change
from plans.papers.entries import Refusal
from plans.papers.reading import Reading, read
from plans.papers.tables import Span
from plans.papers.template import is_template, read_template
from plans.taking.leaders import compare_leaders, name_leaders

LARGEST = Decimal(10) ** 11
OWN = ("row", "uncertain", "why", "text", "leaders", "leader", "unknown")  # beside the exported form


NOBODY = ("unknown", "group")  # who is named stands in no list of departments


@dataclass
class Proposal:
    """A reading, the draft that it would change, and what it would change of it."""

    reading: Reading
    plan: Plan | None = None
    changes: list[Change] = field(default_factory=list)
    blocked: str = ""  # why it cannot be taken in at all: the plan of this code is published

    def as_json(self) -> dict[str, Any]:
        """The form of `import_plan --json`; `changes` only where there is a draft."""
        body = self.reading.as_json()
        if self.plan is not None:
            body["changes"] = [
                {"code": c.code, "name": c.name, "state": c.state, "fields": {name: list(pair) for name, pair in c.fields.items()}}
                for c in self.changes
                if c.state != "same"
            ]
        return body


def directory_of(government: Government, day: dt.date) -> owners.Directory:
    """The departments as the reader knows them, with what was said about names. 2 statements."""
    rows = Department.objects.of(government).select_related("successor").order_by("position", "code")
    made = [
        owners.Department(
            d.name, d.short, tuple(d.former), d.kind in (Department.Kind.COUNTY, Department.Kind.ZONE), d.until_on, d.successor.name if d.successor else ""
        )
        for d in rows
    ]
    return owners.Directory(made, government.name, said(government, PaperWord.Kind.OWNER), day)


def said(government: Government, kind: str) -> dict[str, str]:
    """What people said that words of this kind mean."""
    return dict(PaperWord.objects.of(government).filter(kind=kind).values_list("words", "means"))


def propose(paper: IssuedPaper) -> Proposal:
    """Reads a paper that came in, as things stand now."""
    government = paper.government
    kind = json.loads(paper.blocks)
    reading = _of_body(kind["body"]) if "body" in kind else _of_paper(paper, government)
    name_leaders(reading, government)
    plan = Plan.objects.of(government).filter(code=paper.code).select_related("document").first()
    proposal = Proposal(reading, plan)
    if plan is None:
        _check(reading, body_of(paper, reading.items), government)
        return proposal
    if plan.state not in DRAFTS:
        proposal.blocked = "published"
        return proposal
    before = plan.issued_papers.filter(state=IssuedPaper.State.TAKEN).exclude(pk=paper.pk).order_by("-at", "-pk").values_list("read", flat=True).first()
    earlier = json.loads(before) if before else None
    proposal.changes = comparing.against(export_plan(plan)["items"], reading.items, earlier)
    compare_leaders(proposal.changes, plan, earlier)
    _check(reading, body_of(paper, reading.items), government)
    return proposal


def _of_paper(paper: IssuedPaper, government: Government) -> Reading:
    opened = keeping.opened(paper.blocks)
    directory = directory_of(government, paper.end)
    document = paper.title
    if is_template(opened):
        return read_template(opened, directory, Span(paper.start, paper.end), plan=paper.code, document=document)
    return read(opened, directory, Span(paper.start, paper.end, said(government, PaperWord.Kind.HEADING)), plan=paper.code, document=document)


def _of_body(body: dict[str, Any]) -> Reading:
    """An exported plan: nothing in it is uncertain."""
    items = [{**item, "row": f"items[{n}]", "uncertain": [], "why": {}, "text": item.get("name", ""), "leaders": []} for n, item in enumerate(body["items"])]
    return Reading(items=items)


def _check(reading: Reading, body: dict[str, Any], government: Government) -> None:
    """What no row can hold, at its address."""
    rows = {item["code"]: item["row"] for item in reading.items}
    known = set(Department.objects.of(government).values_list("name", flat=True))
    for item in body["items"]:
        for target in item["targets"]:
            if any(not _fits(target.get(name)) for name in ("value", "value_high", "offset")):
                reading.refused.append(Refusal(rows[item["code"]], "too_large"))
    for line in refusals(whole(body)):
        code, _, why = line.partition(": ")
        reading.refused.append(Refusal(rows.get(code, code), why))
    for item in body["items"]:
        for name in [item["lead"], (item.get("measure") or {}).get("reporter"), *item["supporting"]]:
            if name and known and name not in known:
                reading.refused.append(Refusal(rows[item["code"]], "unknown_department"))


def _fits(value: str | None) -> bool:
    try:
        number = Decimal(value) if value is not None else Decimal(0)
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number) < LARGEST and number == round(number, 4)


def body_of(paper: IssuedPaper, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The plan in the form that `load_draft` takes: who stands in no list of departments is left open, with the paper's words in the note."""
    given = json.loads(paper.blocks).get("body")
    rows = [loadable(item) for item in items]
    if given:
        return {**given, "code": paper.code, "items": rows}
    issuer = paper.issuer or f"{paper.government.name}人民政府"
    document = {"title": paper.title, "number": paper.number or paper.code, "issuer": issuer, "date": (paper.issued_on or paper.start).isoformat()}
    return {"code": paper.code, "title": paper.title, "document": document, "start": paper.start.isoformat(), "end": paper.end.isoformat(), "items": rows}


def loadable(item: dict[str, Any]) -> dict[str, Any]:
    """An item as a draft can hold it."""
    row = {name: value for name, value in item.items() if name not in OWN}
    unknown = [name for name in ([item["lead"]] if item["why"].get("lead") in NOBODY else []) if name]
    others = [name for name in item["supporting"] if name in item.get("unknown", ())]
    leaders = item.get("leaders") or []
    if unknown or others or leaders:
        note = "；".join(
            filter(
                None,
                [
                    f"责任领导：{'、'.join(leaders)}" if leaders else "",
                    f"牵头：{unknown[0]}" if unknown else "",
                    f"配合：{'、'.join(others)}" if others else "",
                ],
            )
        )
        row["targets"] = [{**target, "note": (target["note"] or note)[:300]} if target["role"] == "final" else target for target in row["targets"]]
    lead = None if unknown else item["lead"] or None
    measure = {**item["measure"], "reporter": item["measure"].get("reporter") if item["measure"].get("reporter") != item["lead"] else lead}
    return {**row, "lead": lead, "supporting": [name for name in item["supporting"] if name not in others], "measure": measure}
