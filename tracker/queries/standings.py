"""Standings as pages read them: one run, read once, and what it sees."""

from collections.abc import Iterable

from django.db.models import QuerySet

from people.models import Government
from tracker.models import Period, Run, Standing


def current_run(government: Government | int) -> Run | None:
    """The run that the government's pointer names; None before the first roll-up. 1 statement."""
    key = government if isinstance(government, int) else government.pk
    return Run.objects.of(key).filter(number__in=Government.objects.filter(pk=key).values("run")).first()


def closing_run(period: Period) -> Run | None:
    """The run that keeps how the period closed (报告时); None while it has not closed. 1 statement."""
    return Run.objects.of(period.government_id).filter(closes=period).order_by("-number").first()


def closed_periods(government: Government | int) -> QuerySet[Run]:
    """The runs that keep a closing, with their periods, the latest period first."""
    return runs_of(government).filter(closes__isnull=False)


def runs_of(government: Government | int) -> QuerySet[Run]:
    """All runs with the periods whose closing they keep, the latest period first."""
    return Run.objects.of(government).select_related("closes__cycle").order_by("-closes__end", "closes__cycle", "-number")


def standings(run: Run, kind: str) -> QuerySet[Standing]:
    """What a run sees of one kind of subject: 'item', 'goal', 'plan', 'department', 'government'."""
    return Standing.objects.of(run.government_id).at(run.number).filter(subject__startswith=f"{kind}:")


def by_subject(run: Run, kind: str) -> dict[int, Standing]:
    """The standings of one kind by the id of their subject. 1 statement."""
    return {int(s.subject.partition(":")[2]): s for s in standings(run, kind)}


def of_subject(run: Run, kind: str, key: int) -> Standing | None:
    """One subject's standing at a run. 1 statement."""
    return Standing.objects.of(run.government_id).at(run.number).filter(subject=f"{kind}:{key}").first()


def of_items(run: Run, items: Iterable[int]) -> dict[int, Standing]:
    """The standings of these items by item id. 1 statement."""
    return {s.item_id: s for s in Standing.objects.of(run.government_id).at(run.number).filter(item__in=list(items)) if s.item_id is not None}
