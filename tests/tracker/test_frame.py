"""What every page's frame shows, to whom, and in which language."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings as project
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation

from people.access import Person, entry
from people.models import Department, Government, Role, User
from tracker import frame

AT = dt.datetime(2022, 10, 17, 1, tzinfo=dt.UTC)
CATALOGUE = project.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
TEMPLATES = project.BASE_DIR / "templates"


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", include("people.urls")),
    path("", entry()(page), name="overview"),
    path("items/", entry()(page), name="items"),
    path("review/", entry(Role.REVIEWER, Role.SUPERVISOR)(page), name="review"),
    path("periods/", entry(Role.SUPERVISOR)(page), name="periods"),
    path("stage/", entry(public=True, stage_only=True)(page), name="stage"),
]


@pytest.fixture
def urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> dict[str, frame.Count]:
    registered: dict[str, frame.Count] = {}
    monkeypatch.setattr(frame, "_COUNTS", registered)
    return registered


@pytest.fixture
def english(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The pages in English, from the catalogue compiled anew."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with CATALOGUE.open("rb") as source, (folder / "django.mo").open("wb") as compiled:
        write_mo(compiled, read_po(source, locale="en"))
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("en"):
        yield


def someone(*roles: Role) -> Person:
    government = Government(code="c", name="驻马店市", name_en="Zhumadian")
    department = Department(name="市督查室", short="督查室", name_en="Supervision Office", government=government)
    return Person(User(name="赵宁", login="z", government=government, department=department), frozenset(roles))


def request_of(person: Person | None, address: str = "/items/") -> HttpRequest:
    request = RequestFactory().get(address)
    request.person, request.now = person, AT  # type: ignore[attr-defined]
    return request


def names(*roles: Role) -> list[str]:
    return [section.name for section in frame.sections_of(someone(*roles), "/items/7/", AT)]


def test_a_section_stands_only_where_its_page_exists_and_lets_the_person_in(urls: None) -> None:
    assert {role.value: names(role) for role in Role} == {
        "reporter": ["items"],
        "reviewer": ["review", "items"],
        "supervisor": ["overview", "review", "items", "periods"],
        "leader": ["overview", "items"],
        "administrator": ["overview", "items"],
        "steward": ["items"],
        "auditor": ["overview", "items"],
    }


def test_a_person_of_two_roles_has_the_sections_of_both(urls: None) -> None:
    assert names(Role.REPORTER, Role.SUPERVISOR) == ["overview", "review", "items", "periods"]


def test_the_stage_is_a_section_only_of_the_demonstration(urls: None, settings: Any) -> None:
    settings.STAGE = True
    assert names(Role.REPORTER) == ["items", "stage"]


@pytest.mark.parametrize(("address", "current"), [("/items/7/", ["items"]), ("/", ["overview"]), ("/elsewhere/", [])])
def test_the_section_that_holds_the_page_is_current(urls: None, address: str, current: list[str]) -> None:
    assert [section.name for section in frame.sections_of(someone(Role.LEADER), address, AT) if section.current] == current


def test_a_count_is_asked_for_when_the_head_is_written_and_once(urls: None, counts: dict[str, frame.Count]) -> None:
    asked: list[tuple[Person, dt.datetime]] = []

    @frame.counted("review")
    def waiting(person: Person, at: dt.datetime) -> int:
        asked.append((person, at))
        return 14

    person = someone(Role.SUPERVISOR)
    context = frame.frame(request_of(person))
    assert asked == []
    html = render_to_string("base.html", context)
    assert asked == [(person, AT)]
    assert html.count('<a href="/review/">审核<sup>14</sup></a>') == 2  # the wide and the narrow navigation


def test_what_finds_no_room_in_the_row_stands_behind_more_and_is_counted(counts: dict[str, frame.Count]) -> None:
    counts["9"] = lambda person, at: 3
    every = [frame.Entered(str(n), f"第{n}栏", f"/{n}/", n == 9, someone(), AT) for n in range(11)]
    row = frame.folded(every)
    assert ([s.name for s in row.first], [s.name for s in row.more], row.count) == ([str(n) for n in range(8)], ["8", "9", "10"], 3)
    assert frame.folded(every[:9]).more == []
    html = render_to_string("base.html", {"person": someone(), "sections": every, "masthead": row})
    assert '<summary class="more--current">更多 · 第9栏<sup>3</sup></summary>' in html


def test_a_page_says_who_and_where_one_is(urls: None, counts: dict[str, frame.Count]) -> None:
    html = render_to_string("base.html", request=request_of(someone(Role.SUPERVISOR, Role.REVIEWER)))
    assert "<small>驻马店市</small>" in html
    assert '<span class="who small nowrap">赵宁<span>审核人、督查员</span></span>' in html
    assert '<a href="/items/" aria-current="page">事项</a>' in html
    assert '<input type="hidden" name="next" value="/items/">' in html


def test_a_stranger_sees_neither_sections_nor_a_way_out(urls: None) -> None:
    html = render_to_string("base.html", request=request_of(None))
    assert 'class="nav"' not in html
    assert "退出登录" not in html
    assert "语言与显示" in html


def test_the_demonstration_says_so_and_which_day_it_shows(urls: None, settings: Any) -> None:
    settings.STAGE = True
    html = render_to_string("base.html", request=request_of(someone(Role.LEADER)))
    assert "<b>演示数据</b>系统日期 2022 年 10 月 17 日 周一。" in html


def test_a_failed_form_comes_back_to_the_start_not_to_its_own_address(urls: None) -> None:
    request = RequestFactory().post("/items/7/withdraw/")
    request.person, request.now = someone(Role.REPORTER), AT  # type: ignore[attr-defined]
    assert frame.frame(request)["here"] == "/"


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html", "403_csrf.html"])
def test_the_pages_of_errors_need_no_context(name: str) -> None:
    html = render_to_string(name)
    assert re.findall(r"<h1>(.+?)</h1>", html) == [
        {"404.html": "没有这一页，或者您不能看", "403.html": "您的岗位不能办理这件事", "500.html": "这一步没有办成", "403_csrf.html": "这一页已过期，没有保存"}[
            name
        ]
    ]


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        if "mail" not in file.parts:
            assert re.findall(r"<style|\sstyle=|<script(?! src=)|\son[a-z]+=", text) == [], file


def test_no_style_sheet_or_script_names_another_host() -> None:
    for file in [*(project.BASE_DIR / "static" / "css").glob("*.css"), *(project.BASE_DIR / "static" / "js").glob("*.js")]:
        assert re.findall(r"https?://(?!www\.w3\.org)[^\s)\"']+", file.read_text(encoding="utf-8")) == [], file


def test_every_token_is_set_in_the_light_and_the_dark_theme() -> None:
    text = (project.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    chosen = re.search(r':root\[data-theme="dark"\]\{(.+?)\}', text, re.DOTALL)
    system = re.search(r"prefers-color-scheme:dark\)\{:root[^{]+\{(.+?)\}", text, re.DOTALL)
    assert chosen
    assert system
    assert chosen.group(1).split() == system.group(1).split()
    used = set().union(*(re.findall(r"var\((--[\w-]+)", file.read_text(encoding="utf-8")) for file in (project.BASE_DIR / "static" / "css").glob("*.css")))
    assert used - set(re.findall(r"(--[\w-]+):", text)) == {"--lt", "--lf"}  # set by a light itself


TEXTS = ("ink", "ink-2", "ink-3", "accent", "blue-text", "green-text", "yellow-text", "red-text", "grey-text")
SHAPES = ("blue", "green", "yellow", "red", "grey", "edge")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours '#rrggbb' (WCAG 2.2)."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    lights = sorted([light(one), light(other)])
    return lights[1] / lights[0]


@pytest.mark.parametrize("theme", [r":root\{(.+?)\n\}", r':root\[data-theme="dark"\]\{(.+?)\n\}'])
def test_words_stand_out_from_every_ground_and_shapes_from_the_paper(theme: str) -> None:
    found = re.search(theme, (project.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    token = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", found.group(1)))
    pairs = [(text, ground) for text in TEXTS for ground in ("paper", "surface", "hover")]
    pairs += [
        ("ink-2", "sunken"),
        ("ink-3", "accent-soft"),
        ("on-accent", "accent"),
        ("on-accent", "accent-hover"),
        ("accent", "accent-soft"),
        ("paper", "ink"),
    ]
    pairs += [("red-text", "red-soft"), ("yellow-text", "yellow-soft"), ("ink", "yellow-soft"), ("red-text", "accent-soft"), ("yellow-text", "accent-soft")]
    faint = {(text, ground): round(ratio, 2) for text, ground in pairs if (ratio := contrast(token[text], token[ground])) < 4.5}
    dull = {shape: round(ratio, 2) for shape in SHAPES if (ratio := contrast(token[shape], token["paper"])) < 3}
    assert (faint, dull) == ({}, {})


def test_the_frame_speaks_english(english: None, urls: None, settings: Any) -> None:
    settings.STAGE = True
    html = render_to_string("people/sign_in.html", {"problem": "x"}, request=request_of(None, "/sign-in/"))
    assert '<html lang="en">' in html
    assert "Shown date: Mon, 17 Oct 2022." in html
    # what is left of Chinese is the switch back to it
    assert re.findall(r"[一-鿿]+", html) == ["中文"]


def test_english_fills_in_the_same_words_as_chinese() -> None:
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="en")
    holes = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        source_text = message.id[0] if isinstance(message.id, tuple) else message.id
        for text in texts if source_text else ():
            assert set(holes.findall(text)) == set(holes.findall(source_text)), source_text
            assert text, source_text
