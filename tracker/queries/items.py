"""The list of items: what its filters offer, and the counts behind its chips. A fixed number of statements, however many items."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from people.access import Person
from people.models import Department
from people.prepared import Prepared
from plans.models import Goal, Plan, Support, Terms
from tracker.models.standings import Light
from tracker.queries.beside import disputed, doubted, uncheckable, watermelons
from tracker.queries.looking import Look
from tracker.queries.rows import WORSE, joined, listed, turned

UNREPORTED = "逾期未报"  # the mark
NOWHERE = Look(None, (), dt.date.min)  # before the first roll-up
COUNTED_BY: tuple[str, ...] = ("now__light", "then__light", "now__overdue", "binding")


@dataclass(frozen=True)
class Offer:
    """What the list can be narrowed to: pairs of (value, words)."""

    plans: list[tuple[str, str]]
    goals: list[tuple[str, str]]
    departments: list[Department]
    periods: list[tuple[str, str]]


def offer(person: Person, look: Look | None, plan: str) -> Offer:
    """2 statements, and one more for the goals where a plan is chosen."""
    plans = [(p.code, p.short_title) for p in _plans(person.government_id)]
    goals = [(g.path, "　" * (g.depth - 1) + str(g)) for g in Goal.objects.visible_to(person).filter(plan__code=plan)] if plan else []
    periods = [(run.closes.occasion, run.closes.title) for run in look.closed if run.closes] if look else []
    return Offer(plans, goals, _departments(person.government_id), list(dict.fromkeys(periods)))


_plans = Prepared(lambda government: Plan.objects.of(government).published(), -1)
_departments = Prepared(Department.objects.of, -1)


def nothing() -> QuerySet[Terms]:
    return Terms.objects.none()


def found(person: Person, look: Look | None, parts: bool = False) -> QuerySet[Terms]:
    """Every item that the person may read, at this look; none where there is no such closing. `parts`: those of shared items too."""
    return joined(nothing(), NOWHERE) if look is None else listed(person, look, parts)


def of_department(terms: QuerySet[Terms], department: str) -> QuerySet[Terms]:
    """Items that a department leads or supports."""
    part = Support.objects.filter(terms=OuterRef("pk"), department__code=department)
    return terms.filter(Q(lead__code=department) | Exists(part))


def of_portfolio(terms: QuerySet[Terms], person: Person) -> QuerySet[Terms]:
    """Items that departments of a leader's portfolio lead, and those that are his own."""
    return terms.filter(Q(lead__in=person.portfolio) | Q(leader=person.id))


def named(terms: QuerySet[Terms], words: str, departments: Iterable[Department]) -> QuerySet[Terms]:
    """Items whose name holds the words, or whose lead is a department named so, now or formerly."""
    return terms.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(lead__in=[d.pk for d in departments if is_called(d, words)]))


def is_called(department: Department, words: str) -> bool:
    """Whether one of a department's names, present or former, holds the words."""
    names = (department.name, department.short, department.name_en, *(str(name) for name in department.former))
    return any(words.casefold() in name.casefold() for name in names)


def worse(terms: QuerySet[Terms]) -> QuerySet[Terms]:
    """Items whose light is worse than at the closing before."""
    return terms.filter(WORSE)


def stayed(terms: QuerySet[Terms], same: bool) -> QuerySet[Terms]:
    """Items whose light is the one of the closing before; or another, what had no standing then among them."""
    as_before = Q(now__light=F("then__light"))
    return terms.filter(as_before) if same else terms.filter(~as_before | Q(then__light__isnull=True))


def led_by(terms: QuerySet[Terms], department: str) -> QuerySet[Terms]:
    """Items that the department leads, without those that it supports; all of them where none is named."""
    return terms.filter(lead__code=department) if department else terms


MARKS = [("watermelon", _("正常而研判存疑")), ("doubted", _("研判存疑及以下")), ("disputed", _("异议中")), ("uncheckable", _("尚不可核验"))]


def marked(terms: QuerySet[Terms], mark: str) -> QuerySet[Terms]:
    """Items with something beside their light, by the choices of MARKS."""
    return {"doubted": doubted, "disputed": disputed, "uncheckable": uncheckable}.get(mark, watermelons)(terms)


def unreported(terms: QuerySet[Terms]) -> QuerySet[Terms]:
    """Items that are overdue and carry the mark 逾期未报. SQLite keeps a JSON text escaped, PostgreSQL gives it back as it was written."""
    written = Q(marks_text__contains=UNREPORTED) | Q(marks_text__contains=json.dumps(UNREPORTED).strip('"'))
    late = Q(now__overdue__gt=0)
    return terms.annotate(marks_text=Cast("now__marks", TextField())).filter(written & late)


@dataclass(frozen=True)
class Counted:
    """How many items there are, and how many behind each choice of each chip."""

    total: int = 0
    chips: dict[str, dict[str, int]] = field(default_factory=dict)


def counted(terms: QuerySet[Terms]) -> Counted:
    """How many of the items found have each light, are overdue, turned, are binding. 1 statement, which groups them: Django takes four
    times as long to write a count for each."""
    return counts_of(terms.order_by().values_list(*COUNTED_BY).annotate(n=Count("pk")))


def counts_of(groups: Iterable[Sequence[Any]]) -> Counted:
    """What groups of items come to, each by COUNTED_BY and with how many it holds."""
    found: Counter[str] = Counter()
    for now, then, overdue, binding, n in groups:
        marks = {"overdue": (overdue or 0) > 0, "turned": turned(then or "", now or ""), "binding": bool(binding)}
        found.update(dict.fromkeys(("", now or "no light", *(name for name, on in marks.items() if on)), n))
    lights = {light.value: found[light.value] for light in Light}
    return Counted(found[""], {"light": lights, **{name: {"1": found[name]} for name in ("overdue", "turned", "binding")}})
