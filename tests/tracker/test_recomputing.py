"""`manage.py recompute`: a closed period is judged again by what was known at its closing, whatever came later, and what was changed by hand shows."""

import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from people import locks
from people.models import WorkdayException
from people.workdays import seed_workdays
from plans import amending
from plans.amending import Change
from plans.models import Cycle, Measure
from tests import cast
from tests.tracker.answers import answer, duty
from tracker import rollup
from tracker.models import ClosingNote, Duty, Period, ProgressReport, Run, Standing
from tracker.recomputing import recompute

pytestmark = pytest.mark.django_db

SUBMITTED, RETURNED, DRAFT = ProgressReport.State.SUBMITTED, ProgressReport.State.RETURNED, ProgressReport.State.DRAFT
LATER = cast.noon("2022-08-20")


@pytest.fixture
def city(db: None) -> cast.City:
    """The second quarter of 2022 is closed: values, a task's step, one report under review, one duty in silence."""
    seed_workdays([2021, 2022, 2023])
    city = cast.city()
    for code, value in (("1-01", "900"), ("1-03", "7.9"), ("1-04", "5.4")):
        answer(city, code, "2022Q2", value, accepted="2022-07-12")
    answer(city, "2-02", "2022Q2", steps={"选址": "2022-03-20"}, accepted="2022-07-12")
    answer(city, "2-01", "2022Q2", "40", state=SUBMITTED, submitted="2022-07-14")
    duty(city.measure("cloud"), "2022Q2")
    period = Period.objects.get(year=2022, number=2)
    rollup.close(city.government, period, period.due_at, cast.noon("2022-07-18"))
    return city


def closing() -> Run:
    return Run.objects.select_related("closes__cycle", "government").get(closes__isnull=False)


def differences() -> list[tuple[str, str, Any, Any]]:
    return [(d.subject, d.field, d.stored, d.again) for d in recompute(closing()).differences]


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


def test_nothing_that_comes_later_moves_a_closed_period(city: cast.City) -> None:
    assert differences() == []
    for deed in COMES_LATER:
        deed(city)
        assert (deed.__name__, differences()) == (deed.__name__, [])
    assert recompute(closing()).noted


@pytest.mark.parametrize("deed", [judge_what_waited, move_the_calendar, load_an_older_paper])
def test_twin_without_its_note_a_closing_is_judged_by_what_there_is_today(city: cast.City, deed: Any) -> None:
    locks.lift()
    ClosingNote.objects.all().delete()
    locks.lay()
    assert (differences(), recompute(closing()).noted) == ([], False)
    deed(city)
    assert differences() != []


def test_a_light_that_was_turned_by_hand_is_told(city: cast.City) -> None:
    subject = f"item:{city.item('1-01').pk}"
    Standing.objects.at(closing().number).filter(subject=subject).update(light="blue", gap=Decimal(5))
    assert differences() == [(subject, "light", "blue", "yellow"), (subject, "gap", Decimal(5), Decimal(-5))]


def test_a_value_a_target_and_a_report_that_were_changed_by_hand_are_told(city: cast.City) -> None:
    subject = f"item:{city.item('1-01').pk}"
    locks.lift()
    ProgressReport.objects.filter(measure__code="m-1-01").update(value=2000)
    assert (subject, "light", "yellow", "blue") in differences()
    ProgressReport.objects.filter(measure__code="m-1-01").update(value=900)
    assert differences() == []
    ProgressReport.objects.filter(measure__code="m-1-01").update(state=DRAFT)
    again = recompute(closing())
    locks.lay()
    assert (again.lost, again.agrees) == (1, False)
    assert (subject, "light", "yellow", "red") in [(d.subject, d.field, d.stored, d.again) for d in again.differences]


def test_a_standing_that_is_gone_and_one_too_many_are_told(city: cast.City) -> None:
    subject = f"item:{city.item('1-04').pk}"
    Standing.objects.at(closing().number).filter(subject=subject).update(subject="item:0")
    assert differences() == [("item:0", "standing", "green", None), (subject, "standing", None, "green")]


def test_the_note_of_a_closing_is_never_changed(city: cast.City) -> None:
    for change in (lambda rows: rows.update(body="{}"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(ClosingNote.objects.all())


# the command ----------------------------------------------------------------------------------------------------------------


def printed(*arguments: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("recompute", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def test_the_command_prints_what_differs_and_its_exit_code_says_so(city: cast.City) -> None:
    text, code = printed("--period", "2022Q2")
    assert (text, code) == ("zhumadian 2022Q2 (quarter), run 1, closed as of 2022-07-15T16:00:00+00:00: 14 standings, no differences\n", 0)
    item = city.item("1-01").pk
    Standing.objects.at(1).filter(subject=f"item:{item}").update(overdue=3)
    text, code = printed("--period", "2022Q2")
    assert (text.splitlines()[1:], code) == ([f"  item:{item} overdue: stored 3, recomputed 0"], 1)
    told, code = printed("--period", "2022Q2", "--json")
    (closed,) = json.loads(told)["closings"]
    assert (closed["differences"], code) == ([{"subject": f"item:{item}", "field": "overdue", "stored": 3, "recomputed": 0}], 1)
    assert {name: closed[name] for name in ("government", "period", "run", "as_of", "noted", "lost", "standings")} == {
        "government": "zhumadian", "period": "2022Q2", "run": 1, "as_of": "2022-07-16", "noted": True, "lost": 0, "standings": 14,
    }  # fmt: skip


@pytest.mark.parametrize("arguments", [["--period", "2022Q3"], ["--period", "2022Q2", "--government", "nowhere"], ["--period", "nonsense"]])
def test_a_period_that_is_not_closed_is_said(city: cast.City, arguments: list[str]) -> None:
    with pytest.raises(CommandError) as told:
        printed(*arguments)
    assert told.value.returncode == 2
