"""The pages that tell a supervisor how targets are judged: their examples are what the functions return, and no kind is without a page."""

import re

import pytest

from tests.plans.judging import BLOCK, EXAMPLES, FOLDER, NODES, filled
from tracker.why_words import rule_words

PAGES = sorted(path.name for path in FOLDER.glob("*.md"))


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_of_a_page_are_what_the_functions_return(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text == filled(text)


def test_every_kind_of_target_and_the_node_have_a_page_with_an_example_in_both_languages() -> None:
    kinds = ("cumulative", "increase", "level", "held", "growth", "average", "relative", "between", "ceiling", "task")
    assert all(rule_words(kind) for kind in kinds)
    for kind in (*kinds, "node"):
        found = {(one["name"], one["language"]) for one in BLOCK.finditer((FOLDER / f"{kind}.md").read_text(encoding="utf-8"))}
        assert {language for _name, language in found} == {"zh", "en"}, kind
        assert {name for name, language in found if language == "zh"} == {name for name, language in found if language == "en"}, kind


def test_every_example_is_used_and_every_page_is_in_the_index() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    used = {one["name"] for text in texts.values() for one in BLOCK.finditer(text)}
    assert used == {*EXAMPLES, *NODES}
    assert set(re.findall(r"\]\(([a-z]+\.md)\)", texts["README.md"])) == texts.keys() - {"README.md"}
