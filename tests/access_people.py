"""Who gets what of the pages about people and departments: lines of the table of tests/test_access.py, in its columns."""

from collections.abc import Callable
from typing import Any

from tests.world import World

TABLE = """\
GET    account                302      200     200      200         200          200      200        200         200     200     200
POST   account                302      422     422      422         422          422      422        422         422     422     422
GET    join                   200      200     200      200         200          200      200        200         200     200     200
POST   join                   422      422     422      422         422          422      422        422         422     422     422
GET    forgot                 200      200     200      200         200          200      200        200         200     200     200
POST   forgot                 422      422     422      422         422          422      422        422         422     422     422
GET    people                 302      404     404      404         404          404      404        200         200     404     404
GET    people csv             302      404     404      404         404          404      404        200         200     404     404
GET    person-new             302      404     404      404         404          404      404        200         200     404     404
POST   person-new             302      404     404      404         404          404      404        422         422     404     404
GET    person                 302      404     404      404         404          404      404        200         200     404     404
GET    person other           302      404     404      404         404          404      404        200         404     404     404
GET    person strange         302      404     404      404         404          404      404        404         404     404     404
POST   person                 302      404     404      404         404          404      404        422         422     404     404
POST   person other           302      404     404      404         404          404      404        422         404     404     404
POST   person strange         302      404     404      404         404          404      404        404         404     404     404
POST   person-role            302      404     404      404         404          404      404        422         422     404     404
POST   person-role other      302      404     404      404         404          404      404        422         404     404     404
POST   person-role strange    302      404     404      404         404          404      404        404         404     404     404
POST   person-portfolio       302      404     404      404         404          404      404        422         404     404     404
POST   person-portfolio strange 302    404     404      404         404          404      404        404         404     404     404
POST   person-account         302      404     404      404         404          404      404        200         200     404     404
POST   person-account other   302      404     404      404         404          404      404        200         404     404     404
POST   person-account strange 302      404     404      404         404          404      404        404         404     404     404
"""
PERSON = {"person": "", "person-role": "role/", "person-portfolio": "portfolio/", "person-account": "account/"}
WHOSE = ("", " other", " strange")
DATA: dict[str, Callable[[World], dict[str, Any]]] = {f"person-account{whose}": lambda _: {"do": "slip", "key": "k"} for whose in WHOSE}


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for: a person of the industry bureau, of the housing bureau, of another city."""
    users = zip(WHOSE, (w.city.user("reporter"), w.city.user("builder"), w.strange.user("reporter")), strict=True)
    pages = {
        "account": "account/",
        "join": "join/?code=AAAA-BBBB-CCCC",
        "forgot": "forgot/",
        "people": "people/",
        "people csv": "people/?export=csv",
        "person-new": "people/new/",
    }
    people = {f"{name}{whose}": f"people/{user.pk}/{part}" for whose, user in users for name, part in PERSON.items()}
    return {name: f"/{path}" for name, path in {**pages, **people}.items()}
