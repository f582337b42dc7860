"""Working days by the statutory calendar, make-up workdays included.

The days that differ from their weekday are rows (`WorkdayException`), seeded from the `holidays` library and, for years that
it lacks, from a table of our own. A `Calendar` is read once and passed on. A year that nobody has announced yet is reckoned
by its weekdays, and says so: `Calendar.unknown`.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from people.models import Government, WorkdayException

log = logging.getLogger(__name__)

COUNTRY = "CN"
DAY = dt.timedelta(days=1)
FARTHEST = 366  # days; no stretch of days off is longer, so a calendar without any workday is refused, not searched for ever

Exceptions = Mapping[dt.date, bool]  # day → is it worked
ANNOUNCED: dict[int, Exceptions] = {}  # years announced by the State Council that the library does not hold


@dataclass(frozen=True)
class Calendar:
    """The days off on weekdays, the weekend days that are worked, and the years whose announcement is known."""

    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_workday(self, day: dt.date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def next_workday(self, day: dt.date) -> dt.date:
        """The day itself where it is worked, else the next one that is."""
        return self._seek(day, DAY)

    def previous_workday(self, day: dt.date) -> dt.date:
        """The day itself where it is worked, else the last one that was."""
        return self._seek(day, -DAY)

    def shift(self, day: dt.date, workdays: int) -> dt.date:
        """The day so many working days later (earlier where negative); with 0 the next working day from `day` on."""
        step = DAY if workdays >= 0 else -DAY
        found = self.next_workday(day) if workdays == 0 else day
        for _ in range(abs(workdays)):
            found = self._seek(found + step, step)
        return found

    def workdays_after(self, day: dt.date, until: dt.date) -> int:
        """How many working days lie after `day`, up to and with `until`; 0 where `until` is not later."""
        return sum(self.is_workday(day + DAY * n) for n in range(1, (until - day).days + 1))

    def knows_year(self, year: int) -> bool:
        return year in self.years

    def unknown(self, years: Iterable[int]) -> list[int]:
        """Those of the years that are reckoned by weekdays alone, in order: a page that shows their dates says so."""
        return sorted(set(years) - self.years)

    def _seek(self, day: dt.date, step: dt.timedelta) -> dt.date:
        for n in range(FARTHEST):
            if self.is_workday(day + step * n):
                return day + step * n
        raise ValueError(f"no working day within {FARTHEST} days of {day}")


def calendar_of(government: Government) -> Calendar:
    """The calendar of a government: the country's days, and over them its own. 1 statement."""
    rows = list(WorkdayException.objects.filter(scope__in=(COUNTRY, government.code)).values_list("scope", "day", "works"))
    country = {day: works for scope, day, works in rows if scope == COUNTRY}
    days = {**country, **{day: works for scope, day, works in rows if scope != COUNTRY}}
    return Calendar(
        off=frozenset(day for day, works in days.items() if not works),
        worked=frozenset(day for day, works in days.items() if works),
        years=frozenset(day.year for day in country),
    )


def seed_workdays(years: Iterable[int]) -> list[int]:
    """Stores what is announced for the years and is not stored yet; returns the years that nobody has announced. Idempotent."""
    wanted = sorted(set(years))
    found = {year: ANNOUNCED.get(year) or _in_library(year) for year in wanted}
    WorkdayException.objects.bulk_create(
        [WorkdayException(scope=COUNTRY, day=day, works=works) for days in found.values() for day, works in days.items()], ignore_conflicts=True
    )
    unknown = [year for year in wanted if not found[year]]
    if unknown:
        log.warning("no announcement of holidays for %s: these years are reckoned by their weekdays", ", ".join(map(str, unknown)))
    return unknown


def _in_library(year: int) -> Exceptions:
    """The exceptions of a year; empty where the library has only the law's holidays and not yet the swaps that go with them."""
    from holidays.countries import China  # slow

    china = China(years=year)
    made_up = {day: True for day in china.weekend_workdays if day.year == year}
    off = {day: False for day in china if day.year == year and day.weekday() < 5}
    return {**off, **made_up} if made_up else {}
