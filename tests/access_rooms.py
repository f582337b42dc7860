"""The rooms whose pages have lines of their own for the table of tests/test_access.py; one room a line, so that two can be added at once."""

from tests import (
    access_archive,
    access_beside,
    access_conflicts,
    access_editor,
    access_help,
    access_lists,
    access_papers,
    access_people,
    access_sampling,
    access_sharing,
    access_why,
)

ROOMS = (
    access_archive,
    access_beside,
    access_conflicts,
    access_editor,
    access_help,
    access_lists,
    access_papers,
    access_people,
    access_sampling,
    access_sharing,
    access_why,
)
