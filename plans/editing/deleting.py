"""A draft that is given up is deleted whole, by a supervisor who has been told what goes; whatever was published or answered stays, and says so."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Max, ProtectedError
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from plans.editing.rights import NotAllowed, Overtaken, may_edit
from plans.editing.snapshots import remove_items
from plans.models import Amendment, DraftChange, IssuedPaper, Item, Measure, Plan, Terms


def why_not(plan: Plan) -> str:
    """Why a plan cannot be deleted; "" where it can. 1 statement."""
    if plan.state in (Plan.State.PUBLISHED, Plan.State.CLOSED) or plan.amendments.filter(state=Amendment.State.PUBLISHED).exists():
        return _("规划已发布，不能删除。要停止执行，请在规划页办结，或提出目标调整撤销事项。")
    if plan.state == Plan.State.CONSULTATION:
        return _("草案已征求部门意见，部门的答复要留存，不能删除。")
    return ""


def last_change(plan: Plan) -> int:
    """The number of the draft's last change: what somebody has seen of it. 1 statement."""
    return int(DraftChange.objects.filter(plan=plan).aggregate(n=Max("number"))["n"] or 0)


def delete_plan(plan: Plan, by: Person, at: dt.datetime, seen: int) -> None:
    """Deletes a draft as it was at change `seen`, with its items, goals and own measures; papers that became it wait to be taken in again.

    Raises: NotAllowed with the reason; Overtaken where somebody has changed it since.
    """
    may_edit(plan, by)
    if why := why_not(plan):
        raise NotAllowed(why)
    with transaction.atomic():
        if Plan.objects.filter(pk=plan.pk, state=Plan.State.DRAFT).update(state=F("state")) != 1:
            raise NotAllowed(_("草案已征求部门意见，部门的答复要留存，不能删除。"))
        if last_change(plan) != seen:
            raise Overtaken(_("草案刚被别人改过，请看过新的内容再删除。"))
        terms = Terms.objects.filter(item__plan=plan).order_by("item__position").values_list("item__code", "name")
        facts = {"plan": plan.code, "title": plan.title, "before": {"items": [f"{code} {name}" for code, name in terms]}, "after": {"items": []}}
        audit.record(plan.government_id, actor=by.user, verb="draft deleted", subject=f"plan:{plan.pk}", at=at, facts=facts)
        try:
            _remove(plan)
        except ProtectedError:
            raise NotAllowed(_("另有记录引用这份草案（目标冲突、接续或其他规划），不能删除。请先处理。")) from None


def _remove(plan: Plan) -> None:
    items = list(plan.items.values_list("pk", flat=True))
    measures = set(plan.items.values_list("measure", flat=True))
    IssuedPaper.objects.filter(plan=plan).update(plan=None, state=IssuedPaper.State.READ, read="", version=F("version") + 1)
    remove_items(items)
    plan.bands.all().delete()
    plan.amendments.all().delete()
    Plan.objects.filter(pk=plan.pk).delete()
    try:
        with transaction.atomic():
            Measure.objects.filter(pk__in=measures - set(Item.objects.filter(measure__in=measures).values_list("measure", flat=True))).delete()
    except ProtectedError:
        return  # somebody compares with one of them: they stay for that
