"""目标调整: a published plan changes only here, by two people. New rows are written, none is updated.

`propose` copies the terms in force of each changed item into a new version and changes the copy; `publish`, by another
person, freezes it. From `from_on` on the new terms are in force; earlier days keep the old ones.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Role
from plans.exporting import export_plan
from plans.models import Amendment, Plan, Publication, Step, Support, Target, Terms


class NotAllowed(Exception):
    """The amendment cannot be proposed or published; the message says why and what to do."""


@dataclass(frozen=True)
class NewStep:
    """A dated part of a task; weights are relative to each other."""

    name: str
    due_on: dt.date
    weight: Any = 1
    name_en: str = ""
    stage: int | None = None


@dataclass(frozen=True)
class Change:
    """What an amendment does to one item: fields of Terms by name, fields of its final target, and, where given, all its steps."""

    terms: Mapping[str, Any] = field(default_factory=dict)
    final: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[NewStep, ...] | None = None


def propose(plan: Plan, by: Person, at: dt.datetime, *, reason: str, basis: str, from_on: dt.date, changes: Mapping[str, Change]) -> Amendment:
    """Writes a proposed amendment with the changed items' new versions, by item code.

    Raises: NotAllowed for the wrong role, a draft plan, an unknown or withdrawn item, a missing reason, or a day before the
    item's present terms began.
    """
    _supervisor(plan, by)
    if not reason.strip():
        raise NotAllowed(_("请写明调整原因。"))
    with transaction.atomic():
        present = {t.item.code: t for t in Terms.objects.filter(item__plan=plan, item__code__in=changes).in_force(from_on).select_related("item")}
        missing = sorted(set(changes) - set(present))
        if missing:
            raise NotAllowed(_("规划中没有这些事项，或当日尚未生效：%(codes)s") % {"codes": "、".join(missing)})
        last = plan.amendments.aggregate(n=Max("number"))["n"] or 0
        amendment = Amendment.objects.create(
            government_id=plan.government_id, plan=plan, number=last + 1, reason=reason, basis=basis, from_on=from_on, proposed_by=by.user
        )
        for code, change in changes.items():
            if present[code].from_on >= from_on:
                raise NotAllowed(_("%(code)s 的现行约定自 %(day)s 起生效，调整须晚于该日。") % {"code": code, "day": present[code].from_on})
            _version(present[code], amendment, change)
        _record(amendment, by, at, "amendment proposed")
    return amendment


def publish(amendment: Amendment, by: Person, at: dt.datetime) -> None:
    """Freezes a proposed amendment: its terms are in force from its day on.

    Raises: NotAllowed for the wrong role, for the person who proposed it, or where it is no longer proposed.
    """
    _supervisor(amendment.plan, by)
    if amendment.proposed_by_id == by.id:
        raise NotAllowed(_("提出调整的人不能自己发布，请另一位督查员办理。"))
    with transaction.atomic():
        mine = Amendment.objects.filter(pk=amendment.pk, state=Amendment.State.PROPOSED)
        Terms.objects.filter(amendment=amendment, published_at__isnull=True).update(published_at=at)
        if mine.update(state=Amendment.State.PUBLISHED, published_by=by.user) != 1:
            raise NotAllowed(_("此项调整已由他人处理。"))
        body = json.dumps(export_plan(amendment.plan, amendment.from_on), ensure_ascii=False)
        Publication.objects.create(government_id=amendment.government_id, plan=amendment.plan, amendment=amendment, body=body)
        _record(amendment, by, at, "amendment published")
    amendment.refresh_from_db()


def reject(amendment: Amendment, by: Person, at: dt.datetime) -> None:
    """Sets a proposed amendment aside; its rows stay readable.

    Raises: NotAllowed for the wrong role, or where it is no longer proposed.
    """
    _supervisor(amendment.plan, by)
    with transaction.atomic():
        if Amendment.objects.filter(pk=amendment.pk, state=Amendment.State.PROPOSED).update(state=Amendment.State.REJECTED) != 1:
            raise NotAllowed(_("此项调整已由他人处理。"))
        _record(amendment, by, at, "amendment rejected")


def _supervisor(plan: Plan, by: Person) -> None:
    if not by.has(Role.SUPERVISOR) or by.government_id != plan.government_id:
        raise NotAllowed(_("只有督查员可以调整已发布的规划。"))
    if plan.state != Plan.State.PUBLISHED:
        raise NotAllowed(_("只有已发布的规划才需要调整。"))


def _version(old: Terms, amendment: Amendment, change: Change) -> None:
    """A copy of an item's terms, with all that hangs on them, changed."""
    targets, supports, steps = list(old.targets.all()), list(old.supports.all()), list(old.steps.all())
    new = _copy(old, amendment=amendment, from_on=amendment.from_on, published_at=None, **change.terms)
    new.save(force_insert=True)
    Target.objects.bulk_create(_copy(t, terms=new, **(change.final if t.role == Target.RoleInPath.FINAL else {})) for t in targets)
    Support.objects.bulk_create(_copy(s, terms=new) for s in supports)
    if change.steps is None:
        Step.objects.bulk_create(_copy(s, terms=new) for s in steps)
        return
    Step.objects.bulk_create(
        Step(
            government_id=old.government_id, terms=new, position=n, name=s.name, name_en=s.name_en, stage=s.stage, due_on=s.due_on, weight=s.weight
        )
        for n, s in enumerate(change.steps, start=1)
    )  # fmt: skip


TOLD = (
    "goal", "name", "name_en", "accrual", "reading", "average", "profile", "shares", "baseline_on", "baseline", "weight", "binding", "lead", "leader",
    "basis", "locator", "acceptance", "withdrawn",
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


def _told(amendment: Amendment) -> dict[str, dict[str, Any]]:
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
    return {"before": before, "after": after}


def _whole(terms: QuerySet[Terms]) -> QuerySet[Terms]:
    return terms.select_related("item", "goal", "lead", "leader").prefetch_related("targets__against", "steps", "supports__department")


def _said(terms: Terms) -> dict[str, Any]:
    """Terms in words: numbers plain, departments and goals by name, targets and steps in one line each."""
    said: dict[str, Any] = {name: _plain(getattr(terms, name)) for name in TOLD}
    targets = sorted(terms.targets.all(), key=lambda t: (str(t.due_on), t.role))
    said["targets"] = [" ".join(_plain(getattr(t, name)) for name in TOLD_OF_TARGETS if getattr(t, name) not in (None, "")) for t in targets]
    said["steps"] = [" ".join(filter(None, (s.name, str(s.due_on or ""), _plain(s.weight)))) for s in sorted(terms.steps.all(), key=lambda s: s.position)]
    return said | {"supports": sorted(s.department.name for s in terms.supports.all())}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _copy(row: Any, **changes: Any) -> Any:
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    copy = type(row)(**values)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _record(amendment: Amendment, by: Person, at: dt.datetime, verb: str) -> None:
    facts = {"plan": amendment.plan.code, "number": amendment.number, "reason": amendment.reason, "from": amendment.from_on} | _told(amendment)
    audit.record(amendment.government_id, actor=by.user, verb=verb, subject=f"amendment:{amendment.pk}", at=at, facts=facts)
