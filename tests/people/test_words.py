"""Words are looked up once a language and say what Django says."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.functional import lazystr
from django.utils.safestring import SafeString
from django.utils.translation import deactivate, get_language, gettext, gettext_lazy, override, trans_real

from people import words
from people.words import _looked_up

CATALOGUE = """
msgid "总览"
msgstr "Overview"
"""
MESSAGES = ("总览", "这句话哪里都没有", "", "Yes", "first\r\nsecond")


@pytest.fixture(autouse=True)
def english(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as compiled:
        write_mo(compiled, read_po(CATALOGUE.splitlines(), locale="en"))
    monkeypatch.setattr(trans_real, "_translations", {})
    settings.LOCALE_PATHS = [tmp_path]
    yield
    deactivate()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_word_is_what_django_says_the_first_time_and_every_time(language: str) -> None:
    with override(language):
        for message in MESSAGES:
            assert [gettext(message) for _time in range(3)] == [_looked_up(message)] * 3
            assert str(gettext_lazy(message)) == _looked_up(message)
    with override("en"):
        assert (gettext("总览"), gettext(lazystr("总览"))) == ("Overview", "Overview")
    with override(None):
        assert gettext("总览") == "总览"


def test_what_is_safe_stays_safe_and_nothing_else_becomes_so() -> None:
    with override("en"):
        assert type(gettext("总览")) is str
        assert type(gettext(SafeString("总览"))) is SafeString
        assert type(gettext("总览")) is str


def test_each_thread_speaks_its_own_language() -> None:
    said: dict[str, set[str]] = {"zh-hans": set(), "en": set()}

    def speak(language: str) -> None:
        with override(language):
            said[language] |= {f"{get_language()} {gettext('总览')}" for _time in range(500)}

    threads = [Thread(target=speak, args=(language,)) for language in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"zh-hans": {"zh-hans 总览"}, "en": {"en Overview"}}


def test_a_long_list_of_words_is_not_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST", 0)
    with override("en"):
        spoken = trans_real._active.value
        assert (gettext("总览"), spoken.kept_words) == ("Overview", {})


def test_a_thread_that_was_told_no_language_speaks_chinese() -> None:
    with override("en"):
        deactivate()
        assert gettext("总览") == "总览"
