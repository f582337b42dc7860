"""A city from nothing: by the page of the first start, by the command; what is missing then; and nothing of another city in it."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people import codes
from people.models import Department, Government, OneTimeCode, Role, RoleGrant, User
from plans import setting_up
from plans.importing import load_plan
from plans.models import Bands, Cycle, Document, Measure, Plan
from plans.seeding import seed
from tests import cast
from tests.tracker.stood import client_of
from tracker import first_start, jobs
from tracker.models import Duty, Period
from tracker.queries.readiness import readiness

pytestmark = pytest.mark.django_db
PASSWORD = "a wholly new word"
FORM = {
    "name": "信阳市", "name_en": "", "code": "xinyang", "level": "city", "zone": "Asia/Shanghai", "office": "市人民政府办公室", "office_short": "市政府办", "due": "last-month",
    "shift": "before", "grace_days": "2", "county_day": "12", "share_yellow": "-5", "points_yellow": "-1", "node_green": "-2", "node_yellow": "-10",
    "person": "管理甲", "login": "admin", "email": "", "password": PASSWORD, "again": PASSWORD,
}  # fmt: skip
ARGS = ["--code=xinyang", "--name=信阳市", "--office=市人民政府办公室", "--administrator=admin", "--administrator-name=管理甲"]


def errors(answer: Any) -> list[str]:
    return re.findall(r'<p class="error"[^>]*>([^<]*)</p>', answer.content.decode())


def test_the_page_makes_a_government_once_and_is_gone(client: Client) -> None:
    assert client.get("/")["Location"] == "/setup/"
    assert client.get("/setup/").status_code == 200
    wrong = client.post("/setup/", {**FORM, "guard": "AAAA-BBBB-CCCC"})
    assert (wrong.status_code, errors(wrong), Government.objects.count()) == (422, ["验证码不对。请看服务器的控制台或日志。"], 0)
    guard = first_start.code()
    assert guard in first_start.announce()
    bad = client.post("/setup/", {**FORM, "guard": guard, "zone": "Mars", "password": "x"})
    assert (bad.status_code, Government.objects.count()) == (422, 0)
    made = client.post("/setup/", {**FORM, "guard": guard.lower()})
    assert made["Location"] == "/sign-in/?joined=admin"
    government = Government.objects.get()
    quarter = Cycle.objects.get(government=government, name="quarter")
    assert (government.name, quarter.due_month, quarter.due_day, quarter.shift, quarter.grace_days, quarter.staggered) == (
        "信阳市",
        0,
        25,
        "before",
        2,
        {"county": 12},
    )
    assert (Department.objects.count(), Document.objects.count(), Plan.objects.count()) == (1, 0, 0)
    assert {(g.role, g.user.login) for g in RoleGrant.objects.all()} == {("administrator", "admin")}
    assert client.get("/setup/").status_code == client.post("/setup/", {**FORM, "guard": guard}).status_code == 404
    assert first_start.announce() == ""
    assert client.post("/sign-in/", {"login": "admin", "password": PASSWORD}).status_code == 302
    assert client.get("/")["Location"] == "/people/"


def test_guessing_the_code_of_the_first_start_is_stopped(client: Client) -> None:
    answers = [client.post("/setup/", {"guard": f"A{n}"}).status_code for n in range(21)]
    assert (set(answers[:20]), answers[20]) == ({422}, 429)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "A b"}, "code"), ({"zone": "Mars"}, "zone"), ({"login": "A b"}, "login"), ({"office": " "}, "office"), ({"county_day": 40}, "county_day"),
        ({"bands": {"share": ("0", "5")}}, "share_yellow"), ({"level": "moon"}, "level"), ({"grace_days": 99}, "due"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_government_is_said_at_its_field_and_nothing_is_made(given: dict[str, Any], field: str) -> None:
    row = {"code": "xinyang", "name": "信阳市", "office": "办公室", "login": "admin", "person": "甲"}
    with pytest.raises(setting_up.Refused) as refused:
        setting_up.set_up(setting_up.Blueprint(**{**row, **given}), cast.noon("2023-01-03"))
    assert (refused.value.field, Government.objects.count(), User.objects.count()) == (field, 0, 0)


def test_the_command_prints_the_code_of_the_administrator() -> None:
    out = StringIO()
    call_command("setup", *ARGS, "--share-bands", "0", "-5", stdout=out)
    code = OneTimeCode.objects.get()
    assert codes.secret_of(code) in out.getvalue()
    assert (code.user.login, code.user.has_usable_password()) == ("admin", False)
    with pytest.raises(CommandError, match="code: 已有这个代码的政府。"):
        call_command("setup", *ARGS)
    with pytest.raises(CommandError, match="login"):
        call_command("setup", *[arg.replace("xinyang", "other") for arg in ARGS])


def test_the_list_says_what_is_missing_until_the_first_period_opens(clock_at: Any) -> None:
    """From nothing to the first period of a city of its own, with its own bands and due days."""
    clock_at("2022-03-21")
    from people.models import StagedTime

    day, shown = cast.noon("2022-01-10"), list(StagedTime.objects.all())
    StagedTime.objects.all().delete()  # a demonstration refuses a second government; this clock only stands still
    row = {"code": "xinyang", "name": "信阳市", "office": "办公室", "login": "admin", "person": "甲", "bands": {"share": ("0", "-5")}, "due": "last-month"}
    user = setting_up.set_up(setting_up.Blueprint(**row), day)
    StagedTime.objects.bulk_create(shown)
    city = cast.City(user.government, {}, {"admin": user}, None)  # type: ignore[arg-type]
    missing = lambda: [p.title for p in readiness(city.person("admin"), day).points if p.needed and not p.done]  # noqa: E731
    assert missing() == ["部门", "督查员", "已发布的规划", "填报员"]
    by = city.person("admin")
    from people import departments, staffing

    bureau = departments.open_new(by, day, code="gxj", name="市工业和信息化局", short="市工信局", name_en="", kind="bureau")
    for login, role in (("sup1", Role.SUPERVISOR), ("sup2", Role.SUPERVISOR), ("rep", Role.REPORTER)):
        staffing.enrol(staffing.Newcomer(login, login, bureau, (role,), cast.FROM), by, day)
    assert missing() == ["已发布的规划"]
    plan = load_plan(user.government, cast.body([cast.item("1", "新增5G基站")]))
    assert missing() == []
    assert Bands.objects.get(plan=plan, kind="share").yellow_from == -5
    jobs.tick(cast.noon("2022-03-21"))
    assert {p.occasion: p.due_at.date().isoformat() for p in Period.objects.of(user.government)} == {"2022Q1": "2022-03-25"}
    assert Duty.objects.of(user.government).count() == 1
    page = client_of(city, "admin").get("/setup/check/").content.decode()
    assert "已开放 1 个报告期。" in page
    with CaptureQueriesContext(connection) as statements:
        client_of(city, "admin").get("/setup/check/")
    load_plan(user.government, cast.body([cast.item("2", "甲"), cast.item("3", "乙")], code="second"))
    with CaptureQueriesContext(connection) as again:
        client_of(city, "admin").get("/setup/check/")
    assert len(again) == len(statements)


def test_a_second_government_beside_the_shipped_one_sees_nothing_of_it() -> None:
    seed()
    before = {model: model.objects.count() for model in (Department, Plan, Cycle)}
    call_command("setup", *ARGS, stdout=StringIO())
    government = Government.objects.get(code="xinyang")
    assert {model.__name__: model.objects.of(government).count() for model in before} == {"Department": 1, "Plan": 0, "Cycle": 4}
    city = cast.City(government, {}, {"admin": User.objects.get(login="admin")}, None)  # type: ignore[arg-type]
    client = client_of(city, "admin")
    for address in ("/people/", "/people/departments/", "/plans/", "/items/", "/departments/", "/setup/check/", "/search/?q=市"):
        assert "驻马店" not in client.get(address).content.decode(), address
    seed()  # once more, beside it: adds nothing to the new city
    assert Department.objects.of(government).count() == 1


def test_seed_changes_nothing_in_a_government_whose_plans_differ() -> None:
    seed()
    changed = Measure.objects.filter(items__plan__code="report-2022").order_by("code").first()
    assert changed
    Measure.objects.filter(pk=changed.pk).update(release_lag=99)
    before = {model: list(model.objects.order_by("pk").values_list()) for model in (Plan, Measure, Department, Cycle, Government)}
    lines = seed()
    assert lines
    assert all(" measure: " in line and "'release_lag': 99" in line for line in lines)
    assert {model: list(model.objects.order_by("pk").values_list()) for model in before} == before
