"""How much of a paper was read right: shares of items, numbers, units, comparators, limits and leads, and what was invented.

A paper's answer is a line an item: `name | figure | lead | supporting`, where the figure is `≥8 %`, `≤5.5 %`, `~8 %`, `1..2 家`, `rel`, `rel+1` or `-`
(a task), and `@06-30` behind it is a limit other than the end of the year. Departments stand in their short names; `?` is one that must be uncertain.
"""

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from plans.papers.naming import comparable
from plans.papers.owners import Directory
from plans.papers.reading import Reading

SIGNS = {"≥": "at_least", "≤": "at_most", "~": "about", "=": "exactly"}
ASPECTS = ("items", "numbers", "units", "comparators", "limits", "leads", "supporting")
ALIKE = 0.55


@dataclass(frozen=True)
class Answer:
    name: str
    value: str | None
    high: str | None
    unit: str | None
    comparator: str | None
    due: str
    lead: str
    supporting: tuple[str, ...]
    doubtful: bool


@dataclass
class Score:
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    invented: int = 0
    doubtful: int = 0

    def add(self, other: "Score") -> None:
        self.right += other.right
        self.asked += other.asked
        self.wrong += other.wrong
        self.invented += other.invented
        self.doubtful += other.doubtful

    def share(self, aspect: str) -> float:
        return self.right[aspect] / self.asked[aspect] if self.asked[aspect] else 1.0


def answers(text: str, directory: Directory, year: int) -> list[Answer]:
    return [_answer(line, directory, year) for line in text.strip().splitlines() if line.strip()]


def _answer(line: str, directory: Directory, year: int) -> Answer:
    name, figure, lead, *rest = [part.strip() for part in line.split("|")]
    figure, _, day = figure.partition("@")
    figure = figure.strip()
    value = high = unit = comparator = None
    if figure.startswith("rel"):
        comparator, value = "relative", figure.removeprefix("rel").lstrip("+") or None
    elif figure != "-":
        amount, _, unit = figure.partition(" ")
        comparator = SIGNS.get(amount[0], "at_least")
        amount = amount.lstrip("".join(SIGNS))
        if ".." in amount:
            comparator = "between"
            amount, _, high = amount.partition("..")
        value = amount or None
    known = lambda word: directory.find(word.strip("?")).name if word else ""  # noqa: E731
    supporting = tuple(known(word) for word in (rest[0].split("、") if rest and rest[0] else []))
    day = day.strip()
    return Answer(name, value, high, unit or None, comparator, day if len(day) > 5 else f"{year}-{day or '12-31'}", known(lead), supporting, lead.endswith("?"))


def score(reading: Reading, expected: list[Answer]) -> Score:
    """Pairs each answer with the item that is most like it, in order, and counts what agrees."""
    result, left = Score(), list(reading.items)
    pairs = []
    for answer in expected:
        best = max(left, key=lambda item: _likeness(item, answer), default=None)
        if best is not None and _likeness(best, answer) >= ALIKE:
            left.remove(best)
            pairs.append((answer, best))
            result.right["items"] += 1
        else:
            result.wrong.append(f"missed: {answer.name} {answer.value or ''}")
            result.asked.update(ASPECTS)
            result.asked["items"] -= 0
            continue
        result.asked["items"] += 1
        _compare(answer, best, result)
    result.invented = len(left)
    result.wrong += [f"invented: {item['name']} {item['targets'][-1]['value'] or ''} ({item['row']})" for item in left]
    result.doubtful = sum(bool(set(item["uncertain"]) - {"accrual"}) for item in reading.items)
    return result


def _likeness(item: dict[str, Any], answer: Answer) -> float:
    target = item["targets"][-1]
    names = difflib.SequenceMatcher(None, comparable(item["name"]), comparable(answer.name)).ratio()
    inside = comparable(answer.name) in comparable(item["name"]) or comparable(item["name"]) in comparable(answer.name)
    value = target["value"] == answer.value if answer.comparator != "relative" else target["comparator"] == "relative"
    return max(names, 0.7 if inside else 0) * 0.7 + 0.3 * value


def _compare(answer: Answer, item: dict[str, Any], result: Score) -> None:
    target = item["targets"][-1]
    value = target["offset"] if answer.comparator == "relative" and answer.value else target["value"]
    doubted = "lead" in item["uncertain"]
    for aspect, good, bad in (
        ("numbers", value == answer.value and target["value_high"] == answer.high, f"{value}..{target['value_high']} for {answer.value}..{answer.high}"),
        ("units", answer.unit is None or item["unit"] == answer.unit, f"{item['unit']} for {answer.unit}"),
        ("comparators", target["comparator"] == answer.comparator, f"{target['comparator']} for {answer.comparator}"),
        ("limits", target["due"] == answer.due, f"{target['due']} for {answer.due}"),
        ("leads", item["lead"] == answer.lead and (doubted or not answer.doubtful), f"{item['lead']} for {answer.lead}"),
        ("supporting", tuple(item["supporting"]) == answer.supporting, f"{item['supporting']} for {list(answer.supporting)}"),
    ):
        result.asked[aspect] += 1
        result.right[aspect] += good
        if not good:
            result.wrong.append(f"{aspect} of {answer.name}: {bad}")


def table(scores: dict[str, Score]) -> str:
    """The shares as lines, a paper each and all together."""
    whole = Score()
    for one in scores.values():
        whole.add(one)
    rows = [f"{'paper':22}" + "".join(f"{aspect:>12}" for aspect in (*ASPECTS, "invented", "doubtful"))]
    for name, one in {**scores, "all": whole}.items():
        rows.append(f"{name:22}" + "".join(f"{one.share(aspect):12.1%}" for aspect in ASPECTS) + f"{one.invented:12}{one.doubtful:12}")
    return "\n".join(rows)


def rows_of(text: str) -> list[list[str]]:
    """Rows of cells, cut at |, for writing papers down."""
    return [[re.sub(r"\\n", "\n", cell.strip()) for cell in line.split("|")] for line in text.strip().splitlines()]
