"""Who gets the archive of a closed period: lines of the table of tests/test_access.py, in its columns."""

from tests.world import World

TABLE = """\
GET    archive                  302    404     404      404         404          200      404        404         404     200     200
GET    archive none             302    404     404      404         404          404      404        404         404     404     404
"""


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for."""
    return {"archive": "/periods/2022Q2/archive.zip", "archive none": "/periods/1999Q1/archive.zip"}
