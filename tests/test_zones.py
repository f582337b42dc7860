"""The product's days are its governments', wherever the machine stands: the tests of days run again on machines elsewhere."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings

DAYS = ["people/test_clock.py", "people/test_workdays.py", "tracker/test_periods.py", "tracker/test_formats.py", "tracker/test_reminders.py"]
HERE = f"{__name__.replace('.', '/')}.py::test_machine_stands_where_it_was_put"


def test_machine_stands_where_it_was_put() -> None:
    """Django moves a process to TIME_ZONE; `XUSHI_TEST_ZONE` moves it on, or the runs below would prove nothing."""
    assert os.environ["TZ"] == os.environ.get("XUSHI_TEST_ZONE", settings.TIME_ZONE)
    assert time.timezone == {"Asia/Shanghai": -8, "UTC": 0, "America/New_York": 5}[os.environ["TZ"]] * 3600


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_days_are_the_same_on_a_machine_elsewhere(zone: str) -> None:
    files = [HERE, *(f"tests/{name}" for name in DAYS)]
    foreign = {"PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST"}
    environment = {name: value for name, value in os.environ.items() if name not in foreign} | {"XUSHI_TEST_ZONE": zone}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *files]
    ran = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert " passed" in ran.stdout
