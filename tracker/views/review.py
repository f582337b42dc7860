"""审核: the queue at the left, one report and its difference at the right; passed on or given back, one or many."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from people import clock
from people.access import Person, entry
from people.models import Role
from tracker import exporting, records, reviewing
from tracker.components import coloured, delta, light, link, pager, turn
from tracker.formats import signed
from tracker.forms.entries import whole
from tracker.markup import format_html
from tracker.models import ProgressReport
from tracker.models.standings import Light
from tracker.queries.criteria import to_decide
from tracker.queries.objections import waiting
from tracker.queries.review import Case, Detail, Queue, chosen, detail, endorses, moved_words, queue
from tracker.tables import Listing, column
from tracker.turns import AlreadyMoved, NotYours, Refused

ASKS_FROM = 2  # figures accepted at once; one alone stands with all its difference beside the button
ROLES = (Role.REVIEWER, Role.SUPERVISOR)
NOT_YOURS = gettext_lazy("不能办理：不在职责范围内，或本人经手过这份填报。")


@dataclass(frozen=True)
class Said:
    """What became of one report of those that were passed on or given back."""

    name: str
    words: str
    done: bool
    url: str


class ReviewListing(Listing):
    """The queue; `selected` is the report shown beside it, `query` what keeps to the tab."""

    caption = gettext_lazy("待审核")
    density = "dense"
    nothing = (gettext_lazy("没有待办的填报"), gettext_lazy("已核对全部送到这里的填报。"))
    tick = column(gettext_lazy("选"), label=False, css="tick", orderable=False, empty_values=())
    name = column(gettext_lazy("事项"), head=True, orderable=False, empty_values=())
    last = column(gettext_lazy("上次"), num=True, orderable=False, empty_values=(), css="quiet")
    value = column(gettext_lazy("本期"), num=True, orderable=False, empty_values=())
    unit = column(gettext_lazy("单位"), unit=True, orderable=False, empty_values=())
    change = column(gettext_lazy("变化"), num=True, hide_narrow=True, orderable=False, empty_values=())
    gap = column(gettext_lazy("差距"), num=True, orderable=False, empty_values=())
    light = column(gettext_lazy("亮灯"), end=True, orderable=False, empty_values=())

    def __init__(self, page: Queue, selected: int, query: str, acts: bool) -> None:
        self.page_queue, self.selected, self.query, self.acts = page, selected, query, acts
        self.held = Counter(case.row.duty.department_id for case in page.cases)
        self.plain = Counter(case.row.duty.department_id for case in page.cases if case.is_plain)
        super().__init__([{"case": case} for case in page.cases])

    def is_selected(self, row: Mapping[str, Any]) -> bool:
        return bool(row["case"].pk == self.selected)

    def group(self, row: Mapping[str, Any]) -> SafeString:
        """The department with its count, and one press for all of it that is plain."""
        department = row["case"].row.duty.department
        plain, n = self.plain[department.pk], self.held[department.pk]
        head = format_html('{}<span class="count">{}</span>', department, n)
        if not plain or not self.acts:
            return head
        words = _("通过无异常 %(n)d 项") % {"n": plain}
        return format_html('{} <button class="button button--quiet button--small" name="plain" value="{}">{}</button>', head, department.pk, words)

    def cells(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        case: Case = row["case"]
        figure = case.report.answer == ProgressReport.Answer.VALUE
        value = format_html("<b>{}</b>", case.value) if figure else case.value
        change = delta(case.change) if case.change is not None else ""
        return self._tick(case), self._name(case), case.row.last_value, value, case.row.unit if figure else "", change, *_lights(case)

    def _tick(self, case: Case) -> SafeString:
        hidden = format_html('<input type="hidden" name="version-{}" value="{}">', case.pk, case.report.version)
        if not self.acts:
            return SafeString("")
        words = _("选择%(name)s") % {"name": case.row.measure}
        plain = ' data-plain="1"' if case.is_plain else ""
        box = format_html('<input type="checkbox" class="check" name="pick" value="{}" aria-label="{}"{}>', case.pk, words, SafeString(plain))
        return format_html("{}{}", box, hidden)

    def _name(self, case: Case) -> SafeString:
        flags = format_html('<span class="sub">{}</span>', _("，").join(case.flags)) if case.flags else ""
        return format_html("{}{}", link(str(case.row.measure), reverse("review-report", args=[case.pk]) + self.query), flags)


def _lights(case: Case) -> tuple[Any, Any]:
    """The gap and the light of the promise that lags most, with its turn where the report makes one."""
    main = case.main
    lit = main.then or main.now if main else None
    if main is None or lit is None:
        return "", ""
    gap = "" if lit.gap is None or lit.light in (Light.NOT_DUE, Light.GREY) else coloured(signed(lit.gap), lit.light)
    return gap, turn(main.now.light, lit.light, lit.estimate, assumed=lit.assumed) if main.then and main.now else light(
        lit.light, lit.estimate, assumed=lit.assumed
    )


@never_cache
@entry(*ROLES, methods=["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _pass_many(request)
    if kind := exporting.asked(request):
        whole = queue(request.person, request.now, request.GET.get("tab", ""), request.GET.get("show", ""), whole=True)
        return exporting.file_response(kind, "review", ReviewListing.caption, records.CASE, map(records.case_record, whole.cases))
    page = _queue(request)
    first = detail(request.person, page.cases[0].pk, request.now, page.cases) if page.cases else None
    return _page(request, page, first, alone=False)


@never_cache
@entry(*ROLES, methods=["GET", "POST"])
def review_report(request: HttpRequest, report: int) -> HttpResponse:
    page = _queue(request)
    shown = detail(request.person, report, request.now, page.cases)
    if shown is None:
        raise Http404
    return _decide(request, page, shown) if request.method == "POST" else _page(request, page, shown)


def _queue(request: HttpRequest) -> Queue:
    """The page of the queue that the address names."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 7 else 1
    return queue(request.person, request.now, request.GET.get("tab", ""), request.GET.get("show", ""), number)


def _page(request: HttpRequest, page: Queue, shown: Detail | None, said: list[Said] | None = None, status: int = 200, **more: Any) -> HttpResponse:
    person: Person = request.person
    query = _query(page)
    acts = page.tab in ("waiting", "corrections")
    table = ReviewListing(page, shown.case.pk if shown else 0, query, acts)
    context = {
        "queue": page, "table": table, "detail": shown, "acts": acts, "said": said or [], "query": query, "zone": person.user.government.zone,
        "pager": _pager(page), "export_url": f"{reverse('review')}?tab={page.tab}&show={page.chip}",
        "place": page.before + page.place(shown.case.pk) if shown and page.place(shown.case.pk) else 0, "alone": True, "why": request.POST.get("why", ""),
        "objections": waiting(request.person, request.now), "decide": to_decide(request.person), "today": clock.day_of(request.now, request.person.user.government.zone), **more,
    }  # fmt: skip
    return render(request, "tracker/review.html", context, status=status)


def _pager(page: Queue) -> SafeString:
    """The pages of the queue."""
    address = f"{reverse('review')}?tab={page.tab}&show={page.chip}&page="
    return pager(page.page, page.pages, page.before + 1, page.before + len(page.cases), page.total, lambda n: f"{address}{n}")


def _query(page: Queue) -> str:
    asked = [f"tab={page.tab}"] * (page.tab != "waiting") + [f"show={page.chip}"] * bool(page.chip) + [f"page={page.page}"] * (page.page > 1)
    return f"?{'&'.join(asked)}" if asked else ""


def _pass_many(request: HttpRequest) -> HttpResponse:
    """Passes on what was picked, or all that is plain of one department; each on its own, and says what became of each. Asks first where
    several would be accepted."""
    person: Person = request.person
    before = _queue(request)
    if plain := request.POST.get("plain", ""):
        picked = [str(case.pk) for case in before.cases if case.is_plain and str(case.row.duty.department_id) == plain]
    else:
        picked = request.POST.getlist("pick")
    versions = {whole(pk): whole(request.POST.get(f"version-{pk}", "")) for pk in picked}
    reports = chosen(person, versions)
    own = [report for report in reports if endorses(person, report)]
    others = [report for report in reports if report not in own]
    if len(others) >= ASKS_FROM and "sure" not in request.POST:
        return _ask(request, before, reports)
    outcomes = [*reviewing.endorse_many(own, person, request.now), *reviewing.accept_many(others, person, request.now)]
    said = [_said(outcome.report, outcome.done, outcome.why) for outcome in outcomes]
    page = _queue(request)
    first = detail(person, page.cases[0].pk, request.now, page.cases) if page.cases else None
    return _page(request, page, first, said, 200 if all(s.done for s in said) else 409, alone=False)


def _ask(request: HttpRequest, page: Queue, reports: list[ProgressReport]) -> HttpResponse:
    """Asks once more before many figures are accepted, which nothing takes back; with what the page showed of each."""
    shown = {case.pk: case for case in page.cases}
    asked = [(report, shown.get(report.pk)) for report in reports]
    return _page(request, page, None, asked=asked, alone=False)


def _said(report: ProgressReport, done: bool, why: str = "") -> Said:
    if done:
        words = _("已审核通过，送督查室核定。") if report.state == ProgressReport.State.ENDORSED else _("已核定。")
    else:
        words = moved_words(report) if report.state not in (ProgressReport.State.SUBMITTED, ProgressReport.State.ENDORSED) else why
    return Said(str(report.measure), words, done, reverse("review-report", args=[report.pk]))


def _decide(request: HttpRequest, page: Queue, shown: Detail) -> HttpResponse:
    """Passes one report on, gives it back or comments on it; goes on to the next, or says why nothing was done."""
    person, report, do = request.person, shown.case.report, request.POST.get("do", "")
    seen, why = whole(request.POST.get("version", "")), request.POST.get("why", "")
    try:
        if do == "pass":
            deed = reviewing.endorse if endorses(person, report) else reviewing.accept
            deed(report, person, request.now, version=seen)
        elif do == "return":
            reviewing.give_back(report, person, request.now, why, version=seen)
        elif do == "comment":
            reviewing.comment(report, person, request.now, why)
        else:
            raise Http404
    except AlreadyMoved as moved:
        return _not_done(request, shown, moved_words(moved.report), 409)
    except NotYours:
        return _not_done(request, shown, str(NOT_YOURS), 409)
    except Refused as refused:
        return _not_done(request, shown, " ".join(p.message for p in refused.problems), 422)
    following = page.after(shown.case.pk)
    onward = shown.case.pk if do == "comment" else following.pk if following else None
    return redirect((reverse("review-report", args=[onward]) if onward else reverse("review")) + _query(page))


def _not_done(request: HttpRequest, shown: Detail, words: str, status: int) -> HttpResponse:
    page = _queue(request)
    fresh = detail(request.person, shown.case.pk, request.now, page.cases) or shown
    said = [Said(str(shown.case.row.measure), words, False, reverse("review-report", args=[shown.case.pk]))]
    return _page(request, page, fresh, said, status)
