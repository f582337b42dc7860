"""`manage.py recompute`: a closed period is judged again by what was known at its closing, whatever came later, and what was changed by hand shows."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from people import locks
from people.models import AuditEntry
from tests import cast
from tests.tracker import closed
from tests.tracker.closed import COMES_LATER, closed_run
from tracker.models import ClosingNote, ProgressReport, Standing
from tracker.recomputing import recompute

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> cast.City:
    return closed.closed_city()


def differences() -> list[tuple[str, str, Any, Any]]:
    return [(d.subject, d.field, d.stored, d.again) for d in recompute(closed_run()).differences if d.subject != "trail"]


def test_nothing_that_comes_later_moves_a_closed_period(city: cast.City) -> None:
    assert differences() == []
    for deed in COMES_LATER:
        deed(city)
        assert (deed.__name__, differences()) == (deed.__name__, [])
    assert recompute(closed_run()).noted


@pytest.mark.parametrize("deed", [closed.judge_what_waited, closed.move_the_calendar, closed.load_an_older_paper])
def test_twin_without_its_note_a_closing_is_judged_by_what_there_is_today(city: cast.City, deed: Any) -> None:
    locks.lift()
    ClosingNote.objects.all().delete()
    locks.lay()
    assert (differences(), recompute(closed_run()).noted) == ([], False)
    deed(city)
    assert differences() != []


def test_a_light_that_was_turned_by_hand_is_told(city: cast.City) -> None:
    subject = f"item:{city.item('1-01').pk}"
    Standing.objects.at(closed_run().number).filter(subject=subject).update(light="blue", gap=Decimal(5))
    assert differences() == [(subject, "light", "blue", "yellow"), (subject, "gap", Decimal(5), Decimal(-5))]


def test_a_value_a_target_and_a_report_that_were_changed_by_hand_are_told(city: cast.City) -> None:
    subject = f"item:{city.item('1-01').pk}"
    locks.lift()
    ProgressReport.objects.filter(measure__code="m-1-01").update(value=2000)
    assert (subject, "light", "yellow", "blue") in differences()
    ProgressReport.objects.filter(measure__code="m-1-01").update(value=900)
    assert differences() == []
    ProgressReport.objects.filter(measure__code="m-1-01").update(state=ProgressReport.State.DRAFT)
    again = recompute(closed_run())
    locks.lay()
    assert (again.lost, again.agrees) == (1, False)
    assert (subject, "light", "yellow", "red") in [(d.subject, d.field, d.stored, d.again) for d in again.differences]


def test_the_audit_trail_keeps_what_was_stored_and_what_it_rested_on(city: cast.City) -> None:
    """A value and every light that follows from it are changed together, and the note with them: judging again finds the same."""
    entry = AuditEntry.objects.get(verb="period.closed")
    assert (entry.subject, json.loads(entry.body)["facts"]["run"]) == (f"period:{closed_run().closes_id}", 1)
    assert recompute(closed_run()).agrees
    locks.lift()
    ProgressReport.objects.filter(measure__code="m-1-01").update(value=2000)
    for subject, column, _stored, value in differences():
        row = Standing.objects.at(1).get(subject=subject)
        whole = {"facts": {**row.facts, column.removeprefix("facts."): value}} if column.startswith("facts.") else {column: value}
        Standing.objects.filter(pk=row.pk).update(**whole)
    locks.lay()
    again = recompute(closed_run())
    assert [(d.subject, d.field) for d in again.differences] == [("trail", "results")]


def test_a_standing_that_is_gone_and_one_too_many_are_told(city: cast.City) -> None:
    subject = f"item:{city.item('1-04').pk}"
    Standing.objects.at(closed_run().number).filter(subject=subject).update(subject="item:0")
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
    assert (text.splitlines()[1:-1], code) == ([f"  item:{item} overdue: stored 3, recomputed 0"], 1)
    told, code = printed("--period", "2022Q2", "--json")
    (told_of,) = json.loads(told)["closings"]
    assert (told_of["differences"][:-1], code) == ([{"subject": f"item:{item}", "field": "overdue", "stored": 3, "recomputed": 0}], 1)
    assert {name: told_of[name] for name in ("government", "period", "run", "as_of", "noted", "lost", "standings")} == {
        "government": "zhumadian", "period": "2022Q2", "run": 1, "as_of": "2022-07-16", "noted": True, "lost": 0, "standings": 14,
    }  # fmt: skip


@pytest.mark.parametrize("arguments", [["--period", "2022Q3"], ["--period", "2022Q2", "--government", "nowhere"], ["--period", "nonsense"]])
def test_a_period_that_is_not_closed_is_said(city: cast.City, arguments: list[str]) -> None:
    with pytest.raises(CommandError) as told:
        printed(*arguments)
    assert told.value.returncode == 2
