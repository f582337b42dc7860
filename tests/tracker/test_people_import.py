"""Many people at once: looked at cell by cell, then all or nobody."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Department, OneTimeCode, RoleGrant, User
from plans import sheets
from tests import cast
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
HEADS = ["姓名", "登录名", "部门", "角色", "邮箱", "止日"]
GOOD = [
    ["张三", "zhangsan", "市工信局", "填报员、审核人", "", "2022-12-31"],
    ["李四", "lisi", "市住房和城乡建设局", "填报员", "lisi@example.org", ""],
    ["王五", "wangwu", "市建委", "reporter", "", ""],
]


@pytest.fixture
def city(clock_at: Any) -> cast.City:
    clock_at("2022-10-17")
    city = cast.city()
    Department.objects.filter(code="zjj").update(former=["市建委"])
    return city


def table(rows: list[list[str]], kind: str = "xlsx") -> SimpleUploadedFile:
    made = sheets.Table("人员", HEADS, rows)
    return SimpleUploadedFile(f"people.{kind}", sheets.write_xlsx([made]) if kind == "xlsx" else sheets.write_csv(made))


def send(city: cast.City, rows: list[list[str]], login: str = "administrator", kind: str = "xlsx") -> Any:
    return client_of(city, login).post("/people/import/", {"file": table(rows, kind)})


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(problem.address, problem.why) for problem in answer.context["problems"]]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_table_is_looked_at_and_then_enrolled_once(city: cast.City, kind: str) -> None:
    client = client_of(city, "administrator")
    preview = client.post("/people/import/", {"file": table(GOOD, kind)})
    assert (preview.status_code, User.objects.filter(login="zhangsan").count()) == (200, 0)
    signed = re.search(r'name="signed" value="([^"]+)"', preview.content.decode())
    assert signed
    pages = [client.post("/people/import/", {"do": "enrol", "signed": signed[1]}) for _press in range(2)]
    assert [page.content.decode().count('class="slip"') for page in pages] == [2, 2]
    made = {u.login: (u.department.code, sorted(g.role for g in u.grants.all())) for u in User.objects.filter(login__in=["zhangsan", "lisi", "wangwu"])}
    assert made == {"zhangsan": ("gxj", ["reporter", "reviewer"]), "lisi": ("zjj", ["reporter"]), "wangwu": ("zjj", ["reporter"])}
    assert {(c.user.login, c.channel, c.mail) for c in OneTimeCode.objects.all()} == {
        ("zhangsan", "slip", ""),
        ("lisi", "mail", "ready"),
        ("wangwu", "slip", ""),
    }
    assert RoleGrant.objects.filter(user__login="zhangsan", until_on="2022-12-31").count() == 2


def test_every_wrong_cell_is_named_and_nobody_comes(city: cast.City) -> None:
    before = User.objects.count()
    rows = [
        ["张三", "Zhang San", "市工信局", "填报员", "", ""],
        ["李四", "lisi", "无此局", "所长", "", "x"],
        ["王五", "lisi", "市统计局", "管理员、审计员", "", ""],
        ["赵六", "reporter", "市统计局", "填报员", "", ""],
    ]
    answer = send(city, rows)
    found = problems(answer)
    assert answer.status_code == 422
    assert {address.rpartition("!")[2] for address, _why in found} == {"B2", "C3", "D3", "F3", "B4", "D4", "reporter"}
    assert ('name="signed"' in answer.content.decode(), User.objects.count()) == (False, before)


def test_a_steward_brings_in_only_his_own(city: cast.City) -> None:
    answer = send(city, [["张三", "zhangsan", "市住建局", "填报员", "", ""], ["李四", "lisi", "市工信局", "督查员", "", ""]], "steward")
    assert [why for _address, why in problems(answer)] == ["联络员只办理本单位人员。", "联络员只能授予填报员、审核人。"]


def test_a_preview_belongs_to_whom_it_was_shown(city: cast.City) -> None:
    signed = re.search(r'name="signed" value="([^"]+)"', send(city, GOOD).content.decode())
    assert signed
    assert client_of(city, "steward").post("/people/import/", {"do": "enrol", "signed": signed[1]}).status_code == 422
    User.objects.filter(login="county").update(email="lisi@example.org")  # taken meanwhile: nobody comes
    late = client_of(city, "administrator").post("/people/import/", {"do": "enrol", "signed": signed[1]})
    assert (late.status_code, User.objects.filter(login="zhangsan").count()) == (422, 0)


def test_a_file_that_is_none_is_said_at_its_place(city: cast.City) -> None:
    client = client_of(city, "administrator")
    assert client.post("/people/import/", {}).status_code == 422
    assert client.post("/people/import/", {"file": SimpleUploadedFile("a.xlsx", b"no workbook")}).status_code == 422
    assert problems(client.post("/people/import/", {"file": SimpleUploadedFile("a.csv", "甲,乙\n1,2".encode())})) == [
        ("", "没有找到表头：姓名、登录名、部门、角色。")
    ]
    assert client.get("/people/import/?export=xlsx").status_code == 200


def test_the_preview_takes_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    taken = []
    for rows in (GOOD[1:2], GOOD):
        client = client_of(city, "administrator")
        with CaptureQueriesContext(connection) as statements:
            client.post("/people/import/", {"file": table(rows)})
        taken.append(len(statements))
    assert taken[0] == taken[1]
