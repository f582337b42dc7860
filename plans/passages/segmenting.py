"""Lines of a paper → its sentences, each with the headings above it.

Papers come as a text extract (a paragraph broken over lines), as paragraphs of a docx, or as lines of a pdf. A line is joined
to the one before where that one breaks off in mid-sentence; headings and rows of a table stand alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

SHORTEST_FULL_LINE = 14  # a shorter line that ends nowhere is a heading, or a row of a table
SHORTEST_WRAPPED = 20  # a heading as long as this may go on in the next line
TITLE_LINES = 16  # blank ones among them
LEAD_LENGTH = 24  # a paragraph may begin with its own title: 突出抓好项目建设。
DIGITS = "一二三四五六七八九十百零"
HEADINGS = (  # outermost first: what a heading begins with
    re.compile(rf"第[{DIGITS}\d]+[章篇编部]"),
    re.compile(rf"第[{DIGITS}\d]+节"),
    re.compile(rf"[{DIGITS}]+、"),
    re.compile(rf"[（(][{DIGITS}]+[）)]"),
    re.compile(r"专栏\d+"),
    re.compile(r"\d+[.．、](?!\d)"),
)
LEAD = len(HEADINGS)
_ENDS = re.compile(r"[。！？：；:;][”’）)》]*$")
_ROW = re.compile(r"(?:^|[ ）)])(?:累计 ?)?[-—–≥≤]?\d[\d.,]*(?:[%‰]|[一-龥]{1,3})?(?: (?:累计 ?)?[-—–]?[\d.,]*(?:[%‰]|[一-龥]{1,3})?)*$")
_SENTENCE = re.compile(r"[^。！？；;]*[。！？；;]+[”’）)》]*|[^。！？；;]+$")
_NUMBER = re.compile(r"^[一-龥]{1,8}[〔\[(（]\d{4}[〕\])）]第?\d+号$")
_CJK = r"[一-龥（）()“”‘’《》、，。；：]"
_GAP = re.compile(rf"(?<={_CJK}) +(?=[\d{_CJK[1:-1]}])|(?<=[\d%‰]) +(?={_CJK})")


@dataclass(frozen=True)
class Sentence:
    """One sentence as it is printed, with the titles above it from the outermost, and its place among all."""

    position: int
    trail: tuple[str, ...]
    text: str

    @property
    def locator(self) -> str:
        """第二章 › 第四节 › 规模效益明显提升"""
        return " › ".join(self.trail)


def clean(line: str) -> str:
    """A line without blanks that the printer put between Chinese signs and figures."""
    narrow = unicodedata.normalize("NFC", line).replace("\u3000", " ").replace("\xa0", " ").replace("\f", " ").strip()
    single = re.sub(r" {2,}", " ", narrow)
    return single if _is_row(single) else _GAP.sub("", single)


def paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Whole paragraphs and headings, in order."""
    held = ""
    for line in map(clean, lines):
        if not line:
            continue
        if held and (_is_whole(held) or level(line) is not None or _is_row(line) or _NUMBER.match(line)):
            yield held
            held = ""
        held += line
    if held:
        yield held


def sentences(lines: Iterable[str]) -> list[Sentence]:
    """The sentences of a paper. Headings are no sentences of their own: they stand in the trail of what is below them."""
    found: list[Sentence] = []
    trail: dict[int, str] = {}
    for paragraph in paragraphs(lines):
        at = level(paragraph)
        rest = paragraph
        if at is not None:
            title, rest = _title(paragraph)
            trail = {k: v for k, v in trail.items() if k < at} | ({at: title} if title else {})
        trail.pop(LEAD, None)
        if rest == paragraph:
            lead, rest = _lead(rest)
            trail |= {LEAD: lead} if lead else {}
        for text in _SENTENCE.findall(rest):
            if text.strip():
                found.append(Sentence(len(found) + 1, tuple(trail[k] for k in sorted(trail)), text.strip()))
    return found


def level(line: str) -> int | None:
    """How deep a heading is, 0 outermost; None for what is none."""
    return next((n for n, pattern in enumerate(HEADINGS) if pattern.match(line)), None)


def split_papers(lines: list[str]) -> list[list[str]]:
    """The papers of a collection, each from a little before the line that is its number (驻政〔2022〕22号); all of it where there is none."""
    starts = [_first_of_title(lines, n) for n, line in enumerate(lines) if _NUMBER.match(clean(line))]
    edges = sorted({0, *starts, len(lines)})
    return [lines[a:b] for a, b in pairwise(edges) if b > a]


def _first_of_title(lines: list[str], number: int) -> int:
    """Where the title above a paper's number begins: after the last line that ended a sentence."""
    first = number
    for n in range(number - 1, max(-1, number - 1 - TITLE_LINES), -1):
        if _ENDS.search(clean(lines[n])):
            break
        first = n
    return first


def _is_whole(held: str) -> bool:
    """Whether nothing can follow in the same paragraph."""
    if _ENDS.search(held) or _is_row(held) or _NUMBER.match(held):
        return True
    if level(held) in (0, 1):
        return not held.endswith(("，", "、"))
    if level(held) is not None and len(held) < SHORTEST_WRAPPED:
        return not re.search(r"[，；：。]", held)
    return len(held) < SHORTEST_FULL_LINE and not held.endswith(("，", "、", ","))


def _is_row(line: str) -> bool:
    return bool(_ROW.search(line)) and not re.search(r"[。；，]", line)


def _title(paragraph: str) -> tuple[str, str]:
    """A heading, and what follows it in its own line: 1.规模效益稳步提升。近年来……"""
    head, stop, rest = paragraph.partition("。")
    if stop and len(head) <= LEAD_LENGTH + 4:
        return head, rest
    return ("", paragraph) if stop else (paragraph, "")


def _lead(text: str) -> tuple[str, str]:
    """A paragraph's own title, where it has one: ——规模效益明显提升。 or 突出抓好项目建设。"""
    head, stop, rest = text.partition("。")
    named = head.lstrip("—-– ")
    if stop and rest and len(named) <= LEAD_LENGTH and not re.search(r"[，；：\d]", named):
        return named, rest
    return "", text
