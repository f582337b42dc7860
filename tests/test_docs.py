"""What an operator can set or call stands in the documents, and nothing else does."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

OWN = ("people", "plans", "tracker")
DOCS = settings.BASE_DIR / "docs"
READS = re.compile(r"""(?:env(?:\.\w+)?\(|environ(?:\.get)?[(\[])\s*["']([A-Z][A-Z0-9_]+)["']""")
READMES = (settings.BASE_DIR / "README.md", settings.BASE_DIR / "README.zh-CN.md")
# our own doors set it for Django; no operator does
NOT_SET = {"DJANGO_SETTINGS_MODULE"}


def _read_by_the_product() -> set[str]:
    files = [settings.BASE_DIR / "gunicorn.conf.py", *(path for app in OWN for path in (settings.BASE_DIR / app).rglob("*.py"))]
    return {name for path in files for name in READS.findall(path.read_text(encoding="utf-8"))} - NOT_SET


def _in_the_table() -> set[str]:
    text = (DOCS / "operating.md").read_text(encoding="utf-8")
    table = text.split("## Environment variables")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def test_table_names_every_variable_that_is_read_and_no_other():
    assert _in_the_table() == _read_by_the_product()


def test_every_command_stands_in_the_documents():
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md")))
    own = {name for name, app in get_commands().items() if app in OWN}
    assert {name for name in own if not re.search(rf"manage\.py {name}\b", text)} == set()
    assert "run" in own


def test_documents_name_no_command_that_is_not_there():
    named = {name for path in DOCS.glob("*.md") for name in re.findall(r"manage\.py ([a-z_]+)", path.read_text(encoding="utf-8"))}
    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_readme_names_commands_and_files_that_are_there(readme: Path):
    text = readme.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (settings.BASE_DIR / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    links = {link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link}
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) - targets == set()
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) - set(get_commands()) == set()
    assert {link for link in links if not (settings.BASE_DIR / link).exists()} == set()
    assert {"run", "test"} <= targets
    assert "docs/operating.md" in links


def test_both_readmes_name_the_same_commands_and_pictures():
    english, chinese = (re.findall(r"make [a-z]+`|manage\.py [a-z_]+|docs/[\w./-]+", path.read_text(encoding="utf-8")) for path in READMES)
    assert [name.replace("-en.png", ".png") for name in english] == chinese


def test_pictures_are_light():
    assert {path.name: path.stat().st_size for path in (DOCS / "img").iterdir() if path.stat().st_size > 200_000} == {}
