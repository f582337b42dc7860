"""Standings laid by hand, for tests of pages that only read them: `run = roll(city); stand(city, "1-01", "red", "-12")`."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.test import Client

from people import clock
from people.models import StagedTime
from plans.models import Item, Target
from tests import cast
from tracker import periods
from tracker.models import Period, Run, Standing

BANDS = {"kind": "share", "green": "0", "yellow": "-10"}


def roll(city: cast.City, as_of: str = "2022-10-17", closes: Period | None = None) -> Run:
    """The next run of the city, made the current one; standings that are open go on."""
    number = city.government.run + 1
    day = dt.date.fromisoformat(as_of)
    run = Run.objects.create(government=city.government, number=number, as_of=day, at=cast.noon(day), closes=closes)
    city.government.run = number
    city.government.save(update_fields=["run"])
    return run


def period(city: cast.City, occasion: str = "2022Q3") -> Period:
    """A quarter of the city's cycle."""
    return periods.open_period(city.plan.cycle, int(occasion[:4]), int(occasion[-1]))


def stand(
    city: cast.City, code: str, light: str, gap: str | None = None, *, attainment: str | None = None, expected: str | None = None, **given: Any
) -> Standing:
    """An item's standing from the current run on; the one before ends with it. `facts` are added to plain ones."""
    item = Item.objects.get(plan=city.plan, code=code)
    terms = item.terms.latest("from_on")
    target = Target.objects.filter(terms=terms).last()
    facts = {
        "value": "1260", "value_state": "verified", "cut_off": "2022-09-30", "start": "0", "start_on": "2021-12-31", "target": "2000", "comparator": "at_least",
        "due": "2022-12-31", "unit": target.unit if target else "", "expected_value": "1500", "bands": BANDS, "closed": False, "silent": 0,
        "reason_zh": f"{code} 的理由", "reason_en": f"Why {code}", "forecast": None, "assumed_path": True, **given.pop("facts", {}),
    }  # fmt: skip
    return put(city, f"item:{item.pk}", light, gap, attainment, expected, item=item, terms=terms, target=target, facts=facts, **given)


def node(
    city: cast.City, subject: str, light: str, gap: str | None = None, *, attainment: str | None = None, expected: str | None = None, **counts: Any
) -> Standing:
    """A node's standing: `node(city, f"plan:{city.plan.pk}", "red", "-12", items=6, red=1)`."""
    every = {"items": 0, "red": 0, "yellow": 0, "green": 0, "blue": 0, "not_due": 0, "grey": 0, "overdue": 0, "coverage": "0.940000", "oldest": None}
    return put(city, subject, light, gap, attainment, expected, overdue=counts.get("overdue", 0), counts={**every, **counts})


def put(city: cast.City, subject: str, light: str, gap: str | None, attainment: str | None, expected: str | None, **given: Any) -> Standing:
    run = city.government.run
    Standing.objects.filter(government=city.government, subject=subject, until_run=None).update(until_run=run)
    numbers = {"attainment": attainment, "expected": expected, "gap": gap}
    decimals = {name: None if text is None else Decimal(text) for name, text in numbers.items()}
    return Standing.objects.create(government=city.government, subject=subject, since_run=run, light=light, **decimals, **given)


def stage(settings: Any, day: str) -> None:
    """Lets the clock show noon of a day."""
    settings.STAGE = True
    StagedTime.objects.create(shown_at=cast.noon(day), set_at=clock.machine_now())


def client_of(city: cast.City, login: str) -> Client:
    """A signed-in browser of a person of the city."""
    client = Client()
    client.force_login(city.user(login), backend="people.signing_in.LoginBackend")
    return client


def draft(city: cast.City, code: str = "draft-2023") -> str:
    """A plan that is not published, with one item '9-01' 秘密产业园; returns its code."""
    from plans.importing import load_draft

    items = [cast.item("9-01", "秘密产业园", goal=["秘密板块"], measure={"code": f"secret-{code}"})]
    load_draft(city.government, cast.body(items, code=code), city.person("supervisor"), cast.noon("2022-01-01"))
    return code
