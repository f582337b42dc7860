"""The turns of a report: a plain table of which state follows which, and the one place that makes a turn.

`draft → submitted → endorsed → accepted`; back to `returned` with a reason; `withdrawn` by whom it came from. A turn is one
conditional UPDATE on the old state and version, its line in the report's story and its link in the audit chain, together.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import User
from tracker.models import Duty, ProgressReport, ReportEvent

State = ProgressReport.State
TEXT_LENGTH = 4000  # characters of anything that a person writes
# what no reader sees and no sheet takes: control characters, and those that turn the direction of what follows
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


class Severity(StrEnum):
    ERROR = "error"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field and how to mend it, in the page's language. A doubt can be confirmed, by its code."""

    field: str
    message: str
    code: str
    severity: Severity = Severity.ERROR


class Refused(Exception):
    """The report cannot be sent, or the deed cannot be done, as things stand; `problems` say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(p.message for p in self.problems))


class NotYours(PermissionDenied):
    """The person has not the role, the department or the independence that the deed asks."""


class AlreadyMoved(Exception):
    """Somebody was quicker: the report is not in the state, or the version, that the deed was for. `report` is as it stands."""

    def __init__(self, report: ProgressReport) -> None:
        self.report = report
        super().__init__(f"report {report.pk} is {report.state}")


@dataclass(frozen=True)
class Turn:
    """A turn of a report. `marks`: the columns `<marks>_by` and `<marks>_at` that keep who made it."""

    verb: str
    leaves: tuple[State, ...]
    to: State
    marks: str = ""


SUBMIT = Turn("submitted", (State.DRAFT, State.RETURNED), State.SUBMITTED, "submitted")
TAKE_BACK = Turn("withdrawn", (State.SUBMITTED,), State.WITHDRAWN)
ENDORSE = Turn("endorsed", (State.SUBMITTED,), State.ENDORSED, "endorsed")
ACCEPT = Turn("accepted", (State.SUBMITTED, State.ENDORSED), State.ACCEPTED, "accepted")
GIVE_BACK = Turn("returned", (State.SUBMITTED, State.ENDORSED), State.RETURNED)
TURNS = (SUBMIT, TAKE_BACK, ENDORSE, ACCEPT, GIVE_BACK)

FIGURE = ("answer", "value", "data_state", "cut_off")
CONTENT = (*FIGURE, "benchmark", "until_on", "source", "progress", "problem", "next_step", "reason", "basis")
EDITABLE = (State.DRAFT, State.RETURNED)
DRAFTED, EDITED, ATTACHED, DETACHED, COMMENTED = "drafted", "edited", "attached", "detached", "commented"
MAKING = (DRAFTED, EDITED, ATTACHED, DETACHED, SUBMIT.verb)  # whoever did one of these made the report


def clean(text: str) -> str:
    """Text as it may be stored: without characters that nobody sees, and with line ends of one kind."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def worded(field: str, text: str, missing: str) -> str:
    """What somebody gives as a reason, cleaned. Raises: Refused with `missing` where there is none, or where it is too long."""
    words = clean(text)
    if not words:
        raise Refused([Problem(field, missing, f"{field}_missing")])
    if len(words) > TEXT_LENGTH:
        raise Refused([Problem(field, _("文字太长，请控制在%(n)s字以内。") % {"n": TEXT_LENGTH}, "text_long")])
    return words


def fresh(report: ProgressReport) -> ProgressReport:
    """The report as it stands, with what a deed looks at. 1 statement."""
    return ProgressReport.objects.select_related("duty__department", "measure", "period__cycle", "government", "corrects").get(pk=report.pk)


def makers(report: ProgressReport) -> set[int]:
    """Ids of everybody who drafted, edited or submitted it, in any of its rounds. 1 statement."""
    told = set(ReportEvent.objects.filter(report=report, verb__in=MAKING).values_list("by", flat=True))
    return told | {report.author_id, report.edited_by_id} | ({report.submitted_by_id} if report.submitted_by_id else set())


def make(report: ProgressReport, turn: Turn, by: Person, at: dt.datetime, *, why: str = "", **changes: Any) -> ProgressReport:
    """Makes a turn of the report as the caller read it, and returns the report as it is then.

    Must run in the transaction in which the caller read it and checked the person. `changes`: further columns.

    Raises: AlreadyMoved where its state or version is another by now, or no turn of this kind leaves its state.
    """
    marks = {f"{turn.marks}_by": by.user, f"{turn.marks}_at": at} if turn.marks else {}
    claimed = report.state in turn.leaves and (
        ProgressReport.objects.filter(pk=report.pk, state=report.state, version=report.version).update(
            state=turn.to, version=F("version") + 1, **marks, **changes
        )
    )
    if not claimed:
        raise AlreadyMoved(fresh(report))
    tell(report, turn.verb, by.user, at, why=why, to=turn.to)
    after = fresh(report)
    facts = about(after) | turned(after, turn, report.state, why)
    audit.record(report.government_id, actor=by.user, verb=f"report.{turn.verb}", subject=f"report:{report.pk}", at=at, facts=facts)
    return after


def about(report: ProgressReport) -> dict[str, Any]:
    """Which report an entry of the audit trail is about."""
    return {"measure": report.measure.code, "period": report.period.occasion, "number": report.number}


def turned(report: ProgressReport, turn: Turn, state: str, why: str = "") -> dict[str, Any]:
    """What the audit trail tells of a turn: the state before and after, what was handed in, and what a correction takes the place of."""
    before, after = {"state": str(state)}, {"state": str(turn.to)}
    if turn.verb in (SUBMIT.verb, ENDORSE.verb, ACCEPT.verb):
        after |= said(report, CONTENT if turn is SUBMIT else FIGURE)
        before |= said(report.corrects, FIGURE) if report.corrects else {}
    return {"before": before, "after": after} | ({"why": why} if why else {})


def said(report: ProgressReport, names: Iterable[str]) -> dict[str, str]:
    """What a report says in these fields, as text; what is empty is left out."""
    held = {name: getattr(report, name) for name in names}
    return {name: plain(value) for name, value in held.items() if value not in (None, "")}


def plain(value: Any) -> str:
    """A value as the trail keeps it: numbers without zeros that say nothing."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def tell(report: ProgressReport, verb: str, by: User, at: dt.datetime, *, why: str = "", to: str = "") -> None:
    """A line in the report's story."""
    ReportEvent.objects.create(
        government_id=report.government_id, report=report, verb=verb, from_state=report.state, to_state=to or report.state, by=by, at=at, why=why
    )


def settle_duty(duty_id: int) -> None:
    """Writes when a duty was answered: the first submission that stands. An accepted 未到数据时点 excuses, it does not answer."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a duty is settled in the transaction of its report's turn")
    standing = ProgressReport.objects.filter(duty=duty_id, state__in=(State.SUBMITTED, State.ENDORSED, State.ACCEPTED))
    answers = standing.exclude(state=State.ACCEPTED, answer=ProgressReport.Answer.NOT_OUT)
    first = answers.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    Duty.objects.filter(pk=duty_id).update(done_at=first)
