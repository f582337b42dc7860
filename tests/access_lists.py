"""Who gets the lists as files: lines of the table of tests/test_access.py, in its columns. What a page does not show, its file does not hold."""

from tests.world import World

TABLE = """\
GET    plans csv              302      200     200      200         200          200      200        200         200     200     200
GET    departments csv        302      200     200      200         200          200      200        200         200     200     200
GET    search csv             302      200     200      200         200          200      200        200         200     200     200
GET    public-plans csv          200      200     200      200           200        200    200           200     200     200      200
GET    public-plan csv           200      200     200      200           200        200    200           200     200     200      200
GET    my-work csv            302      200     200      200         200          404      404        404         404     404     404
GET    review csv             302      404     404      200         200          200      404        404        404     404     200
GET    periods csv            302      404     404      404         404          200      200        404        404     200     200
GET    period csv             302      404     404      404         404          200      200        404        404     200     200
GET    measure csv            302      200     200      200         200          200      200        200         200     200     404
GET    alerts csv             302      200     200      200         200          200      200        200         200     200     200
GET    conflicts csv          302      404     404      404         404          200      200        404         404     200     200
GET    messages csv           302      200     200      200         200          200      200        200         200     200     200
GET    audit csv              302      404     404      404         404          200      404        404         404     200     200
"""


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for."""
    pages = {
        "plans": "plans/", "departments": "departments/", "my-work": "my-work/", "review": "review/", "periods": "periods/", "period": "periods/2022Q3/",
        "measure": "measures/cloud/", "alerts": "alerts/", "conflicts": "conflicts/", "messages": "messages/", "audit": "audit/", "public-plans": "public/",
        "public-plan": f"public/{w.city.plan.code}/",
    }  # fmt: skip
    return {f"{name} csv": f"/{path}?export=csv" for name, path in pages.items()} | {"search csv": "/search/?q=密&export=csv"}
