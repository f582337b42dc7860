"""The cells of the overview's lists in words: an item's name with what is late, how it stood before, why it lags."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from tracker import formats
from tracker.beside import beside
from tracker.components import overdue_flag, ruler
from tracker.markup import format_html
from tracker.models.standings import Light
from tracker.queries.overview import Lagging
from tracker.queries.rows import ItemRow
from tracker.views.items import item_url

LONGEST = 60


def named(row: ItemRow, sub: str, flag: bool = True) -> SafeString:
    """The name as a link. `flag`: where the row draws no light, the flag and what stands beside the light stand with the name."""
    late = format_html(" {}", overdue_flag(row.overdue)) if row.overdue and flag else ""
    words = format_html(" {}", found) if flag and (found := beside(row)) else ""
    return format_html('<a class="name" href="{}">{}</a>{}{}<span class="sub">{}</span>', item_url(row.plan, row.code), row.name, late, words, sub)


def path(row: ItemRow) -> Any:
    """A ruler; of a held item the value and its target."""
    if not row.held and row.attainment is not None:
        return ruler(row.attainment, row.expected, row.light)
    if not row.value:
        return ""
    return format_html('<span class="small">{}</span>', _t("%(value)s，目标 %(target)s") % {"value": f"{row.value}{row.unit}", "target": row.target})


def before(row: ItemRow) -> str:
    return _t("上期%(light)s") % {"light": Light(row.before).label} if row.before else _t("上期未列")


def said(*parts: str) -> str:
    return "　".join(part for part in parts if part)


def late(one: Lagging) -> str:
    """What is late: a report, and which value stands in for it; or a step, and when it was due."""
    if one.unreported:
        return _t("未报，按 %(day)s 的值延用") % {"day": formats.day(one.carried)} if one.carried else _t("未报，尚无核定值")
    if one.step:
        return _t("“%(step)s”应于 %(day)s 完成") % {"step": one.step[0], "day": formats.day(one.step[1])}
    return ""


def why(one: Lagging) -> str:
    """The problem that was reported, in its first words; else what is late."""
    words = one.why.strip().partition("\n")[0]
    return (words if len(words) <= LONGEST else f"{words[:LONGEST]}…") if words else late(one)
