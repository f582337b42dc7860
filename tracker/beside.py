"""A light with what stands beside it: the supervisor's judgement. Beside, never instead: the light keeps word, shape and colour.

stands(row)      {% load look %}{% stands row %}      of an `ItemRow`; turned for the worse it is shown as a turn
"""

from django.utils.safestring import SafeString

from tracker.components import light, turn
from tracker.drawings import NONE
from tracker.markup import format_html
from tracker.queries.rows import ItemRow
from tracker.wording import judged


def stands(row: ItemRow, turning: bool = True) -> SafeString:
    """The light of an item and what stands beside it."""
    if not row.light:
        return beside(row)
    before = row.before if turning and row.turned else None
    drawn = turn(before, row.light, row.estimate, assumed=row.assumed) if before else light(row.light, row.estimate, assumed=row.assumed)
    words = beside(row)
    return format_html("{} {}", drawn, words) if words else drawn


def beside(row: ItemRow) -> SafeString:
    """What stands beside the light, as quiet words."""
    return format_html('<span class="judged">{}</span>', judged(row.judged)) if row.judged else NONE
