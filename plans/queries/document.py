"""原文: a document's sentences in their order, what came of each, and how many of those that promise something have an item."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from people.access import Person
from people.language import in_language
from plans.models import Attachment, Document, Item, Passage, PassageLink, Plan, SetAside, Terms

OPEN, DONE, ASIDE, PLAIN = "open", "done", "aside", "plain"
SHOWN = (OPEN, DONE, ASIDE)
BETWEEN = " › "  # between the titles of a locator
AROUND = 1  # sentences before and after the one of an item


@dataclass(frozen=True)
class Link:
    """An item of a sentence: where its page is, and its name."""

    plan: str
    code: str
    name: str
    start: int
    length: int


@dataclass
class Line:
    """A sentence: `parts` are its words, marked where an item came of them."""

    pk: int
    position: int
    locator: str
    text: str
    promises: bool
    links: list[Link] = field(default_factory=list)
    reason: str = ""
    by: str = ""

    @property
    def state(self) -> str:
        if self.links:
            return DONE
        if self.reason:
            return ASIDE
        return OPEN if self.promises else PLAIN

    @property
    def parts(self) -> list[tuple[str, bool]]:
        return marked(self.text, [(link.start, link.length) for link in self.links])


@dataclass(frozen=True)
class DocumentPage:
    """`promising` of the document's sentences say something to be seen; `done` of these have an item, `aside` were set aside."""

    document: Document
    plans: list[Plan]
    attachment: Attachment | None
    groups: list[tuple[str, str, list[Line]]]  # the titles above, the nearest one, its sentences
    counts: dict[str, int]
    show: str

    @property
    def promising(self) -> int:
        return sum(self.counts[state] for state in SHOWN)


def document_page(person: Person, pk: int, show: str = "") -> DocumentPage | None:
    """None where there is no such document for this person. 6 statements."""
    document = Document.objects.visible_to(person).filter(pk=pk).first()
    plans = list(Plan.objects.visible_to(person).filter(document=pk))
    if document is None or not plans:
        return None
    lines = _lines(person, pk)
    counts = {state: sum(line.state == state for line in lines) for state in (*SHOWN, PLAIN)}
    shown = [line for line in lines if show not in SHOWN or line.state == show]
    groups = [(*_titles(locator), list(group)) for locator, group in groupby(shown, key=lambda line: line.locator)]
    return DocumentPage(
        document,
        plans,
        Attachment.objects.visible_to(person).filter(document=pk).select_related("added_by").first(),
        groups,
        counts,
        show if show in SHOWN else "",
    )


def _titles(locator: str) -> tuple[str, str]:
    above, _between, nearest = locator.rpartition(BETWEEN)
    return above, nearest


def passage_of(person: Person, pk: int) -> Passage | None:
    return Passage.objects.visible_to(person).filter(pk=pk).first()


def document_of(person: Person, pk: int) -> Document | None:
    return Document.objects.visible_to(person).filter(pk=pk).first()


def around(person: Person, item: Item) -> list[Line]:
    """The sentences of an item, each after the one before it and followed by the next, for the page of the item; [] without a text. 2 statements."""
    links = list(PassageLink.objects.visible_to(person).filter(item=item).select_related("passage"))
    if not links:
        return []
    near = {n: link for link in links for n in range(link.passage.position - AROUND, link.passage.position + AROUND + 1)}
    own = {link.passage.position: link for link in links}
    rows = Passage.objects.visible_to(person).filter(document=links[0].passage.document_id, position__in=near).order_by("position")
    return [
        Line(p.pk, p.position, p.locator, p.text, p.promises, [Link("", "", "", own[p.position].start, own[p.position].length)] if p.position in own else [])
        for p in rows if p.position in own or p.locator == near[p.position].passage.locator
    ]  # fmt: skip


def marked(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text cut where spans begin and end: (words, whether they are marked). Overlapping spans are one."""
    edges: list[tuple[str, bool]] = []
    at = 0
    for start, end in _merged(spans, len(text)):
        if start > at:
            edges.append((text[at:start], False))
        edges.append((text[start:end], True))
        at = end
    return edges + ([(text[at:], False)] if at < len(text) else [])


def _merged(spans: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    held: tuple[int, int] | None = None
    for start, end in sorted((max(0, a), min(length, a + n)) for a, n in spans):
        if held and start <= held[1]:
            held = held[0], max(held[1], end)
        else:
            if held:
                yield held
            held = start, end
    if held and held[1] > held[0]:
        yield held


def _lines(person: Person, document: int) -> list[Line]:
    """3 statements."""
    rows = Passage.objects.visible_to(person).filter(document=document).values_list("pk", "position", "locator", "text", "promises")
    lines = {row[0]: Line(*row) for row in rows}
    names: dict[int, tuple[str, str]] = {}
    columns: tuple[Any, ...] = ("item", "name", "name_en")
    for item, name, name_en in Terms.objects.visible_to(person).filter(item__plan__document=document).order_by("amendment__number").values_list(*columns):
        names[item] = name, name_en
    for link in PassageLink.objects.visible_to(person).filter(passage__document=document).select_related("item__plan").order_by("start", "item__position"):
        if link.item_id in names:
            lines[link.passage_id].links.append(Link(link.item.plan.code, link.item.code, in_language(*names[link.item_id]), link.start, link.length))
    for aside in SetAside.objects.visible_to(person).filter(passage__document=document).select_related("by"):
        lines[aside.passage_id].reason, lines[aside.passage_id].by = aside.reason, aside.by.name
    return sorted(lines.values(), key=lambda line: line.position)
