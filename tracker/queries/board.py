"""What a run shows at a glance: every item in one line, in the order of the list, and what these come to.

Kept with the run (`tracker.boards`); where that is not to be had it is reckoned anew from the same statement. Nothing in it is in a
language or of a person: names and rights are looked up by the page.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple, Self

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from people.prepared import Prepared, PreparedOfIds
from plans.models import Terms
from tracker.models import Board as Kept
from tracker.models import Run, Standing
from tracker.models.standings import Light
from tracker.queries.beside import uncheckable, watermelons
from tracker.queries.items import COUNTED_BY, UNREPORTED, Counted, counts_of
from tracker.queries.looking import Look
from tracker.queries.rows import FIELDS, listed

LAYOUT = 2  # raised with every change of the texts: what is kept in another one is reckoned anew
GOVERNMENT, NUMBER, BEFORE, DAY = -103, -101, -102, dt.date(1, 2, 3)  # what stands in for the values while a statement is written
NARROW = ("pk", "item_id", "lead_id", "leader_id", "item__plan_id", "root", *COUNTED_BY, "then__overdue", "item__part_of_id", "now__marks")
ORDER = ("lag", "worst", "item__plan__position", "item__position", "pk")  # the list's own
OF_NODE = ("coverage", "oldest")  # of what is counted of a node: the rest is summed from the lines
PLACES = (GOVERNMENT, DAY, NUMBER, BEFORE)


class Line(NamedTuple):
    """An item: ids of its terms, itself, lead, leader and plan, its first goal's path; its lights and overdue days, now and at the closing before."""

    terms: int
    item: int
    lead: int
    leader: int | None
    plan: int
    goal: str
    light: str | None
    before: str | None
    late: int | None
    binding: bool | None
    late_before: int | None
    whole: int | None  # of a part of a shared item: the item that it is a part of, which alone counts for the city
    silent: bool  # overdue, and not reported

    @property
    def told(self) -> bool:
        """Whether it stands among what is red or overdue."""
        return self.light == Light.RED or bool(self.late)


@dataclass
class Counts:
    """What the items of a scope come to: lights now and at the closing before, items overdue, of these unreported."""

    items: int = 0
    lights: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    overdue_before: int = 0

    @classmethod
    def of(cls, told: Iterable[Any]) -> Self:
        items, lights, before, *overdue = told
        return cls(items, Counter(lights), Counter(before), *overdue)

    def add(self, line: Line) -> None:
        self.items += 1
        self.lights[line.light or ""] += 1
        self.before[line.before or ""] += 1
        self.overdue += bool(line.late)
        self.overdue_before += bool(line.late_before)

    def told(self) -> list[Any]:
        return [self.items, self.lights, self.before, self.overdue, self.overdue_before]

    @property
    def red(self) -> int:
        return self.lights[Light.RED]

    @property
    def yellow(self) -> int:
        return self.lights[Light.YELLOW]

    def change(self, light: str) -> int:
        return self.lights[light] - self.before[light]


@dataclass(frozen=True)
class Summed:
    """What lines come to: in all, by lead, by plan, by plan and first goal; what is red or overdue, in the order of the list; how many unreported."""

    whole: Counts
    leads: Mapping[int, Counts]
    plans: Mapping[int, Counts]
    goals: Mapping[tuple[int, str], Counts]
    told: list[Line]


def summed(lines: Iterable[Line]) -> Summed:
    lines = list(lines)
    whole = _by(lines, lambda _line: None).get(None, Counts())
    leads, plans, goals = _by(lines, lambda line: line.lead), _by(lines, lambda line: line.plan), _by(lines, lambda line: (line.plan, line.goal))
    return Summed(whole, leads, plans, goals, [line for line in lines if line.told])


def _by(lines: Iterable[Line], key: Callable[[Line], Any]) -> dict[Any, Counts]:
    found: dict[Any, Counts] = {}
    for line in lines:
        found.setdefault(key(line), Counts()).add(line)
    return found


@dataclass(frozen=True)
class Board:
    """A run at a glance, as texts of JSON that are read when asked for."""

    number: int
    before: int
    day: dt.date
    summed_text: str
    lines_text: str

    @cached_property
    def lines(self) -> list[Line]:
        return [Line(*line) for line in json.loads(self.lines_text)]

    @cached_property
    def _summed(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.summed_text)
        return found

    @cached_property
    def summed(self) -> Summed:
        """What all its items come to; the parts of shared ones count for the departments that lead them, and nowhere else."""
        told = self._summed
        goals = {(plan, path): Counts.of(counts) for plan, path, counts in told["goals"]}
        leads, plans = ({key: Counts.of(counts) for key, counts in told[name]} for name in ("leads", "plans"))
        return Summed(Counts.of(told["whole"]), leads, plans, goals, [Line(*line) for line in told["told"]])

    @property
    def nodes(self) -> dict[str, tuple[str, str | None, str | None, str | None]]:
        """Light, gap, coverage and oldest figure of every node by its subject, as they are written."""
        found: dict[str, tuple[str, str | None, str | None, str | None]] = self._summed["nodes"]
        return found

    @property
    def red_since(self) -> dict[int, int]:
        """For each item that is red now and was at the closing before: the closing since which it has been, by its run's number."""
        return dict(self._summed["red_since"])

    @property
    def order(self) -> list[int]:
        """The terms in the order of the list."""
        found: list[int] = self._summed["order"]
        return found

    @property
    def counted(self) -> Counted:
        """How many items there are, and how many behind each chip."""
        return counts_of([(*key, n) for *key, n in self._summed["counted"]])


def board_of(government: int, seen: Look) -> Board:
    """The board that is kept with the run of this look, or one reckoned anew. 1 statement, or 4."""
    before = seen.before.number if seen.before else -1
    kept = [Board(*row) for row in _kept(government, seen.number, before) if row[2] <= seen.day] if seen.run else []
    return kept[0] if kept else reckon(government, seen)


def reckon(government: int, seen: Look) -> Board:
    """The board of a look, from the standings. 3 statements, however many items."""
    before = seen.before.number if seen.before else -1
    lines = [Line._make((*row[:-1], bool(row[8] and UNREPORTED in (row[-1] or ())))) for row in _lines(government, seen.day, seen.number, before)]
    wholes = [line for line in lines if line.whole is None]
    sums, counted = summed(wholes), Counter((line.light, line.before, line.late, line.binding) for line in wholes)
    told = {
        "order": [line.terms for line in wholes],
        "whole": sums.whole.told(),
        "leads": [(key, counts.told()) for key, counts in _by(lines, lambda line: line.lead).items()],  # a part counts for its department
        "plans": [(key, counts.told()) for key, counts in sums.plans.items()],
        "goals": [(*key, counts.told()) for key, counts in sums.goals.items()],
        "told": sums.told,
        "counted": [(*key, n) for key, n in counted.items()],
        "nodes": {subject: (light, gap, *((counts or {}).get(name) for name in OF_NODE)) for subject, light, gap, counts in _nodes(government, seen.number)},
        "red_since": list(_red_since(seen, [line.item for line in sums.told if line.light == line.before == Light.RED]).items()),
    }
    return Board(seen.number, before, seen.day, *(json.dumps(each, default=str, separators=(",", ":")) for each in (told, lines)))


def _red_since(seen: Look, items: list[int]) -> dict[int, int]:
    """The closing since which each item has been red at every closing up to the one compared with. 1 statement."""
    history: dict[int, list[tuple[int, int | None]]] = {}
    for item, first, last in Standing.objects.filter(item__in=items, light=Light.RED).values_list("item", "since_run", "until_run"):
        history.setdefault(item, []).append((first, last))
    closings = closings_up_to(seen)
    found = {}
    for item, spans in history.items():
        for run in closings:
            if not any(first <= run.number and (last is None or last > run.number) for first, last in spans):
                break
            found[item] = run.number
    return found


def closings_up_to(seen: Look) -> list[Run]:
    """The closing that is compared with and those before it, the latest first."""
    before = seen.before
    return [] if before is None else list(seen.closed[seen.closed.index(before) :])


def wide(government: int, seen: Look, terms: list[int], more: bool = False) -> list[dict[str, Any]]:
    """What `rows` makes rows of, for these terms in their order; with `more` also who reported which problem. 1 statement."""
    at = (government, seen.day, seen.number, seen.before.number if seen.before else -1)
    found = {row["pk"]: row for row in (_wide_more if more else _wide)(*at, ids=terms)}
    return [found[key] for key in terms if key in found]


def doubted(government: int, seen: Look) -> list[dict[str, Any]]:
    """The items, without the parts of shared ones, that are green and judged doubtful or worse: FIELDS and the lead. 1 statement."""
    return _doubted(government, seen.day, seen.number, seen.before.number if seen.before else -1)


def uncheckable_leads(government: int, seen: Look) -> list[tuple[int, int | None]]:
    """Lead and leader of each item, without the parts of shared ones, that is 尚不可核验. 1 statement."""
    return _uncheckable(government, seen.day, seen.number, seen.before.number if seen.before else -1)


def _whole(government: int, day: dt.date, number: int, before: int) -> QuerySet[Terms]:
    """The items of a city and the parts of shared ones, as the list of items has them."""
    seen: Any = SimpleNamespace(day=day, number=number, before=SimpleNamespace(number=before))
    reader: Any = SimpleNamespace(government_id=government)
    return listed(reader, seen, parts=True)


_root = Substr("goal__path", 1, StrIndex("goal__path", Value("/")))
_lines = Prepared(lambda *at: _whole(*at).annotate(root=_root).order_by(*ORDER).values_list(*NARROW), *PLACES)
_wide = PreparedOfIds(lambda *at: _whole(*at[:-1]).filter(pk__in=at[-1]).order_by().values(*FIELDS), *PLACES)
_doubted = Prepared(lambda *at: watermelons(_whole(*at)).filter(item__part_of__isnull=True).order_by(*ORDER).values(*FIELDS, "lead_id"), *PLACES)
_uncheckable = Prepared(lambda *at: uncheckable(_whole(*at)).filter(item__part_of__isnull=True).order_by().values_list("lead_id", "leader_id"), *PLACES)
_wide_more = PreparedOfIds(
    lambda *at: _whole(*at[:-1]).filter(pk__in=at[-1]).order_by().values(*FIELDS, "now__report__problem", "now__report__duty__department_id"), *PLACES
)
_nodes = Prepared(
    lambda government, number: Standing.objects.of(government).at(number).filter(item__isnull=True).values_list("subject", "light", "gap", "counts"),
    GOVERNMENT,
    NUMBER,
)
_kept = Prepared(
    lambda government, number, before: (
        Kept.objects.of(government).filter(number=number, before=before, layout=LAYOUT).values_list("number", "before", "day", "summed", "lines")
    ),
    GOVERNMENT,
    NUMBER,
    BEFORE,
)
