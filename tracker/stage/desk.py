"""The deeds of the offices in one line each: a report is drafted, sent, endorsed, accepted or given back by the people of its department."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile

from plans.models import Measure
from tracker import plausible, reporting, reviewing
from tracker.models import Duty, Period, ProgressReport
from tracker.stage.calendar import at
from tracker.stage.people import Offices


@dataclass
class Desk:
    """Makes reports by the deeds of `reporting` and `reviewing`; finds measures, periods and duties by name."""

    offices: Offices
    _measures: dict[str, Measure] = field(default_factory=dict)

    def measure(self, code: str) -> Measure:
        if code not in self._measures:
            self._measures[code] = Measure.objects.select_related("reporter", "government").get(government=self.offices.government, code=code)
        return self._measures[code]

    def duty(self, code: str, occasion: str) -> Duty:
        """'gdp-growth', '2022Q3' or '2022-09'."""
        measure = self.measure(code)
        year, number = (int(part) for part in occasion.replace("Q", "-").split("-"))
        period = Period.objects.get(cycle=measure.cycle_id, year=year, number=number)
        return Duty.objects.select_related("measure", "department", "period__cycle", "government").get(measure=measure, period=period)

    def draft(self, duty: Duty, when: dt.datetime, fields: Mapping[str, Any]) -> ProgressReport:
        by = self.offices.reporter(duty.department.code)
        report = reporting.draft(duty, by, when, origin=ProgressReport.Origin.DEMONSTRATION)
        return reporting.save_draft(report, fields, by, when, report.version)

    def attach(self, report: ProgressReport, when: dt.datetime, name: str, text: str) -> None:
        """A table as evidence; like everything here it says first what it is."""
        content = ContentFile(("演示数据\n" + text).encode())
        reporting.attach(report, name, content.chunks(), self.offices.reporter(report.duty.department.code), when)

    def submit(self, report: ProgressReport, when: dt.datetime) -> ProgressReport:
        by = self.offices.reporter(report.duty.department.code)
        return reporting.submit(report, by, when, report.version, confirmed=plausible.CODES)

    def endorse(self, report: ProgressReport, when: dt.datetime) -> ProgressReport:
        reviewer = self.offices.reviewer(report.duty.department.code)
        return reviewing.endorse(report, reviewer, when) if reviewer else report

    def accept(self, report: ProgressReport, when: dt.datetime, turn: int = 0) -> ProgressReport:
        return reviewing.accept(report, self.offices.supervisor(turn), when)

    def settle(
        self, duty: Duty, day: str, fields: Mapping[str, Any], hours: tuple[str, str, str, str] = ("09:20", "10:05", "14:50", "16:20")
    ) -> ProgressReport:
        """The whole way on one day: drafted, submitted, endorsed, accepted."""
        drafted, submitted, endorsed, accepted = (at(day, hour) for hour in hours)
        report = self.submit(self.draft(duty, drafted, fields), submitted)
        return self.accept(self.endorse(report, endorsed), accepted)
