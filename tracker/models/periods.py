"""报告期 and 应报: a stretch of a cycle, and what is owed in it."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t

from people.access import READS_ALL
from people.language import speaks_english
from people.models import Department, Owned, OwnedQuerySet
from plans.models import Cycle, Measure

if TYPE_CHECKING:
    from people.access import Person


class PeriodQuerySet(OwnedQuerySet):
    def opened_by(self, at: dt.datetime) -> Self:
        return self.filter(opens_at__lte=at)


class Period(Owned):
    """One month, quarter, half-year or year of a cycle. `due_at` is the latest of its duties' ordinary due instants."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="periods")
    year = models.IntegerField()
    number = models.IntegerField()
    start = models.DateField()
    end = models.DateField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["end", "cycle"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "year", "number"], name="period_once"),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="period_span"),
        ]
        indexes = [models.Index(fields=["government", "end"], name="period_end")]

    def __str__(self) -> str:
        return self.title

    @property
    def occasion(self) -> str:
        """The period as a key: '2022Q3', '2022-09', '2022H1', '2022'."""
        return {"month": f"{self.year}-{self.number:02d}", "quarter": f"{self.year}Q{self.number}", "half-year": f"{self.year}H{self.number}"}.get(
            self.cycle.frequency, str(self.year)
        )

    @property
    def title(self) -> str:
        return period_title(self.cycle.frequency, self.year, self.number)


def period_title(frequency: str, year: int, number: int) -> str:
    """A period's name in the page's language: 2022年三季度, Q3 2022."""
    if speaks_english():
        return {"month": f"{dt.date(2000, number, 1):%b} {year}", "quarter": f"Q{number} {year}", "half-year": f"H{number} {year}"}.get(frequency, str(year))
    ordinal = "零一二三四"[number] if number <= 4 else str(number)
    part = {"month": f"{number}月", "quarter": f"{ordinal}季度", "half-year": "上半年" if number == 1 else "下半年"}.get(frequency, "")
    return _t("%(year)s年%(part)s") % {"year": year, "part": part}


class DutyQuerySet(OwnedQuerySet):
    def not_done(self) -> Self:
        return self.filter(done_at__isnull=True)

    def owed_on(self, day: dt.date) -> Self:
        """Not answered, and not excused on that day: the day named by 未到数据时点 itself is still excused."""
        return self.not_done().filter(Q(excused_until__isnull=True) | Q(excused_until__lt=day))

    def overdue(self, at: dt.datetime, day: dt.date) -> Self:
        """逾期未报 at an instant, which is on `day` in the government's zone."""
        return self.owed_on(day).filter(due_at__lte=at)

    def visible_to(self, person: "Person") -> Self:
        mine = self.filter(government_id=person.government_id)
        return mine if person.has(*READS_ALL) else mine.filter(department_id=person.department_id)


class Duty(Owned):
    """应报: one measure, one period, one department. `done_at`: when a report was submitted (empty again when it is returned)."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="duties")
    period = models.ForeignKey(Period, models.PROTECT, related_name="duties")
    department = models.ForeignKey(Department, models.PROTECT, related_name="duties")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    excused_until = models.DateField(null=True, blank=True)  # 未到数据时点: the day on which the statistics are due

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "period"], name="duty_once")]
        indexes = [models.Index(fields=["department", "due_at"], condition=Q(done_at__isnull=True), name="duty_open")]
