"""一数多诺: two supervisors let two items read one figure; one says that two are not the same. Nothing is joined by a name.

What an item reads is its identity: the database lets it change by a link that two people decided, and by nothing else. A link moves no past light:
it is refused once the item was reported or judged at a closing under its own measure, since a closed period must be reckoned again to the same lights.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Role
from plans.models import Item, Likeness, Measure
from tracker.models import ProgressReport, Run, Standing
from tracker.turns import NotYours, Problem, Refused, worded

State, Kind = Likeness.State, Likeness.Kind
UNSEEN = (ProgressReport.State.DRAFT, ProgressReport.State.WITHDRAWN)


def say(one: Item, other: Item, kind: str, reason: str, by: Person, at: dt.datetime, moved: Item | None = None) -> Likeness:
    """Says at once that two are not the same, or a link proposed: `moved` is to read what the other item reads.

    Raises: NotYours for all but a supervisor of the government; Refused without a reason, for what cannot be linked, or where the pair waits already.
    """
    _supervises(by, one, other)
    words = worded("reason", reason, _("请写明理由。"))
    if kind not in Kind.values:
        raise Refused([Problem("kind", _("请选是不是同一个数。"), "kind_missing")])
    a, b = sorted((one, other), key=lambda item: item.pk)
    given = {}
    if kind == Kind.SAME:
        if moved not in (a, b):
            raise Refused([Problem("moved", _("请选哪一项改读另一项的指标。"), "moved_missing")])
        kept = b if moved == a else a
        check(moved, kept.measure)
        given = {"moved": moved, "reads": kept.measure, "left": moved.measure}
    with transaction.atomic():
        if Likeness.objects.select_for_update().filter(item_a=a, item_b=b, state=State.PROPOSED).exists():
            raise Refused([Problem("kind", _("这两项已有一份待确认的合并读数。"), "waiting")])
        state = State.PROPOSED if kind == Kind.SAME else State.DECIDED
        made = Likeness.objects.create(government_id=a.government_id, item_a=a, item_b=b, kind=kind, state=state, reason=words, by=by.user, at=at, **given)
        _record(made, "figures told apart" if kind == Kind.DIFFERENT else "link proposed", by, at, words)
    return made


def decide(likeness: Likeness, confirms: bool, by: Person, at: dt.datetime) -> None:
    """Confirms or refuses a proposed link; confirmed, the item reads the other's measure from the next roll-up on.

    Raises: NotYours for all but another supervisor than the one who proposed; Refused where it was decided already, or can no longer be linked.
    """
    _supervises(by, likeness.item_a, likeness.item_b)
    if by.id == likeness.by_id:
        raise NotYours
    with transaction.atomic():
        moved, reads = likeness.moved, likeness.reads
        if moved is None or reads is None:
            raise Refused([Problem("kind", _("这一条没有什么要确认。"), "nothing")])
        if confirms:
            check(moved, reads)
        state = State.DECIDED if confirms else State.REFUSED
        mine = Likeness.objects.filter(pk=likeness.pk, state=State.PROPOSED)
        if mine.update(state=state, decided_by=by.user, decided_at=at) != 1:
            raise Refused([Problem("kind", _("这一条已由他人处理。"), "moved")])
        if confirms and Item.objects.filter(pk=moved.pk, measure=likeness.left).update(measure=reads) != 1:
            raise Refused([Problem("kind", _("这一项已改读别的指标，请重新提出。"), "moved")])
        _record(likeness, "link confirmed" if confirms else "link refused", by, at, likeness.reason)


def check(moved: Item, reads: Measure) -> None:
    """Raises: Refused where an item cannot read a measure: its own already, another unit or kind, shared out, or judged by its own."""
    own = moved.measure
    if own.pk == reads.pk:
        raise Refused([Problem("moved", _("两项已经读同一个数。"), "one_already")])
    if (own.unit, own.kind) != (reads.unit, reads.kind) or own.kind != Measure.Kind.NUMBER:
        raise Refused([Problem("moved", _("单位不同，或是节点任务，不能合读一个数。"), "unlike")])
    if moved.part_of_id or Item.objects.filter(part_of=moved).exists():
        raise Refused([Problem("moved", _("已分解的事项不能改读别的指标。"), "shared")])
    reported = ProgressReport.objects.filter(measure=own).exclude(state__in=UNSEEN).exists()
    judged = Standing.objects.filter(item=moved, since_run__lte=_last_closing(moved)).exists()
    if reported or judged:
        why = _("这一项已按原指标填报过，或在已截止的报告期判过灯，不能改读；可在下一年的草案里合读一个数，或提出目标调整撤销其中一项。")
        raise Refused([Problem("moved", why, "judged")])


def _last_closing(item: Item) -> int:
    return Run.objects.of(item.government_id).filter(closes__isnull=False).order_by("-number").values_list("number", flat=True).first() or 0


def _supervises(by: Person, *items: Item) -> None:
    if not by.has(Role.SUPERVISOR) or any(item.government_id != by.government_id for item in items):
        raise NotYours


def _record(made: Likeness, verb: str, by: Person, at: dt.datetime, why: str) -> None:
    facts = {
        "about": f"{made.item_a.plan.code} {made.item_a.code} / {made.item_b.plan.code} {made.item_b.code}", "why": why,
        **({"item": made.moved.code, "before": {"measure": made.left.code}, "after": {"measure": made.reads.code}} if made.moved and made.left and made.reads else {}),
    }  # fmt: skip
    audit.record(made.government_id, actor=by.user, verb=verb, subject=f"likeness:{made.pk}", at=at, facts=facts)
