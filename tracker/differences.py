"""The difference of two texts, by phrases and words, so that a reader sees at once what is new."""

import difflib
import re
from dataclasses import dataclass

_PIECES = re.compile(r"\d[\d.,]*|[A-Za-z]+|[\u4e00-\u9fff]|\s+|[^\w\s]|\w")
KEPT, GONE, NEW = "kept", "gone", "new"


@dataclass(frozen=True)
class Part:
    """A stretch of text: kept in both, gone from the old, or new."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Part]:
    """The stretches of both texts in order; a number, a word and a character of Chinese are never cut."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    parts: list[Part] = []
    for verb, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if verb == "equal":
            parts.append(Part(KEPT, "".join(before[a:b])))
            continue
        if b > a:
            parts.append(Part(GONE, "".join(before[a:b])))
        if d > c:
            parts.append(Part(NEW, "".join(after[c:d])))
    return parts
