"""HTML of escaped parts: what Django's own functions of the same names make of them, and no part slips through."""

from typing import Any

import pytest
from django.utils import html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from tracker import markup
from tracker.models.standings import Light

HOSTILE = "<script>alert('x')</script> & \"quoted\""


class Own:
    def __html__(self) -> str:
        return "<i>own</i>"

    def __str__(self) -> str:
        return "<never>"


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize("part", [HOSTILE, SafeString("<b>&</b>"), Text(HOSTILE), Own(), gettext_lazy("事项"), Light.RED, None, 0, 12, True, 1.5, [HOSTILE]])
def test_a_part_is_escaped_as_django_escapes_it(part: Any) -> None:
    assert markup.escaped(part) == html.conditional_escape(part)
    assert markup.format_html("<p {a}>{}</p>", part, a=part) == html.format_html("<p {a}>{}</p>", part, a=part)
    assert markup.format_html_join(", ", "<i>{}</i>", [(part,), (part,)]) == html.format_html_join(", ", "<i>{}</i>", [(part,), (part,)])


def test_what_is_made_is_safe_and_is_not_escaped_again() -> None:
    made = markup.format_html("<p>{}</p>", markup.format_html("<b>{}</b>", HOSTILE))
    assert isinstance(made, SafeString)
    assert made == "<p><b>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;quoted&quot;</b></p>"
