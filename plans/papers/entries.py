"""What the readers of tables and of lists hand on: one entry a row or numbered line, before its wording is taken apart."""

from dataclasses import dataclass, field
from decimal import Decimal

from plans.papers.due import Due
from plans.papers.figures import Figure
from plans.papers.owners import Owners


@dataclass(frozen=True)
class Part:
    """A county's share of an entry."""

    department: str
    figure: Figure
    address: str


@dataclass
class Entry:
    """One row or line. `text` is its wording, `name` what a column of names calls it; `row` the address that people see."""

    row: str
    text: str
    owners: Owners
    goal: list[str] = field(default_factory=list)
    said: str = ""  # who answers, in the list's own words, until they are read
    number: str = ""
    name: str = ""
    due: Due | None = None
    figure: Figure | None = None
    words: str = ""  # of a value cell that holds words: 与经济增长同步
    baseline: Decimal | None = None
    parts: list[Part] = field(default_factory=list)
    interim: list[tuple[Due, Figure]] = field(default_factory=list)
    stages: list[tuple[str, Due]] = field(default_factory=list)
    invested: Figure | None = None  # 年度计划投资, a promise beside the project's own
    uncertain: dict[str, str] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)  # field → the address of its cell
    line: tuple[int, int] = (0, 0)  # number of the table, number of the row in it


@dataclass(frozen=True)
class Left:
    """A row or paragraph that is no item, and what it is taken for: title, heading, total, note, header, blank, preamble, unowned."""

    row: str
    text: str
    why: str


@dataclass(frozen=True)
class Refusal:
    """A cell that cannot be taken."""

    cell: str
    why: str


@dataclass
class Found:
    """All that a reader found."""

    entries: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
