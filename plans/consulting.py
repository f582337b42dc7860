"""征求意见: a draft is opened to its departments, each says what it thinks of its rows, and every objection is answered in writing.

What a department said stands beside what the row said then; the last word of a department on a row counts. Silence past the limit
is recorded as silence, not as consent.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from people import audit, clock
from people.access import Person
from people.departments import heirs, house
from people.models import Department, Government, Role, RoleGrant
from plans.editing.items import change_item
from plans.editing.rights import NotAllowed, Overtaken, Wrong, may_edit
from plans.editing.rows import ItemChange
from plans.exporting import plain
from plans.models import Consultation, Item, Opinion, Plan, Reply, Target, Terms

Kind = Opinion.Kind
FINAL = Target.RoleInPath.FINAL
LONGEST = 400


@dataclass(frozen=True)
class Proposed:
    """What an objection asks for; at least one of the three, and why."""

    reason: str
    lead: int | None = None
    wording: str = ""
    due_on: dt.date | None = None


@dataclass
class Asked:
    """A row of a draft as one department is asked about it. `part`: lead, support or report; `opinions` in order, the last one counts."""

    terms: Terms
    department: Department
    part: str
    said: dict[str, str]
    opinions: list[Opinion] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, int]:
        return self.terms.item_id, self.department.pk

    @property
    def last(self) -> Opinion | None:
        return self.opinions[-1] if self.opinions else None

    @property
    def token(self) -> str:
        """What the row says now, in short, and how often the department has spoken: a form sends it back."""
        text = json.dumps(self.said, ensure_ascii=False, sort_keys=True)
        return f"{hashlib.sha256(text.encode()).hexdigest()[:16]}-{len(self.opinions)}"

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """What the row says otherwise than at the department's last word: (field, then, now)."""
        if self.last is None or self.last.kind == Kind.SILENT:
            return []
        then = json.loads(self.last.seen)
        return [(str(FIELDS[name]), then.get(name, ""), self.said[name]) for name in FIELDS if then.get(name, "") != self.said[name]]

    @property
    def waits(self) -> bool:
        """Whether nobody of the department has spoken."""
        return self.last is None or self.last.kind == Kind.SILENT


FIELDS: dict[str, Any] = {
    "name": _t("目标任务"),
    "target": _t("目标值"),
    "steps": _t("节点"),
    "lead": _t("牵头单位"),
    "supports": _t("配合单位"),
    "due": _t("完成时限"),
}


# asking ---------------------------------------------------------------------------------------------------------------


def open_consultation(plan: Plan, until_on: dt.date, note: str, by: Person, at: dt.datetime) -> Consultation:
    """Opens a draft to the departments of its rows until a day. Raises: NotAllowed, Wrong."""
    may_edit(plan, by)
    wrong = _limit_problem(plan, until_on, at) | ({"note": _("最长 %(n)d 个字。") % {"n": LONGEST}} if len(note) > LONGEST else {})
    if wrong:
        raise Wrong(wrong)
    with transaction.atomic():
        if Plan.objects.filter(pk=plan.pk, state=Plan.State.DRAFT).update(state=Plan.State.CONSULTATION) != 1:
            raise NotAllowed(_("这份草案已经在征求意见，或已发布。"))
        if not asked(plan):
            raise NotAllowed(_("草案里还没有哪个部门的事项，请先指定牵头单位。"))
        opened = Consultation.objects.create(government_id=plan.government_id, plan=plan, until_on=until_on, note=note.strip(), opened_by=by.user, opened_at=at)
        _record(plan, by, at, "consultation opened", until=until_on, note=opened.note)
    plan.refresh_from_db()
    return opened


def extend(consultation: Consultation, until_on: dt.date, by: Person, at: dt.datetime, before: dt.date) -> None:
    """Moves the limit; who was silent may speak again. `before`: the limit that the supervisor saw. Raises: NotAllowed, Wrong, Overtaken."""
    plan = consultation.plan
    may_edit(plan, by)
    if wrong := _limit_problem(plan, until_on, at) | ({"until_on": _("新的截止日要晚于原来的。")} if until_on <= before else {}):
        raise Wrong(wrong)
    with transaction.atomic():
        _open(plan)
        if Consultation.objects.filter(pk=consultation.pk, until_on=before).update(until_on=until_on) != 1:
            raise Overtaken(_("截止日刚被别人改过。"))
        _record(plan, by, at, "consultation extended", before={"until": before}, after={"until": until_on})
    consultation.refresh_from_db()


def _limit_problem(plan: Plan, until_on: dt.date, at: dt.datetime) -> dict[str, str]:
    today = clock.day_of(at, plan.government.zone)
    return {} if until_on > today else {"until_on": _("截止日要晚于今天。")}


def is_over(consultation: Consultation, at: dt.datetime) -> bool:
    """Whether the limit has passed: its day is over in the government's zone."""
    return clock.day_of(at, consultation.plan.government.zone) > consultation.until_on


def _open(plan: Plan) -> None:
    """Holds the plan while it is open to departments. Raises: NotAllowed."""
    if Plan.objects.filter(pk=plan.pk, state=Plan.State.CONSULTATION).update(state=Plan.State.CONSULTATION) != 1:
        raise NotAllowed(_("这份规划不在征求意见。"))


# who is asked what ----------------------------------------------------------------------------------------------------


def asked(plan: Plan, department: int | None = None) -> list[Asked]:
    """Each row once for each department that leads, supports or reports it, with what was said, by itself or by a department that went up in it. Of one department only its rows. At most 7 statements."""
    terms = list(
        Terms.objects.filter(item__plan=plan, amendment__number=0)
        .select_related("item__measure__reporter", "item__plan", "lead", "goal")
        .prefetch_related("targets__against", "steps", "supports__department")
        .order_by("item__position", "item__code")
    )
    opinions: dict[tuple[int, int], list[Opinion]] = defaultdict(list)
    now = heirs(plan.government_id)
    spoken = Opinion.objects.filter(consultation__plan=plan).select_related("by", "department", "lead", "reply__by").order_by("at", "number")
    for opinion in spoken:
        opinions[opinion.item_id, now.get(opinion.department_id, opinion.department_id)].append(opinion)
    found = [Asked(t, who, part, said(t)) for t in terms for who, part in _parts(t) if department in (None, who.pk)]
    for row in found:
        row.opinions = opinions.get(row.key, [])
    return found


def _parts(terms: Terms) -> list[tuple[Department, str]]:
    parts: dict[int, tuple[Department, str]] = {}
    named = [(terms.lead, "lead"), *((s.department, "support") for s in terms.supports.all()), (terms.item.measure.reporter, "report")]
    for department, part in named:
        if department is not None:
            parts.setdefault(department.pk, (department, part))
    return list(parts.values())


def said(terms: Terms) -> dict[str, str]:
    """A row in words, one text a field of FIELDS: what an opinion keeps, and what a later change is seen by."""
    final = final_of(terms)
    days = [f"{s.name}{f' {s.due_on}' if s.due_on else ''}" for s in terms.steps.all() if s.stated]
    return {
        "name": terms.name,
        "target": target_words(final) if final else "",
        "steps": "；".join(days),
        "lead": terms.lead.name if terms.lead else "",
        "supports": "、".join(s.department.name for s in terms.supports.all()),
        "due": final.due_on.isoformat() if final and final.due_on else "",
    }


def final_of(terms: Terms) -> Target | None:
    """The last final target, of terms whose targets were fetched."""
    finals = [t for t in terms.targets.all() if t.role == FINAL]
    return finals[-1] if finals else None


COMPARED = {"at_least": "{}{}以上", "at_most": "不超过{}{}", "about": "{}{}左右", "exactly": "{}{}"}


def target_words(target: Target) -> str:
    """The figure of a target as offices write it: 2000个以上, 1—2家, 与市统计局口径同步."""
    value, high = plain(target.value), plain(target.value_high)
    if target.comparator == Target.Comparator.BETWEEN and value and high:
        return f"{value}—{high}{target.unit}"
    if target.comparator == Target.Comparator.RELATIVE:
        return target.words or (f"与{target.against.name}同步" if target.against else "")
    if value is None:
        return ""
    return COMPARED.get(target.comparator, "{}{}").format(value, target.unit)


# answering ------------------------------------------------------------------------------------------------------------


def may_answer(plan: Plan, by: Person, at: dt.datetime) -> str:
    """Why this person does not answer for his department now; "" where he does: its reviewer, or where it has none a reporter. 1 statement at most."""
    if plan.state != Plan.State.CONSULTATION or is_over(plan.consultation, at):
        return _("征求意见已经截止。")
    if by.has(Role.REVIEWER):
        return ""
    day = clock.day_of(at, plan.government.zone)
    reviewers = RoleGrant.objects.of(plan.government_id).open_on(day).filter(role=Role.REVIEWER, user__is_active=True)
    if by.has(Role.REPORTER) and not reviewers.filter(user__department=by.department_id).exists():
        return ""
    return _("由本单位审核人答复。")


def accept(plan: Plan, rows: dict[int, str], by: Person, at: dt.datetime) -> int:
    """The department agrees to these rows, by item with the token that the page showed; how many. What has changed since is left out.

    Raises: NotAllowed; Overtaken where none of them stands as it was shown.
    """
    with _speaking(plan, by, at):
        mine = {row.terms.item_id: row for row in asked(plan, by.department_id)}
        agreed = [row for item, token in rows.items() if (row := mine.get(item)) and row.token == token]
        if rows and not agreed:
            raise Overtaken(_("这些行刚被改过或已经答复，请看新的内容再答复。"))
        Opinion.objects.bulk_create(_opinion(plan, row, by, at, kind=Kind.ACCEPT) for row in agreed)
        if agreed:
            facts = {
                "plan": plan.code,
                "department": agreed[0].department.name,
                "items": [row.terms.item.code for row in agreed],
                "after": {"state": Kind.ACCEPT},
            }
            audit.record(plan.government_id, actor=by.user, verb="draft accepted", subject=f"plan:{plan.pk}", at=at, facts=facts)
    return len(agreed)


def object_to(plan: Plan, item: int, token: str, proposed: Proposed, by: Person, at: dt.datetime) -> Opinion:
    """The department objects to a row and says what it proposes instead, and why. Raises: NotAllowed, Wrong, Overtaken."""
    if wrong := _proposal_problems(plan, proposed):
        raise Wrong(wrong)
    with _speaking(plan, by, at):
        row = next((one for one in asked(plan, by.department_id) if one.terms.item_id == item), None)
        if row is None:
            raise NotAllowed(_("这一行不是本单位的事项。"))
        if row.token != token:
            raise Overtaken(_("这一行刚被改过或已经答复，请看新的内容再答复。"))
        given = {"lead_id": proposed.lead, "wording": proposed.wording.strip(), "due_on": proposed.due_on, "reason": proposed.reason.strip()}
        opinion = _opinion(plan, row, by, at, kind=Kind.OBJECT, **given)
        opinion.save(force_insert=True)
        lead = Department.objects.get(pk=proposed.lead).name if proposed.lead else ""
        before = {name: row.said[name] for name, new in (("name", opinion.wording), ("lead", lead), ("due", opinion.due_on)) if new}
        after = {"name": opinion.wording, "lead": lead, "due": opinion.due_on}
        facts: dict[str, Any] = {"plan": plan.code, "item": row.terms.item.code, "department": row.department.name, "reason": opinion.reason}
        facts |= {"before": before, "after": {name: after[name] for name in before}}
        audit.record(plan.government_id, actor=by.user, verb="draft objected to", subject=f"item:{item}", at=at, facts=facts)
    return opinion


def _proposal_problems(plan: Plan, proposed: Proposed) -> dict[str, str]:
    wrong = {} if proposed.reason.strip() else {"reason": _("请写明理由。")}
    if len(proposed.reason) > LONGEST:
        wrong["reason"] = _("最长 %(n)d 个字。") % {"n": LONGEST}
    if len(proposed.wording) > 120:
        wrong["wording"] = _("最长 %(n)d 个字。") % {"n": 120}
    if proposed.lead and not Department.objects.of(plan.government_id).filter(pk=proposed.lead).exists():
        wrong["lead"] = _("没有这一项，请重新选择。")
    if not (proposed.lead or proposed.wording.strip() or proposed.due_on):
        wrong["wording"] = _("请至少提出牵头单位、表述、时限之一。")
    return wrong


@contextmanager
def _speaking(plan: Plan, by: Person, at: dt.datetime) -> Iterator[None]:
    """The frame of an answer: rights, and one writer a plan. Raises: NotAllowed."""
    if by.government_id != plan.government_id:
        raise NotAllowed(_("这份规划不在征求意见。"))
    if why := may_answer(plan, by, at):
        raise NotAllowed(why)
    with transaction.atomic():
        _open(plan)
        yield


def _opinion(plan: Plan, row: Asked, by: Person | None, at: dt.datetime, **given: Any) -> Opinion:
    return Opinion(
        government_id=plan.government_id, consultation=plan.consultation, item_id=row.terms.item_id, code=row.terms.item.code, department=row.department,
        number=max((o.number for o in row.opinions), default=0) + 1, seen=json.dumps(row.said, ensure_ascii=False), by=by.user if by else None, at=at, **given,
    )  # fmt: skip


# silence --------------------------------------------------------------------------------------------------------------


def lapsing(government: Government, at: dt.datetime) -> list[Consultation]:
    """Consultations whose limit has passed and whose silence is not recorded yet. 1 statement."""
    opened = Consultation.objects.of(government).filter(plan__state=Plan.State.CONSULTATION, until_on__lt=clock.day_of(at, government.zone))
    return list(opened.exclude(lapsed_on=F("until_on")).select_related("plan__government"))


def lapse(consultation: Consultation, at: dt.datetime) -> int:
    """Records for each row and department that did not speak by the limit that it was silent; how many. Once a limit; nothing before it has passed."""
    if not is_over(consultation, at):
        return 0
    plan, until = consultation.plan, consultation.until_on
    with transaction.atomic():
        mine = Consultation.objects.filter(pk=consultation.pk, until_on=until).filter(Q(lapsed_on__isnull=True) | ~Q(lapsed_on=until))
        if mine.update(lapsed_on=until) != 1:
            return 0
        silent = [row for row in asked(plan) if row.last is None]
        Opinion.objects.bulk_create(_opinion(plan, row, None, at, kind=Kind.SILENT) for row in silent)
        facts = {"plan": plan.code, "until": until, "departments": len({row.department.pk for row in silent}), "items": len(silent)}
        audit.record(plan.government_id, actor=None, verb="silence recorded", subject=f"plan:{plan.pk}", at=at, facts=facts)
    consultation.refresh_from_db()
    return len(silent)


# answering objections -------------------------------------------------------------------------------------------------


def unanswered(rows: Iterable[Asked]) -> list[Asked]:
    """Rows whose last word is an objection that nobody has answered."""
    return [row for row in rows if row.last is not None and row.last.kind == Kind.OBJECT and not hasattr(row.last, "reply")]


def orphaned(plan: Plan) -> list[Opinion]:
    """Objections that nobody has answered and whose row is no longer in the draft, or no longer the department's. 2 statements beside those of `asked`."""
    there = {row.key for row in asked(plan)}
    now = heirs(plan.government_id)
    last = {
        (o.item_id, now.get(o.department_id, o.department_id)): o
        for o in Opinion.objects.filter(consultation__plan=plan).select_related("department", "lead", "by", "reply").order_by("at", "number")
    }
    return [o for key, o in last.items() if key not in there and o.kind == Kind.OBJECT and not hasattr(o, "reply")]


def take_over(opinion: Opinion, reason: str, by: Person, at: dt.datetime, version: int) -> Reply:
    """Answers an objection by doing what it proposes: the draft row, as it was at `version`, is changed. Raises: NotAllowed, Wrong, Overtaken."""
    with transaction.atomic():
        reply = _reply(opinion, True, reason, by, at)
        item = Item.objects.filter(pk=opinion.item_id).select_related("plan").first()
        if item is None:
            raise NotAllowed(_("这一行已经删除，请以书面说明答复。"))
        lead = heirs(item.government_id).get(opinion.lead_id or 0, opinion.lead_id)
        terms: dict[str, Any] = {"lead_id": lead} if lead else {}
        terms |= {"name": opinion.wording} if opinion.wording else {}
        change_item(item, ItemChange(terms=terms, final={"due_on": opinion.due_on} if opinion.due_on else {}), by, at, version)
    return reply


def refuse(opinion: Opinion, reason: str, by: Person, at: dt.datetime) -> Reply:
    """Answers an objection in writing without doing what it proposes. Raises: NotAllowed, Wrong without a reason, Overtaken."""
    if not reason.strip():
        raise Wrong({"reason": _("请写明不采纳的理由。")})
    with transaction.atomic():
        return _reply(opinion, False, reason, by, at)


def _reply(opinion: Opinion, taken: bool, reason: str, by: Person, at: dt.datetime) -> Reply:
    plan, reason = opinion.consultation.plan, reason.strip()
    may_edit(plan, by)
    if len(reason) > LONGEST:
        raise Wrong({"reason": _("最长 %(n)d 个字。") % {"n": LONGEST}})
    _open(plan)
    now = heirs(plan.government_id).get(opinion.department_id, opinion.department_id)
    later = Opinion.objects.filter(consultation=opinion.consultation_id, item=opinion.item_id, number__gt=opinion.number)
    later = later.filter(department__in=house(plan.government_id, now))
    if opinion.kind != Kind.OBJECT or later.exists() or Reply.objects.filter(opinion=opinion).exists():
        raise Overtaken(_("这条意见已经答复，或该部门又有新的答复。"))
    reply = Reply.objects.create(government_id=plan.government_id, opinion=opinion, taken=taken, reason=reason, by=by.user, at=at)
    facts = {"plan": plan.code, "item": opinion.code, "department": opinion.department.name, "said": opinion.reason, "why": reason}
    audit.record(
        plan.government_id, actor=by.user, verb="objection taken over" if taken else "objection refused", subject=f"item:{opinion.item_id}", at=at, facts=facts
    )
    return reply


def _record(plan: Plan, by: Person, at: dt.datetime, verb: str, **facts: Any) -> None:
    audit.record(plan.government_id, actor=by.user, verb=verb, subject=f"plan:{plan.pk}", at=at, facts={"plan": plan.code, **facts})
