"""核查: samples and the figures of one's own department that were drawn; drawing; one sample; one figure with what is shown and found."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

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
from tracker import exporting, formats, reporting, sampling
from tracker.components import tag
from tracker.forms.sampling import DrawForm, FindForm
from tracker.markup import format_html
from tracker.models import Finding, Sampled
from tracker.queries import sampling as query
from tracker.tables import Listing, Row, column
from tracker.turns import AlreadyMoved, NotYours, Refused
from tracker.views.evidence import handed_out
from tracker.views.judgements import key_of

READERS = (Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
WEEK = 7
Verdict = Finding.Verdict


class SampleListing(Listing):
    caption = _("核查")
    heads = (
        _("次"),
        _("报告期"),
        _("为什么核查"),
        _("抽取"),
        _("总数"),
        _("种子"),
        _("抽样人"),
        _("抽样时间"),
        _("佐证期限"),
        _("属实"),
        _("存疑待查"),
        _("不属实"),
        _("未查"),
    )
    nothing = (_("还没有核查"), _("督查室或审计可以从已核定的数里抽样核查。"))
    number = column(_("次"), head=True)
    purpose = column(_("为什么核查"), wide=True, label=False, orderable=False)
    drawn = column(_("抽取 / 总数"), num=True, orderable=False)
    drawn_at = column(_("抽样"), label=False)
    evidence_by = column(_("佐证期限"))
    found = column(_("结论"), wide=True, label=False, orderable=False)

    class Meta(Listing.Meta):
        order_by = ("-number",)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def raw_rows(self) -> list[Row]:
        return [{"row": row} for row in query.sample_rows(list(super().raw_rows()))]  # type: ignore[arg-type]

    def record(self, row: Row) -> Sequence[Any]:
        one: query.SampleRow = row["row"]
        at = exporting.local(one.at, self.zone)
        verdicts = [one.found[verdict] for verdict in (*Verdict.values, "")]
        return (one.number, one.period, one.purpose, one.drawn, one.frame, one.seed, one.by, at, one.evidence_by, *verdicts)

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.SampleRow = row["row"]
        return (
            format_html('<a class="name" href="{}">{}</a><span class="sub">{}</span>', reverse("sample", args=[one.number]), nth(one.number), one.period),
            one.purpose,
            f"{one.drawn} / {one.frame}",
            format_html('{}<span class="sub">{}</span>', formats.moment(one.at, self.zone, short=True), one.by),
            formats.full_day(one.evidence_by),
            outcome(one),
        )


def nth(number: int) -> str:
    return _t("第 %(n)d 次") % {"n": number}


def outcome(one: query.SampleRow) -> Any:
    """How many were found true, unclear and untrue, and how many are still to be looked at."""
    words = [f"{Verdict(verdict).label} {one.found[verdict]}" for verdict in Verdict.values if one.found[verdict]]
    left = _t("未查 %(n)d") % {"n": one.found[""]} if one.found[""] else ""
    return "　".join([*words, left] if left else words)


class DrawnListing(Listing):
    caption = _("抽到的数")
    heads = (
        _("次"),
        _("序号"),
        _("报告期"),
        _("单位"),
        _("指标"),
        _("编码"),
        _("所报"),
        _("计量单位"),
        _("恰好等于目标"),
        _("附件数"),
        _("结论"),
        _("理由"),
        _("更正"),
    )
    per_page = 100
    nothing = (_("没有抽到本单位的数"), _("抽到后列在这里，并发消息告知。"))
    position = column(_("序号"), num=True, orderable=False)
    measure = column(_("指标"), head=True, orderable=False)
    department = column(_("单位"), label=False, orderable=False)
    value = column(_("所报"), num=True, orderable=False)
    unit = column("", unit=True, orderable=False)
    files = column(_("佐证"), num=True, orderable=False)
    verdict = column(_("结论"), wide=True, label=False, orderable=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def raw_rows(self) -> list[Row]:
        return [{"row": row} for row in query.drawn_rows(super().raw_rows())]  # type: ignore[arg-type]

    def record(self, row: Row) -> Sequence[Any]:
        one: query.Drawn = row["row"]
        first = _t("是") if one.first else ""
        return (one.number, one.position, one.period, one.department, one.measure, one.code, one.value, one.unit, first, one.files, one.word, one.why,
                correction_word(one))  # fmt: skip

    def cells(self, row: Row) -> Sequence[Any]:
        one: query.Drawn = row["row"]
        sub = "　".join(word for word in (nth(one.number), one.period, _t("恰好等于目标") if one.first else "") if word)
        return (
            one.position,
            format_html('<a class="name" href="{}">{}</a><span class="sub">{}</span>', reverse("sampled", args=[one.number, one.position]), one.measure, sub),
            one.short,
            formats.number(one.value),
            one.unit,
            one.files or format_html('<span class="{}">–</span>', "quiet" if one.evidence_by >= self.today or one.verdict else "text-red"),
            stand(one, self.today),
        )


def stand(one: query.Drawn, today: dt.date) -> Any:
    """The verdict, how far its correction came, or that nothing was shown in time."""
    if not one.verdict:
        return tag(_t("逾期未报佐证"), new=True) if not one.files and one.evidence_by < today else tag(_t("未查"))
    word = tag(one.word, new=one.verdict == Verdict.UNTRUE)
    return format_html('{}<span class="sub">{}</span>', word, correction_word(one)) if one.verdict == Verdict.UNTRUE else word


def correction_word(one: query.Drawn) -> str:
    """Of an untrue figure: whether it has been corrected."""
    if one.verdict != Verdict.UNTRUE:
        return ""
    return _t("已更正") if one.corrected == "accepted" else _t("更正单在办") if one.corrected else _t("待更正")


@entry(*READERS)
def samples(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    today, zone = clock.day_of(request.now, person.user.government.zone), person.user.government.zone
    if person.reads_all:
        table: Listing = SampleListing(query.samples(person).select_related("period__cycle", "drawn_by"), zone=zone)
    else:
        table = DrawnListing(query.drawn(person), today=today)
    if kind := exporting.asked(request):
        return table.file(request, kind, "sampling")
    table.on(request)
    context = {"table": table, "total": table.page.paginator.count, "draws": person.has(*sampling.CHECKERS)}
    return render(request, "tracker/samples.html", context)


@never_cache
@entry(*sampling.CHECKERS, methods=["GET", "POST"])
def sample_new(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    periods = query.periods_to_draw(person)
    today = clock.day_of(request.now, person.user.government.zone)
    if request.method == "GET":
        over = next((str(p.pk) for p in periods if p.end <= today), "")
        return _drawing(request, DrawForm(periods, initial={"period": over, "evidence_by": today + dt.timedelta(days=WEEK)}))
    form = DrawForm(periods, request.POST)
    if not form.is_valid():
        return _drawing(request, form, 422)
    given = dict(form.cleaned_data)
    wanted = given.pop("period")
    period = next(p for p in periods if str(p.pk) == wanted)
    try:
        number = once(person.user, key_of(request), lambda: str(sampling.draw(period, sampling.Asked(**given), person, request.now).number))
    except Refused as refused:
        form.refuse(refused)
        return _drawing(request, form, 422)
    return redirect("sample", int(number))


def _drawing(request: HttpRequest, form: DrawForm, status: int = 200) -> HttpResponse:
    return render(request, "tracker/sample_new.html", {"form": form, "key": request.POST.get("key") or secrets.token_hex(16)}, status=status)


@entry(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
def sample(request: HttpRequest, number: int) -> HttpResponse:
    page = query.sample_page(request.person, number)
    if page is None:
        raise Http404
    zone = request.person.user.government.zone
    table = DrawnListing(query.drawn(request.person).filter(sample=page.sample), today=clock.day_of(request.now, zone))
    if kind := exporting.asked(request):
        return table.file(request, kind, f"sample-{number}")
    context = {"page": page, "table": table.on(request), "zone": zone, "verdicts": [(v.label, page.found[v]) for v in Verdict], "left": page.found[""]}
    return render(request, "tracker/sample.html", context)


@never_cache
@entry(*READERS, methods=["GET", "POST"])
def sampled(request: HttpRequest, number: int, position: int) -> HttpResponse:
    person: Person = request.person
    page = query.sampled_page(person, number, position)
    if page is None:
        raise Http404
    if request.method == "GET":
        return _figure(request, page, FindForm() if page.may_find else None)
    done = {"show": _show, "find": _find, "correct": _correct}.get(request.POST.get("do", ""))
    if done is None:
        raise Http404
    try:
        return done(request, page)
    except NotYours:
        raise Http404 from None
    except AlreadyMoved:
        return redirect("sampled", number, position)


def _show(request: HttpRequest, page: query.SampledPage) -> HttpResponse:
    if not sampling.may_show(page.sampled, request.person):
        raise NotYours
    files = request.FILES.getlist("files")
    if not files:
        return _figure(request, page, None, [_t("请先选择文件。")], 422)
    refused: list[str] = []
    for file in files:
        try:
            sampling.show(page.sampled, file.name or "", file.chunks(), request.person, request.now)
        except Refused as wrong:
            refused += [f"{file.name}：{problem.message}" for problem in wrong.problems]
    return _again(request, page.sampled, refused) if refused else redirect("sampled", page.row.number, page.row.position)


def _again(request: HttpRequest, one: Sampled, refused: list[str]) -> HttpResponse:
    """The page as it stands now: of several files some may have been taken."""
    page = query.sampled_page(request.person, one.sample.number, one.position)
    if page is None:
        raise Http404
    return _figure(request, page, None, refused, 422)


def _find(request: HttpRequest, page: query.SampledPage) -> HttpResponse:
    person: Person = request.person
    if not page.may_find:
        raise NotYours
    form = FindForm(request.POST)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in ("verdict", "why")}
    try:
        once(person.user, key_of(request), lambda: str(sampling.find(page.sampled, **given, by=person, at=request.now).pk))
    except Refused as refused:
        form.refuse(refused)
        return _figure(request, page, form, status=422)
    return redirect("sample", page.row.number)


def _correct(request: HttpRequest, page: query.SampledPage) -> HttpResponse:
    """The department begins the correction of what was found untrue; the finding is its reason to begin with."""
    if page.row.verdict != Verdict.UNTRUE or page.row.corrected:
        raise NotYours
    reason = _t("第 %(number)d 次核查认定不属实：%(why)s") % {"number": page.row.number, "why": page.row.why}
    basis = _t("第 %(number)d 次核查第 %(position)d 项") % {"number": page.row.number, "position": page.row.position}
    try:
        report = reporting.correct(page.sampled.report, request.person, request.now, reason, basis)
    except Refused as refused:
        return _figure(request, page, None, [problem.message for problem in refused.problems], 422)
    return redirect("report", report.duty_id)


def _figure(request: HttpRequest, page: query.SampledPage, form: FindForm | None, refused: Sequence[str] = (), status: int = 200) -> HttpResponse:
    person: Person = request.person
    corrects = page.row.verdict == Verdict.UNTRUE and not page.row.corrected and reporting.may_write(page.sampled.report.duty, person)
    context = {
        "page": page, "row": page.row, "form": form, "refused": refused, "corrects": corrects, "correction": correction_word(page.row),
        "key": request.POST.get("key") or secrets.token_hex(16), "zone": person.user.government.zone,
    }  # fmt: skip
    return render(request, "tracker/sampled.html", context, status=status)


@entry(*READERS)
def sampled_file(request: HttpRequest, pk: int) -> FileResponse:
    return handed_out(query.file_of(request.person, pk))
