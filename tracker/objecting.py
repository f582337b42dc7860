"""异议: made by the leading department's reviewer, acknowledged at once, answered by a named supervisor, reviewed once by another.

An objection moves no light. One that is upheld is made good by what there is for it: an amendment, a correction, an excuse; the
objection links to it. Each turn is one conditional UPDATE on state and version, a line of its story and a link of the audit chain.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Government, Role, RoleGrant, User
from people.workdays import calendar_of
from plans.models import Amendment, Item, Terms
from tracker import objection_letters as letters
from tracker.evidence import Stored
from tracker.judgements import hold
from tracker.models import Excuse, Objection, ObjectionFile, ObjectionTurn, ProgressReport, Remedy, Standing
from tracker.reviewing import needs_endorsement
from tracker.turns import NotYours, Problem, Refused, worded

Kind, State, Verb = Objection.Kind, Objection.State, ObjectionTurn.Verb
OUTCOMES = (State.UPHELD, State.PARTLY, State.REFUSED)
FEWEST, MOST = 1, 60  # working days that a government may set


class Overtaken(Exception):
    """Somebody was quicker: the objection is not as the caller saw it."""


def may_object(lead_id: int | None, by: Person, day: dt.date) -> bool:
    """The reviewer of the department that leads; its reporter where it has no reviewer. 1 statement for a reporter."""
    if lead_id is None or by.department_id != lead_id:
        return False
    return by.has(Role.REVIEWER) or (by.has(Role.REPORTER) and not needs_endorsement(lead_id, day))


def make(
    item: Item, kind: str, wrong: str, should: str, by: Person, at: dt.datetime, *, report: ProgressReport | None = None, files: Iterable[Stored] = ()
) -> Objection:
    """Opens an objection, names who is to answer it and by when, and acknowledges it by a message.

    `files`: already stored by `evidence.store`. Raises: NotYours; Refused where it says too little, where the same is contested
    already, or where a report is not one that was returned.
    """
    government, day = by.user.government, clock.day_of(at, by.user.government.zone)
    terms = Terms.objects.in_force(day).filter(item=item, government_id=by.government_id).first()
    if terms is None or not may_object(terms.lead_id, by, day):
        raise NotYours
    given = _given(item, kind, wrong, should, report)
    limit, run = Government.objects.values_list("objection_days", "run").get(pk=government.pk)
    stands = Standing.objects.of(government).at(run).filter(item=item).first()
    with transaction.atomic():
        hold(government.pk)
        try:
            with transaction.atomic():
                made = Objection.objects.create(
                    government=government, item=item, department_id=by.department_id, made_by=by.user, made_at=at, opened_on=day, days=limit,
                    due_on=calendar_of(government).shift(day, limit), named=free_supervisor(government, day), light=stands.light if stands else "",
                    run=run, **given,
                )  # fmt: skip
        except IntegrityError:
            raise Refused([Problem("kind", _("这一项已有同类异议在办，请等答复。"), "objection_open")]) from None
        _attach(made, files, by, at)
        _tell(made, Verb.MADE, by, at, words=made.wrong, facts={"kind": kind, "wrong": made.wrong, "should": made.should, "until": str(made.due_on)})
        letters.made(made, at)
    return made


def _given(item: Item, kind: str, wrong: str, should: str, report: ProgressReport | None) -> dict[str, Any]:
    """The columns that say what is contested. Raises: Refused."""
    if kind not in Kind.values:
        raise Refused([Problem("kind", _("请选对什么有异议。"), "kind_missing")])
    if (kind == Kind.RETURNED) != (report is not None):
        raise Refused([Problem("kind", _("对退回的填报有异议，请从那份填报提出。"), "report_missing")])
    if report is not None and (report.state != ProgressReport.State.RETURNED or report.measure_id != item.measure_id):
        raise Refused([Problem("kind", _("这份填报已不是退回状态。"), "report_not_returned")])
    return {
        "kind": kind, "report": report, "wrong": worded("wrong", wrong, _("请写明哪里不对。")),
        "should": worded("should", should, _("请写明应当是什么。")),
    }  # fmt: skip


def free_supervisor(government: Government, day: dt.date, besides: int | None = None) -> User | None:
    """Of the supervisors the one with the fewest open objections; None where there is no other. 1 statement."""
    grants = RoleGrant.objects.of(government).open_on(day).filter(role=Role.SUPERVISOR, user__is_active=True).exclude(user=besides)
    busy = Count("pk", filter=Q(state=State.OPEN))
    loads = dict(Objection.objects.of(government).values_list("named").annotate(n=busy))
    users = [grant.user for grant in grants.select_related("user").order_by("user")]
    return min(users, key=lambda user: (loads.get(user.pk, 0), user.pk), default=None)


def _attach(made: Objection, files: Iterable[Stored], by: Person, at: dt.datetime) -> None:
    by_content = {stored.sha256: stored for stored in files}
    if len(by_content) > settings.EVIDENCE_MAX_FILES:
        raise Refused([Problem("evidence", _("一件异议最多%(n)s个附件。") % {"n": settings.EVIDENCE_MAX_FILES}, "too_many_files")])
    own = {"government_id": made.government_id, "objection": made, "added_by": by.user, "added_at": at}
    ObjectionFile.objects.bulk_create(ObjectionFile(**own, sha256=f.sha256, name=f.name, size=f.size, kind=f.kind) for f in by_content.values())


def take_over(objection: Objection, by: Person, at: dt.datetime, version: int) -> Objection:
    """Another supervisor becomes the one who is to answer. Raises: NotYours; Overtaken."""
    _supervises(objection, by)
    with transaction.atomic():
        now = _moved(objection, version, {"state": State.OPEN}, named=by.user)
        _tell(now, Verb.TAKEN, by, at, facts={"named": by.user.login, "before": objection.named.login if objection.named else ""})
    return now


def answer(objection: Objection, outcome: str, words: str, by: Person, at: dt.datetime, version: int) -> Objection:
    """The named supervisor says whether it stands, and why; the second time that is the review, and the last word.

    Raises: NotYours; Refused without an outcome or a reason; Overtaken.
    """
    _supervises(objection, by)
    if objection.named_id != by.id:
        raise NotYours
    if outcome not in OUTCOMES:
        raise Refused([Problem("outcome", _("请选成立、部分成立或不成立。"), "outcome_missing")])
    said = worded("words", words, _("请写明理由。"))
    verb, who = (Verb.REVIEWED, "reviewed_by") if objection.in_review else (Verb.ANSWERED, "answered_by")
    with transaction.atomic():
        hold(objection.government_id)
        closed = {"state": outcome, "closed_on": clock.day_of(at, by.user.government.zone), who: by.user}
        now = _moved(objection, version, {"state": State.OPEN}, **closed)
        _tell(now, verb, by, at, words=said, outcome=outcome, facts={"before": {"state": "open"}, "after": {"state": outcome}, "why": said})
        letters.answered(now, said, at)
    return now


def ask_review(objection: Objection, words: str, by: Person, at: dt.datetime, version: int) -> Objection:
    """Once, within as many working days as the answer had, the department asks that somebody else look again.

    Raises: NotYours; Refused where it was upheld, was reviewed, where the time is over or nobody else supervises; Overtaken.
    """
    government, day = by.user.government, clock.day_of(at, by.user.government.zone)
    if objection.government_id != by.government_id or not may_object(objection.department_id, by, day):
        raise NotYours
    said = worded("words", words, _("请写明为什么要复核。"))
    _open_to_review(objection, government, day)
    other = free_supervisor(government, day, besides=objection.answered_by_id)
    if other is None:
        raise Refused([Problem("words", _("没有另一位督查员可以复核，请联系管理员。"), "nobody_else")])
    with transaction.atomic():
        hold(government.pk)
        due = calendar_of(government).shift(day, objection.days)
        seen = {"state": objection.state, "review_asked_at": None}
        now = _moved(objection, version, seen, state=State.OPEN, closed_on=None, review_asked_at=at, named=other, due_on=due)
        _tell(now, Verb.ASKED, by, at, words=said, facts={"before": {"state": objection.state}, "after": {"state": "open"}, "why": said})
        letters.made(now, at)
    return now


def may_ask_review(objection: Objection, government: Government, day: dt.date) -> bool:
    """Whether it can still be reviewed. 1 statement."""
    if objection.state not in (State.PARTLY, State.REFUSED) or objection.review_asked_at or objection.closed_on is None:
        return False
    return day <= calendar_of(government).shift(objection.closed_on, objection.days)


def _open_to_review(objection: Objection, government: Government, day: dt.date) -> None:
    if not may_ask_review(objection, government, day):
        raise Refused([Problem("words", _("只有部分成立、不成立的答复，在时限内可以申请一次复核。"), "no_review")])


def make_good(objection: Objection, subject: str, by: Person, at: dt.datetime) -> Remedy:
    """Links what was done about an objection that was upheld. `subject`: one of `ways(objection)`.

    Raises: NotYours; Refused where it was not upheld, or the subject is not about its item.
    """
    if not by.has(Role.SUPERVISOR) or objection.government_id != by.government_id:
        raise NotYours
    if objection.state not in (State.UPHELD, State.PARTLY) or subject not in ways(objection):
        raise Refused([Problem("subject", _("请从列出的调整、更正单、正当理由中选一项。"), "no_way")])
    with transaction.atomic():
        made, new = Remedy.objects.get_or_create(
            objection=objection, subject=subject, defaults={"government_id": objection.government_id, "by": by.user, "at": at}
        )
        if new:
            _record(objection, "made_good", by, at, {"about": subject})
    return made


def ways(objection: Objection) -> list[str]:
    """What has been done since about the same item, by the ways there are: amendments of its terms, corrections of its figures, excuses. 3 statements."""
    amendments = Amendment.objects.filter(terms__item=objection.item_id, number__gt=0, proposed_at__gte=objection.made_at)
    corrections = ProgressReport.objects.filter(measure=objection.item.measure_id, corrects__isnull=False, edited_at__gte=objection.made_at)
    excuses = Excuse.objects.filter(item=objection.item_id, proposed_at__gte=objection.made_at).exclude(state=Excuse.State.REFUSED)
    found = [("amendment", amendments), ("report", corrections.exclude(state=ProgressReport.State.WITHDRAWN)), ("excuse", excuses)]
    return [f"{kind}:{pk}" for kind, rows in found for pk in rows.order_by("pk").values_list("pk", flat=True).distinct()]


def set_limit(days: int, by: Person, at: dt.datetime) -> None:
    """How many working days an answer may take; counts for objections made from now on. Raises: NotYours for all but an administrator; Refused."""
    if not by.has(Role.ADMINISTRATOR):
        raise NotYours
    if not FEWEST <= days <= MOST:
        raise Refused([Problem("days", _("请填 %(least)d 到 %(most)d 个工作日。") % {"least": FEWEST, "most": MOST}, "days_out_of_range")])
    with transaction.atomic():
        row = Government.objects.select_for_update().get(pk=by.government_id)
        if row.objection_days != days:
            Government.objects.filter(pk=row.pk).update(objection_days=days)
            facts = {"before": {"days": str(row.objection_days)}, "after": {"days": str(days)}}
            audit.record(row, actor=by.user, verb="objection.limit", subject=f"government:{row.pk}", at=at, facts=facts)


def _supervises(objection: Objection, by: Person) -> None:
    """Any supervisor but who answered before, when it is reviewed."""
    barred = objection.in_review and by.id == objection.answered_by_id
    if not by.has(Role.SUPERVISOR) or objection.government_id != by.government_id or barred or by.id == objection.made_by_id:
        raise NotYours


def _moved(objection: Objection, version: int, seen: dict[str, Any], **changes: Any) -> Objection:
    """The objection as it is after one conditional UPDATE. Raises: Overtaken."""
    if Objection.objects.filter(pk=objection.pk, version=version, **seen).update(version=F("version") + 1, **changes) != 1:
        raise Overtaken
    return Objection.objects.select_related("item__plan", "made_by", "named", "department", "government").get(pk=objection.pk)


def _tell(objection: Objection, verb: ObjectionTurn.Verb, by: Person, at: dt.datetime, *, words: str = "", outcome: str = "", facts: dict[str, Any]) -> None:
    own = {"government_id": objection.government_id, "objection": objection}
    ObjectionTurn.objects.create(**own, verb=verb, outcome=outcome, words=words, by=by.user, at=at)
    _record(objection, str(verb), by, at, facts)


def _record(objection: Objection, verb: str, by: Person, at: dt.datetime, facts: dict[str, Any]) -> None:
    about = {"item": objection.item.code, **facts}
    audit.record(objection.government_id, actor=by.user, verb=f"objection.{verb}", subject=f"objection:{objection.pk}", at=at, facts=about)
