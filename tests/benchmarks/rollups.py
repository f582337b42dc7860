"""What a roll-up costs, as a multiple of a floor taken in the same run on the same rows: `make bench-rollup`; PROVINCE=1 adds a province.

The floor reads every row that a roll-up reads, one by one, and writes as many standings, in bare SQL and no more. Process time is
compared, since other work on the machine moves the clock on the wall.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.databases import Ground

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("ROUNDS", "5"))
NAIVE = 60  # items of the naive loop; the rest is reckoned from these
ALLOWED, FASTER, MINUTE = 3.0, 50.0, 60.0


def main() -> int:
    if len(sys.argv) > 1:
        return _on(sys.argv[1])
    kinds = ["postgres"] if os.environ.get("PROVINCE") else ["postgres", "sqlite"]
    return max(subprocess.run([sys.executable, "-m", "tests.benchmarks.rollups", kind], cwd=ROOT, check=False).returncode for kind in kinds)


def _on(kind: str) -> int:
    os.environ["XUSHI_TEST_DATABASE"] = kind
    ground = Ground()
    try:
        ground.lay()
        os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
        if ground.server is not None:
            ground.server.server.psql(f"CREATE DATABASE {os.environ['DATABASE_URL'].rsplit('/', 1)[1]};")
        import django  # after the environment that its settings read

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        return _province() if os.environ.get("PROVINCE") and kind == "postgres" else _city(kind)
    finally:
        ground.clear()


def _city(kind: str) -> int:
    from tests.benchmarks import laying, measured

    took = _timed(lambda: laying.lay(laying.CITY))
    print(f"\n{kind}: a city of {laying.CITY.items} items, {laying.CITY.departments} departments, {laying.CITY.reports} reports, laid in {took[1]:.0f} s")
    city = measured.City(1)
    full, floor = [], []
    for _ in range(ROUNDS):
        floor.append(_timed(city.floor)[0])
        full.append(_timed(city.take_all)[0])
    whole, least = statistics.median(full), statistics.median(floor)
    naive = _timed(lambda: city.naive(NAIVE))[0] / NAIVE * laying.CITY.items
    lines = [
        ("floor: reading the same rows, writing as many", least, least / least, ""),
        ("roll-up of everything", whole, whole / least, f"≤ {ALLOWED:.0f}" if kind == "postgres" else ""),
        (f"naive loop over the ORM (from {NAIVE} items)", naive, naive / whole, f"≥ {FASTER:.0f} roll-ups"),
    ]
    for k in (1, 10, 100):
        city.accept(k)
        cost = _timed(city.take)[0]
        lines.append((f"roll-up after {k} accepted values", cost, cost / least, ""))
    for title, seconds, ratio, allowed in lines:
        print(f"{title:<52}{seconds * 1000:10.0f} ms{ratio:9.2f}  {allowed}")
    print(f"statements of a roll-up: {city.statements()} for {laying.CITY.items} items; peak memory {_memory():.0f} MB")
    return int((kind == "postgres" and whole / least > ALLOWED) or naive / whole < FASTER)


def _province() -> int:
    """A hundred governments, by one process and by two; the peak of memory after one government and after all."""
    from tests.benchmarks import laying, measured

    took = _timed(lambda: laying.lay(laying.PROVINCE))[1]
    from tracker import jobs

    size = laying.PROVINCE
    print(f"\na province: {size.governments} governments, {size.governments * size.items} items, {size.reports} reports, laid in {took:.0f} s")
    floor = sum(_timed(measured.City(number).floor)[0] for number in range(1, 11)) * size.governments / 10
    everyone = range(1, size.governments + 1)
    for workers in (1, 2):
        measured.forget()
        began = time.perf_counter()
        told = [_child(lambda first=first, workers=workers: measured.roll_up(everyone, jobs.begins_with(first, size.governments))) for first in range(workers)]  # type: ignore[misc]
        answers = [_answer(pid, pipe) for pid, pipe in told]
        wall = time.perf_counter() - began
        cpu, peak = sum(a[0] for a in answers), max(a[1] for a in answers)
        print(f"{workers} worker(s): {wall:6.1f} s on the wall, {cpu:6.1f} s of process time = {cpu / floor:.2f} floors, peak memory {peak:.0f} MB")
    measured.forget()
    alone = _answer(*_child(lambda: measured.roll_up([1], 0)))[1]
    print(f"one government alone: peak memory {alone:.0f} MB")
    return int(wall > MINUTE)


def _timed(deed: Callable[[], object]) -> tuple[float, float]:
    """Process time and time on the wall, in seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    deed()
    return time.process_time() - cpu, time.perf_counter() - wall


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _child(deed: Callable[[], object]) -> tuple[int, int]:
    """A process of its own; its id and where it tells its process time and its peak."""
    from django.db import connections

    connections.close_all()
    told, tells = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tells)
        return pid, told
    try:
        cpu = _timed(deed)[0]
        os.write(tells, f"{cpu} {_memory()}".encode())
    finally:
        os._exit(0)


def _answer(pid: int, pipe: int) -> tuple[float, float]:
    os.waitpid(pid, 0)
    with os.fdopen(pipe) as told:
        cpu, peak = told.read().split()
    return float(cpu), float(peak)


if __name__ == "__main__":
    sys.exit(main())
