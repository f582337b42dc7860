"""What an operator can set or call stands in the documents, and nothing else does."""

import re

from django.conf import settings
from django.core.management import get_commands

OWN = ("people", "plans", "tracker")
DOCS = settings.BASE_DIR / "docs"
READS = re.compile(r"""(?:env(?:\.\w+)?\(|environ(?:\.get)?[(\[])\s*["']([A-Z][A-Z0-9_]+)["']""")
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
