"""目标调整: what was and is to be amended; one amendment, with what it does to the lights; proposed, changed, published, rejected."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.form_keys import once
from people.models import Role
from plans import amending
from plans.amending import Change, NotAllowed, Overtaken
from plans.models import Amendment
from tracker import exporting, formats
from tracker.components import link, tag
from tracker.filters import Filters
from tracker.markup import format_html
from tracker.queries import amendments as query
from tracker.queries.amendments import AmendmentPage
from tracker.tables import Listing, Row, column

PER_PAGE = 50
ENTERS = (Role.SUPERVISOR, Role.LEADER, Role.AUDITOR, Role.REPORTER, Role.REVIEWER)
SAID = ("proposed", "saved", "dropped", "published", "rejected")


class AmendmentFilters(Filters):
    chips: tuple[str, ...] = ("state",)
    plan = django_filters.ChoiceFilter(field_name="plan__code", label=_("规划"), empty_label=_("全部规划"))
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Amendment.State.choices)

    class Meta:
        model = Amendment
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters["plan"].extra["choices"] = plans


class AmendmentListing(Listing):
    caption = _("目标调整")
    heads = (_("规划"), _("次数"), _("原因"), _("依据"), _("事项数"), _("生效日"), _("提出"), _("发布"), _("状态"))
    per_page = PER_PAGE
    nothing = (_("没有目标调整"), _("已发布的规划都按首次发布的目标。"))
    number = column(_("调整"), head=True, order_by=("plan__position", "number"))
    reason = column(_("原因"), wide=True, label=False, orderable=False)
    changed = column(_("事项数"), num=True)
    from_on = column(_("生效日"), num=True)
    people = column(_("提出、发布"), orderable=False)
    state = column(_("状态"), label=False, css="nowrap")

    class Meta(Listing.Meta):
        order_by = ("-number",)

    def cells(self, row: Row) -> Sequence[Any]:
        one: Amendment = row["row"]
        title = _t("第 %(number)d 次") % {"number": one.number}
        return (
            format_html('{}<span class="sub">{}</span>', link(title, reverse("amendment", args=[one.pk]), "name"), one.plan.short_title),
            format_html('{}<span class="sub">{}</span>', one.reason, one.basis),
            one.changed,  # type: ignore[attr-defined]
            formats.full_day(one.from_on),
            _t("、").join(person.name for person in (one.proposed_by, one.published_by) if person),
            tag(one.get_state_display(), new=one.state in query.OPEN),
        )

    def record(self, row: Row) -> Sequence[Any]:
        one: Amendment = row["row"]
        names = [person.name if person else "" for person in (one.proposed_by, one.published_by)]
        return one.plan.short_title, one.number, one.reason, one.basis, one.changed, one.from_on, *names, one.get_state_display()  # type: ignore[attr-defined]

    def raw_rows(self) -> list[Row]:
        return [{"row": row} for row in super().raw_rows()]


@entry(*ENTERS)
def amendments(request: HttpRequest) -> HttpResponse:
    every = query.amendments(request.person)
    filters = AmendmentFilters(request.GET, query.plans_of(request.person), queryset=every, counts=query.chip_counts(every))
    table = AmendmentListing(filters.qs.select_related("plan", "proposed_by", "published_by"))
    if kind := exporting.asked(request):
        return table.file(request, kind, "amendments")
    table.on(request)
    return render(request, "tracker/amendments.html", {"filters": filters, "table": table, "total": table.page.paginator.count})


@never_cache
@entry(Role.SUPERVISOR, methods=["GET", "POST"])
def amendment_new(request: HttpRequest, code: str) -> HttpResponse:
    """Begins an amendment: reason, basis, day; the items that it is about."""
    plan = None if "\0" in code else query.plan_to_amend(request.person, code)
    if plan is None:
        raise Http404
    items = query.choices(plan, request.now)
    data = request.POST if request.method == "POST" else None
    form = query.head_form(plan, request.person, request.now, data)
    chosen = request.POST.getlist("item") if data is not None else request.GET.getlist("item")
    if data is not None and form.is_valid():
        codes = [t.item.code for t in items if t.item.code in set(chosen)]
        try:
            return redirect(_begun(request, plan, form, codes))
        except NotAllowed as refused:
            form.refuse(refused)
    context = {"plan": plan, "form": form, "items": items, "chosen": chosen, "key": request.POST.get("key") or secrets.token_hex(16)}
    return render(request, "tracker/amendment_new.html", context, status=200 if data is None else 422)


def _begun(request: HttpRequest, plan: Any, form: Any, codes: list[str]) -> str:
    """The address of the new amendment: of its one item's form, or of the whole."""
    given, changes = form.cleaned_data, {code: Change() for code in codes}
    words = {"reason": given["reason"], "basis": given["basis"], "from_on": given["from_on"]}
    key = request.POST.get("key", "")[:64]
    if not key.isalnum():
        raise Http404
    made = once(request.person.user, key, lambda: str(amending.propose(plan, request.person, request.now, changes=changes, bands=form.bands, **words).pk))
    if len(codes) == 1:
        return reverse("amendment-item", args=[int(made), codes[0]])
    return f"{reverse('amendment', args=[int(made)])}?said=proposed"


@never_cache
@entry(*ENTERS, methods=["GET", "POST"])
def amendment(request: HttpRequest, pk: int) -> HttpResponse:
    page = _found(request, pk)
    if request.method == "GET":
        return _page(request, page)
    if not request.person.has(Role.SUPERVISOR):
        raise Http404
    do = request.POST.get("do", "")
    deed: Callable[[HttpRequest, AmendmentPage], str] | None = {"head": _head, "publish": _publish, "reject": _reject, "drop": _drop, "add": _add}.get(do)
    if deed is None:
        return _page(request, page, 422, problem=_t("没有说要做什么。"))
    try:
        return redirect(deed(request, page))
    except Overtaken as overtaken:
        return _page(request, _found(request, pk), 409, problem=str(overtaken), why=request.POST.get("why", ""))
    except NotAllowed as refused:
        form = getattr(request, "head_form", None)
        if form is not None:
            form.refuse(refused)
        return _page(request, page, 422, problem="" if form else str(refused), form=form, why=request.POST.get("why", ""))


def _head(request: HttpRequest, page: AmendmentPage) -> str:
    form = query.head_form(page.amendment.plan, request.person, request.now, request.POST, page.amendment)
    request.head_form = form  # type: ignore[attr-defined]
    if not form.is_valid():
        raise NotAllowed("", {})
    given = form.cleaned_data
    words = {"reason": given["reason"], "basis": given["basis"], "from_on": given["from_on"], "bands": form.bands}
    amending.revise(page.amendment, request.person, request.now, _version(request), **words)
    return _said(page, "saved")


def _publish(request: HttpRequest, page: AmendmentPage) -> str:
    amending.publish(page.amendment, request.person, request.now, _version(request))
    return _said(page, "published")


def _reject(request: HttpRequest, page: AmendmentPage) -> str:
    why = request.POST.get("why", "").strip()
    if not why:
        raise NotAllowed(_t("不采纳要写明原因。"))
    amending.reject(page.amendment, request.person, request.now, why, _version(request))
    return _said(page, "rejected")


def _drop(request: HttpRequest, page: AmendmentPage) -> str:
    amending.drop_item(page.amendment, request.POST.get("code", ""), request.person, request.now, _version(request))
    return _said(page, "dropped")


def _add(request: HttpRequest, page: AmendmentPage) -> str:
    code = request.POST.get("code", "").strip()
    if "\0" in code or query.item_of(page.amendment, request.person, code) is None:
        raise NotAllowed(_t("这份规划中没有编号为 %(code)s 的事项。") % {"code": code})
    return reverse("amendment-item", args=[page.amendment.pk, code])


@never_cache
@entry(Role.SUPERVISOR, methods=["GET", "POST"])
def amendment_item(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The fields of one item in a proposal."""
    proposal = query.amendment_of(request.person, pk)
    item = query.item_of(proposal, request.person, code) if proposal and "\0" not in code else None
    if proposal is None or item is None or proposal.state != Amendment.State.PROPOSED or proposal.department_id:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = query.item_form(proposal, item, data)
    if form is None:
        raise Http404
    status, problem = (200, "") if data is None else (422, "")
    if data is not None and form.is_valid():
        try:
            amending.change_item(proposal, item.code, form.change(), request.person, request.now, _version(request))
            return redirect(f"{reverse('amendment', args=[pk])}?said=saved#item-{item.code}")
        except Overtaken as overtaken:
            status, problem = 409, str(overtaken)
            proposal.refresh_from_db()
        except NotAllowed as refused:
            form.refuse(refused)
    theirs = query.item_form(proposal, item) if status == 409 else None
    context = {"amendment": proposal, "item": item, "form": form, "theirs": theirs, "problem": problem}
    return render(request, "tracker/amendment_item.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> AmendmentPage:
    page = query.amendment_page(request.person, pk, request.now)
    if page is None:
        raise Http404
    return page


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _said(page: AmendmentPage, word: str) -> str:
    return f"{reverse('amendment', args=[page.amendment.pk])}?said={word}"


def _page(request: HttpRequest, page: AmendmentPage, status: int = 200, **more: Any) -> HttpResponse:
    person: Person = request.person
    one, supervises = page.amendment, person.has(Role.SUPERVISOR)
    is_open = one.state == Amendment.State.PROPOSED
    edits = supervises and is_open and one.department_id is None
    made_it = person.id in page.makers or person.id in (one.proposed_by_id, one.endorsed_by_id)
    form = more.pop("form", None) or (query.head_form(one.plan, person, request.now, None, one) if edits else None)
    said = request.GET.get("said", "")
    context = {
        "page": page, "one": one, "edits": edits, "form": form, "publishes": supervises and is_open and not made_it, "rejects": supervises and is_open,
        "made_it": made_it and is_open and supervises, "said": said if said in SAID else "", "zone": person.user.government.zone, **more,
    }  # fmt: skip
    return render(request, "tracker/amendment.html", context, status=status)
