"""责任分解: a consulted draft is published by two people, issued as a paper with number and date, signed for, and one day closed.

The first freezes what he saw by its fingerprint; the second publishes just that, or nothing. The line opens the periods of whatever is
published (`tracker.jobs`), so nothing is called here.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Department, Role
from plans.checking import open_checks
from plans.consulting import asked, is_over, lapse, orphaned, unanswered
from plans.editing.rights import NotAllowed, Overtaken, Wrong, may_make
from plans.exporting import export_plan
from plans.importing import publish_first
from plans.issued_tables import docx_of, table_of, xlsx_of
from plans.models import Amendment, Closure, Issuance, IssuanceFile, Plan, Signature, Support, Terms

State = Issuance.State


@dataclass(frozen=True)
class InTheWay:
    """What still stands in the way of publishing: each a number of rows; nothing where all are 0."""

    checks: int
    objections: int
    not_asked: int  # rows that came to a department after the limit
    still_open: int  # rows that departments may still answer

    @property
    def is_clear(self) -> bool:
        return not (self.checks or self.objections or self.not_asked or self.still_open)


def in_the_way(plan: Plan, at: dt.datetime) -> InTheWay:
    """What a supervisor has to settle before a draft in consultation can be published. A fixed number of statements."""
    rows = asked(plan)
    silent = [row for row in rows if row.last is None]
    over = is_over(plan.consultation, at)
    lapsed = plan.consultation.lapsed_on == plan.consultation.until_on
    return InTheWay(
        checks=len(open_checks(plan)), objections=len(unanswered(rows)) + len(orphaned(plan)), not_asked=len(silent) if over and lapsed else 0,
        still_open=0 if over else sum(row.waits for row in rows),
    )  # fmt: skip


def fingerprint(plan: Plan) -> str:
    """Of all that publishing would freeze: it differs whenever a row or the plan's head was changed."""
    versions = list(Terms.objects.filter(item__plan=plan, amendment__number=0).order_by("item").values_list("item", "version"))
    text = json.dumps([export_plan(plan), versions, plan.version], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def propose(plan: Plan, number: str, dated_on: dt.date, by: Person, at: dt.datetime) -> Issuance:
    """Proposes to publish the draft as it is, under a number and a date. Raises: NotAllowed, Wrong."""
    may_make(by, plan.government_id)
    number = number.strip()
    wrong = {} if number else {"number": _("请填写发文字号。")}
    if len(number) > 60:
        wrong["number"] = _("最长 %(n)d 个字。") % {"n": 60}
    if Issuance.objects.of(plan.government_id).filter(number=number, state=State.PUBLISHED).exists():
        wrong["number"] = _("发文字号 %(number)s 已经用过。") % {"number": number}
    if wrong:
        raise Wrong(wrong)
    if plan.state == Plan.State.CONSULTATION:
        lapse(plan.consultation, at)
    with transaction.atomic():
        _hold(plan)
        _clear(plan, at)
        try:
            with transaction.atomic():
                proposed = Issuance.objects.create(
                    government_id=plan.government_id, plan=plan, number=number, dated_on=dated_on, fingerprint=fingerprint(plan), proposed_by=by.user,
                    proposed_at=at,
                )  # fmt: skip
        except IntegrityError:
            raise NotAllowed(_("已有人提出发布，请另一位督查员办理。")) from None
        _record(plan, by, at, "publication proposed", {"number": number, "dated": dated_on})
    return proposed


def take_back(issuance: Issuance, by: Person, at: dt.datetime) -> None:
    """Withdraws a proposal, so that the draft can be changed and proposed again. Raises: NotAllowed."""
    may_make(by, issuance.government_id)
    with transaction.atomic():
        if Issuance.objects.filter(pk=issuance.pk, state=State.PROPOSED).update(state=State.TAKEN_BACK) != 1:
            raise NotAllowed(_("这次发布已由他人办理。"))
        _record(issuance.plan, by, at, "publication taken back", {"number": issuance.number})


def publish(issuance: Issuance, by: Person, at: dt.datetime) -> None:
    """Publishes what was proposed: terms are frozen, the paper is written, each department is asked to sign for it.

    Raises: NotAllowed for the wrong role, for who proposed it, where something is in the way or somebody has done it; Overtaken where the
    draft was changed since.
    """
    plan = issuance.plan
    may_make(by, plan.government_id)
    if issuance.proposed_by_id == by.id:
        raise NotAllowed(_("提出发布的人不能自己发布，请另一位督查员办理。"))
    with transaction.atomic():
        _hold(plan)
        _clear(plan, at)
        if fingerprint(plan) != issuance.fingerprint:
            raise Overtaken(_("提出发布后草案又有改动。请撤回后重新提出。"))
        values = {"state": State.PUBLISHED, "published_by": by.user, "published_at": at}
        try:
            with transaction.atomic():
                done = Issuance.objects.filter(pk=issuance.pk, state=State.PROPOSED).update(**values)
        except IntegrityError:
            raise NotAllowed(_("发文字号 %(number)s 已经用过。") % {"number": issuance.number}) from None
        if done != 1:
            raise NotAllowed(_("这次发布已由他人办理。"))
        issuance.refresh_from_db()
        first = Amendment.objects.get(plan=plan, number=0)
        publish_first(plan, first, at)
        _write_files(issuance)
        _ask_to_sign(issuance)
        facts = {"number": issuance.number, "before": {"state": Plan.State.CONSULTATION}, "after": {"state": Plan.State.PUBLISHED}}
        _record(plan, by, at, "plan published", facts)


def _hold(plan: Plan) -> None:
    """One writer a plan, and only while it is in consultation; reads it anew."""
    if Plan.objects.filter(pk=plan.pk, state=Plan.State.CONSULTATION).update(state=Plan.State.CONSULTATION) != 1:
        raise NotAllowed(_("只有征求过意见、尚未发布的规划才能发布。"))
    plan.refresh_from_db()


def _clear(plan: Plan, at: dt.datetime) -> None:
    way = in_the_way(plan, at)
    if way.checks:
        raise NotAllowed(_("检查意见还有 %(n)d 条没有处理。") % {"n": way.checks})
    if way.objections:
        raise NotAllowed(_("还有 %(n)d 条意见没有书面答复。") % {"n": way.objections})
    if way.still_open:
        raise NotAllowed(_("征求意见尚未截止，还有 %(n)d 行没有答复。") % {"n": way.still_open})
    if way.not_asked:
        raise NotAllowed(_("有 %(n)d 行在截止后才归到有关部门，请延长期限征求意见。") % {"n": way.not_asked})


def _write_files(issuance: Issuance) -> None:
    table = table_of(issuance.plan, issuance.number, issuance.dated_on)
    for kind, content in (("docx", docx_of(table)), ("xlsx", xlsx_of(table))):
        IssuanceFile.objects.create(
            government_id=issuance.government_id, issuance=issuance, kind=kind, name=f"{table.title}.{kind}"[-200:], content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip


def _ask_to_sign(issuance: Issuance) -> None:
    """Each department that leads or supports, in the official order."""
    terms = Terms.objects.filter(item__plan=issuance.plan, amendment__number=0)
    ids = {*terms.values_list("lead", flat=True), *Support.objects.filter(terms__in=terms).values_list("department", flat=True)}
    named = Department.objects.filter(pk__in=ids).order_by("position", "code")
    Signature.objects.bulk_create(Signature(government_id=issuance.government_id, issuance=issuance, department=d) for d in named)


def sign(signature: Signature, by: Person, at: dt.datetime) -> None:
    """A reporter or reviewer of the department signs for the paper. Raises: NotAllowed."""
    if by.department_id != signature.department_id or not by.has(Role.REPORTER, Role.REVIEWER):
        raise NotAllowed(_("由本单位填报员或审核人签收。"))
    with transaction.atomic():
        if Signature.objects.filter(pk=signature.pk, signed_by__isnull=True).update(signed_by=by.user, signed_at=at) != 1:
            raise NotAllowed(_("本单位已经签收。"))
        plan = signature.issuance.plan
        facts = {"number": signature.issuance.number, "department": signature.department.name}
        _record(plan, by, at, "paper signed for", facts)
    signature.refresh_from_db()


def close(plan: Plan, reason: str, by: Person, at: dt.datetime) -> Closure:
    """Closes a published plan: its items owe no more reports. Raises: NotAllowed, Wrong without a reason."""
    may_make(by, plan.government_id)
    reason = reason.strip()
    if not reason or len(reason) > 400:
        raise Wrong({"reason": _("最长 %(n)d 个字。") % {"n": 400} if reason else _("请写明办结原因。")})
    with transaction.atomic():
        if Plan.objects.filter(pk=plan.pk, state=Plan.State.PUBLISHED).update(state=Plan.State.CLOSED) != 1:
            raise NotAllowed(_("只有已发布、尚未办结的规划才能办结。"))
        closed = Closure.objects.create(government_id=plan.government_id, plan=plan, reason=reason, by=by.user, at=at)
        facts = {"before": {"state": Plan.State.PUBLISHED}, "after": {"state": Plan.State.CLOSED}, "why": reason}
        _record(plan, by, at, "plan closed", facts)
    plan.refresh_from_db()
    return closed


def _record(plan: Plan, by: Person, at: dt.datetime, verb: str, facts: Mapping[str, object]) -> None:
    audit.record(plan.government_id, actor=by.user, verb=verb, subject=f"plan:{plan.pk}", at=at, facts={"plan": plan.code, **facts})
