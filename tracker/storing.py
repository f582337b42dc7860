"""What a roll-up found becomes standings: what changed begins with this run, what it replaces ends. A few statements, however many rows."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import JSONField

from people import failpoints
from people.models import Government
from tracker.judging import Judged
from tracker.models import Standing

TABLE = Standing._meta.db_table
FIELDS = {str(f.attname): f for f in Standing._meta.concrete_fields if not f.primary_key}
JSON = frozenset(name for name, field in FIELDS.items() if isinstance(field, JSONField))
COMPARED = tuple(f.attname for f in Standing._meta.concrete_fields if f.attname not in ("government_id", "since_run", "until_run"))


def store(government: Government, number: int, judged: Iterable[Judged], only: Sequence[str] | None = None) -> int:
    """Writes the standings that changed and ends what they replace; returns how many it wrote. At most 4 statements.

    With `only` nothing but these subjects was judged: what else is open stays as it is.
    """
    rows = Standing.objects.of(government).filter(until_run__isnull=True)
    open_ones = {row["subject"]: row for row in (rows if only is None else rows.filter(subject__in=only)).values(*COMPARED)}
    new: list[Judged] = []
    wakes: list[tuple[Any, ...]] = []
    for each in judged:
        row = open_ones.get(each.subject)
        if row is None or not each.says_the_same_as(row):
            new.append(each)
            continue
        del open_ones[each.subject]
        if row["wake_on"] != each.wake_on:
            wakes.append((each.wake_on, row["id"]))
    _set("until_run", [(number, row["id"]) for row in open_ones.values()])
    failpoints.point("rollup.after_ending")
    _set("wake_on", wakes)
    _insert(government, number, new)
    failpoints.point("rollup.after_writing")
    return len(new)


def _set(column: str, pairs: Sequence[tuple[Any, ...]]) -> None:
    """Sets one column of many standings, each to its own value: pairs of (value, id). One statement."""
    if pairs:
        values = [(FIELDS[column].get_db_prep_save(value, connection), key) for value, key in pairs]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", values)  # noqa: S608  names of our own


def _insert(government: Government, number: int, judged: Sequence[Judged]) -> None:
    """Inserts standings: by COPY on PostgreSQL, elsewhere in one statement, where `bulk_create` would split at 999 parameters."""
    if not judged:
        return
    columns = ", ".join(str(field.column) for field in FIELDS.values())
    own = {"government_id": government.pk, "since_run": number, "until_run": None}
    rows = [_values({**own, **each.columns()}) for each in judged]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {TABLE} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(FIELDS))
            cursor.executemany(f"INSERT INTO {TABLE} ({columns}) VALUES ({marks})", rows)  # noqa: S608  names of our own


def _values(row: dict[str, Any]) -> list[Any]:
    return [_prepared[name](row[name]) for name in FIELDS]


def _of(name: str) -> Callable[[Any], Any]:
    """How a column's values go to the database: as Django's own fields would write them, without asking them for each."""
    if name in JSON:
        return json.dumps
    return lambda value: value.isoformat() if isinstance(value, date) else value


_prepared = {name: _of(name) for name in FIELDS}
