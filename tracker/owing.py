"""Which measures owe reports, over which spans: the promises in force that read them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max, Min, OuterRef, Subquery

from people.models import Government
from plans.models import Cycle, Measure, Plan, Target, Terms

DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]  # first and last day, both included


@dataclass(frozen=True)
class Owing:
    """A measure that owes reports, who answers for it, in which rhythm, and the spans of the promises that read it.

    `published_at`: the first publication of any of them. What was due before it is not owed.
    """

    measure_id: int
    department_id: int
    kind: str
    release_lag: int
    cycle: Cycle
    published_at: dt.datetime
    spans: tuple[Span, ...]


def owings(government: Government, day: dt.date, finished: Collection[int] = frozenset()) -> list[Owing]:
    """What is owed on a day, by the items of published plans in force and not withdrawn. 2 statements.

    An item asks its own measure, and the one that its target is held against. `finished`: ids of measures that owe no more.
    """
    spans: dict[int, list[Span]] = defaultdict(list)
    published: dict[int, dt.datetime] = {}
    for measure, against, first, last, at in _promises(government, day):
        for asked in {m for m in (measure, against) if m is not None and m not in finished}:
            spans[asked].append((first + DAY, last))
            published[asked] = min(at, published.get(asked, at))
    return [
        Owing(m.pk, m.reporter.pk, m.reporter.kind, m.release_lag, m.cycle, published[m.pk], merged(spans[m.pk]))
        for m in Measure.objects.of(government).filter(pk__in=spans).select_related("cycle", "reporter").order_by("code")
        if m.reporter is not None
    ]


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """The same days in spans that neither overlap nor touch, in order."""
    result: list[Span] = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1] + DAY:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return tuple(result)


def _promises(government: Government, day: dt.date) -> list[tuple[int, int | None, dt.date, dt.date, dt.datetime]]:
    """(measure, the measure held against, T0, T1, first published) of every item in force."""
    in_force = Terms.objects.of(government).in_force(day).filter(withdrawn=False, item__plan__state=Plan.State.PUBLISHED)
    first_published = Terms.objects.filter(item=OuterRef("terms__item"), published_at__isnull=False).order_by().values("item").annotate(at=Min("published_at"))
    return list(
        Target.objects.of(government)
        .filter(terms__in=in_force)
        .order_by()
        .values("terms__item__measure", "terms__item")
        .annotate(against_measure=Max("against"), first=Min("from_on"), last=Max("due_on"), at=Subquery(first_published.values("at")[:1]))
        .values_list("terms__item__measure", "against_measure", "first", "last", "at")
    )
