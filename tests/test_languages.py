"""Chinese first, English complete: every message has its English, nothing else stands in the catalogue, and no page mixes the two."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings as project
from django.utils import translation
from django.utils.translation.template import templatize

from people.models import User
from plans.models import Document, Target, Terms
from tests import cast
from tests.test_access import ROWS, addresses, browser
from tests.world import SHOWN, World, laid
from tracker import digests, reminders
from tracker.models import Message, ProgressReport

CATALOGUE = project.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]+")
# what the code calls gettext's functions: which arguments are the message, its plural, its context
CALLS: dict[str, Any] = {
    **dict.fromkeys(("_", "_t", "gettext", "gettext_lazy", "gettext_noop")), "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
Key = tuple[str | None, str]


def _read(source: bytes) -> Iterator[tuple[Key, bool]]:
    for _line, message, _comments, context in extract("python", io.BytesIO(source), CALLS):
        yield (context, message[0] if isinstance(message, tuple) else message), isinstance(message, tuple)


def said() -> dict[Key, bool]:
    """Every message of code and templates, and whether it has a plural."""
    found: dict[Key, bool] = {}
    for room in ("people", "plans", "tracker"):
        for path in sorted((project.BASE_DIR / room).rglob("*.py")):
            _add(found, path.read_bytes())
    for path in sorted((project.BASE_DIR / "templates").rglob("*.*")):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        _add(found, "\n".join(line.strip() for line in code.splitlines()).encode())
    return found


def _add(found: dict[Key, bool], source: bytes) -> None:
    for key, plural in _read(source):
        found[key] = plural or found.get(key, False)


def catalogue() -> dict[Key, Entry]:
    with CATALOGUE.open("rb") as file:
        return {(m.context, m.id[0] if isinstance(m.id, tuple) else m.id): m for m in read_po(file, locale="en", abort_invalid=True) if m.id}


def _texts(message: Entry) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def test_catalogue_holds_every_message_and_no_other() -> None:
    there, needed = catalogue(), said()
    assert (sorted(key[1] for key in needed.keys() - there.keys()), sorted(key[1] for key in there.keys() - needed.keys())) == ([], [])
    assert {key for key, plural in needed.items() if plural != isinstance(there[key].id, tuple)} == set()


def test_every_message_has_an_english_text_without_chinese() -> None:
    wrong = {
        key[1]: message.string for key, message in catalogue().items() if message.fuzzy or not all(t.strip() and not CHINESE.search(t) for t in _texts(message))
    }
    assert wrong == {}


def test_a_message_that_nobody_translated_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    source = '_("新的话")\nngettext("%(n)d 句", "%(n)d 句", n) % {"n": n}\npgettext("short", "短")\n'.encode()
    assert dict(_read(source)) == {(None, "新的话"): False, (None, "%(n)d 句"): True, ("short", "短"): False}


def test_chinese_stands_in_code_and_templates_only_where_it_is_translated() -> None:
    """A text between tags that no tag translates would stay Chinese for ever."""
    loose = {}
    for path in sorted((project.BASE_DIR / "templates").rglob("*.html")):
        text = re.sub(
            r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        if words := [w for w in CHINESE.findall(text) if w.strip("　")]:
            loose[str(path.relative_to(project.BASE_DIR))] = words
    assert loose == {}


# pages in English -----------------------------------------------------------------------------------------------------


@pytest.fixture
def english(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The catalogue compiled anew; the pages choose their language by the cookie."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with CATALOGUE.open("rb") as source, (folder / "django.mo").open("wb") as compiled:
        write_mo(compiled, read_po(source, locale="en"))
    settings.LOCALE_PATHS = [tmp_path]
    translation.trans_real._translations.pop("en", None)  # type: ignore[attr-defined]  # a process keeps what it has read
    yield
    translation.trans_real._translations.pop("en", None)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with laid(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(built: World, db: None, settings: Any) -> World:
    settings.STAGE = True
    return built


AS_WRITTEN = {
    "archive",
    "department-edit",
    "public-plans",
    "public-plan",
    "evidence",
    "evidence other",
    "sampled-file",
    "paper",
    "paper-template",
    "plan-table",
    "consultation",
    "consultation-answer",
    "publication",
    "message-body",
    "objection-file",
}  # a form of both languages; published papers, what is asked of a draft, files and letters stand as written
WRITTEN = (
    "云台密件",
    "胡同密件",
    "信阳密件",
    "密退理由",
    "密判理由",
    "密诉附件",
    "密诉理由",
    "信阳异理由",
    "信阳异内容",
    "信阳异地点",
    "信阳异事由",
    "密标内容",
    "密标地点",
    "密标事由",
    "信阳异附件",
    "密信正文",
    "密链事由",
    "信阳密链",
    "密议调整",
    "请填报",
    "会议纪要",
    "两处不一",
    "信阳密信",
    "信阳密议",
    "信阳纪要",
)
EDITOR = ("plan-editor", "editor-", "amendment-")  # its fields hold the Chinese text that is being written
TYPED = re.compile(r"""(?<= )value="[^"]*"|(?<=>)[^<]*(?=</textarea>)""")
SWITCH = "中文"  # back to Chinese


def chinese_only() -> list[str]:
    """What is Chinese because somebody wrote it so: names of people (and their first letter in the head), the texts, files, reasons
    and letters of the world, the titles, numbers and issuers of documents, and the places in them."""
    names = list(User.objects.values_list("name", flat=True))
    texts = [text for row in ProgressReport.objects.values_list("progress", "problem", "next_step", "reason") for text in row if text]
    papers = [text for row in Document.objects.values_list("title", "number", "issuer") for text in row] + list(Terms.objects.values_list("locator", flat=True))
    told = list(Message.objects.values_list("subject", flat=True))  # in the language of who gets it
    return sorted({*names, *texts, *papers, *told, *WRITTEN, SWITCH}, key=len, reverse=True) + [f">{name[0]}<" for name in names]


def names_as_written() -> list[str]:
    """The names that promises have or would have, and the units of their targets, longest first."""
    return sorted({*Terms.objects.values_list("name", flat=True), *Target.objects.values_list("unit", flat=True)}, key=len, reverse=True)


def untranslated(text: str, spared: list[str]) -> list[str]:
    """The Chinese in a text, without what is Chinese for a reason."""
    for words in filter(None, spared):
        text = text.replace(words, "")
    return sorted({words for words in CHINESE.findall(text) if words.strip("\u3000")})


@pytest.mark.parametrize("column", ["reporter", "reviewer", "supervisor", "leader", "administrator", "auditor", "stranger", "anonymous"])
def test_no_page_in_english_shows_chinese(world: World, english: None, column: str) -> None:
    at, client, spared = addresses(world), browser(world, column), chinese_only()
    client.cookies["language"] = "en"
    left = {}
    for method, name in ROWS:
        if method == "GET" and name.split()[0] not in AS_WRITTEN:
            page = client.get(at[name]).content.decode()
            if name.startswith(EDITOR):
                page = TYPED.sub("", page)
            kept = names_as_written() if name.split()[0] in ("audit", "amendment") else []  # the trail keeps what a promise says as it was written
            if found := untranslated(page, [unquote(at[name].partition("q=")[2]), *spared, *kept]):  # a page of finding says again what is looked for
                left[name] = found
    assert left == {}


def test_no_letter_in_english_holds_chinese(world: World, english: None) -> None:
    User.objects.update(language="en")
    Message.objects.all().delete()
    monday = cast.noon(SHOWN)
    digests.compose(world.city.government, monday)
    reminders.remind(world.city.government, monday)
    period = world.own.period
    reminders.urge(period, world.city.person("supervisor"), monday)
    letters = list(Message.objects.values_list("kind", "subject", "text", "html"))
    assert {kind for kind, *_rest in letters} == {"digest", "reminder", "urge"}
    spared = chinese_only()
    assert [found for _kind, *texts in letters if (found := untranslated(" ".join(texts), spared))] == []
