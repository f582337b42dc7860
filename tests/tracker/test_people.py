"""The list of people and a person's page: who sees whom, what the forms say, and how many statements they take."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import codes, staffing
from people.form_keys import once
from people.models import OneTimeCode, Portfolio, Role, RoleGrant, User
from tests import cast
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
FORM = {
    "name": "新来",
    "login": "new",
    "email": "",
    "language": "zh-hans",
    "roles": ["reporter"],
    "from_on": "2022-10-17",
    "until_on": "",
    "channel": "slip",
    "key": "k",
}


@pytest.fixture
def city(clock_at: Any) -> cast.City:
    clock_at("2022-10-17")
    return cast.city()


def names(client: Any, query: str = "") -> list[str]:
    return re.findall(r'<a class="name" href="/people/\d+/">([^<]*)</a>', client.get(f"/people/{query}").content.decode())


def page_of(city: cast.City, login: str) -> str:
    return f"/people/{city.user(login).pk}/"


def errors(answer: Any) -> list[str]:
    return re.findall(r'<p class="error"[^>]*>([^<]*)</p>', answer.content.decode())


def form(city: cast.City, **given: Any) -> dict[str, Any]:
    return {**FORM, "department": city.departments["gxj"].pk, **given}


def test_the_administrator_finds_everybody_the_steward_his_own(city: cast.City) -> None:
    admin = client_of(city, "administrator")
    assert len(names(admin)) == len(cast.PEOPLE)
    assert names(admin, "?role=supervisor") == ["督查乙", "督查甲"]
    assert names(admin, "?q=builder&department=zjj") == ["住建乙", "住建甲"]
    User.objects.filter(login="county").update(is_active=False)
    assert names(admin, "?standing=disabled") == ["上蔡甲"]
    assert sorted(names(client_of(city, "steward"))) == ["填报乙", "填报甲", "审核甲"]


def test_the_list_takes_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    client, taken = client_of(city, "administrator"), set()
    client.get("/people/")
    for words, n in (("county", 1), ("report", 2), ("甲", 10)):
        with CaptureQueriesContext(connection) as statements:
            assert len(names(client, f"?q={words}")) == n
        taken.add(len(statements))
    assert taken == {8}


def test_the_key_of_another_form_prints_nobody_elses_code(city: cast.City) -> None:
    """What another form of the same person made may have the number of a code that lets in somebody above him."""
    client, page = client_of(city, "steward"), page_of(city, "reporter")
    code = codes.issue(city.user("supervisor"), None, cast.noon("2022-10-17"), OneTimeCode.Channel.MAIL)
    once(city.user("steward"), "k1", lambda: str(code.pk))
    said = client.post(f"{page}account/", {"do": "slip", "key": "k1"})
    assert (said.status_code, codes.secret_of(code) in said.content.decode()) == (404, False)


def test_a_slip_is_printed_for_a_newcomer_and_once_for_one_form(city: cast.City) -> None:
    client = client_of(city, "administrator")
    pages = [client.post("/people/new/", form(city)).content.decode() for _press in range(2)]
    code = OneTimeCode.objects.get()
    assert [codes.secret_of(code) in page for page in pages] == [True, True]
    assert (code.user.login, code.made_by.login, User.objects.filter(login="new").count()) == ("new", "administrator", 1)
    bad = client.post("/people/new/", form(city, login="reporter", key="k2", roles=["auditor", "supervisor"]))
    assert errors(bad) == ["管理员、督查员、审计员只能任其一。"]
    assert client.post("/people/new/", form(city, login="x1", key="k3", channel="mail")).status_code == 422
    assert User.objects.filter(login="x1").count() == 0


def test_a_steward_cannot_lift_anybody_by_a_form_of_his_own_making(city: cast.City) -> None:
    client, before = client_of(city, "steward"), RoleGrant.objects.count()
    assert client.post("/people/new/", form(city, roles=["supervisor"])).status_code == 422
    assert client.post("/people/new/", form(city, department=city.departments["dcs"].pk)).status_code == 422
    assert client.post(page_of(city, "reporter") + "role/", {"role-role": "administrator", "role-from_on": "2022-10-17"}).status_code == 422
    for login in ("steward", "supervisor", "builder"):
        assert client.get(page_of(city, login)).status_code == 404
        assert client.post(page_of(city, login) + "role/", {"role-role": "reviewer", "role-from_on": "2022-10-17"}).status_code == 404
        assert client.post(page_of(city, login) + "account/", {"do": "slip"}).status_code == 404
    assert client.post(page_of(city, "reporter") + "portfolio/", {}).status_code == 404
    grant = RoleGrant.objects.get(user=city.user("supervisor"))
    assert client.post(page_of(city, "reporter") + "role/", {"end": grant.pk}).status_code == 404
    assert (RoleGrant.objects.count(), OneTimeCode.objects.count()) == (before, 0)


def test_roles_portfolio_and_account_are_changed_on_the_persons_page(city: cast.City) -> None:
    client, page = client_of(city, "administrator"), page_of(city, "auditor")
    wrong = client.post(page + "role/", {"role-role": "supervisor", "role-from_on": "2022-10-17"})
    assert errors(wrong) == ["已是审计员，不能再任督查员：管理员、督查员、审计员只能任其一。"]
    assert client.post(page + "role/", {"end": RoleGrant.objects.get(user=city.user("auditor")).pk}).status_code == 302
    assert client.post(page + "role/", {"role-role": "leader", "role-from_on": "2022-10-17", "role-until_on": "2022-12-31"}).status_code == 302
    given = {"portfolio-departments": [city.departments["gxj"].pk, city.departments["tjj"].pk], "portfolio-from_on": "2022-10-18"}
    assert client.post(page + "portfolio/", given).status_code == 302
    assert {p.department.code for p in Portfolio.objects.filter(user=city.user("auditor"))} == {"gxj", "tjj"}
    shown = client.get(page).content.decode()
    assert "市工业和信息化局" in shown
    assert "2022 年 10 月 17 日至 2022 年 12 月 31 日" in shown
    for do in ("slip", "mail", "sessions", "disable", "enable"):
        assert client.post(page + "account/", {"do": do, "key": do}).status_code == (200 if do == "slip" else 302), do
    last = client.post(page_of(city, "administrator") + "account/", {"do": "disable"})
    assert (last.status_code, "不能停用自己。" in last.content.decode()) == (422, True)


def test_a_person_changed_meanwhile_shows_both_texts(city: cast.City) -> None:
    client, page = client_of(city, "administrator"), page_of(city, "reporter")
    given = {"name": "甲二", "department": city.departments["gxj"].pk, "email": "", "language": "zh-hans", "version": 0}
    staffing.correct(city.user("reporter"), city.person("administrator"), cast.noon("2022-10-17"), 0, name="甲一")
    late = client.post(page, given)
    assert late.status_code == 409
    assert "甲一" in late.content.decode()
    assert 'value="甲二"' in late.content.decode()
    assert client.post(page, {**given, "version": 1}).status_code == 302
    assert User.objects.get(login="reporter").name == "甲二"


def test_a_persons_page_takes_the_same_statements_with_one_and_with_three_roles(city: cast.City) -> None:
    client, taken = client_of(city, "administrator"), []
    client.get(page_of(city, "reporter"))
    for _more in range(2):
        with CaptureQueriesContext(connection) as statements:
            client.get(page_of(city, "reporter"))
        taken.append(len(statements))
        for role in (Role.REVIEWER, Role.STEWARD):
            RoleGrant.objects.get_or_create(government=city.government, user=city.user("reporter"), role=role, from_on=cast.FROM)
    assert taken == [9, 9]
