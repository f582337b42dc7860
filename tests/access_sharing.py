"""Who gets what of the pages of sharing out: lines of the table of tests/test_access.py, in its columns."""

from collections.abc import Callable
from typing import Any

from tests.world import World

TABLE = """\
GET    sharing                302      200     200      200         200          200      404        404         404     200     200
GET    consultation           302      404     404      404         404          200      404        404         404     200     404
GET    consultation strange   302      404     404      404         404          404      404        404         404     404     200
POST   consultation           302      404     404      404         404          422      404        404         404     404     404
POST   consultation strange   302      404     404      404         404          404      404        404         404     404     422
GET    consultation-answer    302      200     404      200         404          404      404        404         404     404     404
GET    consultation-answer strange 302 404     404      404         404          404      404        404         404     404     404
POST   consultation-answer    302      422     404      302         404          404      404        404         404     404     404
POST   consultation-answer strange 302 404     404      404         404          404      404        404         404     404     404
GET    publication            302      404     404      404         404          200      404        404         404     200     404
GET    publication strange    302      404     404      404         404          404      404        404         404     404     200
POST   publication            302      404     404      404         404          422      404        404         404     404     404
POST   publication strange    302      404     404      404         404          404      404        404         404     404     422
POST   publication-sign       302      404     302      404         302          404      404        404         404     404     404
POST   publication-sign strange 302    404     404      404         404          404      404        404         404     404     404
GET    publication-file       302      200     200      200         200          200      200        200         200     200     404
GET    publication-file strange 302    404     404      404         404          404      404        404         404     404     200
"""
DATA: dict[str, Callable[[World], dict[str, Any]]] = {}


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for: plans in consultation, and plans that are issued."""
    asked, issued = {"": w.asked, " strange": w.strange_asked}, {"": w.issued, " strange": w.strange_issued}
    return {
        "sharing": "/sharing/", **{f"consultation{whose}": f"/sharing/{code}/" for whose, code in asked.items()},
        **{f"consultation-answer{whose}": f"/sharing/{code}/answer/" for whose, code in asked.items()},
        **{f"publication{whose}": f"/sharing/{code}/publication/" for whose, code in asked.items()},
        **{f"publication-sign{whose}": f"/sharing/{code}/sign/" for whose, code in issued.items()},
        **{f"publication-file{whose}": f"/sharing/{code}/files/docx/" for whose, code in issued.items()},
    }  # fmt: skip
