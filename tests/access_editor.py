"""Who gets what of the pages in which a draft is made: lines of the table of tests/test_access.py, in its columns."""

from plans.models import Goal, Item
from tests.world import World

PAGES = {"plan-editor": "", "editor-plan": "head/", "editor-checks": "checks/", "editor-leads": "leads/", "editor-delete": "delete/"}
TABLE = """\
GET    plan-new               302      404     404      404         404          200      404        404         404     404     200
POST   plan-new               302      404     404      404         404          422      404        404         404     404     422
GET    plan-editor            302      404     404      404         404          200      404        404         404     404     404
GET    plan-editor published  302      404     404      404         404          409      404        404         404     404     404
GET    plan-editor strange    302      404     404      404         404          404      404        404         404     404     200
POST   plan-editor            302      404     404      404         404          302      404        404         404     404     404
POST   plan-editor strange    302      404     404      404         404          404      404        404         404     404     302
GET    editor-plan            302      404     404      404         404          200      404        404         404     404     404
GET    editor-plan strange    302      404     404      404         404          404      404        404         404     404     200
POST   editor-plan            302      404     404      404         404          422      404        404         404     404     404
POST   editor-plan strange    302      404     404      404         404          404      404        404         404     404     422
GET    editor-delete          302      404     404      404         404          200      404        404         404     404     404
GET    editor-delete strange  302      404     404      404         404          404      404        404         404     404     200
POST   editor-delete          302      404     404      404         404          409      404        404         404     404     404
POST   editor-delete strange  302      404     404      404         404          404      404        404         404     404     409
GET    editor-goal            302      404     404      404         404          200      404        404         404     404     404
GET    editor-goal strange    302      404     404      404         404          404      404        404         404     404     200
POST   editor-goal            302      404     404      404         404          422      404        404         404     404     404
POST   editor-goal strange    302      404     404      404         404          404      404        404         404     404     422
GET    editor-item            302      404     404      404         404          200      404        404         404     404     404
GET    editor-item strange    302      404     404      404         404          404      404        404         404     404     200
POST   editor-item            302      404     404      404         404          422      404        404         404     404     404
POST   editor-item strange    302      404     404      404         404          404      404        404         404     404     422
GET    editor-checks          302      404     404      404         404          200      404        404         404     404     404
GET    editor-checks strange  302      404     404      404         404          404      404        404         404     404     200
POST   editor-checks          302      404     404      404         404          404      404        404         404     404     404
POST   editor-checks strange  302      404     404      404         404          404      404        404         404     404     404
GET    editor-leads           302      404     404      404         404          200      404        404         404     404     404
GET    editor-leads strange   302      404     404      404         404          404      404        404         404     404     200
POST   editor-leads           302      404     404      404         404          302      404        404         404     404     404
POST   editor-leads strange   302      404     404      404         404          404      404        404         404     404     302
"""


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for: the city's draft, and the stranger's."""
    found = {"plan-new": "/plans/new/", "plan-editor published": f"/plans/{w.city.plan.code}/edit/"}
    for whose, code in (("", w.draft_plan), (" strange", w.strange_draft.code)):
        here = f"/plans/{code}/edit/"
        goal, item = Goal.objects.filter(plan__code=code).first(), Item.objects.filter(plan__code=code).first()
        assert goal
        assert item
        found |= {f"{name}{whose}": f"{here}{part}" for name, part in PAGES.items()}
        found |= {f"editor-goal{whose}": f"{here}goals/{goal.pk}/", f"editor-item{whose}": f"{here}items/{item.pk}/"}
    return found
