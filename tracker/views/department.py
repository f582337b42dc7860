"""部门: one department's part in everything promised."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from people.access import Person, entry
from tracker.beside import stands
from tracker.components import department as department_name
from tracker.components import link
from tracker.queries.department import DepartmentPage, department_page
from tracker.queries.rows import ItemRow
from tracker.tables import Listing, Row, column, render_table
from tracker.views.items import department_url, gap_cell, name_cell, with_small
from tracker.views.plan import counts

SHORT = 12  # lights that do not lag are closed where there are more items of them than this
FIRST_DUTIES = 8


class LedItems(Listing):
    """Items that a department leads: whose they are is said by the page."""

    caption = _("牵头")
    density = "dense"
    name = column(_("事项"), head=True)
    target = column(_("目标"), num=True, css="w-target")
    value = column(_("实际"), num=True, css="w-value")
    gap = column(_("差距"), num=True, css="w-gap")
    light = column(_("亮灯"), label=False, css="w-light")
    due = column(_("期限"), num=True, css="w-due")

    class Meta(Listing.Meta):
        orderable = False

    def cells(self, row: Row) -> Sequence[Any]:
        return led_cells(row["row"])


class SupportedItems(LedItems):
    """Items that it supports, with those who lead them."""

    caption = _("配合")
    lead = column(_("牵头"), css="w-lead")

    def cells(self, row: Row) -> Sequence[Any]:
        one: ItemRow = row["row"]
        return (*led_cells(one), link(department_name(one.lead_short), department_url(one.lead_code)))


def led_cells(row: ItemRow) -> Sequence[Any]:
    return (
        name_cell(row, sub=row.plan_title),
        row.target,
        with_small(row.value, row.unit),
        gap_cell(row),
        stands(row),
        row.due,
    )


Group = tuple[str, int, SafeString, bool]


def groups(listing: type[Listing], by_light: list[tuple[str, list[ItemRow]]]) -> list[Group]:
    """For each light how many items, the items as a table, and whether they are shown at once: what lags always is."""
    table = listing([])
    return [
        (name, len(items), render_table(table, [{"row": row} for row in items], QueryDict()), name in ("red", "yellow", "") or len(items) <= SHORT)
        for name, items in by_light
    ]


@entry()
def department(request: HttpRequest, code: str) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    page: DepartmentPage | None = department_page(person, code, request.now)  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    here = f"{reverse('items')}?department={code}"
    shown = {
        "page": page, "leads": groups(LedItems, page.leads), "supports": groups(SupportedItems, page.supports), "items_url": here,
        "tally": counts(page.node, here), "zone": person.user.government.zone,
        "duties": page.duties[:FIRST_DUTIES], "more_duties": page.duties[FIRST_DUTIES:],
    }  # fmt: skip
    return render(request, "tracker/department.html", shown)
