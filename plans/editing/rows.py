"""How the rows of one item are written: the item, its terms, and what hangs on them. Called inside a deed's frame."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from people.models import Department, User
from plans.editing.doubts import lay
from plans.editing.fields import code_problem, department_problem, past_problems, step_problems, target_problems, terms_problems
from plans.editing.rights import Wrong
from plans.models import Cycle, Goal, Item, Measure, PastResult, Plan, Step, Support, Target, Terms

TARGET_COLUMNS = (
    "role",
    "from_on",
    "due_on",
    "comparator",
    "better",
    "value",
    "value_high",
    "unit",
    "tolerance",
    "offset",
    "against_id",
    "firm",
    "words",
    "note",
)
FINAL, INTERIM = Target.RoleInPath.FINAL, Target.RoleInPath.INTERIM


@dataclass(frozen=True)
class ItemChange:
    """What becomes of an item, by columns; what is not named stays.

    `item`: code, kind, measure_id, part_of_id. `final`: columns of the final target. `targets`, `steps`: all of them anew, as columns. `supports`:
    ids of departments with their parts. `measure`: columns of the measure, where only this item reads it; `past`: all of its earlier results
    (on, value, locator). `doubts`: fields that a paper's reader was not sure of, with the reason.
    """

    item: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)
    final: Mapping[str, Any] = field(default_factory=dict)
    measure: Mapping[str, Any] = field(default_factory=dict)
    targets: list[dict[str, Any]] | None = None
    steps: list[dict[str, Any]] | None = None
    supports: dict[int, str] | None = None
    past: list[dict[str, Any]] | None = None
    doubts: Mapping[str, str] = field(default_factory=dict)


def problems(plan: Plan, item: Item | None, change: ItemChange) -> dict[str, str]:
    """What cannot stand, by field."""
    wrong = terms_problems(change.terms) | _strangers(plan, change)
    if "code" in change.item:
        wrong |= {"code": why} if (why := code_problem(change.item["code"], plan.pk, item.pk if item else None)) else {}
    for name, key in (("lead", change.terms.get("lead_id")), ("reporter", change.measure.get("reporter_id"))):
        department = Department.objects.of(plan.government_id).filter(pk=key).select_related("successor").first() if key else None
        wrong |= {name: why} if (why := department_problem(department, plan.end)) else {}
    if change.targets is not None:
        wrong |= target_problems(change.targets)
    if change.steps is not None:
        wrong |= step_problems(change.steps)
    return wrong | past_problems(change.past or [])


def _strangers(plan: Plan, change: ItemChange) -> dict[str, str]:
    """Rows named by a change that are not this plan's, or not this government's."""
    owned: dict[str, Any] = {"lead_id": Department, "reporter_id": Department, "leader_id": User, "cycle_id": Cycle, "measure_id": Measure, "part_of_id": Item}
    named = [(column, key) for part in (change.item, change.terms, change.measure) for column, key in part.items() if key]
    wrong = {
        c.removesuffix("_id"): _("没有这一项，请重新选择。")
        for c, key in named
        if c in owned and not owned[c].objects.filter(pk=key, government=plan.government_id).exists()
    }
    if "goal_id" in change.terms and not Goal.objects.filter(pk=change.terms["goal_id"], plan=plan).exists():
        wrong["goal"] = _("没有这一项，请重新选择。")
    if change.supports and Department.objects.of(plan.government_id).filter(pk__in=change.supports).count() != len(change.supports):
        wrong["supports"] = _("没有这一项，请重新选择。")
    return wrong


def write(item: Item, terms: Terms, change: ItemChange) -> None:
    """Writes a change of one draft item. Raises: Wrong."""
    plan = item.plan
    if change.final:
        change = _with_final(terms, change)
    if wrong := problems(plan, item, change):
        raise Wrong(wrong)
    _write_measure(item, change)
    if change.past is not None:
        _write_past(item, change.past)
    if change.doubts:
        lay(item, change.doubts)
    if change.item:
        Item.objects.filter(pk=item.pk).update(**change.item)
        item.refresh_from_db()
    Terms.objects.filter(pk=terms.pk).update(**change.terms, version=F("version") + 1)
    terms.refresh_from_db()
    _write_targets(terms, change.targets)
    if change.supports is not None:
        _write_supports(terms, change.supports)
    if change.steps is not None or item.kind == Item.Kind.INDICATOR:
        _write_steps(terms, (change.steps or []) if item.kind == Item.Kind.TASK else [])
    if item.kind == Item.Kind.TASK:
        lay_step(terms)


def _with_final(terms: Terms, change: ItemChange) -> ItemChange:
    """Columns of the final target as a whole list of targets, so that one way checks and writes both."""
    rows = [{"id": t.pk, **{c: getattr(t, c) for c in TARGET_COLUMNS}} for t in terms.targets.order_by("due_on", "pk")]
    final = next((r for r in reversed(rows) if r["role"] == FINAL), None)
    if final is not None:
        final.update(change.final)
    if "unit" in change.final:
        for row in rows:
            row["unit"] = change.final["unit"]
    try_first = sorted(rows, key=lambda row: row["role"] != FINAL)  # so that messages name the final one as targets-0
    return replace(change, final={}, targets=try_first)


def _write_targets(terms: Terms, rows: list[dict[str, Any]] | None) -> None:
    """Rows with an id are changed, others made, the rest goes."""
    if rows is None:
        return
    terms.targets.exclude(pk__in=[row["id"] for row in rows if row.get("id")]).delete()
    for row in rows:
        values = {name: value for name, value in row.items() if name != "id"}
        if not (row.get("id") and terms.targets.filter(pk=row["id"]).update(**values)):
            Target.objects.create(government_id=terms.government_id, terms=terms, locator=terms.locator, **values)


def _write_steps(terms: Terms, rows: list[dict[str, Any]]) -> None:
    terms.steps.all().delete()
    Step.objects.bulk_create(Step(government_id=terms.government_id, terms=terms, position=n, **row) for n, row in enumerate(rows, start=1))


def lay_step(terms: Terms) -> None:
    """A task whose text gives no step has one, due with the task."""
    if terms.steps.filter(stated=True).exists():
        return
    due = terms.targets.filter(role=FINAL).aggregate(due=Max("due_on"))["due"]
    values = {"name": terms.name[:120], "name_en": terms.name_en[:200], "due_on": due}
    if not terms.steps.update(**values):
        Step.objects.create(government_id=terms.government_id, terms=terms, position=1, stated=False, **values)


def _write_supports(terms: Terms, parts: Mapping[int, str]) -> None:
    terms.supports.exclude(department__in=parts).delete()
    there = dict(terms.supports.values_list("department_id", "part"))
    for department, part in parts.items():
        if department not in there:
            Support.objects.create(government_id=terms.government_id, terms=terms, department_id=department, part=part)
        elif part != there[department]:
            terms.supports.filter(department=department).update(part=part)


# the measure ----------------------------------------------------------------------------------------------------------


def is_own(measure: int, items: Iterable[int]) -> bool:
    """Whether these items alone read a measure, and none of them was published."""
    return not Item.objects.filter(measure=measure).exclude(pk__in=list(items)).exists()


def _write_past(item: Item, rows: list[dict[str, Any]]) -> None:
    """Earlier results of the item's measure: rows by their day."""
    there = {result.on: (result.value, result.locator) for result in PastResult.objects.filter(measure=item.measure_id)}
    if there == {row["on"]: (row["value"], row["locator"]) for row in rows}:
        return
    if not is_own(item.measure_id, [item.pk]):
        raise Wrong({"past-0-on": _("另有事项使用同一指标口径，不能在这里改它的口径。")})
    PastResult.objects.filter(measure=item.measure_id).exclude(on__in=[row["on"] for row in rows]).delete()
    for row in rows:
        key = {"government_id": item.government_id, "measure_id": item.measure_id, "on": row["on"]}
        PastResult.objects.update_or_create(**key, defaults={"value": row["value"], "locator": row["locator"]})


def _write_measure(item: Item, change: ItemChange) -> None:
    """The item's own measure goes with it: its unit, its name, its kind, and who leads reports where nobody else was named."""
    measure = item.measure
    if change.item.get("measure_id", measure.pk) != measure.pk:
        return
    wanted = {name: value for name, value in change.measure.items() if getattr(measure, name) != value}
    if not is_own(measure.pk, [item.pk]):
        if wanted:
            raise Wrong(dict.fromkeys((name.removesuffix("_id") for name in wanted), _("另有事项使用同一指标口径，不能在这里改它的口径。")))
        return
    old = item.terms.filter(published_at__isnull=True).values_list("name", "name_en").get()
    for name, before in zip(("name", "name_en"), old, strict=True):
        if name in change.terms and getattr(measure, name) == before:
            wanted.setdefault(name, change.terms[name])
    if "kind" in change.item:
        wanted["kind"] = Measure.Kind.STEPS if change.item["kind"] == Item.Kind.TASK else Measure.Kind.NUMBER
    lead = change.terms.get("lead_id")
    if lead and "reporter_id" not in wanted and measure.reporter_id in (None, item.terms.values_list("lead", flat=True).get(published_at__isnull=True)):
        wanted["reporter_id"] = lead
    unit = next((row["unit"] for row in change.targets or [] if row.get("role", FINAL) == FINAL), measure.unit)
    if unit != measure.unit:
        wanted.setdefault("unit", unit)
    if wanted:
        Measure.objects.filter(pk=measure.pk).update(**wanted, version=F("version") + 1)
