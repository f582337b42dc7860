"""What an amendment changes, as the audit trail keeps it: codes and plain values, which no later wording changes."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from plans.exporting import plain
from plans.models import Amendment, Terms

TOLD = (
    "goal", "name", "name_en", "accrual", "reading", "average", "profile", "shares", "baseline_on", "baseline", "weight", "binding", "lead", "leader",
    "basis", "locator", "acceptance", "withdrawn", "adding", "merged_into", "path_approved",
)  # fmt: skip
TOLD_OF_TARGETS = (
    "role",
    "from_on",
    "due_on",
    "comparator",
    "value",
    "value_high",
    "tolerance",
    "offset",
    "against",
    "better",
    "unit",
    "words",
    "firm",
    "note",
)


def told(amendment: Amendment) -> dict[str, dict[str, Any]]:
    """What each item says before and after, as the audit trail keeps it: "1-01 name", "1-01 targets". 8 statements."""
    new = {t.item_id: t for t in _whole(Terms.objects.filter(amendment=amendment))}
    earlier = Terms.objects.filter(item__in=new, published_at__isnull=False, from_on__lt=amendment.from_on).order_by("from_on", "pk")
    old = {t.item_id: t for t in _whole(earlier)}  # the latest of each item stands
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for item, terms in new.items():
        was, now = (_said(old[item]) if item in old else {}), _said(terms)
        changed = [name for name in now if was.get(name) != now[name]]
        before |= {f"{terms.item.code} {name}": was.get(name) for name in changed}
        after |= {f"{terms.item.code} {name}": now[name] for name in changed}
    for band in amendment.bands.all():
        after[f"bands {band.kind}"] = f"{_kept(band.green_from)}/{_kept(band.yellow_from)}"
    return {"before": before, "after": after}


def _whole(terms: QuerySet[Terms]) -> QuerySet[Terms]:
    return terms.select_related("item", "goal", "lead", "leader", "merged_into").prefetch_related("targets__against", "steps", "supports__department")


def _said(terms: Terms) -> dict[str, Any]:
    """Terms in words: numbers plain, departments and goals by name, targets and steps in one line each."""
    said: dict[str, Any] = {name: _kept(getattr(terms, name)) for name in TOLD}
    targets = sorted(terms.targets.all(), key=lambda t: (str(t.due_on), t.role))
    said["targets"] = [" ".join(_kept(getattr(t, name)) for name in TOLD_OF_TARGETS if getattr(t, name) not in (None, "")) for t in targets]
    said["steps"] = [" ".join(filter(None, (s.name, str(s.due_on or ""), _kept(s.weight)))) for s in sorted(terms.steps.all(), key=lambda s: s.position)]
    return said | {"supports": sorted(f"{s.department.name}{f'（{s.part}）' if s.part else ''}" for s in terms.supports.all())}


def _kept(value: Any) -> str:
    """A value as the trail keeps it; "" for nothing."""
    return (plain(value) or "") if value is None or isinstance(value, Decimal) else str(value)
