"""What would turn a light: from the facts of a standing alone, as anyone can check with a pocket calculator."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from tracker import formats
from tracker.models.standings import Light


@dataclass(frozen=True)
class Turn:
    """At which value the light becomes another: `more` is what is missing to it, in the item's unit, always positive."""

    light: Light
    value: Decimal
    more: Decimal
    rises: bool


def turns(light: str, facts: Mapping[str, Any], gap_in: str, held: bool, better: str = "up", tolerance: Decimal | None = None) -> list[Turn]:
    """The better lights that a figure alone would bring, the nearest first; none for tasks, for what is closed or met."""
    if light not in (Light.RED, Light.YELLOW) or facts.get("closed") or facts.get("silent") or facts.get("steps") is not None:
        return []
    bands, value, target = facts.get("bands") or {}, formats.exact(facts.get("value")), formats.exact(facts.get("target"))
    if value is None or target is None or "green" not in bands:
        return []
    found = []
    for name, limit in ((Light.YELLOW, Decimal(bands["yellow"])), (Light.GREEN, Decimal(bands["green"]))):
        needed = _held(target, limit, gap_in, better) if held else _on_path(facts, target, limit)
        if held and name == Light.GREEN and facts.get("comparator") == "about":
            needed = target - abs(target) * (tolerance if tolerance is not None else Decimal("0.05")) * (1 if better == "up" else -1)
        if needed is not None and not (light == Light.YELLOW and name == Light.YELLOW):
            found += _turn(name, value, needed, rises=_rises(facts, target, held, better))
    return found


def _rises(facts: Mapping[str, Any], target: Decimal, held: bool, better: str) -> bool:
    start = formats.exact(facts.get("start"))
    return better == "up" if held or start is None else target > start


def _turn(light: Light, value: Decimal, needed: Decimal, rises: bool) -> list[Turn]:
    more = needed - value if rises else value - needed
    return [Turn(light, needed, more, rises)] if more > 0 else []


def _on_path(facts: Mapping[str, Any], target: Decimal, limit: Decimal) -> Decimal | None:
    """The value whose gap to the path is the limit."""
    start, expected = formats.exact(facts.get("start")), formats.exact(facts.get("expected_value"))
    return None if start is None or expected is None else expected + limit / 100 * (target - start)


def _held(target: Decimal, limit: Decimal, gap_in: str, better: str) -> Decimal | None:
    """The value whose distance from the target itself is the limit."""
    down = better == "down"
    if formats.is_points(gap_in):
        return target - limit if down else target + limit
    share = 1 + limit / 100
    if not share:
        return None
    return target / share if down else target * share


def written(turn: Turn, facts: Mapping[str, Any]) -> str:
    """What is missing, with the decimals of the figures, rounded up so that it does turn the light."""
    places = max(formats.places_of([facts.get("value"), facts.get("target")], most=2), 0)
    return formats.number(turn.more.quantize(Decimal(1).scaleb(-places), ROUND_CEILING), places)


def limit_words(facts: Mapping[str, Any], gap_in: str, held: bool, better: str) -> tuple[Decimal, Decimal] | None:
    """The values at the limits of yellow and of green, for the number line; None where the figures do not say."""
    bands, target = facts.get("bands") or {}, formats.exact(facts.get("target"))
    if target is None or "green" not in bands:
        return None
    pair = [_held(target, Decimal(bands[n]), gap_in, better) if held else _on_path(facts, target, Decimal(bands[n])) for n in ("yellow", "green")]
    if pair[0] is None or pair[1] is None:
        return None
    rounding = ROUND_FLOOR if better == "down" else ROUND_CEILING
    return pair[0].quantize(Decimal("0.01"), rounding), pair[1].quantize(Decimal("0.01"), rounding)
