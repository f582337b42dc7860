"""The writing of offices made even: digits and letters of one width, and the places at which a sentence may be cut."""

import re
from collections.abc import Iterable, Iterator

WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05, 0xFF0B, 0xFF0D, 0xFF0E, 0xFF0F, 0xFF1C, 0xFF1E)
}
NARROW = {ord(a): b for a, b in zip("(),;:?!", "（），；：？！", strict=True)}
OPEN, CLOSE = "（《〈“‘「『【〔[", "）》〉”’」』】〕]"
THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
CHINESE = "一二三四五六七八九十百"
DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

ORDINAL = re.compile(
    rf"^\s*(?P<mark>第[{CHINESE}\d]+(?:(?:部分|章|节|条|项)[、：\s]?|[、：])|[{CHINESE}]+、|（[{CHINESE}]+）[、.]?|（\d+）|\d{{1,3}}[.．、](?=\d{{1,2}}月|20\d\d年)|\d+(?:\.\d+)+[、.．]?\s*(?=[^\d月%‰万亿个家所座公米亩吨年])|\d+[、.．）](?!\d)|\d+\s+(?=[一-鿿])|[①-⑳]|[■●◆▲△★☆·•－—-]+\s*)"
)


def even(text: str) -> str:
    """Full-width digits and letters narrow, brackets and commas wide, no thousands separators, no spaces between Chinese characters."""
    text = text.translate(WIDE).replace("\u3000", " ").replace("\xa0", " ").replace("\u200b", "")
    text = THOUSANDS.sub("", text)
    text = re.sub(r"(?<=\d)\s*(?=%|‰)", "", text).translate(NARROW)
    text = re.sub(r"(?<=[一-鿿，。；、：）])(?<![局委办院部会府区县镇乡心])[ \t]+(?=[一-鿿（\d])|(?<=\d)[ \t]+(?=[一-鿿])", "", text)
    return text.strip()


def ordinal(text: str) -> tuple[str, str]:
    """The number that a line begins with, and the rest: ("（一）", "抓项目")."""
    found = ORDINAL.match(text)
    return (found.group("mark").strip(), text[found.end() :].strip()) if found else ("", text.strip())


def rank(mark: str) -> int:
    """How deep a line with this number stands: 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）; 0 without a number."""
    if re.match(rf"第[{CHINESE}\d]+(部分|章)", mark) or re.match(rf"[{CHINESE}]+、", mark):
        return 1
    if re.match(rf"（[{CHINESE}]+）|第[{CHINESE}\d]+节", mark):
        return 2
    if re.match(r"\d", mark):
        return 3
    return 4 if mark else 0


def depths(text: str) -> list[int]:
    """Of every character, how many brackets or quotation marks it stands in."""
    depth, found = 0, []
    for c in text:
        if c in CLOSE and depth:
            depth -= 1
        found.append(depth + (c in CLOSE or c in OPEN))
        if c in OPEN:
            depth += 1
    return found


def cut(text: str, marks: str) -> Iterator[str]:
    """The parts between these marks, outside brackets and quotation marks, empty ones left out."""
    start, levels = 0, depths(text)
    for n, c in enumerate(text):
        if c in marks and not levels[n]:
            if text[start:n].strip():
                yield text[start:n].strip()
            start = n + 1
    if text[start:].strip():
        yield text[start:].strip()


def chinese_number(text: str) -> int | None:
    """十二 → 12, 两 → 2, 一百二十 → 120; None where it is no number below a thousand."""
    total, last = 0, 0
    for c in text:
        if c in DIGITS:
            last = DIGITS[c]
        elif c in "十百":
            total += (last or 1) * (10 if c == "十" else 100)
            last = 0
        else:
            return None
    return total + last if text else None


def squeeze(text: str) -> str:
    """A text without spaces and line ends: for comparing headings and names."""
    return re.sub(r"\s+", "", text)


def unique(words: Iterable[str]) -> list[str]:
    """The words in their order, each once, empty ones left out."""
    return [word for word in dict.fromkeys(words) if word]
