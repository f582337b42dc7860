"""年度分解: one page where an item's path is typed and drawn, drafted, endorsed and sent on; and the items of a plan that still stand on an assumed one."""

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.access import entry
from people.form_keys import once
from plans import amending, pathing
from plans.editing.fields import shares_problem
from plans.editing.rights import NotAllowed, Overtaken
from plans.models import Amendment
from plans.pathing import Path
from plans.versions import Interim
from tracker import exporting, formats
from tracker.beside import stands
from tracker.components import link, tag
from tracker.markup import format_html
from tracker.path_drawing import draw
from tracker.queries import path as query
from tracker.queries.path import PathPage
from tracker.tables import Listing, Row, column
from tracker.views.items import department_url, item_url

PROFILES = (("linear", _("按月均匀")), ("shares", _("按分期比例")), ("steps", _("按分解目标，到期一次一步")), ("at_end", _("到期一次")))
SPARE = 4
SAID = ("saved", "endorsed", "returned")


class Typed:
    """The form as it is typed; `path` where it can be read, else `wrong` by field."""

    def __init__(self, page: PathPage, data: QueryDict | None) -> None:
        base, one = page.proposed or page.present, page.proposal
        self.wrong: dict[str, str] = {}
        self.profile, self.shares = base.profile, base.shares
        self.rows = [(p.due_on.isoformat(), f"{p.value.normalize():f}") for p in base.interim] + [("", "")] * SPARE
        self.reason, self.basis = (one.reason, one.basis) if one else ("", "")
        self.from_on = (one.from_on if one else page.today + query.DAY).isoformat()
        self.path = base
        if data is not None:
            self._read(data)

    def _read(self, data: QueryDict) -> None:
        words = {name: data.get(name, getattr(self, name)).strip() for name in ("profile", "shares", "reason", "basis", "from_on")}
        for name, text in words.items():
            setattr(self, name, text)
        self.rows = [
            (data.get(f"day-{n}", "").strip(), data.get(f"value-{n}", "").strip()) for n in range(min(len(self.rows) + SPARE, 60)) if f"day-{n}" in data
        ]
        if self.profile not in dict(PROFILES):
            self.profile = "linear"
        if self.profile == "shares" and (why := shares_problem(self.shares)):
            self.wrong["shares"] = why
        points = [point for day, value in self.rows if (day or value) and (point := self._point(day, value))]
        self.path = Path(self.profile, self.shares if "shares" not in self.wrong else "", tuple(sorted(points, key=lambda p: p.due_on)))

    def _point(self, day: str, value: str) -> Interim | None:
        try:
            point = Interim(dt.date.fromisoformat(day), Decimal(value))
        except (ValueError, ArithmeticError):
            point = None
        if point is None or not point.value.is_finite() or abs(point.value) >= 10**11:
            self.wrong["interim"] = _t("分解目标要写明日期和数值。")
            return None
        return point

    def day(self, page: PathPage) -> dt.date:
        """The day from which it is to be in force. Raises: NotAllowed."""
        try:
            day = dt.date.fromisoformat(self.from_on)
        except ValueError:
            day = dt.date.min
        if day < page.today:
            why = _t("生效日不能早于今天：已过的日子按当时的约定。")
            raise NotAllowed(why, {"from_on": why})
        return day


@never_cache
@entry(methods=["GET", "POST"])
def path(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    page = None if "\0" in plan + code else query.path_page(request.person, plan, code, request.now)
    if page is None:
        raise Http404
    if request.method == "GET":
        typed = Typed(page, request.GET if "profile" in request.GET else None)
        return _page(request, page, typed)
    do = request.POST.get("do", "save")
    deed: Callable[[HttpRequest, PathPage, Typed], str] | None = {"save": _save, "endorse": _endorse, "return": _return}.get(do)
    if deed is None or not (page.drafts or page.endorses or page.supervises):
        raise Http404
    typed = Typed(page, request.POST if do == "save" else None)
    if typed.wrong:
        return _page(request, page, typed, 422)
    try:
        return redirect(deed(request, page, typed))
    except Overtaken as overtaken:
        again = query.path_page(request.person, plan, code, request.now)
        return _page(request, again or page, typed, 409, problem=str(overtaken))
    except NotAllowed as refused:
        typed.wrong = refused.fields
        return _page(request, page, typed, 422, problem="" if refused.fields else str(refused))


def _save(request: HttpRequest, page: PathPage, typed: Typed) -> str:
    """A reporter's draft; a supervisor's goes before another one at once."""
    words: dict[str, Any] = {"reason": typed.reason, "basis": typed.basis, "from_on": typed.day(page)}
    if page.drafts:
        pathing.draft(page.item, typed.path, request.person, request.now, version=_version(request), **words)
        return _address(page, "saved")
    key = request.POST.get("key", "")[:64]
    if not page.supervises or not key.isalnum():
        raise Http404
    changes = {page.item.code: typed.path.change()}
    made = once(request.person.user, key, lambda: str(amending.propose(page.item.plan, request.person, request.now, changes=changes, **words).pk))
    return f"{reverse('amendment', args=[int(made)])}?said=proposed"


def _endorse(request: HttpRequest, page: PathPage, typed: Typed) -> str:
    if page.proposal is None:
        raise NotAllowed(_t("这份分解已由他人处理。"))
    pathing.endorse(page.proposal, request.person, request.now, _version(request))
    return _address(page, "endorsed")


def _return(request: HttpRequest, page: PathPage, typed: Typed) -> str:
    if page.proposal is None:
        raise NotAllowed(_t("这份分解已由他人处理。"))
    pathing.give_back(page.proposal, request.person, request.now, request.POST.get("why", ""), _version(request))
    return _address(page, "returned")


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _address(page: PathPage, said: str) -> str:
    return f"{reverse('path', args=[page.item.plan.code, page.item.code])}?said={said}"


def _page(request: HttpRequest, page: PathPage, typed: Typed, status: int = 200, problem: str = "") -> HttpResponse:
    drawn, now, then = page.drawn(typed.path)
    unit = "%" if page.ground.in_shares else page.final.unit
    places = formats.places_of([f"{float(d.then):.2f}" for d in drawn], most=2)
    table = [(d.day, formats.number(f"{float(d.now):.6f}", places), formats.number(f"{float(d.then):.6f}", places)) for d in drawn]
    said = request.GET.get("said", "")
    context = {
        "page": page, "row": page.row, "typed": typed, "profiles": PROFILES, "table": table, "unit": unit, "drawing": draw(page.ground, now, then), "problem": problem,
        "said": said if said in SAID else "", "writes": (page.drafts or page.supervises) and not page.row.held, "one": page.proposal,
        "key": secrets.token_hex(16), "returns": page.endorses or (page.supervises and page.proposal and page.proposal.state == Amendment.State.PROPOSED),
    }  # fmt: skip
    return render(request, "tracker/path.html", context, status=status)


class PathListing(Listing):
    caption = _("推算路径上的事项")
    heads = (_("编码"), _("事项"), _("牵头"), _("目标"), _("亮灯"), _("分解"))
    nothing = (_("没有亮灯按推算路径的事项"), _("已核对这份规划的全部亮灯。"))
    name = column(_("事项"), head=True, orderable=False)
    lead = column(_("牵头"), orderable=False)
    target = column(_("目标"), num=True, orderable=False)
    light = column(_("亮灯"), label=False, orderable=False)
    state = column(_("分解"), orderable=False)

    def cells(self, row: Row) -> Sequence[Any]:
        one, proposal = row["row"]
        address = reverse("path", args=[one.plan, one.code])
        words = tag(proposal.get_state_display(), new=True) if proposal else ""
        return (
            format_html('{}<span class="sub">{}</span>', link(one.name, item_url(one.plan, one.code), "name"), one.code),
            link(one.lead_short, department_url(one.lead_code)) if one.lead_code else "",
            one.target, stands(one, turning=False), format_html("{} {}", words, link(_t("看分解"), address)),
        )  # fmt: skip

    def record(self, row: Row) -> Sequence[Any]:
        one, proposal = row["row"]
        return one.code, one.name, one.lead, one.target, one.light, proposal.get_state_display() if proposal else ""


@entry()
def paths(request: HttpRequest, code: str) -> HttpResponse:
    found = query.assumed_of(request.person, code, request.now)
    if found is None:
        raise Http404
    plan, items = found
    table = PathListing([{"row": pair} for pair in items])
    if kind := exporting.asked(request):
        return table.file(request, kind, "paths")
    return render(request, "tracker/paths.html", {"plan": plan, "table": table.on(request), "total": len(items)})
