"""佐证 as a download: for whom its report is there to read, and never as a page."""

from typing import Any

import pytest

from tests import cast
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.stood import client_of
from tracker import reporting
from tracker.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(settings: Any, tmp_path: Any) -> tuple[Desk, Evidence]:
    settings.EVIDENCE_ROOT = tmp_path
    desk = Desk(at=noon("2022-10-10"))
    report = desk.draft(desk.duty("m-1-01"), value="1260")
    return desk, reporting.attach(report, "标段 进度.csv", ["甲,1\n".encode()], desk.city.person("reporter"), OCTOBER)


def test_a_file_comes_as_an_attachment_that_no_browser_guesses_at(file: tuple[Desk, Evidence]) -> None:
    desk, row = file
    answer = client_of(desk.city, "reporter").get(f"/evidence/{row.pk}/")
    assert b"".join(answer.streaming_content).decode() == "甲,1\n"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"], answer["Content-Type"]) == ("nosniff", "no-store, private", "text/csv")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_is_there_for_its_department_and_once_handed_in_for_those_who_read_all(file: tuple[Desk, Evidence]) -> None:
    desk, row = file
    logins = ("reporter2", "reviewer", "supervisor", "leader", "auditor", "builder", "statistician", "administrator", "steward")
    own, all_departments = {"reporter2", "reviewer"}, {"supervisor", "leader", "auditor"}

    def readers() -> set[str]:
        return {login for login in logins if client_of(desk.city, login).get(f"/evidence/{row.pk}/").status_code == 200}

    assert readers() == own
    desk.submit(row.report.duty)
    assert readers() == own | all_departments
    stranger = cast.stranger_city()
    assert client_of(stranger, "supervisor").get(f"/evidence/{row.pk}/").status_code == 404


def test_a_file_that_is_not_there_answers_404(file: tuple[Desk, Evidence], settings: Any, tmp_path: Any) -> None:
    desk, row = file
    settings.EVIDENCE_ROOT = tmp_path / "elsewhere"
    assert client_of(desk.city, "reporter").get(f"/evidence/{row.pk}/").status_code == 404
    assert client_of(desk.city, "reporter").get(f"/evidence/{row.pk + 99}/").status_code == 404
