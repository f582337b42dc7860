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
GET    people-import          302      404     404      404         404          404      404        200         200     404     404
GET    people-import empty    302      404     404      404         404          404      404        200         200     404     404
POST   people-import          302      404     404      404         404          404      404        422         422     404     404
GET    leaving                302      404     404      404         404          404      404        200         200     404     404
GET    leaving other          302      404     404      404         404          404      404        200         404     404     404
GET    leaving strange        302      404     404      404         404          404      404        404         404     404     404
POST   leaving                302      404     404      404         404          404      404        422         422     404     404
POST   leaving other          302      404     404      404         404          404      404        422         404     404     404
POST   leaving strange        302      404     404      404         404          404      404        404         404     404     404
GET    setup                  404      404     404      404         404          404      404        404         404     404     404
POST   setup                  404      404     404      404         404          404      404        404         404     404     404
GET    readiness              302      404     404      404         404          200      404        200         404     404     200
GET    department-list        302      404     404      404         404          404      404        200         404     404     404
POST   department-list        302      404     404      404         404          404      404        302         404     404     404
GET    department-new         302      404     404      404         404          404      404        200         404     404     404
POST   department-new         302      404     404      404         404          404      404        422         404     404     404
GET    department-edit        302      404     404      404         404          404      404        200         404     404     404
GET    department-edit strange 302     404     404      404         404          404      404        404         404     404     404
POST   department-edit        302      404     404      404         404          404      404        422         404     404     404
POST   department-edit strange 302     404     404      404         404          404      404        404         404     404     404
GET    department-close       302      404     404      404         404          404      404        200         404     404     404
GET    department-close strange 302    404     404      404         404          404      404        404         404     404     404
POST   department-close       302      404     404      404         404          404      404        422         404     404     404
POST   department-close strange 302    404     404      404         404          404      404        404         404     404     404
GET    merger                 302      404     404      404         404          200      404        200         404     404     404
GET    merger strange         302      404     404      404         404          404      404        404         404     404     200
POST   merger                 302      404     404      404         404          422      404        422         404     404     404
POST   merger strange         302      404     404      404         404          404      404        404         404     404     422
"""
PERSON = {"person": "", "person-role": "role/", "person-portfolio": "portfolio/", "person-account": "account/", "leaving": "leave/"}
WHOSE = ("", " other", " strange")
DATA: dict[str, Callable[[World], dict[str, Any]]] = {
    **{f"person-account{whose}": lambda _: {"do": "slip", "key": "k"} for whose in WHOSE},
    "department-list": lambda w: {"department": w.city.departments["gxj"].pk, "rank": "1"},
    "merger": lambda _: {"do": "confirm"},
    "merger strange": lambda _: {"do": "confirm"},
}


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
    pages |= {"people-import": "people/import/", "people-import empty": "people/import/?export=csv"}
    pages |= {"setup": "setup/", "readiness": "setup/check/"}
    departments = {"department-list": "people/departments/", "department-new": "people/departments/new/"}
    for whose, city, merger in (("", w.city, w.merger), (" strange", w.strange, w.strange_merger)):
        page = f"people/departments/{city.departments['zjj'].pk}/"
        departments |= {f"department-edit{whose}": page, f"department-close{whose}": f"{page}close/", f"merger{whose}": f"mergers/{merger.pk}/"}
    return {name: f"/{path}" for name, path in {**pages, **people, **departments}.items()}
