"""Departments: opened, ordered, renamed with a day; and the pages on which that is done."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import departments
from people.departments import Called
from people.models import AuditEntry, Department
from people.staffing import Refused, Stale
from tests import cast
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
NOW, DAY = cast.noon("2022-10-17"), dt.date(2022, 10, 17)
NEW = {"name": "市数据局", "code": "sjj", "short": "", "name_en": "", "kind": "bureau"}


@pytest.fixture
def city(settings: Any) -> cast.City:
    from tests.tracker.stood import stage

    stage(settings, "2022-10-17")
    return cast.city()


def order(city: cast.City) -> list[str]:
    return list(Department.objects.of(city.government).values_list("code", flat=True))


def rename(city: cast.City, name: str = "市住房城乡建设委员会", on: dt.date = DAY, version: int = 0) -> None:
    departments.rename(city.departments["zjj"], city.person("administrator"), NOW, version, Called(name, "市住建委", "Housing Commission"), on)


def test_a_department_is_opened_once_and_stands_last(city: cast.City) -> None:
    by = city.person("administrator")
    made = departments.open_new(by, NOW, **NEW)
    assert (made.short, made.name_en, made.from_on, order(city)[-1]) == ("市数据局", "市数据局", DAY, "sjj")
    for given, field in (({"code": "gxj", "name": "又一局"}, "code"), ({"code": "other"}, "name"), ({"code": "A b", "name": "乙局"}, "code")):
        with pytest.raises(Refused) as refused:
            departments.open_new(by, NOW, **{**NEW, **given})
        assert refused.value.field == field
    with pytest.raises(Refused):
        departments.open_new(city.person("supervisor"), NOW, **{**NEW, "code": "other", "name": "丙局"})


def test_the_order_is_set_by_place(city: cast.City) -> None:
    by = city.person("administrator")
    departments.place(city.departments["dcs"], by, NOW, 2)
    assert order(city) == ["gxj", "dcs", "tjj", "zjj", "scx", "zfb"]
    departments.place(city.departments["gxj"], by, NOW, 99)
    assert order(city) == ["dcs", "tjj", "zjj", "scx", "zfb", "gxj"]
    departments.place(city.departments["dcs"], by, NOW, 1)
    assert AuditEntry.objects.count() == 2  # the last changed nothing


def test_a_renamed_department_keeps_its_old_name_for_earlier_days(city: cast.City) -> None:
    rename(city)
    zjj = Department.objects.get(code="zjj")
    assert (zjj.name, zjj.short, zjj.former) == ("市住房城乡建设委员会", "市住建委", ["市住房和城乡建设局", "市住建局"])
    old = Called("市住房和城乡建设局", "市住建局", "Housing Bureau")
    assert dict(departments.called_on(city.government.pk, dt.date(2022, 10, 16))) == {"zjj": old}
    assert dict(departments.called_on(city.government.pk, DAY)) == {}
    later = cast.noon("2022-12-01")
    departments.rename(zjj, city.person("administrator"), later, 1, Called("市建委", "建委", "Commission"), dt.date(2022, 12, 1))
    assert departments.called_on(city.government.pk, dt.date(2022, 10, 1))["zjj"] == old
    assert departments.called_on(city.government.pk, DAY)["zjj"].short == "市住建委"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"on": DAY + dt.timedelta(days=1)}, "from_on"),
        ({"on": dt.date(2018, 1, 1)}, "from_on"),
        ({"name": "市统计局"}, "name"),
        ({"name": "市住房和城乡建设局"}, "name"),
    ],
)
def test_what_is_wrong_with_a_new_name_is_said_at_its_field(city: cast.City, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        rename(city, **given)
    assert refused.value.field == field
    assert AuditEntry.objects.count() == 0


def test_two_who_change_one_department_see_both_texts(city: cast.City) -> None:
    rename(city)
    with pytest.raises(Stale):
        rename(city, "市建委")
    client, zjj = client_of(city, "administrator"), city.departments["zjj"]
    late = client.post(f"/people/departments/{zjj.pk}/", {"short": "建局", "name_en": "X", "kind": "bureau", "version": 0})
    assert late.status_code == 409
    assert "市住建委" in late.content.decode()
    assert 'value="建局"' in late.content.decode()
    assert client.post(f"/people/departments/{zjj.pk}/", {"short": "建局", "name_en": "X", "kind": "bureau", "version": 1}).status_code == 302


def test_the_pages_open_order_and_rename(city: cast.City) -> None:
    client = client_of(city, "administrator")
    for _press in range(2):
        assert client.post("/people/departments/new/", {**NEW, "key": "k"}).status_code == 302
    bad = client.post("/people/departments/new/", {**NEW, "key": "k2"})
    assert re.findall(r'<p class="error"[^>]*>([^<]*)</p>', bad.content.decode()) == ["代码已有部门用，请换一个。"]
    assert client.post("/people/departments/", {"department": city.departments["dcs"].pk, "rank": "1"}).status_code == 302
    assert order(city)[0] == "dcs"
    page = f"/people/departments/{city.departments['zjj'].pk}/"
    given = {"do": "rename", "rename-name": "市建委", "rename-short": "建委", "rename-name_en": "", "rename-from_on": "2022-10-17", "rename-version": 0}
    assert client.post(page, given).status_code == 302
    assert "市住房和城乡建设局" in client.get(page).content.decode()
    assert client.post(page, {**given, "rename-from_on": "2023-01-01", "rename-version": 1}).status_code == 422


def test_the_pages_take_the_same_statements_however_many_departments(city: cast.City) -> None:
    client, taken = client_of(city, "administrator"), []
    for n in range(2):
        client.get("/people/departments/")
        with CaptureQueriesContext(connection) as statements:
            client.get("/people/departments/")
        taken.append(len(statements))
        departments.open_new(city.person("administrator"), NOW, **{**NEW, "code": f"s{n}", "name": f"第{n}局"})
    assert taken == [5, 5]
