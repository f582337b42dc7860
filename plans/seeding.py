"""The shipped city: fixtures/ becomes a government with its departments, cycles and plans. Idempotent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from people import deeds
from people.models import Department, Government
from people.workdays import seed_workdays
from plans.conflicts.deeds import list_read
from plans.importing import differences, load_plan
from plans.models import Cycle, Plan

WORKDAY_YEARS = range(2019, 2028)  # of the shipped plans, with what comes before and after
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def read(name: str) -> dict[str, Any]:
    """A fixture file as a dict."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def plan_bodies() -> Iterator[dict[str, Any]]:
    """The shipped plans in their order, each with the measures that it reads in full."""
    measures = {m["code"]: m for m in read("measures.json")["measures"]}
    for name in read("government.json")["plans"]:
        file = read(f"{name}.json")
        body = file["plans"][0]
        needed = {item["measure"]["code"] for item in body["items"]} | {t["against"] for i in body["items"] for t in i["targets"] if t["against"]}
        body["measures"] = [measures[code] for code in sorted(needed) if code in measures]
        yield body


def seed() -> list[str]:
    """Loads what is absent and changes nothing else; returns what was done and what differs, a line each."""
    lines: list[str] = []
    seed_workdays(WORKDAY_YEARS)
    government = _government(lines)
    for body in plan_bodies():
        plan = Plan.objects.of(government).filter(code=body["code"]).select_related("document").first()
        if plan is None:
            load_plan(government, body)
            lines.append(f"{body['code']}: loaded {len(body['items'])} items")
        else:
            lines += differences(plan, body)
    lines += _conflicts(government)
    return lines


def _conflicts(government: Government) -> list[str]:
    """Lists the contradictions of the documents that are not listed yet; what people decided about others stays."""
    new = list_read(government, read("conflicts.json")["conflicts"])
    return [f"conflicts: {new} listed"] if new else []


def _government(lines: list[str]) -> Government:
    shipped = read("government.json")
    with transaction.atomic():
        row = shipped["government"]
        government, made = Government.objects.get_or_create(code=row["code"], defaults={k: row[k] for k in ("name", "name_en", "level", "zone")})
        if made:
            lines.append(f"{government.code}: government made")
        known = set(Department.objects.of(government).values_list("code", flat=True))
        for department in read("departments.json")["departments"]:
            if department["code"] not in known:
                deeds.open_department(government, department)
                known.add(department["code"])
        cycles = set(Cycle.objects.of(government).values_list("name", flat=True))
        Cycle.objects.bulk_create(Cycle(government=government, **c) for c in shipped["cycles"] if c["name"] not in cycles)
    return government
