"""Who gets what of the pages on which papers come in: lines of the table of tests/test_access.py, in its columns."""

from collections.abc import Callable
from typing import Any

from tests.world import World

TABLE = """\
GET    papers                 302      404     404      404         404          200      404        404         404     200     200
POST   papers                 302      404     404      404         404          422      404        404         404     404     422
GET    paper-template         302      404     404      404         404          200      404        404         404     200     200
GET    paper                  302      404     404      404         404          200      404        404         404     200     404
GET    paper strange          302      404     404      404         404          404      404        404         404     404     200
POST   paper                  302      404     404      404         404          422      404        404         404     404     404
POST   paper strange          302      404     404      404         404          404      404        404         404     404     422
GET    plan-table             302      200     200      200         200          200      200        200         200     200     404
GET    plan-table draft       302      404     404      404         404          200      404        404         404     200     404
GET    plan-table strange     302      404     404      404         404          404      404        404         404     404     200
"""
DATA: dict[str, Callable[[World], dict[str, Any]]] = {f"paper{whose}": lambda _: {"do": "head"} for whose in ("", " strange")}


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for."""
    plans = {"": w.city.plan.code, " draft": w.draft_plan, " strange": w.strange.plan.code}
    papers = {"": w.paper.pk, " strange": w.strange_paper.pk}
    return {
        "papers": "/papers/", "paper-template": "/papers/template/", **{f"paper{whose}": f"/papers/{pk}/" for whose, pk in papers.items()},
        **{f"plan-table{whose}": f"/plans/{code}/table/" for whose, code in plans.items()},
    }  # fmt: skip
