"""目标力度: targets beside the last result and longer targets that are passed early; and one of them with what its lead says."""

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
from plans.ambition import Verdict
from tracker import explaining, exporting, formats
from tracker.components import tag
from tracker.filters import Filters
from tracker.forms.ambition import ExplanationForm
from tracker.markup import format_html
from tracker.queries import ambition as query
from tracker.queries.ambition_item import AmbitionPage, ambition_page
from tracker.tables import Listing, Row, column
from tracker.turns import Refused
from tracker.views.items import item_url

PER_PAGE = 50
VERDICTS = {
    Verdict.BELOW: _("低于上年结果"), Verdict.EARLY: _("提前达到"), Verdict.SAME: _("与上年持平"), Verdict.ABOVE: _("高于上年结果"),
}  # fmt: skip


class AmbitionFilters(Filters):
    chips: tuple[str, ...] = ("verdict",)
    plan = django_filters.ChoiceFilter(label=_("规划"), field_name="item__plan__code", empty_label=_("全部规划"))
    verdict = django_filters.ChoiceFilter(label=_("力度"), choices=[(verdict.value, word) for verdict, word in VERDICTS.items()], method="by_verdict")

    def __init__(self, *args: Any, rows: Sequence[query.AmbitionRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.filters["plan"].extra["choices"] = query.named_plans(list(rows))

    def by_verdict(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(pk__in=[row.terms for row in self.rows if row.verdict == value])


class AmbitionListing(Listing):
    caption = _("目标力度")
    heads = (
        _("规划"), _("编码"), _("事项"), _("牵头"), _("目标"), _("期限"), _("单位"), _("对照"), _("对照日期"), _("对照出处"), _("相差"), _("力度"), _("说明"), _("说明人"), _("说明日期"),
    )  # fmt: skip
    per_page = PER_PAGE
    nothing = (_("没有可以对照的目标"), _("已核对全部已发布的目标；单位或口径不同的不比。"))
    name = column(_("事项"), head=True, orderable=False)
    target = column(_("目标"), num=True, orderable=False)
    beside = column(_("对照"), num=True, orderable=False)
    by = column(_("相差"), num=True, orderable=False)
    verdict = column(_("力度"), orderable=False)
    words = column(_("说明"), wide=True, orderable=False)

    def record(self, row: Row) -> Sequence[Any]:
        one: query.AmbitionRow = row["row"]
        said = one.explanation
        return (
            one.plan_title, one.code, one.name, one.lead, one.target, one.due_on, one.unit, one.beside, one.beside_on, one.source, one.by,
            str(VERDICTS[one.verdict]), said.words if said else "", said.by.name if said else "", said.at.date() if said else None,
        )  # fmt: skip

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.AmbitionRow = row["row"]
        page = reverse("item-ambition", args=[one.plan, one.code])
        said = one.explanation
        words = format_html('{}<span class="sub">{}　{}</span>', said.words, said.by.name, formats.full_day(said.at.date())) if said else ""
        return (
            format_html('<a class="name" href="{}">{}</a><span class="sub">{}　{}</span>', item_url(one.plan, one.code), one.name, one.plan_title, one.lead),
            one.target,
            format_html('{}<span class="sub">{}</span>', one.beside, formats.full_day(one.beside_on)),
            formats.signed(one.by),
            tag(str(VERDICTS[one.verdict]), new=one.verdict in (Verdict.BELOW, Verdict.EARLY)),
            format_html('{} <a href="{}">{}</a>', words, page, _t("查看") if said else _t("说明")),
        )


@entry()
def ambition(request: HttpRequest) -> HttpResponse:
    rows = query.ambition(request.person, request.now)
    filters = AmbitionFilters(request.GET, queryset=query.terms_of(rows), rows=rows, counts={"verdict": query.counted(rows)})
    kept, asked = set(filters.qs.values_list("pk", flat=True)), request.GET.get("verdict", "")
    shown_rows = [{"row": row} for row in rows if row.terms in kept and asked in ("", row.verdict)]
    table = AmbitionListing(shown_rows)
    if kind := exporting.asked(request):
        return table.file(request, kind, "ambition")
    table.on(request)
    context = {"filters": filters, "table": table, "total": len(shown_rows), "counts": query.counted(rows)}
    return render(request, "tracker/ambition.html", context)


@never_cache
@entry(methods=["GET", "POST"])
def item(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    person: Person = request.person
    page = ambition_page(person, plan, code, request.now)
    if page is None or (request.method == "POST" and not page.writes):
        raise Http404
    if request.method == "GET":
        return shown(request, page, ExplanationForm() if page.writes else None)
    form = ExplanationForm(request.POST)
    form.is_valid()
    figures = "; ".join(row.figures for row in page.rows)
    words = form.cleaned_data.get("words", "")
    try:
        once(person.user, key_of(request), lambda: str(explaining.explain(page.seen.terms, figures, words, person, request.now).pk))
    except Refused as refused:
        form.refuse(refused)
        return shown(request, page, form, 422)
    return redirect(f"{reverse('item-ambition', args=[plan, code])}?said=1")


def key_of(request: HttpRequest) -> str:
    """The key of the form; one that no form of ours carries is a new one, so that what is wrong is still said."""
    key = request.POST.get("key", "")[:64]
    return key if key.isalnum() else secrets.token_hex(16)


def shown(request: HttpRequest, page: AmbitionPage, form: ExplanationForm | None, status: int = 200) -> HttpResponse:
    rows = [(row, VERDICTS[row.verdict], formats.signed(row.by)) for row in page.rows]
    context = {
        "heading": _t("目标力度"), "row": page.seen.row, "rows": rows, "history": page.history, "form": form,
        "key": request.POST.get("key") or secrets.token_hex(16), "said": request.GET.get("said"),
    }  # fmt: skip
    return render(request, "tracker/ambition_item.html", context, status=status)
