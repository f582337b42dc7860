"""The demonstration is what it says it is: figures, lights and shares recomputed by hand, the stage page, and the clock moved to 1 November."""

import datetime as dt
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from people import audit, clock
from people.models import AuditEntry, Government, StagedTime, User
from plans.models import Amendment, Conflict
from tests.databases import kept, staged
from tracker.exporting import file_response
from tracker.models import Alert, Criterion, Duty, JobRun, Judgement, Message, Objection, ProgressReport, Standing
from tracker.queries import stage as queries
from tracker.stage import build, calendar, cast, house, planned, turning
from tracker.stage.calendar import NOW, at
from tracker.stage.desk import Desk
from tracker.stage.people import Offices

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400), pytest.mark.xdist_group("stage")]  # built once

GAPS = {  # item of the report → today's light and gap
    "3.3-19": ("yellow", "-4"),  # (4270 − 3580) ÷ 1500 = 46 % against 50 at 30 June
    "3.6-17": ("green", "20.744681"),  # 90 ÷ 94 = 95.74 % against 75
    "3.5-26": ("yellow", "-3"),  # 7.2 ÷ 10 = 72 % against 75
    "3.5-04": ("green", "2.02381"),  # 52.1 ÷ 84 = 62.02 % against the approved 60
    "3.4-10": ("yellow", "-9.5"),  # 131 ÷ 200 = 65.5 % against 75
    "3.6-07": ("yellow", "-10"),  # 40 done of 40 + 10 whose days have passed; the limit belongs to yellow
    "3.4-14": ("red", "-60"),  # 20 done of 20 + 60
    "2-01": ("yellow", "-0.8"),  # 7.2 against 8 at the end of June
    "2-06": ("yellow", "-0.2"),  # 7.0 against 7.2: the last complete pair
    "3.3-30": ("red", "-18.181818"),  # 9 of 11 steps, all due on 30 June
    "2-02": ("yellow", "-0.7"),  # 7.3, the verified one of three states, against 8
    "3.1-17": ("yellow", "-9"),  # 24 + 25 + 17 = 66 done against 75
    "3.4-21": ("red", "-2.4"),  # −13.4 against −11.0
    "3.2-03": ("green", "36.666667"),  # 11 of 30, nothing expected before the end
    "3.2-08": ("blue", "40"),  # all done, where 60 were expected
}
OTHERS = {  # (plan, item): one figure, several promises
    ("manufacturing-2025", "T-15"): ("green", "11.61323"),  # (4270 − 3037) ÷ 2963 = 41.61 % against 30
    ("manufacturing-2025", "B3-05"): ("yellow", "-9.45"),  # 1233 ÷ 6000 = 20.55 % against 30
    ("manufacturing-2025", "T-09"): ("blue", "67.708333"),  # 246 of 245
    ("meteorology-2025", "T-14"): ("green", "0"),  # the first value is the start
}
OVERDUE = {"3.6-07": 47, "3.4-14": 109, "3.3-30": 109, "3.1-17": 17}  # days since 31 August, 30 June, 30 June, 30 September
SHARES = {"blue": 8, "green": 50, "not_due": 9, "yellow": 15, "red": 8, "grey": 10}
STATES = {"accepted": 52, "endorsed": 9, "submitted": 11, "draft": 12, "returned": 3, "untouched": 13}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Government]:
    """Built once for all tests of this file, on PostgreSQL by this process; nothing of it is left."""
    with django_db_blocker.unblock(), override_settings(STAGE=True, STAGE_REMOTE=False):
        if connection.vendor == "sqlite":
            with in_place_of_the_tests(kept("stage", staged) / "demo.master.sqlite3"):
                yield Government.objects.get()
        else:
            with transaction.atomic():
                yield build.build()
                transaction.set_rollback(True)


@contextmanager
def in_place_of_the_tests(file: Path) -> Iterator[None]:
    """A copy of this file is the database for a while."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = f"{own}.stage"
    shutil.copyfile(file, f"{own}.stage")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


@pytest.fixture(autouse=True)
def at_half_past_two(built: Government, db: None) -> None:
    """Each test begins at 14:30 of the stage's day; what it changes is undone."""
    build.set_clock(NOW)


@pytest.fixture
def city(built: Government) -> Government:
    return Government.objects.get(pk=built.pk)


def standings(city: Government, plan: str = cast.REPORT) -> dict[str, Standing]:
    rows = Standing.objects.of(city).at(city.run).filter(item__plan__code=plan).select_related("item", "report")
    return {s.item.code: s for s in rows}


def states() -> Counter[str]:
    found: Counter[str] = Counter()
    for duty in Duty.objects.filter(period__year=2022, period__number=3, period__cycle__name="quarter").prefetch_related("reports"):
        report = next((r for r in duty.reports.all() if r.state != ProgressReport.State.WITHDRAWN), None)
        found[report.state if report else "untouched"] += 1
    return found


def bureau() -> Counter[str]:
    duties = Duty.objects.filter(department__code="gxj", period__year=2022, period__number=3, period__cycle__name="quarter").prefetch_related("reports")
    return Counter(next((r.state for r in d.reports.all()), "untouched") for d in duties)


def shares(found: Counter[str]) -> dict[str, float]:
    return {name: 100 * n / found.total() for name, n in found.items()}


def gap_of(standing: Standing) -> str:
    return f"{standing.gap.normalize():f}" if standing.gap else "0"


def test_story_stands_as_it_is_told(city: Government) -> None:
    there = standings(city)
    assert {code: (there[code].light, gap_of(there[code])) for code in GAPS} == GAPS
    others = {plan: standings(city, plan) for plan, _code in OTHERS}
    assert {key: (others[key[0]][key[1]].light, gap_of(others[key[0]][key[1]])) for key in OTHERS} == OTHERS
    assert {code: there[code].overdue for code in OVERDUE} == OVERDUE
    assert there["2-06"].marks == ["待比对值"]
    assert others["meteorology-2025"]["T-14"].marks == ["起点"]
    assert (there["3.4-10"].facts["forecast"]["value"], there["3.4-10"].facts["forecast"]["miss"]) == ("162.5", True)


def test_contradictions_are_decided_and_open_as_told(city: Government) -> None:
    rows = Conflict.objects.of(city).filter(target_a__terms__item__code__in=["3.1-01", "2.4-03"], target_b__terms__item__code__in=["3.1-05", "T-01"])
    assert sorted(rows.values_list("state", "counts__terms__item__code")) == [("open", None), ("resolved", "T-01")]


def test_lights_of_the_report_have_their_shares(city: Government) -> None:
    found = shares(Counter(s.light for s in standings(city).values()))
    assert {light: round(found[light] - share) for light, share in SHARES.items() if abs(found[light] - share) > 2} == {}


def test_third_quarter_has_come_as_far_as_it_says(city: Government) -> None:
    found = shares(states())
    assert {state: found[state] for state, share in STATES.items() if abs(found[state] - share) > 2} == {}
    assert bureau() == {"submitted": 7, "returned": 2, "draft": 5, "untouched": 9}


def test_overdue_are_the_county_and_the_motorway(city: Government) -> None:
    overdue = Duty.objects.of(city).overdue(NOW, calendar.TODAY).order_by("due_at")
    assert [(d.department.code, d.period.occasion) for d in overdue] == [("jtj", "2022-09"), ("scx", "2022Q3")]


def test_farmland_is_shared_out_and_the_county_that_has_not_told_is_named(city: Government) -> None:
    parts = {s.item.code.removeprefix("3.5-04."): s.light for s in standings(city).values() if s.item.code.startswith("3.5-04.")}
    assert parts == {**dict.fromkeys(cast.FARMLAND_PARTS, "green"), "scx": "red", "qsx": "yellow"}  # 2.5 ÷ 11.8, 3.9 ÷ 7.0 against 60 %
    assert sum(Decimal(target) for target, _totals in cast.FARMLAND_PARTS.values()) == 84
    assert [sum(Decimal(totals[n]) for _target, totals in cast.FARMLAND_PARTS.values() if n < len(totals)) for n in range(3)] == [
        Decimal("3.9"), Decimal("20.5"), Decimal("52.1") - Decimal("2.5"),
    ]  # fmt: skip
    client = Client()
    client.post("/stage/be/", {"login": "supervisor"})
    matrix = client.get("/overview/").content.decode()
    assert '<a href="/items/?department=scx&amp;lead=1&amp;">2</a>' in matrix  # its part counts for the county,
    assert '全市（分解项不重复计）</th><td class="num hide-narrow"><a href="/items/?">725</a>' in matrix  # and only the whole for the city
    page = client.get("/items/report-2022/3.5-04/").content.decode()
    assert re.search(r"尚缺[^<]*上蔡县|上蔡县[^<]*(未报|尚缺)", re.sub(r"<[^>]+>", "", page))


def test_three_states_and_a_correction_stand_beside_one_another(city: Government) -> None:
    quarter = {"period__year": 2022, "period__number": 2, "state": "accepted"}
    industry = ProgressReport.objects.filter(measure__code="industrial-value-added-growth", **quarter).order_by("number")
    assert [(r.data_state, str(r.value)) for r in industry] == [("estimate", "7.8000"), ("flash", "7.1000"), ("verified", "7.3000")]
    toilets = ProgressReport.objects.filter(measure__code="household-toilets-upgraded", **quarter).order_by("number")
    assert [(str(r.value), r.corrects_id is not None) for r in toilets] == [("6.1000", False), ("4.6000", True)]
    closing = Standing.objects.of(city).at(_closing(city, 2)).get(item__code="3.5-26", item__plan__code=cast.REPORT)
    assert (closing.light, gap_of(closing)) == ("green", "11")


def _closing(city: Government, number: int) -> int:
    from tracker.models import Run

    run = Run.objects.of(city).get(closes__year=2022, closes__number=number, closes__cycle__name="quarter")
    return int(run.number)


def test_what_stands_beside_the_lights_is_told_and_changes_none(city: Government) -> None:
    """90 of 94 begun, not finished: green and doubted. Tourism's red is contested; ten working days after 28 September are over today."""
    there = standings(city)
    told = Judgement.objects.filter(item__plan__code=cast.REPORT, item__code="3.6-17").order_by("pk")
    assert [(j.day.isoformat(), j.grade) for j in told] == [("2022-07-14", "likely"), ("2022-10-14", "doubtful")]
    one = Objection.objects.get(item__plan__code=cast.REPORT, item__code="3.4-21")
    assert (one.opened_on.isoformat(), one.due_on, one.state, one.light, one.named.login) == ("2022-09-28", calendar.TODAY, "open", "red", "supervisor")
    assert set(Message.objects.filter(kind="objection").values_list("recipient__login", "state")) == {("wlj-reviewer", "sent"), ("supervisor", "sent")}
    client = Client()
    client.post("/stage/be/", {"login": "supervisor", "next": "/review/"})
    assert "今天到期" in client.get("/review/").content.decode()
    agreed = set(Criterion.objects.accepted().filter(item__plan__code=cast.REPORT).values_list("item__code", flat=True))
    assert {code for code, s in there.items() if s.light == "blue" and s.item.kind == "task"} - agreed == set()
    assert {there[code].facts["criterion"] for code in agreed} == {"2022-03-15"}
    missing = sum(s.item.kind == "task" and not s.facts["criterion"] and s.item.part_of_id is None for s in there.values())
    assert client.get("/items/?plan=report-2022&mark=uncheckable").context["total"] == missing


def test_amendments_were_made_by_two_people(city: Government) -> None:
    made = Amendment.objects.filter(plan__code=cast.REPORT, number__gt=0).order_by("number")
    assert [(a.from_on.isoformat(), a.state, a.proposed_by_id != a.published_by_id) for a in made] == [
        ("2022-01-04", "published", True),
        ("2022-01-05", "published", True),
        ("2022-07-01", "published", True),
        ("2022-09-05", "published", True),
    ]


def test_two_vice_mayors_were_told_different_things_and_one_run_had_nothing_to_tell(city: Government) -> None:
    week = Message.objects.filter(kind="digest", occasion="2022-W42")
    city_side, trade_side = (week.get(recipient__login=login) for login in ("vice-city", "vice-trade"))
    assert city_side.subject.startswith("【演示数据】")
    assert city_side.text != trade_side.text
    assert JobRun.objects.get(job="digest", occasion="2022-W10").counts["said"] == "nothing lagging among 308 checked"
    assert not JobRun.objects.filter(state="failed").exists()
    assert not Message.objects.exclude(state="sent").exists()


def test_reminders_of_the_holiday_became_one_on_30_september(city: Government) -> None:
    told = Message.objects.filter(kind="reminder", recipient__login="jtj-reporter", made_at__range=(at("2022-09-20"), at("2022-10-08", "23:00")))
    assert [f"{clock.day_of(m.made_at, calendar.ZONE)}" for m in told] == ["2022-09-30"]


def test_audit_chain_holds_and_runs_with_the_days(city: Government) -> None:
    assert audit.broken_at(city) is None
    days = list(AuditEntry.objects.filter(verb__startswith="report.").order_by("position").values_list("at", flat=True))
    late = [b for a, b in pairwise(days) if b < a - dt.timedelta(hours=12)]
    assert late == []


def test_outlines_are_the_same_every_time(city: Government) -> None:
    first, again = (planned.plan(build._terms(city)).outlines for _ in range(2))
    assert [(o.measure.code, o.light, o.state, o.steps) for o in first] == [(o.measure.code, o.light, o.state, o.steps) for o in again]


def test_stage_says_the_day_and_offers_seven_people() -> None:
    page = Client().get("/").content.decode()
    assert "今天是 2022 年 10 月 17 日 周一，14:3" in page
    tonight = Duty.objects.filter(due_at=at("2022-10-18", "00:00"), done_at__isnull=True).count()
    waiting = ProgressReport.objects.filter(state__in=["submitted", "endorsed"]).count()
    assert f"今晚 24 时截止，还有 {tonight} 项未报，{waiting} 项在审核。2 项已经逾期。明天开周例会。三季度统计数据 10 月 24 日 出来。" in page
    assert page.count('class="stage__card"') == 7
    assert page.count('class="stage__link"') == 21
    english = Client(headers={"cookie": "language=en"}).get("/stage/")
    assert english.status_code == 200


def test_a_card_counts_what_its_page_counts() -> None:
    client = Client()
    waiting = re.search(r"<p>(\d+) 项等核定", client.get("/").content.decode())
    client.post("/stage/be/", {"login": "supervisor", "next": "/review/"})
    assert waiting
    assert f"待督查室核定 {waiting[1]} 项" in client.get("/review/").content.decode()


@pytest.mark.parametrize("login", ["gxj-reporter", "gxj-reviewer", "supervisor", "vice-city", "administrator", "auditor"])
def test_a_click_signs_in_without_a_password(login: str) -> None:
    client = Client()
    answer = client.post("/stage/be/", {"login": login, "next": "/plans/"})
    assert (answer.status_code, answer.url) == (302, "/plans/")
    assert client.get("/plans/").context["person"].user.login == login
    assert reverse("stage") in client.get("/plans/").content.decode()


def test_only_the_seven_can_be_clicked() -> None:
    client = Client()
    assert client.post("/stage/be/", {"login": "mayor", "next": "/plans/"}).url == "/stage/"
    assert "_auth_user_id" not in client.session
    assert client.post("/stage/be/", {"login": "supervisor", "next": "https://elsewhere.example/"}).url == "/"


@pytest.mark.parametrize("path", ["/stage/", "/stage/be/", "/stage/move/", "/stage/start-over/"])
def test_off_the_stage_there_is_no_such_page(path: str, settings: Any) -> None:
    settings.STAGE = False
    assert Client().post(path, {"login": "supervisor"}).status_code == 404
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/stage/be/", "/stage/move/", "/stage/start-over/"])
@pytest.mark.parametrize("origin", [{"REMOTE_ADDR": "10.1.2.3"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.1.2.3"}])
def test_another_machine_is_refused(path: str, origin: dict[str, str], settings: Any) -> None:
    client = Client()
    assert client.post(path, {"login": "supervisor", "to": "tomorrow"}, **origin).status_code == 403
    assert "_auth_user_id" not in client.session
    settings.STAGE_REMOTE = True
    assert Client().post("/stage/be/", {"login": "supervisor"}, **origin).status_code == 302


def test_published_plans_are_read_by_everybody_without_results() -> None:
    client = Client()
    assert [p.code for p in client.get("/public/").context["plans"]] == ["report-2022", "manufacturing-2025", "meteorology-2025"]
    page = client.get("/public/report-2022/").content.decode()
    assert "老旧小区改造" in page
    assert 'class="light' not in page
    assert "30 家" in client.get("/public/report-2022/").content.decode()
    assert "≥ 20 家" in client.get("/public/report-2022/?version=1").content.decode()
    assert client.get("/public/report-2023/").status_code == 404


def test_what_leaves_the_stage_says_what_it_is() -> None:
    answer = file_response("csv", "items", "事项", ["事项"], [["一"]])
    assert "%E6%BC%94%E7%A4%BA%E6%95%B0%E6%8D%AE-items.csv" in answer["Content-Disposition"]
    assert answer.content.decode().splitlines()[0] == "\ufeff演示数据"
    assert '<aside class="demo"' in Client().get("/public/").content.decode()


def test_clock_goes_on_from_the_last_deed() -> None:
    StagedTime.objects.update(shown_at=NOW - dt.timedelta(hours=1), set_at=clock.machine_now() - dt.timedelta(days=3))
    house.resume()
    assert clock.now() - at("2022-10-17", "13:30") < dt.timedelta(minutes=1)


def test_a_stop_lies_ahead_or_is_none() -> None:
    assert turning.goal("tomorrow", NOW) == at("2022-10-18", "14:30")
    assert turning.goal("statistics", at("2022-10-24", "15:00")) is None
    assert turning.goal("tomorrow", at("2022-11-01", "14:30")) is None
    assert turning.goal("yesterday", NOW) is None


NOVEMBER = {  # what each day of the script opened, closed, raised, mailed, reported and turned
    "10-17": {"到期截止": 1, "报送": 36, "亮灯变化": 1, "关闭的提醒": 36},
    "10-18": {"核定": 87, "打开的提醒": 46, "关闭的提醒": 29, "发出的邮件": 9},
    "10-19": {"报送": 1, "亮灯变化": 2, "打开的提醒": 11, "升级的提醒": 11, "关闭的提醒": 11, "发出的邮件": 1},
    "10-20": {"报送": 1, "关闭的提醒": 1, "发出的邮件": 9},
    "10-21": {"核定": 2, "亮灯变化": 1, "打开的提醒": 7, "升级的提醒": 23, "关闭的提醒": 1, "发出的邮件": 2},
    "10-24": {"到期截止": 1, "报送": 8, "核定": 8, "亮灯变化": 6, "升级的提醒": 31, "关闭的提醒": 1, "发出的邮件": 37},
    "10-25": {"开始填报": 1, "锁定": 1, "亮灯变化": 1, "打开的提醒": 2, "升级的提醒": 2, "关闭的提醒": 10, "发出的邮件": 1},
    "10-26": {"升级的提醒": 11},
    "10-27": {"升级的提醒": 7, "发出的邮件": 1},
    "10-28": {"升级的提醒": 2},
    "10-31": {"升级的提醒": 14, "发出的邮件": 38},
    "11-01": {"升级的提醒": 3},
}


def test_from_17_october_to_1_november(city: Government) -> None:
    turning.turn(city, NOW, at("2022-11-01", "14:30"))
    after = Government.objects.get(pk=city.pk)
    there = standings(after)
    days = {d.day.isoformat()[5:]: {g.title: g.count for g in d.groups} for d in queries.happened(after, NOW, at("2022-11-01", "14:30"))}
    assert days == NOVEMBER
    assert {code: (there[code].light, gap_of(there[code])) for code in ("3.3-19", "2-01", "2-06")} == {
        "3.3-19": ("red", "-11"),  # (4540 − 3580) ÷ 1500 = 64 % against 75
        "2-01": ("yellow", "-0.6"),  # 7.4 against 8
        "2-06": ("yellow", "-0.5"),  # 6.9 against 7.4
    }
    assert clock.now() >= at("2022-11-01", "14:30")
    assert not JobRun.objects.filter(state="failed").exists()
    assert audit.broken_at(city) is None
    assert Alert.objects.filter(rule="overdue", duty__department__code="scx", closed_at__isnull=False).exists()


def test_a_visitor_may_be_quicker_than_the_script(city: Government) -> None:
    client = Client()
    client.post("/stage/be/", {"login": "gxj-reporter"})
    desk = Desk(Offices(city))
    report = ProgressReport.objects.get(measure__code="cloud-enterprises", period__year=2022, period__number=3)
    desk.accept(desk.endorse(desk.submit(report, at("2022-10-17", "14:31")), at("2022-10-17", "14:32")), at("2022-10-17", "14:33"))
    answer = client.post("/stage/move/", {"to": "tomorrow"})
    assert answer.status_code == 302
    page = client.get(answer.url.split("#")[0]).content.decode()
    assert "今天是 2022 年 10 月 18 日 周二" in page
    assert "这段时间发生的事" in page


def test_start_over_swaps_the_kept_file_in(tmp_path: Path) -> None:
    kept, live = tmp_path / "demo.master.sqlite3", tmp_path / "demo.sqlite3"
    with sqlite3.connect(live) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.executescript("CREATE TABLE t(x); INSERT INTO t VALUES(1); CREATE TRIGGER lock_t BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'kept'); END;")
    house.copy(live, kept)
    reader = sqlite3.connect(live)
    reader.execute("INSERT INTO t VALUES(2)")
    reader.commit()
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (2,)
    house.copy(kept, live)
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
    with pytest.raises(sqlite3.IntegrityError, match="kept"):
        reader.execute("DELETE FROM t")
    reader.close()
    made.close()


def test_nothing_but_the_stages_own_file_is_ever_swapped() -> None:
    assert house.is_own() is False
    client = Client()
    assert client.post("/stage/start-over/").status_code == 302
    assert User.objects.filter(login="supervisor").exists()
    assert "重新开始" not in client.get("/stage/").content.decode()
