"""What is typed into a row of the editor: days, numbers and departments as offices write them, and the same back as text."""

import datetime as dt
import difflib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from people.models import Department
from plans.exporting import plain
from plans.models import Target, Terms
from plans.papers.figures import figures

FULL = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
OF_PLAN = re.compile(r"(\d{1,2})[-./月](\d{1,2})日?")
MONTH = re.compile(r"(?:(\d{4})[-./年])?(\d{1,2})月?(?:底|末|底前|末前)?")
YEAR = re.compile(r"(\d{4})年?(?:底|末|底前|末前)?")
RANGE = re.compile(r"(.+?)[~～—–至](.+)")
ALL_COUNTIES = re.compile(r"各(?:县[、(]?区\)?|县市区|县)(?:人民)?(?:政府)?")
BETWEEN_NAMES = re.compile(r"[、，,；;\n]+")
RATE_WORDS = ("增长", "增速", "增幅", "失业率", "价格", "每年", "年均", "产量", "种植面积")
SHARE_WORDS = ("率", "比重", "占比", "比例", "水平", "规模", "总数", "数量", "满意度", "间隔", "个数")


class Unread(ValueError):
    """Typed text that says nothing that a field can hold; the message says what to write."""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text or "").strip()


def read_day(text: str, start: dt.date, end: dt.date) -> dt.date | None:
    """'2022-06-30', '6-30', '6月底', '6月', '年底', '2023年': a day; without a year that of the plan's end. None where empty.

    Raises: Unread.
    """
    typed = _folded(text).replace(" ", "")
    if not typed:
        return None
    year, month, day = end.year, 12, 31
    try:
        if found := FULL.fullmatch(typed):
            return dt.date(*map(int, found.groups()))
        if found := OF_PLAN.fullmatch(typed):
            return dt.date(end.year, int(found[1]), int(found[2]))
        if typed.rstrip("前") in ("年底", "年末", "全年"):
            return dt.date(year, month, day)
        if found := YEAR.fullmatch(typed):
            return dt.date(int(found[1]), month, day)
        if (found := MONTH.fullmatch(typed)) and (found[1] or not typed.isdigit()):
            year, month = int(found[1] or end.year), int(found[2])
            return dt.date(year, month, monthrange(year, month)[1])
    except (ValueError, IndexError):
        pass
    raise Unread(_("请写成 2022-06-30、6-30 或 6月底。"))


def read_number(text: str) -> Decimal | None:
    """'1,500', '１５００', '8%' : the number. None where empty. Raises: Unread."""
    typed = _folded(text).replace(",", "").replace(" ", "").removesuffix("%").replace("−", "-")
    if not typed:
        return None
    try:
        value = Decimal(typed)
    except InvalidOperation:
        raise Unread(_("请只填数字，单位写在单位栏。")) from None
    if not value.is_finite() or (value and value.adjusted() > 11):
        raise Unread(_("数值过大。"))
    if -int(value.as_tuple().exponent) > 4:
        raise Unread(_("最多四位小数。"))
    return value


def read_range(text: str) -> tuple[Decimal | None, Decimal | None]:
    """'10~20' as both bounds; '10' as the first. Raises: Unread."""
    found = RANGE.fullmatch(_folded(text))
    return (read_number(found[1]), read_number(found[2])) if found else (read_number(text), None)


@dataclass(frozen=True)
class Amount:
    """A target as typed: its bounds, and the unit and the comparator where its words say them, else ""."""

    value: Decimal | None
    high: Decimal | None = None
    unit: str = ""
    comparator: str = ""


def read_amount(text: str) -> Amount:
    """'10', '10~20', and the words of a report: '7%左右', '150亿元', '控制在3%以内', '3—4万户'. Raises: Unread."""
    try:
        return Amount(*read_range(text), unit="%" if _folded(text).endswith("%") else "")
    except Unread:
        typed = _folded(text).replace(",", "").replace(" ", "")
        found = figures(typed)
        if len(found) != 1 or (found[0].start, found[0].end) != (0, len(typed)):
            raise
        one = found[0]
        low, high = read_number(f"{one.value:f}"), None if one.high is None else read_number(f"{one.high:f}")
        return Amount(low, high, one.unit, one.comparator if one.words or one.comparator == Target.Comparator.BETWEEN else "")


def write_range(value: Decimal | None, high: Decimal | None) -> str:
    return f"{plain(value)}~{plain(high)}" if high is not None else plain(value) or ""


class Departments:
    """Finds a department of a government by its full, short or former name, or its code. 1 statement."""

    def __init__(self, government: int) -> None:
        self.rows = list(Department.objects.of(government).order_by("position", "code"))
        self.by_id = {row.pk: row for row in self.rows}
        self.named: dict[str, Department] = {}
        for row in self.rows:
            for name in row.former:
                self.named.setdefault(_folded(name), row)
        for row in self.rows:
            self.named |= {_folded(name): row for name in (row.code, row.name_en, row.short, row.name) if name}

    def read(self, text: str) -> int | None:
        """The id of the department that a name says; None where empty. Raises: Unread with the nearest name."""
        typed = _folded(text)
        if not typed:
            return None
        found = self.named.get(typed) or self.named.get(f"市{typed}")
        if found is not None:
            return found.pk
        near = difflib.get_close_matches(typed, self.named, n=1, cutoff=0.5)
        hint = _("是否为“%(near)s”？") % {"near": self.named[near[0]].short_title} if near else ""
        raise Unread(_("没有叫“%(name)s”的部门。%(hint)s") % {"name": typed[:20], "hint": hint})

    def read_all(self, text: str) -> list[int]:
        """Several names between 、 or commas, each once; 各县区 means every county there is. Raises: Unread."""
        counties = self.counties()
        typed = ALL_COUNTIES.sub("、".join(counties), _folded(text)) if counties else text
        found = [self.read(part) for part in BETWEEN_NAMES.split(typed or "")]
        return list(dict.fromkeys(pk for pk in found if pk is not None))

    def counties(self) -> list[str]:
        """The full names of the counties that are not closed, in their order."""
        return [row.name for row in self.rows if row.kind == Department.Kind.COUNTY and row.until_on is None]

    def write(self, key: int | None) -> str:
        return self.by_id[key].short_title if key in self.by_id else ""

    def write_all(self, keys: Iterable[int]) -> str:
        return "、".join(self.write(key) for key in keys)


def likely_accrual(name: str, unit: str) -> str:
    """How values probably relate to time, by the words of the name: proposed for a new row, shown in its form."""
    if any(word in name for word in RATE_WORDS):
        return Terms.Accrual.HELD
    if unit in ("%", "‰") or any(name.endswith(word) for word in SHARE_WORDS):
        return Terms.Accrual.LEVEL
    return Terms.Accrual.CUMULATIVE


def likely_comparator(value: Decimal | None, high: Decimal | None) -> str:
    """A bare number is to be reached; two are a range."""
    if high is not None:
        return Target.Comparator.BETWEEN
    return Target.Comparator.AT_LEAST if value is not None else ""
