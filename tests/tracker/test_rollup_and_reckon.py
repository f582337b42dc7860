"""The roll-up of rows and the command `reckon` judge the same cases alike: attainment, expected, gap, light, marks, overdue."""

import datetime as dt
import random
from typing import Any

import pytest

from plans.models import Item
from plans.reckoning import reckon
from tests import cast
from tests.tracker import stand
from tracker import rollup
from tracker.models import ProgressReport

pytestmark = pytest.mark.django_db

ENDS = ["2022-03-31", "2022-06-30", "2022-09-30", "2022-12-31"]
DUES = ["2022-04-15", "2022-07-15", "2022-10-17", "2023-01-16"]
STATES = {"estimate": "预计", "flash": "快报", "verified": "核定"}
N = 60


def promise(draw: random.Random, n: int) -> dict[str, Any]:
    """An item in the exported form, of any kind of target that reads its measure alone."""
    accrual = draw.choice(["cumulative", "cumulative", "level", "held"])
    comparator = draw.choice(["at_least", "at_least", "at_most", "about", "exactly", "between"])
    value, unit = draw.choice(["100", "95", "26", "8"]), draw.choice(["%", "个", "百分点"])
    final = cast.target(comparator=comparator, value=value, unit=unit, value_high=str(int(value) + 3) if comparator == "between" else None)
    profile = draw.choice(["linear", "linear", "shares", "at_end"])
    return cast.item(
        f"r-{n:02d}", f"事项{n}", accrual=accrual, unit=unit, targets=[final], profile=profile,
        shares=["5", "25", "60", "100"] if profile == "shares" else None,
        reading=draw.choice(["value", "value", "increase"]) if accrual == "cumulative" else "value",
        baseline={"date": "2021-12-31", "value": draw.choice(["20", "50", "110"])} if draw.random() < 0.5 else None,
    )  # fmt: skip


def values(draw: random.Random) -> list[dict[str, str]]:
    """What was accepted: quarter, value, state, day of acceptance."""
    found, total = [], 0.0
    for n, end in enumerate(ENDS[: draw.randint(0, 4)]):
        if draw.random() < 0.3:
            continue
        total += draw.randint(0, 400) / 10
        accepted = dt.date.fromisoformat(end) + dt.timedelta(days=draw.randint(3, 14))
        found.append({"n": str(n), "cut_off": end, "value": f"{total:.1f}", "state": draw.choice(list(STATES)), "accepted": accepted.isoformat()})
    return found


@pytest.mark.parametrize("as_of", ["2022-05-20", "2022-10-19", "2023-02-10"])
def test_rows_and_cases_are_judged_alike(as_of):
    draw = random.Random(as_of)
    items = [promise(draw, n) for n in range(N)]
    city = cast.city(plan=cast.body(items))
    cases = []
    for item in items:
        said = values(draw)
        duties = [stand.owe(city, item["measure"]["code"], due, end=end) for end, due in zip(ENDS, DUES, strict=True)]
        for one in said:
            stand.report(duties[int(one["n"])], city.user("reporter"), one["value"], at=one["accepted"], data_state=one["state"])
        given = [{**one, "state": STATES[one["state"]]} for one in said]
        periods = [{"end": end, "due": due} for end, due in zip(ENDS, DUES, strict=True)]
        cases.append({**item, "id": item["code"], "span": ["2022-01-01", "2022-12-31"], "values": given, "periods": periods, "as_of": as_of})
    codes = dict(Item.objects.values_list("pk", "code"))
    looked = {codes[j.item_id]: j for j in rollup.look(city.government, dt.date.fromisoformat(as_of)) if j.subject.startswith("item:")}
    assert ProgressReport.objects.accepted().count() > N
    names = ("attainment", "expected", "gap", "light", "marks", "overdue")
    by_rows = {code: [_plain(getattr(j, name)) for name in names] for code, j in looked.items()}
    by_cases = {r["id"]: [r[name] for name in names] for r in reckon(cases)["results"]}
    assert by_rows == by_cases


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return list(value)
    return f"{value:.6f}" if not isinstance(value, (int, str, type(None))) else value
