"""Reading a case's fields: each error names the field and what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, overload

Parsed = TypeVar("Parsed")

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
EARLIEST = date(1, 1, 2)
LARGEST_EXPONENT = 30


class Malformed(ValueError):
    """A case that cannot be judged; the message says which field and why."""


@dataclass(frozen=True)
class Fields:
    """An object of the case and where it stands in it, for messages. Absent and null are the same."""

    given: dict[str, Any]
    place: str = ""

    @classmethod
    def of(cls, given: Any, place: str) -> "Fields":
        """Malformed where this is not an object."""
        if not isinstance(given, dict):
            raise Malformed(f"{place or 'case'}: must be an object, not {short(given)}")
        return cls(given, place)

    def named(self, name: str) -> str:
        """The full name of a field."""
        return f"{self.place}.{name}" if self.place else name

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.given.get(name) is not None

    @overload
    def get(self, name: str, parse: Callable[[Any, str], Parsed]) -> Parsed | None: ...

    @overload
    def get(self, name: str, parse: Callable[[Any, str], Parsed], default: Parsed) -> Parsed: ...

    def get(self, name: str, parse: Callable[[Any, str], Parsed], default: Parsed | None = None) -> Parsed | None:
        """The field parsed, or the default."""
        return parse(self.given[name], self.named(name)) if self.has(name) else default

    def need(self, name: str, parse: Callable[[Any, str], Parsed]) -> Parsed:
        """The field parsed; Malformed where it is missing."""
        if not self.has(name):
            raise Malformed(f"{self.named(name)}: missing")
        return parse(self.given[name], self.named(name))

    def each(self, name: str) -> tuple["Fields", ...]:
        """The objects of a list; none where it is absent."""
        members = self.get(name, items)
        return tuple(Fields.of(one, place) for one, place in members or [])

    def part(self, name: str) -> "Fields":
        """The object of a field; an empty one where it is absent."""
        return Fields.of(self.given[name] if self.has(name) else {}, self.named(name))


def short(given: Any) -> str:
    """A value as a message shows it."""
    text = repr(given)
    return text if len(text) <= 40 else text[:39] + "…"


def number(given: Any, place: str) -> Decimal:
    """A decimal string, or a JSON number read as such."""
    if isinstance(given, bool) or not isinstance(given, (str, int, Decimal)):
        raise Malformed(f"{place}: must be a decimal string, not {short(given)}")
    try:
        value = Decimal(given.strip() if isinstance(given, str) else given)
    except InvalidOperation:
        raise Malformed(f"{place}: {short(given)} is not a decimal number") from None
    if not value.is_finite():
        raise Malformed(f"{place}: {short(given)} is not a finite number")
    if value and (value.adjusted() > LARGEST_EXPONENT or int(value.as_tuple().exponent) < -LARGEST_EXPONENT):
        raise Malformed(f"{place}: {short(given)} is out of range")
    return value


def not_negative(given: Any, place: str) -> Decimal:
    """A number that must not be below 0."""
    value = number(given, place)
    if value < 0:
        raise Malformed(f"{place}: {short(given)} must not be negative")
    return value


def day(given: Any, place: str) -> date:
    """An ISO date, YYYY-MM-DD."""
    if not isinstance(given, str) or not ISO_DAY.match(given):
        raise Malformed(f"{place}: must be a date YYYY-MM-DD, not {short(given)}")
    try:
        value = date.fromisoformat(given)
    except ValueError:
        raise Malformed(f"{place}: {given} is not a day of the calendar") from None
    if value < EARLIEST or value.year == date.max.year:
        raise Malformed(f"{place}: {given} is out of range")
    return value


def day_or_flag(given: Any, place: str) -> date | bool:
    """A date, or just true or false."""
    return given if isinstance(given, bool) else day(given, place)


def flag(given: Any, place: str) -> bool:
    """True or false."""
    if not isinstance(given, bool):
        raise Malformed(f"{place}: must be true or false, not {short(given)}")
    return given


def text(given: Any, place: str) -> str:
    """A string."""
    if not isinstance(given, str):
        raise Malformed(f"{place}: must be a string, not {short(given)}")
    return given


def items(given: Any, place: str) -> list[tuple[Any, str]]:
    """A list, each member with its place."""
    if not isinstance(given, list):
        raise Malformed(f"{place}: must be a list, not {short(given)}")
    return [(one, f"{place}[{index}]") for index, one in enumerate(given)]


def span(given: Any, place: str) -> tuple[date, date]:
    """[first day, last day]."""
    days = [day(one, where) for one, where in items(given, place)]
    if len(days) != 2:
        raise Malformed(f"{place}: must be [first day, last day]")
    if days[0] > days[1]:
        raise Malformed(f"{place}: the first day {days[0]} is after the last {days[1]}")
    return days[0], days[1]


def one_of(*words: str) -> Callable[[Any, str], Any]:
    """A parser for one of these words; the caller knows of which literal type they are."""

    def parse(given: Any, place: str) -> Any:
        if given not in words or not isinstance(given, str):
            raise Malformed(f"{place}: must be one of {', '.join(words)}, not {short(given)}")
        return given

    return parse
