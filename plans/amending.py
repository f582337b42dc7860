"""目标调整: a published plan changes only here, by two people. New rows are written, none is updated.

`propose` copies the terms in force of each changed item into a new version and changes the copy; `revise` lays the proposal anew;
`publish`, by a person who wrote nothing in it, freezes it. From `from_on` on the new terms are in force; earlier days keep the old ones.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Role
from plans.editing.rights import NotAllowed, Overtaken
from plans.exporting import export_plan
from plans.models import Amendment, Plan, Publication, Terms
from plans.telling import told
from plans.versions import Change, Interim, NewStep, lay, lay_bands

__all__ = ["Change", "Interim", "NewStep", "NotAllowed", "Overtaken", "change_item", "drop_item", "propose", "publish", "reject", "revise"]

State = Amendment.State
BandLimits = Mapping[str, tuple[Decimal, Decimal]]
LONGEST_BASIS = 200


def propose(
    plan: Plan, by: Person, at: dt.datetime, *, reason: str, basis: str, from_on: dt.date, changes: Mapping[str, Change], bands: BandLimits | None = None
) -> Amendment:
    """Writes a proposed amendment with the changed items' new versions, by item code, and the bands it changes.

    Raises: NotAllowed for the wrong role, a draft plan, an unknown item, a missing reason, a day before the item's present terms
    began, and whatever cannot be in a field.
    """
    may_amend(plan, by)
    with transaction.atomic():
        amendment = begin(plan, by, at, reason=reason, basis=basis, from_on=from_on)
        lay_all(amendment, changes, bands or {})
        record(amendment, by, at, "amendment proposed")
    return amendment


def begin(plan: Plan, by: Person, at: dt.datetime, *, reason: str, basis: str, from_on: dt.date, **given: Any) -> Amendment:
    """The empty amendment of the next number. Raises: NotAllowed without a reason."""
    _said(reason, basis)
    last = plan.amendments.aggregate(n=Max("number"))["n"] or 0
    amendment = Amendment.objects.create(
        government_id=plan.government_id, plan=plan, number=last + 1, reason=reason.strip(), basis=basis.strip(), from_on=from_on, proposed_by=by.user,
        proposed_at=at, **given,
    )  # fmt: skip
    amendment.makers.add(by.user)
    return amendment


def revise(amendment: Amendment, by: Person, at: dt.datetime, version: int, *, reason: str, basis: str, from_on: dt.date, bands: BandLimits) -> None:
    """Changes what the whole proposal says; the items' versions go along with the new day. Raises: NotAllowed, Overtaken."""
    may_amend(amendment.plan, by)
    _said(reason, basis)
    with transaction.atomic():
        _claim(amendment, by, version, reason=reason.strip(), basis=basis.strip(), from_on=from_on)
        _present(amendment.plan, Terms.objects.filter(amendment=amendment).values_list("item__code", flat=True), from_on)
        Terms.objects.filter(amendment=amendment).update(from_on=from_on)
        amendment.bands.all().delete()
        lay_bands(amendment, bands)
        record(amendment, by, at, "amendment revised")


def change_item(amendment: Amendment, code: str, change: Change, by: Person, at: dt.datetime, version: int) -> None:
    """Adds an item to a proposal, or lays its version anew from the terms in force. Raises: NotAllowed, Overtaken."""
    may_amend(amendment.plan, by)
    with transaction.atomic():
        _claim(amendment, by, version)
        Terms.objects.filter(amendment=amendment, item__code=code).delete()
        lay_all(amendment, {code: change}, {})
        record(amendment, by, at, "amendment revised")


def drop_item(amendment: Amendment, code: str, by: Person, at: dt.datetime, version: int) -> None:
    """Takes an item out of a proposal. Raises: NotAllowed, Overtaken."""
    may_amend(amendment.plan, by)
    with transaction.atomic():
        _claim(amendment, by, version)
        Terms.objects.filter(amendment=amendment, item__code=code).delete()
        record(amendment, by, at, "amendment revised")


def publish(amendment: Amendment, by: Person, at: dt.datetime, version: int | None = None) -> None:
    """Freezes a proposed amendment: its terms are in force from its day on. `version`: the one that the publisher saw.

    Raises: NotAllowed for the wrong role, for who wrote in it, where nothing changes, or where it is no longer proposed; Overtaken
    where it is another version by now.
    """
    may_amend(amendment.plan, by)
    if amendment.makers.filter(pk=by.id).exists() or by.id in (amendment.proposed_by_id, amendment.endorsed_by_id):
        raise NotAllowed(_("提出调整的人不能自己发布，请另一位督查员办理。"))
    with transaction.atomic():
        _decide(amendment, version, state=State.PUBLISHED, published_by=by.user, published_at=at)
        terms = list(Terms.objects.filter(amendment=amendment).select_related("item"))
        if not terms and not amendment.bands.exists():
            raise NotAllowed(_("这次调整还没有写入任何事项。"))
        known = [t for t in terms if not _is_new_part(t)]
        present = _present(amendment.plan, [t.item.code for t in known], amendment.from_on)
        if moved := [t.item.code for t in known if present[t.item.code].pk != t.based_on_id]:
            raise NotAllowed(_("提出之后现行约定已变，请重新打开这些事项并保存：%(codes)s") % {"codes": "、".join(moved)})
        Terms.objects.filter(amendment=amendment, published_at__isnull=True).update(published_at=at)
        body = json.dumps(export_plan(amendment.plan, amendment.from_on), ensure_ascii=False)
        Publication.objects.create(government_id=amendment.government_id, plan=amendment.plan, amendment=amendment, body=body)
        record(amendment, by, at, "amendment published")
    amendment.refresh_from_db()


def reject(amendment: Amendment, by: Person, at: dt.datetime, why: str = "", version: int | None = None) -> None:
    """Sets a proposed amendment aside, for good; its rows stay readable.

    Raises: NotAllowed for the wrong role, or where it is no longer proposed; Overtaken.
    """
    may_amend(amendment.plan, by)
    with transaction.atomic():
        _decide(amendment, version, state=State.REJECTED, answer=why.strip())
        record(amendment, by, at, "amendment rejected")
    amendment.refresh_from_db()


def may_amend(plan: Plan, by: Person) -> None:
    """Raises: NotAllowed for another role or government, and where the plan is not published."""
    if not by.has(Role.SUPERVISOR) or by.government_id != plan.government_id:
        raise NotAllowed(_("只有督查员可以调整已发布的规划。"))
    if plan.state != Plan.State.PUBLISHED:
        raise NotAllowed(_("只有已发布的规划才需要调整。"))


def lay_all(amendment: Amendment, changes: Mapping[str, Change], bands: BandLimits) -> None:
    """The new version of each item, by code. Raises: NotAllowed."""
    present = _present(amendment.plan, changes, amendment.from_on)
    for code, change in changes.items():
        lay(present[code], amendment, change)
    lay_bands(amendment, bands)


def record(amendment: Amendment, by: Person, at: dt.datetime, verb: str) -> None:
    """The deed's entry in the audit trail, with every field old and new."""
    facts = {
        "plan": amendment.plan.code, "number": amendment.number, "reason": amendment.reason, "basis": amendment.basis, "from": amendment.from_on,
        **({"why": amendment.answer} if amendment.answer else {}), **told(amendment),
    }  # fmt: skip
    audit.record(amendment.government_id, actor=by.user, verb=verb, subject=f"amendment:{amendment.pk}", at=at, facts=facts)


def _said(reason: str, basis: str) -> None:
    wrong = {} if reason.strip() else {"reason": _("请写明调整原因。")}
    if len(basis) > LONGEST_BASIS:
        wrong["basis"] = _("最长 %(n)d 个字。") % {"n": LONGEST_BASIS}
    if wrong:
        raise NotAllowed(" ".join(wrong.values()), wrong)


def _present(plan: Plan, codes: Iterable[str], from_on: dt.date) -> dict[str, Terms]:
    """The terms in force of these items on the day. Raises: NotAllowed where there are none, or they began no earlier."""
    wanted = set(codes)
    found = Terms.objects.filter(item__plan=plan, item__code__in=wanted).in_force(from_on).select_related("item")
    present = {t.item.code: t for t in found.prefetch_related("targets", "steps", "supports")}
    if missing := sorted(wanted - set(present)):
        raise NotAllowed(_("规划中没有这些事项，或当日尚未生效：%(codes)s") % {"codes": "、".join(missing)})
    later = Terms.objects.filter(item__plan=plan, item__code__in=wanted, published_at__isnull=False, from_on__gte=from_on).order_by("from_on")
    for terms in later.select_related("item")[:1]:
        why = _("%(code)s 的现行约定自 %(day)s 起生效，调整须晚于该日。") % {"code": terms.item.code, "day": terms.from_on}
        raise NotAllowed(why, {"from_on": why})
    return present


def _is_new_part(terms: Terms) -> bool:
    """A part of an item that is shared out, which begins with this amendment."""
    return terms.based_on_id is None and terms.item.part_of_id is not None and not Terms.objects.published().filter(item=terms.item_id).exists()


def _claim(amendment: Amendment, by: Person, version: int, **fields: Any) -> None:
    """One more version of a proposal, by one more maker. Raises: NotAllowed, Overtaken."""
    mine = Amendment.objects.filter(pk=amendment.pk, state=State.PROPOSED, version=version, department__isnull=True)
    if mine.update(version=F("version") + 1, **fields) != 1:
        _moved(amendment)
    amendment.makers.add(by.user)
    amendment.refresh_from_db()


def _decide(amendment: Amendment, version: int | None, **fields: Any) -> None:
    mine = Amendment.objects.filter(pk=amendment.pk, state=State.PROPOSED, number__gt=0)
    if (mine if version is None else mine.filter(version=version)).update(**fields) != 1:
        _moved(amendment)


def _moved(amendment: Amendment) -> None:
    now = Amendment.objects.get(pk=amendment.pk)
    if now.state != State.PROPOSED or now.number == 0 or now.department_id is not None:
        raise NotAllowed(_("此项调整已由他人处理。"))
    raise Overtaken(_("这次调整刚被别人改过，请看过新的内容再办。"))
