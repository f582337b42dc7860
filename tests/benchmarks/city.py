"""The shipped city with invented progress, and who looks at it."""

import datetime as dt
import random
from decimal import Decimal

from people import clock, deeds
from people.models import Department, Government, Role, User
from plans.models import Target
from plans.seeding import seed
from tests.benchmarks.pages import NOW, ZONE
from tracker import periods, rollup
from tracker.models import Duty, Period, ProgressReport

FROM = dt.date(2021, 1, 1)
PEOPLE = {  # who looks: login → department, role
    "reporter": ("gxj", Role.REPORTER),
    "reviewer": ("gxj", Role.REVIEWER),
    "supervisor": ("szfb", Role.SUPERVISOR),
    "leader": ("szfb", Role.LEADER),
}


def build() -> dict[str, User]:
    """Everything that the pages show, and the people who open them."""
    seed()
    government = Government.objects.get()
    people = {login: _person(government, login) for login in PEOPLE}
    deeds.put_in_charge(people["leader"], list(Department.objects.of(government)[:20]), FROM)
    periods.open_due(government, NOW)
    _report(government, people)
    _roll(government)
    return people


def _person(government: Government, login: str) -> User:
    code, role = PEOPLE[login]
    department = Department.objects.of(government).filter(code=code).first() or Department.objects.of(government).order_by("position")[0]
    return deeds.enrol(government, department, login=login, name=login, roles=(role,), from_on=FROM, email=f"{login}@example.org")


def _roll(government: Government) -> None:
    """Two closings and today, as the line would leave them."""
    for number, day in ((1, dt.date(2022, 4, 20)), (2, dt.date(2022, 7, 20))):
        period = Period.objects.of(government).get(cycle__frequency="quarter", year=2022, number=number)
        rollup.take(government, clock.end_of(day, ZONE), closes=period)
    rollup.take(government, NOW)


def _report(government: Government, people: dict[str, User]) -> None:
    """An accepted report for each duty but the latest quarter's, every third of which waits for review."""
    chance = random.Random(20221017)
    finals: dict[int, Target] = {}
    for target in Target.objects.of(government).filter(role=Target.RoleInPath.FINAL, value__isnull=False).select_related("terms__item"):
        finals.setdefault(target.terms.item.measure_id, target)
    rows = []
    for duty in Duty.objects.of(government).filter(period__end__gte=dt.date(2021, 12, 31), period__end__lte=dt.date(2022, 9, 30)).select_related("period"):
        final = finals.get(duty.measure_id)
        end, waits = duty.period.end, duty.period.end == dt.date(2022, 9, 30) and chance.random() < 0.5
        share = Decimal(end.timetuple().tm_yday) / 365 * Decimal(chance.uniform(0.8, 1.15))
        value = round(final.value * share, 2) if final and final.value else None
        at = clock.start_of(end + dt.timedelta(days=8), ZONE, dt.time(10))
        accepted = {} if waits else {"state": "accepted", "accepted_by": people["supervisor"], "accepted_at": at}
        rows.append(
            ProgressReport(
                government=government, duty=duty, measure_id=duty.measure_id, period=duty.period, number=1, cut_off=end, value=value,
                progress="按计划推进。", author=people["reporter"], edited_by=people["reporter"], edited_at=at,
                submitted_by=people["reporter"], submitted_at=at, endorsed_by=people["reviewer"], endorsed_at=at,
                origin="demonstration", **({"state": "endorsed"} | accepted),
            )
        )  # fmt: skip
    ProgressReport.objects.bulk_create(rows)
    answered = Duty.objects.filter(pk__in=[row.duty_id for row in rows])
    answered.update(done_at=NOW)
