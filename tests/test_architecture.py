"""The locks on the house: small files and functions, one clock, no tables in views, no drawer for everything."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from people.access import all_views

ROOMS = ("people", "plans", "tracker")
FILE, FUNCTION = 400, 50
CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("time", "time"),
}


def _files(*folders: str) -> list[Path]:
    paths = [path for folder in folders for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))]
    return [path.relative_to(settings.BASE_DIR) for path in paths if "migrations" not in path.parts]


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def long_functions(source: str) -> list[str]:
    """Names of the functions that are longer than the house allows."""
    return [node.name for node in _functions(ast.parse(source)) if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION]


def clock_reads(source: str) -> list[str]:
    """Calls that read the machine's clock, as written: `dt.datetime.now(…)` counts, and so does `timezone.now()`."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [ast.unparse(call) for call in calls if (ast.unparse(call.value).rpartition(".")[2], call.attr) in CLOCK]


def _text(path: Path) -> str:
    return (settings.BASE_DIR / path).read_text(encoding="utf-8")


def test_files_are_short():
    assert {str(path): count for path in _files(*ROOMS, "tests") if (count := len(_text(path).splitlines())) > FILE} == {}


def test_functions_are_short():
    assert {str(path): names for path in _files(*ROOMS, "tests") if (names := long_functions(_text(path)))} == {}


def test_only_the_clock_reads_a_clock():
    assert {str(path): reads for path in _files(*ROOMS) if (reads := clock_reads(_text(path)))} == {"people/clock.py": ["dt.datetime.now"]}


def test_views_ask_the_funnel_and_never_a_table():
    views = [path for path in _files(*ROOMS) if "views" in path.parts]
    assert views
    assert [str(path) for path in views if ".objects" in _text(path)] == []


def test_house_has_no_drawer_for_everything():
    drawers = ("lib", "common", "core", "utils.py", "helpers.py", "services.py", "managers.py")
    assert [str(path) for path in _files(*ROOMS) if any(part in drawers for part in path.parts)] == []


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("import datetime as dt\ndt.datetime.now(dt.UTC)", ["dt.datetime.now"]),
        ("from datetime import date\ndate.today()", ["date.today"]),
        ("from django.utils import timezone\ntimezone.now()", ["timezone.now"]),
        ("clock.now()\nclock.today('Asia/Shanghai')\ntime.monotonic()", []),
    ],
)
def test_reader_of_a_clock_is_found(source: str, reads: list[str]):
    assert clock_reads(source) == reads


def test_long_function_is_found():
    body = "\n".join(["    pass"] * FUNCTION)
    assert long_functions(f"def short():\n{body[:-9]}\n\ndef long():\n{body}\n") == ["long"]


def test_there_is_no_admin_of_django_to_walk_around_the_rules():
    """Not installed, not imported, at no address; nor is there another page made of tables."""
    assert not apps.is_installed("django.contrib.admin")
    assert [str(path) for path in _files(*ROOMS) if re.search(r"contrib[. ]+(import )?admin|ModelAdmin", _text(path))] == []
    assert [route for route, _pattern in all_views() if "admin" in route] == []
    assert "django.contrib.admin" not in "\n".join(_text(path) for path in _files("tracker") if path.name == "settings.py")


def test_every_page_of_rows_offers_them_as_a_file():
    """A view that shows a list of `tracker.tables`, or another list, answers ?export= too; parts of another page go out with it."""
    parts = {"overview_parts", "item", "department", "plan"}  # their rows are those of the list of items, which goes out
    views = {path.stem for path in _files("tracker") if "views" in path.parts and "Listing" in _text(path)}
    assert {view for view in views if "exporting.asked(" not in _text(Path("tracker/views") / f"{view}.py")} - parts == set()
