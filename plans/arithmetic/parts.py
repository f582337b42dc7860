"""A figure that departments answer for in parts: how the parts make the whole, and what is left of the whole's target.

What one of them has not told is missing: it is never counted as nought.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Adding = Literal["sum", "weighted", "minimum", "all"]


@dataclass(frozen=True)
class Whole:
    """`value`: what the parts that are there make together, None where none is; `missing`: the keys of those that are not."""

    value: Fraction | None
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return self.value is not None and not self.missing


def combine(adding: Adding, values: Mapping[str, Decimal | Fraction | None], weights: Mapping[str, Decimal] | None = None, *, downwards: bool = False) -> Whole:
    """The parts' values, by key, as one.

    `sum` adds them; `weighted` takes their average by weights; `minimum` and `all` take the one that is farthest behind: the least, of what
    is to fall (`downwards`) the greatest.
    """
    there = {key: Fraction(value) for key, value in values.items() if value is not None}
    missing = tuple(key for key, value in values.items() if value is None)
    if not there:
        return Whole(None, missing)
    if adding == "sum":
        return Whole(sum(there.values(), Fraction(0)), missing)
    if adding == "weighted":
        shares = {key: Fraction((weights or {}).get(key, Decimal(1))) for key in there}
        total = sum(shares.values())
        return Whole(sum((value * shares[key] for key, value in there.items()), Fraction(0)) / total if total else None, missing)
    return Whole(max(there.values()) if downwards else min(there.values()), missing)


def remainder(adding: Adding, target: Decimal | None, values: Sequence[Decimal], weights: Sequence[Decimal], *, downwards: bool = False) -> Fraction | None:
    """What the parts' targets leave of the whole's: above 0 it is not shared out yet, below 0 more than the whole. None without either."""
    if target is None or not values:
        return None
    keyed = {str(n): value for n, value in enumerate(values)}
    whole = combine(adding, keyed, {str(n): weight for n, weight in enumerate(weights)}, downwards=downwards)
    return None if whole.value is None else Fraction(target) - whole.value
