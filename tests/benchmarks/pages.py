"""What is measured, for whom, and what it may cost: the floor of docs/architecture.md, Speed."""

import datetime as dt
from dataclasses import dataclass

from people import clock

NOW = clock.start_of(dt.date(2022, 10, 17), "Asia/Shanghai", dt.time(14, 30))


@dataclass(frozen=True)
class Page:
    """One line of the table: an address as one person sees it.

    `allowed` is a multiple of T, or None where nothing is promised. `cold`: the cache is emptied before each time; `unchanged`:
    it is asked for with the ETag that it was last given.
    """

    title: str
    address: str
    login: str
    allowed: float | None = None
    cold: bool = False
    unchanged: bool = False


T = Page("T: a constant page, signed in", "/constant/", "supervisor", 1.0)
PAGES = (
    T,
    Page("overview, nothing cached", "/overview/", "mayor", 6.0, cold=True),
    Page("overview, cached", "/overview/", "mayor", 2.5),
    Page("overview, 304", "/overview/", "mayor", 1.6, unchanged=True),
    Page("items, 50 rows, nothing cached", "/items/", "supervisor", cold=True),
    Page("items, 50 rows × 8 columns", "/items/", "supervisor", 6.0),
    Page("items, 100 rows", "/items/?per_page=100", "supervisor", 8.0),
    Page("items, 50 rows, narrowed", "/items/?plan=report-2022&light=yellow", "supervisor"),
    Page("item", "/items/report-2022/2-01/", "supervisor"),
    Page("plan", "/plans/report-2022/", "supervisor"),
    Page("department", "/departments/gxj/", "supervisor"),
    Page("my work", "/my-work/", "gxj-reporter"),
    Page("review queue", "/review/", "supervisor"),
)
BARE = "Django alone: a constant page, signed in"
T_ALLOWED = 1.3  # of Django alone
