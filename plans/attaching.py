"""The document beside its promises: a paper's text is kept as sentences, each item is joined to the one it came of.

Attaching changes no promise. Attaching another copy replaces the sentences; what people said of a sentence (its item, that
none comes of it) stays with every sentence whose words are the same.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Government, Role, User
from plans.exporting import plain
from plans.models import Attachment, Document, Item, Passage, PassageLink, SetAside, Target, Terms
from plans.passages.matching import Found, Wanted, find
from plans.passages.promising import promises
from plans.passages.segmenting import Sentence, clean, sentences, split_papers

HEAD_LINES = 14  # a paper's title and number stand within its first lines
REASON_LENGTH = 200


class NotAttached(Exception):
    """The text cannot be attached, or a sentence not be set aside; the message says why and what to do."""


@dataclass(frozen=True)
class Attached:
    """What came of it: how many sentences there are, how many items found theirs, and the codes ('plan code') of those that did not."""

    document: Document
    sentences: int
    found: int
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Copy:
    """A file as it came: its name, its content's lines, and what names the content."""

    name: str
    lines: Sequence[str]
    sha256: str
    size: int

    @classmethod
    def of(cls, name: str, lines: Sequence[str], content: bytes) -> "Copy":
        return cls(name[:200], lines, hashlib.sha256(content).hexdigest(), len(content))


def attach(document: Document, copy: Copy, by: Person | None, at: dt.datetime, paper: Sequence[str] | None = None) -> Attached:
    """Keeps the sentences of a document and joins its plans' items to them. `paper`: its part of a collection, else all lines.

    Without `by` an operator does it on the machine. Raises: NotAttached for the wrong role, or where there is no sentence.
    """
    _supervisor(document.government_id, by)
    found = sentences(copy.lines if paper is None else paper)
    if not found:
        raise NotAttached(_("文件里没有读到文字。扫描件请先做文字识别。"))
    with transaction.atomic():
        items = _items(document)
        links, aside = _said_before(document)
        Passage.objects.filter(document=document).delete()
        passages = _keep(document, found)
        matched = find((wanted for wanted, _code in items), found)
        _join(document, passages, found, matched, links, aside)
        user = by.user if by else None
        Attachment.objects.update_or_create(
            document=document, defaults={"government_id": document.government_id, "name": copy.name, "sha256": copy.sha256, "size": copy.size, "added_by": user, "added_at": at}
        )  # fmt: skip
        known = matched.keys() | {item for item, _text in links}
        done = Attached(document, len(found), len(known & {w.key for w, _c in items}), [code for wanted, code in items if wanted.key not in known])
        facts = {"file": copy.name, "sha256": copy.sha256, "sentences": done.sentences, "found": done.found, "missing": done.missing}
        audit.record(document.government_id, actor=user, verb="document attached", subject=f"document:{document.pk}", at=at, facts=facts)
    return done


def attach_collection(government: Government, copy: Copy, by: Person | None, at: dt.datetime) -> list[Attached]:
    """Joins a file that holds several papers, such as a gazette, to each document of the government that is in it. All or nothing.

    Raises: NotAttached where none of the government's documents is in the file.
    """
    papers = split_papers(list(copy.lines))
    with transaction.atomic():
        done = []
        for document in Document.objects.of(government).filter(plans__isnull=False).distinct().order_by("pk"):
            paper = next((paper for paper in papers if is_of(document, paper)), None)
            if paper is not None:
                done.append(attach(document, copy, by, at, paper))
        if not done:
            raise NotAttached(_("文件里没有找到本政府任何一份文件的标题或文号。"))
    return done


def set_aside(passage: Passage, reason: str, by: Person, at: dt.datetime) -> SetAside:
    """Says that no item comes of a sentence, and why. Raises: NotAttached for the wrong role, no reason, or where an item came of it."""
    _supervisor(passage.government_id, by)
    said = reason.strip()
    if not said:
        raise NotAttached(_("请写明不立项的原因。"))
    if len(said) > REASON_LENGTH:
        raise NotAttached(_("原因最多 %(n)d 字。") % {"n": REASON_LENGTH})
    with transaction.atomic():
        if PassageLink.objects.filter(passage=passage).exists():
            raise NotAttached(_("这句话已有事项，不能再搁置。"))
        row, made = SetAside.objects.get_or_create(passage=passage, defaults={"government_id": passage.government_id, "reason": said, "by": by.user, "at": at})
        if not made:
            raise NotAttached(_("这句话已由%(name)s搁置：%(why)s") % {"name": row.by.name, "why": row.reason})
        _record(passage, by, at, "passage set aside", said)
    return row


def bring_back(passage: Passage, by: Person, at: dt.datetime) -> None:
    """Takes a sentence up again. Raises: NotAttached for the wrong role, or where it is not set aside."""
    _supervisor(passage.government_id, by)
    with transaction.atomic():
        if not SetAside.objects.filter(passage=passage).delete()[0]:
            raise NotAttached(_("这句话没有被搁置。"))
        _record(passage, by, at, "passage taken up again", "")


def join(item: Item, passage: Passage, by: Person, at: dt.datetime) -> None:
    """Says by hand which sentence an item came of; what the machine found for the item gives way.

    Raises: NotAttached for the wrong role, or a sentence of another document.
    """
    _supervisor(item.government_id, by)
    if passage.document_id != item.plan.document_id:
        raise NotAttached(_("这句话不在该事项所属的文件里。"))
    with transaction.atomic():
        PassageLink.objects.filter(item=item, by__isnull=True).delete()
        SetAside.objects.filter(passage=passage).delete()
        PassageLink.objects.update_or_create(
            item=item, passage=passage, defaults={"government_id": item.government_id, "start": 0, "length": len(passage.text), "by": by.user}
        )
        _record(passage, by, at, "passage joined", item.code)


def _supervisor(government: int, by: Person | None) -> None:
    if by is not None and (not by.has(Role.SUPERVISOR) or by.government_id != government):
        raise NotAttached(_("只有督查员可以挂接原文。"))


def _items(document: Document) -> list[tuple[Wanted, str]]:
    """What each item of the document's plans says at its first version, and its code. 2 statements."""
    terms = Terms.objects.filter(item__plan__document=document, amendment__number=0).select_related("item__plan").order_by("item__plan", "item__position")
    figures: dict[int, list[str]] = {}
    for pk, low, high in Target.objects.filter(terms__in=terms).values_list("terms_id", "value", "value_high"):
        figures.setdefault(pk, []).extend(written for v in (low, high) if (written := plain(v)) is not None)
    return [(Wanted(t.item_id, t.locator, t.name, tuple(figures.get(t.pk, ()))), f"{t.item.plan.code} {t.item.code}") for t in terms]


def _said_before(document: Document) -> tuple[dict[tuple[int, str], User], dict[str, SetAside]]:
    """What people said of the sentences that stand: (item, text) → who joined them, text → set aside."""
    links = PassageLink.objects.filter(passage__document=document, by__isnull=False).select_related("passage", "by")
    aside = SetAside.objects.filter(passage__document=document).select_related("passage")
    return {(link.item_id, link.passage.text): link.by for link in links if link.by}, {row.passage.text: row for row in aside}


def _keep(document: Document, found: Iterable[Sentence]) -> dict[int, Passage]:
    rows = [
        Passage(government_id=document.government_id, document=document, position=s.position, locator=s.locator[:400], text=s.text, promises=promises(s))
        for s in found
    ]
    return {row.position: row for row in Passage.objects.bulk_create(rows)}


def _join(
    document: Document, passages: dict[int, Passage], found: list[Sentence], matched: dict[int, Found],
    links: dict[tuple[int, str], User], aside: dict[str, SetAside],
) -> None:  # fmt: skip
    owner, by_text = document.government_id, {s.text: passages[s.position] for s in reversed(found)}
    by_hand = [(item, by_text[text], user) for (item, text), user in links.items() if text in by_text]
    rows = [PassageLink(government_id=owner, item_id=item, passage=p, length=len(p.text), by=user) for item, p, user in by_hand]
    chosen = {item for item, _p, _user in by_hand}
    rows += [
        PassageLink(government_id=owner, item_id=item, passage=passages[f.position], start=f.start, length=f.length)
        for item, f in matched.items() if item not in chosen
    ]  # fmt: skip
    PassageLink.objects.bulk_create(rows)
    taken = {row.passage_id for row in rows}
    SetAside.objects.bulk_create(
        SetAside(government_id=owner, passage=by_text[text], reason=old.reason, by_id=old.by_id, at=old.at)
        for text, old in aside.items() if text in by_text and by_text[text].pk not in taken
    )  # fmt: skip


def is_of(document: Document, paper: Sequence[str]) -> bool:
    """Whether a paper begins with this document's number or title."""
    head = "".join([line for line in map(clean, paper) if line][:HEAD_LINES]).replace(" ", "")
    bare = re.sub(r"[《》]|[（(][^）)]*[）)]$", "", document.title).replace(" ", "")
    return document.number.replace(" ", "") in head or bare in head


def _record(passage: Passage, by: Person, at: dt.datetime, verb: str, said: str) -> None:
    facts = {"document": passage.document_id, "position": passage.position, "said": said}
    audit.record(passage.government_id, actor=by.user, verb=verb, subject=f"passage:{passage.pk}", at=at, facts=facts)
