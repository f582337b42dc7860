"""Database triggers that refuse what the product's own code also refuses: the last line of defence.

Django drops triggers when it rebuilds an SQLite table, so they are laid by one idempotent step after every migrate and
counted at start. Each app registers its locks in its `ready()`. On both databases a refused statement is an IntegrityError
(SQLSTATE 23514 on PostgreSQL).
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

LOCKS: list["Lock"] = []


@dataclass(frozen=True)
class Lock:
    """Refuses `events` on rows of `table` for which `when` (SQL over OLD, for INSERT over NEW) holds; says `message`.

    `events` are INSERT, UPDATE, DELETE; where DELETE is refused, TRUNCATE is too (PostgreSQL), for it walks past row triggers.
    """

    name: str
    table: str
    events: tuple[str, ...]
    message: str
    when: str = "TRUE"
    moves: bool = False
    columns: tuple[str, ...] = ()

    def when_for(self, event: str, vendor: str) -> str:
        old, new = (self.when.replace("{row}", side).replace("{old}", "OLD").replace("{new}", "NEW") for side in ("OLD", "NEW"))
        if event != "UPDATE":
            return new if event == "INSERT" else old
        when = f"({old}) OR ({new})" if self.moves else old
        return f"({when}) AND ({self._changed(vendor)})" if self.columns else when

    def _changed(self, vendor: str) -> str:
        differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        return " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in self.columns)


def lock(name: str, table: str, events: tuple[str, ...], message: str, when: str = "TRUE", *, moves: bool = False, columns: tuple[str, ...] = ()) -> None:
    """Registers a lock; `when` names the row as {row}, both sides of an UPDATE as {old} and {new}.

    With `moves` an UPDATE is also held against its new values; with `columns` it is refused only where one of these changes.
    """
    LOCKS.append(Lock(name, table, events, message, when, moves, columns))


def lay(using: Any = None) -> int:
    """Lays every registered lock anew and returns how many triggers stand. Idempotent."""
    conn = using or connection
    with conn.cursor() as cursor:
        tables = set(conn.introspection.table_names(cursor))
        for each in LOCKS:
            if each.table in tables:
                for statement in _statements(each, conn.vendor):
                    cursor.execute(statement)
    return count(conn)


def lift(using: Any = None) -> None:
    """Removes the triggers: tests do that must empty tables, and a migration on SQLite; no other code of the product."""
    conn = using or connection
    with conn.cursor() as cursor:
        tables = set(conn.introspection.table_names(cursor))
        for each in LOCKS:
            if each.table in tables:
                for event in _events(each, conn.vendor):
                    cursor.execute(_drop(each, event, conn.vendor))


def expected() -> int:
    """How many triggers must stand on this database."""
    return sum(len(_events(each, connection.vendor)) for each in LOCKS)


def count(using: Any = None) -> int:
    """How many triggers of ours stand."""
    conn = using or connection
    sql = (
        "SELECT count(*) FROM sqlite_master WHERE type='trigger' AND name LIKE 'lock\\_%' ESCAPE '\\'"
        if conn.vendor == "sqlite"
        else "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgname LIKE 'lock\\_%'"
    )
    with conn.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def lift_before_migrate(sender: Any, using: str = "default", plan: Any = (), **kwargs: Any) -> None:
    """Receiver of pre_migrate: SQLite alters a table by making it anew, and a trigger that reads the table would refuse that."""
    from django.db import connections

    if plan and connections[using].vendor == "sqlite":
        lift(connections[using])


def lay_after_migrate(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """Receiver of post_migrate: after the last app's tables stand, lays the locks."""
    from django.apps import apps
    from django.db import connections

    if sender is list(apps.get_app_configs())[-1]:
        lay(connections[using])


def _events(each: Lock, vendor: str) -> tuple[str, ...]:
    truncates = "DELETE" in each.events and vendor == "postgresql"
    return each.events + (("TRUNCATE",) if truncates else ())


def _trigger(each: Lock, event: str) -> str:
    return f"lock_{each.name}_{event.lower()}"


def _drop(each: Lock, event: str, vendor: str) -> str:
    on = f' ON "{each.table}"' if vendor == "postgresql" else ""
    return f'DROP TRIGGER IF EXISTS "{_trigger(each, event)}"{on}'


def _statements(each: Lock, vendor: str) -> list[str]:
    return [s for event in _events(each, vendor) for s in (_drop(each, event, vendor), *_create(each, event, vendor))]


def _create(each: Lock, event: str, vendor: str) -> list[str]:
    name = _trigger(each, event)
    if vendor == "sqlite":
        condition = each.when_for(event, vendor)
        head = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{each.table}" FOR EACH ROW WHEN {condition}'
        return [f"{head} BEGIN SELECT RAISE(ABORT, '{each.message}'); END"]
    refuse = f"RAISE EXCEPTION '{each.message}' USING ERRCODE = '23514'"
    after = {"INSERT": "RETURN NEW", "UPDATE": "RETURN NEW", "DELETE": "RETURN OLD", "TRUNCATE": "RETURN NULL"}[event]
    scope = "FOR EACH STATEMENT" if event == "TRUNCATE" else "FOR EACH ROW"
    test = refuse + ";" if event == "TRUNCATE" else f"IF {each.when_for(event, vendor)} THEN {refuse}; END IF; {after};"
    return [
        f'CREATE OR REPLACE FUNCTION "{name}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {test} END $$',
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{each.table}" {scope} EXECUTE FUNCTION "{name}_refuse"()',
    ]


lock("audit", "people_auditentry", ("UPDATE", "DELETE"), "an audit entry is never changed")
