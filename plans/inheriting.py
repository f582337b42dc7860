"""A department's promises go to its successor: a version more of every promise in force, by the two people of the merger.

Nothing that was published is updated. Each plan gets an amendment whose versions differ from those before in lead and support
alone; earlier days keep the old department. Drafts and what is only proposed are changed in place; what was said to a draft stays as
it was said and counts for the successor, who also signs for what the old department has not.
"""

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from people import audit
from people.models import Department, User
from plans.exporting import export_plan
from plans.models import Amendment, Measure, Plan, Publication, Signature, Step, Support, Target, Terms
from plans.versions import copied

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Inheritance:
    """Who takes over what from whom, from which day, and the two people who answer for it."""

    old: Department
    new: Department
    from_on: dt.date
    maker: User
    checker: User
    reason: str
    basis: str


def promises(department: Department, day: dt.date) -> QuerySet[Terms]:
    """The published versions that name a department on a day or later, as lead or support: of plans that go on, not withdrawn."""
    newer = Terms.objects.filter(item=OuterRef("item"), published_at__isnull=False, from_on__lte=day, from_on__gt=OuterRef("from_on"))
    supports = Support.objects.filter(terms=OuterRef("pk"), department=department)
    mine = (
        Terms.objects.of(department.government_id)
        .published()
        .filter(Q(lead=department) | Exists(supports), item__plan__state=Plan.State.PUBLISHED, withdrawn=False)
    )
    return mine.filter(Q(from_on__gt=day) | ~Exists(newer)).select_related("item__plan").order_by("item__plan__position", "item__position", "from_on")


def drafted(department: Department) -> QuerySet[Terms]:
    """The versions that are not published and name a department as lead or support."""
    supports = Support.objects.filter(terms=OuterRef("pk"), department=department)
    mine = Terms.objects.of(department.government_id).filter(Q(lead=department) | Exists(supports), published_at__isnull=True)
    return mine.exclude(amendment__state=Amendment.State.REJECTED).select_related("item__plan").order_by("item__plan__position", "item__position")


def measures(department: Department) -> QuerySet[Measure]:
    """What a department reports; `is_told` where a published plan reads it."""
    published = Plan.objects.published().filter(items__measure=OuterRef("pk"))
    return Measure.objects.of(department.government_id).filter(reporter=department).annotate(is_told=Exists(published)).order_by("code")


def hand_on(one: Inheritance, at: dt.datetime) -> list[Amendment]:
    """Writes and publishes the versions, moves drafts and measures. Inside the merger's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an inheritance belongs into the transaction of its merger")
    waiting: dict[tuple[int, dt.date], list[Terms]] = defaultdict(list)
    for old in promises(one.old, one.from_on):
        waiting[old.item.plan_id, max(one.from_on, old.from_on + DAY)].append(old)
    made = [_amend(one, versions[0].item.plan, day, versions, at) for (_plan, day), versions in waiting.items()]
    for terms in drafted(one.old):
        _move_in_place(terms, one)
    measures(one.old).update(reporter=one.new)
    _pass_on_papers(one)
    return made


def papers(department: Department) -> QuerySet[Signature]:
    """What a department was asked to sign for and has not."""
    return Signature.objects.of(department.government_id).filter(department=department, signed_by__isnull=True).select_related("issuance__plan").order_by("pk")


def _pass_on_papers(one: Inheritance) -> None:
    """The successor signs for what the old department has not; where it was asked for the same paper itself, once is enough."""
    asked = Signature.objects.filter(department=one.new).values("issuance")
    papers(one.old).filter(issuance__in=list(asked.values_list("issuance", flat=True))).delete()
    papers(one.old).update(department=one.new)


def _amend(one: Inheritance, plan: Plan, from_on: dt.date, versions: list[Terms], at: dt.datetime) -> Amendment:
    number = (plan.amendments.aggregate(n=Max("number"))["n"] or 0) + 1
    amendment = Amendment.objects.create(
        government_id=plan.government_id, plan=plan, number=number, from_on=from_on, proposed_by=one.maker, proposed_at=at,
        basis=one.basis, reason=_("%(old)s并入%(new)s：%(reason)s") % {"old": one.old.name, "new": one.new.name, "reason": one.reason},
    )  # fmt: skip
    amendment.makers.add(one.maker)
    for old in versions:
        _version(old, amendment, one)
    Amendment.objects.filter(pk=amendment.pk).update(state=Amendment.State.PUBLISHED, published_by=one.checker, published_at=at)
    Terms.objects.filter(amendment=amendment).update(published_at=at)
    body = json.dumps(export_plan(plan, from_on), ensure_ascii=False)
    Publication.objects.create(government_id=plan.government_id, plan=plan, amendment=amendment, body=body)
    facts = {"plan": plan.code, "number": number, "reason": amendment.reason, "from": from_on, "before": {"department": one.old.code}, "after": {"department": one.new.code},
             "items": [old.item.code for old in versions]}  # fmt: skip
    audit.record(plan.government_id, actor=one.checker, verb="amendment published", subject=f"amendment:{amendment.pk}", at=at, facts=facts)
    return amendment


def _version(old: Terms, amendment: Amendment, one: Inheritance) -> None:
    lead = one.new.pk if old.lead_id == one.old.pk else old.lead_id
    targets, steps, supports = list(old.targets.all()), list(old.steps.all()), list(old.supports.all())
    new = copied(old, amendment_id=amendment.pk, from_on=amendment.from_on, published_at=None, based_on_id=old.pk, lead_id=lead)
    new.save(force_insert=True)
    Target.objects.bulk_create(copied(t, terms_id=new.pk) for t in targets)
    Step.objects.bulk_create(copied(s, terms_id=new.pk) for s in steps)
    kept = {s.department_id: s for s in supports if s.department_id != one.old.pk}
    for support in supports:
        if support.department_id == one.old.pk and one.new.pk not in kept:
            kept[one.new.pk] = copied(support, department_id=one.new.pk)
    Support.objects.bulk_create(copied(s, terms_id=new.pk) for department, s in kept.items() if department != lead)


def _move_in_place(terms: Terms, one: Inheritance) -> None:
    """A version that nobody has published yet."""
    lead = one.new.pk if terms.lead_id == one.old.pk else terms.lead_id
    Terms.objects.filter(pk=terms.pk, published_at__isnull=True).update(lead_id=lead)
    mine = Support.objects.filter(terms=terms, department=one.old)
    if lead == one.new.pk or Support.objects.filter(terms=terms, department=one.new).exists():
        mine.delete()
        if lead == one.new.pk:
            Support.objects.filter(terms=terms, department=one.new).delete()
    else:
        mine.update(department=one.new)
