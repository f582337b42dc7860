"""What the detector knows of a promise and of a result, without tables."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

HELD, LEVEL, CUMULATIVE = "held", "level", "cumulative"
INCREASE, VALUE = "increase", "value"


@dataclass(frozen=True)
class Promise:
    """The final target of an item as published. Values are in the target's own unit; a task has neither unit nor value."""

    plan: str
    code: str
    name: str
    measure: str
    unit: str
    accrual: str
    reading: str
    comparator: str
    value: Decimal | None
    value_high: Decimal | None
    start: dt.date  # exclusive
    due: dt.date
    locator: str = ""
    average: str = ""
    baseline: Decimal | None = None
    baseline_on: dt.date | None = None
    whole: str = ""  # the code of the item that it is a part of
    adding: str = ""
    is_task: bool = False

    @property
    def at(self) -> tuple[str, str]:
        return self.plan, self.code

    @property
    def years(self) -> int:
        """Whole years of the span, at least one."""
        return max(1, round((self.due - self.start).days / 365))

    @property
    def figure(self) -> str:
        """What the promise says in figures and days: a conflict is known by it. Wording and responsibility are no part of it."""
        read = f"+{plain(self.baseline)}" if self.reading == INCREASE else ""
        return f"{self.comparator}{plain(self.value)}{'~' + plain(self.value_high) if self.value_high is not None else ''}{self.unit}{read}@{self.due}"

    @property
    def reaches(self) -> Decimal | None:
        """What the measure itself shows when the promise is just met; None where that cannot be said."""
        if self.value is None or self.reading not in (VALUE, INCREASE):
            return None
        if self.reading == INCREASE:
            return None if self.baseline is None else self.baseline + self.value
        return self.value


@dataclass(frozen=True)
class Result:
    """A figure of a measure that a document states for a day, beside the baselines of its promises."""

    measure: str
    on: dt.date
    value: Decimal
    locator: str = ""


@dataclass(frozen=True)
class Finding:
    """Two promises, or a promise and a stated result, that do not go together. `facts` are the figures that say why, as text."""

    rule: str
    kind: str
    a: Promise
    b: Promise | Result
    facts: dict[str, str]

    @property
    def pair(self) -> str:
        """The two sides, whatever they say."""
        return " | ".join(sorted((_side(self.a), _side(self.b))))

    @property
    def key(self) -> str:
        """The two sides and what they say: the same contradiction has the same key every time."""
        return " | ".join(sorted((said(self.a), said(self.b))))


def _side(side: Promise | Result) -> str:
    return f"{side.measure} {side.on}" if isinstance(side, Result) else " ".join(side.at)


def said(side: Promise | Result) -> str:
    """A side with its figure."""
    return f"{_side(side)} {plain(side.value)}" if isinstance(side, Result) else f"{_side(side)} {side.figure}"


def plain(value: Decimal | None) -> str:
    """A number without zeros that say nothing; "" for none."""
    return "" if value is None else f"{value.normalize():f}"
