"""An item that is shared out: its parts, each with its light, and what they make together; whose figure is missing is named."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from people.access import Person
from plans.arithmetic.parts import Whole, combine
from plans.arithmetic.spans import six
from plans.editing.parts import is_downwards
from plans.exporting import plain
from plans.models import Item, Target, Terms
from tracker import formats, wording
from tracker.models import Duty, ProgressReport
from tracker.queries.looking import Look
from tracker.queries.rows import FIELDS, ItemRow, in_force, joined, rows

TOLD = (ProgressReport.State.SUBMITTED, ProgressReport.State.ENDORSED, ProgressReport.State.ACCEPTED)


@dataclass(frozen=True)
class Shared:
    """The parts in the official order of their departments. `value`: what they make for `day`, as written; `missing`: who has told nothing for it."""

    adding: str
    rows: list[ItemRow]
    day: dt.date | None
    value: str
    missing: list[str]


@dataclass(frozen=True)
class Told:
    """What a department has told of its part for one period; '' where it has told nothing."""

    department: str
    target: str
    value: str
    state: str


@dataclass(frozen=True)
class SharedReport:
    """What the parts have told for the period of the whole's report. `plain`: the figure as the field takes it; '' where nobody has told."""

    adding: str
    parts: list[Told]
    plain: str
    value: str
    missing: list[str]


def shared(person: Person, item: Item, terms: Terms, target: Target | None, seen: Look) -> Shared | None:
    """None where the item is not shared out. 2 statements, none where its terms say that it is not."""
    if not terms.adding:
        return None
    parts = in_force(person, seen, parts=True).filter(item__part_of=item)
    told = list(joined(parts, seen).order_by("lead__position", "item__position").values(*FIELDS, "weight"))
    found = rows(told)
    facts = {row["item_id"]: (row["weight"], row["now__facts"] or {}) for row in told}
    days = [cut_off for _weight, known in facts.values() if (cut_off := known.get("cut_off"))]
    day = max(days, default=None)
    values = {str(row.item): _figure(facts[row.item][1], day) for row in found}
    whole = _whole(terms, target, values, {str(row.item): facts[row.item][0] for row in found})
    names = {str(row.item): row.lead_short for row in found}
    return Shared(
        str(terms.get_adding_display()), found, dt.date.fromisoformat(day) if day else None, _written(whole, target), [names[key] for key in whole.missing]
    )


def shared_report(duty: Duty) -> SharedReport | None:
    """What the parts have told for a duty's period; None where no promise in force of its measure is shared out. 4 statements, else 1."""
    day = duty.period.end
    terms = Terms.objects.of(duty.government_id).in_force(day).exclude(adding="").filter(item__measure=duty.measure_id, withdrawn=False).first()
    if terms is None:
        return None
    of_whole = Terms.objects.of(duty.government_id).in_force(day).filter(item__part_of=terms.item_id, withdrawn=False)
    parts = list(of_whole.select_related("lead", "item").order_by("lead__position", "pk"))
    targets = {t.terms_id: t for t in Target.objects.filter(terms__in=[terms, *parts], role=Target.RoleInPath.FINAL).order_by("due_on", "-pk")}
    told = ProgressReport.objects.filter(measure__in=[p.item.measure_id for p in parts], period__start=duty.period.start, period__end=day, state__in=TOLD)
    latest = {r.measure_id: r for r in told.order_by("number")}
    values = {str(p.pk): r.value if (r := latest.get(p.item.measure_id)) else None for p in parts}
    whole = _whole(terms, targets.get(terms.pk), values, {str(p.pk): p.weight for p in parts})
    rows = [_told(part, targets.get(part.pk), latest.get(part.item.measure_id)) for part in parts]
    names = {str(p.pk): _lead(p) for p in parts}
    figure = plain(six(whole.value)) if whole.value is not None else None
    return SharedReport(str(terms.get_adding_display()), rows, figure or "", _written(whole, targets.get(terms.pk)), [names[key] for key in whole.missing])


def _whole(terms: Terms, target: Target | None, values: dict[str, Decimal | None], weights: dict[str, Decimal]) -> Whole:
    return combine(terms.adding, values, weights, downwards=target is not None and is_downwards(target))  # type: ignore[arg-type]


def _figure(facts: dict[str, str], day: str | None) -> Decimal | None:
    """A part's value, where it is of that day."""
    return formats.exact(facts.get("value")) if day and facts.get("cut_off") == day else None


def _written(whole: Whole, target: Target | None) -> str:
    if whole.value is None:
        return ""
    return wording.with_unit(formats.number(six(whole.value)), target.unit if target else "")


def _told(part: Terms, target: Target | None, report: ProgressReport | None) -> Told:
    value = wording.with_unit(formats.number(report.value), target.unit if target else "") if report and report.value is not None else ""
    return Told(_lead(part), wording.target(target.__dict__) if target else "", value, str(report.get_state_display()) if report else "")


def _lead(terms: Terms) -> str:
    return terms.lead.short_title if terms.lead else ""
