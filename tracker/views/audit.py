"""审计: who did what and when, as the chain keeps it; to be read."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from people import clock
from people.access import Person, entry
from people.models import AuditEntry, Role
from tracker import exporting, formats
from tracker.filters import Filters
from tracker.queries import audit as query
from tracker.tables import Listing, Row, column

VERBS: dict[str, Any] = {
    "report.submitted": _("提交填报"), "report.endorsed": _("审核通过"), "report.accepted": _("核定"), "report.returned": _("退回填报"),
    "report.withdrawn": _("撤回填报"), "alert.noted": _("回应提醒"), "period.urged": _("催报"), "message.arrived": _("写明消息已送达"),
    "message.resend": _("重发消息"), "amendment proposed": _("提出目标调整"), "amendment published": _("发布目标调整"), "amendment rejected": _("不采纳目标调整"),
}  # fmt: skip


class AuditFilters(Filters):
    verb = django_filters.ChoiceFilter(label=_("做了什么"), empty_label=_("全部事情"))
    actor = django_filters.CharFilter(field_name="actor__name", lookup_expr="icontains", label=_("谁"))
    subject = django_filters.CharFilter(field_name="subject", lookup_expr="istartswith", label=_("对象"))
    first = django_filters.DateFilter(method="since", label=_("自"))
    last = django_filters.DateFilter(method="until", label=_("至"))

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, verbs: list[str], zone: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.zone = zone
        self.filters["verb"].extra["choices"] = [(verb, VERBS.get(verb, verb)) for verb in verbs]

    def since(self, found: QuerySet, name: str, day: Any) -> QuerySet:
        return query.on_day(found, day, None, self.zone)

    def until(self, found: QuerySet, name: str, day: Any) -> QuerySet:
        return query.on_day(found, None, day, self.zone)


class AuditListing(Listing):
    caption = _("审计记录")
    heads = (_("序号"), _("时间"), _("谁"), _("做了什么"), _("对象"), _("内容"), _("校验值"))
    density = "dense"
    nothing = (_("没有这样的记录"), _("已核对本级政府的全部审计记录。"))
    position = column(_("序号"), num=True, css="first")
    at = column(_("时间"), css="nowrap", label=False, orderable=False)
    actor = column(_("谁"), label=False, order_by=("actor__name", "-position"))
    verb = column(_("做了什么"), head=True, order_by=("verb", "-position"))
    subject = column(_("对象"), label=False, order_by=("subject", "-position"))
    facts = column(_("内容"), wide=True, label=False, orderable=False)

    class Meta(Listing.Meta):
        order_by = ("-position",)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def record(self, row: Row) -> Sequence[Any]:
        one = query.row(row)
        facts = "\n".join(f"{name}: {value}" for name, value in one.facts)
        return one.position, exporting.local(one.at, self.zone), one.actor, str(VERBS.get(one.verb, one.verb)), one.subject, facts, one.hash

    def cells(self, row: Row) -> Sequence[Any]:
        one = query.row(row)
        facts = format_html_join("　", '<span class="quiet">{}</span> {}', one.facts)
        return (
            one.position,
            format_html(
                '{}<span class="sub">{}</span>', formats.full_day(clock.day_of(one.at, self.zone)), formats.moment(one.at, self.zone).rpartition(" ")[2]
            ),
            one.actor or "–",
            VERBS.get(one.verb, one.verb),
            format_html('{}<span class="sub chain">{}…</span>', one.subject, one.hash[:12]),
            facts,
        )


@entry(Role.AUDITOR, Role.SUPERVISOR)
def audit(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    zone = person.user.government.zone
    filters = AuditFilters(request.GET, query.verbs(person), zone, queryset=query.entries(person))
    table = AuditListing(filters.qs.values(*query.FIELDS), zone=zone)
    if kind := exporting.asked(request):
        return table.file(request, kind, "audit")
    table.on(request)
    chain = query.chain_of(person, request.GET.get("verify") == "1")
    return render(request, "tracker/audit.html", {"filters": filters, "table": table, "total": table.page.paginator.count, "chain": chain})
