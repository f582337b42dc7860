"""A government without any department takes those that an export names: an empty city gets its plans back."""

import datetime as dt
import json
import re
from collections.abc import Iterable

from django.db import transaction

from people import audit, deeds
from people.models import Department, Government
from plans.models import IssuedPaper


def found_departments(government: Government, papers: Iterable[IssuedPaper], at: dt.datetime) -> list[str]:
    """Opens the departments that exported plans name, in their order, where the government has none at all; their names."""
    bodies = [body for paper in papers if (body := json.loads(paper.blocks).get("body"))]
    if not bodies or Department.objects.of(government).exists():
        return []
    named = [name for body in bodies for item in body["items"] for name in (item["lead"], item["measure"]["reporter"], *item["supporting"]) if name]
    names = list(dict.fromkeys(named))
    with transaction.atomic():
        for n, name in enumerate(names, start=1):
            row = {"code": f"d{n:03d}", "name": name, "short": short_of(name)[:40], "name_en": name, "kind": kind_of(name), "former": [], "position": n * 10}
            deeds.open_department(government, row)
        audit.record(government, actor=None, verb="departments opened from an export", subject=f"government:{government.pk}", at=at, facts={"names": names})
    return names


def short_of(name: str) -> str:
    """遂平县人民政府 → 遂平县: what can be left out without guessing."""
    return re.sub(r"(?<=[县区市])人民政府$|管理委员会$", "", name) or name


def kind_of(name: str) -> str:
    """County, zone or bureau, by the end of the name."""
    if re.search(r"[县区市]人民政府$", name):
        return Department.Kind.COUNTY
    return Department.Kind.ZONE if name.endswith("管理委员会") and "区" in name else Department.Kind.BUREAU
