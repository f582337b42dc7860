"""The drawings of a page: 序时尺, the spread of lights, the number line of a light. `tracker.components` offers them.

All lengths are attributes of the SVG in per cent of its width, since the strict CSP allows no style attribute; colours are classes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker import formats
from tracker.formats import Figure
from tracker.markup import format_html, format_html_join
from tracker.models.standings import Light

NONE = SafeString("")
CLASSES = {"red": "red", "yellow": "yellow", "green": "green", "blue": "blue", "not_due": "hollow", "grey": "grey"}
SPREAD_ORDER = ("red", "yellow", "grey", "not_due", "green", "blue")
TALL = ("red", "yellow")
LEAST = Decimal("0.006")  # the share of the bar that one item among thousands still gets


def _units(value: Decimal) -> str:
    """A length in hundredths of a drawing, with one decimal at most."""
    return f"{value.quantize(Decimal('0.1')):f}".removesuffix(".0")


def _clipped(share: Decimal) -> Decimal:
    return min(max(share, Decimal(0)), Decimal(1)) * 100


def ruler(attainment: Figure, expected: Figure, light: str) -> SafeString:
    """序时尺: ink to attainment, the light's colour from there to the tick of 序时进度. Shares; "" without an attainment."""
    done, due = formats.exact(attainment), formats.exact(expected)
    return NONE if done is None else _ruler(done, due, light, get_language())


@lru_cache(maxsize=4096)
def _ruler(done: Decimal, due: Decimal | None, light: str, language: str | None) -> SafeString:
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


def spread(counts: Mapping[str, int], thin: bool = False, label: str = "") -> SafeString:
    """Counts per light in one bar, red and yellow tall, the rest low. `label` names the period ("三季度"); `thin` is the one compared with."""
    shown = tuple((light, counts[light]) for light in SPREAD_ORDER if counts.get(light))
    return _spread(shown, thin, label, get_language()) if shown else NONE


@lru_cache(maxsize=1024)
def _spread(shown: tuple[tuple[str, int], ...], thin: bool, label: str, language: str | None) -> SafeString:
    words = _("，").join(_("%(light)s %(n)d 项") % {"light": Light(light).label, "n": n} for light, n in shown)
    widths = [max(Decimal(n) / sum(n for _light, n in shown), LEAST) for _light, n in shown]
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
    said = _("低于 %(yellow)s %(unit)s滞后，到 %(green)s %(unit)s偏慢，以上正常") % {
        "yellow": formats.number(low),
        "green": formats.number(high),
        "unit": formats.gap_unit(gap_in),
    }
    drawn = _bands(at_yellow, at_green, words, above=judged is None, apart=limits is not None)
    if judged is not None:
        drawn += _ticks(scale, judged, label or _("本期"), others)
        said = _("%(bands)s；%(label)s %(gap)s") % {"bands": said, "label": label or _("本期"), "gap": formats.signed(judged)}
    return format_html('<svg class="band" role="img" aria-label="{}">{}</svg>', said, format_html_join("", "{}", ((part,) for part in drawn)))


def _bands(yellow: Decimal, green: Decimal, limits: tuple[str, str], above: bool, apart: bool = False) -> list[SafeString]:
    """The three bands with their words, `above` the line where no gap stands there, and the words of their limits below it.

    Limits in words are longer than gaps: they turn away from one another (`apart`).
    """
    low, mid, high = (str(Light(name).label) for name in ("red", "yellow", "green"))
    left, right = ("end", "start") if green - yellow < 17 or above or apart else ("middle", "middle")
    y = "16" if above else "54"
    texts = [(yellow / 2, y, "middle", low), ((yellow + green) / 2, y, "middle", mid), ((green + 100) / 2, y, "middle", high)]
    texts += [(yellow, "54", left, limits[0]), (green, "54", right, limits[1])]
    return [
        format_html('<rect class="f-red" x="0" y="26" width="{}%" height="8"/>', _units(yellow)),
        format_html('<rect class="f-yellow" x="{}%" y="26" width="{}%" height="8"/>', _units(yellow), _units(green - yellow)),
        format_html('<rect class="f-green" x="{}%" y="30" width="{}%" height="4"/>', _units(green), _units(100 - green)),
        *(format_html('<text x="{}%" y="{}" text-anchor="{}">{}</text>', _units(x), at, anchor, words) for x, at, anchor, words in texts),
    ]


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
