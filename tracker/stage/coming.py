"""What the offices will do after the last afternoon, by the same deeds: the last reports, the review of them, the statistics of the 24th.

A visitor may have been quicker with any of it: what is not there to be done any more is passed over.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from plans.models import Measure
from tracker.models import Duty, ProgressReport
from tracker.stage import cast
from tracker.stage.calendar import at
from tracker.stage.desk import Desk
from tracker.stage.story import Told
from tracker.turns import AlreadyMoved, NotYours, Refused

log = logging.getLogger(__name__)

State, Answer = ProgressReport.State, ProgressReport.Answer
FIGURES = {  # of 24 October: the third quarter, three weeks after its end
    "gdp-growth": "7.4",
    "industrial-value-added-growth": "7.5",
    "fixed-asset-investment-growth": "11.2",
    "retail-sales-growth": "8.7",
    "surveyed-unemployment-rate": "5.4",
    "cpi-rise": "2.2",
    "smart-factories-provincial-new": "1",
    "smart-workshops-provincial-new": "3",
}
LATE: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("2022-10-19", "report-2022:3.1-17", "2022-09", {"answer": Answer.NO_CHANGE, "progress": "补报：本期没有节点完成，施工按计划推进。"}),
    ("2022-10-20", f"{cast.FARMLAND}.scx", "2022Q3", {"answer": Answer.VALUE, "value": "7.3", "progress": "补报：累计建成 7.3 万亩。"}),
)
CLERK = "cloud-enterprises"


@dataclass
class Coming:
    desk: Desk

    def told(self) -> list[Told]:
        """All of it, by time."""
        return sorted([*self._last_hours(), *self._reviews(), *self._late(), *self._statistics()], key=lambda t: t.at)

    def _last_hours(self) -> Iterator[Told]:
        """The rest of 17 October: two of three drafts are sent, returned ones are mended, a third of what is empty is answered."""
        yield Told(at("2022-10-17", "16:50"), partial(self._send, CLERK))
        yield Told(at("2022-10-17", "17:20"), partial(self._send_drafts, at("2022-10-17", "17:20")))
        yield Told(at("2022-10-17", "17:50"), partial(self._answer_empty, at("2022-10-17", "17:50")))

    def _reviews(self) -> Iterator[Told]:
        """Heads endorse in the morning; the supervisors accept by the afternoon."""
        for day in ("2022-10-18", "2022-10-19", "2022-10-21", "2022-10-25"):
            yield Told(at(day, "09:10"), partial(self._endorse_all, at(day, "09:10")))
            yield Told(at(day, "14:10"), partial(self._accept_all, at(day, "14:10")))

    def _late(self) -> Iterator[Told]:
        for day, code, occasion, fields in LATE:
            yield Told(at(day, "10:20"), partial(self._fill, code, occasion, fields, at(day, "10:20")))

    def _statistics(self) -> Iterator[Told]:
        day = "2022-10-24"
        for n, (code, value) in enumerate(FIGURES.items()):
            fields = {"answer": Answer.VALUE, "value": value, "progress": f"三季度 {value}。", "data_state": ProgressReport.DataState.VERIFIED}
            yield Told(at(day, "10:00") + dt.timedelta(minutes=n), partial(self._fill, code, "2022Q3", fields, at(day, "10:00") + dt.timedelta(minutes=n)))
        yield Told(at(day, "11:10"), partial(self._endorse_all, at(day, "11:10")))
        yield Told(at(day, "13:40"), partial(self._accept_all, at(day, "13:40")))

    def _send(self, code: str) -> None:
        self._send_one(_unfinished(State.DRAFT).filter(measure__code=code).first(), at("2022-10-17", "16:50"))

    def _send_drafts(self, when: dt.datetime) -> None:
        for n, report in enumerate(_unfinished(State.DRAFT, State.RETURNED)):
            if n % 3 != 2:
                self._send_one(report, when)

    def _send_one(self, report: ProgressReport | None, when: dt.datetime) -> None:
        if report is not None:
            attempt(lambda: self.desk.submit(report, when))

    def _answer_empty(self, when: dt.datetime) -> None:
        for n, duty in enumerate(_empty(when)):
            if n % 3 == 0:
                attempt(partial(self._fill_duty, duty, _guess(duty), when))

    def _fill(self, code: str, occasion: str, fields: dict[str, Any], when: dt.datetime) -> None:
        attempt(lambda: self._fill_duty(self.desk.duty(code, occasion), fields, when))

    def _fill_duty(self, duty: Duty, fields: dict[str, Any], when: dt.datetime) -> None:
        self.desk.submit(self.desk.draft(duty, when, fields), when)

    def _endorse_all(self, when: dt.datetime) -> None:
        for report in _unfinished(State.SUBMITTED):
            attempt(partial(self.desk.endorse, report, when))

    def _accept_all(self, when: dt.datetime) -> None:
        for n, report in enumerate(_unfinished(State.ENDORSED, State.SUBMITTED)):
            attempt(partial(self.desk.accept, report, when, n))


def attempt(deed: Callable[[], Any]) -> None:
    """Does a deed, unless somebody was quicker or it is not to be done any more."""
    try:
        deed()
    except (AlreadyMoved, NotYours, Refused, Duty.DoesNotExist) as passed:
        log.info("passed over: %s", passed)


def _unfinished(*states: str) -> Any:
    return ProgressReport.objects.filter(state__in=states).select_related("duty__department", "measure", "period__cycle", "government").order_by("pk")


def _empty(when: dt.datetime) -> list[Duty]:
    """Duties that nobody has begun, which can be answered now, in the order of departments."""
    open_ones = Duty.objects.filter(done_at__isnull=True, due_at__gt=when, due_at__lte=at("2022-10-18", "00:00"), reports__isnull=True)
    found = open_ones.select_related("measure", "department", "period__cycle", "government")
    return sorted(found, key=lambda duty: (duty.department.position, duty.measure.code))


def _guess(duty: Duty) -> dict[str, Any]:
    """An answer in the manner of the last one: a task says that nothing came to pass, a figure goes on at its pace."""
    last = ProgressReport.objects.current().filter(measure=duty.measure, value__isnull=False).order_by("cut_off").last()
    if duty.measure.kind == Measure.Kind.STEPS or last is None or last.value is None:
        return {"answer": Answer.NO_CHANGE, "progress": "本期没有节点完成，各项工作按计划推进。"}
    value = (last.value * Decimal("1.4")).quantize(Decimal(1) if last.value == last.value.to_integral() else Decimal("0.1"))
    return {"value": str(value if duty.measure.unit != "%" else last.value), "progress": "前三季度按计划推进。", "reason": "按月调度数填报。"}
