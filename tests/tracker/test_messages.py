"""Messages: to whom they are there to see, the frame that nothing gets out of, doubts, and what the digests came to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry
from tests import cast
from tests.tracker.stood import client_of
from tracker import installation
from tracker.models import JobRun, Message

STATEMENTS = 9  # for whom all are there: the person 2, the head, counts, runs, installation, count, rows


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    write(city, "reporter", "请填报一")
    write(city, "builder", "请填报二", state="doubt", error="broken pipe", made_at=cast.noon("2022-10-11"))
    write(city, "leader", "周报", kind="digest", state="sent", made_at=cast.noon("2022-10-17"), sent_at=cast.noon("2022-10-17"))
    return city


def write(city: cast.City, login: str, subject: str, **given: object) -> Message:
    columns = {"kind": "urge", "occasion": "2022Q3", "made_at": cast.noon("2022-10-10"), "text": f"{subject}正文", "html": f"<p>{subject}正文</p>", **given}
    user = city.user(login)
    return Message.objects.create(government=city.government, recipient=user, message_id=f"<{user.login}@x>", subject=subject, **columns)


def subjects(city: cast.City, login: str, query: str = "") -> list[str]:
    return [row["subject"] for row in client_of(city, login).get(f"/messages/{query}").context["table"].raw_rows()]


def test_each_sees_his_own_and_who_oversees_all(city: cast.City) -> None:
    every = ["周报", "请填报二", "请填报一"]
    assert {login: subjects(city, login) for login in ("supervisor", "administrator", "auditor", "leader", "reporter", "reviewer")} == {
        "supervisor": every, "administrator": every, "auditor": every, "leader": ["周报"], "reporter": ["请填报一"], "reviewer": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [("?state=doubt", ["请填报二"]), ("?kind=digest", ["周报"]), ("?q=填报", ["请填报二", "请填报一"]), ("?to=副市长", ["周报"]), ("?sort=made_at", None)],
)
def test_the_list_is_narrowed_by_its_address(city: cast.City, query: str, found: list[str] | None) -> None:
    assert subjects(city, "auditor", query) == (found or ["请填报一", "请填报二", "周报"])


def test_a_message_of_somebody_else_is_not_there(city: cast.City) -> None:
    other = Message.objects.get(subject="请填报二")
    for address in (f"/messages/{other.pk}/", f"/messages/{other.pk}/body/"):
        assert {login: client_of(city, login).get(address).status_code for login in ("builder", "auditor", "reporter", "leader")} == {
            "builder": 200, "auditor": 200, "reporter": 404, "leader": 404,
        }  # fmt: skip


def test_the_body_stands_in_a_frame_of_its_own(city: cast.City) -> None:
    own = Message.objects.get(subject="请填报一")
    client = client_of(city, "reporter")
    assert f'<iframe class="letter" src="/messages/{own.pk}/body/"' in client.get(f"/messages/{own.pk}/").content.decode()
    body = client.get(f"/messages/{own.pk}/body/")
    assert body.content.decode() == "<p>请填报一正文</p>"
    assert body["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    assert (body["X-Frame-Options"], body["Cache-Control"]) == ("SAMEORIGIN", "private, no-store")


def test_a_message_without_html_shows_its_text_escaped(city: cast.City) -> None:
    plain = write(city, "reviewer", "纯文本", html="", text="a < b")
    assert client_of(city, "reviewer").get(f"/messages/{plain.pk}/body/").content.decode() == "<pre>a &lt; b</pre>"


def test_a_doubt_is_shown_and_settled_by_who_may(city: cast.City) -> None:
    doubt = Message.objects.get(state="doubt")
    assert "1 封不知是否送达" in client_of(city, "administrator").get("/messages/").content.decode()
    assert "broken pipe" in client_of(city, "auditor").get(f"/messages/{doubt.pk}/").content.decode()
    assert "<button" not in client_of(city, "auditor").get(f"/messages/{doubt.pk}/").content.decode().partition('<aside aria-label="发送情况"')[2]
    refused = {
        login: client_of(city, login).post(f"/messages/{doubt.pk}/settle/", {"said": "arrived"}).status_code for login in ("auditor", "builder", "leader")
    }
    assert refused == dict.fromkeys(("auditor", "builder", "leader"), 404)
    assert client_of(city, "administrator").post(f"/messages/{doubt.pk}/settle/", {"said": "arrived"}).status_code == 302
    doubt.refresh_from_db()
    assert (doubt.state, doubt.error) == ("sent", "")
    entry = AuditEntry.objects.get(verb="message.arrived")
    assert (entry.subject, entry.actor) == (f"message:{doubt.pk}", city.user("administrator"))


def test_what_did_not_arrive_or_failed_is_sent_again(city: cast.City) -> None:
    for state in ("doubt", "failed"):
        Message.objects.filter(subject="请填报二").update(state=state)
        one = Message.objects.get(subject="请填报二")
        assert client_of(city, "supervisor").post(f"/messages/{one.pk}/settle/", {"said": "resend"}).status_code == 302
        one.refresh_from_db()
        assert one.state == "ready"


def test_what_is_settled_already_stays_as_it_is(city: cast.City) -> None:
    sent = Message.objects.get(state="sent")
    for said in ("arrived", "resend", "nonsense"):
        answer = client_of(city, "supervisor").post(f"/messages/{sent.pk}/settle/", {"said": said})
        assert answer.status_code == 409
        assert "状态已变" in answer.content.decode()
    assert AuditEntry.objects.filter(verb__startswith="message.").count() == 0


def test_the_last_digests_and_what_they_came_to(city: cast.City) -> None:
    for occasion, state, counts, error in (
        ("2022-W40", "done", {"messages": 0, "checked": 9}, ""),
        ("2022-W41", "done", {"messages": 6, "checked": 100}, ""),
        ("2022-W42", "failed", {"attempts": 2}, "OSError: no space"),
    ):
        at = cast.noon({"2022-W40": "2022-10-03", "2022-W41": "2022-10-10", "2022-W42": "2022-10-17"}[occasion])
        JobRun.objects.create(government=city.government, job="digest", occasion=occasion, state=state, counts=counts, error=error, at=at)
    html = client_of(city, "auditor").get("/messages/").content.decode()
    for words in ("核对 9 项，没有滞后，不发", "核对 100 项，生成 6 封", "没有办成：OSError: no space", "最近一次办成 10 月 10 日 12:00", "2022年第42周"):
        assert words in html
    assert "每周摘要" not in client_of(city, "reporter").get("/messages/").content.decode().partition("<main")[2].partition("<form")[0]


def test_a_copied_database_says_on_top_that_it_holds_mails_back(city: cast.City, settings: object, tmp_path: object) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    assert "一律不发" not in client_of(city, "supervisor").get("/messages/").content.decode()
    installation.key()
    assert "一律不发" not in client_of(city, "supervisor").get("/messages/").content.decode()
    (tmp_path / "installation").write_text("another", encoding="ascii")  # type: ignore[operator]
    assert "一律不发" in client_of(city, "supervisor").get("/messages/").content.decode()
    assert "一律不发" not in client_of(city, "reporter").get("/messages/").content.decode()


def test_another_governments_messages_are_not_there(city: cast.City) -> None:
    stranger = cast.stranger_city()
    canary = write(stranger, "builder", "金丝雀", state="doubt")
    JobRun.objects.create(government=stranger.government, job="digest", occasion="2031-W01", state="done", at=cast.noon("2022-10-17"))
    for login in ("supervisor", "administrator", "auditor"):
        html = client_of(city, login).get("/messages/").content.decode()
        assert "金丝雀" not in html
        assert "2031" not in html
        for address in (f"/messages/{canary.pk}/", f"/messages/{canary.pk}/body/"):
            assert client_of(city, login).get(address).status_code == 404
    assert client_of(city, "supervisor").post(f"/messages/{canary.pk}/settle/", {"said": "arrived"}).status_code == 404


def test_the_list_takes_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    client.get("/messages/")
    taken = []
    for query, n in (("?kind=digest", 1), ("", 3)):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(f"/messages/{query}").context["total"] == n
        taken.append(len(statements))
    assert taken == [STATEMENTS, STATEMENTS]
