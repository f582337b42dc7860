"""How a message comes into being: rendered in its recipient's language, stored once with what it tells, in one transaction.

Links lead from SITE_URL alone; on the stage every subject and body says 演示数据.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from people.models import Government, User
from tracker import formats, installation, outbox
from tracker.models import Message
from tracker.periods import insert_missing

SUBJECT = 200


@dataclass(frozen=True)
class Line:
    """One line of a section: what, whose, and the figure at its right. `light` colours the figure."""

    name: str
    href: str = ""
    sub: str = ""
    right: str = ""
    light: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Section:
    """A section of a mail: `count` is what the list behind `href` has; `running`: the lines follow one another in one paragraph."""

    title: str
    count: int
    lines: list[Line]
    href: str = ""
    note: str = ""
    more: str = ""
    running: bool = False


@dataclass(frozen=True)
class Tally:
    word: str
    shape: str
    colour: str
    n: int
    href: str


@dataclass(frozen=True)
class Page:
    """All that a mail shows, in one language."""

    heading: str
    title: str
    day: str
    sections: list[Section]
    button: str
    button_href: str
    foot: str
    preview: str = ""
    tally: list[Tally] = field(default_factory=list)
    lead: str = ""
    why: str = ""  # where the sums behind the lights stand
    why_href: str = ""


@dataclass(frozen=True)
class Letter:
    """A message before it is stored."""

    recipient: User
    kind: str
    occasion: str
    subject: str
    text: str
    html: str
    facts: dict[str, Any]


def address(name: str, *args: Any, **query: Any) -> str:
    """The full address of a page, with its filters in the order given; what is empty is left out."""
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        path = "/" + "/".join([name, *map(str, args)]) + "/"
    asked = urlencode({key: value for key, value in query.items() if value not in ("", None)})
    return f"{settings.SITE_URL}{path}" + (f"?{asked}" if asked else "")


def letter(recipient: User, kind: str, occasion: str, page: Page, facts: dict[str, Any]) -> Letter:
    """Renders a page in the language that is active; the caller has chosen the recipient's."""
    context = {"page": page, "stage": settings.STAGE, "language": translation.get_language()}
    subject = _("【演示数据】%(title)s") % {"title": page.title} if settings.STAGE else page.title
    text = render_to_string("mail/page.txt", context).strip() + "\n"
    html = render_to_string("mail/page.html", context)
    return Letter(recipient, kind, occasion, " ".join(subject.split())[:SUBJECT], text, html, facts | {"language": recipient.language})


def store(government: Government, letters: Iterable[Letter], at: dt.datetime) -> int:
    """Stores what is not there yet; a person gets one message of a kind and occasion. Returns how many are new. 4 statements."""
    letters = list(letters)
    if not letters:
        return 0
    installed = installation.key()
    rows = [
        Message(
            government=government,
            message_id=outbox.message_id(each.recipient, "mail", each.kind, each.occasion, installed),
            made_at=at,
            **_columns(each),
        )
        for each in letters
    ]
    with transaction.atomic():
        same = Message.objects.filter(message_id__in=[row.message_id for row in rows])
        before = same.count()
        insert_missing(Message, rows)
        return same.count() - before


def _columns(each: Letter) -> dict[str, Any]:
    return {name: getattr(each, name) for name in ("recipient", "kind", "occasion", "subject", "text", "html", "facts")}


def as_plain(section: Section) -> dict[str, Any]:
    """A section for a message's facts."""
    return {"title": section.title, "count": section.count, "href": section.href, "lines": [asdict(line) for line in section.lines]}


def gap_words(gap: Any, gap_in: str, better: str) -> str:
    """欠 33.0, 低 1.3 个点: the unit of the way stands in the section's head."""
    words, digits = formats.gap_pattern(gap, gap_in, better)
    unit = f" {formats.gap_unit(gap_in)}" if formats.is_points(gap_in) else ""
    return words.format(digits=digits, unit=unit)
