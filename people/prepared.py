"""Statements that every request sends, written once a connection: Django takes 0.6 ms to write what the database answers in 0.1."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, prefetch_related_objects

SIZES = (8, 24, 50, 100)
STOOD_IN = 11  # ids that stand in for a list while the SQL is written; no other list of a statement may be as long
FIRST_ID = -70_001  # what stands in for ids, downwards; no other placeholder may be among them


@lru_cache(maxsize=1)
def _told_cursor() -> type:
    """A cursor whose plans PostgreSQL keeps; it tells its statement to Django's log, as the ordinary one does."""
    from django.db.backends.postgresql.base import ServerBindingCursor  # only where its driver is

    class Told(ServerBindingCursor):  # type: ignore[misc, valid-type]
        def execute(self, query: str, *args: Any, **options: Any) -> Any:
            done = super().execute(query, *args, **options)  # type: ignore[misc]
            self._query = SimpleNamespace(query=query.encode())
            return done

    return Told


@contextmanager
def planned_once(connection: Any) -> Iterator[None]:
    """Has PostgreSQL keep the plans of what is read within: it plans a wide statement five times as long as it runs it."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    kept, raw.cursor_factory, raw.prepare_threshold = raw.cursor_factory, _told_cursor(), 0
    try:
        yield
    finally:
        raw.cursor_factory = kept


class Prepared:
    """A queryset by its values, with its SQL kept.

    `build` makes the queryset; the placeholders stand in for its values while the SQL is written, and must differ from one
    another and from every constant in it. A call puts values of the same types in their places and returns the rows.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *placeholders: Any) -> None:
        self.build, self.placeholders = build, placeholders
        self._kept: WeakKeyDictionary[Any, tuple[QuerySet[Any], Any, str, list[Any]]] = WeakKeyDictionary()  # a connection belongs to one thread

    def __call__(self, *values: Any) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        if connection not in self._kept:
            self._kept[connection] = self._write(connection)
        queryset, compiler, sql, places = self._kept[connection]
        filled = tuple(place if index is None else str(values[index]) if as_text else values[index] for index, as_text, place in places)
        compiler.as_sql = lambda *args, **kwargs: (sql, filled)
        iterable: Any = queryset._iterable_class(queryset)  # noqa: SLF001  no copy of the queryset, which keeps no rows
        with planned_once(connection):
            rows = list(iterable)
        if beside := queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
            prefetch_related_objects(rows, *beside)
        return rows

    def _write(self, connection: Any) -> tuple[QuerySet[Any], Any, str, list[Any]]:
        queryset = self.build(*self.placeholders)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        queryset.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        converters = compiler.get_converters([selected for selected, _sql, _alias in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda *args: converters  # type: ignore[method-assign]
        return queryset, compiler, sql, [self._place(place) for place in places]

    def _place(self, place: Any) -> tuple[int | None, bool, Any]:
        """Which value goes to a place, and whether as text (SQLite takes dates so); None for a constant."""
        for index, placeholder in enumerate(self.placeholders):
            if place == placeholder:
                return index, False, None
            if isinstance(place, str) and place == str(placeholder):
                return index, True, None
        return None, False, place


class PreparedOfArray(Prepared):
    """A queryset by its values and a list of ids, for PostgreSQL: it takes the list as one array, of any length and in a short statement.

    `build` takes the values and the list.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *placeholders: Any) -> None:
        self.n = len(placeholders)
        super().__init__(lambda *given: build(*given[: self.n], list(given[self.n :])), *placeholders, *range(FIRST_ID, FIRST_ID - STOOD_IN, -1))

    def _write(self, connection: Any) -> tuple[QuerySet[Any], Any, str, list[Any]]:
        queryset, compiler, sql, places = super()._write(connection)
        listed, ids = f"IN ({', '.join(['%s'] * STOOD_IN)})", range(self.n, self.n + STOOD_IN)
        order = [index for index, _as_text, _constant in places]
        starts = [at for at, index in enumerate(order) if index == self.n]
        together = all(order[at : at + STOOD_IN] == list(ids) for at in starts)
        if not together or not len(starts) == sql.count(listed) == sum(index in ids for index in order) / STOOD_IN:
            raise ValueError(f"the ids do not stand in lists of their own: {sql}")
        kept = [(self.n, False, None) if at in starts else place for at, place in enumerate(places) if at in starts or order[at] not in ids]
        return queryset, compiler, sql.replace(listed, "= ANY(%s)"), kept


class PreparedOfIds:
    """A queryset by its values and a list of ids. No ids: no rows, and no statement.

    `build` takes the values and the list. Where there are no arrays the SQL is kept for lists of some lengths, and a shorter list is
    filled up with its last id; for more than the longest the SQL is written anew.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *placeholders: Any) -> None:
        self.build, self._of_array = build, PreparedOfArray(build, *placeholders)
        n = len(placeholders)
        self._kept = {size: Prepared(lambda *given: build(*given[:n], list(given[n:])), *placeholders, *range(FIRST_ID, FIRST_ID - size, -1)) for size in SIZES}

    def __call__(self, *values: Any, ids: Sequence[int]) -> list[Any]:
        if not ids:
            return []
        if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
            return self._of_array(*values, list(ids))
        size = next((size for size in SIZES if size >= len(ids)), None)
        if size is None:
            return list(self.build(*values, list(ids)))
        return self._kept[size](*values, *ids, *[ids[-1]] * (size - len(ids)))
