"""How a government stands, from the top down, as plain dicts: what the command `rollup` prints."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Protocol

from people.models import Department, Government
from plans.models import Item, Plan
from tracker.models import Standing
from tracker.models.standings import Light

PLACES = Decimal("0.000001")
LIGHTS = [Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE, Light.NOT_DUE, Light.GREY]


class Stands(Protocol):
    """A stored standing, or one that was only looked at."""

    subject: str
    attainment: Decimal | None
    expected: Decimal | None
    gap: Decimal | None
    light: str
    overdue: int


def current(government: Government, day: dt.date) -> dict[str, Any]:
    """The current run in words and numbers. 4 statements."""
    return of(government, day, Standing.objects.of(government).at(government.run))


def of(government: Government, day: dt.date, standings: Iterable[Any]) -> dict[str, Any]:
    """The same of any standings. 3 statements beside them."""
    found = {s.subject: s for s in standings}
    plans = list(Plan.objects.of(government).order_by("position", "code").values_list("pk", "code"))
    departments = list(Department.objects.of(government).order_by("position", "code").values_list("pk", "name"))
    items = Item.objects.of(government).order_by("plan__position", "plan__code", "position").values_list("pk", "code", "plan__code")
    whole = _node(found.get(f"government:{government.pk}"))
    return {
        "as_of": day.isoformat(),
        "government": {**whole, **whole.get("counts", {})},
        "plans": [{"code": code, **_node(found[key])} for pk, code in plans if (key := f"plan:{pk}") in found],
        "departments": [{"name": name, **_node(found[key])} for pk, name in departments if (key := f"department:{pk}") in found],
        "items": [{"code": code, "plan": plan, **_item(found[key])} for pk, code, plan in items if (key := f"item:{pk}") in found],
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The same as a short table: who, light, attainment, expected, gap, overdue, and the items counted per light."""
    yield f"{found['as_of']}  {'light':8}{'A':>10}{'E':>10}{'gap':>12}{'overdue':>9}  " + " ".join(LIGHTS)
    yield _line("", found["government"])
    for row in found["plans"]:
        yield _line(row["code"], row)
    for row in found["departments"]:
        yield _line(row["name"], row)
    for row in found["items"]:
        yield _line(f"{row['plan']} {row['code']}", row) + " ".join(row["marks"])


def _line(name: str, row: dict[str, Any]) -> str:
    if not row:
        return f"{name}  -"
    numbers = (f"{row['attainment'] or '-':>10}", f"{row['expected'] or '-':>10}", f"{row['gap'] or '-':>12}", f"{row['overdue']:>9}")
    counts = " ".join(f"{row['counts'].get(light, 0)}" for light in LIGHTS) if "counts" in row else ""
    return f"{row['light']:8}{''.join(numbers)}  {name}  {counts}"


def _numbers(standing: Stands) -> dict[str, Any]:
    return {name: _text(getattr(standing, name)) for name in ("attainment", "expected", "gap")} | {"light": str(standing.light), "overdue": standing.overdue}


def _node(standing: Any) -> dict[str, Any]:
    if standing is None:
        return {}
    return {**_numbers(standing), "counts": standing.counts, "coverage": standing.counts.get("coverage")}


def _item(standing: Any) -> dict[str, Any]:
    return {**_numbers(standing), "marks": list(standing.marks)}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number.quantize(PLACES))
