"""The door of the room: the blocks of a paper → draft items in the form of `export_plans`, with what is uncertain, refused and no item.

reading = read(paper, directory, span, plan="report-2023", document="…")
reading.as_json() → {"items": [item + "row", "uncertain": [fields], "why": {field: reason}], "refused": [{"cell", "why"}], "not_items": [{"row", "text", "why"}]}
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plans.papers import naming
from plans.papers.columns import Header
from plans.papers.due import NoDay
from plans.papers.entries import Entry, Found, Left, Refusal
from plans.papers.items import items_of, link_growth
from plans.papers.lists import read_list, settle_owners
from plans.papers.owners import Directory
from plans.papers.tables import Span, cover_texts, read_table
from plans.papers.words import even
from plans.sheets.papers import Grid, Paper, Text

YEAR = re.compile(r"(20\d\d)\s*年")
NUMBER = re.compile(r"[一-鿿]{1,8}[〔\[（(]\d{4}[〕\]）)]\d+号")


@dataclass
class Reading:
    """What a paper says. `items` are dicts of the exported form with "row", "uncertain", "why" and "text" beside."""

    items: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    headers: list[tuple[str, Header]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The form that `manage.py import_plan --json` prints."""
        return {
            "items": self.items,
            "refused": [{"cell": one.cell, "why": one.why} for one in self.refused],
            "not_items": [{"row": one.row, "text": one.text, "why": one.why} for one in self.left],
        }


def read(paper: Paper, directory: Directory, span: Span, *, plan: str, document: str = "", cycle: str = "quarter") -> Reading:
    """Reads a paper. Nothing raises: what cannot be taken is refused with its address."""
    reading = Reading()
    title = paper_title(paper)
    found = Found()
    for number, block in enumerate(_blocks(paper)):
        part = _part(block, number, directory, span, title if isinstance(block, Grid) else "", reading)
        found.entries += part.entries
        found.left += part.left
        found.refused += part.refused
    for entry in found.entries:
        try:
            reading.items += items_of(entry, span, plan=plan, document=document, cycle=cycle, fallback=title)
        except NoDay:
            found.refused.append(Refusal(entry.at.get("content") or entry.at.get("name") or entry.row, "no_day"))
    _number(reading.items, found.entries, plan)
    link_growth(reading.items)
    wanted = {problem.address: problem.why for problem in paper.refused}
    taken = {address for entry in found.entries for key, address in entry.at.items() if key not in ("wording", "nothing")}
    found.refused = [one for one in found.refused if one.cell not in wanted] + [Refusal(a, why) for a, why in wanted.items() if a in taken]
    reading.refused, reading.left = found.refused, found.left
    reading.unknown = list(dict.fromkeys(word for entry in found.entries for word in entry.owners.unknown))
    return reading


def _blocks(paper: Paper) -> Iterator[Grid | list[Text]]:
    """Tables, and the paragraphs between them together; hidden sheets are not read."""
    held: list[Text] = []
    for block in paper.blocks:
        if isinstance(block, Text):
            held.append(block)
            continue
        if held:
            yield held
            held = []
        if not block.hidden:
            yield block
    if held:
        yield held


def _part(block: Grid | list[Text], number: int, directory: Directory, span: Span, title: str, reading: Reading) -> Found:
    if isinstance(block, Grid):
        found, headers = read_table(block, number, directory, span, title)
        reading.headers += [(block.name, header) for header in headers]
        return found
    found = read_list(block, number, directory, span)
    settle_owners(found, directory)
    return found


def _number(items: list[dict[str, Any]], entries: list[Entry], plan: str) -> None:
    """Codes that stay: the paper's own numbers where they are unlike, else running ones; several of one row 12-1, 12-2; counties' parts 12.1, 12.2."""
    given = [entry.number for entry in entries]
    own = all(re.fullmatch(r"\d{1,4}", number) for number in given) and len(set(given)) == len(given)
    names = {id(entry): (str(int(entry.number)) if own else str(n)) for n, entry in enumerate(entries, start=1)}
    rows: dict[int, list[dict[str, Any]]] = {}
    for item in items:
        rows.setdefault(item.pop("_entry"), []).append(item)
    for key, group in rows.items():
        wholes = [item for item in group if "_whole" not in item]
        for n, item in enumerate(wholes, start=1):
            item["code"] = names[key] if len(wholes) == 1 else f"{names[key]}-{n}"
        codes = {id(item): item["code"] for item in wholes}
        for n, item in enumerate((item for item in group if "_whole" in item), start=1):
            item["part_of"] = codes[item.pop("_whole")]
            item["code"] = f"{item['part_of']}.{n}"
        for item in group:
            item["measure"]["code"] = f"{plan}:{item['code']}"


def paper_title(paper: Paper) -> str:
    """The title: the first line that speaks of a report, a plan or a table; "" where none does."""
    for text in _head(paper):
        plain = re.sub(r"^附(?:件|表)\d*[：:]?", "", even(text))
        if 6 <= len(plain) <= 80 and re.search(r"分解|分工|任务|目标|工作|清单|方案|计划|实事", plain) and not re.search(r"[。；]", plain):
            return plain
    return ""


def paper_year(paper: Paper) -> int | None:
    """The year that the first lines or the name of the file speak of."""
    for text in [*_head(paper), paper.name]:
        if years := YEAR.findall(even(text)):
            return int(years[0])
    found = re.search(r"20\d\d", paper.name)
    return int(found.group()) if found else None


def paper_number(paper: Paper) -> str:
    """驻政办〔2023〕5号, where the first lines give it."""
    for text in _head(paper):
        if found := NUMBER.search(even(text)):
            return found.group()
    return ""


def _head(paper: Paper) -> list[str]:
    """The first texts of a paper: paragraphs, and the rows of the first sheets."""
    texts: list[str] = []
    for block in paper.blocks[:40]:
        texts += [block.text] if isinstance(block, Text) else cover_texts(Grid(block.name, block.rows[:12]))
        if len(texts) > 60:
            break
    return texts


def span_of(year: int) -> tuple[dt.date, dt.date]:
    """The first and last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def comparable(item: dict[str, Any]) -> str:
    """An item's name for comparing."""
    return naming.comparable(item["name"])
