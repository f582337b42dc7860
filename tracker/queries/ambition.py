"""目标力度: every published target that can be set beside the last result, with what its lead says. A fixed number of statements."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from people import clock
from people.access import Person
from people.language import in_language
from plans.ambition import Verdict, Weighed, last_results, weigh
from plans.conflicts.promises import Promise, Result
from plans.models import PastResult, Target, Terms
from tracker import formats, wording
from tracker.models import Explanation, ProgressReport
from tracker.queries.looking import look


@dataclass(frozen=True)
class AmbitionRow:
    """A target beside what it is compared with. Figures are written; `by` is exact, positive on the good side."""

    terms: int
    item: int
    plan: str
    plan_title: str
    code: str
    name: str
    lead: str
    lead_code: str
    unit: str
    target: str
    value: Decimal
    due_on: dt.date
    verdict: Verdict
    beside: str
    beside_on: dt.date
    source: str
    by: Decimal
    explanation: Explanation | None

    @property
    def figures(self) -> str:
        return f"{self.target} / {self.beside} {self.beside_on}"


def ambition(person: Person, at: dt.datetime, item: int | None = None) -> list[AmbitionRow]:
    """Those of the published plans of the person's government; below the result first, then what is passed early. 6 statements and the look's."""
    seen = look(person, at)
    day = seen.day if seen else clock.day_of(at, person.user.government.zone)
    fields = ("item__plan", "item__measure", "item__part_of", "lead")
    terms = {t.pk: t for t in Terms.objects.in_force(day).published_to(person).filter(withdrawn=False).select_related(*fields)}
    finals = {t.terms_id: t for t in Target.objects.filter(terms__in=terms, role=Target.RoleInPath.FINAL).order_by("due_on", "-pk")}
    promises = {(p.plan, p.code): p for pk, t in terms.items() if (p := _promise(t, finals.get(pk)))}
    by_at = {(t.item.plan.code, t.item.code): (t, finals[pk]) for pk, t in terms.items() if pk in finals}
    down = frozenset(at for at, (_t, f) in by_at.items() if f.better == "down" or f.comparator == "at_most")
    units = {t.item.measure.code: t.item.measure.unit for t in terms.values()}
    weighed = weigh(promises.values(), _results(person), units, down)
    said = {e.item_id: e for e in Explanation.objects.visible_to(person).select_related("by", "department").order_by("pk")}
    rows = [_row(w, *by_at[w.promise.at], said) for w in weighed]
    order = {Verdict.BELOW: 0, Verdict.EARLY: 1, Verdict.SAME: 2, Verdict.ABOVE: 3}
    found = [r for r in rows if item is None or r.item == item]
    places = {pk: (t.item.plan.position, t.item.position) for pk, t in terms.items()}
    return sorted(found, key=lambda r: (order[r.verdict], places[r.terms]))


def _results(person: Person) -> dict[str, list[Result]]:
    """What documents state and what was accepted, by measure. 2 statements."""
    past = PastResult.objects.visible_to(person).values_list("measure__code", "on", "value", "locator")
    accepted = ProgressReport.objects.of(person.government_id).current().filter(value__isnull=False).order_by("cut_off", "pk")
    reported = [Result(code, on, value) for code, on, value in accepted.values_list("measure__code", "cut_off", "value") if on and value is not None]
    return last_results([Result(*row) for row in past], reported)


def _promise(terms: Terms, target: Target | None) -> Promise | None:
    if target is None or target.due_on is None or target.value is None:
        return None
    item = terms.item
    return Promise(
        item.plan.code, item.code, terms.name, item.measure.code, target.unit, terms.accrual, terms.reading, target.comparator, target.value,
        target.value_high, target.from_on, target.due_on, target.locator or terms.locator, terms.average, terms.baseline, terms.baseline_on,
        item.part_of.code if item.part_of else "", terms.adding, item.kind == "task",
    )  # fmt: skip


def _row(weighed: Weighed, terms: Terms, target: Target, said: dict[int, Explanation]) -> AmbitionRow:
    plan, lead = terms.item.plan, terms.lead
    beside, on, source = _beside(weighed, target)
    return AmbitionRow(
        terms.pk, terms.item_id, plan.code, plan.short_title, terms.item.code, str(terms), str(lead or ""), lead.code if lead else "",
        wording.unit(target.unit), wording.target(target.__dict__), Decimal(target.value or 0), target.due_on or plan.end, weighed.verdict, beside, on, source,
        weighed.by, said.get(terms.item_id),
    )  # fmt: skip


def _beside(weighed: Weighed, target: Target) -> tuple[str, dt.date, str]:
    """What the target is compared with, of which day, and where that stands."""
    if weighed.result is not None:
        return wording.with_unit(formats.number(weighed.result.value), target.unit), weighed.result.on, weighed.result.locator
    total = sum((p.reaches for p in weighed.others if p.reaches is not None), Decimal(0)) if len(weighed.others) > 1 else weighed.others[0].reaches
    last = max(p.due for p in weighed.others)
    names = in_language("、", ", ").join(dict.fromkeys(f"{p.plan} {p.code}" for p in weighed.others))
    return wording.with_unit(formats.number(total), target.unit), last, names


def counted(rows: list[AmbitionRow]) -> dict[str, int]:
    """How many of each verdict."""
    found: dict[str, Any] = {verdict.value: 0 for verdict in Verdict}
    for row in rows:
        found[row.verdict.value] += 1
    return found


def terms_of(rows: list[AmbitionRow]) -> QuerySet[Terms]:
    """The terms behind the rows, for the filters of a list."""
    return Terms.objects.filter(pk__in=[row.terms for row in rows])


def named_plans(rows: list[AmbitionRow]) -> list[tuple[str, str]]:
    """Code and title of the plans that there are rows of."""
    return sorted({row.plan: row.plan_title for row in rows}.items())
