"""`manage.py archive`: a closed period in one file, the same bytes whatever came later; its script alone writes the same lights."""

import ast
import csv
import hashlib
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from plans.bundling import bundle
from tests import cast
from tests.tracker import closed
from tests.tracker.answers import answer
from tests.tracker.stood import client_of
from tests.tracker.test_rollup_and_reckon import promise
from tracker import archiving, closing
from tracker.models import Evidence, Period, ProgressReport

pytestmark = pytest.mark.django_db

WRITES = ("results.csv", "sums.csv")


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def alone(files: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """Runs the script of an archive beside its inputs, in a folder and an environment with nothing else."""
    for name, content in files.items():
        if "/" not in name and name not in WRITES:
            (folder / name).write_bytes(content)
    subprocess.run([sys.executable, "-I", "recompute.py"], cwd=folder, env={}, check=True, capture_output=True, timeout=60)
    return {name: (folder / name).read_bytes() for name in WRITES}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))


def many_kinds() -> cast.City:
    """A closed quarter of items of every kind: random promises and values, a relative target, yearly averages, growth, stages, a shared item."""
    draw = random.Random(7)
    made = [promise(draw, n) for n in range(40)]
    gdp = cast.item("k-1", "高于全省", accrual="held", targets=[cast.target(comparator="relative", offset="0.5", unit="%", better="up")])
    waits = cast.item("k-2", "与另一指标同步", accrual="held", targets=[cast.target(comparator="relative", offset="0", unit="%", against="m-k-1")])
    mean = cast.item(
        "k-3",
        "年均增长",
        accrual="held",
        average="geometric",
        targets=[cast.target("2025-12-31", start="2020-12-31", comparator="at_least", value="7", unit="%")],
    )
    grows = cast.item(
        "k-4",
        "增幅",
        reading="growth",
        accrual="held",
        baseline={"date": "2021-12-31", "value": "80"},
        targets=[cast.target(comparator="at_least", value="9", unit="%")],
    )
    later = cast.item("k-5", "九月起", targets=[cast.target(start="2022-08-31", comparator="at_least", value="9", unit="个")])
    tasks = [cast.item(f"t-{n}", f"=任务{n}", kind="task", profile="at_end", targets=[cast.target(words="完成")],
                       steps=[{"name": f"{n}一", "due": "2022-03-31", "weight": "1"}, {"name": f"{n}二", "due": "2022-09-30", "weight": "3"}]) for n in range(3)]  # fmt: skip
    city = closed.closed_city(cast.body([*cast.ITEMS(), *made, gdp, waits, mean, grows, later, *tasks]), close=False)
    for one in made:
        for quarter in ("2022Q1", "2022Q2"):
            if draw.random() < 0.7:
                answer(city, one["code"], quarter, str(draw.randint(0, 1400) / 10), data_state=draw.choice(["estimate", "flash", "verified"]))
    for code, value, benchmark in (("k-1", "8.1", "7.4"), ("k-2", "8.0", None), ("k-3", "7.2", None), ("k-4", "88", None)):
        answer(city, code, "2022Q2", value, benchmark=benchmark)
    answer(city, "k-3", "2021Q4", "6.3")
    answer(city, made[0]["code"], "2022Q2", answer=ProgressReport.Answer.NO_CHANGE)
    answer(city, "t-1", "2022Q1", steps={"1一": "2022-03-20"})
    answer(city, "t-2", "2022Q1", steps={"2一": "2022-02-20", "2二": "2022-03-01"})
    period = Period.objects.get(year=2022, number=2)
    closing.close(city.government, f"2022Q2:{period.cycle.name}", cast.noon("2022-07-18"))
    return city


def test_the_script_alone_writes_the_same_bytes(db: None, tmp_path: Path) -> None:
    many_kinds()
    files = opened(archiving.archive(closed.closed_run()))
    assert alone(files, tmp_path) == {name: files[name] for name in WRITES}
    lights = {row["subject"]: row["light"] for row in rows(files, "results.csv")}
    assert set(lights.values()) == {"red", "yellow", "green", "blue", "not_due", "grey"}
    assert len(lights) == len(rows(files, "items.csv")) + len(rows(files, "nodes.csv"))
    assert {row["name"] for row in rows(files, "items.csv") if row["kind"] == "task" and row["code"] == "t-0"} == {"'=任务0"}


def test_twin_of_other_inputs_the_script_makes_other_lights(db: None, tmp_path: Path) -> None:
    closed.closed_city()
    files = opened(archiving.archive(closed.closed_run()))
    text = files["reports.csv"].decode()
    assert ",900.0000" in text
    again = alone({**files, "reports.csv": text.replace(",900.0000", ",1000.0000").encode()}, tmp_path)
    assert again["results.csv"] != files["results.csv"]
    assert rows(again, "results.csv")[0]["light"] == "green"


def test_the_script_is_the_same_each_time_and_needs_nothing_but_python() -> None:
    script = bundle()
    assert script == bundle()
    sources = [node.args[1].value for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "part"]  # type: ignore[attr-defined]
    imported = set()
    for tree in map(ast.parse, [script, *sources]):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module or "")
    assert len(sources) == 13
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert imported & {"time", "os", "socket", "urllib"} == set()


def test_what_comes_later_is_in_no_archive(db: None) -> None:
    city = closed.closed_city()
    before = archiving.archive(closed.closed_run())
    assert archiving.archive(closed.closed_run()) == before
    for deed in closed.COMES_LATER:
        deed(city)
        assert (deed.__name__, archiving.archive(closed.closed_run()) == before) == (deed.__name__, True)


def test_every_file_stands_there_with_its_hash_and_so_does_the_evidence(db: None, tmp_path: Path) -> None:
    city = closed.closed_city(close=False)
    report = ProgressReport.objects.get(measure__code="m-1-01")
    closed.attach(report, "a" * 64)
    period = Period.objects.get(year=2022, number=2)
    closing.close(city.government, f"2022Q2:{period.cycle.name}", cast.noon("2022-07-18"))
    call_command("archive", "--period", "2022Q2", str(tmp_path / "out.zip"), stdout=io.StringIO())
    files = opened((tmp_path / "out.zip").read_bytes())
    lines = files.pop("SHA256SUMS").decode().splitlines()
    told = {name: sha256 for sha256, name in (line.split("  ") for line in lines)}
    assert told == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert {name for name in files if name.startswith("papers/")} == {"papers/report-2022-0.json"}
    assert rows(files, "evidence.csv") == [{"report": str(report.pk), "sha256": "a" * 64, "size": "3", "kind": "text/plain"}]
    assert Evidence.objects.count() == 1


# the page -------------------------------------------------------------------------------------------------------------------


def test_whoever_checks_finds_the_archive_on_the_page_of_the_period(db: None, clock_at: Any) -> None:
    city = closed.closed_city()
    clock_at("2022-07-19")
    link = '<a class="button" href="/periods/2022Q2/archive.zip" download>下载存档</a>'
    pages = {login: client_of(city, login).get("/periods/2022Q2/").content.decode() for login in ("supervisor", "auditor", "leader")}
    assert {login: link in html for login, html in pages.items()} == {"supervisor": True, "auditor": True, "leader": False}
    answered = client_of(city, "auditor").get("/periods/2022Q2/archive.zip")
    assert answered.content == archiving.archive(closed.closed_run())
    assert (answered["Content-Type"], answered["Cache-Control"]) == ("application/zip", "private, no-store")
    assert answered["Content-Disposition"].endswith("zhumadian-2022Q2.zip")
