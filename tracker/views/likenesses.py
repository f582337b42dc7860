"""一数多诺: pairs that may read one figure, and the page on which two supervisors link them, or one says that they are not the same."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.form_keys import once
from people.models import Role
from plans.models import Likeness
from tracker import exporting, linking
from tracker.components import tag
from tracker.forms.likenesses import LikenessForm
from tracker.markup import format_html
from tracker.queries import likenesses as query
from tracker.tables import Listing, Row, column
from tracker.turns import Refused
from tracker.views.items import item_url

STATES: dict[str, Any] = {
    Likeness.State.PROPOSED: Likeness.State.PROPOSED.label, query.PROPOSED: _("名称和单位相近"), Likeness.Kind.SAME: Likeness.Kind.SAME.label,
    Likeness.Kind.DIFFERENT: Likeness.Kind.DIFFERENT.label,
}  # fmt: skip
SIDE = (_("规划"), _("编码"), _("事项"), _("指标"), _("目标"), _("出处"))


class PairListing(Listing):
    caption = _("名称相近的事项")
    heads = (*SIDE, *SIDE, _("状态"), _("理由"), _("谁定的"))
    nothing = (_("没有名称和单位都相近的事项"), _("已比对全部已发布规划的事项名称和单位。"))
    a = column(_("一项"), head=True, css="w-side", orderable=False)
    b = column(_("另一项"), css="w-side wide", label=False, orderable=False)
    state = column(_("状态"), label=False, orderable=False)
    reason = column(_("理由"), wide=True, orderable=False)

    def record(self, row: Row) -> Sequence[Any]:
        one: query.Pair = row["row"]
        record = one.record
        sides = [(h.plan_title, h.code, h.name, h.measure, h.target, h.locator) for h in (one.a, one.b)]
        return (*sides[0], *sides[1], str(STATES[one.state]), record.reason if record else "", record.by.name if record else "")

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.Pair = row["row"]
        record = one.record
        said = format_html('{}<span class="sub">{}</span>', record.reason, record.by.name) if record else ""
        waits = one.state in (Likeness.State.PROPOSED, query.PROPOSED)
        state = format_html('<a href="{}">{}</a>', pair_url(one.a.item, one.b.item), tag(str(STATES[one.state]), new=waits))
        return half(one.a), half(one.b), state, said


def half(side: query.Half) -> Any:
    return format_html(
        '<a class="name" href="{}">{}</a><span class="figures">{}</span><span class="sub">{}　{}</span>', item_url(side.plan, side.code), side.name, side.target,
        side.plan_title, side.locator,
    )  # fmt: skip


def pair_url(one: int, other: int) -> str:
    return reverse("likeness", args=sorted((one, other)))


@entry(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
def likenesses(request: HttpRequest) -> HttpResponse:
    rows = query.pairs(request.person)
    table = PairListing([{"row": row} for row in rows])
    if kind := exporting.asked(request):
        return table.file(request, kind, "likenesses")
    table.on(request)
    return render(request, "tracker/likenesses.html", {"table": table, "total": len(rows)})


@never_cache
@entry(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR, methods=["GET", "POST"])
def likeness(request: HttpRequest, one: int, other: int) -> HttpResponse:
    person: Person = request.person
    page = query.pair_page(person, one, other)
    if page is None or (request.method == "POST" and not person.has(Role.SUPERVISOR)):
        raise Http404
    writes = person.has(Role.SUPERVISOR)
    if request.method == "GET":
        return shown(request, page, LikenessForm(page) if writes and page.waiting is None else None)
    form = LikenessForm(page, request.POST)
    form.is_valid()
    try:
        once(person.user, key_of(request), lambda: done(request, page, form))
    except Refused as refused:
        form.refuse(refused)
        return shown(request, page, form, 422)
    return redirect(f"{pair_url(one, other)}?said=1")


def done(request: HttpRequest, page: query.PairPage, form: LikenessForm) -> str:
    """Decides what waits, or says what the form says."""
    if page.waiting is not None and request.POST.get("do") in ("confirm", "refuse"):
        linking.decide(page.waiting, request.POST["do"] == "confirm", request.person, request.now)
        return str(page.waiting.pk)
    held = form.cleaned_data
    moved = next((item for item in page.items if str(item.pk) == held.get("moved")), None)
    return str(linking.say(*page.items, held.get("kind", ""), held.get("reason", ""), request.person, request.now, moved).pk)


def key_of(request: HttpRequest) -> str:
    """The key of the form; one that no form of ours carries is a new one, so that what is wrong is still said."""
    key = request.POST.get("key", "")[:64]
    return key if key.isalnum() else secrets.token_hex(16)


def shown(request: HttpRequest, page: query.PairPage, form: LikenessForm | None, status: int = 200) -> HttpResponse:
    person: Person = request.person
    decides = page.waiting is not None and person.has(Role.SUPERVISOR) and page.waiting.by_id != person.id
    context = {
        "page": page, "sides": (page.pair.a, page.pair.b), "form": form if page.waiting is None else None, "decides": decides, "errors": form.errors if form else {},
        "key": request.POST.get("key") or secrets.token_hex(16), "said": request.GET.get("said"), "title": _t("是不是同一个数"),
    }  # fmt: skip
    return render(request, "tracker/likeness.html", context, status=status)
