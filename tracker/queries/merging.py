"""Mergers of departments as their pages show them."""

from people.access import Person
from people.models import Department, Merger

JOINED = ("department", "successor", "proposed_by", "decided_by")


def merger(person: Person, pk: int) -> Merger | None:
    return Merger.objects.visible_to(person).filter(pk=pk).select_related(*JOINED).first()


def waiting(department: Department) -> Merger | None:
    """The proposal that waits for its confirmation. 1 statement."""
    return Merger.objects.filter(department=department, state=Merger.State.PROPOSED).select_related(*JOINED).first()
