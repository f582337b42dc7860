"""Every component's HTML, in one place; `{% load look %}` offers the same names as tags and filters.

    light("red")  light("yellow", estimate=True)  turn("yellow", "red")  overdue_flag(5)  overdue_flag("unreported")
    ruler(A, E, "red")  spread({"red": 9, "green": 55})  band(-12, 0, -10, label="三季度", marks=[("二季度", -5)])
    number(2360, "万元")  figure(1260, "个", big=True)  delta(4, "down")  gap_text(-12, "share", "red")  gap_figure(-12, "red")
    tally([TallyCell(light("red"), 9, "/items/?light=red", delta(4, "down"))])  empty("本期没有滞后事项", "已核对 100 项")

All are pure: figures, words and URLs in, a SafeString out, made by format_html alone. A light is a value of
`tracker.models.Light`; `None` for a figure gives "". Words are in the page's language. A held item gets no ruler.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import formats
from tracker.formats import Figure
from tracker.models.standings import Light

NONE = SafeString("")
CLASSES = {"red": "red", "yellow": "yellow", "green": "green", "blue": "blue", "not_due": "hollow", "grey": "grey"}
SPREAD_ORDER = ("red", "yellow", "grey", "not_due", "green", "blue")
TALL = ("red", "yellow")
COLOURED_TEXT = ("red", "yellow")
UP = SafeString('<svg viewBox="0 0 10 12" aria-hidden="true"><path d="M5 11V1M1 5l4-4 4 4"/></svg>')
DOWN = SafeString('<svg viewBox="0 0 10 12" aria-hidden="true"><path d="M5 1v10M1 7l4 4 4-4"/></svg>')


# lights ---------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _light(light: str, word: str, flags: tuple[str, ...]) -> SafeString:
    classes = " ".join(["light", f"light--{CLASSES[light]}", *(f"light--{flag}" for flag in flags)])
    return format_html('<span class="{}">{}</span>', classes, word)


def light(light: str, estimate: bool = False, plain: bool = False, big: bool = False, word: str = "") -> SafeString:
    """The light's word, shape and colour. `estimate`: drawn hollow-edged, the value is a 预计. `word` says more than its name (转为滞后)."""
    if not light:
        return NONE
    flags = tuple(name for name, on in (("estimate", estimate), ("plain", plain), ("big", big)) if on)
    return _light(light, word or str(Light(light).label), flags)


def turn(old: str | None, new: str, estimate: bool = False) -> SafeString:
    """偏慢 → 滞后; one light where nothing turned."""
    if not old or old == new:
        return light(new, estimate)
    return format_html('<span class="turn">{}<i aria-label="{}">→</i>{}</span>', light(old), _("变为"), light(new, estimate))


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


# drawings -------------------------------------------------------------------------------------------------------------


def _units(value: Decimal) -> str:
    """A length in hundredths of a drawing, with one decimal at most."""
    return f"{value.quantize(Decimal('0.1')):f}".removesuffix(".0")


def _clipped(share: Decimal) -> Decimal:
    return min(max(share, Decimal(0)), Decimal(1)) * 100


def ruler(attainment: Figure, expected: Figure, light: str) -> SafeString:
    """序时尺: ink to attainment, the light's colour from there to the tick of 序时进度. Shares; "" without an attainment."""
    done, due = formats.exact(attainment), formats.exact(expected)
    if done is None:
        return NONE
    ink, tick = _clipped(done), None if due is None else _clipped(due)
    label = _("完成率 %(done)s") % {"done": formats.percent(done)}
    if due is not None:
        label = _("完成率 %(done)s，序时进度 %(due)s") % {"done": formats.percent(done), "due": formats.percent(due)}
    owed = now = NONE
    if tick is not None:
        now = format_html('<line class="ruler__now" x1="{0}" x2="{0}" y1="0" y2="14"/>', _units(tick))
        if tick > ink and light in CLASSES:
            owed = format_html('<rect class="f-{}" x="{}" y="4" width="{}" height="6"/>', CLASSES[light], _units(ink), _units(tick - ink))
    return format_html(
        '<svg class="ruler" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="{}"><rect class="ruler__base" x="0" y="6.5" width="100"'
        ' height="1"/><rect class="ruler__done" x="0" y="4" width="{}" height="6"/>{}{}</svg>',
        label, _units(ink), owed, now,
    )  # fmt: skip


def ruler_cell(attainment: Figure, expected: Figure, light: str, gap: Figure) -> SafeString:
    """A ruler with its gap behind it, for the cell of a table."""
    return format_html('<div class="ruler-cell">{}<b class="num">{}</b></div>', ruler(attainment, expected, light), gap_figure(gap, light))


def spread(counts: Mapping[str, int], thin: bool = False, label: str = "") -> SafeString:
    """Counts per light in one bar, red and yellow tall, the rest low. `label` names the period ("三季度"); `thin` is the one compared with."""
    shown = [(light, counts[light]) for light in SPREAD_ORDER if counts.get(light)]
    if not shown:
        return NONE
    words = _("，").join(_("%(light)s %(n)d 项") % {"light": Light(light).label, "n": n} for light, n in shown)
    widths = [max(Decimal(n) / sum(n for _light, n in shown), Decimal("0.006")) for _light, n in shown]
    parts, x = [], Decimal(0)
    for (light, _n), width in zip(shown, widths, strict=True):
        wide = width / sum(widths) * 100
        low = light not in TALL
        parts.append((CLASSES[light], _units(x), 5 if low else 0, _units(wide), 5 if low else 10))
        x += wide
    return format_html(
        '<svg class="spread{}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        " spread--thin" if thin else "",
        _("%(label)s：%(words)s") % {"label": label, "words": words} if label else words,
        format_html_join("", '<rect class="f-{}" x="{}" y="{}" width="{}" height="{}"/>', parts),
    )


@dataclass(frozen=True)
class _Scale:
    """From gap to place: two widths of the yellow band to either side, more where the gaps lie further out, at most five."""

    left: Decimal
    right: Decimal

    @classmethod
    def around(cls, gaps: Sequence[Decimal], green: Decimal, yellow: Decimal) -> "_Scale":
        step = green - yellow
        left = min([yellow - 2 * step, *(gap - step / 2 for gap in gaps)])
        right = max([green + 2 * step, *(gap + step / 2 for gap in gaps)])
        return cls(max(left, yellow - 5 * step), min(right, green + 5 * step))

    def at(self, gap: Decimal) -> Decimal:
        return _clipped((gap - self.left) / (self.right - self.left))


def band(
    gap: Figure,
    green: Figure,
    yellow: Figure,
    gap_in: str = "share",
    marks: Iterable[tuple[str, Figure]] = (),
    label: str = "",
    limits: tuple[str, str] | None = None,
) -> SafeString:
    """The number line of a light: the bands, their lower limits, the gap judged, and marks such as last period's gap.

    `green`, `yellow`: the lower limits of these bands. `label` names the gap's period; `limits` words for yellow's and green's limit
    instead of the gaps ("975 家", "1125 家"). Without a gap the bands alone.
    """
    low, high, judged = Decimal(str(yellow)), Decimal(str(green)), formats.exact(gap)
    others = [(words, value) for words, value in ((w, formats.exact(v)) for w, v in marks) if value is not None]
    scale = _Scale.around([value for value in (judged, *(value for _w, value in others)) if value is not None], high, low)
    at_yellow, at_green = scale.at(low), scale.at(high)
    words = limits or (formats.number(low), formats.number(high))
    names = [str(Light(name).label) for name in ("red", "yellow", "green")]
    said = _("低于 %(yellow)s %(unit)s滞后，到 %(green)s %(unit)s偏慢，以上正常") % {
        "yellow": formats.number(low),
        "green": formats.number(high),
        "unit": formats.gap_unit(gap_in),
    }
    drawn = [
        format_html('<rect class="f-red" x="0" y="26" width="{}%" height="8"/>', _units(at_yellow)),
        format_html('<rect class="f-yellow" x="{}%" y="26" width="{}%" height="8"/>', _units(at_yellow), _units(at_green - at_yellow)),
        format_html('<rect class="f-green" x="{}%" y="30" width="{}%" height="4"/>', _units(at_green), _units(100 - at_green)),
        *(
            format_html('<text x="{}%" y="54" text-anchor="middle">{}</text>', _units(x), text)
            for x, text in (
                (at_yellow / 2, names[0]),
                ((at_yellow + at_green) / 2, names[1]),
                ((at_green + 100) / 2, names[2]),
                (at_yellow, words[0]),
                (at_green, words[1]),
            )
        ),
    ]
    if judged is not None:
        drawn += _ticks(scale, judged, label or _("本期"), others)
        said = _("%(bands)s；%(label)s %(gap)s") % {"bands": said, "label": label or _("本期"), "gap": formats.signed(judged)}
    return format_html('<svg class="band" role="img" aria-label="{}">{}</svg>', said, format_html_join("", "{}", ((part,) for part in drawn)))


def _ticks(scale: _Scale, judged: Decimal, label: str, others: list[tuple[str, Decimal]]) -> list[SafeString]:
    """The gap judged in ink and the marks in grey; words turn away from one another and from the edges."""
    at = scale.at(judged)
    drawn, side = [], "middle"
    for words, value in others:
        x = scale.at(value)
        near, right = abs(x - at) < 30, x >= at
        if near:
            side = "end" if right else "start"
        drawn.append(format_html('<line class="band__tick band__tick--old" x1="{0}%" x2="{0}%" y1="22" y2="36"/>', _units(x)))
        anchor = _anchor(x, ("start" if right else "end") if near else "middle")
        drawn.append(format_html('<text x="{}%" y="12" text-anchor="{}">{} {}</text>', _units(x), anchor, words, formats.signed(value)))
    drawn.append(format_html('<line class="band__tick" x1="{0}%" x2="{0}%" y1="18" y2="38"/>', _units(at)))
    drawn.append(
        format_html('<text class="band__value" x="{}%" y="12" text-anchor="{}">{} {}</text>', _units(at), _anchor(at, side), label, formats.signed(judged))
    )
    return drawn


def _anchor(x: Decimal, wanted: str) -> str:
    return "start" if x < 12 else "end" if x > 88 else wanted


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


def field(bound: BoundField, unit: str = "", hint: str = "") -> SafeString:
    """A form's field: label above, hint, error between label and input, unit behind; tied together for screen readers."""
    name, errors, help_text = bound.auto_id, bound.errors, hint or bound.help_text
    ids = [f"{name}-hint"] * bool(help_text) + [f"{name}-error"] * bool(errors)
    classes = ["input", *(["input--num"] if unit else []), *bound.field.widget.attrs.get("class", "").split()]
    attrs = {"class": "check" if bound.widget_type == "checkbox" else " ".join(classes)}
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    if errors:
        attrs["aria-invalid"] = "true"
    widget = bound.as_widget(attrs=attrs)
    return format_html(
        '<div class="field{}"><label for="{}">{}</label>{}{}{}</div>',
        " field--error" if errors else "", bound.id_for_label, bound.label,
        format_html('<span class="hint" id="{}-hint">{}</span>', name, help_text) if help_text else NONE,
        format_html('<p class="error" id="{}-error">{}</p>', name, " ".join(errors)) if errors else NONE,
        format_html('<span class="with-unit">{}<span class="unit">{}</span></span>', widget, unit) if unit else widget,
    )  # fmt: skip
