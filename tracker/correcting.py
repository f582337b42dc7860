"""correction → message: whoever was told a value that was corrected since is told the new one, at once and once.

Told are those whose digest named an item by the old value, and those whose digest counted a light that is another today. The weekly digest
stays as it was: it tells of lights, and they are right again by then.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import clock
from people.access import Person
from people.deeds import person_of
from people.models import Government, User
from tracker import formats, wording
from tracker.models import Message, ProgressReport, Run
from tracker.models.standings import Light
from tracker.queries.correction import FORESEEN, Told, Used, Uses, occasion_of, uses_of
from tracker.telling import Letter, Line, Page, Section, address, letter, store

LONG = 6


@dataclass(frozen=True)
class Corrected:
    """What one call did: how many people had been told the old value, and how many messages are new."""

    people: int = 0
    messages: int = 0


def waiting(government: Government) -> list[str]:
    """The corrections that are accepted and rolled up, as occasions; those already told of are left out by the line. 1 statement."""
    known = Run.objects.of(government).filter(at__gte=OuterRef("accepted_at"))
    found = ProgressReport.objects.of(government).accepted().filter(Exists(known), corrects__isnull=False)
    return [f"report:{pk}" for pk in found.order_by("pk").values_list("pk", flat=True)]


def tell(government: Government, occasion: str, at: dt.datetime) -> Corrected:
    """Writes to everybody who was told the old value of one correction; nothing where the figure stayed. Idempotent. 13 statements at most."""
    report = (
        ProgressReport.objects.of(government)
        .accepted()
        .select_related("measure", "period__cycle", "duty", "corrects", "government")
        .get(pk=int(occasion.removeprefix("report:")))
    )
    old = report.corrects
    if old is None or (old.value is not None and old.value == report.value):
        return Corrected()
    uses = uses_of(report)
    told: dict[int, list[Told]] = {}
    for each in uses.told:
        if each.misled:
            told.setdefault(each.recipient, []).append(each)
    users = User.objects.filter(pk__in=told, is_active=True).select_related("government").order_by("pk")
    letters = [_letter(report, old, uses, told[user.pk], person_of(user, at), at) for user in users]
    return Corrected(len(told), store(government, letters, at))


def _letter(report: ProgressReport, old: ProgressReport, uses: Uses, told: list[Told], person: Person, at: dt.datetime) -> Letter:
    facts = {"report": report.pk, "corrects": old.pk, "messages": [each.message for each in told]}
    with translation.override(person.user.language):
        page = _page(report, old, uses, told, person, at)
        return letter(person.user, Message.Kind.CORRECTED, occasion_of(report), page, facts)


def _page(report: ProgressReport, old: ProgressReport, uses: Uses, told: list[Told], person: Person, at: dt.datetime) -> Page:
    change = f"{_figure(old)} → {_figure(report)}"
    words = {"name": report.measure, "period": report.period.title, "change": change}
    reads = person.reads_all or person.department_id == report.duty.department_id
    first = next((use for use in uses.items if use.last.role != FORESEEN), None)
    return Page(
        heading=_("数据更正"),
        title=_("更正：%(name)s %(period)s %(change)s") % words,
        lead=_("%(period)s%(name)s由 %(old)s更正为 %(new)s。") % {**words, "old": _figure(old), "new": _figure(report)},
        day=formats.day(clock.day_of(at, person.user.government.zone)),
        sections=list(_sections(report, uses, told, reads)),
        button=_("看更正单") if reads or first is None else _("看事项"),
        button_href=address("correction", report.pk) if reads or first is None else f"{settings.SITE_URL}{first.href}",
        foot=_("您此前收到的摘要用过更正前的数，所以告知，只告知一次。") + (_("进展为虚构。") if settings.STAGE else ""),
        preview=change,
    )


def _figure(report: ProgressReport) -> str:
    if report.value is None:
        return str(report.get_answer_display())
    return wording.with_unit(formats.number(report.value), report.measure.unit)


def _sections(report: ProgressReport, uses: Uses, told: list[Told], reads: bool) -> Iterable[Section]:
    lines = [_line(use) for use in uses.items if use.last.role != FORESEEN and use.part_of is None]
    if lines:
        yield Section(_("亮灯"), len(lines), lines[:LONG], note=_("更正前 → 今日"))
    before = [Line(each.subject, address("message", each.message), right=formats.day(each.at.date())) for each in told[:LONG]]
    n = len(told)
    yield Section(ngettext("用过更正前数据的摘要 %(n)d 份", "用过更正前数据的摘要 %(n)d 份", n) % {"n": n}, n, before)
    if reads:
        yield Section(_("原因与依据"), 1, [Line(report.reason, sub=report.basis)])


def _line(use: Used) -> Line:
    """正常 → 偏慢, or the light that stayed."""
    old, new = str(Light(use.last.light).label), str(Light(use.now.light).label) if use.now else _("已不在列")
    return Line(use.name, f"{settings.SITE_URL}{use.href}", right=f"{old} → {new}" if old != new else new, light=use.now.light if use.now else "")
