"""Who gets the help: everybody, signed in or not; lines of the table of tests/test_access.py, in its columns."""

from tests.world import World

TABLE = """\
GET    help                   200      200     200      200         200          200      200        200         200     200     200
GET    help-topic             200      200     200      200         200          200      200        200         200     200     200
"""


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for."""
    return {"help": "/help/", "help-topic": "/help/plan/"}
