"""目标冲突: the contradictions of the documents, both sources side by side; to be read."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.access import entry
from people.models import Role
from plans.models import Conflict
from tracker import exporting, formats
from tracker.components import tag
from tracker.filters import Filters
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
    heads = (*SIDE, *SIDE, _("为什么"), _("类型"), _("状态"), _("以哪处为准"), _("谁定的"))
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
        return (*written(one.a), *written(one.b), one.why, one.kind_word, one.state_word, f"{counts.plan_title} {counts.code}" if counts else "", one.by)

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.ConflictRow = row["row"]
        state = tag(one.state_word, new=one.state == Conflict.State.OPEN)
        return (
            source(one.a),
            source(one.b),
            one.why,
            format_html("<b>{}</b>", one.kind_word) if one.kind == Conflict.Kind.HARD else one.kind_word,
            format_html('{}<span class="sub">{}</span>', state, one.by) if one.by else state,
        )


def written(side: query.Side) -> Sequence[Any]:
    """A target for cells, as SIDE heads them."""
    return side.plan_title, side.code, side.name, side.target, side.due_on, side.locator


def source(side: query.Side) -> Any:
    """A target with its name, figure and day, and below where it stands."""
    return format_html(
        '<a class="name" href="{}">{}</a>{}<span class="figures">{}<span class="quiet">　{}</span></span><span class="sub">{}{}</span>',
        item_url(side.plan, side.code),
        side.name,
        format_html(" {}", tag(_t("以此为准"), new=True)) if side.counts else "",
        side.target,
        _t("%(day)s 前") % {"day": formats.full_day(side.due_on)},
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
