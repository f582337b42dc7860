"""Plans as JSON-ready dicts in the form of docs/export.md. The same form loads again (`plans.importing`)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from people.models import Department, Government
from plans.models import Goal, Plan, Step, Support, Target, Terms


def plain(value: Decimal | None) -> str | None:
    """A number in plain notation without trailing zeros: Decimal('15.4000') → '15.4'."""
    return None if value is None else f"{value.normalize():f}" if value else "0"


def export_plans(government: Government, day: dt.date | None = None, *, drafts: bool = False) -> dict[str, Any]:
    """Every published plan of a government: amendment 0, or with `day` the terms in force on that day; with `drafts` those too, as they stand."""
    plans = Plan.objects.of(government) if drafts else Plan.objects.of(government).published()
    plans = plans.select_related("document").order_by("position", "code")
    return {"plans": [export_plan(plan, day) for plan in plans]}


def export_plan(plan: Plan, day: dt.date | None = None) -> dict[str, Any]:
    """One plan with its items in order. 5 statements, however many items."""
    titles = {goal.path: goal.title for goal in Goal.objects.filter(plan=plan)}
    return {
        "code": plan.code,
        "title": plan.title,
        "document": {"title": plan.document.title, "number": plan.document.number, "issuer": plan.document.issuer, "date": plan.document.date.isoformat()},
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "items": [_item(terms, plan, titles) for terms in _terms(plan, day)],
    }


def _terms(plan: Plan, day: dt.date | None) -> QuerySet[Terms]:
    rows = Terms.objects.filter(item__plan=plan)
    rows = rows.filter(amendment__number=0) if day is None else rows.in_force(day)
    return (
        rows.select_related("item__measure__reporter", "item__measure__cycle", "item__part_of", "goal", "lead")
        .prefetch_related(
            Prefetch("targets", Target.objects.select_related("against").order_by("due_on", "id")),
            Prefetch("steps", Step.objects.filter(stated=True)),
            Prefetch("supports", Support.objects.select_related("department").order_by("id")),
        )
        .order_by("item__position", "item__code")
    )


def _item(terms: Terms, plan: Plan, titles: dict[str, str]) -> dict[str, Any]:
    measure = terms.item.measure
    return {
        "code": terms.item.code,
        "kind": terms.item.kind,
        "goal": _goal_titles(terms.goal.path, titles),
        "name": terms.name,
        "unit": _unit(terms),
        "accrual": terms.accrual,
        "reading": terms.reading,
        "average": terms.average or None,
        "profile": terms.profile,
        "shares": terms.shares.split("/") if terms.shares else None,
        "binding": terms.binding,
        "baseline": {"date": terms.baseline_on.isoformat(), "value": plain(terms.baseline)} if terms.baseline_on else None,
        "targets": [_target(target) for target in terms.targets.all()],
        "steps": [{"name": s.name, "due": _iso(s.due_on), "weight": plain(s.weight)} for s in terms.steps.all()],
        "measure": {"code": measure.code, "reporter": _named(measure.reporter), "cycle": measure.cycle.name, "release_lag": measure.release_lag},
        "source": {"document": plan.document.title, "locator": terms.locator},
        "lead": _named(terms.lead),
        "supporting": [support.department.name for support in terms.supports.all()],
        "basis": terms.basis,
        **({"adding": terms.adding} if terms.adding else {}),
        **({"part_of": terms.item.part_of.code} if terms.item.part_of else {}),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _named(department: Department | None) -> str | None:
    return department.name if department else None


def _unit(terms: Terms) -> str | None:
    return next((target.unit for target in reversed(terms.targets.all())), "") or None


def _goal_titles(path: str, titles: dict[str, str]) -> list[str]:
    parts = path.rstrip("/").split("/")
    return [titles["/".join(parts[: n + 1]) + "/"] for n in range(len(parts))]


def _target(target: Target) -> dict[str, Any]:
    return {
        "role": target.role,
        "start": target.from_on.isoformat(),
        "due": _iso(target.due_on),
        "comparator": target.comparator or None,
        "value": plain(target.value),
        "value_high": plain(target.value_high),
        "tolerance": plain(target.tolerance),
        "offset": plain(target.offset) if target.comparator == "relative" else None,
        "against": target.against.code if target.against else None,
        "better": target.better or None,
        "unit": target.unit or None,
        "words": target.words,
        "firm": target.firm or None,
        "note": target.note,
    }
