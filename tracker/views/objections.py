"""异议: the list, one of them with its story, the form that makes one, its files, and how long an answer may take."""

import secrets
from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people import clock
from people.access import Person, entry
from people.form_keys import once
from people.models import Role
from tracker import evidence, exporting, formats, objecting
from tracker.components import department, tag
from tracker.filters import Filters
from tracker.forms.beside import AnswerForm, BesideForm, LimitForm, ObjectionForm, ReviewForm
from tracker.markup import format_html
from tracker.models import Objection, ProgressReport
from tracker.queries import objections as query
from tracker.queries.judgements import ItemSeen, item_seen
from tracker.tables import Listing, Row, column
from tracker.turns import NotYours, Refused
from tracker.views.judgements import key_of

READERS = (Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
ONE = lambda word: [("1", word)]  # noqa: E731
SAID = ("made", "taken", "answered", "asked", "good")


class ObjectionFilters(Filters):
    chips: tuple[str, ...] = ("state", "late", "mine")
    department = django_filters.ChoiceFilter(field_name="department__code", label=_("部门"), empty_label=_("全部部门"))
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=Objection.Kind.choices, empty_label=_("全部类别"))
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Objection.State.choices)
    late = django_filters.ChoiceFilter(method="is_late", label=_("超过时限"), choices=ONE(_("超过时限")))
    mine = django_filters.ChoiceFilter(method="is_mine", label=_("由我答复"), choices=ONE(_("由我答复")))

    class Meta:
        model = Objection
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, person: Person, day: Any, departments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.person, self.day = person, day
        self.filters["department"].extra["choices"] = departments
        for name, there in (("department", bool(departments)), ("mine", person.has(Role.SUPERVISOR))):
            if not there:
                del self.filters[name]
                self.chips = tuple(chip for chip in self.chips if chip != name)

    def is_late(self, found: QuerySet, name: str, on: str) -> QuerySet:
        return query.late(found, self.day)

    def is_mine(self, found: QuerySet, name: str, on: str) -> QuerySet:
        return found.filter(state=Objection.State.OPEN, named=self.person.id)


class ObjectionListing(Listing):
    caption = _("异议")
    heads = (_("规划"), _("编码"), _("事项"), _("对什么"), _("哪里不对"), _("部门"), _("提出"), _("答复时限"), _("答复人"), _("状态"), _("办结"))
    nothing = (_("没有异议"), _("已核对权限内的全部异议。"))
    name = column(_("事项"), head=True, order_by=("item__plan__position", "item__position"))
    kind = column(_("对什么"), label=False)
    department = column(_("部门"), order_by=("department__position", "due_on"), label=False)
    opened = column(_("提出"), num=True, order_by=("opened_on",))
    due = column(_("答复时限"), num=True, order_by=("due_on",))
    named = column(_("答复人"), order_by=("named__name",))
    state = column(_("状态"), label=False, order_by=("state", "due_on"))

    class Meta(Listing.Meta):
        order_by = ("due",)

    def __init__(self, *args: Any, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.page_of = day, reverse("objections")

    def raw_rows(self) -> list[Row]:
        return [{"row": row} for row in query.rows(super().raw_rows(), self.day)]

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.ObjectionRow = row["row"]
        name = format_html('<a class="name" href="{}{}/">{}</a><span class="sub">{}</span>', self.page_of, one.pk, one.name, one.wrong[:60])
        late = format_html('{} <span class="overdue">{}</span>', formats.short_day(one.due_on), _t("超时")) if one.late else formats.short_day(one.due_on)
        state = state_words(one)
        return name, one.kind, department(one.department, one.short), formats.short_day(one.opened_on), late, one.named, tag(state, new=one.state == "open")

    def record(self, row: Row) -> Sequence[Any]:
        one: query.ObjectionRow = row["row"]
        return one.plan, one.code, one.name, one.kind, one.wrong, one.department, one.opened_on, one.due_on, one.named, state_words(one), one.closed_on


def state_words(one: query.ObjectionRow) -> str:
    return _t("复核中") if one.in_review else str(Objection.State(one.state).label)


@entry(*READERS)
def objections(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    day = clock.day_of(request.now, person.user.government.zone)
    every = query.objections(person)
    filters = ObjectionFilters(request.GET, person, day, query.departments_of(person), queryset=every, counts=query.chip_counts(every, person, day))
    table = ObjectionListing(filters.qs.values(*query.FIELDS), day=day)
    if kind := exporting.asked(request):
        return table.file(request, kind, "objections")
    table.on(request)
    return render(request, "tracker/objections.html", {"filters": filters, "table": table, "total": table.page.paginator.count})


@never_cache
@entry(Role.REPORTER, Role.REVIEWER, methods=["GET", "POST"])
def objection_new(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """The form by which the leading department contests something about an item; `?report=` one of its returned reports."""
    person, seen = request.person, item_seen(request.person, plan, code, request.now)
    if seen is None or not objecting.may_object(seen.terms.lead_id, person, clock.day_of(request.now, person.user.government.zone)):
        raise Http404
    asked = request.POST.get("report", request.GET.get("report", ""))
    report = query.returned_report(person, seen.item, asked) if asked else None
    if asked and report is None:
        raise Http404
    if request.method == "GET":
        return _new(request, seen, ObjectionForm(returned=report is not None), report)
    form = ObjectionForm(request.POST, request.FILES, returned=report is not None)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in ("kind", "wrong", "should")}
    try:
        files = [evidence.store(file.name or "", file.chunks()) for file in request.FILES.getlist("evidence")]
        made = once(person.user, key_of(request), lambda: str(objecting.make(seen.item, **given, by=person, at=request.now, report=report, files=files).pk))
    except Refused as refused:
        form.refuse(refused)
        return _new(request, seen, form, report, 422)
    return redirect(f"{reverse('objection', args=[int(made)])}?said=made")


def _new(request: HttpRequest, seen: ItemSeen, form: ObjectionForm, report: ProgressReport | None, status: int = 200) -> HttpResponse:
    context = {
        "heading": _t("提出异议"), "row": seen.row, "form": form, "report": report, "key": request.POST.get("key") or secrets.token_hex(16),
        "days": request.person.user.government.objection_days,
    }  # fmt: skip
    return render(request, "tracker/objection_new.html", context, status=status)


@never_cache
@entry(*READERS, methods=["GET", "POST"])
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    page = _found(request, pk)
    if request.method == "GET":
        return _page(request, page)
    do, person, at = request.POST.get("do", ""), request.person, request.now
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else -1
    words = request.POST.get("words", "")
    form: BesideForm = AnswerForm(request.POST) if do == "answer" else ReviewForm(request.POST)
    form.is_valid()
    try:
        if do == "answer" and page.answers:
            objecting.answer(page.objection, request.POST.get("outcome", ""), words, person, at, version)
        elif do == "take" and page.takes_over:
            objecting.take_over(page.objection, person, at, version)
        elif do == "ask" and page.asks_review:
            objecting.ask_review(page.objection, words, person, at, version)
        elif do == "good" and page.ways:
            objecting.make_good(page.objection, request.POST.get("subject", ""), person, at)
        else:
            raise Http404
    except NotYours:
        raise Http404 from None
    except objecting.Overtaken:
        return _page(request, _found(request, pk), 409, problem=_t("这件异议刚被别人办过，以下是现在的样子。"), form=form)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, page, 422, problem="" if do in ("answer", "ask") else str(refused), form=form)
    said = {"answer": "answered", "take": "taken", "ask": "asked", "good": "good"}[do]
    return redirect(f"{reverse('objection', args=[pk])}?said={said}")


def _found(request: HttpRequest, pk: int) -> query.ObjectionPage:
    page = query.objection_page(request.person, pk, request.now)
    if page is None:
        raise Http404
    return page


def _page(request: HttpRequest, page: query.ObjectionPage, status: int = 200, problem: str = "", form: BesideForm | None = None) -> HttpResponse:
    said = request.GET.get("said", "")
    context = {
        "heading": _t("异议"), "row": page.seen.row, "page": page, "one": page.objection, "problem": problem, "zone": request.person.user.government.zone,
        "said": said if said in SAID else "", "answer": form if isinstance(form, AnswerForm) else AnswerForm(),
        "ask": form if isinstance(form, ReviewForm) else ReviewForm(), "supervises": request.person.has(Role.SUPERVISOR),
    }  # fmt: skip
    return render(request, "tracker/objection.html", context, status=status)


@entry(*READERS)
def objection_file(request: HttpRequest, pk: int) -> FileResponse:
    file = query.file_of(request.person, pk)
    if file is None or not evidence.path_of(file.sha256).exists():
        raise Http404
    response = FileResponse(evidence.path_of(file.sha256).open("rb"), as_attachment=True, filename=file.name, content_type=file.kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@never_cache
@entry(Role.ADMINISTRATOR, methods=["GET", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """时限: settings of the government that are numbers of days."""
    form = LimitForm(request.POST or None, initial={"days": request.person.user.government.objection_days})
    if request.method == "POST" and form.is_valid():
        try:
            objecting.set_limit(form.cleaned_data["days"], request.person, request.now)
            return redirect(f"{reverse('limits')}?said=1")
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "said": request.GET.get("said")}
    return render(request, "tracker/limits.html", context, status=422 if request.method == "POST" else 200)
