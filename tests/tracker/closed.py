"""A closed period, and what may come after it: for tests of what a closing keeps."""

import datetime as dt
from decimal import Decimal
from typing import Any

from people import locks
from people.models import WorkdayException
from people.workdays import seed_workdays
from plans import amending
from plans.amending import Change
from plans.models import Cycle, Measure
from tests import cast
from tests.tracker.answers import answer, duty
from tracker import closing, rollup
from tracker.models import Duty, Evidence, Period, ProgressReport, Run

SUBMITTED, RETURNED, DRAFT = ProgressReport.State.SUBMITTED, ProgressReport.State.RETURNED, ProgressReport.State.DRAFT
LATER = cast.noon("2022-08-20")


def closed_city(plan: dict[str, Any] | None = None, *, close: bool = True) -> cast.City:
    """The second quarter of 2022 is closed: values, a task's step, one report under review, one duty in silence."""
    seed_workdays([2021, 2022, 2023])
    city = cast.city(plan=plan)
    for code, value in (("1-01", "900"), ("1-03", "7.9"), ("1-04", "5.4")):
        answer(city, code, "2022Q2", value, accepted="2022-07-12")
    answer(city, "2-02", "2022Q2", steps={"选址": "2022-03-20"}, accepted="2022-07-12")
    answer(city, "2-01", "2022Q2", "40", state=SUBMITTED, submitted="2022-07-14")
    duty(city.measure("cloud"), "2022Q2")
    period = Period.objects.get(year=2022, number=2)
    if close:
        closing.close(city.government, f"{period.occasion}:{period.cycle.name}", cast.noon("2022-07-18"))
    return city


def closed_run() -> Run:
    return Run.objects.select_related("closes__cycle", "government").get(closes__isnull=False)


def attach(report: ProgressReport, sha256: str) -> None:
    """Evidence of an accepted report, as if it had been attached before; no product code can do that."""
    locks.lift()
    Evidence.objects.create(
        government=report.government, report=report, sha256=sha256, name="表.txt", size=3, kind="text/plain", added_by=report.author, added_at=report.edited_at
    )
    locks.lay()


def correct(city: cast.City) -> None:
    wrong = ProgressReport.objects.get(measure__code="m-1-01")
    answer(city, "1-01", "2022Q2", "1500", accepted="2022-08-01", corrects=wrong)


def report_late(city: cast.City) -> None:
    answer(city, "1-02", "2022Q2", "4600", submitted="2022-07-20", accepted="2022-07-21")


def judge_what_waited(city: cast.City) -> None:
    ProgressReport.objects.filter(measure__code="m-2-01").update(state=RETURNED)


def amend_from_before(city: cast.City) -> None:
    """Published in August, in force from May: another target and other bands."""
    maker, checker = city.person("supervisor"), city.person("supervisor2")
    bands = {"share": (Decimal(-40), Decimal(-50)), "points": (Decimal(0), Decimal(-9))}
    changes = {"1-01": Change(terms={"weight": Decimal(7)}, final={"value": Decimal(1000)})}
    amendment = amending.propose(city.plan, maker, LATER, reason="省里追加", basis="", from_on=dt.date(2022, 5, 1), changes=changes, bands=bands)
    amending.publish(amendment, checker, LATER)


def move_the_calendar(city: cast.City) -> None:
    WorkdayException.objects.all().delete()
    WorkdayException.objects.create(scope="CN", day="2022-04-15", works=False)


def change_the_rhythm(city: cast.City) -> None:
    Cycle.objects.filter(name="quarter").update(due_day=28, grace_days=5, staggered={})
    Measure.objects.filter(code="gdp").update(release_lag=90)


def load_an_older_paper(city: cast.City) -> None:
    """A plan that is loaded in August and was published, as its paper says, in January."""
    cast.load_plan(city.government, cast.body([cast.item("9-01", "另一事项")], code="other-2022"))


def owe_more(city: cast.City) -> None:
    Duty.objects.filter(reports__isnull=True).delete()
    duty(city.measure("m-2-01"), "2022Q1")


def roll_on(city: cast.City) -> None:
    rollup.take(city.government, cast.noon("2022-10-25"))


COMES_LATER = [correct, report_late, judge_what_waited, amend_from_before, move_the_calendar, change_the_rhythm, load_an_older_paper, owe_more, roll_on]
