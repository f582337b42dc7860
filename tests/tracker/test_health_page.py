"""The page of the administrator: every job's last work, what failed, whether mails go out and the locks stand."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import locks
from tests import cast
from tests.tracker.stood import client_of
from tracker import installation, jobs
from tracker.models import JobRun


@pytest.fixture
def city(db: None) -> cast.City:
    return cast.city()


def page(city: cast.City) -> str:
    return client_of(city, "administrator").get("/running/").content.decode()


def test_all_is_well_where_nothing_failed(city: cast.City) -> None:
    jobs.tick(cast.noon("2022-10-17"))
    html = page(city)
    assert "都在正常运行。" in html
    assert "最近一次办事 10 月 17 日 12:00" in html
    assert f"{locks.expected()} 道都在" in html


def test_every_job_of_the_line_stands_there_in_words(city: cast.City) -> None:
    html = page(city)
    assert [word for word in ("开启报告期", "锁定报告期", "留存报告时的亮灯", "汇总", "提醒", "每周摘要", "填报提醒", "发送邮件") if word not in html] == []
    assert client_of(city, "administrator").get("/running/").context["rows"][0][1].job == jobs.LINE[0].name


def test_what_failed_is_said_first(city: cast.City) -> None:
    JobRun.objects.create(government=city.government, job="digest", occasion="2022-W42", state="failed", error="OSError: no space", at=cast.noon("2022-10-17"))
    html = page(city)
    assert "1 件没有办成" in html
    assert "OSError: no space" in html


def test_a_copied_database_says_so(city: cast.City, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    installation.key()
    (tmp_path / "installation").write_text("another", encoding="ascii")
    assert "邮件一律不发，等候确认。" in page(city)


def test_a_lock_that_is_missing_is_noticed(city: cast.City) -> None:
    locks.lift()
    assert "数据库的锁不全。" in page(city)
    locks.lay()


def test_only_administrators_enter_and_see_their_own(city: cast.City) -> None:
    stranger = cast.stranger_city()
    JobRun.objects.create(government=stranger.government, job="digest", occasion="x", state="failed", error="金丝雀", at=cast.noon("2022-10-17"))
    assert "金丝雀" not in page(city)
    assert {login for login in city.people if client_of(city, login).get("/running/").status_code == 200} == {"administrator"}


def test_the_page_takes_the_same_statements_with_one_failure_and_with_three(city: cast.City) -> None:
    client, taken = client_of(city, "administrator"), []
    client.get("/running/")
    for n in range(3):
        JobRun.objects.create(government=city.government, job=f"job{n}", occasion="2022-W42", state="failed", error="x", at=cast.noon("2022-10-17"))
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get("/running/").context["failures"]) == n + 1
        taken.append(len(statements))
    assert set(taken) == {taken[0]}
