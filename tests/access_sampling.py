"""Who gets what of the pages of checks: lines of the table of tests/test_access.py, in its columns."""

from collections.abc import Callable
from typing import Any

from tests.world import World
from tracker.models import SampledFile

TABLE = """\
GET    sampling               302      200     200      200         200          200      200        404         404     200     200
GET    sample-new             302      404     404      404         404          200      404        404         404     200     200
POST   sample-new             302      404     404      404         404          422      404        404         404     422     422
GET    sample                 302      404     404      404         404          200      200        404         404     200     404
GET    sample strange         302      404     404      404         404          404      404        404         404     404     200
GET    sampled                302      200     404      200         404          200      200        404         404     200     404
GET    sampled strange        302      404     404      404         404          404      404        404         404     404     200
POST   sampled                302      404     404      404         404          404      404        404         404     422     404
POST   sampled strange        302      404     404      404         404          404      404        404         404     404     404
GET    sampled-file           302      200     404      200         404          200      200        404         404     200     404
GET    sampled-file strange   302      404     404      404         404          404      404        404         404     404     200
"""
DATA: dict[str, Callable[[World], dict[str, Any]]] = {"sampled": lambda _w: {"do": "find"}}


def addresses(w: World) -> dict[str, str]:
    """A check of each city in which one figure of the industry bureau was drawn."""
    found = {"sampling": "/sampling/", "sample-new": "/sampling/new/"}
    for mark, figure, number in (("", w.sampled, 1), (" strange", w.strange_sampled, 9)):
        found |= {f"sample{mark}": f"/sampling/{number}/", f"sampled{mark}": f"/sampling/{number}/1/"}
        found[f"sampled-file{mark}"] = f"/sampling/files/{SampledFile.objects.get(sampled=figure).pk}/"
    return found
