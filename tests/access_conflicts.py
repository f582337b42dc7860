"""Who gets what of a conflict, what a figure is promised for, and how ambitious targets are: lines of the table of tests/test_access.py."""

from collections.abc import Callable
from typing import Any

from tests.world import World

TABLE = """\
GET    conflict               302      404     404      404         404          200      200        404         404     200     404
GET    conflict strange       302      404     404      404         404          404      404        404         404     404     200
POST   conflict               302      404     404      404         404          422      404        404         404     404     404
POST   conflict strange       302      404     404      404         404          404      404        404         404     404     422
GET    likenesses             302      404     404      404         404          200      200        404         404     200     200
GET    likenesses csv         302      404     404      404         404          200      200        404         404     200     200
GET    likeness               302      404     404      404         404          200      200        404         404     200     404
GET    likeness strange       302      404     404      404         404          404      404        404         404     404     200
POST   likeness               302      404     404      404         404          422      404        404         404     404     404
POST   likeness strange       302      404     404      404         404          404      404        404         404     404     422
GET    ambition               302      200     200      200         200          200      200        200         200     200     200
GET    ambition csv           302      200     200      200         200          200      200        200         200     200     200
GET    item-ambition          302      200     200      200         200          200      200        200         200     200     404
GET    item-ambition strange  302      404     404      404         404          404      404        404         404     404     200
POST   item-ambition          302      422     404      422         404          404      404        404         404     404     404
POST   item-ambition strange  302      404     404      404         404          404      404        404         404     404     404
"""
DATA: dict[str, Callable[[World], dict[str, Any]]] = {}


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for."""
    own, strange = f"/items/{w.city.plan.code}/1-01/ambition/", f"/items/{w.strange.plan.code}/1-01/ambition/"
    pages = {"ambition": "/ambition/", "ambition csv": "/ambition/?export=csv", "item-ambition": own, "item-ambition strange": strange}
    for name, city in (("likeness", w.city), ("likeness strange", w.strange)):
        pages[name] = f"/likenesses/{city.item('1-01').pk}/{city.item('1-02').pk}/"
    pages |= {"likenesses": "/likenesses/", "likenesses csv": "/likenesses/?export=csv"}
    return pages | {"conflict": f"/conflicts/{w.conflict.pk}/", "conflict strange": f"/conflicts/{w.strange_conflict.pk}/"}
