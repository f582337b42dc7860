"""Departments in their official order, each with what it leads and how that stands. 4 statements, however many departments."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from people.access import Person
from people.models import Department
from tracker.queries.looking import Look, look
from tracker.queries.nodes import UNKNOWN, NodeRow, nodes_at


@dataclass(frozen=True)
class DepartmentRow:
    code: str
    name: str
    short: str
    kind: str
    node: NodeRow


@dataclass(frozen=True)
class Departments:
    look: Look
    rows: list[DepartmentRow]
    idle: list[DepartmentRow]  # those that lead nothing
    whole: NodeRow


def departments(person: Person) -> QuerySet[Department]:
    """Every department of the own government, in the official order."""
    return Department.objects.visible_to(person)


def named(found: QuerySet[Department], words: str) -> QuerySet[Department]:
    """Those whose name holds the words."""
    return found.filter(Q(name__icontains=words) | Q(short__icontains=words) | Q(name_en__icontains=words))


def departments_for(person: Person, at: dt.datetime, found: QuerySet[Department]) -> Departments:
    """Of these departments those that are there on the day."""
    seen = look(person, at)
    if seen is None:
        raise ValueError("today is always there to be looked at")
    nodes = nodes_at(person.government_id, seen.number, "department", "government")
    rows = [_row(d, nodes.get(f"department:{d.pk}", UNKNOWN)) for d in found if d.until_on is None or d.until_on >= seen.day]
    whole = nodes.get(f"government:{person.government_id}", UNKNOWN)
    return Departments(seen, [row for row in rows if row.node.items], [row for row in rows if not row.node.items], whole)


def _row(department: Department, node: NodeRow) -> DepartmentRow:
    return DepartmentRow(department.code, str(department), department.short_title, department.kind, node)
