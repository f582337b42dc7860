"""What tests of reports share: a city whose periods are open, and short words for the deeds."""

import datetime as dt
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from people.workdays import seed_workdays
from plans.models import Cycle
from tests import cast
from tests.cast import City, noon
from tracker import periods, plausible, reporting, reviewing
from tracker.models import Duty, ProgressReport

OCTOBER = noon("2022-10-10")
WRITERS = {"gxj": "reporter", "tjj": "statistician", "zjj": "builder", "scx": "county"}
REVIEWERS = {"gxj": "reviewer", "zjj": "builders_head"}


class Desk:
    """A city, its duties, and each deed done by whoever does it in this city."""

    def __init__(self, plan: dict[str, Any] | None = None, at: dt.datetime = OCTOBER) -> None:
        seed_workdays([2021, 2022, 2023])
        self.city: City = cast.city(plan=plan)
        periods.open_due(self.city.government, at)

    def duty(self, measure: str, number: int = 3) -> Duty:
        return Duty.objects.select_related("measure", "period__cycle", "department", "government").get(
            government=self.city.government, measure__code=measure, period__year=2022, period__number=number
        )

    def earlier(self, measure: str, year: int, number: int) -> Duty:
        """The duty of a period before the plan."""
        cycle = Cycle.objects.get(government=self.city.government, name="quarter")
        return periods.owe(self.city.measure(measure), periods.open_period(cycle, year, number))

    def writer(self, duty: Duty) -> Any:
        return self.city.person(WRITERS[duty.department.code])

    def draft(self, duty: Duty, at: dt.datetime = OCTOBER, **fields: Any) -> ProgressReport:
        report = reporting.draft(duty, self.writer(duty), at)
        return reporting.save_draft(report, fields, self.writer(duty), at, report.version) if fields else report

    def submit(self, duty: Duty, at: dt.datetime = OCTOBER, **fields: Any) -> ProgressReport:
        report = self.draft(duty, at, **fields)
        return reporting.submit(report, self.writer(duty), at, report.version, confirmed=DOUBTS)

    def accept(self, duty: Duty, at: dt.datetime = OCTOBER, **fields: Any) -> ProgressReport:
        return self.pass_on(self.submit(duty, at, **fields), at)

    def pass_on(self, report: ProgressReport, at: dt.datetime = OCTOBER) -> ProgressReport:
        """Endorses where the department has a reviewer, and accepts."""
        reviewer = REVIEWERS.get(report.duty.department.code)
        if reviewer:
            report = reviewing.endorse(report, self.city.person(reviewer), at)
        return reviewing.accept(report, self.city.person("supervisor"), at)


DOUBTS = plausible.CODES


def story(report: ProgressReport) -> list[tuple[str, str]]:
    return [(e.verb, e.by.login) for e in report.events.select_related("by")]


def at_once(*deeds: Any) -> list[Any]:
    """Runs deeds in threads of their own, as near together as can be; returns what each returned or raised."""
    start = Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(n: int) -> None:
        start.wait()
        try:
            results[n] = deeds[n]()
        except Exception as error:  # noqa: BLE001
            results[n] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n,)) for n in range(len(deeds))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return results
