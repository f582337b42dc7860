"""Search: Chinese substrings and English, over items, departments, plans and people of the own government."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.tracker import stood
from tests.tracker.stood import client_of, roll
from tracker.queries.search import Found


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    roll(city)
    return city


def found(city: cast.City, words: str, login: str = "reporter") -> Found:
    return client_of(city, login).get("/search/", {"q": words}).context["found"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("5G", ["1-01"]),
        ("污水", ["2-02"]),
        ("增长", ["1-03"]),
        ("item 2-0", ["2-01", "2-02"]),
        ("新增 企业", ["1-02"]),
        ("1-04", ["1-04"]),
        ("%", []),
        ("没有的", []),
    ],
)
def test_items_are_found_by_parts_of_their_names_in_both_languages(city: cast.City, words: str, codes: list[str]) -> None:
    assert [row.code for row in found(city, words).items] == codes


def test_departments_plans_and_people_are_found_too(city: cast.City) -> None:
    type(city.departments["zjj"]).objects.filter(pk=city.departments["zjj"].pk).update(former=["市建设委员会"])
    assert [d.code for d in found(city, "建设委").departments] == ["zjj"]
    assert [d.code for d in found(city, "statistics").departments] == ["tjj"]
    assert [p.code for p in found(city, "工作报告").plans] == ["report-2022"]
    assert [u.name for u in found(city, "副市长").people] == ["副市长甲"]
    assert found(city, "example.org").people == []


def test_what_was_looked_for_is_marked_and_escaped(city: cast.City) -> None:
    html = client_of(city, "reporter").get("/search/", {"q": "5g"}).content.decode()
    assert "新增<mark>5G</mark>基站" in html
    html = client_of(city, "reporter").get("/search/", {"q": "<script>"}).content.decode()
    assert "<script>”" not in html
    assert "没有找到“&lt;script&gt;”" in html


def test_nothing_of_a_draft_or_of_another_government_is_found(city: cast.City) -> None:
    stood.draft(city)
    stranger = cast.stranger_city()
    assert found(city, "秘密").total == 0
    assert found(city, "秘密", "supervisor").total == 0
    for words in ("5G", "工信", "副市长", "报告"):
        mine = {row.item for row in found(city, words, "supervisor").items}
        theirs = {row.item for row in found(stranger, words, "supervisor").items}
        assert mine.isdisjoint(theirs)
        assert all(u.government_id == stranger.government.pk for u in found(stranger, words, "supervisor").people)


def test_without_words_the_page_says_what_can_be_looked_for(city: cast.City) -> None:
    assert "输入要查的字" in client_of(city, "reporter").get("/search/").content.decode()


def test_a_search_takes_the_same_statements_with_one_item_and_with_three(city: cast.City) -> None:
    client = client_of(city, "reporter")
    client.get("/search/?q=5G")
    for words, n in (("5G", 1), ("新增", 2), ("item", 6)):
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get("/search/", {"q": words}).context["found"].items) == n
        assert len(statements) == 9
