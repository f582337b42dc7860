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
GET    objection-new          302      404     404      200         404          404      404        404         404     404     404
GET    objection-new other    302      404     404      404         200          404      404        404         404     404     404
GET    objection-new strange  302      404     404      404         404          404      404        404         404     404     404
POST   objection-new          302      404     404      422         404          404      404        404         404     404     404
POST   objection-new strange  302      404     404      404         404          404      404        404         404     404     404
GET    criterion              302      200     200      200         200          200      200        200         200     200     404
GET    criterion other        302      200     200      200         200          200      200        200         200     200     404
GET    criterion strange      302      404     404      404         404          404      404        404         404     404     200
POST   criterion              302      404     404      404         404          404      404        404         404     404     404
POST   criterion other        302      404     422      404         422          404      404        404         404     404     404
POST   criterion strange      302      404     404      404         404          404      404        404         404     404     404
GET    criteria               302      200     200      200         200          200      200        200         200     200     404
GET    criteria csv           302      200     200      200         200          200      200        200         200     200     404
GET    criteria strange       302      404     404      404         404          404      404        404         404     404     200
POST   criteria               302      404     404      404         404          302      404        404         404     404     404
POST   criteria strange       302      404     404      404         404          404      404        404         404     404     302
GET    excuse                 302      200     404      200         404          200      200        404         404     200     404
GET    excuse other           302      404     200      404         200          200      200        404         404     200     404
GET    excuse strange         302      404     404      404         404          404      404        404         404     404     200
POST   excuse                 302      404     404      422         404          422      404        404         404     404     404
POST   excuse strange         302      404     404      404         404          404      404        404         404     404     422
GET    objections             302      200     200      200         200          200      200        404         404     200     200
GET    objections csv         302      200     200      200         200          200      200        404         404     200     200
GET    objection              302      404     200      404         200          200      200        404         404     200     404
GET    objection strange      302      404     404      404         404          404      404        404         404     404     200
POST   objection              302      404     404      404         404          422      404        404         404     404     404
POST   objection strange      302      404     404      404         404          404      404        404         404     404     422
GET    objection-file         302      404     200      404         200          200      200        404         404     200     404
GET    objection-file strange 302      404     404      404         404          404      404        404         404     404     200
GET    limits                 302      404     404      404         404          404      404        200         404     404     404
POST   limits                 302      404     404      404         404          404      404        422         404     404     404
"""
DATA: dict[str, Callable[[World], dict[str, Any]]] = {f"objection{whose}": lambda _: {"do": "answer", "version": "0"} for whose in ("", " strange")}
DATA |= {"criterion other": lambda _: {"do": "propose"}, **{f"excuse{whose}": lambda _: {"do": "propose"} for whose in ("", " strange")}}


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for: items of the industry bureau, of the housing bureau (other), and the stranger's."""
    plan, strange = w.city.plan.code, w.strange.plan.code
    own, other, theirs = f"/items/{plan}/1-02/", f"/items/{plan}/2-01/", f"/items/{strange}/1-02/"
    found: dict[str, str] = {}
    for name, page in (("judgement", "judgement"), ("objection-new", "object"), ("excuse", "excuse")):
        found |= {name: f"{own}{page}/", f"{name} other": f"{other}{page}/", f"{name} strange": f"{theirs}{page}/"}
    task = {whose: f"/items/{code}/2-02/" for whose, code in ((" other", plan), (" strange", strange))}
    found |= {
        "criterion": f"{own}criterion/",
        **{f"criterion{whose}": f"{page}criterion/" for whose, page in task.items()},
        "excuse other": f"{task[' other']}excuse/",
    }
    for whose, one in (("", w.objection), (" strange", w.strange_objection)):
        found |= {f"objection{whose}": f"/objections/{one.pk}/", f"objection-file{whose}": f"/objections/files/{one.files.get().pk}/"}
    found |= {"criteria": f"/plans/{plan}/criteria/", "criteria csv": f"/plans/{plan}/criteria/?export=csv", "criteria strange": f"/plans/{strange}/criteria/"}
    found |= {"objections": "/objections/", "objections csv": "/objections/?export=csv", "limits": "/limits/"}
    return found
