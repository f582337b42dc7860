"""What a page of the help is made of: topics of steps, and small tables."""

from dataclasses import dataclass
from typing import Any

from people.models import Role


@dataclass(frozen=True)
class Step:
    """One thing to do. `page`: the name of the URL where it is done, shown to whom it lets in."""

    title: Any
    words: Any
    page: str = ""


@dataclass(frozen=True)
class Table:
    title: Any
    heads: tuple[Any, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Topic:
    """Steps in their order. `role`: whose daily work it is; None for work that comes once."""

    slug: str
    title: Any
    lead: Any
    steps: tuple[Step, ...]
    role: Role | None = None
    tables: tuple[Table, ...] = ()
