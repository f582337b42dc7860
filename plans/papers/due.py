"""By when: limits in the wording of a promise and in a column of their own."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from plans.papers.words import DIGITS

YEAR = r"(?:(?P<year>20\d\d)年|(?P<this>今年|本年|当年|年内)(?:的)?)?"
BEFORE = r"(?:之?以?前|之内|内)?"
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("day", re.compile(rf"{YEAR}(?P<month>1[0-2]|0?[1-9])月(?P<day>[0-3]?\d)日{BEFORE}")),
    ("iso", re.compile(r"(?P<year>20\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>[0-3]?\d)(?!\d)")),
    ("month", re.compile(rf"{YEAR}(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?P<part>底|末|份|初|上旬|中旬|下旬)?{BEFORE}")),
    ("quarter", re.compile(rf"{YEAR}第?(?P<quarter>[一二三四1-4])季度(?:底|末)?{BEFORE}")),
    ("half", re.compile(rf"{YEAR}(?P<half>上半年|下半年){BEFORE}")),
    ("year", re.compile(r"(?:到|至|截至)?(?P<year>20\d\d)年(?P<end>年?底|年?末|底|末)?(?:之?以?前)?")),
    ("end", re.compile(r"(?:今年|本年)?年(?:底|末)(?:之?以?前)?|年度内|年内|今年内?|本年度|全年")),
)
FEASTS = {
    "元旦": (12, 31),
    "五一": (4, 30),
    "国庆": (9, 30),
    "七一": (6, 30),
    "十一": (9, 30),
    "汛期": (5, 31),
    "入汛": (5, 31),
    "供暖": (11, 14),
    "采暖": (11, 14),
}
FEAST = re.compile(rf"(?P<feast>{'|'.join(FEASTS)})(?:节|季|期)?前")
LASTING = re.compile(r"^(?:长期|持续|常年|常态化|全年|每年|每月|每季度|滚动)(?:坚持|推进|实施|开展)?$")
SERIAL = re.compile(r"4[0-9]{4}")


LONGEST = 200  # characters of a cell of limits


@dataclass(frozen=True)
class Due:
    """A limit as written. `sure` is False where the words allow more than one day; `start`, `end` are its place in the text."""

    on: dt.date
    words: str
    start: int
    end: int
    sure: bool = True
    backward: bool = False  # names a year that is over: a comparison, not a limit


class NoDay(ValueError):
    """The words look like a day and are none; the message is what stands there."""


def last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def limits(text: str, first: dt.date, last: dt.date) -> list[Due]:
    """Every limit in a wording, in order; a year that the words do not say is that of the plan's last day. Raises: NoDay for 2月30日."""
    found: list[Due] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found) and not _comparing(kind, match, text):
                found.append(_due(kind, match, first, last))
    found += [_feast(match, last) for match in FEAST.finditer(text)]
    return sorted(found, key=lambda one: one.start)


def _comparing(kind: str, match: re.Match[str], text: str) -> bool:
    """A month in '1—6月' and a year in '较2020年' are still numbers of no promise: `spans` masks them, `limits` skips them."""
    return kind == "year" and bool(re.search(r"(?:较|比|与|以|自|从|在|超|超过|相比)$", text[: match.start()])) and not match.group("end")


def _feast(match: re.Match[str], last: dt.date) -> Due:
    month, day = FEASTS[match.group("feast")]
    return Due(dt.date(last.year, month, day), match.group(), match.start(), match.end(), sure=False)


def _due(kind: str, match: re.Match[str], first: dt.date, last: dt.date) -> Due:
    given = match.groupdict()
    year = int(given.get("year") or last.year)
    sure, on = True, last
    if kind in ("day", "iso"):
        try:
            on = dt.date(year, int(given["month"]), int(given["day"]))
        except ValueError:
            raise NoDay(match.group()) from None
    elif kind == "month":
        on, sure = _month(year, given["month"], given["part"], match.group())
    elif kind == "quarter":
        on = last_day(year, 3 * QUARTERS[given["quarter"]])
    elif kind == "half":
        on = last_day(year, 6 if given["half"] == "上半年" else 12)
    elif kind == "year":
        on, sure = last_day(year, 12), not re.search(r"年(?:之?以?前)$", match.group())
    elif kind == "end":
        on = last_day(last.year, 12) if first.year == last.year else last
    return Due(on, match.group(), match.start(), match.end(), sure, backward=kind == "year" and on < first)


def _month(year: int, words: str, part: str | None, whole: str) -> tuple[dt.date, bool]:
    month = int(words) if words.isdigit() else _chinese_month(words)
    days = {"初": 5, "上旬": 10, "中旬": 20}
    if part in days:
        return dt.date(year, month, days[part]), part == "上旬" or part == "中旬"
    return last_day(year, month), bool(part) or not whole.endswith("前")  # 6月前: by May or by the end of June


def _chinese_month(words: str) -> int:
    return (10 if words[0] == "十" else 0) + (DIGITS.get(words[-1], 0) if words[-1] != "十" else 0)


def in_cell(text: str, value: object, first: dt.date, last: dt.date) -> Due | None:
    """The limit that a cell of its own gives; None where it is empty. The last of several counts. Raises: NoDay where it cannot be read."""
    if isinstance(value, dt.date):
        return Due(value, text, 0, len(text))
    if not text:
        return None
    if len(text) > LONGEST:
        raise NoDay(text[:LONGEST])
    if LASTING.match(text):
        return Due(last, text, 0, len(text), sure=False)
    if SERIAL.fullmatch(text):
        return Due(dt.date(1899, 12, 30) + dt.timedelta(int(text)), text, 0, len(text), sure=False)
    if bare := re.fullmatch(r"(20\d\d)[-/.年]?(1[0-2]|0?[1-9])月?", text):
        return Due(last_day(int(bare.group(1)), int(bare.group(2))), text, 0, len(text))
    if re.fullmatch(r"20\d\d", text):
        return Due(last_day(int(text), 12), text, 0, len(text))
    found = limits(text, first, last)
    if not found:
        raise NoDay(text)
    return max(found, key=lambda one: one.on) if len(found) > 1 else found[0]


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words speak of time: digits there are no figures."""
    more = re.compile(r"20\d\d(?:[—–\-~至到]20\d\d)?年(?:度|底|末)?|20\d\d[—–\-~]20\d\d|\d{1,2}[—–\-~至到]\d{1,2}月|\d{1,2}月(?:\d{1,2}日)?(?:底|末|份|初)?")
    return [match.span() for pattern in (*(p for _kind, p in PATTERNS), more, FEAST) for match in pattern.finditer(text)]
