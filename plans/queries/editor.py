"""A draft as its editor shows it: the tree on the left, the rows of one part of it on the right. A fixed number of statements."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people.access import Person
from people.models import Role, User
from plans.checking import Check, Line, by_item, check_list
from plans.editing.log import waiting
from plans.editing.typed import Departments, write_range
from plans.exporting import plain
from plans.models import Cycle, Document, DraftChange, Goal, Item, Measure, Plan, Support, Target, Terms

PER_PAGE = 50
BLANK = 5  # empty rows under the rows
COLUMNS = ("name", "kind", "comparator", "value", "unit", "due", "lead", "supports")
LABELS = {
    "name": _("事项"), "kind": _("类型"), "comparator": _("比较"), "value": _("目标值"), "unit": _("单位"), "due": _("期限"), "lead": _("牵头"), "supports": _("配合"),
}  # fmt: skip
FINAL = Target.RoleInPath.FINAL
SHOWN = {"supporting": "supports"}  # the column of a paper's field, where it is called otherwise


@dataclass
class RowLine:
    """An item as a row of fields. `texts` are what stands in them; `mark` says which texts the page was made of."""

    key: str  # the item's id; 'new-0' for a row to be filled in
    texts: dict[str, str]
    code: str = ""
    item: int = 0
    version: int = 0
    accrual: str = ""
    locator: str = ""
    lines: list[Line] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    clash: dict[str, str] = field(default_factory=dict)  # what stands there now, by column, where somebody was quicker

    @property
    def mark(self) -> str:
        """Empty where what is shown was typed and is not saved."""
        return "" if self.errors or self.clash else mark_of(self.texts)

    @property
    def clash_words(self) -> list[tuple[str, str]]:
        """What stands there now: (label, text)."""
        kinds = {"kind": dict(Item.Kind.choices), "comparator": dict(Target.Comparator.choices)}
        return [(str(LABELS[column]), str(kinds[column].get(text, text)) if column in kinds else text) for column, text in self.clash.items()]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.is_open and line.kind != Check.DOUBT]

    @property
    def doubt(self) -> Line | None:
        """What its paper's reader was not sure of."""
        return next((line for line in self.lines if line.kind == Check.DOUBT), None)

    @property
    def doubted(self) -> dict[str, bool]:
        """The columns that are uncertain."""
        return {SHOWN.get(name, name): True for name, _why in self.doubt.doubts} if self.doubt else {}


@dataclass(frozen=True)
class GoalLine:
    """A heading of the tree with the number of items in it and under it."""

    goal: Goal
    items: int
    open_lines: int
    current: bool


@dataclass(frozen=True)
class EditorPage:
    plan: Plan
    tree: list[GoalLine]
    goal: Goal | None  # the part that is shown; None for the whole plan
    goals: list[Goal]
    rows: list[RowLine]
    total: int  # items in the part shown
    all_items: int
    page: int
    departments: Departments
    cycles: list[Cycle]
    checks: list[Line]
    undo: DraftChange | None
    redo: DraftChange | None

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    @property
    def open_checks(self) -> int:
        return sum(line.is_open for line in self.checks)

    @property
    def doubted(self) -> int:
        """Items of the whole plan with uncertain fields."""
        return sum(line.kind == Check.DOUBT for line in self.checks)


def mark_of(texts: Mapping[str, str]) -> str:
    """A short sum over the texts of a row: tells a row that nobody touched from one that was typed into."""
    joined = "\n".join(texts.get(column, "") for column in COLUMNS)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def plan_of(person: Person, code: str) -> Plan | None:
    return Plan.objects.visible_to(person).filter(code=code).select_related("document", "cycle", "government").first()


def editor_page(person: Person, plan: Plan, path: str = "", page: int = 1) -> EditorPage:
    """At most 17 statements; rows with uncertain fields come first."""
    goals = list(Goal.objects.filter(plan=plan).order_by("path"))
    goal = next((one for one in goals if one.path == path), None)
    checks = check_list(plan)
    found = list(_terms(plan).values_list("item", "goal__path"))
    doubted = {line.item for line in checks if line.kind == Check.DOUBT}
    inside = [item for item, where in found if goal is None or where.startswith(goal.path)]
    shown = [item for item in inside if item in doubted] + [item for item in inside if item not in doubted]
    page = min(max(page, 1), max(1, -(-len(shown) // PER_PAGE)))
    departments = Departments(plan.government_id)
    rows = rows_of(plan, shown[(page - 1) * PER_PAGE : page * PER_PAGE], departments, checks)
    undo, redo = waiting(plan, person)
    cycles = list(Cycle.objects.of(plan.government_id).order_by("pk"))
    return EditorPage(plan, _tree(goals, goal, found, checks), goal, goals, rows, len(shown), len(found), page, departments, cycles, checks, undo, redo)


def _terms(plan: Plan) -> QuerySet[Terms]:
    return Terms.objects.filter(item__plan=plan, amendment__number=0).order_by("goal__path", "item__position", "item")


def _tree(goals: list[Goal], current: Goal | None, found: list[tuple[int, str]], checks: list[Line]) -> list[GoalLine]:
    unsettled = {line.item for line in checks if line.is_open}
    lines = []
    for goal in goals:
        inside = [item for item, where in found if where.startswith(goal.path)]
        lines.append(GoalLine(goal, len(inside), sum(item in unsettled for item in inside), current is not None and goal.pk == current.pk))
    return lines


def rows_of(plan: Plan, items: list[int], departments: Departments, checks: list[Line]) -> list[RowLine]:
    """These items in this order. 3 statements."""
    place = {item: n for n, item in enumerate(items)}
    terms = sorted(_terms(plan).filter(item__in=items).select_related("item"), key=lambda t: place[t.item_id])
    finals: dict[int, Target] = {}
    for target in Target.objects.filter(terms__in=terms, role=FINAL).order_by("due_on", "pk"):
        finals[target.terms_id] = target
    supports: dict[int, list[int]] = defaultdict(list)
    for support in Support.objects.filter(terms__in=terms).order_by("pk"):
        supports[support.terms_id].append(support.department_id)
    lines = by_item(checks)
    return [
        RowLine(
            str(t.item_id), texts_of(t, finals.get(t.pk), supports[t.pk], departments), t.item.code, t.item_id, t.version,
            "" if t.item.kind == Item.Kind.TASK else str(t.get_accrual_display()), t.locator, lines.get(t.item_id, []),
        )
        for t in terms
    ]  # fmt: skip


def texts_of(terms: Terms, final: Target | None, supports: list[int], departments: Departments) -> dict[str, str]:
    """What stands in the fields of a row."""
    return {
        "name": terms.name,
        "kind": terms.item.kind,
        "comparator": final.comparator if final else "",
        "value": write_range(final.value, final.value_high) if final else "",
        "unit": final.unit if final else "",
        "due": final.due_on.isoformat() if final and final.due_on else "",
        "lead": departments.write(terms.lead_id),
        "supports": departments.write_all(supports),
    }


def blank_rows(page: EditorPage, count: int = BLANK) -> list[RowLine]:
    """Rows to be filled in; kind, day and lead are carried on from the row above."""
    above = page.rows[-1].texts if page.rows else {"kind": "indicator", "due": page.plan.end.isoformat(), "lead": ""}
    carried = {column: above.get(column, "") if column in ("kind", "due", "lead") else "" for column in COLUMNS}
    return [RowLine(f"new-{n}", dict(carried)) for n in range(count)]


@dataclass(frozen=True)
class ItemEditor:
    """One draft item with all that hangs on it, for its full form."""

    plan: Plan
    item: Item
    terms: Terms
    targets: list[Target]
    supports: list[Support]
    lines: list[Line]
    goals: list[Goal]
    departments: Departments
    cycles: list[Cycle]
    before: str
    after: str
    is_own: bool

    @property
    def doubt(self) -> Line | None:
        """What its paper's reader was not sure of."""
        return next((line for line in self.lines if line.kind == Check.DOUBT), None)

    @property
    def other_lines(self) -> list[Line]:
        return [line for line in self.lines if line.kind != Check.DOUBT]


def item_editor(plan: Plan, pk: int) -> ItemEditor | None:
    """None where the draft has no such item. At most 17 statements."""
    terms = _terms(plan).filter(item=pk).select_related("item__measure", "item__plan", "goal").first()
    if terms is None:
        return None
    order = list(_terms(plan).values_list("item", flat=True))
    here = order.index(pk)
    return ItemEditor(
        plan, terms.item, terms, list(terms.targets.order_by("role", "due_on", "pk")), list(terms.supports.select_related("department").order_by("pk")),
        by_item(check_list(plan)).get(pk, []), list(Goal.objects.filter(plan=plan).order_by("path")), Departments(plan.government_id),
        list(Cycle.objects.of(plan.government_id).order_by("pk")), str(order[here - 1]) if here else "", str(order[here + 1]) if here + 1 < len(order) else "",
        not Item.objects.filter(measure=terms.item.measure_id).exclude(pk=pk).exists(),
    )  # fmt: skip


def items_of(plan: Plan, keys: list[str]) -> list[Item]:
    """The draft's items with these ids, in the order of the plan. 1 statement."""
    return list(Item.objects.filter(plan=plan, pk__in=[int(key) for key in keys if key.isdigit()]).select_related("measure", "plan").order_by("position", "pk"))


def goal_of(plan: Plan, key: str) -> Goal | None:
    return Goal.objects.filter(plan=plan, pk=int(key)).select_related("plan", "parent").first() if key.isdigit() else None


def measures_of(person: Person) -> list[Measure]:
    """Measures that an item may read. 1 statement."""
    return list(Measure.objects.visible_to(person).order_by("name", "code"))


def documents_of(person: Person) -> list[Document]:
    return list(Document.objects.visible_to(person).order_by("-date", "title"))


def cycles_of(person: Person) -> list[Cycle]:
    return list(Cycle.objects.visible_to(person).order_by("pk"))


def figure(value: object) -> str:
    """A stored number as a form shows it."""
    return plain(value) or "" if value is not None else ""  # type: ignore[arg-type]


def leaders_of(person: Person) -> list[User]:
    """People who lead, for an item's own leader. 1 statement."""
    return list(User.objects.visible_to(person).filter(is_active=True, grants__role=Role.LEADER, grants__ended_at__isnull=True).distinct().order_by("name"))
