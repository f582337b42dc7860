"""Drawing lots for 核查, and what a sample says of the whole: pure, and the same on every machine for the same seed.

The order of the lots is that of SHA-256 over the seed and a figure's key, so anybody can repeat a drawing with a pocket calculator that hashes.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

Z = Decimal("1.959964")  # of 95 %


@dataclass(frozen=True)
class Figure:
    """What can be drawn: an accepted report by its key, its department's, and whether it lies exactly on a target."""

    key: int
    department: int
    on_target: bool = False


@dataclass(frozen=True)
class Lot:
    """What was drawn; `first`: because it lies exactly on a target, not by chance."""

    figure: Figure
    first: bool


def draw(frame: Iterable[Figure], size: int, seed: str, *, by_department: bool, on_target_first: bool) -> list[Lot]:
    """At most `size` of the frame. With `on_target_first` those exactly on a target come before all others; the others by chance,
    with `by_department` each department by its share of the frame (largest remainders)."""
    lots = sorted(frame, key=lambda figure: _ticket(seed, figure.key))
    first = [figure for figure in lots if figure.on_target][:size] if on_target_first else []
    rest = [figure for figure in lots if not (on_target_first and figure.on_target)]
    left = size - len(first)
    if by_department:
        quotas = shares(Counter(figure.department for figure in rest), left)
        chosen, taken = [], Counter[int]()
        for figure in rest:
            if taken[figure.department] < quotas[figure.department]:
                taken[figure.department] += 1
                chosen.append(figure)
    else:
        chosen = rest[:left]
    return [Lot(figure, True) for figure in first] + [Lot(figure, False) for figure in chosen]


def shares(counts: Mapping[int, int], size: int) -> dict[int, int]:
    """How many of each group, in proportion to its count and together `size`, or all there are; what is left over goes to the largest
    remainders, of equal ones to the larger group, then to the smaller key."""
    total = sum(counts.values())
    size = min(size, total)
    exact = {key: Fraction(size * n, total) for key, n in counts.items()} if total else {}
    found = {key: int(share) for key, share in exact.items()}
    over = sorted(counts, key=lambda key: (found[key] - exact[key], -counts[key], key)) if total else []
    for key in over[: size - sum(found.values())]:
        found[key] += 1
    return found


def fingerprint(frame: Sequence[Figure]) -> str:
    """SHA-256 of all that could be drawn, in the order of the keys."""
    told = "\n".join(f"{f.key},{f.department},{int(f.on_target)}" for f in sorted(frame, key=lambda figure: figure.key))
    return hashlib.sha256(told.encode()).hexdigest()


def interval(untrue: int, checked: int, whole: int) -> tuple[Decimal, Decimal] | None:
    """Between which shares the share of untrue figures of the whole lies, 95 times of 100 (Wilson's, with the correction for a finite whole).

    `checked` of `whole` were looked at, `untrue` of them found untrue. None where nothing was checked; exact where all were.
    """
    if checked <= 0:
        return None
    share = Decimal(untrue) / checked
    if checked >= whole:
        return share, share
    with localcontext() as context:
        context.prec = 28
        n = Decimal(checked) * (whole - 1) / (whole - checked)
        z2 = Z * Z
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z * (share * (1 - share) / n + z2 / (4 * n * n)).sqrt() / (1 + z2 / n)
        low, high = max(middle - half, Decimal(0)), min(middle + half, Decimal(1))
    return low.quantize(Decimal("0.000001")), high.quantize(Decimal("0.000001"))


def _ticket(seed: str, key: int) -> str:
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()
