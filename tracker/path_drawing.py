"""The drawing of a path: the one in force dashed, the typed one in ink, from the start to the target. Pure: an SVG of attributes, no styles."""

from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plans.arithmetic.paths import Path
from tracker import formats
from tracker.markup import format_html, format_html_join
from tracker.queries.path import Ground

WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 640, 240, 56, 16, 16, 28


def draw(ground: Ground, now: Path, then: Path) -> SafeString:
    """Both paths over the months of the ground; the figures stand in the table beside it."""
    days = ground.days()
    values = [value for path in (now, then) for day in days for value in [path.at(day)]]
    low, high = min(values), max(values)
    span = (high - low) or Fraction(1)
    first, length = ground.start_on.toordinal(), max((ground.due_on - ground.start_on).days, 1)

    def x(day: int) -> str:
        return f"{LEFT + (WIDE - LEFT - RIGHT) * (day - first) / length:.1f}"

    def y(value: Fraction) -> str:
        return f"{TOP + (HIGH - TOP - BOTTOM) * float((high - value) / span):.1f}"

    def line(path: Path) -> str:
        """Between the days of a stair the earlier value stands."""
        stairs = path.profile == "at_end"
        points, last = [], ""
        for day in sorted({*days, *(d for d, _value in path.points)}):
            height = y(path.at(day))
            points += [f"{x(day.toordinal())},{last}"] if stairs and last and last != height else []
            points.append(f"{x(day.toordinal())},{height}")
            last = height
        return " ".join(points)

    ticks = [
        (x(day.toordinal()), HIGH - 8, formats.short_day(day))
        for n, day in enumerate(days)
        if day.month in (3, 6, 9, 12) and (len(days) < 20 or day.month == 12)
    ]
    dots = [(x(day.toordinal()), y(value)) for day, value in then.points]
    label = _("路径：自 %(start)s 至 %(due)s，数字见表") % {"start": formats.full_day(ground.start_on), "due": formats.full_day(ground.due_on)}
    return format_html(
        '<svg class="path-plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}<polyline class="path-plot__now" points="{}"/><polyline class="path-plot__then" points="{}"/>{}</svg>',
        WIDE, HIGH, label,
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', ticks),
        format_html_join("", '<text x="{}" y="{}" text-anchor="end">{}</text><line class="path-plot__rule" x1="{}" x2="{}" y1="{}" y2="{}"/>', [
            (LEFT - 8, y(value), formats.number(f"{float(value):.2f}", formats.places_of([f"{float(value):.2f}"], most=2)), LEFT, WIDE - RIGHT, y(value), y(value)) for value in (low, high)
        ]),
        line(now), line(then), format_html_join("", '<circle class="path-plot__dot" cx="{}" cy="{}" r="4"/>', dots),
    )  # fmt: skip
