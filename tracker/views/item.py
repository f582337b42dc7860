"""事项: one item, opened by its finding, then why, then the whole story."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from people.access import Person, entry
from people.models import Role
from plans.queries.document import around
from tracker import formats, wording
from tracker.components import band, delta
from tracker.history import Point, earlier, history
from tracker.models.standings import Light
from tracker.queries.item import ItemPage, band_of, item_page, may_read_reports
from tracker.queries.item_beside import item_beside
from tracker.queries.item_chart import Chart, chart_of
from tracker.queries.item_reports import ReportRow, report_rows, title_of
from tracker.queries.parts import shared
from tracker.queries.turning import written

JUDGED_BY_BAND = (Light.RED, Light.YELLOW, Light.GREEN)


@entry()
def item(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    page = None if "\0" in plan + code else item_page(person, plan, code, request.now)  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    points = history(page.item, request.now)  # type: ignore[attr-defined]
    reports = report_rows(person, page.item, points, page.look.day)
    shown = {
        "page": page, "row": page.row, "facts": page.facts, "reports": reports, "reads": may_read_reports(person, page.item), "chart": chart(page, [*earlier(page.item, page.terms, points[0].start), *points] if points else []),
        "texts": [row for row in reports if row.told.has_text], "judged": judged_of(page, reports), "number_line": number_line(page, points),
        "turn_words": turn_words(page), "finding": finding(page), "marks": [wording.mark(word) for word in page.row.marks if word != "逾期未报" or not page.row.overdue], "change": change(page, points), "original": around(person, page.item), "shared": shared(person, page.item, page.terms, page.target, page.look), "zone": person.user.government.zone,
        "supervises": person.has(Role.SUPERVISOR), "beside": item_beside(person, page.item, page.terms.lead_id, page.look.day),
    }  # fmt: skip
    return render(request, "tracker/item.html", {**shown, **head(page)})


def head(page: ItemPage) -> Mapping[str, Any]:
    """What the head figure says: the value big, the target behind it; the day of the figure and its state."""
    facts = page.facts
    cut_off = facts.get("cut_off")
    return {
        "value": page.row.value,
        "of": "" if page.row.kind == "task" else page.row.target,
        "unit": page.row.unit,
        "cut_off": formats.full_day(dt.date.fromisoformat(cut_off)) if cut_off else "",
        "value_state": {"estimate": _t("预计数"), "flash": _t("快报数"), "verified": _t("核定数")}.get(facts.get("value_state") or "", ""),
        "has_ruler": not page.row.held and page.row.attainment is not None,
    }


def chart(page: ItemPage, points: list[Point]) -> Chart | None:
    terms, unit = page.terms, page.facts.get("unit") or (page.target.unit if page.target else "")
    row = page.row
    return chart_of(
        points, page.facts, title=row.name, unit=unit, target=row.target, step=terms.profile == "at_end", held=row.held, gap_in=row.gap_in, better=row.better
    )


def judged_of(page: ItemPage, reports: list[ReportRow]) -> ReportRow | None:
    """The row of the report whose value is judged, for whom it is there to read."""
    report = page.standing.report_id if page.standing else None
    return next((row for row in reports if report and row.told.report and row.told.report.pk == report), None)


def with_gap(points: list[Point]) -> list[Point]:
    return [point for point in points if point.gap is not None and point.value is not None]


def number_line(page: ItemPage, points: list[Point]) -> SafeString | str:
    """The bands with this gap and the one of the period before."""
    limits, row, cycle = band_of(page.facts), page.row, page.item.measure.cycle
    if limits is None or row.gap is None or row.light not in JUDGED_BY_BAND or page.facts.get("closed"):
        return ""
    found = with_gap(points)
    same = bool(found) and found[-1].gap == row.gap
    before = found[-2:-1] if same else found[-1:]
    label = title_of(cycle, found[-1].end) if same else _t("今日")
    return band(row.gap, limits[0], limits[1], row.gap_in, marks=[(title_of(cycle, p.end), p.gap) for p in before], label=label)


def turn_words(page: ItemPage) -> list[str]:
    """再增 40 个转为偏慢: what would turn the light, a phrase a light."""
    said = []
    for turn in page.turns:
        figure = wording.with_unit(written(turn, page.facts), page.facts.get("unit") or "")
        words = _t("再增 %(figure)s转为%(light)s") if turn.rises else _t("再降 %(figure)s转为%(light)s")
        said.append(words % {"figure": figure, "light": str(turn.light.label)})
    return said


def change(page: ItemPage, points: list[Point]) -> tuple[str, SafeString] | None:
    """The period compared with, and the change against it with an arrow; None where there are not two values."""
    values = [point for point in points if point.value is not None]
    if len(values) < 2 or values[-1].value is None or values[-2].value is None:
        return None
    unit = formats.gap_unit("points") if formats.is_points(page.row.gap_in) else page.row.unit
    return title_of(page.item.measure.cycle, values[-2].end), delta(values[-1].value - values[-2].value, unit=unit)


def finding(page: ItemPage) -> str:
    """应达 1500 个，实际 1260 个，少 240 个，欠 12.0 百分点，低于 −10 的界限: the light in one plain sentence; "" where a band does not decide it."""
    facts, row, limits = page.facts, page.row, band_of(page.facts)
    value, expected = formats.exact(facts.get("value")), formats.exact(facts.get("expected_value"))
    if limits is None or row.gap is None or value is None or row.light not in JUDGED_BY_BAND or facts.get("closed"):
        return ""
    places = formats.places_of([value, facts.get("target")], most=2)
    unit = facts.get("unit") or ""
    said = [_t("实际 %(figure)s") % {"figure": wording.with_unit(formats.number(value), unit)}]
    if row.held or expected is None:
        said.insert(0, _t("目标 %(words)s") % {"words": row.target})
    else:
        said.insert(0, _t("应达 %(figure)s") % {"figure": wording.with_unit(formats.number(expected, places), unit)})
        less = wording.with_unit(formats.number(abs(value - expected), places), unit)
        said += [(_t("少 %(figure)s") if value < expected else _t("多 %(figure)s")) % {"figure": less}] if value != expected else []
    return _t("，").join([*said, formats.gap_text(row.gap, row.gap_in, row.better), *limit_words(row.light, row.gap, limits)]) + _t("。")


def limit_words(light: str, gap: Decimal, limits: tuple[Decimal, Decimal]) -> list[str]:
    """On which side of the bands' limits the gap lies; nothing where the target is met by its own words."""
    green, yellow = (formats.number(limit) for limit in limits)
    if light == Light.RED:
        return [_t("低于 %(limit)s 的界限") % {"limit": yellow}]
    if light == Light.YELLOW:
        return [_t("在 %(yellow)s 与 %(green)s 之间") % {"yellow": yellow, "green": green}] if gap < limits[0] else []
    return [] if gap >= limits[0] else [_t("已符合目标")]
