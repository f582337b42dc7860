"""The check list of a draft: what is missing or doubtful, each line of one row. A plan is published when every line is gone or answered."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from people import audit
from people.access import Person
from plans.arithmetic.spans import six
from plans.editing.fields import too_long
from plans.editing.parts import Part, left_of
from plans.editing.proposing import folded
from plans.editing.rights import NotAllowed, Wrong, may_edit
from plans.exporting import plain
from plans.models import CheckAnswer, Item, PaperDoubt, Plan, Step, Target, Terms
from plans.taking.saying import doubt_words, field_words

FINAL = Target.RoleInPath.FINAL


class Check(models.TextChoices):
    DOUBT = "doubt", _t("导入存疑")
    LEAD = "lead", _t("缺牵头单位")
    DUE = "due", _t("缺期限")
    REPORTER = "reporter", _t("缺填报单位")
    COMPARATOR = "comparator", _t("缺比较方式或目标值")
    UNIT = "unit", _t("缺单位")
    STEP = "step", _t("缺节点和验收标准")
    CLOSED = "closed", _t("单位已撤销")
    BEFORE = "before", _t("期限在规划期外")
    WEAKER = "weaker", _t("目标不如基数")
    DUPLICATE = "duplicate", _t("疑似重复")
    CONFLICT = "conflict", _t("目标冲突")
    PARTS = "parts", _t("分解与目标不等")


MUST = frozenset({Check.LEAD, Check.DUE, Check.REPORTER, Check.COMPARATOR, Check.CLOSED})  # without these nothing can be judged: no reason replaces them
DOUBTED = {  # the field of the item's form, by the field of its paper
    "name": "name", "lead": "lead", "supporting": "supports", "due": "targets-0-due_on", "value": "targets-0-value", "unit": "unit", "comparator": "targets-0-comparator",
    "accrual": "accrual", "reading": "reading", "baseline": "baseline", "goal": "goal", "kind": "kind", "leader": "leader", "steps": "acceptance", "adding": "targets-0-value",
}  # fmt: skip
FIELD = {  # the field of the item's form that a line leads to
    Check.LEAD: "lead", Check.DUE: "targets-0-due_on", Check.REPORTER: "reporter", Check.COMPARATOR: "targets-0-value", Check.UNIT: "unit", Check.STEP: "acceptance",
    Check.CLOSED: "lead", Check.BEFORE: "targets-0-due_on", Check.WEAKER: "targets-0-value", Check.DUPLICATE: "name", Check.CONFLICT: "targets-0-value",
    Check.PARTS: "targets-0-value",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One finding. `about` says it in words; `reason` is the answer, where one stands for just these words."""

    kind: Check
    item: int
    code: str
    name: str
    about: str
    reason: str = ""
    by: str = ""
    doubts: tuple[tuple[str, str], ...] = ()  # of DOUBT: fields of the paper and why each is uncertain

    @property
    def must(self) -> bool:
        """Whether only a change helps, no reason."""
        return self.kind in MUST

    @property
    def says_more(self) -> bool:
        """Whether its words tell more than its kind does."""
        return self.kind in (Check.DOUBT, Check.CLOSED, Check.BEFORE, Check.WEAKER, Check.DUPLICATE, Check.CONFLICT)

    @property
    def is_open(self) -> bool:
        return self.must or not self.reason

    @property
    def field(self) -> str:
        return DOUBTED.get(self.doubts[0][0], "name") if self.doubts else FIELD[self.kind]

    @property
    def doubt_words(self) -> list[tuple[str, str, str]]:
        """Of each doubted field: its name in the paper's terms, the field of the form, and what is uncertain, in words."""
        return [(name, DOUBTED.get(name, "name"), _doubt(name, why)) for name, why in self.doubts]


@dataclass(frozen=True)
class Row:
    """A draft item as the checks read it."""

    terms: Terms
    finals: list[Target]
    steps: list[Step]

    @property
    def item(self) -> Item:
        return self.terms.item

    @property
    def final(self) -> Target | None:
        return self.finals[-1] if self.finals else None


def check_list(plan: Plan) -> list[Line]:
    """Every line, in the order of the plan, with its answer. At most 7 statements, however many items."""
    rows = _rows(Terms.objects.filter(item__plan=plan, amendment__number=0))
    answers = {(a.item_id, a.kind): a for a in CheckAnswer.objects.filter(item__plan=plan).select_related("by")}
    doubts = _doubts(plan)
    found = [(row, kind, about) for row in rows for kind, about in _row_findings(row, plan)]
    found += [(row, Check.DOUBT, "；".join(_doubt(name, why) for name, why in doubts[row.item.pk])) for row in rows if doubts[row.item.pk]]
    found += [*_duplicates(rows), *_conflicts(plan, rows), *_parts(rows)]
    found.sort(key=lambda one: (one[0].item.position, one[0].item.pk, list(Check).index(one[1])))
    return [_line(row, kind, about, answers.get((row.item.pk, kind)), tuple(doubts[row.item.pk]) if kind == Check.DOUBT else ()) for row, kind, about in found]


def _doubts(plan: Plan) -> dict[int, list[tuple[str, str]]]:
    """Marks of each item, in the order of the form's fields. 1 statement."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    order = list(DOUBTED)
    marks = PaperDoubt.objects.filter(item__plan=plan).values_list("item", "field", "reason")
    for item, name, why in sorted(marks, key=lambda one: order.index(one[1]) if one[1] in order else len(order)):
        found[item].append((name, why))
    return found


def _doubt(name: str, why: str) -> str:
    return _("%(field)s：%(why)s") % {"field": field_words(name), "why": doubt_words(why)}


def open_checks(plan: Plan) -> list[Line]:
    """What stands in the way of publishing a draft: lines that nobody answered, and those that no answer can replace. At most 7 statements."""
    return [line for line in check_list(plan) if line.is_open]


def answer(plan: Plan, line: Line, reason: str, by: Person, at: dt.datetime) -> None:
    """Says why a line may stand; an empty reason takes the answer back. Raises: NotAllowed, Wrong."""
    may_edit(plan, by)
    reason = reason.strip()
    if line.kind == Check.DOUBT:
        raise NotAllowed(_("导入存疑的字段请逐项确认或修改。"))
    if line.must:
        raise NotAllowed(_("“%(kind)s”不能用说明代替，请补齐。") % {"kind": line.kind.label})
    if len(reason) > 300:
        raise Wrong({"reason": too_long(300)})
    with transaction.atomic():
        key = {"item_id": line.item, "kind": line.kind}
        CheckAnswer.objects.filter(**key).delete()
        if reason:
            CheckAnswer.objects.create(government_id=plan.government_id, about=line.about[:200], reason=reason, by=by.user, at=at, **key)
        facts = {"plan": plan.code, "item": line.code, "check": line.kind, "about": line.about, "before": line.reason, "after": reason}
        audit.record(plan.government_id, actor=by.user, verb="check answered", subject=f"item:{line.item}", at=at, facts=facts)


def _line(row: Row, kind: Check, about: str, given: CheckAnswer | None, doubts: tuple[tuple[str, str], ...]) -> Line:
    stands = given is not None and given.about == about[:200]
    return Line(
        kind, row.item.pk, row.item.code, str(row.terms), about, given.reason if given and stands else "", given.by.name if given and stands else "", doubts
    )


def _rows(found: models.QuerySet[Terms]) -> list[Row]:
    """3 statements."""
    terms = list(found.select_related("item__measure__reporter", "item__plan", "lead__successor").order_by("item__position", "item"))
    finals: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.filter(terms__in=found.values("pk"), role=FINAL).order_by("due_on", "pk"):
        finals[target.terms_id].append(target)
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(terms__in=found.values("pk"), stated=True).order_by("position"):
        steps[step.terms_id].append(step)
    return [Row(t, finals[t.pk], steps[t.pk]) for t in terms]


def _row_findings(row: Row, plan: Plan) -> Iterator[tuple[Check, str]]:
    terms, final = row.terms, row.final
    if terms.lead is None:
        yield Check.LEAD, _("没有牵头单位")
    elif terms.lead.until_on is not None and terms.lead.until_on < plan.end:
        yield Check.CLOSED, _("%(name)s到 %(day)s 为止") % {"name": terms.lead, "day": terms.lead.until_on.isoformat()}
    if row.item.measure.reporter is None:
        yield Check.REPORTER, _("没有填报单位")
    if final is None or any(t.due_on is None for t in row.finals) or any(s.due_on is None for s in row.steps):
        yield Check.DUE, _("目标或节点没有期限")
    yield from _outside(row, plan)
    if row.item.kind == Item.Kind.TASK:
        if not row.steps and not terms.acceptance:
            yield Check.STEP, _("任务没有节点，也没有验收标准")
        return
    if final is None or not final.comparator or (final.value is None and final.comparator != Target.Comparator.RELATIVE):
        yield Check.COMPARATOR, _("指标没有比较方式或目标值")
    if final is not None and not final.unit:
        yield Check.UNIT, _("指标没有计量单位")
    if final is not None and is_below_baseline(terms, final):
        yield Check.WEAKER, _("目标值 %(value)s 没有超过基数 %(baseline)s") % {"value": plain(final.value), "baseline": plain(terms.baseline)}


def _outside(row: Row, plan: Plan) -> Iterator[tuple[Check, str]]:
    due = [t.due_on for t in row.finals] + [s.due_on for s in row.steps]
    days = sorted(day for day in due if day and not plan.start <= day <= plan.end)
    if days:
        yield (
            Check.BEFORE,
            _("%(day)s 不在 %(start)s 至 %(end)s 之内") % {"day": days[0].isoformat(), "start": plan.start.isoformat(), "end": plan.end.isoformat()},
        )


def is_below_baseline(terms: Terms, final: Target) -> bool:
    """Whether a value that should move from its baseline is promised on the baseline's worse side, or just there."""
    if final.value is None or terms.baseline is None or terms.reading != Terms.Reading.VALUE or terms.accrual == Terms.Accrual.HELD:
        return False
    if final.comparator in (Target.Comparator.RELATIVE, Target.Comparator.EXACTLY, ""):
        return False
    down = final.better == Target.Better.DOWN or (final.comparator == Target.Comparator.AT_MOST and final.better != Target.Better.UP)
    return bool(final.value >= terms.baseline) if down else bool(final.value <= terms.baseline)


def _duplicates(rows: list[Row]) -> Iterator[tuple[Row, Check, str]]:
    """The later of two items with the same name, in folded form, under one lead and day."""
    first: dict[Any, Row] = {}
    for row in rows:
        key = (folded(row.terms.name), row.terms.lead_id, row.final.due_on if row.final else None)
        if key in first:
            yield row, Check.DUPLICATE, _("与 %(code)s “%(name)s”名称、牵头、期限相同") % {"code": first[key].item.code, "name": first[key].terms}
        else:
            first[key] = row


def _conflicts(plan: Plan, rows: list[Row]) -> Iterator[tuple[Row, Check, str]]:
    """Another target of the same measure, reading and day that wants another figure, in this draft or in a published plan. 2 statements."""
    measures = {row.item.measure_id for row in rows}
    others = (
        Terms.objects.published().filter(item__measure__in=measures, withdrawn=False).exclude(item__plan=plan).select_related("item__plan").order_by("from_on")
    )
    latest = {t.item_id: t for t in others}
    finals: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.filter(terms__in=latest.values(), role=FINAL).order_by("due_on", "pk") if latest else ():
        finals[target.terms_id].append(target)
    seen: dict[Any, tuple[Terms, Target]] = {}
    for terms, target in [*((t, target) for t in latest.values() for target in finals[t.pk]), *((row.terms, t) for row in rows for t in row.finals)]:
        key = (terms.item.measure_id, terms.reading, target.due_on)
        if target.value is None or target.due_on is None:
            continue
        other, there = seen.setdefault(key, (terms, target))
        row = next((r for r in rows if r.terms.pk == terms.pk), None)
        if row is not None and other.item_id != terms.item_id and differ(target, there):
            where = other.item.code if other.item.plan_id == plan.pk else f"{other.item.plan.short_title} {other.item.code}"
            yield (
                row,
                Check.CONFLICT,
                _("同一指标同一期限，此处 %(here)s，%(where)s 为 %(there)s") % {"here": plain(target.value), "where": where, "there": plain(there.value)},
            )


def _parts(rows: list[Row]) -> Iterator[tuple[Row, Check, str]]:
    """An item that is shared out whose parts do not make its target."""
    parts: dict[int, list[Part]] = defaultdict(list)
    for row in rows:
        if row.item.part_of_id is not None:
            parts[row.item.part_of_id].append(Part(row.final.value if row.final else None, row.terms.weight))
    for row in rows:
        left = left_of(row.terms.adding, row.final, parts[row.item.pk]) if row.terms.adding else None
        if left:
            yield row, Check.PARTS, _("各部分合成后与目标相差 %(left)s") % {"left": plain(six(left))}


def differ(one: Target, other: Target) -> bool:
    """Whether two targets of one day ask for different things."""
    columns = ("comparator", "value", "value_high", "unit")
    return any(getattr(one, c) != getattr(other, c) for c in columns)


def by_item(lines: Iterable[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.item].append(line)
    return found
