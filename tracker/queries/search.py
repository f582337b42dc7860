"""Search: items, departments, plans and people whose names hold the words, Chinese or English. 5 statements."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from people.access import Person
from people.models import Department, User
from plans.models import Plan
from tracker.queries.items import is_called
from tracker.queries.looking import Look
from tracker.queries.rows import FIELDS, ItemRow, listed, rows

MOST = 50


@dataclass(frozen=True)
class Found:
    words: str
    items: list[ItemRow]
    more: bool
    departments: list[Department]
    plans: list[Plan]
    people: list[User]

    @property
    def total(self) -> int:
        return len(self.items) + len(self.departments) + len(self.plans) + len(self.people)


def search(person: Person, words: str, seen: Look) -> Found:
    """What the words name. Every word must be there, in any order; a space is what parts words."""
    parts = words.split()
    if not parts:
        return Found("", [], False, [], [], [])
    items: Q = Q()
    people = Q()
    for part in parts:
        items &= Q(name__icontains=part) | Q(name_en__icontains=part) | Q(item__code__iexact=part) | Q(item__measure__name__icontains=part)
        people &= Q(name__icontains=part)
    every: QuerySet = listed(person, seen, parts=True).filter(items).order_by("item__plan__position", "item__position")
    found = list(every.values(*FIELDS)[: MOST + 1])
    departments = [d for d in Department.objects.visible_to(person) if all(is_called(d, part) for part in parts)]
    plans = [p for p in Plan.objects.visible_to(person) if all(_plan_is_called(p, part) for part in parts)]
    active = User.objects.visible_to(person).filter(is_active=True)
    who = list(active.filter(people).select_related("department").order_by("department__position", "name")[:MOST])
    return Found(" ".join(parts), rows(found[:MOST]), len(found) > MOST, departments, plans, who)


def _plan_is_called(plan: Plan, words: str) -> bool:
    return any(words.casefold() in name.casefold() for name in (plan.title, plan.title_en, plan.short, plan.short_en))
