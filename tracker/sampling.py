"""核查: an auditor or a supervisor draws accepted figures by lot, their departments show what stands behind them, and each is found
confirmed, unclear or untrue.

An untrue figure is never edited: its department corrects it by the way that every figure goes. A sample cannot be drawn again unseen:
every drawing stays, with its number, seed and all that could have been drawn.
"""

import datetime as dt
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Government, Role
from plans.models import Measure, Terms
from tracker import evidence, lots, sampling_letters
from tracker.background import Background, backgrounds
from tracker.lots import Figure
from tracker.models import Finding, Period, ProgressReport, Sample, Sampled, SampledFile
from tracker.turns import AlreadyMoved, NotYours, Problem, Refused, worded

CHECKERS = (Role.SUPERVISOR, Role.AUDITOR)
SHOWERS = (Role.REPORTER, Role.REVIEWER)
MOST = 500
SEED = re.compile(r"[0-9A-Za-z_.:-]{1,40}")
Verdict = Finding.Verdict


@dataclass(frozen=True)
class Asked:
    """How a sample is to be drawn. `seed`: '' for one by chance."""

    size: int
    seed: str
    by_department: bool
    on_target_first: bool
    purpose: str
    evidence_by: dt.date


def frame_of(period: Period) -> list[Figure]:
    """All that can be drawn of a period: its accepted figures that nothing corrects, in the order of their keys. 4 statements."""
    rows = ProgressReport.objects.current().filter(period=period, answer=ProgressReport.Answer.VALUE, measure__kind=Measure.Kind.NUMBER, value__isnull=False)
    reports = list(rows.select_related("measure", "period__cycle", "duty").order_by("pk"))
    seen = backgrounds([(report.measure, report.period) for report in reports])
    return [Figure(r.pk, r.duty.department_id, is_on_target(r, seen[r.measure_id, r.period_id])) for r in reports]


def is_on_target(report: ProgressReport, seen: Background) -> bool:
    """Whether the figure is to the last digit what some promise that reads it asks for, by its end or on the way."""
    for promise in seen.promises:
        base = promise.terms.baseline if promise.terms.reading == Terms.Reading.INCREASE else 0
        if base is None or promise.terms.reading == Terms.Reading.GROWTH or report.value is None:
            continue
        if any(target.value is not None and report.value - base == target.value for target in promise.targets):
            return True
    return False


def draw(period: Period, asked: Asked, by: Person, at: dt.datetime) -> Sample:
    """Draws a sample and tells the departments by when to show what stands behind their figures. All or nothing.

    Raises: NotYours for all but supervisors and auditors; Refused with what cannot be, at its field.
    """
    if not by.has(*CHECKERS) or period.government_id != by.government_id:
        raise NotYours
    purpose = worded("purpose", asked.purpose, _("请写明为什么核查。"))
    frame = frame_of(period)
    _refuse(asked, purpose, frame, clock.day_of(at, by.user.government.zone))
    seed = asked.seed or secrets.token_hex(8)
    chosen = lots.draw(frame, asked.size, seed, by_department=asked.by_department, on_target_first=asked.on_target_first)
    with transaction.atomic():
        government = Government.objects.select_for_update().get(pk=by.government_id)
        number = (Sample.objects.of(government).aggregate(last=Max("number"))["last"] or 0) + 1
        earlier = Sample.objects.filter(period=period).count()
        sample = Sample.objects.create(
            government=government, number=number, period=period, size=asked.size, seed=seed, by_department=asked.by_department,
            on_target_first=asked.on_target_first, purpose=purpose, evidence_by=asked.evidence_by, drawn_by=by.user, drawn_at=at,
            frame=json.dumps([[f.key, f.department, int(f.on_target)] for f in frame], separators=(",", ":")), fingerprint=lots.fingerprint(frame),
        )  # fmt: skip
        Sampled.objects.bulk_create(
            Sampled(government=government, sample=sample, report_id=lot.figure.key, department_id=lot.figure.department, position=n, first=lot.first)
            for n, lot in enumerate(chosen, 1)
        )
        facts = {"number": number, "period": period.occasion, "size": len(chosen), "of": len(frame), "seed": seed, "earlier": earlier, "why": purpose}
        audit.record(government.pk, actor=by.user, verb="sample.drawn", subject=f"sample:{sample.pk}", at=at, facts=facts)
        sampling_letters.ask(sample, at)
    return sample


def _refuse(asked: Asked, purpose: str, frame: list[Figure], today: dt.date) -> None:
    wrong = []
    if len(purpose) > 200:
        wrong.append(Problem("purpose", _("文字太长，请控制在%(n)s字以内。") % {"n": 200}, "text_long"))
    if not frame:
        wrong.append(Problem("period", _("这一期还没有已核定的数，抽不出样本。"), "nothing_to_draw"))
    if not 1 <= asked.size <= MOST:
        wrong.append(Problem("size", _("抽取数量应为 1 至 %(n)d。") % {"n": MOST}, "size"))
    if asked.seed and not SEED.fullmatch(asked.seed):
        wrong.append(Problem("seed", _("种子最多 40 位，只用数字、字母和 . : _ -。"), "seed"))
    if asked.evidence_by < today:
        wrong.append(Problem("evidence_by", _("报送佐证的期限已经过去，请另选一天。"), "too_early"))
    if wrong:
        raise Refused(wrong)


def show(sampled: Sampled, name: str, chunks: Iterable[bytes], by: Person, at: dt.datetime) -> SampledFile:
    """A department shows a file for a figure that was drawn, until that is found true or untrue; the same file twice is one.

    Raises: NotYours; AlreadyMoved once it is settled; Refused for a file that is not taken, or one too many.
    """
    _shower(sampled, by)
    stored = evidence.store(name, chunks)
    with transaction.atomic():
        Sampled.objects.select_for_update().get(pk=sampled.pk)
        _shower(sampled, by)
        if found := sampled.files.filter(sha256=stored.sha256).first():
            return found
        if sampled.files.count() >= settings.EVIDENCE_MAX_FILES:
            raise Refused([Problem("evidence", _("一项最多%(n)s个附件。") % {"n": settings.EVIDENCE_MAX_FILES}, "too_many_files")])
        made = SampledFile.objects.create(
            government_id=sampled.government_id, sampled=sampled, sha256=stored.sha256, name=stored.name, size=stored.size, kind=stored.kind,
            added_by=by.user, added_at=at,
        )  # fmt: skip
        facts = {"sample": sampled.sample.number, "position": sampled.position, "name": stored.name, "sha256": stored.sha256}
        audit.record(sampled.government_id, actor=by.user, verb="sample.shown", subject=f"sampled:{sampled.pk}", at=at, facts=facts)
    return made


def may_show(sampled: Sampled, by: Person) -> bool:
    """The reporters and reviewers of the department whose figure it is."""
    return by.has(*SHOWERS) and by.government_id == sampled.government_id and by.department_id == sampled.department_id


def _shower(sampled: Sampled, by: Person) -> None:
    if not may_show(sampled, by):
        raise NotYours
    last = latest(sampled)
    if last is not None and last.verdict != Verdict.UNCLEAR:
        raise AlreadyMoved(sampled.report)


def latest(sampled: Sampled) -> Finding | None:
    """The finding that counts. 1 statement."""
    return sampled.findings.order_by("-pk").first()


def may_find(sampled: Sampled, by: Person) -> bool:
    """Supervisors and auditors, of what they have not passed on themselves."""
    report = sampled.report
    hands = {report.author_id, report.edited_by_id, report.submitted_by_id, report.endorsed_by_id, report.accepted_by_id}
    return by.has(*CHECKERS) and by.government_id == sampled.government_id and by.id not in hands


def find(sampled: Sampled, verdict: str, why: str, by: Person, at: dt.datetime) -> Finding:
    """Keeps what was found of a figure; an untrue one is told to its department, which has to correct it.

    Raises: NotYours, also for whoever passed the figure on himself; Refused without a verdict, without a reason where it is not confirmed, or
    where the last finding says the same.
    """
    if not may_find(sampled, by):
        raise NotYours
    if verdict not in Verdict.values:
        raise Refused([Problem("verdict", _("请选核查结论。"), "verdict_missing")])
    words = worded("why", why, _("请写明看了什么，哪里对不上。")) if verdict != Verdict.CONFIRMED or why.strip() else ""
    with transaction.atomic():
        Sampled.objects.select_for_update().get(pk=sampled.pk)
        last = latest(sampled)
        if last is not None and (last.verdict, last.why) == (verdict, words):
            raise Refused([Problem("verdict", _("与上一次结论相同，没有再记。"), "found_the_same")])
        made = Finding.objects.create(government_id=sampled.government_id, sampled=sampled, verdict=verdict, why=words, by=by.user, at=at)
        facts = {
            "sample": sampled.sample.number, "position": sampled.position, "before": {"verdict": last.verdict if last else ""}, "after": {"verdict": verdict},
            "why": words,
        }  # fmt: skip
        audit.record(sampled.government_id, actor=by.user, verb="sample.found", subject=f"sampled:{sampled.pk}", at=at, facts=facts)
        if verdict == Verdict.UNTRUE:
            sampling_letters.correct(sampled, made, at)
    return made
