"""事项: one item, opened by its finding, then why, then the whole story."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from people.access import Person, entry
from tracker import formats, wording
from tracker.components import band, delta
from tracker.queries.item import ItemPage, band_of, item_page, may_read_reports
from tracker.queries.item_reports import ReportRow, report_rows
from tracker.queries.turning import written


@entry()
def item(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    page = item_page(person, plan, code, request.now)  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    reports = report_rows(person, page.item, page.look, page.standing)
    shown = {
        "page": page, "row": page.row, "facts": page.facts, "reports": reports, "reads": may_read_reports(person, page.item),
        "latest": next((row for row in reports if row.report and row.report.state == "accepted"), None),
        "number_line": number_line(page, reports), "turn_words": turn_words(page), "change": change(page, reports), "zone": person.user.government.zone,
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
        "cut_off": formats.full_day(formats.dt.date.fromisoformat(cut_off)) if cut_off else "",
        "value_state": {"estimate": _t("预计数"), "flash": _t("快报数"), "verified": _t("核定数")}.get(facts.get("value_state") or "", ""),
        "has_ruler": not page.row.held and page.row.attainment is not None,
    }


def number_line(page: ItemPage, reports: list[ReportRow]) -> SafeString | str:
    """The bands with this gap and the one of the closing before."""
    limits, row = band_of(page.facts), page.row
    if limits is None or row.gap is None:
        return ""
    before = [(r.period, r.gap) for r in reports if r.gap is not None and not r.today][:1]
    return band(row.gap, limits[0], limits[1], row.gap_in, marks=before, label=next((r.period for r in reports if r.today), ""))


def turn_words(page: ItemPage) -> list[str]:
    """再增 40 个转为偏慢: what would turn the light, a phrase a light."""
    said = []
    for turn in page.turns:
        figure = wording.with_unit(written(turn, page.facts), page.facts.get("unit") or "")
        words = _t("再增 %(figure)s转为%(light)s") if turn.rises else _t("再降 %(figure)s转为%(light)s")
        said.append(words % {"figure": figure, "light": str(turn.light.label)})
    return said


def change(page: ItemPage, reports: list[ReportRow]) -> SafeString | None:
    """The value against the period before, with an arrow; nothing where there is no value of one."""
    values = [row for row in reports if row.value and row.cut_off]
    now = formats.exact(page.facts.get("value"))
    if now is None or len(values) < 2 or page.row.kind == "task":
        return None
    before = formats.exact(values[1].value.replace(",", "").replace(formats.MINUS, "-"))
    return None if before is None else delta(now - before, unit=page.row.unit)
