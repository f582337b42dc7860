"""核查: samples, the figures that were drawn, and what was found of them. A fixed number of statements, however many figures."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery

from people.access import Person
from people.language import in_language
from plans.models import Measure
from tracker import lots, sampling, wording
from tracker.models import Finding, Period, ProgressReport, Sample, Sampled, SampledFile

Verdict = Finding.Verdict
LAST = Finding.objects.filter(sampled=OuterRef("pk")).order_by("-pk")


@dataclass(frozen=True)
class Drawn:
    """A figure that was drawn. `verdict` '': nothing was found yet; `corrected` says how far the correction of an untrue one came."""

    pk: int
    number: int
    position: int
    period: str
    measure: str
    code: str
    department: str
    short: str
    value: Decimal | None
    unit: str
    first: bool
    files: int
    verdict: str
    why: str
    corrected: str
    evidence_by: dt.date

    @property
    def word(self) -> str:
        return str(Verdict(self.verdict).label) if self.verdict else ""


@dataclass(frozen=True)
class SampleRow:
    """A sample in the list: how many were drawn of how many, and what was found of them so far."""

    pk: int
    number: int
    period: str
    purpose: str
    drawn: int
    frame: int
    seed: str
    by: str
    at: dt.datetime
    evidence_by: dt.date
    found: Counter[str]


@dataclass(frozen=True)
class SamplePage:
    """A sample with its figures. `nth`: which drawing of its period it is; `repeats`: drawn again by its seed it comes to the same."""

    sample: Sample
    rows: list[Drawn]
    frame: int
    nth: int
    drawings: int
    repeats: bool
    found: Counter[str]
    checked: int  # of those drawn by chance, for the interval
    untrue: int
    whole: int
    interval: tuple[Decimal, Decimal] | None


def samples(person: Person) -> QuerySet[Sample]:
    """Those that a person may read, the latest first."""
    return Sample.objects.visible_to(person).order_by("-number")


def sample_rows(found: list[Sample]) -> list[SampleRow]:
    """Of samples with period and drawer at hand. 1 statement."""
    verdicts: dict[int, Counter[str]] = {one.pk: Counter() for one in found}
    counted = Sampled.objects.filter(sample__in=verdicts).annotate(last=Subquery(LAST.values("verdict")[:1])).values_list("sample", "last")
    for sample, verdict, n in counted.annotate(n=Count("pk")).order_by():
        verdicts[sample][verdict or ""] += n
    return [
        SampleRow(one.pk, one.number, one.period.title, one.purpose, verdicts[one.pk].total(), len(one.figures), one.seed, one.drawn_by.name, one.drawn_at,
                  one.evidence_by, verdicts[one.pk])
        for one in found
    ]  # fmt: skip


def drawn(person: Person) -> QuerySet[Sampled]:
    """The figures that a person may read of: his department's, or all; the latest sample first, with all that a row says."""
    corrected = ProgressReport.objects.filter(corrects=OuterRef("report")).exclude(state=ProgressReport.State.WITHDRAWN).order_by("-pk").values("state")[:1]
    files = SampledFile.objects.filter(sampled=OuterRef("pk")).order_by().values("sampled").annotate(n=Count("pk")).values("n")
    return (
        Sampled.objects.visible_to(person)
        .select_related("sample__period__cycle", "report__measure", "department")
        .annotate(verdict=Subquery(LAST.values("verdict")[:1]), why=Subquery(LAST.values("why")[:1]), corrected=Subquery(corrected), n_files=Subquery(files))
        .order_by("-sample__number", "position")
    )


def drawn_rows(found: QuerySet[Sampled]) -> list[Drawn]:
    return [_drawn(one) for one in found]


def _drawn(one: Sampled) -> Drawn:
    told: dict[str, str | int | None] = {name: getattr(one, name) for name in ("verdict", "why", "corrected", "n_files")}
    measure: Measure = one.report.measure
    return Drawn(
        one.pk, one.sample.number, one.position, one.sample.period.title, in_language(measure.name, measure.name_en), measure.code, str(one.department),
        one.department.short_title, one.report.value, wording.unit(measure.unit), one.first, int(told["n_files"] or 0), str(told["verdict"] or ""), str(told["why"] or ""),
        str(told["corrected"] or ""), one.sample.evidence_by,
    )  # fmt: skip


def sample_page(person: Person, number: int) -> SamplePage | None:
    """None where there is no such sample for this person. 4 statements."""
    sample = samples(person).filter(number=number).select_related("period__cycle", "drawn_by", "government").first()
    if sample is None:
        return None
    rows, frame = drawn_rows(drawn(person).filter(sample=sample)), sample.figures
    kept = [(key, first) for key, first in Sampled.objects.filter(sample=sample).order_by("position").values_list("report", "first")]
    again = lots.draw(frame, sample.size, sample.seed, by_department=sample.by_department, on_target_first=sample.on_target_first)
    drawings = list(Sample.objects.filter(period=sample.period).order_by("number").values_list("number", flat=True))
    chance = [row for row in rows if not row.first]
    checked, untrue = sum(bool(row.verdict) for row in chance), sum(row.verdict == Verdict.UNTRUE for row in chance)
    whole = len(frame) - sum(row.first for row in rows)
    same = [(lot.figure.key, lot.first) for lot in again] == kept and lots.fingerprint(frame) == sample.fingerprint
    return SamplePage(
        sample, rows, len(frame), drawings.index(sample.number) + 1, len(drawings), same, Counter(row.verdict for row in rows), checked, untrue, whole,
        lots.interval(untrue, checked, whole),
    )  # fmt: skip


@dataclass(frozen=True)
class SampledPage:
    row: Drawn
    sampled: Sampled
    findings: list[Finding]
    files: list[SampledFile]
    may_show: bool
    may_find: bool


def sampled_page(person: Person, number: int, position: int) -> SampledPage | None:
    """A figure that was drawn, with what is shown for it and what was found. 3 statements."""
    one = drawn(person).filter(sample__number=number, position=position).select_related("sample__period__cycle", "sample__government", "report__measure",
                                                                                        "report__duty__department", "department").first()  # fmt: skip
    if one is None:
        return None
    row = _drawn(one)
    settled = row.verdict not in ("", Verdict.UNCLEAR)
    findings = list(one.findings.select_related("by").order_by("-pk"))
    files = list(one.files.select_related("added_by").order_by("pk"))
    return SampledPage(row, one, findings, files, sampling.may_show(one, person) and not settled, sampling.may_find(one, person))


def file_of(person: Person, pk: int) -> SampledFile | None:
    return SampledFile.objects.visible_to(person).filter(pk=pk).first()


def periods_to_draw(person: Person) -> list[Period]:
    """Periods that hold an accepted figure, the latest first. 1 statement."""
    figures = ProgressReport.objects.visible_to(person).accepted().filter(value__isnull=False).order_by().values("period")
    return list(Period.objects.filter(government_id=person.government_id, pk__in=figures).select_related("cycle").order_by("-end", "start"))
