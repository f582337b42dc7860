"""The promises that read a figure, as forms show them: what each says, its light now, and the light that a figure would give it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from people.language import speaks_english
from plans.models import Item, Target, Terms
from tracker import background, formats, wording
from tracker.judging import Judged
from tracker.models import ProgressReport
from tracker.models.standings import Light
from tracker.previewing import Turn
from tracker.queries.rows import severity
from tracker.queries.turning import limit_words


@dataclass(frozen=True)
class Lit:
    """A light as a row shows it, with its figures."""

    light: str
    estimate: bool
    attainment: Decimal | None
    expected: Decimal | None
    gap: Decimal | None
    gap_in: str
    marks: tuple[str, ...]
    reason: str
    facts: dict[str, Any]

    @property
    def assumed(self) -> bool:
        """Whether the light stands on a path that nobody approved."""
        return bool(self.facts.get("assumed_path"))

    @property
    def closed(self) -> bool:
        return bool(self.facts.get("closed"))


@dataclass(frozen=True)
class Promised:
    """A promise that reads a measure. `now` stands today; `then` with the figure, None where there is no figure to judge."""

    terms: Terms
    final: Target
    now: Lit | None = None
    then: Lit | None = None
    is_stand_in: bool = False  # `then` is of no figure that somebody gave: only what it expects may be shown

    @cached_property
    def name(self) -> str:
        return str(self.terms)

    @cached_property
    def plan(self) -> str:
        return self.terms.item.plan.short_title

    @cached_property
    def key(self) -> tuple[str, str]:
        """Plan and code of the item, as its address has them."""
        return self.terms.item.plan.code, self.terms.item.code

    @cached_property
    def why(self) -> str:
        """The page that explains its light as it stands."""
        return reverse("item-why", args=self.key)

    @cached_property
    def target(self) -> str:
        """1500 家以上, and by when where that is not the plan's last year."""
        return wording.target(self.final.__dict__)

    @cached_property
    def accrual(self) -> str:
        """How its values relate to time, in a word; of a task that it is one."""
        if self.terms.item.kind == Item.Kind.TASK:
            return str(Item.Kind.TASK.label)
        if self.terms.reading != Terms.Reading.VALUE:
            return str(self.terms.get_reading_display())
        return str(self.terms.get_accrual_display())

    @cached_property
    def better(self) -> str:
        return self.final.better or ("down" if self.final.comparator == Target.Comparator.AT_MOST else "up")

    @cached_property
    def is_held(self) -> bool:
        shown = self.then or self.now
        return self.terms.accrual == Terms.Accrual.HELD or bool(shown and shown.gap_in == "points")

    @cached_property
    def turns(self) -> bool:
        return bool(self.now and self.then and self.now.light != self.then.light)

    @cached_property
    def worsens(self) -> bool:
        return bool(self.now and self.then and severity(self.then.light) > severity(self.now.light))

    @cached_property
    def limits(self) -> tuple[str, str] | None:
        """The figures at the limits of yellow and green with their unit, as the field takes them; None where they cannot be told."""
        shown = self.then or self.now
        pair = limit_words(shown.facts, shown.gap_in, self.is_held, self.better) if shown else None
        if shown is None or pair is None or self.terms.average:
            return None
        unit = shown.facts.get("unit") or ""
        places = formats.places_of(pair, most=2)
        return tuple(wording.with_unit(formats.number(self._as_typed(value, shown), places), unit) for value in pair)  # type: ignore[return-value]

    def _as_typed(self, value: Decimal, shown: Lit) -> Decimal:
        """A figure of the item as the field takes it: of an increase the total that it makes."""
        base = shown.facts.get("base")
        return value + Decimal(base) if self.terms.reading == Terms.Reading.INCREASE and base is not None else value

    @cached_property
    def expected(self) -> str:
        """序时应达, as the field takes it: of an increase the total that it makes; of what is held the target."""
        shown = self.then or self.now
        if shown is None:
            return ""
        if self.is_held or shown.facts.get("expected_value") is None:
            return formats.number(shown.facts.get("target")) if self.is_held else ""
        value = self._as_typed(Decimal(shown.facts["expected_value"]), shown)
        return formats.number(value, min(formats.places_of([value]), 1))

    @cached_property
    def expected_note(self) -> str:
        """序时 75%, or how it is held."""
        shown = self.then or self.now
        if shown is None or self.is_task:
            return ""
        if self.is_held:
            return _("逐期对标")
        return _("序时 %(share)s") % {"share": formats.percent(shown.expected, 0)} if shown.expected is not None else ""

    @cached_property
    def is_task(self) -> bool:
        shown = self.then or self.now
        return bool(shown and shown.facts.get("steps") is not None)

    @cached_property
    def has_ruler(self) -> bool:
        shown = self.then or self.now
        return bool(shown and not self.is_held and shown.attainment is not None and shown.light not in (Light.GREY, Light.NOT_DUE))


def promised(seen: background.Background, turns: Iterable[Turn], *, figured: bool) -> list[Promised]:
    """The promises of a background with their lights. `figured`: whether `then` is the light of a figure that somebody gave."""
    by_item = {turn.item_id: turn for turn in turns}
    found = []
    for promise in seen.promises:
        turn = by_item.get(promise.terms.item_id)
        now, then = (lit(turn.now), lit(turn.then)) if turn else (None, None)
        found.append(Promised(promise.terms, promise.final, now, then if figured else None))
    return found


def expecting(seen: background.Background, turns: Iterable[Turn]) -> list[Promised]:
    """The same judged by a stand-in for the figure: only what is expected of it may be shown, never its light."""
    return [replace(one, is_stand_in=True) for one in promised(seen, turns, figured=True)]


def worst(promises: Iterable[Promised]) -> Promised | None:
    """The one whose light lags most with the figure, the first in order among equals."""
    judged = [p for p in promises if p.then]
    return max(judged, key=lambda p: severity(p.then.light if p.then else ""), default=None)


def lit(judged: Judged) -> Lit:
    facts = judged.facts
    return Lit(
        light=judged.light, estimate=facts.get("value_state") == ProgressReport.DataState.ESTIMATE, attainment=judged.attainment, expected=judged.expected,
        gap=judged.gap, gap_in=judged.gap_in, marks=tuple(judged.marks), reason=facts.get("reason_en" if speaks_english() else "reason_zh") or "", facts=facts,
    )  # fmt: skip


def period_short(title: str, year: int) -> str:
    """二季度 beside another period of the same year: the title without its year."""
    return title.removeprefix(f"{year}年").removesuffix(f" {year}") or title


def day_of(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
