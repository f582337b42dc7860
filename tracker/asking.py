"""What departments are told of a draft that is open to them: that they are asked, once more before the limit, and that the issued table is to be signed for.

One message a person: the department's reviewers, or where it has none its reporters, and its steward. Nothing to whom his department has
answered already, nothing on a day off. A department that gets its first row later is told then.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import clock
from people.models import Department, Government, Role, RoleGrant, User
from people.workdays import calendar_of
from plans import consulting
from plans.consulting import Asked
from plans.models import Consultation, Issuance, Plan, Signature
from tracker import formats
from tracker.models import Message
from tracker.telling import Letter, Line, Page, Section, address, letter, store

HOUR = dt.time(8)
LONG = 4  # lines of the section
ASKED, ANSWER, SIGN = Message.Kind.ASKED, Message.Kind.ANSWER, Message.Kind.SIGN
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """What one occasion left: new messages, departments that were told, and the short names of those where nobody could be."""

    new: int = 0
    departments: int = 0
    nobody: tuple[str, ...] = ()


def due(government: Government, at: dt.datetime) -> Iterator[str]:
    """'asked 7 2022-10-17', 'answer 7 2022-10-20', 'sign 3 12-5': what is to be told on a working day. 2 statements."""
    day = clock.day_of(at, government.zone)
    open_ones = list(Consultation.objects.of(government).filter(plan__state=Plan.State.CONSULTATION, until_on__gte=day).order_by("pk"))
    unsigned = (
        Signature.objects.of(government)
        .filter(signed_by__isnull=True)
        .order_by("issuance")
        .values_list("issuance")
        .annotate(Max("pk"), Count("pk"), Sum("department_id"))
    )
    signing = [f"{SIGN} {issuance} {last}-{n}-{whose}" for issuance, last, n, whose in unsigned]  # another where one more or another department is asked
    if not (open_ones or signing) or not (calendar := calendar_of(government)).is_workday(day):
        return
    for one in open_ones:
        yield f"{ASKED} {one.pk} {day}"
        if day >= calendar.previous_workday(one.until_on - DAY) and at >= clock.start_of(day, government.zone, HOUR):
            yield f"{ANSWER} {one.pk} {one.until_on}"
    yield from signing


def tell(government: Government, occasion: str, at: dt.datetime) -> Told:
    """Writes what an occasion of `due` is about. Idempotent, and safe twice at once. At most 19 statements."""
    kind, key, _rest = occasion.split()
    day = clock.day_of(at, government.zone)
    if kind == SIGN:
        return _ask_to_sign(Issuance.objects.select_related("plan").get(pk=int(key), government=government), day, at)
    consultation = Consultation.objects.select_related("plan").get(pk=int(key), government=government)
    waiting: dict[int, list[Asked]] = defaultdict(list)
    for row in consulting.asked(consultation.plan):
        if row.waits:
            waiting[row.department.pk].append(row)
    people = _people(government, day)
    named = f"{consultation.pk}" if kind == ASKED else f"{consultation.pk}:{consultation.until_on}"
    letters = [_consulted(user, steward, kind, named, consultation, rows, day) for pk, rows in waiting.items() for user, steward in people.get(pk, ())]
    return _told(government, letters, [rows[0].department for rows in waiting.values()], people, at)


def _ask_to_sign(issuance: Issuance, day: dt.date, at: dt.datetime) -> Told:
    people = _people(issuance.government, day)
    departments = [s.department for s in issuance.signatures.filter(signed_by__isnull=True).select_related("department").order_by("department__position")]
    letters = [_to_sign(user, steward, issuance, one, day) for one in departments for user, steward in people.get(one.pk, ())]
    return _told(issuance.government, letters, departments, people, at)


def _told(
    government: Government, letters: Iterable[Letter], departments: list[Department], people: dict[int, list[tuple[User, bool]]], at: dt.datetime
) -> Told:
    return Told(store(government, letters, at), len(departments), tuple(d.short for d in departments if not people.get(d.pk)))


def _people(government: Government, day: dt.date) -> dict[int, list[tuple[User, bool]]]:
    """By department: who answers for it, and its stewards, who see to it that somebody does (True). 1 statement."""
    roles: dict[int, dict[str, list[User]]] = defaultdict(lambda: defaultdict(list))
    grants = RoleGrant.objects.of(government).open_on(day).filter(role__in=[Role.REVIEWER, Role.REPORTER, Role.STEWARD], user__is_active=True)
    for grant in grants.select_related("user").order_by("user"):
        roles[grant.user.department_id][grant.role].append(grant.user)
    found: dict[int, list[tuple[User, bool]]] = {}
    for department, held in roles.items():
        answers = held[Role.REVIEWER] or held[Role.REPORTER]
        found[department] = [(user, False) for user in answers] + [(user, True) for user in held[Role.STEWARD] if user not in answers]
    return found


def _consulted(user: User, steward: bool, kind: str, occasion: str, consultation: Consultation, rows: list[Asked], day: dt.date) -> Letter:
    facts = {"plan": consultation.plan.code, "items": [row.terms.item_id for row in rows], "until": consultation.until_on.isoformat()}
    with translation.override(user.language):
        n, until = len(rows), formats.day(consultation.until_on)
        words = {"n": n, "day": until, "plan": consultation.plan.short_title}
        if kind == ASKED:
            title = _("征求意见：%(plan)s，%(day)s前答复") % words
            lead = ngettext("请在 %(day)s前答复 %(n)d 项。", "请在 %(day)s前答复 %(n)d 项。", n) % words
        else:
            title = _("答复提醒：%(plan)s，%(day)s截止") % words
            lead = ngettext("还有 %(n)d 项没有答复，%(day)s截止。", "还有 %(n)d 项没有答复，%(day)s截止。", n) % words
        lead += _("逾期未答复记为未答复，不算同意。")
        lines = [Line(str(row.terms), address("consultation", consultation.plan.code), right=row.said["target"]) for row in rows[:LONG]]
        section = Section(ngettext("待答复 %(n)d 项", "待答复 %(n)d 项", n) % words, n, lines, address("consultation", consultation.plan.code), more=_more(n))
        page = _page(title, rows[0].department, lead, section, consultation.note, _to(steward, _("去答复"), "consultation", consultation.plan.code), day)
        return letter(user, kind, occasion, page, facts)


def _to_sign(user: User, steward: bool, issuance: Issuance, department: Department, day: dt.date) -> Letter:
    facts = {"plan": issuance.plan.code, "number": issuance.number}
    with translation.override(user.language):
        words = {"plan": issuance.plan.short_title, "number": issuance.number}
        title = _("请签收：%(plan)s责任分解表") % words
        lead = _("%(plan)s已发布，责任分解表文号 %(number)s，请签收。") % words
        line = Line(_("责任分解表"), address("publication", issuance.plan.code), right=issuance.number)
        section = Section(_("待签收 1 份"), 1, [line], address("publication", issuance.plan.code))
        page = _page(title, department, lead, section, "", _to(steward, _("去签收"), "publication", issuance.plan.code), day)
        return letter(user, SIGN, str(issuance.pk), page, facts)


def _more(n: int) -> str:
    return ngettext("另 %(n)d 项", "另 %(n)d 项", n - LONG) % {"n": n - LONG} if n > LONG else ""


def _to(steward: bool, words: str, name: str, code: str) -> tuple[str, str]:
    """The button: to the page, or for the steward, who does not answer himself, to his department's people."""
    return (_("本部门人员"), address("people")) if steward else (words, address(name, code))


def _page(title: str, department: Department, lead: str, section: Section, note: str, button: tuple[str, str], day: dt.date) -> Page:
    foot = _("发给本单位审核人和联络员；没有审核人的，发给填报员。") + (_("进展为虚构。") if settings.STAGE else "")
    return Page(
        heading=_("%(department)s：责任分解") % {"department": department.short_title}, title=title, lead=lead, day=formats.day(day), sections=[section],
        button=button[0], button_href=button[1], foot=foot, preview=note or lead,
    )  # fmt: skip
