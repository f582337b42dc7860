"""Statements that every request sends, written once a connection: Django takes 0.6 ms to write what the database answers in 0.1."""

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

SIZES = (8, 24, 50, 100)
FIRST_ID = -70_001  # what stands in for ids, downwards; no other placeholder may be among them


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
        rows: Any = queryset._iterable_class(queryset)  # noqa: SLF001  no copy of the queryset, which keeps no rows
        return list(rows)

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


class PreparedOfIds:
    """A queryset by its values and a list of ids, with its SQL kept for lists of some lengths; a shorter list is filled up with its last id.

    `build` takes the values and the list. No ids: no rows, and no statement. More than the longest: the SQL is written anew.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *placeholders: Any) -> None:
        self.build = build
        n = len(placeholders)
        self._kept = {size: Prepared(lambda *given: build(*given[:n], list(given[n:])), *placeholders, *range(FIRST_ID, FIRST_ID - size, -1)) for size in SIZES}

    def __call__(self, *values: Any, ids: Sequence[int]) -> list[Any]:
        if not ids:
            return []
        size = next((size for size in SIZES if size >= len(ids)), None)
        if size is None:
            return list(self.build(*values, list(ids)))
        return self._kept[size](*values, *ids, *[ids[-1]] * (size - len(ids)))
