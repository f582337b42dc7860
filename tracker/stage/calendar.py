"""Instants of the stage: days of 2022 and hours of the office, in the city's zone."""

import datetime as dt

from people import clock

ZONE = "Asia/Shanghai"
FROM = dt.date(2021, 1, 1)  # since when the offices' people hold their roles
TODAY = dt.date(2022, 10, 17)
END_OF_YEAR = dt.date(2022, 12, 31)


def at(day: dt.date | str, hour: str = "09:00") -> dt.datetime:
    """'2022-09-05', '10:20' → the instant."""
    return clock.start_of(day_of(day), ZONE, dt.time.fromisoformat(hour))


def day_of(text: dt.date | str) -> dt.date:
    """'2022-09-05', or '09-05' of 2022."""
    if isinstance(text, dt.date):
        return text
    return dt.date.fromisoformat(text if len(text) > 5 else f"2022-{text}")


NOW = at(TODAY, "14:30")
