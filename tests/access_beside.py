"""Who gets what of the pages of what stands beside a light: lines of the table of tests/test_access.py, in its columns."""

from collections.abc import Callable
from typing import Any

from tests.world import World

TABLE = """\
GET    judgement              302      200     200      200         200          200      200        200         200     200     404
GET    judgement other        302      200     200      200         200          200      200        200         200     200     404
GET    judgement strange      302      404     404      404         404          404      404        404         404     404     200
POST   judgement              302      404     404      404         404          422      404        404         404     404     404
POST   judgement strange      302      404     404      404         404          404      404        404         404     404     422
"""
DATA: dict[str, Callable[[World], dict[str, Any]]] = {}


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for: items of the industry bureau, of the housing bureau (other), and the stranger's."""
    plan, strange = w.city.plan.code, w.strange.plan.code
    own, other, theirs = f"/items/{plan}/1-02/", f"/items/{plan}/2-01/", f"/items/{strange}/1-02/"
    found: dict[str, str] = {}
    for name in ("judgement",):
        found |= {name: f"{own}{name}/", f"{name} other": f"{other}{name}/", f"{name} strange": f"{theirs}{name}/"}
    return found
