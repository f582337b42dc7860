"""The audit trail as it is read: who, what, when; and whether the chain holds."""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from people import audit, locks
from people.models import AuditEntry
from tests import cast
from tests.tracker.stood import client_of
from tracker import audit_words, turns
from tracker.queries import audit as query

STATEMENTS = 7  # the person 2, verbs, count, rows, the length of the chain and its walk


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    record(city, "supervisor", "alert.noted", "alert:1", "2022-10-16", {"note": "已约谈"})
    record(city, "reviewer", "report.endorsed", "report:7", "2022-10-17", {"measure": "cloud", "value": "4540", "why": ""})
    record(city, "supervisor", "report.accepted", "report:7", "2022-10-18", {"measure": "cloud", "value": "4540"})
    return city


def record(city: cast.City, login: str, verb: str, subject: str, day: str, facts: dict[str, Any]) -> None:
    with transaction.atomic():
        audit.record(city.government, actor=city.user(login), verb=verb, subject=subject, at=cast.noon(day), facts=facts)


def positions(city: cast.City, address: str = "") -> list[int]:
    return [row["position"] for row in client_of(city, "auditor").get(f"/audit/{address}").context["table"].raw_rows()]


def test_the_latest_stands_first_with_what_it_says(city: cast.City) -> None:
    assert positions(city) == [3, 2, 1]
    html = client_of(city, "auditor").get("/audit/").content.decode()
    assert "3 条记录首尾相连，未被改动" in html
    for words in ("回应提醒", "审核通过", "核定", "已约谈", "督查甲", "report:7"):
        assert words in html
    assert '<span class="quiet">why</span>' not in html


def test_a_change_shows_what_was_before_and_what_is_now_in_words(city: cast.City) -> None:
    before = {"state": "returned", "value": "1200", "problem": "缺地"}
    record(city, "reporter", "report.edited", "report:7", "2022-10-19", {"measure": "cloud", "before": before, "after": {"state": "draft", "value": "1260"}})
    record(city, "reporter", "a verb without words", "thing:1", "2022-10-19", {"1-01 value": "3", "before": "甲", "after": "乙", "roles": ["reporter"]})
    html = client_of(city, "auditor").get("/audit/").content.decode()
    assert '<span class="quiet">数值</span> <del>1200</del> <i aria-label="变为">→</i> 1260' in html
    assert '<span class="quiet">状态</span> <del>已退回</del>' in html
    assert '<span class="quiet">问题</span> <del>缺地</del> <i aria-label="变为">→</i> <span class="quiet">空</span>' in html
    for words in ("修改退回的填报", "填报 7", "a verb without words", "1-01 数值", "<del>甲</del>", "填报员"):
        assert words in html
    text = client_of(city, "auditor").get("/audit/?export=csv&subject=report:7").content.decode("utf-8-sig")
    assert "数值：1200 → 1260" in text


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?verb=report.accepted", [3]),
        ("?actor=督查", [3, 1]),
        ("?subject=report:7", [3, 2]),
        ("?first=2022-10-17", [3, 2]),
        ("?last=2022-10-16", [1]),
        ("?first=2022-10-17&last=2022-10-17", [2]),
        ("?first=nonsense", []),
        ("?verb=nonsense", []),
    ],
)
def test_the_trail_is_narrowed_by_its_address(city: cast.City, address: str, found: list[int]) -> None:
    assert positions(city, address) == found


def test_a_day_is_a_day_in_the_governments_zone(city: cast.City) -> None:
    with transaction.atomic():
        audit.record(city.government, actor=None, verb="late", subject="x:1", at=dt.datetime(2022, 10, 18, 16, 30, tzinfo=dt.UTC))
    assert positions(city, "?first=2022-10-19") == [4]


def test_a_chain_that_does_not_hold_says_where(city: cast.City) -> None:
    locks.lift()
    AuditEntry.objects.filter(position=2).update(body="{}")
    locks.lay()
    html = client_of(city, "auditor").get("/audit/").content.decode()
    assert "第 2 条起记录接不上。" in html
    assert "未被改动" not in html.partition("page-head__meta")[2].partition("</p>")[0]


def test_a_long_chain_is_walked_when_it_is_asked_for(city: cast.City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "ALWAYS_UP_TO", 2)
    client = client_of(city, "auditor")
    assert "3 条记录，尚未核验" in client.get("/audit/").content.decode()
    assert "首尾相连" in client.get("/audit/?verify=1").content.decode()


def test_auditors_and_supervisors_enter_the_administrator_does_not(city: cast.City) -> None:
    assert {login for login in city.people if client_of(city, login).get("/audit/").status_code == 200} == {"auditor", "supervisor", "supervisor2"}


def test_another_governments_trail_is_not_there(city: cast.City) -> None:
    stranger = cast.stranger_city()
    record(stranger, "supervisor", "canary.sang", "bird:1", "2022-10-17", {"note": "金丝雀"})
    html = client_of(city, "auditor").get("/audit/").content.decode()
    assert "金丝雀" not in html
    assert "canary" not in html


def test_the_trail_takes_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    client = client_of(city, "auditor")
    client.get("/audit/")
    taken = []
    for address, n in (("?verb=alert.noted", 1), ("", 3)):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(f"/audit/{address}").context["total"] == n
        taken.append(len(statements))
    assert taken == [STATEMENTS, STATEMENTS]


def test_every_verb_that_the_code_records_has_its_word() -> None:
    files = [path for room in ("people", "plans", "tracker") for path in (settings.BASE_DIR / room).rglob("*.py")]
    recorded = {verb for path in files for verb in re.findall(r'audit\.record\([^)]*verb="([^"{]+)"', path.read_text(encoding="utf-8"))}
    turns_and_files = {f"report.{turn.verb}" for turn in turns.TURNS} | {f"evidence.{verb}" for verb in (turns.ATTACHED, turns.DETACHED)}
    assert (recorded | turns_and_files) - set(audit_words.VERBS) == set()
    assert "paper read" in recorded
