"""A person leaves: one page lists what he holds, and each thing is handed over there."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import deeds, staffing
from people.models import AuditEntry, Portfolio, Role, RoleGrant, User
from people.staffing import Newcomer, Refused
from tests import cast
from tests.cast import noon
from tests.tracker import stood
from tests.tracker.desk import DOUBTS, Desk
from tests.tracker.stood import client_of
from tracker import handing_over, reporting
from tracker.models import ProgressReport

pytestmark = pytest.mark.django_db
NOW = noon("2022-10-17")


@pytest.fixture
def desk(settings: Any) -> Desk:
    stood.stage(settings, "2022-10-17")
    desk = Desk()
    desk.draft(desk.duty("m-1-01"), value="1200")
    desk.submit(desk.duty("cloud"), value="4540")
    return desk


def hand(desk: Desk, who: str, to: str, what: str, by: str = "administrator") -> None:
    handing_over.hand_over(desk.city.user(who), desk.city.user(to), desk.city.person(by), NOW, what)


def test_the_page_lists_all_and_hands_each_over(desk: Desk) -> None:
    city = desk.city
    held = handing_over.holding(city.user("reporter"), NOW)
    assert ([r.measure.code for r in held.begun], [r.measure.code for r in held.under_way], held.duties) == (["m-1-01"], ["cloud"], 0)
    assert held.keyed_roles[0][1].role == "reporter"
    client, page = client_of(city, "administrator"), f"/people/{city.user('reporter').pk}/leave/"
    assert "新增5G基站" in client.get(page).content.decode()
    assert client.post(page, {"what": "begun", "receiver": city.user("reporter2").pk}).status_code == 302
    report = ProgressReport.objects.get(measure__code="m-1-01")
    assert (report.edited_by.login, report.author.login) == ("reporter2", "reporter")
    submitted = reporting.submit(report, city.person("reporter2"), NOW, report.version, confirmed=DOUBTS)
    assert submitted.submitted_by.login == "reporter2"
    assert client.post(page, {"what": held.keyed_roles[0][0], "receiver": city.user("reviewer").pk}).status_code == 302
    assert set(deeds.person_of(city.user("reviewer"), NOW).roles) == {"reviewer", "reporter"}
    assert not RoleGrant.objects.filter(user=city.user("reporter"), ended_at=None).exists()
    assert handing_over.holding(city.user("reporter"), NOW).begun == []
    assert "person.handed_over" in AuditEntry.objects.values_list("verb", flat=True)


def test_a_leaders_portfolio_goes_to_another_leader_alone(desk: Desk) -> None:
    city = desk.city
    new = Newcomer("second", "副市长乙", city.departments["zfb"], (Role.LEADER,), cast.FROM)
    city.people["second"] = staffing.enrol(new, city.person("administrator"), NOW)
    with pytest.raises(Refused) as refused:
        hand(desk, "leader", "auditor", "portfolio")
    assert refused.value.field == "receiver"
    hand(desk, "leader", "second", "portfolio")
    assert {p.department.code for p in Portfolio.objects.filter(user=city.people["second"])} == {"gxj", "zjj"}
    assert handing_over.holding(city.user("leader"), NOW).portfolio == []


def test_what_does_not_fit_is_refused_at_the_receiver_and_nothing_moves(desk: Desk) -> None:
    city = desk.city
    role = handing_over.holding(city.user("supervisor"), NOW).keyed_roles[0][0]
    for who, to, what in (
        ("supervisor", "auditor", role),
        ("reporter", "builder", "begun"),
        ("reporter", "reviewer", "begun"),
        ("reporter", "reporter", "begun"),
        ("reporter", "reporter2", "role:x"),
    ):
        with pytest.raises(Refused) as refused:
            hand(desk, who, to, what)
        assert refused.value.field == "receiver", (who, to)
    assert set(deeds.person_of(city.user("supervisor"), NOW).roles) == {"supervisor"}
    with pytest.raises(Refused):
        hand(desk, "supervisor", "reporter", role, by="steward")
    answer = client_of(city, "administrator").post(f"/people/{city.user('supervisor').pk}/leave/", {"what": role, "receiver": city.user("auditor").pk})
    assert (answer.status_code, "已是审计员" in answer.content.decode()) == (422, True)


def test_a_department_left_without_a_reporter_is_told(desk: Desk) -> None:
    assert handing_over.holding(desk.city.user("builder"), NOW).duties > 0
    assert handing_over.holding(desk.city.user("auditor"), NOW).begun == []


def test_the_page_takes_the_same_statements_with_one_and_with_three(desk: Desk) -> None:
    client, page, taken = client_of(desk.city, "administrator"), f"/people/{desk.city.user('reporter').pk}/leave/", []
    client.get(page)
    for measure in ("", "cloud", "m-1-01"):
        if measure:
            desk.draft(desk.duty(measure, 2 if measure == "cloud" else 1), value="900")
        with CaptureQueriesContext(connection) as statements:
            client.get(page)
        taken.append(len(statements))
    assert len(set(taken)) == 1
    assert User.objects.filter(is_active=False).count() == 0
