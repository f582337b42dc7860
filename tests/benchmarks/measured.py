"""What is measured of a roll-up: itself, its floor, the naive loop, and what follows a few accepted values."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import Government
from people.workdays import calendar_of
from plans.models import Item
from tests.benchmarks.laying import AT
from tracker import gathering, jobs, rollup
from tracker.judging import judge_item
from tracker.known import Known, Moment
from tracker.models import Board, JobRun, ProgressReport, Run, Standing

COLUMNS = ", ".join(str(f.column) for f in Standing._meta.concrete_fields if f.attname not in ("id", "since_run", "until_run"))


def forget() -> None:
    """As if nothing had ever been rolled up."""
    for model in (Standing, Board, Run, JobRun):
        model.objects.all().delete()
    Government.objects.update(run=0)


class City:
    """One government of those that were laid."""

    def __init__(self, key: int) -> None:
        self.key, self.minutes = key, 0

    @property
    def government(self) -> Government:
        return Government.objects.get(pk=self.key)

    @cached_property
    def reads(self) -> list[tuple[str, tuple[Any, ...]]]:
        """Every row that a roll-up reads, one by one: duties too, which it has the database put together."""
        of_government = [gathering.by_paths(row, of(self.key)) for row, of in gathering.OF_GOVERNMENT.items()]
        of_measures = [gathering.by_paths(row, of(self.key, None)) for row, of in gathering.OF_MEASURES.items()]
        return [query.query.sql_with_params() for query in (*of_government, *of_measures)]

    def floor(self) -> None:
        """Reads the rows and writes as many standings as there are, then takes these back."""
        with connection.cursor() as cursor:
            for statement, values in self.reads:
                cursor.execute(statement, values)
                cursor.fetchall()
            with transaction.atomic():
                cursor.execute(
                    f"INSERT INTO {Standing._meta.db_table} ({COLUMNS}, since_run, until_run) SELECT {COLUMNS}, -1, 0 FROM {Standing._meta.db_table}"
                    f" WHERE government_id = {self.key} AND until_run IS NULL"
                )
                transaction.set_rollback(True)

    def take_all(self) -> None:
        """Everything is judged and written; then, outside of what counts, it stands for the next floor."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {Standing._meta.db_table} WHERE government_id = {self.key}")
        rollup.take(self.government, AT)

    def take(self) -> None:
        self.minutes += 1
        rollup.take(self.government, AT + dt.timedelta(minutes=self.minutes))

    def naive(self, number: int) -> None:
        """What whoever begins would write: item by item, each report's period, duty and corrections looked up, its standing and those of its nodes looked up and saved."""
        government = self.government
        for item in Item.objects.filter(government=government).order_by("pk")[:number]:
            rows = gathering.gather(government, [item.measure_id])
            for report in ProgressReport.objects.filter(measure=item.measure, state=ProgressReport.State.ACCEPTED):
                _ = report.period.end, report.period.cycle.frequency, report.duty.due_at, report.corrections.accepted().exists(), list(report.steps_done.all())
            known = Known(rows, calendar_of(government), Moment(AT.date(), AT))
            terms = known.terms_of(known.rows.terms[item.pk])
            if terms is None:
                continue
            judged = judge_item(known, terms).judged
            above = (f"goal:{terms.goal_id}", f"plan:{terms.plan_id}", f"department:{terms.lead_id}", f"government:{self.key}")
            for subject in (judged.subject, *above):
                row = Standing.objects.of(government).filter(subject=subject, until_run__isnull=True).first()
                if row is not None and subject == judged.subject:
                    for name, value in judged.columns().items():
                        setattr(row, name, value)
                if row is not None:
                    row.save()

    def accept(self, number: int) -> None:
        """So many measures get a better figure for their last quarter, accepted now."""
        last = ProgressReport.objects.filter(government=self.key, value__isnull=False, number=1).order_by("-period", "measure")[: number * 3 : 3]
        self.minutes += 1
        at = AT + dt.timedelta(minutes=self.minutes)
        new = []
        for old in last:
            values: dict[str, Any] = {f.attname: getattr(old, f.attname) for f in ProgressReport._meta.concrete_fields if not f.primary_key}
            number_of = ProgressReport.objects.filter(measure=old.measure_id, period=old.period_id).count() + 1
            value = (old.value or 0) + 1
            new.append(ProgressReport(**{**values, "number": number_of, "value": value, "submitted_at": at, "accepted_at": at}))
        ProgressReport.objects.bulk_create(new)

    def statements(self) -> int:
        with CaptureQueriesContext(connection) as taken:
            self.take()
        return len(taken)


def roll_up(governments: Sequence[int], first: int) -> None:
    """Pulls the roll-up of each, from another one on for each worker; what another has done is passed over."""
    found = {government.pk: government for government in Government.objects.all()}
    for key in (*governments[first:], *governments[:first]):
        jobs.pull(found[key], ("rollup",), AT)
