"""Every component's HTML, in one place; `{% load look %}` offers the same names as tags and filters.

    light("red")  light("yellow", estimate=True)  turn("yellow", "red")  overdue_flag(5)  overdue_flag("unreported")
    ruler(A, E, "red")  spread({"red": 9, "green": 55})  band(-12, 0, -10, label="三季度", marks=[("二季度", -5)])
    number(2360, "万元")  figure(1260, "个", big=True)  delta(4, "down")  gap_text(-12, "share", "red")  gap_figure(-12, "red")
    tally([TallyCell(light("red"), 9, "/items/?light=red", delta(4, "down"))])  empty("本期没有滞后事项", "已核对 100 项")

All are pure: figures, words and URLs in, a SafeString out, made by format_html alone. A light is a value of
`tracker.models.Light`; `None` for a figure gives "". Words are in the page's language. A held item gets no ruler.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.forms import BoundField, Textarea
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import formats
from tracker.drawings import CLASSES, NONE, band, ruler, spread
from tracker.formats import Figure
from tracker.markup import escaped, format_html, format_html_join
from tracker.models.standings import Light

__all__ = [
    "TallyCell", "avatar", "band", "coloured", "count", "delta", "department", "empty", "exports", "field", "figure", "gap_figure", "gap_text", "light", "link", "notice",
    "number", "overdue_flag", "pager", "ruler", "ruler_cell", "spread", "tag", "tally", "turn",
]  # fmt: skip
COLOURED_TEXT = ("red", "yellow")
UP = SafeString('<svg viewBox="0 0 10 12" aria-hidden="true"><path d="M5 11V1M1 5l4-4 4 4"/></svg>')
DOWN = SafeString('<svg viewBox="0 0 10 12" aria-hidden="true"><path d="M5 1v10M1 7l4 4 4-4"/></svg>')


# lights ---------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _light(light: str, word: str, flags: tuple[str, ...]) -> SafeString:
    classes = " ".join(["light", f"light--{CLASSES[light]}", *(f"light--{flag}" for flag in flags)])
    return format_html('<span class="{}">{}</span>', classes, word)


def light(
    light: str, estimate: bool = False, plain: bool = False, big: bool = False, word: str = "", assumed: bool = False, href: str = ""
) -> SafeString:  # fmt: skip
    """The light's word, shape and colour. `estimate`: drawn hollow-edged, the value is a 预计. `word` says more than its name (转为滞后).
    `assumed`: it stands on a path that was reckoned month by month and that nobody approved; a quiet word behind it says so.
    `href`: the page that explains it, to which the light itself is the link."""
    if not light:
        return NONE
    flags = tuple(name for name, on in (("estimate", estimate), ("plain", plain), ("big", big)) if on)
    drawn = _light(light, word or str(Light(light).label), flags)
    if href:  # the same piece with another tag: every row of every list has one
        drawn = SafeString(f'<a href="{escaped(href)}"{drawn[5:-7]}</a>')
    return format_html('{} <span class="assumed">{}</span>', drawn, _("按推算")) if assumed else drawn


def turn(old: str | None, new: str, estimate: bool = False, assumed: bool = False, href: str = "", was: str = "") -> SafeString:
    """偏慢 → 滞后; one light where nothing turned. `href`, `was`: the pages that explain the new one and the old one."""
    now = light(new, estimate, assumed=assumed, href=href)
    return now if not old or old == new else format_html('<span class="turn">{}<i aria-label="{}">→</i>{}</span>', light(old, href=was), _("变为"), now)


def overdue_flag(days: int | str | None) -> SafeString:
    """逾期 5 天, or 逾期未报 for "unreported"; nothing for 0."""
    if not days:
        return NONE
    words = _("逾期未报") if days == "unreported" else ngettext("逾期 %(n)d 天", "逾期 %(n)d 天", int(days)) % {"n": int(days)}
    return format_html('<span class="overdue">{}</span>', words)


def tag(words: str, new: bool = False) -> SafeString:
    """A word in a thin frame: 约束性, 牵头; `new` in ink."""
    return format_html('<span class="tag{}">{}</span>', " tag--new" if new else "", words)


def avatar(name: str) -> SafeString:
    """The first character of a name in a ring; the name itself stands beside it."""
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', name[:1])


def department(name: str, short: str = "") -> SafeString:
    """The full name, on narrow screens the short one."""
    if not short or short == name:
        return format_html("{}", name)
    return format_html('<span class="hide-narrow">{}</span><span class="only-narrow">{}</span>', name, short)


# figures --------------------------------------------------------------------------------------------------------------


def number(value: Figure, unit: str = "", places: int | None = None) -> SafeString:
    """2360 with its unit small behind it."""
    digits = formats.number(value, places)
    return format_html('{}<span class="unit">{}</span>', digits, unit) if digits and unit else format_html("{}", digits)


def figure(value: Figure, unit: str = "", big: bool = False, href: str = "") -> SafeString:
    """A figure in display size, a link where there is a list behind it."""
    classes = "figure figure--big" if big else "figure"
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', classes, href, number(value, unit))
    return format_html('<span class="{}">{}</span>', classes, number(value, unit))


def count(n: int | None, href: str = "") -> SafeString:
    """A count that opens the list behind it; none is a dash."""
    if not n:
        return format_html('<span class="quiet">{}</span>', formats.NOTHING)
    return format_html('<a href="{}">{}</a>', href, n) if href else format_html("{}", n)


def delta(n: Figure, good: str | None = None, unit: str = "", places: int | None = None) -> SafeString:
    """Change against a named period. `good`: "up" or "down" is the good direction and colours it; None stays ink."""
    change = formats.exact(n)
    if change is None:
        return NONE
    if not change:
        return format_html('<span class="delta">{}</span>', _("持平"))
    up = change > 0
    judged = "" if good is None else " delta--better" if up == (good == "up") else " delta--worse"
    arrow, word = (UP, _("增")) if up else (DOWN, _("减"))
    return format_html('<span class="delta{}">{}<span class="sr-only">{}</span>{}</span>', judged, arrow, word, number(abs(change), unit, places))


def gap_text(gap: Figure, gap_in: str = "share", light: str = "", better: str = "up") -> SafeString:
    """欠 12.0 百分点, in the colour of a red or yellow light."""
    words, digits = formats.gap_pattern(gap, gap_in, better)
    if not words:
        return NONE
    unit = format_html('<span class="unit">{}</span>', formats.gap_unit(gap_in))
    said = format_html(words, digits=digits, unit=unit) if digits else format_html("{}", words)
    return coloured(said, light)


def gap_figure(gap: Figure, light: str = "") -> SafeString:
    """−12.0 for a table cell, in the colour of a red or yellow light."""
    return coloured(formats.signed(gap), light)


def coloured(words: str | SafeString, light: str) -> SafeString:
    """Words in the colour of a red or yellow light; all others are ink."""
    return format_html('<span class="text-{}">{}</span>', light, words) if light in COLOURED_TEXT and words else format_html("{}", words)


# drawings in cells ---------------------------------------------------------------------------------------------------


def ruler_cell(attainment: Figure, expected: Figure, light: str, gap: Figure) -> SafeString:
    """A ruler with its gap behind it, for the cell of a table."""
    return format_html('<div class="ruler-cell">{}<b class="num">{}</b></div>', ruler(attainment, expected, light), gap_figure(gap, light))


# the counts at the head of a page --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TallyCell:
    """One cell of a tally: its head (a light or a flag), the figure, the list behind it, a note under it (a delta, a word)."""

    head: SafeString
    n: int
    href: str = ""
    note: str | SafeString = ""


def tally(cells: Iterable[TallyCell], against: str = "") -> SafeString:
    """The counts at the head of a page; at most seven. `against` ("较二季度") is said before a note that is a delta."""
    before = format_html('<span class="hide-narrow">{} </span>', against) if against else NONE
    return format_html(
        '<div class="tally">{}</div>',
        format_html_join(
            "",
            "<div>{}{}<p>{}{}</p></div>",
            ((cell.head, figure(cell.n, href=cell.href), before if 'class="delta' in cell.note else NONE, cell.note) for cell in cells),
        ),
    )


# states ---------------------------------------------------------------------------------------------------------------


def link(words: str, href: str, classes: str = "") -> SafeString:
    """A link; `classes` such as "button button--small"."""
    return format_html('<a class="{}" href="{}">{}</a>', classes, href, words) if classes else format_html('<a href="{}">{}</a>', href, words)


def empty(finding: str, checked: str = "", action: str | SafeString = "") -> SafeString:
    """An empty list says what was found, what was checked and the next step."""
    return format_html('<div class="empty"><b>{}</b>{}{}</div>', finding, checked, action)


def notice(strong: str, words: str = "", red: bool = False, action: str | SafeString = "") -> SafeString:
    """What happened, what is safe, what to do. `red`: an error, announced at once."""
    role = "alert" if red else "status"
    return format_html('<div class="notice{}" role="{}"><b>{}</b>{}{}</div>', " notice--red" if red else "", role, strong, words, action)


# lists and forms ------------------------------------------------------------------------------------------------------


def pager(page: int, pages: int, first: int, last: int, total: int, url: Callable[[int], str]) -> SafeString:
    """Pages as links, with the first, the last and those around; `url` gives a page's address. "" for one page."""
    if pages < 2:
        return NONE
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    parts, before = [], 0
    for n in near:
        if n > before + 1:
            parts.append(SafeString('<span aria-hidden="true">…</span>'))
        parts.append(format_html('<span aria-current="page">{}</span>', n) if n == page else link(str(n), url(n)))
        before = n
    if page > 1:
        parts.insert(0, format_html('<a href="{}" rel="prev">{}</a>', url(page - 1), _("上一页")))
    if page < pages:
        parts.append(format_html('<a href="{}" rel="next">{}</a>', url(page + 1), _("下一页")))
    words = _("第 %(first)d 至 %(last)d 项，共 %(total)d 项") % {"first": first, "last": last, "total": total}
    inside = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<nav class="pager" aria-label="{}">{}<p class="hint">{}</p></nav>', _("分页"), inside, words)


def exports(address: Callable[[str], str]) -> SafeString:
    """The list as a file, a quiet word in its head; `address` gives that of a kind."""
    links = format_html_join(" ", '<a href="{}" download>{}</a>', ((address(kind), word) for kind, word in (("xlsx", "Excel"), ("csv", "CSV"))))
    return format_html('<p class="exports">{} {}</p>', _("导出"), links)


def field(bound: BoundField, unit: str = "", hint: str = "") -> SafeString:
    """A form's field: label above (beside a checkbox), hint, error between label and input, unit behind; tied together for screen readers."""
    name, help_text, widget = bound.auto_id, hint or bound.help_text, bound.field.widget
    attrs: dict[str, str | bool] = {"class": " ".join(["input", *(["input--num"] if unit else []), *widget.attrs.get("class", "").split()])}
    if bound.widget_type in ("checkbox", "radioselect", "checkboxselectmultiple"):
        attrs = {"class": "check"}
    if isinstance(widget, Textarea) and widget.attrs.get("rows") == "10":
        attrs["rows"] = "3"
    ids = [f"{name}-hint"] * bool(help_text) + [f"{name}-error"] * bool(bound.errors)
    attrs |= {"aria-describedby": " ".join(ids)} if ids else {}
    attrs |= {"aria-invalid": "true"} if bound.errors else {}
    drawn = bound.as_widget(attrs=attrs)
    said = format_html(
        "{}{}",
        format_html('<span class="hint" id="{}-hint">{}</span>', name, help_text) if help_text else NONE,
        format_html('<p class="error" id="{}-error">{}</p>', name, " ".join(map(str, bound.errors))) if bound.errors else NONE,
    )
    css = "field field--error" if bound.errors else "field"
    if bound.widget_type == "checkbox":
        return format_html('<div class="{}">{}<label class="check-line" for="{}">{}{}</label></div>', css, said, bound.id_for_label, drawn, bound.label)
    if widget.use_fieldset:
        return format_html('<fieldset class="{}"><legend>{}</legend>{}{}</fieldset>', css, bound.label, said, drawn)
    if unit:
        drawn = format_html('<span class="with-unit">{}<span class="unit">{}</span></span>', drawn, unit)
    return format_html('<div class="{}"><label for="{}">{}</label>{}{}</div>', css, bound.id_for_label, bound.label, said, drawn)
