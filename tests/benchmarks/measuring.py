"""One interleaved run over HTTP, and what it came to."""

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks.pages import BARE, PAGES, T_ALLOWED, Page, T


@dataclass(frozen=True)
class Asked:
    """A page with where to ask for it and under which cookies."""

    page: Page
    port: int
    headers: dict[str, str]


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    title: str
    milliseconds: float
    ratio: float
    allowed: float | None
    statements: int | None

    @property
    def missed(self) -> bool:
        return self.allowed is not None and round(self.ratio, 1) > self.allowed

    def __str__(self) -> str:
        ratio = f"{self.ratio:6.2f}" + (f" ≤ {self.allowed:<4}" if self.allowed is not None else " " * 7)
        return f"{self.title:<44}{self.milliseconds:8.2f} ms {ratio}{'MISSED' if self.missed else '':8}{'' if self.statements is None else self.statements:>4}"


def interleaved(asked: Sequence[Asked], rounds: int, empty_cache: Callable[[], None]) -> dict[str, list[float]]:
    """Milliseconds of each page by its title. In each round every page is asked for once, beginning with another one."""
    found: dict[str, list[float]] = {each.page.title: [] for each in asked}
    etags: dict[str, str] = {}
    for number in range(-len(asked), rounds):  # what comes before 0 warms up
        # new connections each round: they reach either worker
        doors = {port: http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in {each.port for each in asked}}
        for door in doors.values():
            _get(door, "/nothing/", {})
        first = number % len(asked)
        for each in (*asked[first:], *asked[:first]):
            took = _once(doors[each.port], each, etags, empty_cache)
            if number >= 0:
                found[each.page.title].append(took)
        for door in doors.values():
            door.close()
    return found


def _once(door: http.client.HTTPConnection, asked: Asked, etags: dict[str, str], empty_cache: Callable[[], None]) -> float:
    page, headers = asked.page, dict(asked.headers)
    if page.cold:
        empty_cache()
    elif not page.unchanged:
        _get(door, page.address, headers)  # what a cold page emptied is there again
    if page.unchanged:
        headers["If-None-Match"] = _get(door, page.address, headers)[1]
    began = time.perf_counter()
    status, _etag = _get(door, page.address, headers)
    took = (time.perf_counter() - began) * 1000
    if status != (304 if page.unchanged else 200):
        raise SystemExit(f"{page.title}: {page.address} answered {status}")
    return took


def _get(door: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> tuple[int, str]:
    door.request("GET", address, headers=headers)
    answer = door.getresponse()
    answer.read()
    return answer.status, answer.headers.get("ETag", "")


def table(found: dict[str, list[float]], statements: dict[str, int]) -> list[Line]:
    """The lines: each page against T, T against Django alone."""
    median = {title: statistics.median(times) for title, times in found.items()}
    bare, constant = median[BARE], median[T.title]
    lines = [Line(BARE, bare, bare / constant, None, None), Line(f"{T.title}, to Django alone", constant, constant / bare, T_ALLOWED, statements.get(T.title))]
    for page in PAGES[1:]:
        if page.title in median:
            lines.append(Line(page.title, median[page.title], median[page.title] / constant, page.allowed, statements.get(page.title)))
    return lines
