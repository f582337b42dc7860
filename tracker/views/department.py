"""部门: one department's part in everything promised."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from people.access import Person, entry
from tracker.queries.department import DepartmentPage, department_page
from tracker.queries.rows import ItemRow
from tracker.tables import render_table
from tracker.views.plan import GoalItems, counts

SHORT = 12  # lights that do not lag are closed where there are more items of them than this


def group(light: str, items: list[ItemRow]) -> tuple[str, int, SafeString, bool]:
    """A light, how many, the items as a table, and whether they are shown at once: what lags always is."""
    table = render_table(GoalItems([]), [{"row": row} for row in items], QueryDict())
    return light, len(items), table, light in ("red", "yellow", "") or len(items) <= SHORT


@entry()
def department(request: HttpRequest, code: str) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    page: DepartmentPage | None = department_page(person, code, request.now)  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    here = f"{reverse('items')}?department={code}"
    shown = {
        "page": page, "groups": [group(light, items) for light, items in page.leads], "items_url": here, "tally": counts(page.node, here),
        "supports": group("", page.supports)[2] if page.supports else "", "zone": person.user.government.zone,
    }  # fmt: skip
    return render(request, "tracker/department.html", shown)
