"""验收标准: of one item, proposed and accepted; and of a plan's tasks, with the demand for them."""

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
from tracker import criteria as deeds
from tracker import exporting
from tracker.beside import stands
from tracker.components import link, tag
from tracker.forms.beside import BesideForm, CriterionForm, WhyForm
from tracker.markup import format_html
from tracker.models import Criterion
from tracker.models.standings import Light
from tracker.queries import criteria as query
from tracker.queries.criteria import CriterionPage, TaskRow
from tracker.tables import Listing, Row, column
from tracker.turns import NotYours, Refused
from tracker.views.items import department_url, item_url
from tracker.views.judgements import key_of


@never_cache
@entry(methods=["GET", "POST"])
def criterion(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    page = query.criterion_page(request.person, plan, code, request.now)
    if page is None:
        raise Http404
    if request.method == "GET":
        return _page(request, page)
    do, person = request.POST.get("do", ""), request.person
    form: BesideForm = CriterionForm(request.POST) if do == "propose" else WhyForm(request.POST)
    form.is_valid()
    try:
        _do(request, page, do)
    except NotYours:
        raise Http404 from None
    except deeds.Decided:
        again = query.criterion_page(person, plan, code, request.now) or page
        return _page(request, again, 409, problem=_t("这一条刚被别人办过，以下是现在的样子。"))
    except Refused as refused:
        form.refuse(refused)
        return _page(request, page, 422, form=form)
    return redirect(f"{reverse('criterion', args=[plan, code])}?said=1")


def _do(request: HttpRequest, page: CriterionPage, do: str) -> None:
    person, at, item = request.person, request.now, page.seen.item
    if do == "propose":
        parts = {name: request.POST.get(name, "") for name in deeds.PARTS}
        once(person.user, key_of(request), lambda: str(deeds.propose(item, **parts, by=person, at=at).pk))
        return
    if not person.has(Role.SUPERVISOR) or do not in ("accept", "return"):
        raise NotYours
    if page.proposed is None or str(page.proposed.pk) != request.POST.get("criterion", ""):
        raise deeds.Decided
    if do == "accept":
        deeds.accept(page.proposed, person, at)
    else:
        deeds.give_back(page.proposed, request.POST.get("why", ""), person, at)


def _page(request: HttpRequest, page: CriterionPage, status: int = 200, problem: str = "", form: BesideForm | None = None) -> HttpResponse:
    person: Person = request.person
    proposes = deeds.may_propose(page.seen.terms.lead_id, person) and page.proposed is None
    decides = person.has(Role.SUPERVISOR) and page.proposed is not None and page.proposed.proposed_by_id != person.id
    context = {
        "heading": _t("验收标准"), "row": page.seen.row, "page": page, "terms": page.seen.terms, "problem": problem, "said": request.GET.get("said"),
        "form": (form if isinstance(form, CriterionForm) else CriterionForm()) if proposes else None, "zone": person.user.government.zone,
        "decision": (form if isinstance(form, WhyForm) else WhyForm()) if decides else None, "key": request.POST.get("key") or secrets.token_hex(16),
    }  # fmt: skip
    return render(request, "tracker/criterion.html", context, status=status)


class CriteriaListing(Listing):
    caption = _("验收标准")
    heads = (_("编码"), _("事项"), _("牵头"), _("状态"), _("验收标准"), _("亮灯"))
    nothing = (_("没有任务"), _("这份规划的事项都有数。"))
    name = column(_("事项"), head=True, orderable=False)
    said = column(_("验收标准"), wide=True, orderable=False)
    state = column(_("状态"), label=False, orderable=False)
    light = column(_("亮灯"), label=False, orderable=False)
    lead = column(_("牵头"), orderable=False, css="lead-short")

    class Meta(Listing.Meta):
        orderable = False

    def __init__(self, *args: Any, plan: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def raw_rows(self) -> list[Row]:
        return [{"row": row} for row in query.task_rows(super().raw_rows())]

    def cells(self, row: Row) -> Sequence[Any]:
        one: TaskRow = row["row"]
        page = reverse("criterion", args=[one.row.plan, one.row.code])
        said = format_html('<a href="{}">{}</a>', page, one.said or _t("还没有"))
        return (
            link(one.row.name, item_url(one.row.plan, one.row.code), "name"), said, tag(state_words(one), new=one.state == Criterion.State.PROPOSED) if one.state else "",
            stands(one.row, turning=False), link(one.row.lead_short, department_url(one.row.lead_code)),
        )  # fmt: skip

    def record(self, row: Row) -> Sequence[Any]:
        one: TaskRow = row["row"]
        return one.row.code, one.row.name, one.row.lead, state_words(one), one.said, str(Light(one.row.light).label) if one.row.light else ""


def state_words(one: TaskRow) -> str:
    return str(Criterion.State(one.state).label) if one.state else ""


@never_cache
@entry(methods=["GET", "POST"])
def criteria(request: HttpRequest, code: str) -> HttpResponse:
    person: Person = request.person
    page = query.criteria_page(person, code)
    if page is None:
        raise Http404
    if request.method == "POST":
        try:
            deeds.ask(page.plan, person, request.now)
        except NotYours:
            raise Http404 from None
        return redirect(f"{reverse('criteria', args=[code])}?said=1")
    table = CriteriaListing(query.tasks(person, page.plan, request.now), plan=code)
    if kind := exporting.asked(request):
        return table.file(request, kind, "criteria")
    table.on(request)
    return render(request, "tracker/criteria.html", {"page": page, "table": table, "total": table.page.paginator.count, "said": request.GET.get("said")})
