"""`manage.py digests`: what is due is sent once, and printed; a dry run leaves no trace."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from people.models import Government
from people.workdays import seed_workdays
from tests import cast
from tests.tracker.answers import answer
from tests.tracker.stand import roll
from tracker.models import Alert, Installation, JobRun, Message, Run, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.VAR = tmp_path
    settings.EMAIL_BACKEND = "people.mail.FolderBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


@pytest.fixture(autouse=True)
def city() -> cast.City:
    seed_workdays([2022])
    city = cast.city()
    roll(city, {"1-01": "red", "1-02": "green", "2-01": "green"}, "2022-10-15")
    return city


def run(*args: str) -> str:
    out = StringIO()
    call_command("digests", *args, stdout=out)
    return out.getvalue()


def test_command_sends_what_is_due_once(folder):
    said = run("--as-of", "2022-10-17")
    assert said.splitlines() == [
        "zhumadian 2022-W42: sent 2",
        "  reviewer  sent  序时周报：1 项滞后",
        "  leader  sent  序时周报：1 项滞后",
    ]
    assert run("--as-of", "2022-10-18") == said
    assert len(list(folder.glob("*.eml"))) == 2


def test_dry_run_judges_that_day_by_what_was_accepted_by_then_and_stores_nothing(city, folder):
    answer(city, "1-01", "2022Q2", "900")
    before = [Run.objects.count(), Standing.objects.count(), Alert.objects.count(), Government.objects.get().run]
    told = json.loads(run("--as-of", "2022-07-20", "--dry-run", "--json"))
    assert [(m["to"], m["address"], m["state"], m["checked"], m["counts"]["yellow"]) for m in told["runs"][0]["messages"]] == [
        ("reviewer", "reviewer@example.org", "would be sent", 2, 1),
        ("builders_head", "builders_head@example.org", "would be sent", 2, 0),  # nothing lags there, but reports are overdue
        ("leader", "leader@example.org", "would be sent", 4, 1),
    ]
    assert [Run.objects.count(), Standing.objects.count(), Alert.objects.count(), Government.objects.get().run] == before
    assert [Message.objects.count(), JobRun.objects.count(), Installation.objects.count(), folder.exists()] == [0, 0, 0, False]
    earlier = json.loads(run("--as-of", "2022-04-01", "--dry-run", "--json"))
    assert [m["counts"]["yellow"] for m in earlier["runs"][0]["messages"]] == [0, 0]


def test_command_says_where_nothing_lags(city):
    roll(city, {"1-01": "green"}, "2022-10-16")
    assert run("--as-of", "2022-10-17") == "zhumadian 2022-W42: nothing lagging among 3 checked\n"


def test_command_says_where_nothing_is_due():
    assert run("--as-of", "2022-10-16") == "zhumadian 2022-W41: nothing is due at this hour\n"
    assert not Message.objects.exists()


def test_command_says_why_a_run_failed(settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    assert run("--as-of", "2022-10-17") == "zhumadian 2022-W42: failed: TemplateDoesNotExist: mail/page.txt\n"


def test_without_a_day_it_rolls_up_first_and_tells_of_today(city):
    run()
    run_before = city.government.run
    city.government.refresh_from_db()
    assert city.government.run == run_before + 1


def test_command_refuses_what_is_no_day():
    with pytest.raises(CommandError, match="soon is no day"):
        run("--as-of", "soon")
