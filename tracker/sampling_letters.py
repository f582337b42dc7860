"""What departments are told of a check: which of their figures were drawn, and which were found untrue. One message a person and occasion."""

import datetime as dt
from collections import defaultdict

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import clock
from people.language import in_language
from people.models import Department, Role, RoleGrant, User
from tracker import formats
from tracker.models import Finding, Message, Sample, Sampled
from tracker.telling import Letter, Line, Page, Section, address, letter, store

LONG = 4  # lines of the section


def ask(sample: Sample, at: dt.datetime) -> int:
    """Tells each department which of its figures were drawn, and by when to show what stands behind them. 6 statements."""
    drawn: dict[int, list[Sampled]] = defaultdict(list)
    for row in sample.sampled.select_related("report__measure", "department").order_by("position"):
        drawn[row.department_id].append(row)
    return store(sample.government, [_asked(user, sample, drawn[user.department_id], at) for user in _people(sample, list(drawn), at)], at)


def correct(sampled: Sampled, finding: Finding, at: dt.datetime) -> int:
    """Tells a department that one of its figures was found untrue and is to be corrected. 5 statements."""
    return store(sampled.government, [_untrue(user, sampled, finding, at) for user in _people(sampled.sample, [sampled.department_id], at)], at)


def _people(sample: Sample, departments: list[int], at: dt.datetime) -> list[User]:
    """The reporters and reviewers of these departments, each once. 1 statement."""
    day = clock.day_of(at, sample.government.zone)
    grants = RoleGrant.objects.of(sample.government).open_on(day).filter(role__in=(Role.REPORTER, Role.REVIEWER), user__is_active=True)
    found = grants.filter(user__department__in=departments).select_related("user").order_by("user")
    return list({grant.user_id: grant.user for grant in found}.values())


def _asked(user: User, sample: Sample, rows: list[Sampled], at: dt.datetime) -> Letter:
    facts = {"sample": sample.number, "figures": [row.position for row in rows], "until": sample.evidence_by.isoformat()}
    with translation.override(user.language):
        n = len(rows)
        words = {"n": n, "day": formats.day(sample.evidence_by), "number": sample.number, "period": sample.period.title}
        title = ngettext("核查抽到 %(n)d 项，%(day)s前报送佐证", "核查抽到 %(n)d 项，%(day)s前报送佐证", n) % words
        lead = _("第 %(number)d 次核查抽取了%(period)s已核定的数。请在 %(day)s前为下列各项上传佐证。") % words
        return letter(user, Message.Kind.SAMPLED, f"sample {sample.number}", _page(title, lead, sample, rows, rows[0].department, at), facts)


def _untrue(user: User, sampled: Sampled, finding: Finding, at: dt.datetime) -> Letter:
    sample = sampled.sample
    facts = {"sample": sample.number, "figures": [sampled.position], "finding": finding.pk}
    with translation.override(user.language):
        name = _name(sampled)
        title = _("核查认定不属实，请更正：%(name)s") % {"name": name}
        lead = _("第 %(number)d 次核查认定“%(name)s”所报的数不属实：%(why)s") % {"number": sample.number, "name": name, "why": finding.why}
        page = _page(title, lead, sample, [sampled], sampled.department, at)
        return letter(user, Message.Kind.SAMPLED, f"sample {sample.number} finding {finding.pk}", page, facts)


def _page(title: str, lead: str, sample: Sample, rows: list[Sampled], department: Department, at: dt.datetime) -> Page:
    lines = [Line(_name(row), address("sampled", sample.number, row.position), right=formats.number(row.report.value)) for row in rows[:LONG]]
    n = len(rows)
    more = ngettext("另有 %(n)d 项", "另有 %(n)d 项", n - LONG) % {"n": n - LONG} if n > LONG else ""
    section = Section(_("抽到的数"), n, lines, address("sampling"), more=more)
    day = formats.full_day(clock.day_of(at, sample.government.zone))
    return Page(str(department), title, day, [section], _("去看核查"), address("sampling"), _("只发给这些数的填报单位。"), lead=lead)


def _name(row: Sampled) -> str:
    return in_language(row.report.measure.name, row.report.measure.name_en)
