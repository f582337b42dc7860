"""Who gets what explains a light: lines of the table of tests/test_access.py, in its columns. Every signed-in person of the city, no other."""

from plans.models import Goal
from tests.world import World
from tracker.models import ProgressReport

TABLE = """\
GET    item-why                 302    200     200      200         200          200      200        200         200     200     404
GET    item-why closing         302    200     200      200         200          200      200        200         200     200     404
GET    item-why no closing      302    404     404      404         404          404      404        404         404     404     404
GET    item-why draft           302    404     404      404         404          404      404        404         404     404     404
GET    item-why strange         302    404     404      404         404          404      404        404         404     404     200
GET    plan-why                 302    200     200      200         200          200      200        200         200     200     404
GET    plan-why draft           302    404     404      404         404          404      404        404         404     404     404
GET    plan-why strange         302    404     404      404         404          404      404        404         404     404     200
GET    goal-why                 302    200     200      200         200          200      200        200         200     200     404
GET    goal-why strange         302    404     404      404         404          404      404        404         404     404     200
GET    department-why           302    200     200      200         200          200      200        200         200     200     404
GET    department-why strange   302    404     404      404         404          404      404        404         404     404     200
GET    correction               302    200     404      200         404          200      200        404         404     200     404
GET    correction other         302    404     200      404         200          200      200        404         404     200     404
GET    correction strange       302    404     404      404         404          404      404        404         404     404     200
GET    overview-why             302    200     200      200         200          200      200        200         200     200     200
"""


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for."""
    plan, strange = w.city.plan.code, w.strange.plan.code
    found = {
        "item-why": f"/items/{plan}/1-02/why/", "item-why closing": f"/items/{plan}/1-02/why/?period=2022Q2",
        "item-why no closing": f"/items/{plan}/1-02/why/?period=1999Q1", "item-why draft": f"/items/{w.draft_plan}/9-01/why/",
        "item-why strange": f"/items/{strange}/1-02/why/", "plan-why": f"/plans/{plan}/why/", "plan-why draft": f"/plans/{w.draft_plan}/why/",
        "plan-why strange": f"/plans/{strange}/why/", "department-why": "/departments/gxj/why/", "department-why strange": "/departments/x-gxj/why/",
        "overview-why": "/overview/why/",
    }  # fmt: skip
    for name, report in (("correction", w.own), ("correction other", w.other), ("correction strange", w.strange_report)):
        found[name] = f"/corrections/{_correction(report).pk}/"
    for name, code in (("goal-why", plan), ("goal-why strange", strange)):
        goal = Goal.objects.filter(plan__code=code).first()
        assert goal
        found[name] = f"/plans/{code}/why/goal-{goal.path.strip('/').replace('/', '-')}/"
    return found


def _correction(report: ProgressReport) -> ProgressReport:
    """A correction of an accepted report that was taken back: it is in nobody's queue."""
    made = {name: getattr(report, name) for name in ("government", "duty", "measure", "period", "author", "edited_by", "edited_at", "cut_off", "value")}
    found, _made = ProgressReport.objects.get_or_create(corrects=report, state=ProgressReport.State.WITHDRAWN, defaults={**made, "number": 90, "reason": "误"})
    return found
