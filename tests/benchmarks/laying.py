"""Lays governments of any size, the same each time: every row follows from its number. Set-based on both databases, so that a province takes a minute.

Each government has one plan of 2021 to 2025, reported by the quarter; of twenty items fourteen are totals, three move to a level, two are rates held
against their target, one is a task of two steps. Every seventeenth is silent in the last quarter.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from people import clock, locks
from people.models import Department, Government, User
from people.workdays import calendar_of, seed_workdays
from plans.models import Amendment, Bands, Cycle, Document, Goal, Item, Measure, Plan, Step, Target, Terms
from tracker import periods
from tracker.models import Duty, Period, ProgressReport, StepDone

ZONE = "Asia/Shanghai"
QUARTERS = 15
AS_OF = dt.date(2024, 10, 25)
AT = clock.start_of(AS_OF, ZONE, dt.time(12))
INTO, TASK = "16", "n % 20 = 19"


@dataclass(frozen=True)
class Size:
    """How many governments, and in each: items, departments, quarters reported."""

    governments: int
    items: int
    departments: int
    quarters: int = QUARTERS

    @property
    def reports(self) -> int:
        return self.governments * self.items * self.quarters


CITY = Size(1, 2000, 60)
PROVINCE = Size(100, 400, 20)


def lay(size: Size) -> list[Government]:
    """Everything, into a database that holds nothing; returns the governments."""
    seed_workdays(range(2021, 2026))
    with transaction.atomic():
        locks.lift()
        governments = [_frame(size, number) for number in range(1, size.governments + 1)]
        with connection.cursor() as cursor:
            _numbers(cursor, size.items)
            _promises(cursor, size)
            _answers(cursor, size)
            cursor.execute("DROP TABLE numbers")
            for statement in connection.ops.sequence_reset_sql(no_style(), [Measure, Item, Terms, Target, Step, Duty, ProgressReport, StepDone]):
                cursor.execute(statement)
        locks.lay()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return governments


def _frame(size: Size, number: int) -> Government:
    """What a government has few of."""
    government = Government.objects.create(pk=number, code=f"g{number:03d}", name=f"第{number}市", name_en=f"City {number}", zone=ZONE)
    own: dict[str, Any] = {"government": government}
    departments = Department.objects.bulk_create(
        Department(**own, pk=number * 1000 + n, code=f"d{n}", name=f"第{n}局", short=f"{n}局", name_en=f"Bureau {n}", position=n, kind="bureau", former=[])
        for n in range(size.departments)
    )
    for n in (0, 1):
        User.objects.create(**own, pk=number * 1000 + n, department=departments[0], login=f"u{number}-{n}", name=f"甲{n}")
    cycle = Cycle.objects.create(**own, pk=number, name="quarter", frequency="quarter")
    document = Document.objects.create(**own, number=f"{number}号", title="规划", issuer="市人民政府", date="2021-01-04")
    plan = Plan.objects.create(
        **own, pk=number, document=document, code="plan", title="规划", title_en="Plan", start="2021-01-01", end="2025-12-31", cycle=cycle, state="published"
    )
    amendment = Amendment.objects.create(**own, pk=number, plan=plan, number=0, state="published", from_on="2021-01-04")
    for kind, green, yellow in (("share", 0, -10), ("points", 0, -1), ("node", -2, -10)):
        Bands.objects.create(**own, plan=plan, amendment=amendment, kind=kind, green_from=green, yellow_from=yellow)
    _goals(own, plan, number)
    calendar = calendar_of(government)
    for n in range(size.quarters):
        days = periods.bounds(cycle, 2021 + n // 4, n % 4 + 1)
        opens = clock.start_of(periods.opens_on(cycle, days), ZONE)
        due = periods.due_at(cycle, days, calendar, ZONE)
        Period.objects.create(
            **own, pk=number * 100 + n, cycle=cycle, year=days.year, number=days.number, start=days.start, end=days.end, opens_at=opens, due_at=due
        )
    return government


def _goals(own: dict[str, Any], plan: Plan, number: int) -> None:
    """Five parts with four chapters each; items hang on the chapters."""
    for n in range(5):
        part = Goal.objects.create(**own, pk=number * 100 + 20 + n, plan=plan, path=f"{n:03d}/", position=n, title=f"第{n}篇", title_en=f"Part {n}")
        Goal.objects.bulk_create(
            Goal(**own, pk=number * 100 + n * 4 + k, plan=plan, parent=part, path=f"{n:03d}/{k:03d}/", position=k, title=f"第{k}章", title_en=f"Chapter {k}")
            for k in range(4)
        )


def _numbers(cursor: Any, most: int) -> None:
    cursor.execute("CREATE TEMPORARY TABLE numbers (n integer PRIMARY KEY)")
    cursor.execute(f"INSERT INTO numbers WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {most - 1}) SELECT n FROM c")


def _promises(cursor: Any, size: Size) -> None:
    """Measures, items, terms and targets bear one number: government × items + place."""
    source, key = "people_government g CROSS JOIN numbers", f"(g.id - 1) * {size.items} + n + 1"
    common = {"id": key, "government_id": "g.id"}
    lead = f"g.id * 1000 + n % {size.departments}"
    code, name = "'i' || n", "'事项' || n"
    kind = f"CASE WHEN {TASK} THEN 'task' ELSE 'indicator' END"
    _fill(cursor, Measure, source, **common, code=code, name=name, name_en=name, unit="'个'", kind=f"CASE WHEN {TASK} THEN 'steps' ELSE 'number' END",
          reporter_id=lead, cycle_id="g.id")  # fmt: skip
    _fill(cursor, Item, source, **common, plan_id="g.id", code=code, kind=kind, measure_id=key, position="n")
    accrual = "CASE WHEN n % 20 < 14 OR n % 20 = 19 THEN 'cumulative' WHEN n % 20 < 17 THEN 'level' ELSE 'held' END"
    published = "(SELECT min(opens_at) FROM tracker_period)"
    _fill(cursor, Terms, source, **common, item_id=key, amendment_id="g.id", from_on="'2021-01-04'", published_at=published, goal_id="g.id * 100 + n % 20", name=name, name_en=name,
          accrual=accrual, lead_id=lead, baseline="CASE WHEN n % 20 BETWEEN 14 AND 16 THEN 100 END", baseline_on="CASE WHEN n % 20 BETWEEN 14 AND 16 THEN '2020-12-31' END",
          profile="CASE WHEN n % 20 = 19 THEN 'at_end' WHEN n % 7 = 0 THEN 'shares' ELSE 'linear' END", shares="CASE WHEN n % 7 = 0 THEN '10/30/55/80/100' ELSE '' END",
          cast={"from_on": "date", "baseline_on": "date"})  # fmt: skip
    aim = {"from_on": "'2020-12-31'", "unit": "CASE WHEN n % 20 BETWEEN 17 AND 18 THEN '%' ELSE '个' END", "cast": {"from_on": "date", "due_on": "date"}}
    more = f"{key} + {size.governments * size.items}"
    _fill(cursor, Target, source, **{**common, "terms_id": key}, role="'final'", due_on="'2025-12-31'", comparator=f"CASE WHEN {TASK} THEN '' ELSE 'at_least' END",
          value=f"CASE WHEN {TASK} THEN NULL ELSE {_aim('20')} END", **aim)  # fmt: skip
    _fill(cursor, Target, f"{source} WHERE n % 3 = 0 AND n % 20 < 17", **{**common, "id": more, "terms_id": key}, role="'interim'", due_on="'2022-12-31'", comparator="'at_least'",
          value=_aim("8"), **aim)  # fmt: skip
    for n, due in ((0, "'2022-12-31'"), (1, "'2024-12-31'")):
        _fill(cursor, Step, f"{source} WHERE {TASK}", id=f"({key}) * 2 + {n}", government_id="g.id", terms_id=key, position=str(n), name=f"'步骤{n}'", due_on=due,
              cast={"due_on": "date"})  # fmt: skip


def _aim(quarter: str) -> str:
    """What should be reached by a quarter: rates hold at 8, levels rise from 100, totals from 0."""
    return f"CASE WHEN n % 20 BETWEEN 17 AND 18 THEN 8 WHEN n % 20 BETWEEN 14 AND 16 THEN 100 + {quarter} * (5 + n % 11) ELSE {quarter} * (50 + n % 97) END"


def _answers(cursor: Any, size: Size) -> None:
    """A duty and an accepted report of every measure and quarter; rates at 7 to 9, the others at 60 to 130 per cent of the way."""
    source = "tracker_period p CROSS JOIN numbers"
    place, quarter = f"(p.government_id - 1) * {size.items} + n", "((p.year - 2021) * 4 + p.number)"
    key = f"({place}) * {size.quarters} + {quarter}"
    common = {"id": key, "government_id": "p.government_id", "measure_id": f"{place} + 1", "period_id": "p.id"}
    _fill(cursor, Duty, source, **common, department_id=f"p.government_id * 1000 + n % {size.departments}", due_at="p.due_at", done_at="p.due_at")
    way = f"({quarter} * (60 + n % 70) + (n * 13 + {quarter} * 7) % 40) / 100.0"
    value = f"CASE WHEN {TASK} THEN NULL WHEN n % 20 BETWEEN 17 AND 18 THEN 7 + (n * 7 + {quarter}) % 20 / 10.0 WHEN n % 20 BETWEEN 14 AND 16 THEN 100 + {way} * (5 + n % 11) ELSE {way} * (50 + n % 97) END"
    maker, checker = "p.government_id * 1000", "p.government_id * 1000 + 1"
    said = f"{source} WHERE NOT ({quarter} = {size.quarters} AND n % 17 = 0)"
    _fill(cursor, ProgressReport, said, **common, duty_id=key, number="1", state="'accepted'", value=f"CAST({value} AS numeric(15, 1))", cut_off='p."end"', author_id=maker, edited_by_id=maker,
          edited_at="p.due_at", submitted_by_id=maker, submitted_at="p.due_at", accepted_by_id=checker, accepted_at="p.due_at")  # fmt: skip
    done = f"{source} WHERE {TASK} AND {quarter} = 6"
    _fill(cursor, StepDone, done, id=key, government_id="p.government_id", report_id=key, step_id=f"({place} + 1) * 2", on='p."end"')


def _fill(cursor: Any, model: type[models.Model], source: str, cast: dict[str, str] | None = None, **given: str) -> None:
    """Inserts rows of a model: what is given as SQL, everything else as the model's defaults."""
    columns, wanted, values = [], [], []
    for field in model._meta.concrete_fields:
        columns.append(connection.ops.quote_name(str(field.column)))
        expression = given.pop(field.attname, None)
        if expression is None:
            default = field.get_default()
            wanted.append("%s")
            values.append(field.get_db_prep_save(default, connection))
        elif cast and field.attname in cast and connection.vendor == "postgresql":
            wanted.append(f"CAST({expression} AS {cast[field.attname]})".replace("%", "%%"))
        else:
            wanted.append(expression.replace("%", "%%"))
    if given:
        raise ValueError(f"{model.__name__} has no {', '.join(given)}")
    source = source.replace("%", "%%")
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(wanted)} FROM {source}", values)
