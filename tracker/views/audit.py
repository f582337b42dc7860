"""审计: who did what and when, as the chain keeps it; to be read."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people import clock
from people.access import Person, entry
from people.models import AuditEntry, Role
from tracker import audit_words, exporting, formats
from tracker.filters import Filters
from tracker.markup import format_html, format_html_join
from tracker.queries import audit as query
from tracker.tables import Listing, Row, column


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
        self.filters["verb"].extra["choices"] = [(verb, audit_words.verb(verb)) for verb in verbs]

    def since(self, found: QuerySet, name: str, day: Any) -> QuerySet:
        return query.on_day(found, day, None, self.zone)

    def until(self, found: QuerySet, name: str, day: Any) -> QuerySet:
        return query.on_day(found, None, day, self.zone)


class AuditListing(Listing):
    caption = _("审计记录")
    heads = (_("序号"), _("时间"), _("谁"), _("做了什么"), _("对象"), _("内容"), _("对象代码"), _("校验值"))
    density = "dense"
    nothing = (_("没有这样的记录"), _("已核对本级政府的全部审计记录。"))
    position = column(_("序号"), num=True, css="first")
    at = column(_("时间"), css="nowrap", label=False, orderable=False)
    actor = column(_("谁"), css="nowrap", label=False, order_by=("actor__name", "-position"))
    verb = column(_("做了什么"), head=True, css="nowrap", order_by=("verb", "-position"))
    subject = column(_("对象"), css="nowrap", label=False, order_by=("subject", "-position"))
    facts = column(_("内容"), wide=True, css="told", label=False, orderable=False)

    class Meta(Listing.Meta):
        order_by = ("-position",)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def record(self, row: Row) -> Sequence[Any]:
        one = query.row(row)
        facts = "\n".join(fact.words for fact in one.facts)
        at = exporting.local(one.at, self.zone)
        return one.position, at, one.actor, audit_words.verb(one.verb), audit_words.subject(one.subject), facts, one.subject, one.hash

    def cells(self, row: Row) -> Sequence[Any]:
        one = query.row(row)
        return (
            one.position,
            format_html(
                '{}<span class="sub">{}</span>', formats.full_day(clock.day_of(one.at, self.zone)), formats.moment(one.at, self.zone).rpartition(" ")[2]
            ),
            one.actor or "–",
            audit_words.verb(one.verb),
            format_html('{}<span class="sub chain">{} {}…</span>', audit_words.subject(one.subject), one.subject, one.hash[:8]),
            format_html_join("　", "{}", ((fact(each),) for each in one.facts)),
        )


def fact(each: audit_words.Told) -> SafeString:
    """A field with its value; of one that changed what was before, struck, and what is now."""
    name = format_html('<span class="quiet">{}</span> ', each.name) if each.name else SafeString("")
    if each.old is None:
        return format_html("{}{}", name, each.value)
    gone = format_html("<del>{}</del>", each.old) if each.old else format_html('<span class="quiet">{}</span>', _t("空"))
    return format_html('{}{} <i aria-label="{}">→</i> {}', name, gone, _t("变为"), each.value or format_html('<span class="quiet">{}</span>', _t("空")))


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
