"""分解: a draft item shared out over counties or departments, the remainder shown while one types."""

from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people.access import entry
from people.models import Role
from plans.editing.parts import Part, share_out
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.models import Terms
from plans.queries.parts import PartRow, PartsPage, parts_page

WIDE = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")


@never_cache
@entry(Role.SUPERVISOR, Role.AUDITOR, methods=["GET", "POST"])
def parts(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    page = None if "\0" in plan + code else parts_page(request.person, plan, code)
    if page is None:
        raise Http404
    if request.method == "GET":
        return _page(request, page)
    if not request.person.has(Role.SUPERVISOR):
        raise Http404
    try:
        share_out(page.item, request.POST.get("adding", ""), _read(request, page), request.person, request.now, _version(request))
    except Wrong as wrong:
        page.wrong = wrong.fields
        for row in page.rows:
            row.wrong = row.wrong or wrong.fields.get(f"value-{row.department.pk}", "")
        return _page(request, page, 422)
    except Overtaken as overtaken:
        return _page(request, page, 409, problem=str(overtaken))
    except NotAllowed as refused:
        return _page(request, page, 422, problem=str(refused))
    return redirect(reverse("parts", args=[plan, code]) + "?saved=1")


def _read(request: HttpRequest, page: PartsPage) -> dict[int, Part]:
    """The parts as typed, which stay in the page. Raises: Wrong where a number is none."""
    page.adding, found, wrong = request.POST.get("adding", ""), {}, {}
    for row in page.rows:
        key = row.department.pk
        row.value, row.weight, row.shares = (request.POST.get(f"{name}-{key}", "").strip()[:60] for name in ("value", "weight", "shares"))
        row.there = bool(row.value) or f"with-{key}" in request.POST
        if not row.there:
            continue
        try:
            found[key] = Part(_number(row.value) if row.value else None, _number(row.weight or "1"), row.shares)
        except InvalidOperation:
            wrong[f"value-{key}"] = _("请填数字。")
    if wrong:
        raise Wrong(wrong)
    return found


def _number(text: str) -> Decimal:
    value = Decimal(text.translate(WIDE).replace(",", ""))
    if not value.is_finite():
        raise InvalidOperation
    return value


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _page(request: HttpRequest, page: PartsPage, status: int = 200, problem: str = "") -> HttpResponse:
    writes = page.draft and request.person.has(Role.SUPERVISOR)
    groups: list[tuple[str, list[PartRow]]] = [(_("县区"), page.counties), (_("部门"), page.others)]
    context = {"page": page, "writes": writes, "addings": Terms.Adding.choices, "groups": groups, "problem": problem, "saved": "saved" in request.GET}
    return render(request, "plans/parts.html", context, status=status)
