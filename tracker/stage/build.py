"""Builds the demonstration into an empty database: the year in its order, from the publication in March to the last afternoon."""

import datetime as dt
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection

from people import clock
from people.models import Government, StagedTime
from people.workdays import calendar_of
from plans import seeding
from plans.models import Measure, Plan, Step, Terms
from tracker import jobs, periods, rollup
from tracker.known import Moment
from tracker.models import Duty, Period
from tracker.stage import amendments, cast, yearly
from tracker.stage.beside import Beside
from tracker.stage.calendar import NOW, at
from tracker.stage.contradictions import Contradictions
from tracker.stage.desk import Desk
from tracker.stage.figures import Figures
from tracker.stage.filler import Filler
from tracker.stage.ledger import Ledger
from tracker.stage.people import Offices, seat
from tracker.stage.planned import SEED, Planned, plan
from tracker.stage.story import Story, Told

log = logging.getLogger(__name__)

# When the line was pulled: after each closing, when a quarter opened, on Mondays that matter, before the holiday, today.
TICKS = (
    "2022-03-07 08:00", "2022-03-21 08:00", "2022-04-07 08:00", "2022-04-25 08:00", "2022-05-06 08:00", "2022-06-07 08:00", "2022-07-06 08:00",
    "2022-07-26 08:00", "2022-08-06 08:00", "2022-09-20 08:00", "2022-09-30 09:00", "2022-10-10 08:00", "2022-10-13 08:00", "2022-10-17 08:00",
    "2022-10-17 14:29",
)  # fmt: skip


class NotEmpty(RuntimeError):
    """The database holds a government already: the demonstration is built into an empty one only."""


@dataclass
class Builder:
    """One building. `say` is told how far it came."""

    say: Callable[[str], Any] = lambda text: None
    ledger: Ledger = field(default_factory=Ledger)

    def build(self) -> Government:
        """Everything, in the order of the year. Raises: NotEmpty."""
        if Government.objects.exists():
            raise NotEmpty
        _hurry()
        seeding.seed()
        self.government = Government.objects.get(code=seeding.read("government.json")["government"]["code"])
        self.offices: Offices = seat(self.government)
        self._ask_quarterly()
        self.say("city seeded, offices seated")
        self.planned: Planned = plan(_terms(self.government))
        self.report = Plan.objects.get(government=self.government, code=cast.REPORT)
        self.desk = Desk(self.offices)
        amendments.lay_steps(self.report, self.planned, self.offices)
        amendments.share_farmland(self.report, self.offices)
        for told in sorted([*self._ticks(), *self._quarters(), *self._months(), *self._papers(), *self._told()], key=lambda t: t.at):
            self.ledger.flush(told.at, self.government.pk)
            told.do()
        self.ledger.flush(NOW, self.government.pk)
        set_clock(NOW)
        return self.government

    def _told(self) -> Iterator[Told]:
        yield from Story(self.desk, self.planned, self.offices).told()
        yield from Beside(self.report, self.offices, self.planned).told()
        yield from Contradictions(self.offices).told()

    def _ask_quarterly(self) -> None:
        quarter = Measure.objects.filter(government=self.government, cycle__name="quarter").values_list("cycle", flat=True)[0]
        for code, lag in cast.QUARTERLY.items():
            Measure.objects.filter(government=self.government, code=code).update(cycle=quarter, release_lag=lag)

    def _ticks(self) -> Iterator[Told]:
        for text in TICKS:
            yield Told(at(*text.split()), partial(self._pull, at(*text.split())))

    def _pull(self, when: dt.datetime) -> None:
        done = jobs.tick(when)
        for failed in (d for d in done if d.error):
            log.error("%s %s: %s", failed.job, failed.occasion, failed.error)
        self.say(f"{when:%m-%d}: {len(done)} jobs")

    def _months(self) -> Iterator[Told]:
        """A month opens on its 25th, the second quarter on 20 June; no tick of ours falls there."""
        for day in ("03-25", "04-25", "05-25", "06-20", "06-25", "07-25", "08-25", "09-25"):
            when = at(f"2022-{day}", "08:05")
            yield Told(when, partial(self._open, when))

    def _open(self, when: dt.datetime) -> None:
        periods.open_due(self.government, when, finished=rollup.finished(self.government))

    def _papers(self) -> Iterator[Told]:
        yield Told(at("2022-06-28", "10:30"), lambda: amendments.raise_specialised(self.report, self.offices))
        yield Told(at("2022-09-02", "10:30"), lambda: amendments.define_compounds(self.report, self.offices))

    def _quarters(self) -> Iterator[Told]:
        """The filler of each quarter is laid when the quarter is over, before anything of it is judged."""
        yield Told(at("2022-03-21", "09:00"), lambda: self.ledger.lay(yearly.entries(self._filler(), self.planned)))
        for number, day in ((1, "2022-04-06"), (2, "2022-07-04"), (3, "2022-10-08")):
            yield Told(at(day, "08:00"), partial(self._lay, number))

    def _lay(self, number: int) -> None:
        period = Period.objects.select_related("cycle").get(government=self.government, cycle__name="quarter", year=2022, number=number)
        outlines = {o.measure.pk: o for o in self.planned.quarterly if not o.is_story}
        duties = Duty.objects.filter(period=period, measure__in=outlines).select_related("measure", "department", "period__cycle")
        pairs = sorted(((d, outlines[d.measure_id]) for d in duties), key=lambda pair: pair[0].measure.code)  # no database's own order of letters
        states = {o.measure.code: o.state for o in outlines.values()} if number == 3 else None
        self.ledger.lay(self._filler().entries(period, pairs, states))

    def _filler(self) -> Filler:
        """One for all quarters: its figures remember what was reported before."""
        if not hasattr(self, "_one_filler"):
            chance = random.Random(SEED)  # noqa: S311  invented figures, the same on every machine
            known = rollup.learn(self.government, Moment(dt.date(2022, 3, 31), at("2022-03-31")))
            steps = Step.objects.filter(terms__item__plan=self.report, terms__amendment__number=1).select_related("terms")
            by_name = {(s.terms.item_id, s.name): s for s in steps}
            self._one_filler = Filler(self.offices, calendar_of(self.government), Figures(known, chance), chance, by_name)
        return self._one_filler


def build(say: Callable[[str], Any] = lambda text: None) -> Government:
    """Builds the demonstration into the default database, which must hold no government."""
    return Builder(say).build()


def _hurry() -> None:
    """An SQLite file that is being built may be lost: it need not reach the disk at every step. Ends with the connection."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def set_clock(shown: dt.datetime) -> None:
    """From now on the stage's clock shows this instant, and goes on from it."""
    StagedTime.objects.all().delete()
    StagedTime.objects.create(shown_at=shown, set_at=clock.machine_now())


def _terms(government: Government) -> list[Terms]:
    terms = Terms.objects.of(government).filter(amendment__number=0).select_related("item__plan", "item__measure__reporter", "item__measure__cycle")
    return list(terms.prefetch_related("targets").order_by("item__plan__position", "item__plan__code", "item__position"))
