"""The outbox hands over once each, to whom it may, and keeps a doubt a doubt."""

import datetime as dt
from pathlib import Path

import pytest

from people import clock, deeds, failpoints, mail
from tests import cast
from tracker import installation, outbox
from tracker.models import Installation, Message

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-10-17")
State = Message.State


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.VAR = tmp_path
    settings.EMAIL_BACKEND = "people.mail.FolderBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def ready(city: cast.City, login: str = "leader", occasion: str = "2022-W42", **fields: object) -> Message:
    user = city.user(login)
    return Message.objects.create(
        government=city.government, recipient=user, kind="digest", occasion=occasion, subject="本周摘要", text="滞后 1 项", html="<p>滞后 1 项</p>", made_at=AT,
        message_id=outbox.message_id(user, "mail", "digest", occasion), **fields,
    )  # fmt: skip


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_ready_message_is_sent_and_lies_in_the_folder_once(folder):
    city = cast.city()
    message = ready(city)
    assert outbox.hand_over(city.government, AT) == outbox.HandedOver(sent=1)
    assert outbox.hand_over(city.government, AT) == outbox.HandedOver()
    assert [state(message), message.sent_at, len(list(folder.glob("*.eml")))] == [State.SENT, AT, 1]
    assert message.message_id in mail.file_of(message.message_id).read_text()


def test_who_left_or_has_no_address_gets_nothing(folder):
    city = cast.city()
    gone, mute = ready(city, "leader"), ready(city, "reviewer")
    deeds.disable(city.user("leader"))
    city.user("reviewer").email = ""
    city.user("reviewer").save(update_fields=["email"])
    assert outbox.hand_over(city.government, AT) == outbox.HandedOver(dropped=2)
    assert [state(gone), state(mute)] == [State.DROPPED, State.DROPPED]
    assert not folder.exists()


def test_another_governments_messages_are_left_alone():
    city, stranger = cast.city(), cast.stranger_city()
    message = ready(stranger)
    outbox.hand_over(city.government, AT)
    assert state(message) == State.READY


def test_a_copied_database_sends_nothing_until_confirmed():
    city = cast.city()
    message = ready(city)
    (Path(installation.settings.VAR) / "installation").write_text("another")
    assert outbox.hand_over(city.government, AT) == outbox.HandedOver(held_back=1)
    installation.confirm()
    outbox.hand_over(city.government, AT)
    assert state(message) == State.SENT


def test_a_database_that_was_restored_in_its_place_sends_nothing_until_confirmed():
    """It does not know what it sent since it was copied; the same installation's key does not tell."""
    city = cast.city()
    ready(city)
    outbox.hand_over(city.government, AT)
    copy = Installation.objects.get()
    late = ready(city, login="reporter")
    outbox.hand_over(city.government, AT)
    assert state(late) == State.SENT

    Installation.objects.update(handed=copy.handed)
    Message.objects.filter(pk=late.pk).update(state=State.READY, attempt=0)
    assert (outbox.hand_over(city.government, AT), installation.held_back()) == (outbox.HandedOver(held_back=1), True)
    installation.confirm()
    assert outbox.hand_over(city.government, AT) == outbox.HandedOver(sent=1)


def test_a_relay_that_is_down_leaves_the_message_ready_then_failed(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    city = cast.city()
    message = ready(city)
    seen = []
    for minutes in (*outbox.WAITS, 0):
        outbox.hand_over(city.government, AT)
        assert not outbox.has_work(city.government)
        assert outbox.hand_over(city.government, AT) == outbox.HandedOver()  # not before it has waited
        seen.append(state(message))
        Message.objects.update(claimed_at=clock.machine_now() - dt.timedelta(minutes=minutes, seconds=1))
    assert seen == [State.READY] * (outbox.ATTEMPTS - 1) + [State.FAILED]
    assert outbox.again(message)
    assert not outbox.again(message)
    assert [state(message), message.attempt] == [State.READY, 0]


def test_a_header_with_a_line_break_fails_and_says_so(folder):
    city = cast.city()
    message = ready(city)
    Message.objects.update(subject="摘要\nBcc: all@example.org")
    assert outbox.hand_over(city.government, AT).failed == 1
    assert [state(message), message.error] == [State.FAILED, "a mail header holds a line break"]


@pytest.mark.parametrize(("place", "in_folder"), [("outbox.after_handing", False), ("mail.after_bytes", True), ("outbox.after_bytes", True)])
def test_what_a_dead_process_left_is_settled_by_asking_the_folder(monkeypatch, folder, place, in_folder):
    city = cast.city()
    message = ready(city)
    monkeypatch.setenv("FP", f"{place}:raise")
    with pytest.raises(failpoints.Failpoint):
        outbox.hand_over(city.government, AT)
    monkeypatch.delenv("FP")
    assert [state(message), len(list(folder.glob("*.eml")))] == [State.HANDING, int(in_folder)]
    outbox.hand_over(city.government, AT)
    assert state(message) == State.HANDING  # its lease has not run out: it may still be at work
    Message.objects.update(claimed_at=clock.machine_now() - outbox.LEASE - dt.timedelta(seconds=1))
    outbox.hand_over(city.government, AT)
    assert [state(message), len(list(folder.glob("*.eml")))] == [State.SENT, 1]


def test_behind_a_relay_it_stays_a_doubt_until_somebody_says(monkeypatch, settings):
    city = cast.city()
    message = ready(city, state=State.HANDING, owner="dead", attempt=1, claimed_at=clock.machine_now() - outbox.LEASE * 2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert outbox.hand_over(city.government, AT) == outbox.HandedOver(doubtful=1)
    assert state(message) == State.DOUBT
    assert outbox.resolve(message, arrived=True)
    assert not outbox.resolve(message, arrived=False)
    assert state(message) == State.SENT


def test_a_process_that_wakes_after_its_lease_changes_nothing(folder):
    """The fence: a write of the old owner or an old attempt meets no row."""
    city = cast.city()
    message = ready(city, state=State.HANDING, owner="old", attempt=1)
    Message.objects.update(owner="new", attempt=2)
    assert outbox._move(message, State.HANDING, State.SENT) == ""
    assert state(message) == State.HANDING
