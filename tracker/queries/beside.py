"""What stands beside a light and is no part of it: the latest judgement. Joined to the rows of every list, as of a day."""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from plans.models import Terms
from tracker.models import Judgement
from tracker.models.judgements import DOUBTED
from tracker.models.standings import Light

FIELDS = ("judged",)


def beside(terms: QuerySet[Terms], day: dt.date) -> QuerySet[Terms]:
    """Terms with `judged`: the grade that was the latest at the end of the day, '' where nobody judged."""
    return terms.annotate(judged=judged_on(day))


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
