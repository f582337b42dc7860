"""document → plan: a plan in the form of `export_plans` becomes rows: a draft to be edited, or published as amendment 0.

Beside the exported fields a body may hold `title_en`, `short`, `short_en`, `position`, `goals` (path of titles, title_en), `measures`
(what is reported, in full), `past` (earlier results of a measure) and items' `name_en`, `weight` and `acceptance`. A draft may leave open
what `plans.drafted` fills in, and a lead, a reporter and days that nobody knows yet.
"""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.db import transaction

from people import audit, clock
from people.access import Person
from people.models import Department, Government
from plans.drafted import refusals, whole
from plans.editing.rights import may_make
from plans.exporting import export_plan
from plans.models import Amendment, BandRule, Bands, Cycle, Document, Goal, Item, Measure, PastResult, Plan, Publication, Step, Support, Target, Terms

BANDS = {"share": ("0", "-10"), "points": ("0", "-1"), "node": ("-2", "-10")}


class BadPlan(ValueError):
    """The body cannot be loaded; the message names the item and the field."""


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _open_day(text: str | None) -> dt.date | None:
    return _day(text) if text else None


class _Directory:
    """What a body names by words, found by name or code; an unknown word is a BadPlan."""

    def __init__(self, government: Government) -> None:
        self.departments = {d.name: d for d in Department.objects.of(government)}
        self.cycles = {c.name: c for c in Cycle.objects.of(government)}
        self.measures = {m.code: m for m in Measure.objects.of(government)}

    def find(self, kind: str, key: str, where: str) -> Any:
        try:
            return getattr(self, kind)[key]
        except KeyError:
            raise BadPlan(f"{where}: unknown {kind[:-1]} '{key}'") from None

    def department(self, name: str | None, where: str) -> Department | None:
        """None where a draft names nobody yet."""
        return self.find("departments", name, where) if name else None


def load_plan(government: Government, body: dict[str, Any]) -> Plan:
    """Creates and publishes a plan. All or nothing. Published at 00:00 of the document's day in the government's zone.

    Raises: BadPlan where a department, cycle, measure or goal is unknown; IntegrityError where the code exists.
    """
    with transaction.atomic():
        plan, first = _rows(government, body)
        publish_first(plan, first)
    return plan


def load_draft(government: Government, body: dict[str, Any], by: Person | None, at: dt.datetime) -> Plan:
    """Creates a plan as a draft, to be edited and published later. All or nothing.

    What the body leaves open is filled in by `plans.drafted.whole`; lead, reporter and days may be missing.
    Raises: NotAllowed for the wrong role; BadPlan for what `load_plan` refuses, a code that exists, and a value that no row can hold.
    """
    if by is not None:  # an operator at the command line
        may_make(by, government.pk)
    body = whole(body)
    if wrong := refusals(body):
        raise BadPlan("; ".join(wrong))
    if Plan.objects.of(government).filter(code=body["code"]).exists():
        raise BadPlan(f"{body['code']}: a plan of this code exists")
    with transaction.atomic():
        plan, _first = _rows(government, body, by)
        audit.record(
            government,
            actor=by.user if by else None,
            verb="draft loaded",
            subject=f"plan:{plan.pk}",
            at=at,
            facts={"plan": plan.code, "items": len(body["items"])},
        )
    return plan


def _rows(government: Government, body: dict[str, Any], by: Person | None = None) -> tuple[Plan, Amendment]:
    """All rows of a plan, with amendment 0 that is yet to be published."""
    directory = _Directory(government)
    plan = _plan(government, body, directory)
    goals = _goals(plan, body.get("goals") or _goals_of(body["items"]))
    _measures(government, plan, body, directory)
    first = Amendment.objects.create(government=government, plan=plan, number=0, from_on=plan.start, proposed_by=by.user if by else None)
    terms = _items(plan, first, body["items"], goals, directory)
    _parts(plan, terms, body["items"], directory)
    lay_bands(plan, first)
    return plan, first


def publish_first(plan: Plan, first: Amendment, at: dt.datetime | None = None) -> None:
    """Freezes amendment 0 and keeps the paper as it was published, at 00:00 of the document's day unless told when."""
    at = at or clock.start_of(plan.document.date, plan.government.zone)
    Amendment.objects.filter(pk=first.pk).update(state=Amendment.State.PUBLISHED)
    Terms.objects.filter(amendment=first).update(published_at=at)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.PUBLISHED)
    plan.state = Plan.State.PUBLISHED
    Publication.objects.create(government=plan.government, plan=plan, amendment=first, body=json.dumps(export_plan(plan), ensure_ascii=False))


def _plan(government: Government, body: dict[str, Any], directory: _Directory) -> Plan:
    paper = body["document"]
    document, _ = Document.objects.get_or_create(
        government=government, number=paper["number"], title=paper["title"],
        defaults={"issuer": paper["issuer"], "date": _day(paper["date"]), "title_en": paper.get("title_en", "")},
    )  # fmt: skip
    return Plan.objects.create(
        government=government, document=document, code=body["code"], title=body["title"], title_en=body.get("title_en", body["title"]),
        short=body.get("short", ""), short_en=body.get("short_en", ""), start=_day(body["start"]), end=_day(body["end"]),
        cycle=directory.find("cycles", body.get("cycle", "quarter"), body["code"]), position=body.get("position", 0),
    )  # fmt: skip


def _goals_of(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The goals that the items name, parents first, in order of appearance."""
    paths = dict.fromkeys(tuple(item["goal"][: n + 1]) for item in items for n in range(len(item["goal"])))
    return [{"path": list(path), "title_en": path[-1]} for path in paths]


def _goals(plan: Plan, rows: list[dict[str, Any]]) -> dict[tuple[str, ...], Goal]:
    made: dict[tuple[str, ...], Goal] = {}
    children: dict[tuple[str, ...], int] = {}
    for row in rows:
        titles = tuple(row["path"])
        parent = made.get(titles[:-1])
        if len(titles) > 1 and parent is None:
            raise BadPlan(f"{plan.code}: goal {titles[-1]} stands before its parent")
        position = children[titles[:-1]] = children.get(titles[:-1], 0) + 1
        path = f"{parent.path if parent else ''}{position:03d}/"
        made[titles] = Goal.objects.create(
            government_id=plan.government_id, plan=plan, parent=parent, path=path, position=position, title=titles[-1], title_en=row["title_en"]
        )
    return made


def _measures(government: Government, plan: Plan, body: dict[str, Any], directory: _Directory) -> None:
    """Creates the measures that are not there yet: those given in full, and one of kind steps for each task."""
    rows = {m["code"]: m for m in body.get("measures", [])}
    for item in body["items"]:
        if item["measure"]["code"] not in rows:
            rows[item["measure"]["code"]] = {**item["measure"], "name": item["name"], "name_en": item.get("name_en", item["name"]), "unit": item["unit"] or ""}
    new = [
        Measure(
            government=government, code=code, name=row["name"], name_en=row["name_en"], unit=row.get("unit") or "",
            kind=row.get("kind") or _kind_of(code, body), definition=row.get("definition", ""), source=row.get("source", ""),
            reporter=directory.department(row["reporter"], code), cycle=directory.find("cycles", row["cycle"], code), release_lag=row["release_lag"],
        )
        for code, row in rows.items() if code not in directory.measures
    ]  # fmt: skip
    directory.measures.update({m.code: m for m in Measure.objects.bulk_create(new)})
    PastResult.objects.bulk_create(
        [
            PastResult(
                government=government,
                measure=directory.find("measures", p["measure"], "past"),
                on=_day(p["date"]),
                value=Decimal(p["value"]),
                locator=p["locator"],
            )
            for p in body.get("past", [])
        ],
        ignore_conflicts=True,  # a result that is known stays as it was first given
    )


def _kind_of(code: str, body: dict[str, Any]) -> str:
    tasks = {item["measure"]["code"] for item in body["items"] if item["kind"] == "task"}
    return Measure.Kind.STEPS if code in tasks else Measure.Kind.NUMBER


def _items(plan: Plan, first: Amendment, rows: list[dict[str, Any]], goals: dict[tuple[str, ...], Goal], directory: _Directory) -> list[Terms]:
    items = Item.objects.bulk_create(
        [
            Item(
                government_id=plan.government_id, plan=plan, code=row["code"], kind=row["kind"], position=n,
                measure=directory.find("measures", row["measure"]["code"], row["code"]),
            )
            for n, row in enumerate(rows)
        ]
    )  # fmt: skip
    _join_parts(items, rows)
    return Terms.objects.bulk_create([_terms(plan, first, item, row, goals, directory) for item, row in zip(items, rows, strict=True)])


def _join_parts(items: list[Item], rows: list[dict[str, Any]]) -> None:
    """The parts of an item that is shared out, each to its whole. Raises: BadPlan where the whole is not there or itself a part."""
    by_code = {item.code: item for item in items}
    shared = {row["code"]: row["part_of"] for row in rows if row.get("part_of")}
    for code, of in shared.items():
        if of not in by_code or of in shared or of == code:
            raise BadPlan(f"{code}: part_of '{of}' is no item that could be shared out")
        by_code[code].part_of = by_code[of]
    Item.objects.bulk_update([by_code[code] for code in shared], ["part_of"])


def _terms(plan: Plan, first: Amendment, item: Item, row: dict[str, Any], goals: dict[tuple[str, ...], Goal], directory: _Directory) -> Terms:
    goal = goals.get(tuple(row["goal"]))
    if goal is None:
        raise BadPlan(f"{row['code']}: goal {row['goal']} is not among the plan's goals")
    baseline = row["baseline"] or {}
    return Terms(
        government_id=plan.government_id, item=item, amendment=first, from_on=plan.start, goal=goal,
        name=row["name"], name_en=row.get("name_en", row["name"]), accrual=row["accrual"], reading=row["reading"],
        average=row["average"] or "", profile=row["profile"], shares="/".join(row["shares"] or []),
        baseline_on=_day(baseline["date"]) if baseline else None, baseline=_number(baseline.get("value")),
        binding=row["binding"], lead=directory.department(row["lead"], row["code"]), basis=row["basis"],
        locator=row["source"]["locator"], acceptance=row.get("acceptance", ""), weight=Decimal(row.get("weight") or 1),
        adding=row.get("adding") or "",
    )  # fmt: skip


def _parts(plan: Plan, terms: list[Terms], rows: list[dict[str, Any]], directory: _Directory) -> None:
    """Targets, steps and supporting departments; a task whose text gives no step gets one, due with the task."""
    pairs = list(zip(terms, rows, strict=True))
    owner = plan.government_id
    Target.objects.bulk_create([target_row(owner, t, row, directory.measures) for t, item in pairs for row in item["targets"]])
    Step.objects.bulk_create([step for t, item in pairs if item["kind"] == "task" for step in _steps(owner, t, item)])
    Support.objects.bulk_create(
        [
            Support(government_id=owner, terms=t, department=directory.find("departments", name, item["code"]))
            for t, item in pairs
            for name in item["supporting"]
        ]
    )


def _steps(owner: int, terms: Terms, item: dict[str, Any]) -> list[Step]:
    if not item["steps"]:
        due = _open_day(item["targets"][-1]["due"])
        return [Step(government_id=owner, terms=terms, position=1, name=item["name"][:120], name_en=terms.name_en[:200], due_on=due, stated=False)]
    return [
        Step(
            government_id=owner, terms=terms, position=n, name=s["name"], name_en=s.get("name_en", ""), due_on=_open_day(s["due"]),
            weight=Decimal(s.get("weight") or "1"), stage=s.get("stage"),
        )
        for n, s in enumerate(item["steps"], start=1)
    ]  # fmt: skip


def target_row(owner: int, terms: Terms, row: dict[str, Any], measures: dict[str, Measure], origin: str = Target.Origin.DOCUMENT) -> Target:
    """A target, not yet saved, from its exported form."""
    if row["against"] and row["against"] not in measures:
        raise BadPlan(f"{terms.name}: target against unknown measure '{row['against']}'")
    return Target(
        government_id=owner, terms=terms, role=row["role"], from_on=_day(row["start"]), due_on=_open_day(row["due"]),
        comparator=row["comparator"] or "", better=row["better"] or "", value=_number(row["value"]), value_high=_number(row["value_high"]),
        unit=row["unit"] or "", tolerance=_number(row["tolerance"]), offset=_number(row["offset"]) or Decimal(0),
        against=measures[row["against"]] if row["against"] else None, firm=row["firm"] or "", words=row["words"], note=row["note"],
        origin=origin, locator=terms.locator,
    )  # fmt: skip


def lay_bands(plan: Plan, amendment: Amendment) -> None:
    """The bands that the government has set for its plans, else the ordinary ones of the three kinds."""
    own = {rule.kind: (rule.green_from, rule.yellow_from) for rule in BandRule.objects.of(plan.government_id)}
    Bands.objects.bulk_create(
        Bands(government_id=plan.government_id, plan=plan, amendment=amendment, kind=kind, green_from=green, yellow_from=yellow)
        for kind, (green, yellow) in {**{kind: (Decimal(green), Decimal(yellow)) for kind, (green, yellow) in BANDS.items()}, **own}.items()
    )


def differences(plan: Plan, body: dict[str, Any]) -> list[str]:
    """What a stored plan (amendment 0) and a body say differently, a line each: 'code field: stored → body'. Empty where they agree."""
    stored = export_plan(plan)
    lines = [f"{plan.code} {k}: {stored[k]} → {body[k]}" for k in ("title", "start", "end") if stored[k] != body[k]]
    before, after = ({item["code"]: item for item in side["items"]} for side in (stored, body))
    lines += [f"{plan.code} {code}: only in the database" for code in before if code not in after]
    for code, item in after.items():
        if code not in before:
            lines.append(f"{plan.code} {code}: only in the file")
            continue
        lines += [f"{plan.code} {code} {k}: {v} → {item[k]}" for k, v in before[code].items() if k in item and item[k] != v]
    return lines
