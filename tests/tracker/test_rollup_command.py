"""`manage.py rollup`: today is stored and printed, another day is only printed."""

import json
import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from people.models import Government, StagedTime
from people.workdays import seed_workdays
from tests import cast
from tests.tracker.answers import answer
from tracker import rollup
from tracker.models import Run, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def workdays(db: None, settings: Any) -> None:
    """The clock shows noon of 14 July 2022."""
    seed_workdays([2021, 2022, 2023])
    settings.STAGE = True
    StagedTime.objects.create(shown_at=cast.noon("2022-07-14"), set_at=cast.noon("2100-01-01"))


def printed(*arguments: str) -> Any:
    out = StringIO()
    call_command("rollup", *arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def small_city() -> cast.City:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站")]))
    answer(city, "1-01", "2022Q2", "900", accepted="2022-07-12")
    return city


COUNTS = {"items": 1, "blue": 0, "green": 0, "yellow": 1, "red": 0, "not_due": 0, "grey": 0, "overdue": 0, "coverage": "1.000000", "oldest": "2022-06-30"}
NUMBERS = {"attainment": "0.450000", "expected": "0.500000", "gap": "-5.000000", "light": "yellow", "overdue": 0}
NODE = {**NUMBERS, "counts": COUNTS, "coverage": "1.000000"}


def test_today_is_stored_and_printed() -> None:
    small_city()
    assert printed("--json") == {
        "as_of": "2022-07-14",
        "government": {**NODE, **COUNTS},
        "plans": [{"code": "report-2022", **NODE}],
        "departments": [{"name": "市工业和信息化局", **NODE}],
        "items": [{"code": "1-01", "plan": "report-2022", **NUMBERS, "marks": []}],
    }
    assert (Government.objects.get().run, Run.objects.get().as_of.isoformat()) == (1, "2022-07-14")


def test_another_day_is_printed_and_not_stored() -> None:
    small_city()
    found = printed("--as-of", "2022-10-18", "--json")
    assert (found["as_of"], found["items"]) == (
        "2022-10-18",
        [
            {
                "code": "1-01",
                "plan": "report-2022",
                "attainment": "0.450000",
                "expected": "0.750000",
                "gap": "-30.000000",
                "light": "red",
                "overdue": 1,
                "marks": ["逾期未报"],
            }
        ],
    )
    assert (Government.objects.get().run, Run.objects.count(), Standing.objects.count()) == (0, 0, 0)


def test_an_earlier_day_knows_only_what_was_accepted_by_then() -> None:
    small_city()
    assert [printed("--as-of", day, "--json")["items"][0]["attainment"] for day in ("2022-07-11", "2022-07-12")] == ["0.000000", "0.450000"]


def test_without_json_there_is_a_short_table() -> None:
    small_city()
    lines = printed().splitlines()
    assert len(lines) == 5
    assert lines[-1].split() == ["yellow", "0.450000", "0.500000", "-5.000000", "0", "report-2022", "1-01"]


def test_several_governments_have_to_be_named() -> None:
    small_city()
    cast.stranger_city()
    with pytest.raises(CommandError, match="xinyang"):
        printed()
    assert printed("--government", "zhumadian", "--json")["plans"][0]["code"] == "report-2022"


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="is no date"):
        printed("--as-of", "17.10.2022")


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, on the tests' database."""
    return subprocess.run(
        [sys.executable, "manage.py", "rollup", "--json", *environment.pop("arguments", "").split()],
        cwd=Path(settings.BASE_DIR), env={**os.environ, "DATABASE_URL": _url(), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
def test_the_machines_own_zone_changes_nothing(zone: str) -> None:
    small_city()
    found = [json.loads(run(TZ=zone, arguments=f"--as-of {day}").stdout)["items"][0]["attainment"] for day in ("2022-07-11", "2022-07-12")]
    assert found == ["0.000000", "0.450000"]


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_before_the_pointer_moves_leaves_the_last_run_whole() -> None:
    city = small_city()
    rollup.take(city.government, cast.noon("2022-07-14"))
    before = list(Standing.objects.order_by("pk").values())
    assert run(FP="rollup.before_pointer:kill").returncode == -signal.SIGKILL
    assert (list(Standing.objects.order_by("pk").values()), Government.objects.get().run, Run.objects.count()) == (before, 1, 1)
    assert run().returncode == 0
    assert Government.objects.get().run == 2


def _url() -> str:
    database = settings.DATABASES["default"]
    return f"sqlite:///{database['NAME']}" if "sqlite" in database["ENGINE"] else f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
