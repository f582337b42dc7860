"""The lights of a closed period from the files of its archive, with nothing but Python: the last part of the script that lies in it.

`plans.bundling` writes this file and all of `plans/arithmetic/` into one script, word for word. The script reads the csv files beside
it and writes results.csv and sums.csv; no database, no clock, no packages. What the files hold: docs/archive.md.
"""

import csv
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from .arithmetic.cases import LIGHTS, Band, Bands, Baseline, Basis, Judgement, Period, Promise, Record, Target, Value
from .arithmetic.lights import judge
from .arithmetic.reasons import explain, explain_total, show
from .arithmetic.tasks import Progress, Step, Task, judge_task
from .arithmetic.totals import Counted, Total, add_up, count_indicator, count_task

Row = Mapping[str, str]
Files = Mapping[str, str]
Found = TypeVar("Found")
READ = ("closing", "plans", "bands", "items", "targets", "steps", "reports", "against", "periods", "nodes", "members")
RESULTS = (
    "subject", "light", "attainment", "expected", "gap", "gap_in", "marks", "overdue", "judged_at", "why", "closed", "value", "cut_off", "expected_value",
    "items", *LIGHTS, "coverage", "oldest",
)  # fmt: skip
SUMS = ("subject", "zh", "en")


@dataclass(frozen=True)
class Judged:
    """An item with its judgement, as nodes count it. `failed`: its terms cannot be judged, and it stands grey."""

    subject: str
    judgement: Judgement
    counted: Counted
    failed: bool = False

    @property
    def oldest(self) -> date | None:
        """The cut-off of the value that is judged, while the item is open."""
        return None if self.judgement.closed or self.judgement.owes_none else self.judgement.basis.value_day


@dataclass(frozen=True)
class Archive:
    """The files of an archive, by what their rows belong to."""

    on: date
    items: list[Row]
    plans: dict[str, Row]
    bands: dict[str, list[Row]]
    targets: dict[str, list[Row]]
    steps: dict[str, list[Row]]
    reports: dict[str, list[Row]]
    against: dict[str, list[Row]]
    periods: dict[str, list[Row]]
    nodes: list[Row]
    members: dict[str, list[Row]]

    @classmethod
    def of(cls, files: Files) -> "Archive":
        read: dict[str, list[Row]] = {name: list(csv.DictReader(io.StringIO(files[f"{name}.csv"]))) for name in READ}
        closing = {row["name"]: row["value"] for row in read["closing"]}
        return cls(
            date.fromisoformat(closing["as_of"]), read["items"], {row["plan"]: row for row in read["plans"]}, _by(read["bands"], "plan"),
            _by(read["targets"], "item"), _by(read["steps"], "item"), _by(read["reports"], "measure"), _by(read["against"], "item"),
            _by(read["periods"], "item"), read["nodes"], _by(read["members"], "node"),
        )  # fmt: skip


def reckon(files: Files) -> dict[str, str]:
    """results.csv and sums.csv as texts, from the texts of the other files by their names."""
    archive = Archive.of(files)
    items = [_judged(archive, row) for row in archive.items]
    by_subject = {item.subject: item for item in items}
    nodes = [(node["subject"], *_total(node, [by_subject[row["item"]] for row in archive.members.get(node["subject"], [])])) for node in archive.nodes]
    results = [*(_result(item) for item in items), *(node_result(subject, total, oldest) for subject, total, oldest in nodes)]
    sums = [(item.subject, *_told(explain, item.judgement)) for item in items if not item.failed]
    sums += [(subject, *_told(explain_total, total)) for subject, total, _oldest in nodes]
    return {"results.csv": table(RESULTS, results), "sums.csv": table(SUMS, sums)}


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as the text of a csv file: lines end with \\n, None is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def item_result(subject: str, judgement: Judgement, *, failed: bool = False) -> tuple[Any, ...]:
    """An item's line of results.csv."""
    basis = judgement.basis
    return (
        subject, judgement.light, judgement.attainment, judgement.expected, judgement.gap, judgement.gap_in, " ".join(judgement.marks), judgement.overdue,
        judgement.judged_at, "" if failed else basis.why, _flag(judgement.closed), _shown(basis.value), basis.value_day, _shown(basis.expected_value),
        *[""] * (len(LIGHTS) + 3),
    )  # fmt: skip


def node_result(subject: str, total: Total, oldest: date | None) -> tuple[Any, ...]:
    """A node's line of results.csv."""
    counts = [total.counts[light] for light in LIGHTS]
    return (
        subject, total.light, total.attainment, total.expected, total.gap, "share", "", total.overdue, "", total.why, "", "", "", "",
        sum(counts), *counts, total.coverage, oldest,
    )  # fmt: skip


def _result(item: Judged) -> tuple[Any, ...]:
    return item_result(item.subject, item.judgement, failed=item.failed)


def _told(words: Callable[[Any, Any], str], found: Any) -> tuple[str, str]:
    return words(found, "zh"), words(found, "en")


def _total(node: Row, items: list[Judged]) -> tuple[Total, date | None]:
    total = add_up([item.counted for item in items], Band(Decimal(node["green"]), Decimal(node["yellow"])))
    return total, min((item.oldest for item in items if item.oldest), default=None)


def _judged(archive: Archive, row: Row) -> Judged:
    """One item; terms that cannot be judged stand grey and stop nothing."""
    weight, binding = Decimal(row["weight"]), row["binding"] == "1"
    plan = archive.plans[row["plan"]]
    asked = date.fromisoformat(plan["asked_from"]), date.fromisoformat(plan["asked_until"])
    try:
        if row["kind"] == "task":
            task, progress = _task(archive, row), _progress(archive, row)
            judgement = judge_task(task, progress, archive.on)
            return Judged(row["item"], judgement, count_task(task, progress, judgement, archive.on, asked, weight, binding))
        promise, record = _promise(archive, row), _record(archive, row)
        judgement = judge(promise, record, archive.on)
        return Judged(row["item"], judgement, count_indicator(promise, record, judgement, archive.on, asked, weight, binding))
    except Exception:  # noqa: BLE001  as the product does: one bad row stops no line
        judgement = Judgement("grey", (), Basis("none", "no_value"))
        return Judged(row["item"], judgement, Counted(judgement, weight, binding), failed=True)


def _promise(archive: Archive, row: Row) -> Promise:
    return Promise(
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        accrual=_word(row["accrual"]),
        targets=tuple(_target(each) for each in archive.targets.get(row["item"], [])),
        baseline=Baseline(Decimal(row["baseline"]), _day(row["baseline_on"])) if row["baseline"] else None,
        reading=_word(row["reading"]),
        average=_word(row["average"]) or None,
        profile=_word(row["profile"]),
        shares=tuple(Decimal(share) for share in row["shares"].split("/") if share),
        unit=row["unit"],
        bands=_bands(archive, row["plan"]),
    )


def _record(archive: Archive, row: Row) -> Record:
    counted = [report for report in archive.reports.get(row["measure"], []) if report["counts"]]
    return Record(
        values=tuple(
            Value(date.fromisoformat(r["cut_off"]), Decimal(r["counts"]), _word(r["data_state"]), date.fromisoformat(r["accepted_on"]), _number(r["benchmark"]))
            for r in counted
        ),
        against=tuple((date.fromisoformat(pair["cut_off"]), Decimal(pair["value"])) for pair in archive.against.get(row["item"], [])),
        periods=tuple(_periods(archive, row)),
    )


def _task(archive: Archive, row: Row) -> Task:
    steps = archive.steps.get(row["item"], [])
    return Task(
        due=date.fromisoformat(row["last"]),
        first=date.fromisoformat(row["first"]),
        steps=tuple(Step(date.fromisoformat(step["due"]), Decimal(step["weight"]), step["name"]) for step in steps),
        stages=any(step["stage"] for step in steps),
        bands=_bands(archive, row["plan"]),
        asks_acceptance=row["asks_criterion"] == "1",
    )


def _progress(archive: Archive, row: Row) -> Progress:
    accepted = [r for r in archive.reports.get(row["measure"], []) if r["current"] and r["answer"] != "not_out"]
    return Progress(
        done=tuple(_day(step["done"]) for step in archive.steps.get(row["item"], [])) or (None,),
        reports=tuple(date.fromisoformat(r["cut_off"]) for r in accepted),
        periods=tuple(_periods(archive, row)),
        accepted=_day(row["criterion_on"]),
    )


def _periods(archive: Archive, row: Row) -> Iterator[Period]:
    for each in archive.periods.get(row["item"], []):
        yield Period(date.fromisoformat(each["end"]), date.fromisoformat(each["due"]), out=_day(each["out"]), submitted=each["submitted"] == "1")


def _target(row: Row) -> Target:
    return Target(
        _number(row["value"]), date.fromisoformat(row["due"]), _word(row["comparator"]) or None, _number(row["value_high"]), _number(row["tolerance"]),
        Decimal(row["offset"]), _word(row["better"]) or None,
    )  # fmt: skip


def _bands(archive: Archive, plan: str) -> Bands:
    return Bands(**{row["kind"]: Band(Decimal(row["green"]), Decimal(row["yellow"])) for row in archive.bands[plan]})


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _word(text: str) -> Any:
    """A word of the arithmetic's lists."""
    return text


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _flag(holds: bool) -> str:
    return "1" if holds else ""


def _shown(number: Fraction | None) -> str:
    return "" if number is None else show(number)


def main(folder: Path) -> None:
    """Reads the files of the folder and writes results.csv and sums.csv into it."""
    texts = {f"{name}.csv": (folder / f"{name}.csv").read_text(encoding="utf-8-sig") for name in READ}
    for name, text in reckon(texts).items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            file.write(text)
    sys.stdout.write("results.csv sums.csv\n")
