"""What stands beside a light and is no part of it: the latest judgement, and whether it is contested. Joined to the rows of every list, as of a day."""

import datetime as dt
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from plans.models import Item, Terms
from tracker.models import Criterion, CriterionDemand, Judgement, Objection
from tracker.models.judgements import DOUBTED
from tracker.models.standings import Light

FIELDS = ("judged", "disputed", "uncheckable")


def beside(terms: QuerySet[Terms], day: dt.date) -> QuerySet[Terms]:
    """Terms with `judged`: the grade that was the latest at the end of the day, '' where nobody judged; `disputed`: 异议中; `uncheckable`: 尚不可核验."""
    return terms.annotate(judged=judged_on(day), disputed=disputed_on(day), uncheckable=uncheckable_on(day))


def disputed_on(day: dt.date) -> Exists:
    """Whether an objection about a row's item is open at the end of a day."""
    return Exists(Objection.objects.filter(item=OuterRef("item")).open_on(day))


def uncheckable_on(day: dt.date) -> Any:
    """Whether a row of terms is a task whose plan asks for a 验收标准 and that has none at the end of a day."""
    asked = CriterionDemand.objects.filter(plan=OuterRef("item__plan"), day__lte=day)
    agreed = Criterion.objects.accepted().filter(Q(item=OuterRef("item")) | Q(item=OuterRef("item__part_of")), accepted_on__lte=day)
    missing = Q(item__kind=Item.Kind.TASK, acceptance="") & Exists(asked) & ~Exists(agreed)
    return Case(When(missing, then=Value(True)), default=Value(False), output_field=BooleanField())


def judged_on(day: dt.date) -> Any:
    """The latest grade of a row's item at the end of a day."""
    latest = Judgement.objects.filter(item=OuterRef("item"), day__lte=day).order_by("-pk")
    return Coalesce(Subquery(latest.values("grade")[:1]), Value(""))


def watermelons(terms: QuerySet[Any]) -> QuerySet[Any]:
    """Of terms with standings: green by the sums, and judged doubtful or worse."""
    return doubted(terms).filter(now__light=Light.GREEN)


def doubted(terms: QuerySet[Any]) -> QuerySet[Any]:
    """Judged doubtful or worse."""
    return terms.filter(judged__in=DOUBTED)


def disputed(terms: QuerySet[Any]) -> QuerySet[Any]:
    """异议中."""
    return terms.filter(disputed=True)


def uncheckable(terms: QuerySet[Any]) -> QuerySet[Any]:
    """尚不可核验: a task of a plan that asks for a 验收标准, without an accepted one."""
    return terms.filter(uncheckable=True)
