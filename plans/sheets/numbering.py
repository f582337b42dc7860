"""The numbers that Word prints before paragraphs and does not keep in their text: "（一）", "3.", "①"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from plans.sheets.packages import Element, attribute, child, children

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def chinese(n: int) -> str:
    """1 to 9999 in Chinese: 十二, 一百零五."""
    words, gap = "", False
    for place in reversed(range(4)):
        digit = n // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + UNITS[place]
            gap = False
        else:
            gap = True
    return words[1:] if words.startswith("一十") else words or "零"


def roman(n: int) -> str:
    """1 to 4999 in small Roman numerals."""
    words = ""
    for value, letters in ROMAN:
        words += letters * (n // value)
        n %= value
    return words


def letter(n: int) -> str:
    """a … z, aa, bb, as Word counts."""
    return chr(97 + (n - 1) % 26) * ((n - 1) // 26 + 1)


def circled(n: int) -> str:
    """① to ⑳, then plain."""
    return CIRCLED[n - 1] if 1 <= n <= len(CIRCLED) else str(n)


def wide(n: int) -> str:
    """Full-width digits."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(n))


WRITTEN: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"), chinese),
    "ideographDigital": lambda n: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(n)),
    "lowerRoman": roman,
    "upperRoman": lambda n: roman(n).upper(),
    "lowerLetter": letter,
    "upperLetter": lambda n: letter(n).upper(),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), circled),
    "decimalEnclosedParen": lambda n: f"({n})",
    "decimalEnclosedFullstop": lambda n: f"{n}.",
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), wide),
    "decimalZero": lambda n: f"{n:02d}",
    "ideographTraditional": lambda n: "甲乙丙丁戊己庚辛壬癸"[(n - 1) % 10],
    "ideographZodiac": lambda n: "子丑寅卯辰巳午未申酉戌亥"[(n - 1) % 12],
    **dict.fromkeys(("bullet", "none"), lambda n: ""),
}
MOST = 4_999  # numbers beyond are written plain


@dataclass(frozen=True)
class Level:
    """One level of a list."""

    start: int = 1
    format: str = "decimal"
    words: str = ""  # "（%1）"
    restart: int | None = None  # the level whose step starts this one anew; 0 never


def level_of(element: Element) -> tuple[int, Level]:
    """A level as the paper defines it."""

    def held(name: str) -> str | None:
        found = child(element, name)
        return None if found is None else attribute(found, "val")

    restart = held("lvlRestart")
    start = held("start") or "1"
    return int(attribute(element, "ilvl") or 0), Level(
        int(start) if start.isdigit() else 1, held("numFmt") or "decimal", held("lvlText") or "", int(restart) if restart and restart.isdigit() else None
    )


@dataclass
class Lists:
    """The lists of a paper, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # of each list that paragraphs name
    shared: dict[str, str] = field(default_factory=dict)  # the definition behind a list: lists of one definition count on
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    restarts: dict[str, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element | None) -> "Lists":
        """Read from numbering.xml; none where a paper has no lists."""
        abstract = {attribute(one, "abstractNumId"): dict(level_of(level) for level in children(one, "lvl")) for one in children(root, "abstractNum")}
        lists = cls()
        for one in children(root, "num"):
            number, kept = attribute(one, "numId") or "", child(one, "abstractNumId")
            behind = "" if kept is None else attribute(kept, "val") or ""
            levels = dict(abstract.get(behind, {}))
            for override in children(one, "lvlOverride"):
                depth = int(attribute(override, "ilvl") or 0)
                lists._override(number, levels, depth, override)
            lists.levels[number], lists.shared[number] = levels, behind
        return lists

    def _override(self, number: str, levels: dict[int, Level], depth: int, override: Element) -> None:
        own, start = child(override, "lvl"), child(override, "startOverride")
        if own is not None:
            levels[depth] = level_of(own)[1]
        if start is not None:
            first, kept = attribute(start, "val") or "1", levels.get(depth, Level())
            levels[depth] = Level(int(first) if first.isdigit() else 1, kept.format, kept.words, kept.restart)
            self.restarts.setdefault(number, set()).add(depth)

    def next(self, number: str, depth: int) -> str:
        """What is printed before the next paragraph of a list at a depth from 0; "" for bullets and unknown lists."""
        levels = self.levels.get(number)
        if not levels or depth not in levels:
            return ""
        counts = self.counts.setdefault(self.shared[number] or number, [None] * 10)
        if number not in self.begun:
            self.begun.add(number)
            for one in self.restarts.get(number, ()):
                counts[one] = None
        before = counts[depth]
        counts[depth] = levels[depth].start if before is None else before + 1
        for deeper in range(depth + 1, 10):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or 0 < restart > depth:
                counts[deeper] = None
        return (
            re.sub(r"%([1-9])", lambda found: self._written(levels, counts, int(found[1]) - 1), levels[depth].words) if levels[depth].format != "bullet" else ""
        )

    def _written(self, levels: dict[int, Level], counts: list[int | None], depth: int) -> str:
        level = levels.get(depth, Level())
        n = counts[depth] if counts[depth] is not None else level.start
        return WRITTEN.get(level.format, str)(n) if n is not None and 1 <= n <= MOST else str(n)
