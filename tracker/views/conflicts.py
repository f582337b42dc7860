"""目标冲突: the contradictions of the documents, both sources side by side, and what a supervisor decides about each."""

import secrets
from collections.abc import Sequence
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
from plans.conflicts import deeds
from plans.editing.rights import NotAllowed, Overtaken
from plans.models import Conflict
from tracker import exporting, formats
from tracker.components import tag
from tracker.filters import Filters
from tracker.forms.conflicts import ConflictForm
from tracker.markup import format_html
from tracker.queries import conflicts as query
from tracker.tables import Listing, Row, column
from tracker.views.items import item_url

PER_PAGE = 25


class ConflictFilters(Filters):
    chips: tuple[str, ...] = ("kind", "state")
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=Conflict.Kind.choices)
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Conflict.State.choices)

    class Meta:
        model = Conflict
        fields: tuple[str, ...] = ()


SIDE = (_("规划"), _("编码"), _("事项"), _("目标"), _("期限"), _("出处"))


class ConflictListing(Listing):
    caption = _("目标冲突")
    heads = (*SIDE, *SIDE, _("为什么"), _("类型"), _("状态"), _("以哪处为准"), _("谁定的"), _("理由"))
    per_page = PER_PAGE
    nothing = (_("没有这样的目标冲突"), _("已核对全部规划之间互相比照过的目标。"))
    a = column(_("一处"), head=True, css="w-side", orderable=False)
    b = column(_("另一处"), css="w-side wide", label=False, orderable=False)
    why = column(_("为什么"), wide=True, label=False, orderable=False)
    kind = column(_("类型"), css="nowrap", label=False, order_by=("rank", "pk"))
    state = column(_("状态"), css="nowrap", label=False, order_by=("state", "rank", "pk"))

    class Meta(Listing.Meta):
        order_by = ("kind",)

    def raw_rows(self) -> list[Row]:
        return [{"row": row} for row in query.rows(super().raw_rows())]  # type: ignore[arg-type]

    def record(self, row: Row) -> Sequence[Any]:
        one: query.ConflictRow = row["row"]
        counts = next((side for side in (one.a, one.b) if side.counts), None)
        return (
            *written(one.a),
            *written(one.b),
            one.why,
            one.kind_word,
            one.state_word,
            f"{counts.plan_title} {counts.code}" if counts else "",
            one.by,
            one.reason,
        )

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.ConflictRow = row["row"]
        state = tag(one.state_word, new=one.state == Conflict.State.OPEN)
        return (
            source(one.a),
            source(one.b),
            format_html('{} <a href="{}">{}</a>', one.why, conflict_url(one.pk), _t("查看")),
            format_html("<b>{}</b>", one.kind_word) if one.kind == Conflict.Kind.HARD else one.kind_word,
            format_html('{}<span class="sub">{}</span>', state, one.by) if one.by else state,
        )


def written(side: query.Side) -> Sequence[Any]:
    """A target for cells, as SIDE heads them."""
    return side.plan_title, side.code, side.name, side.target, side.due_on, side.locator


def source(side: query.Side) -> Any:
    """A target with its name, figure and day, and below where it stands."""
    name = format_html('<a class="name" href="{}">{}</a>', item_url(side.plan, side.code), side.name) if side.code else side.name
    return format_html(
        '{}{}<span class="figures">{}<span class="quiet">　{}</span></span><span class="sub">{}{}</span>',
        name,
        format_html(" {}", tag(_t("以此为准"), new=True)) if side.counts else "",
        side.target,
        (_t("%(day)s 前") if side.code else _t("%(day)s 的数")) % {"day": formats.full_day(side.due_on)},
        side.plan_title,
        f"　{side.locator}" if side.locator else "",
    )


@entry(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
def conflicts(request: HttpRequest) -> HttpResponse:
    every = query.conflicts(request.person)
    filters = ConflictFilters(request.GET, queryset=every, counts=query.chip_counts(every))
    table = ConflictListing(query.with_both(filters.qs))
    if kind := exporting.asked(request):
        return table.file(request, kind, "conflicts")
    table.on(request)
    return render(request, "tracker/conflicts.html", {"filters": filters, "table": table, "total": table.page.paginator.count})


def conflict_url(pk: int) -> str:
    return reverse("conflict", args=[pk])


@never_cache
@entry(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR, methods=["GET", "POST"])
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    person: Person = request.person
    page = query.conflict_page(person, pk)
    if page is None or (request.method == "POST" and not person.has(Role.SUPERVISOR)):
        raise Http404
    if request.method == "GET":
        return shown(request, page, ConflictForm(page) if person.has(Role.SUPERVISOR) else None)
    form = ConflictForm(page, request.POST)
    form.is_valid()
    try:
        once(person.user, key_of(request), lambda: str(deeds.decide(page.conflict, **form.given(), by=person, at=request.now).pk))
    except Overtaken as overtaken:
        form.add_error(None, str(overtaken))
        return shown(request, page, form, 409)
    except NotAllowed as refused:
        form.refuse(refused)
        return shown(request, page, form, 422)
    return redirect(f"{conflict_url(pk)}?said=1")


def key_of(request: HttpRequest) -> str:
    """The key of the form; one that no form of ours carries is a new one, so that what is wrong is still said."""
    key = request.POST.get("key", "")[:64]
    return key if key.isalnum() else secrets.token_hex(16)


def shown(request: HttpRequest, page: query.ConflictPage, form: ConflictForm | None, status: int = 200) -> HttpResponse:
    context = {
        "page": page,
        "row": page.row,
        "sides": (page.row.a, page.row.b),
        "form": form,
        "key": request.POST.get("key") or secrets.token_hex(16),
        "said": request.GET.get("said"),
    }
    return render(request, "tracker/conflict.html", context, status=status)
