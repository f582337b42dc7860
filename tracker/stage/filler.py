"""Everything beside the story: each duty of a period answered as its outline says, at office hours of working days."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from people import clock
from people.workdays import Calendar
from plans.models import Step
from tracker.models import Duty, Period
from tracker.stage import cast, texts
from tracker.stage.calendar import TODAY, ZONE, at, day_of
from tracker.stage.figures import Figures
from tracker.stage.ledger import Answer, Entry
from tracker.stage.people import Offices
from tracker.stage.planned import Outline

# By day: when reports of a period come in, and by when they are all accepted.
WINDOWS = {"2022Q1": ("2022-04-06", "2022-04-14", "2022-04-24"), "2022Q2": ("2022-07-04", "2022-07-14", "2022-07-25")}
THIRD = {
    "accepted": ("10-08", "10-12"),
    "endorsed": ("10-12", "10-14"),
    "submitted": ("10-14", "10-17"),
    "draft": ("10-12", "10-17"),
    "returned": ("10-11", "10-13"),
}
HOURS = (("08:30", 210), ("14:40", 190))  # the two halves of a day: its beginning and its minutes


@dataclass
class Filler:
    """Lays a period of the measures that the story leaves alone."""

    offices: Offices
    calendar: Calendar
    figures: Figures
    chance: random.Random
    steps: dict[tuple[int, str], Step]  # by item and name, of the version in force

    def entries(self, period: Period, duties: Sequence[tuple[Duty, Outline]], states: dict[str, str] | None = None) -> list[Entry]:
        """The reports of a period; `states` says how far each measure's came (all accepted where it is not given)."""
        found = []
        for duty, outline in duties:
            state = states[outline.measure.code] if states else "accepted"
            if state != "untouched" and (entry := self._entry(period, duty, outline, state)):
                found.append(entry)
        return found

    def _entry(self, period: Period, duty: Duty, outline: Outline, state: str) -> Entry | None:
        by = self.offices.reporter(duty.department.code).user
        entry = Entry(duty=duty, by=by, drafted=period.opens_at)
        if outline.measure.code in cast.STATISTICS and period.occasion == "2022Q3":
            entry.answer = Answer.NOT_OUT
            entry.texts = {"until_on": day_of("10-24"), "source": "国家统计局河南调查总队"}
        elif outline.is_task:
            self._do_steps(entry, outline, period)
        else:
            self._do_value(entry, outline, period)
        self._time(entry, duty, period, state)
        return entry

    def _do_value(self, entry: Entry, outline: Outline, period: Period) -> None:
        light = outline.light if period.occasion != "2022Q1" else self.chance.choice(("green", "green", outline.light))
        if outline.light == "not_due":
            light = "not_due"
        if light == "blue" and period.occasion != "2022Q3":
            light = "green"
        if outline.measure.code == cast.ON_TARGET and period.occasion == "2022Q3":
            entry.value = Decimal(1500)
        else:
            entry.value = self.figures.make(outline.item.pk, outline.measure.pk, period.end, light)
        entry.texts = dict(texts.of_value(outline, entry.value, period.end.month, self.chance))

    def _do_steps(self, entry: Entry, outline: Outline, period: Period) -> None:
        done = [s for s in outline.steps if s.done and period.start <= s.done <= period.end]
        left = [s for s in outline.steps if s.done is None or s.done > period.end]
        entry.answer = Answer.VALUE if done else Answer.NO_CHANGE
        entry.steps = {self.steps[outline.item.pk, s.name]: s.done for s in done if s.done}
        entry.texts = dict(texts.of_steps(outline, done, left, self.chance))
        if outline.measure.code == cast.SAME_TEXT:
            entry.texts["progress"] = "园区基础设施和龙头项目按计划推进，各节点责任到人。"
            if period.occasion == "2022Q3":
                entry.texts["doubts"] = {"same_text": {"said": "进展与二季度所写一字不差。请写本期的情况。", "why": "三季度仍是同一段工作，下一节点未到。"}}

    def _time(self, entry: Entry, duty: Duty, period: Period, state: str) -> None:
        first, last = self._window(duty, period, state)
        entry.submitted = self._office_hour(first, last)
        entry.drafted = max(period.opens_at + dt.timedelta(hours=9), entry.submitted - dt.timedelta(minutes=self.chance.randint(20, 3000)))
        if state == "draft":
            entry.drafted, entry.submitted = entry.submitted, None
            return
        if state == "submitted":
            return
        reviewer = self.offices.reviewer(duty.department.code)
        supervisor = self.offices.supervisor(self.chance.randint(0, 1)).user
        seen = self._next(entry.submitted)
        if state == "returned":
            entry.returned = (reviewer.user if reviewer and self.chance.random() < 0.5 else supervisor, seen, self.chance.choice(texts.RETURNS))
            if entry.returned[0] == supervisor and reviewer:
                entry.endorsed, entry.returned = (reviewer.user, seen), (supervisor, self._next(seen), entry.returned[2])
            return
        entry.endorsed = (reviewer.user, seen) if reviewer else None
        if state == "accepted":
            entry.accepted = (supervisor, self._next(seen) if reviewer else seen)

    def _window(self, duty: Duty, period: Period, state: str) -> tuple[dt.date, dt.date]:
        if period.occasion in WINDOWS:
            first, last, _all = (dt.date.fromisoformat(d) for d in WINDOWS[period.occasion])
            lag = duty.measure.release_lag
            return (period.end + dt.timedelta(days=lag - 4), period.end + dt.timedelta(days=lag - 3)) if lag else (first, last)
        if period.cycle.frequency != "quarter":
            return period.end + dt.timedelta(days=1), period.due_at.date()
        first, last = (day_of(d) for d in THIRD[state])
        if duty.department.code == cast.BUREAU and state == "submitted":
            return last, last  # it always reports on the last day
        return first, last if duty.department.kind != "county" else min(last, day_of("10-11"))

    def _office_hour(self, first: dt.date, last: dt.date) -> dt.datetime:
        """An instant at office hours of a working day between two days; today only in the morning."""
        days = [d for n in range((last - first).days + 1) if self.calendar.is_workday(d := first + dt.timedelta(days=n))] or [self.calendar.next_workday(first)]
        return self._hour_of(self.chance.choice(days))

    def _hour_of(self, day: dt.date, half: int | None = None) -> dt.datetime:
        begins, minutes = HOURS[0] if day == TODAY else HOURS[self.chance.randint(0, 1) if half is None else half]
        return at(day, begins) + dt.timedelta(minutes=self.chance.randint(0, minutes), seconds=self.chance.randint(0, 59))

    def _next(self, before: dt.datetime) -> dt.datetime:
        """An hour of the next working day, or the morning of today where that would be too late."""
        day = self.calendar.next_workday(clock.day_of(before, ZONE) + dt.timedelta(days=1))
        return self._hour_of(min(day, TODAY))
