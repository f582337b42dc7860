"""What an amendment would do to today's lights; and that what is past keeps its lights and its terms."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans import amending
from plans.amending import Change
from plans.models import Amendment, Terms
from tests import cast
from tests.tracker.desk import Desk
from tracker import rollup
from tracker.foreseeing import foresee
from tracker.models import Period, Run, Standing

pytestmark = pytest.mark.django_db
OCTOBER = cast.noon("2022-10-10")
NOVEMBER = dt.date(2022, 11, 1)


@pytest.fixture
def desk() -> Desk:
    """900 of 2000 base stations at the end of June: behind by 5 points; and the closing of that quarter."""
    desk = Desk(at=cast.noon("2022-07-10"))
    desk.accept(desk.duty("m-1-01", 2), at=cast.noon("2022-07-12"), value="900")
    period = Period.objects.get(cycle__name="quarter", year=2022, number=2)
    rollup.close(desk.city.government, period, period.due_at, cast.noon("2022-07-20"))
    desk.city.government.refresh_from_db()
    return desk


def proposed(city: cast.City, from_on: dt.date = NOVEMBER, **given: object) -> Amendment:
    change = {"1-01": Change(final={"value": cast.d("1700")})}
    words = {"reason": "任务调减", "basis": "会议纪要", "changes": change, **given}
    return amending.propose(city.plan, city.person("supervisor"), cast.noon("2022-07-20"), from_on=from_on, **words)  # type: ignore[arg-type]


def lights(city: cast.City, run: int) -> dict[str, tuple[object, ...]]:
    rows = Standing.objects.of(city.government).at(run).values_list("subject", "light", "gap", "terms", "target")
    return {subject: rest for subject, *rest in rows}


def test_todays_lights_before_and_after_without_a_row_written(desk: Desk) -> None:
    city = desk.city
    amendment = proposed(city)
    item, plan = f"item:{city.item('1-01').pk}", f"plan:{city.plan.pk}"
    rows = Standing.objects.count()
    found = foresee(amendment, cast.noon("2022-07-20"))
    assert [(side.light, round(side.gap, 2)) for side in (found[item].now, found[item].then)] == [("yellow", cast.d("-5.00")), ("green", cast.d("2.94"))]
    assert (found[item].turns, found[plan].moves, found[f"item:{city.item('1-03').pk}"].moves) == (True, True, False)
    assert Standing.objects.count() == rows


def test_what_was_foreseen_is_what_then_stands(desk: Desk) -> None:
    """The preview of a change in force today, and the next roll-up after it is published, are the same judgement."""
    city, at = desk.city, cast.noon("2022-07-20")
    bands = {"share": (cast.d("-6"), cast.d("-12"))}
    amendment = proposed(
        city, from_on=dt.date(2022, 7, 20), bands=bands, changes={"1-02": Change(terms={"withdrawn": True}), "2-01": Change(terms={"weight": cast.d("5")})}
    )
    found = foresee(amendment, at)
    assert found[f"item:{city.item('1-02').pk}"].then is None
    amending.publish(amendment, city.person("supervisor2"), at)
    run = rollup.take(city.government, at)
    now = {s.subject: (s.light, s.gap, s.attainment) for s in Standing.objects.of(city.government).at(run.number)}
    assert now == {subject: (f.then.light, f.then.gap, f.then.attainment) for subject, f in found.items() if f.then}


def test_a_closed_period_keeps_its_lights_and_the_next_roll_up_takes_the_new_terms_from_their_day_on(desk: Desk) -> None:
    city = desk.city
    closed = Run.objects.get(closes__year=2022, closes__number=2).number
    before, old = lights(city, closed), Terms.objects.get(item=city.item("1-01"), amendment__number=0)
    amending.publish(proposed(city), city.person("supervisor2"), OCTOBER)
    new = Terms.objects.get(item=city.item("1-01"), amendment__number=1)
    early = rollup.take(city.government, cast.noon("2022-10-31"))
    late = rollup.take(city.government, cast.noon("2022-11-01"))
    pinned = {run.number: Standing.objects.of(city.government).at(run.number).get(item=city.item("1-01")).terms for run in (early, late)}
    assert pinned == {early.number: old, late.number: new}
    assert lights(city, closed) == before
    assert old.targets.get().value == 2000


def test_no_more_statements_for_three_items_than_for_one(desk: Desk) -> None:
    one = proposed(desk.city)
    three = proposed(desk.city, changes={code: Change(terms={"weight": cast.d("2")}) for code in ("1-01", "1-02", "2-01")})
    taken = []
    for amendment in (one, three):
        with CaptureQueriesContext(connection) as statements:
            foresee(amendment, OCTOBER)
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 21
