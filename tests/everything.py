"""`make test`: every test on SQLite, then on PostgreSQL, the browser journeys beside them; the last line says what that came to.

The browser waits much and works little at a time: beside the others it fills what they leave idle, and is told of after them.

What the runs share is made once, in a folder that lives as long as all of them: the migrated databases, the PostgreSQL.
With XUSHI_SKIP_NOTHING=1 a skipped test, or a program that is missing, is an error.
"""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from tests import databases

HERE = Path(__file__).parent
NO_TESTS = 5
INSTALL = "only root can install it"


@dataclass(frozen=True)
class Run:
    """What one run of pytest came to."""

    title: str
    names: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    skipped: dict[str, str] = field(default_factory=dict)
    code: int = 0

    @property
    def passed(self) -> int:
        return len(self.names) - len(self.failed) - len(self.skipped)

    @property
    def bad(self) -> bool:
        return self.code not in (0, NO_TESTS) or bool(self.failed)


def read(title: str, report: Path, code: int) -> Run:
    """A run from its JUnit report; a run that left none has failed, and says nothing of its tests."""
    if not report.exists():
        return Run(title, code=code or 1)
    names, failed, skipped = set(), set(), {}
    for case in ET.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        names.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(name)
        elif (skip := case.find("skipped")) is not None:
            skipped[name] = skip.get("message", "")
    return Run(title, frozenset(names), frozenset(failed), skipped, code)


def take(title: str, database: str, arguments: list[str], workers: str, out: TextIO | None = None) -> Run:
    """Runs pytest once, its output going to `out`, or where ours goes."""
    print(f"\n── {title}", file=out, flush=True)
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup", f"--junitxml={report}", *arguments]
        environment = {**os.environ, "XUSHI_TEST_DATABASE": database}
        code = subprocess.run(command, cwd=HERE.parent, env=environment, stdout=out, stderr=out, check=False).returncode
        return read(title, report, code)


def missing_programs() -> list[str]:
    """What is not on this machine though tests want it, with the word that says who can bring it."""
    programs = {"chromium": "chromium", "redis-server": "redis-server"}
    missing = [package for program, package in programs.items() if not shutil.which(program)]
    if not list(Path("/usr/share/fonts").glob("*/noto/NotoSansCJK*")):
        missing.append("fonts-noto-cjk")
    return missing


def verdict(sqlite: Run, postgres: Run, browser: Run, missing: list[str], strict: bool) -> tuple[list[str], bool]:
    """The closing lines, and whether all is well: nothing failed, and both databases ran the very same tests."""
    runs = (sqlite, postgres, browser)
    lines, same = [], sqlite.names == postgres.names and sqlite.skipped.keys() == postgres.skipped.keys()
    for name in sorted(sqlite.names ^ postgres.names):
        lines.append(f"only on {'SQLite' if name in sqlite.names else 'PostgreSQL'}: {name}")
    skips = sorted({reason for run in runs for reason in run.skipped.values()} | {f"{name}: {INSTALL}" for name in missing})
    skipped = sum(len(run.skipped) for run in runs)
    passed, failed = sum(run.passed for run in runs), sum(len(run.failed) for run in runs)
    broken = [run.title for run in runs if run.bad]
    well = not broken and same and bool(sqlite.names) and not (strict and skips)
    lines.append(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    lines.append(
        f"SQLite {len(sqlite.names)} tests, PostgreSQL {len(postgres.names)} tests: {'equal' if same else 'NOT EQUAL'}; "
        f"browser {len(browser.names)}; {'skipped: ' + '; '.join(skips) if skips else 'nothing skipped'}" + (f"; FAILED: {', '.join(broken)}" if broken else "")
    )
    return lines, well


def run_all(kept: Path, blind: bool) -> tuple[Run, Run, Run]:
    """The three runs; `blind` without the browser's."""
    workers = str(min(os.cpu_count() or 2, 4))
    without = ["--ignore=tests/browser", *sys.argv[1:]]
    server = databases.Server(kept / "server")
    os.environ[databases.SOCKET] = server.socket
    told = kept / "browser.log"
    try:
        with told.open("w") as out, ThreadPoolExecutor(1) as beside:
            seen = beside.submit(lambda: Run("browser") if blind else take("browser", "postgres", ["tests/browser", *sys.argv[1:]], "1", out))
            sqlite = take("SQLite", "sqlite", without, workers)
            postgres = take("PostgreSQL", "postgres", without, workers)
            browser = seen.result()
    finally:
        server.stop()
    print(told.read_text(), flush=True)
    return sqlite, postgres, browser


def main() -> int:
    began = time.monotonic()
    missing, strict = missing_programs(), os.environ.get("XUSHI_SKIP_NOTHING") == "1"
    with TemporaryDirectory(prefix="xushi-tests-") as kept:
        os.environ[databases.KEPT] = kept
        sqlite, postgres, browser = run_all(Path(kept), "chromium" in missing)
    lines, well = verdict(sqlite, postgres, browser, missing, strict)
    print(f"\n── {time.monotonic() - began:.0f} s in all")
    print(*lines, sep="\n", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
