"""The weekly digest: when, to whom, what it says, and that its counts are those of the lists behind its links."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, transaction

from people import clock, deeds
from people.models import Portfolio, Role, User
from people.workdays import seed_workdays
from tests import cast
from tests.tracker.stand import at_once, owe, roll
from tests.tracker.stood import client_of, period
from tracker import alerts, digests, jobs, telling
from tracker.digest_sources import Reader, week_of
from tracker.models import Alert, JobRun, Message
from tracker.queries import decisions

pytestmark = pytest.mark.django_db
MONDAY = cast.noon("2022-10-17")
WEEK = "2022-W42"


@pytest.fixture
def city() -> cast.City:
    seed_workdays([2022])
    return cast.city()


def stand(city: cast.City) -> None:
    """Q2 closed with two red items; today three are red, one of them since then, one is yellow, one overdue."""
    roll(city, {"1-01": "red", "1-02": "green", "1-03": "red", "1-04": "green", "2-01": "yellow", "2-02": "green"}, "2022-07-16", closes=period(city, "2022Q2"))
    roll(city, {"1-02": "red", "1-03": "green", "2-01": {"light": "red", "overdue": 3, "gap": "-20"}, "2-02": "yellow"}, "2022-10-15")


def compose(city: cast.City, at: object = MONDAY) -> digests.Composed:
    return digests.compose(city.government, at)  # type: ignore[arg-type]


def digest(city: cast.City, login: str) -> Message:
    return Message.objects.get(recipient=city.user(login), kind="digest")


def codes(city: cast.City, ids: list[int]) -> list[str]:
    found = {city.item(code).pk: code for code in ("1-01", "1-02", "1-03", "1-04", "2-01", "2-02")}
    return [found[pk] for pk in ids]


# when -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hour", "week"),
    [
        ("2022-10-17", 8, "2022-W42"),
        ("2022-10-17", 7, None),
        ("2022-10-19", 7, "2022-W42"),  # the machine was off
        ("2022-10-22", 9, None),  # a Saturday
        ("2022-09-12", 9, None),  # mid-autumn, a Monday
        ("2022-09-13", 8, "2022-W37"),
        ("2022-10-04", 9, None),  # a week off until Saturday the 8th, which was worked
        ("2022-10-08", 8, "2022-W40"),
    ],
)
def test_digest_is_due_on_monday_at_eight_or_the_next_working_day(city, day, hour, week):
    at = clock.start_of(dt.date.fromisoformat(day), cast.ZONE, dt.time(hour))
    assert digests.due(city.government, at) == week


def test_week_is_the_calendars_own():
    assert [week_of(cast.noon(day).date()) for day in ("2022-01-01", "2022-01-03", "2022-12-31")] == ["2021-W52", "2022-W01", "2022-W52"]


# to whom, and what ------------------------------------------------------------------------------------------------------


def test_leaders_and_department_heads_get_one_message_each_of_what_is_theirs(city):
    stand(city)
    assert compose(city) == digests.Composed(WEEK, checked=6, people=3, messages=3, new=3)
    told = {m.recipient.login: m.facts for m in Message.objects.all()}
    assert {login: (codes(city, f["new_red"]), codes(city, f["old_red"]), codes(city, f["overdue"]), f["checked"]) for login, f in told.items()} == {
        "leader": (["2-01", "1-02"], ["1-01"], ["2-01"], 4),  # his portfolio: worst first
        "reviewer": (["1-02"], ["1-01"], [], 2),
        "builders_head": (["2-01"], [], ["2-01"], 2),
    }


def test_leader_without_portfolio_gets_the_whole_city(city):
    Portfolio.objects.all().delete()
    stand(city)
    compose(city)
    assert digest(city, "leader").facts["checked"] == 6


def test_leaders_own_item_is_his_wherever_it_lies(city):
    own = city.item("1-03")
    roll(city, {"1-03": "red"}, "2022-10-15")
    seen = digests.gather(city.government, MONDAY)
    row = seen.items[0]
    reader = next(r for r in seen.readers if r.user.login == "leader")
    assert [row.id, reader.covers(row), reader.covers(replace(row, leader_id=reader.user.pk))] == [own.pk, False, True]


def test_who_reads_of_the_whole_city_reads_of_an_item_and_not_of_its_parts_too(city):
    part = replace(digest_row(city), part_of=1)
    everybody, bureau = (Reader(city.user("leader"), True, departments) for departments in (frozenset(), frozenset({part.lead_id})))
    assert [everybody.covers(part), everybody.covers(replace(part, part_of=None)), bureau.covers(part)] == [False, True, True]


def digest_row(city):
    roll(city, {"1-01": "red"}, "2022-10-15")
    return digests.gather(city.government, MONDAY).items[0]


def test_nothing_goes_to_whom_nothing_lags_and_the_run_says_what_it_checked(city):
    roll(city, dict.fromkeys(("1-01", "1-02", "1-03", "1-04", "2-01", "2-02"), "green"), "2022-10-15")
    composed = compose(city)
    assert [composed.messages, composed.said] == [0, "nothing lagging among 6 checked"]
    assert not Message.objects.exists()


def test_head_of_a_department_where_all_is_well_gets_nothing(city):
    roll(city, {"1-01": "green", "1-02": "green", "2-01": "red"}, "2022-10-15")
    compose(city)
    assert sorted(Message.objects.values_list("recipient__login", flat=True)) == ["builders_head", "leader"]


def test_who_left_gets_nothing(city):
    stand(city)
    deeds.disable(city.user("leader"))
    compose(city)
    assert not Message.objects.filter(recipient=city.user("leader")).exists()


def stuck(city: cast.City) -> None:
    """Two items whose step is long past its day, one of them outside the leader's portfolio; and a report that is late, which is no decision."""
    stand(city)
    steps = [{"name": "用地", "due": "2022-08-31", "weight": "1", "done": None}]
    roll(city, {"2-02": {"light": "yellow", "facts": {"steps": steps}}}, "2022-10-15")
    owe(city, "m-2-01", "2022-09-30", end="2022-06-30")
    alerts.sweep(city.government, MONDAY)


def test_decisions_are_the_same_as_on_the_overview(city):
    stuck(city)
    compose(city)
    message = digest(city, "leader")
    told = [(s["title"], s["count"], s["lines"][0]["name"], s["lines"][0]["right"]) for s in message.facts["sections"][:1]]
    assert told == [("需要决定", 1, "开工建设第六污水处理厂", "已等 47 天")]
    assert message.facts["alerts"] == decisions.decisions(city.person("leader"), portfolio=True, day=clock.day_of(MONDAY, cast.ZONE)).alerts
    assert message.subject.endswith("；1 件事待决定")
    assert digest(city, "builders_head").facts["alerts"] == []


def test_answered_alert_waits_for_no_decision(city):
    stuck(city)
    for alert in Alert.objects.all():
        alerts.note(alert, city.person("leader"), MONDAY, "已批示")
    compose(city)
    assert digest(city, "leader").facts["alerts"] == []


# what it looks like -----------------------------------------------------------------------------------------------------


def test_text_says_it_in_the_recipients_language_and_order(city):
    stand(city)
    compose(city)
    lines = digest(city, "leader").text.splitlines()
    assert lines[0] == "序时 驻马店市周报 · 10 月 17 日"
    assert lines[2] == "3 项滞后，比2022年二季度多 2 项。"
    assert lines[3] == "滞后 3 · 偏慢 1 · 正常 0 · 完成 0 · 未到 0 · 暂无 0 · 逾期 1"
    assert [line for line in lines if line.startswith(("- ", "本期", "连续", "逾期"))] == [
        "本期新转滞后 2 项（欠序时进度，百分点）",
        "- 老旧小区改造 [逾期] · 欠 20.0 · 市住建局",
        "- 新增上云企业 · 欠 12.0 · 市工信局",
        "连续两期以上滞后 1 项",
        "- 新增5G基站 · 欠 12.0 · 市工信局",
        "逾期 1 项（逾期天数）",
        "- 老旧小区改造 · 3 天 · 市住建局",
    ]


def test_digest_fits_one_phone_screen(city):
    codes_of_many = [f"3-{n:02d}" for n in range(12)]
    items = [cast.item(code, f"第{code}项新建设施", lead="市住房和城乡建设局", measure={"code": f"x-{code}"}) for code in codes_of_many]
    from plans.importing import load_plan

    city.plan = load_plan(city.government, cast.body(items, code="second"))
    roll(city, dict.fromkeys(codes_of_many[6:], "red"), "2022-07-16", closes=period(city, "2022Q2"))
    roll(city, {code: {"light": "red", "overdue": 4} for code in codes_of_many}, "2022-10-15")
    compose(city)
    message = digest(city, "builders_head")
    sections = message.facts["sections"]
    assert [(s["title"], s["count"], len(s["lines"])) for s in sections] == [
        ("本期新转滞后 6 项", 6, 4),
        ("连续两期以上滞后 6 项", 6, 5),
        ("逾期 12 项", 12, 3),
    ]
    assert message.html.count('bgcolor="#3a3478"') == 1
    assert "另 2 项" in message.text


class Tags(HTMLParser):
    """Links of a mail, and whatever a mail must not have."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.foreign: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in ("script", "img", "link", "form", "style", "iframe") or "src" in given:
            self.foreign.append(tag)


def test_html_has_only_links_of_this_site_and_no_outer_files(city, settings):
    settings.SITE_URL = "https://xushi.example.gov.cn"
    stand(city)
    compose(city)
    tags = Tags(digest(city, "leader").html)
    assert tags.foreign == []
    assert {f"{urlsplit(link).scheme}://{urlsplit(link).netloc}" for link in tags.links} == {"https://xushi.example.gov.cn"}


def test_names_are_text_in_html(city):
    from plans.importing import load_plan

    items = [cast.item("3-01", "<b>园区</b> & 道路", lead="市住房和城乡建设局", measure={"code": "x-3-01"})]
    city.plan = load_plan(city.government, cast.body(items, code="second"))
    roll(city, {"3-01": "red"}, "2022-10-15")
    compose(city)
    message = digest(city, "builders_head")
    assert "&lt;b&gt;园区&lt;/b&gt; &amp; 道路" in message.html
    assert "<b>园区</b> & 道路" in message.text


@pytest.mark.parametrize("stage", [True, False])
def test_demonstration_is_marked_in_subject_and_body(city, settings, stage):
    settings.STAGE = stage
    stand(city)
    compose(city)
    message = digest(city, "leader")
    assert ["演示数据" in part for part in (message.subject, message.text, message.html)] == [stage] * 3


def test_english_reader_is_told_english_names(city):
    User.objects.filter(login="leader").update(language="en")
    stand(city)
    compose(city)
    assert "Item 1-02" in digest(city, "leader").text


# the counts are those of the lists ----------------------------------------------------------------------------------------


def listed(page: str) -> int:
    """How many rows the list behind a link has; its heading must say the same number."""
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr")
    said = re.search(r'<h1>事项<span class="count">(\d+)</span></h1>', page)
    assert said is not None
    assert int(said.group(1)) == rows
    return rows


def links(city: cast.City, login: str) -> Iterator[tuple[str, str, int]]:
    for name, link in digest(city, login).facts["links"].items():
        if "/items/" in link["href"]:
            yield name, link["href"], link["count"]


@pytest.mark.parametrize("login", ["leader", "reviewer", "builders_head"])
def test_counts_of_the_mail_are_the_rows_of_the_lists_behind_its_links(city, login):
    stand(city)
    compose(city)
    client, found = client_of(city, login), list(links(city, login))
    pages = {name: listed(client.get(href.removeprefix("http://testserver")).content.decode()) for name, href, _count in found}
    assert pages == {name: count for name, _href, count in found}
    assert len(found) >= 9


def test_leader_of_the_whole_city_finds_the_same_counts(city):
    Portfolio.objects.all().delete()
    stand(city)
    compose(city)
    client = client_of(city, "leader")
    for name, href, count in links(city, "leader"):
        assert (name, listed(client.get(href).content.decode())) == (name, count)


# once ---------------------------------------------------------------------------------------------------------------------


def test_second_run_makes_nothing_new(city):
    stand(city)
    compose(city)
    before = list(Message.objects.order_by("id").values())
    assert compose(city, cast.noon("2022-10-19")) == digests.Composed(WEEK, checked=6, people=3, messages=3, new=0)
    assert list(Message.objects.order_by("id").values()) == before


@pytest.mark.django_db(transaction=True)
def test_composed_twice_at_once_is_one_message_a_person():
    seed_workdays([2022])
    city = cast.city()
    stand(city)
    at_once(lambda: compose(city))
    assert sorted(Message.objects.values_list("recipient__login", flat=True)) == ["builders_head", "leader", "reviewer"]


@pytest.mark.django_db(transaction=True)
def test_twin_without_the_unique_key_shows_the_second_copy(monkeypatch):
    """The same race, with occasions that differ from thread to thread as if nothing were unique: now there are copies."""
    seed_workdays([2022])
    city = cast.city()
    stand(city)
    count = iter(range(100))
    real = telling.letter
    monkeypatch.setattr(digests, "letter", lambda user, kind, occasion, *rest: real(user, kind, f"{occasion}:{next(count)}", *rest))
    at_once(lambda: compose(city))
    assert Message.objects.count() == 12


def test_database_refuses_a_second_message_of_a_week(city):
    stand(city)
    compose(city)
    twin = digest(city, "leader")
    twin.pk, twin.message_id = None, "<other@xushi>"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize("times", [1, 3])
def test_compose_takes_a_fixed_number_of_statements(city, times, django_assert_num_queries):
    for n in range(times - 1):
        extra = deeds.enrol(city.government, city.departments["gxj"], login=f"more{n}", name="审核", roles=(Role.REVIEWER,), from_on=cast.FROM)
        assert extra.pk
    stand(city)
    compose(city, cast.noon("2022-10-10"))  # the installation's key is made at the first message of all
    with django_assert_num_queries(15):
        compose(city)


# the record ---------------------------------------------------------------------------------------------------------------


def record(city: cast.City) -> JobRun:
    return JobRun.objects.of(city.government).get(job="digest")


def test_run_ends_in_a_record_that_says_how_many_it_sent(city):
    stand(city)
    jobs.tick(MONDAY)
    row = record(city)
    assert (row.occasion, row.state, row.counts["said"]) == (WEEK, "done", f"sent {Message.objects.filter(kind='digest').count()}")
    assert jobs.tick(MONDAY) == []


def test_run_that_finds_nothing_says_so_too(city):
    roll(city, dict.fromkeys(("1-01", "1-02", "1-03", "1-04", "2-01", "2-02"), "green"), "2022-10-15")
    job = next(job for job in jobs.LINE if job.name == "digest")
    assert job.run(city.government, WEEK, MONDAY)["said"] == "nothing lagging among 6 checked"


def test_run_that_fails_says_why_and_is_tried_again(city, settings):
    stand(city)
    templates = settings.TEMPLATES
    settings.TEMPLATES = [{**templates[0], "DIRS": []}]
    failed = [done for done in jobs.tick(MONDAY) if done.job == "digest"]
    assert [record(city).state, record(city).error] == ["failed", "TemplateDoesNotExist: mail/page.txt"]
    assert len(failed) == 1
    settings.TEMPLATES = templates
    jobs.tick(MONDAY)
    assert record(city).state == "done"
