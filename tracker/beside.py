"""A light with what stands beside it: the supervisor's judgement, and 异议中 while an objection is open. Beside, never instead: the light
keeps word, shape and colour.

stands(row)      {% load look %}{% stands row %}      of an `ItemRow`; turned for the worse it is shown as a turn

The light itself is the link to the page that explains it.
"""

from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.components import tag, turn
from tracker.drawings import NONE
from tracker.markup import format_html, format_html_join
from tracker.queries.rows import ItemRow
from tracker.wording import judged


def stands(row: ItemRow, turning: bool = True, asked: str = "") -> SafeString:
    """The light of an item and what stands beside it. `asked`: the closing that it is of, as `Look.asked` has it."""
    if not row.light:
        return beside(row)
    before = row.before if turning and row.turned else None
    why = f"{_items()}{row.plan}/{quote(row.code)}/why/{asked}"
    drawn = turn(before, row.light, row.estimate, assumed=row.assumed, href=why)
    words = beside(row)
    return format_html("{} {}", drawn, words) if words else drawn


@lru_cache(maxsize=1)
def _items() -> str:
    """The list's address, with which every item's begins; reversed once."""
    return reverse("items")


def beside(row: ItemRow) -> SafeString:
    """What stands beside the light, as quiet words."""
    return words_of(row.judged, row.disputed, row.uncheckable)


def words_of(grade: str, disputed: bool, uncheckable: bool = False) -> SafeString:
    """The same by the grade ('' for none), whether an objection is open, and whether a 验收标准 is missing that is asked."""
    words = [tag(_("异议中"))] if disputed else []
    words += [format_html('<span class="judged">{}</span>', judged(grade))] if grade else []
    words += [format_html('<span class="judged">{}</span>', _("尚不可核验"))] if uncheckable else []
    return format_html_join(" ", "{}", ((each,) for each in words)) if words else NONE
