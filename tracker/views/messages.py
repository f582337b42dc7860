"""消息: what went out, to whom and when; each in a frame of its own; and what an operator says of a doubt."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from people import clock
from people.access import Person, entry
from people.language import in_language
from tracker import doubts, exporting, formats, installation
from tracker.components import department, tag
from tracker.filters import Filters
from tracker.markup import format_html
from tracker.models import Message
from tracker.queries import messages as query
from tracker.tables import Listing, Row, column

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
State = Message.State
SHOWN = 4  # digests
STRONG = (State.DOUBT, State.FAILED)


class MessageFilters(Filters):
    chips: tuple[str, ...] = ("state",)
    q = django_filters.CharFilter(field_name="subject", lookup_expr="icontains", label=_("标题"))
    to = django_filters.CharFilter(field_name="recipient__name", lookup_expr="icontains", label=_("收件人"))
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=Message.Kind.choices, empty_label=_("全部类别"))
    state = django_filters.ChoiceFilter(label=_("状态"), choices=State.choices)

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, everybody: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters["q"].label, self.filters["to"].label = _("标题"), _("收件人")
        if not everybody:
            del self.filters["to"]
        if not self.data.get("state"):
            self.filters["state"].extra["choices"] = [(value, word) for value, word in State.choices if self.counts.get("state", {}).get(value)]


class MessageListing(Listing):
    caption = _("消息")
    heads = (_("标题"), _("类别"), _("收件人"), _("单位"), _("生成"), _("发出"), _("状态"))
    density = "dense"
    nothing = (_("没有消息"), _("已核对权限内的全部消息。"))
    subject = column(_("标题"), head=True, orderable=False)
    kind = column(_("类别"), label=False)
    recipient = column(_("收件人"), order_by=("recipient__name", "-made_at"), label=False)
    made_at = column(_("生成"), num=True)
    sent_at = column(_("发出"), num=True)
    state = column(_("状态"), label=False)

    class Meta(Listing.Meta):
        order_by = ("-made_at",)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.root = zone, reverse("messages")

    def record(self, row: Row) -> Sequence[Any]:
        place = in_language(row["recipient__department__name"], row["recipient__department__name_en"])
        made, sent = exporting.local(row["made_at"], self.zone), exporting.local(row["sent_at"], self.zone)
        return row["subject"], str(Message.Kind(row["kind"]).label), row["recipient__name"], place, made, sent, str(State(row["state"]).label)

    def cells(self, row: Row) -> Sequence[Any]:
        place = in_language(row["recipient__department__name"], row["recipient__department__name_en"])
        return (
            format_html('<a class="name" href="{}{}/">{}</a>', self.root, row["pk"], row["subject"]),
            Message.Kind(row["kind"]).label,
            format_html('{}<span class="sub">{}</span>', row["recipient__name"], department(place, in_language(row["recipient__department__short"], place))),
            formats.moment(row["made_at"], self.zone, short=True),
            formats.moment(row["sent_at"], self.zone, short=True),
            state_cell(row["state"]),
        )


def state_cell(state: str) -> Any:
    word = str(State(state).label)
    return tag(word, new=True) if state in STRONG else format_html("{}", word)


@entry()
def messages(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    every, everybody, zone = query.messages(person), query.sees_all(person), person.user.government.zone
    filters = MessageFilters(request.GET, everybody, queryset=every, counts=query.chip_counts(every))
    table = MessageListing(filters.qs.values(*query.FIELDS), zone=zone)
    if kind := exporting.asked(request):
        return table.file(request, kind, "messages")
    table.on(request)
    runs = query.digest_runs(person) if everybody else []
    good = next((run for run in runs if run.ran), None)
    shown = {
        "filters": filters, "table": table, "total": table.page.paginator.count, "everybody": everybody, "zone": zone,
        "runs": [(week(run.week), run, ran(run)) for run in runs[:SHOWN]], "good": good, "held_back": everybody and installation.held_back(),
        "age": (clock.day_of(request.now, zone) - clock.day_of(good.at, zone)).days if good else 0,
        "doubts": filters.counts["state"].get(State.DOUBT, 0), "failed": filters.counts["state"].get(State.FAILED, 0),
    }  # fmt: skip
    return render(request, "tracker/messages.html", shown)


def week(occasion: str) -> str:
    """2022-W42 as words."""
    year, _mark, number = occasion.partition("-W")
    return _t("%(year)s年第%(week)s周") % {"year": year, "week": int(number)} if number.isdecimal() else occasion


def ran(run: query.DigestRun) -> str:
    """What a digest run came to: sent n, nothing lagging among n checked, or why it failed."""
    if not run.ran:
        return _t("没有办成：%(error)s") % {"error": run.error}
    if run.messages:
        return _t("核对 %(checked)d 项，生成 %(n)d 封") % {"checked": run.checked, "n": run.messages}
    return _t("核对 %(checked)d 项，没有滞后，不发") % {"checked": run.checked}


def _found(person: Person, pk: int) -> Message:
    message = query.message(person, pk)
    if message is None:
        raise Http404
    return message


@entry()
def message(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, _found(request.person, pk))


def page(request: HttpRequest, found: Message, error: str = "") -> HttpResponse:
    person: Person = request.person
    shown = {
        "message": found, "zone": person.user.government.zone, "may_settle": doubts.may_settle(found, person), "error": error,
        "in_doubt": found.state == State.DOUBT, "strong": found.state in STRONG, "everybody": query.sees_all(person),
    }  # fmt: skip
    return render(request, "tracker/message.html", shown, status=409 if error else 200)


@entry(*doubts.SETTLERS, methods=["POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request.person, pk)
    try:
        doubts.settle(found, request.person, request.now, request.POST.get("said", ""))
    except PermissionDenied:
        raise Http404 from None
    except (doubts.Settled, ValueError):
        return page(request, _found(request.person, pk), _t("这封消息的状态已变，没有改动"))
    return redirect("message", pk=pk)


@entry()
@xframe_options_sameorigin
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML as it went out, for the frame of its page: it may bring its own styles, and nothing else works in it."""
    found = _found(request.person, pk)
    html = found.html or format_html("<pre>{}</pre>", found.text)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store", "Content-Disposition": "inline"}
    return HttpResponse(html, headers=headers)
