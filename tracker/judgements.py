"""研判: a supervisor says how likely an item is to be kept, in one of five grades and with a reason.

It stands beside the computed light and changes none: no roll-up reads it.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Government, Role
from plans.models import Item
from tracker.models import Grade, Judgement
from tracker.turns import NotYours, Problem, Refused, worded


def judge(item: Item, grade: str, reason: str, by: Person, at: dt.datetime) -> Judgement:
    """Keeps a judgement; the latest one shows.

    Raises: NotYours for all but a supervisor of the item's government; Refused for no grade, without a reason, or where the latest
    judgement says the same in the same words.
    """
    if not by.has(Role.SUPERVISOR) or item.government_id != by.government_id:
        raise NotYours
    if grade not in Grade.values:
        raise Refused([Problem("grade", _("请选一级。"), "grade_missing")])
    words = worded("reason", reason, _("请写明理由：看到了什么，缺什么。"))
    with transaction.atomic():
        hold(item.government_id)
        last = Judgement.objects.filter(item=item).order_by("-pk").first()
        if last is not None and (last.grade, last.reason) == (grade, words):
            raise Refused([Problem("reason", _("与上一次研判相同，没有再记。"), "judged_the_same")])
        day = clock.day_of(at, by.user.government.zone)
        made = Judgement.objects.create(government_id=item.government_id, item=item, grade=grade, reason=words, day=day, by=by.user, at=at)
        facts = {"item": item.code, "before": {"grade": last.grade if last else ""}, "after": {"grade": grade}, "why": words}
        audit.record(item.government_id, actor=by.user, verb="item.judged", subject=f"item:{item.pk}", at=at, facts=facts)
    return made


def hold(government: int) -> None:
    """One writer a government, for what stands beside the lights; pages kept for others are made anew. Must run in the deed's transaction."""
    Government.objects.filter(pk=government).update(beside=F("beside") + 1)
