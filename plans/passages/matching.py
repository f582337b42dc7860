"""An item's facts and a paper's sentences → the sentence that promises it, and the words in it to be marked.

Two things are weighed: where the item says it stands (its locator against the titles above the sentence) and what it says
(its figure, and the signs that its name shares with a clause). Below `ENOUGH` no sentence is named: nothing is guessed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from plans.passages.segmenting import DIGITS, Sentence

ENOUGH = Decimal("0.45")
FIGURE, MORE = Decimal("0.4"), Decimal("0.25")  # what a figure in the clause is worth; what a neighbour must add
COMMON = 3  # a pair of signs that stands in as many sentences more weighs half
_TOKENS = re.compile(
    rf"第[{DIGITS}\d]+[章节篇编部]|专栏 ?\d+|[（(][{DIGITS}]+[）)]|\d+[.．、](?!\d)|[{DIGITS}]+(?=[（(、·\s]|$|[一-龥]*表)|[一-龥“”‘’A-Za-z0-9]{{2,}}"
)
_CLAUSE = re.compile(r"[^，,、；;：:。！？]+")
_SIGNS = re.compile(r"[一-龥A-Za-z0-9]")
_STOP = frozenset("的了和与及等在为到将对其中从以")


@dataclass(frozen=True)
class Wanted:
    """What an item says: its key, its locator, its name, the figures of its targets in plain notation, and its words."""

    key: int
    locator: str
    name: str
    figures: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Found:
    """The sentence of an item by its position; `start` and `length` mark the words in it."""

    key: int
    position: int
    start: int
    length: int
    score: Decimal


def find(wanted: Iterable[Wanted], sentences: list[Sentence]) -> dict[int, Found]:
    """The sentence of each item, by the item's key; an item whose sentence is not there is left out."""
    prepared = [(s, _squeezed(" ".join(s.trail)), _pairs(s.text)) for s in sentences]
    often = Counter(pair for _s, _trail, there in prepared for pair in there)
    found = {}
    for each in wanted:
        tokens, pairs = tokens_of(each.locator), _pairs(each.name)
        weights = {pair: 1 / Decimal(COMMON + often[pair]) for pair in pairs}
        best: Found | None = None
        for sentence, trail, there in prepared:
            share = _share(weights, there)
            if not share and not any(_holds(sentence.text, figure) for figure in each.figures):
                continue
            score = _score(each, tokens, share, sentence, trail)
            if score >= ENOUGH and (best is None or score > best.score):
                best = Found(each.key, sentence.position, *_mark(each, pairs, sentence.text), score)
        if best:
            found[each.key] = best
    return found


def tokens_of(locator: str) -> list[str]:
    """三（一）突出抓好项目建设 → [三、, （一）, 突出抓好项目建设]"""
    tokens = [t.replace(" ", "") for t in _TOKENS.findall(locator)]
    return [t + "、" if re.fullmatch(rf"[{DIGITS}]+", t) else t for t in tokens if not re.fullmatch(r"第\d+行", t)]


def _score(each: Wanted, tokens: list[str], share: Decimal, sentence: Sentence, trail: str) -> Decimal:
    """0 to about 1.3: half what it says, three tenths its figure, half where it stands."""
    weights = {t: 2 if t.startswith(("第", "专栏")) else 1 for t in tokens}
    place = Decimal(sum(w for t, w in weights.items() if t in trail)) / sum(weights.values()) if tokens else Decimal(0)
    figure = Decimal(sum(_holds(sentence.text, f) for f in each.figures)) / len(each.figures) if each.figures else share
    return share / 2 + figure * Decimal("0.3") + place / 2


def _mark(each: Wanted, pairs: Collection[str], text: str) -> tuple[int, int]:
    """The clause that says it best, widened by a neighbour that says a good part more. Signs that many clauses share weigh less."""
    clauses = [(m.start(), m.end()) for m in _CLAUSE.finditer(text)]
    if not clauses:
        return 0, len(text)
    there = [_pairs(text[a:b]) for a, b in clauses]
    weights = _rare(pairs, there)
    weighed = [_share(weights, p) + (FIGURE if any(_holds(text[a:b], f) for f in each.figures) else 0) for p, (a, b) in zip(there, clauses, strict=True)]
    top = max(range(len(clauses)), key=lambda n: (weighed[n], -n))
    first = last = top
    for near in (top - 1, top + 1):
        if 0 <= near < len(clauses) and _share(weights, there[top] | there[near]) - _share(weights, there[top]) >= MORE:
            first, last = min(first, near), max(last, near)
    return clauses[first][0], clauses[last][1] - clauses[first][0]


def _holds(text: str, figure: str) -> bool:
    """Whether a figure stands in a text by itself: 15 is not in 150 or 1.5."""
    return bool(re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d]|\.\d)", text))


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring signs of a text, without punctuation."""
    signs = [s for s in _SIGNS.findall(text) if s not in _STOP]
    return frozenset(a + b for a, b in pairwise(signs))


def _rare(pairs: Iterable[str], there: Iterable[Collection[str]]) -> dict[str, Decimal]:
    """What each pair weighs: the less the more texts have it."""
    often = Counter(pair for each in there for pair in each)
    return {pair: 1 / Decimal(1 + often[pair]) for pair in pairs}


def _share(weights: Mapping[str, Decimal], there: Collection[str]) -> Decimal:
    """The part of the weight that a text has, 0 to 1."""
    total = sum(weights.values())
    return sum((w for pair, w in weights.items() if pair in there), Decimal(0)) / total if total else Decimal(0)


def _squeezed(text: str) -> str:
    return text.replace(" ", "").replace("(", "（").replace(")", "）")
