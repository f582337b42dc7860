"""The components and formats of a page as tags and filters of the same names: `{% load look %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from tracker import components, formats, wording
from tracker.beside import stands
from tracker.filters import Filters
from tracker.tables import Listing, address

register = template.Library()

for _component in (
    components.light, components.turn, components.overdue_flag, components.tag, components.avatar, components.department, components.figure,
    components.count, components.delta, components.gap_text, components.gap_figure, components.coloured, components.ruler, components.ruler_cell,
    components.spread, components.band, components.tally, components.link, components.empty, components.notice, components.field, stands,
):  # fmt: skip
    register.simple_tag(_component)
register.simple_tag(components.number, name="number")

for _format in (
    formats.percent,
    formats.signed,
    formats.day,
    formats.full_day,
    formats.short_day,
    formats.weekday,
    formats.moment,
    formats.deadline,
    formats.instant,
    formats.days,
):
    register.filter(_format.__name__, _format)
register.filter("number", formats.number)
register.filter("gap", formats.gap_text)
register.filter("unit", wording.unit)


@register.simple_tag(takes_context=True)
def listing(context: Mapping[str, Any], table: Listing) -> SafeString:
    """A table of `tracker.tables`, body, heads and pager."""
    request: HttpRequest | None = context.get("request")
    return table.html(request)


@register.simple_tag(takes_context=True)
def exports(context: Mapping[str, Any], list_url: str = "") -> SafeString:
    """The control that gives the list as a file, exactly as it is shown; `list_url`, with its query, is that of another page's list."""
    query = context["request"].GET
    return components.exports(lambda kind: f"{list_url}&export={kind}" if list_url else address(query, export=kind, page=None))


@register.simple_tag(takes_context=True)
def filters(context: Mapping[str, Any], filters: Filters, total: int | None = None) -> SafeString:
    """The filters of `tracker.filters` with their submit button, errors and how many rows there are."""
    request: HttpRequest | None = context.get("request")
    return filters.html(request, total)
