"""分解页: a draft item, the departments that it may be shared out over, and what each has. A fixed number of statements."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from people.access import Person
from people.models import Department
from plans.arithmetic.spans import six
from plans.editing.parts import Part, Parts, parts_of
from plans.editing.rights import DRAFTS
from plans.exporting import plain
from plans.models import Item, Target, Terms


@dataclass
class PartRow:
    """A department with the text of its fields, and what is wrong with them."""

    department: Department
    value: str = ""
    weight: str = "1"
    shares: str = ""
    there: bool = False
    wrong: str = ""


@dataclass
class PartsPage:
    item: Item
    terms: Terms
    target: Target | None
    adding: str
    rows: list[PartRow]
    left: str
    draft: bool
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def counties(self) -> list[PartRow]:
        return [row for row in self.rows if row.department.kind == Department.Kind.COUNTY]

    @property
    def others(self) -> list[PartRow]:
        return [row for row in self.rows if row.department.kind != Department.Kind.COUNTY]

    @property
    def unnamed(self) -> list[str]:
        """Counties without a part, where any county has one."""
        return [row.department.short_title for row in self.counties if not row.value] if any(row.value for row in self.counties) else []


def parts_page(person: Person, plan: str, code: str, day: dt.date) -> PartsPage | None:
    """None where there is no such item of a plan that this person may read, or where it is a part itself. Of a published plan as it is on the day."""
    item = Item.objects.visible_to(person).filter(plan__code=plan, code=code, part_of__isnull=True).select_related("plan", "measure").first()
    draft = item is not None and item.plan.state in DRAFTS
    versions = Terms.objects.filter(item=item).select_related("lead")
    terms = (versions.filter(amendment__number=0) if draft else versions.in_force(day)).first() if item else None
    if item is None or terms is None:
        return None
    found: Parts = parts_of(item, None if draft else day)
    target = Target.objects.filter(terms=terms, role=Target.RoleInPath.FINAL).order_by("-due_on", "pk").first()
    until = item.plan.end
    departments = [d for d in Department.objects.visible_to(person) if d.until_on is None or d.until_on >= until or d.pk in found.parts]
    rows = [_row(d, found.parts.get(d.pk)) for d in departments]
    return PartsPage(item, terms, target, found.adding, rows, (plain(six(found.left)) if found.left is not None else None) or "", draft)


def _row(department: Department, part: Part | None) -> PartRow:
    if part is None:
        return PartRow(department)
    return PartRow(department, plain(part.value) or "", plain(part.weight) or "1", part.shares, there=True)
