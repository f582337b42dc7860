"""What a paper holds once it has been opened: tables and paragraphs, each cell with its address."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

Value = str | Decimal | dt.date | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where: `address` is a cell ("Sheet1!B7"), a line ("第3行") or "" for the file as a whole; `why` is a sentence for people."""

    address: str
    why: str


class Refused(Exception):
    """The file is not read at all."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.address} {p.why}".strip() for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text` is what a reader sees ("35%", "2022-06-30", "2022年6月"), without spaces around it; `value` is typed: a Decimal (0.35
    where `percent`), a date, else the text, None where the cell is empty or refused. `merged` says that the text is that of the cell
    at the top left of a merged range; `formula` that the cell holds a formula, whose text is shown and whose value is not taken."""

    text: str
    value: Value
    percent: bool
    address: str
    merged: bool = False
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Every row has as many cells as the widest; the rows end with the last that holds anything. Columns and rows count from 0;
    `merged` are ranges (first row, first column, last row, last column). A hidden column or row is read like any other."""

    name: str
    rows: list[list[Cell]]
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `level` is the depth of a heading or of a list item, from 1, None for plain text; `numbering` what the numbering
    prints before it ("（一）", "3."), "" where the number is typed or there is none."""

    text: str
    level: int | None
    numbering: str
    address: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was opened. `refused` names single cells that cannot be taken (formulas, errors); whoever reads such a cell must say so."""

    name: str
    kind: str
    blocks: list[Grid | Text]
    refused: list[Problem] = field(default_factory=list)

    @property
    def grids(self) -> Iterator[Grid]:
        """The tables, in order."""
        return (block for block in self.blocks if isinstance(block, Grid))

    @property
    def texts(self) -> Iterator[Text]:
        """The paragraphs, in order."""
        return (block for block in self.blocks if isinstance(block, Text))


@lru_cache(maxsize=512)
def letters(column: int) -> str:
    """The name of a column that is counted from 0: A, B … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(name: str, row: int, column: int) -> str:
    """ "Sheet1!B7" for row 6, column 1, both counted from 0."""
    return f"{name}!{letters(column)}{row + 1}"
