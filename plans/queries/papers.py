"""导入: the papers that came in, and what one of them would do, prepared for the page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from people.access import Person
from people.language import in_language
from people.models import Department
from plans.models import IssuedPaper, Plan
from plans.papers.columns import NOTHING
from plans.papers.comparing import Change
from plans.papers.rewriting import figure_words
from plans.taking.proposing import Proposal, propose
from plans.taking.saying import doubt_words, field_words, left_words, nothing, role_words, why_words

RECENT = 30


@dataclass(frozen=True)
class Row:
    """An item of the preview: `doubts` are field and reason, in words."""

    row: str
    code: str
    name: str
    target: str
    due: str
    lead: str
    supporting: str
    goal: str
    text: str
    doubts: list[tuple[str, str]]
    part_of: str = ""


@dataclass(frozen=True)
class Difference:
    """A change against the draft; `fields` are name, the draft's words, the paper's words."""

    code: str
    name: str
    state: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Heading:
    """A column of the paper and what it is taken for."""

    table: str
    words: str
    role: str
    sure: bool


@dataclass
class PaperPage:
    """One paper: uncertain items first."""

    paper: IssuedPaper
    doubtful: list[Row] = field(default_factory=list)
    certain: list[Row] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str, str]] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    plan: Plan | None = None
    blocked: bool = False
    new: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    gone: list[Difference] = field(default_factory=list)
    departments: list[tuple[str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.doubtful) + len(self.certain)

    @property
    def can_be_taken(self) -> bool:
        return self.paper.state == IssuedPaper.State.READ and not self.refused and not self.blocked and self.count > 0

    @property
    def changes(self) -> int:
        return len(self.new) + len(self.changed)


def papers(person: Person) -> list[IssuedPaper]:
    """The papers that came in last, those that wait first. One statement."""
    return list(
        IssuedPaper.objects.visible_to(person)
        .exclude(state=IssuedPaper.State.DROPPED)
        .select_related("plan", "by")
        .defer("blocks", "read")
        .order_by("state", "-at", "-pk")[:RECENT]
    )


def paper_of(person: Person, pk: int) -> IssuedPaper | None:
    """A paper that this person may read."""
    return IssuedPaper.objects.visible_to(person).filter(pk=pk).select_related("government", "plan", "by").first()


def plan_of(person: Person, code: str) -> Plan | None:
    """A plan that this person may read."""
    return Plan.objects.visible_to(person).filter(code=code).select_related("document", "government").first()


def paper_page(person: Person, pk: int) -> PaperPage | None:
    """A paper as it would be taken in now; None where there is none. Its statements do not grow with its rows."""
    paper = paper_of(person, pk)
    if paper is None:
        return None
    if paper.state != IssuedPaper.State.READ:
        return PaperPage(paper, plan=paper.plan)
    return _page(paper, propose(paper))


def _page(paper: IssuedPaper, proposal: Proposal) -> PaperPage:
    reading = proposal.reading
    rows = [_row(item) for item in reading.items]
    differences = [_difference(change) for change in proposal.changes]
    names = Department.objects.of(paper.government_id).filter(until_on__isnull=True).order_by("position", "code").values_list("name", "name_en")
    return PaperPage(
        paper, [row for row in rows if row.doubts], [row for row in rows if not row.doubts],
        refused=[(one.cell, why_words(one.why)) for one in reading.refused], left=[(one.row, one.text, left_words(one.why)) for one in reading.left],
        headings=[Heading(table, c.heading, c.role or NOTHING, c.sure) for table, header in reading.headers for c in header.columns if c.heading],
        unknown=reading.unknown, plan=proposal.plan, blocked=bool(proposal.blocked),
        new=[d for d in differences if d.state == "new"], changed=[d for d in differences if d.state == "changed"], gone=[d for d in differences if d.state == "gone"],
        departments=[(name, in_language(name, name_en)) for name, name_en in names],
    )  # fmt: skip


def _row(item: dict[str, Any]) -> Row:
    final = item["targets"][-1]
    target = figure_words(item) if item["kind"] == "indicator" else _("任务")
    doubts = [(field_words(name), doubt_words(why)) for name, why in item["why"].items()]
    return Row(
        item["row"],
        item["code"],
        item["name"],
        target,
        final["due"] or "",
        item["lead"] or "",
        _listed(item["supporting"]),
        " › ".join(item["goal"]),
        item["text"],
        doubts,
        item.get("part_of", ""),
    )


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)


def _difference(change: Change) -> Difference:
    fields = [(field_words(name), _said(name, old), _said(name, new)) for name, (old, new) in change.fields.items()]
    return Difference(change.code, change.name, change.state, fields)


def _said(name: str, value: Any) -> str:
    """A field's value in words."""
    if not value:
        return nothing()
    if name == "targets":
        return "；".join(f"{t['due'] or ''} {figure_words({'unit': t['unit'], 'targets': [t]})}".strip() for t in value)
    if name == "steps":
        return "；".join(f"{s['name']} {s['due'] or ''}".strip() for s in value)
    if name == "baseline":
        return f"{value['date']} {value['value']}"
    if name == "goal":
        return " › ".join(value)
    if isinstance(value, list):
        return _listed(value)
    return role_words(str(value)) if name in ("kind", "accrual", "reading", "adding") else str(value)
