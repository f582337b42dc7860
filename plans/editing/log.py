"""The log of a draft: every deed leaves what differed before and after, so that its maker can take it back and do it again."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Department
from plans.editing.rights import DRAFTS, NotAllowed, may_edit
from plans.editing.snapshots import Snapshot, Touched, agrees, differing, put, settled, take, touched_by
from plans.models import DraftChange, PaperDoubt, Plan

DONE, UNDONE, GONE = DraftChange.State.DONE, DraftChange.State.UNDONE, DraftChange.State.GONE


@contextmanager
def changing(plan: Plan, by: Person, at: dt.datetime, verb: str, touched: Touched) -> Iterator[Touched]:
    """The frame of every deed on a draft: rights, one writer a plan, the log and the audit trail, all or nothing.

    The deed adds to `touched` what it makes. A deed that changes nothing leaves no trace. Raises: NotAllowed.
    """
    may_edit(plan, by)
    with transaction.atomic():
        _hold(plan)
        before = take(touched)
        yield touched
        after = take(touched)
        if marks := settled(before, after):
            PaperDoubt.objects.filter(pk__in=marks).delete()
            after = take(touched)
        old, new = differing(before, after)
        if not new:
            return
        DraftChange.objects.filter(plan=plan, by=by.user, state=UNDONE).update(state=GONE)
        _write(plan, by, at, verb, old, new)


def undo(plan: Plan, by: Person, at: dt.datetime) -> DraftChange:
    """Takes back the last change of this person that stands. Raises: NotAllowed where there is none, or somebody has changed the same since."""
    return _turn(plan, by, at, DONE, UNDONE)


def redo(plan: Plan, by: Person, at: dt.datetime) -> DraftChange:
    """Does again what this person took back last. Raises: NotAllowed as `undo`."""
    return _turn(plan, by, at, UNDONE, DONE)


def waiting(plan: Plan, by: Person) -> tuple[DraftChange | None, DraftChange | None]:
    """What `undo` and `redo` would turn, for the page. 2 statements."""
    mine = DraftChange.objects.filter(plan=plan, by=by.user).defer("before", "after")
    return mine.filter(state=DONE).order_by("-number").first(), mine.filter(state=UNDONE).order_by("number").first()


def _turn(plan: Plan, by: Person, at: dt.datetime, state: str, to: str) -> DraftChange:
    may_edit(plan, by)
    with transaction.atomic():
        _hold(plan)
        mine = DraftChange.objects.filter(plan=plan, by=by.user, state=state)
        change = mine.order_by("-number" if state == DONE else "number").first()
        if change is None:
            raise NotAllowed(_("没有可以撤销的改动。") if state == DONE else _("没有可以重做的改动。"))
        old, new = json.loads(change.before), json.loads(change.after)
        present, wanted = (new, old) if state == DONE else (old, new)
        if not agrees(take(touched_by(present)), present):
            raise NotAllowed(_("其后又有人改了同一处，不能整体撤回，请逐项修改。"))
        put(wanted)
        if DraftChange.objects.filter(pk=change.pk, state=state).update(state=to) != 1:
            raise NotAllowed(_("其后又有人改了同一处，不能整体撤回，请逐项修改。"))
        verb = "draft change undone" if state == DONE else "draft change redone"
        _record(plan, by, at, verb, change.number, present, wanted)
    return change


def _hold(plan: Plan) -> None:
    """One writer a plan, and none once it is published in the meantime."""
    if Plan.objects.filter(pk=plan.pk, state__in=DRAFTS).update(state=F("state")) != 1:
        raise NotAllowed(_("规划已发布，不能直接修改。请提出目标调整，由另一位督查员发布。"))


def _write(plan: Plan, by: Person, at: dt.datetime, verb: str, old: Snapshot, new: Snapshot) -> None:
    number = (DraftChange.objects.filter(plan=plan).aggregate(n=Max("number"))["n"] or 0) + 1
    before, after = (json.dumps(side, ensure_ascii=False) for side in (old, new))
    DraftChange.objects.create(government_id=plan.government_id, plan=plan, number=number, by=by.user, at=at, verb=verb, before=before, after=after)
    _record(plan, by, at, verb, number, old, new)


def _record(plan: Plan, by: Person, at: dt.datetime, verb: str, number: int, old: Snapshot, new: Snapshot) -> None:
    facts = {"plan": plan.code, "change": number, "before": _told(old), "after": _told(new)}
    audit.record(plan.government_id, actor=by.user, verb=verb, subject=f"plan:{plan.pk}", at=at, facts=facts)


def _told(snapshot: Snapshot) -> dict[str, Any]:
    """For the audit trail: departments by their names."""
    ids = {
        v
        for thing in snapshot.values()
        if thing
        for block in thing.values()
        if isinstance(block, dict)
        for c, v in block.items()
        if c in ("lead_id", "reporter_id")
    }
    names = dict(Department.objects.filter(pk__in=ids - {None}).values_list("pk", "name")) if ids - {None} else {}
    return {
        name: thing and {block: {c: names.get(v, v) if c in ("lead_id", "reporter_id") else v for c, v in value.items()} if isinstance(value, dict) else value for block, value in thing.items()}
        for name, thing in snapshot.items()
    }  # fmt: skip
