"""The names that the overview shows, by statements that are written once a connection: it is the page that everybody opens first."""

from typing import Any

from people.models import Department
from people.prepared import Prepared
from plans.models import Goal, Plan

_departments = Prepared(lambda government: Department.objects.of(government).values_list("pk", "code", "name", "short", "name_en", "kind"), -1)
_plans = Prepared(lambda government: Plan.objects.of(government).published().values_list("pk", "code", "title", "title_en", "short", "short_en"), -1)
_goals = Prepared(
    lambda government: Goal.objects.of(government).filter(parent=None).order_by("path").values_list("pk", "plan_id", "path", "title", "title_en"), -1
)


def names(government: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Departments in their official order, published plans in theirs, first goals by their paths. 3 statements."""
    return _departments(government), _plans(government), _goals(government)
