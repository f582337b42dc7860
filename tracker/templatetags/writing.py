"""Drawings of the pages that write: the number line of a promise, and the difference of two texts."""

from django import template
from django.utils.safestring import SafeString

from tracker.components import band
from tracker.differences import Part, difference
from tracker.models.standings import Light
from tracker.queries.owed import Owed
from tracker.queries.promised import Promised
from tracker.queries.report import verb_words
from tracker.turns import Problem

register = template.Library()
register.simple_tag(verb_words)


@register.simple_tag
def band_of(promise: Promised) -> SafeString:
    """The bands of a promise's light with the figures at their limits; with the gap where there is a figure to judge."""
    shown = promise.then or promise.now
    limits = shown.facts.get("bands") if shown else None
    if shown is None or not limits or shown.closed or shown.light in (Light.NOT_DUE, Light.GREY):
        return SafeString("")
    gap = None if promise.is_stand_in else shown.gap
    return band(gap, limits["green"], limits["yellow"], shown.gap_in, limits=promise.limits)


@register.simple_tag
def problems_at(row: Owed, *fields: str) -> list[Problem]:
    """What is wrong with these fields of a form; nothing where the form is still empty and nobody insists."""
    asked = row.is_editable and (row.is_filled or row.insists)
    return [p for p in row.problems if p.field in fields] if asked else []


@register.simple_tag
def why_given(row: Owed, problem: Problem) -> str:
    """The reason that was given for standing by a doubt."""
    return row.confirmed.get(problem.code, "")


@register.simple_tag
def differing(old: str, new: str) -> list[Part]:
    return difference(old or "", new or "")
