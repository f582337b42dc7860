"""plan → next plan: each item is done, carried over, continued as a series, or dropped because; of these the next plan's draft is made.

What is proposed comes from where the items stand. A supervisor decides item by item; what is dropped takes a second one. The draft
holds no target that nobody set: a series goes on without its figure until somebody enters it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Department, Government
from plans.editing.rights import NotAllowed, may_make
from plans.exporting import export_plan, plain
from plans.importing import load_draft
from plans.models import Goal, Item, Plan, Terms
from tracker.models import Fate, Standing, Succession
from tracker.models.standings import Light

DAY = dt.timedelta(days=1)
LONGEST_SETTLING = dt.timedelta(days=366)
REASON_LENGTH = 200
Kind = Fate.Kind
GOES_ON = (Kind.CARRIED, Kind.CONTINUED)


@dataclass(frozen=True)
class Choice:
    """What one item is to become. `seen`: what the person saw decided before, '' for nothing."""

    kind: str
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Decided:
    """What came of choices: how many were written; by item what is wrong with a choice, in words."""

    written: int
    wrong: Mapping[int, str]


def proposal(kind: str, accrual: str, light: str) -> str:
    """What an item's standing suggests: a task or a total that is reached is done, one that is not is carried over, rates and levels go on."""
    if kind == Item.Kind.TASK or accrual == Terms.Accrual.CUMULATIVE:
        return Kind.DONE if light == Light.BLUE else Kind.CARRIED
    return Kind.CONTINUED


def begin(plan: Plan, by: Person, at: dt.datetime) -> Succession:
    """Opens the succession of a published plan, or finds it. Raises: NotAllowed for the wrong role, or a plan that is a draft."""
    may_make(by, plan.government_id)
    if plan.state not in (Plan.State.PUBLISHED, Plan.State.CLOSED):
        raise NotAllowed(_("规划还没有发布，不能接续。"))
    with transaction.atomic():
        row, made = Succession.objects.get_or_create(plan=plan, defaults={"government_id": plan.government_id, "begun_by": by.user, "begun_at": at})
        if made:
            _record(row, by, at, "succession begun", {})
    return row


def decide(succession: Succession, choices: Mapping[int, Choice], by: Person, at: dt.datetime) -> Decided:
    """Writes what items become, by the item's id; a choice that says what stands already changes nothing.

    What is changed loses its confirmation. A choice made over what somebody else decided meanwhile is not written but named.
    Raises: NotAllowed for the wrong role, once the draft was made, or an item of another plan.
    """
    _open(succession, by)
    with transaction.atomic():
        there = {fate.item_id: fate for fate in Fate.objects.filter(succession=succession).select_related("by")}
        known = dict(Item.objects.filter(plan=succession.plan_id, pk__in=choices).values_list("pk", "code"))
        if len(known) != len(choices):
            raise NotAllowed(_("有的事项不属于这个规划。"))
        wrong = {item: why for item, choice in choices.items() if (why := _wrong(choice, there.get(item)))}
        new = {item: c for item, c in choices.items() if item not in wrong and c.kind and not _stands(c, there.get(item))}
        for item, choice in new.items():
            values = {"kind": choice.kind, "reason": choice.reason.strip(), "by": by.user, "at": at, "confirmed_by": None, "confirmed_at": None}
            Fate.objects.update_or_create(succession=succession, item_id=item, defaults={"government_id": succession.government_id, **values})
        if new:
            before = {known[item]: _said(there[item].kind, there[item].reason) for item in new if item in there}
            after = {known[item]: _said(choice.kind, choice.reason.strip()) for item, choice in new.items()}
            _record(succession, by, at, "fates decided", {"before": before, "after": after})
    return Decided(len(new), wrong)


def confirm(succession: Succession, items: Iterable[int], by: Person, at: dt.datetime) -> int:
    """The second person's word for what is dropped; returns how many were confirmed. Own decisions are passed over.

    Raises: NotAllowed for the wrong role, once the draft was made, or where every one of them was decided by the same person.
    """
    _open(succession, by)
    wanted = list(items)
    with transaction.atomic():
        waiting = Fate.objects.filter(succession=succession, item__in=wanted, kind=Kind.DROPPED, confirmed_by__isnull=True)
        codes = list(waiting.exclude(by=by.id).values_list("item__code", flat=True))
        done = waiting.exclude(by=by.id).update(confirmed_by=by.user, confirmed_at=at)
        if not done and wanted:
            raise NotAllowed(_("不再列入须由另一位督查员确认。"))
        _record(succession, by, at, "drops confirmed", {"items": sorted(codes)})
    return done


def settle(succession: Succession, until: dt.date, by: Person, at: dt.datetime) -> None:
    """Keeps the plan's last periods open for 核定 values up to and with a day: until then they are not locked.

    Raises: NotAllowed for the wrong role, or a day before the plan's end or more than a year after it.
    """
    may_make(by, succession.government_id)
    end = succession.plan.end
    if not end <= until <= end + LONGEST_SETTLING:
        raise NotAllowed(_("截止日须在 %(first)s 至 %(last)s 之间。") % {"first": end.isoformat(), "last": (end + LONGEST_SETTLING).isoformat()})
    with transaction.atomic():
        before = succession.settle_until
        Succession.objects.filter(pk=succession.pk).update(settle_until=until)
        _record(succession, by, at, "year kept open", {"before": {"until": before}, "after": {"until": until}})
    succession.settle_until = until


def make(succession: Succession, head: Mapping[str, Any], by: Person, at: dt.datetime) -> Plan:
    """Makes the draft of the next plan. `head`: code, title, title_en, number, issuer, date, start, end, as text.

    Raises: NotAllowed for the wrong role, twice, or while an item is undecided or a drop unconfirmed; BadPlan as `load_draft`.
    """
    _open(succession, by)
    with transaction.atomic():
        body = body_of(succession, head, clock.day_of(at, succession.government.zone))
        plan = load_draft(succession.government, body, by, at)
        if Succession.objects.filter(pk=succession.pk, successor__isnull=True).update(successor=plan) != 1:
            raise NotAllowed(_("下一年的草案已由他人生成。"))
        _record(succession, by, at, "succession made", {"successor": plan.code, "items": len(body["items"])})
    return plan


def body_of(succession: Succession, head: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """The next plan in the exported form, of what goes on. Raises: NotAllowed while something is undecided or unconfirmed."""
    plan = succession.plan
    fates = {fate.item.code: fate for fate in Fate.objects.filter(succession=succession).select_related("item")}
    old = export_plan(plan, min(day, plan.end))
    gone = set(in_force(plan, day).filter(withdrawn=True).values_list("item__code", flat=True))
    old["items"] = [item for item in old["items"] if item["code"] not in gone]
    undecided = [item["code"] for item in old["items"] if item["code"] not in fates]
    unconfirmed = [code for code, fate in fates.items() if fate.kind == Kind.DROPPED and fate.confirmed_by_id is None]
    if undecided:
        raise NotAllowed(_("还有 %(n)d 项没有决定去向。") % {"n": len(undecided)})
    if unconfirmed:
        raise NotAllowed(_("还有 %(n)d 项“不再列入”未经另一位督查员确认。") % {"n": len(unconfirmed)})
    return _Making(succession, head, old, fates, day).body()


class _Making:
    """The next plan's body out of the old one's, and where the items stand."""

    def __init__(self, succession: Succession, head: Mapping[str, Any], old: dict[str, Any], fates: Mapping[str, Fate], day: dt.date) -> None:
        self.plan, self.head, self.old, self.fates = succession.plan, head, old, fates
        self.start, self.end = dt.date.fromisoformat(head["start"]), dt.date.fromisoformat(head["end"])
        self.heirs = _heirs(succession.government, self.start)
        self.standings = standings_of(self.plan)
        self.terms = {t.item.code: t for t in in_force(self.plan, day).select_related("item")}

    def body(self) -> dict[str, Any]:
        head = self.head
        items = [self._item(item) for item in self.old["items"] if self.fates[item["code"]].kind in GOES_ON]
        used = {tuple(item["goal"][: n + 1]) for item in items for n in range(len(item["goal"]))}
        document = {"title": head["title"], "number": head["number"], "issuer": head["issuer"], "date": head["date"]}
        return {
            "code": head["code"], "title": head["title"], "title_en": head["title_en"] or head["title"], "document": document, "start": head["start"],
            "end": head["end"], "cycle": self.plan.cycle.name, "position": self.plan.position, "items": items,
            "goals": [{"path": list(path), "title_en": english} for path, english in _goal_paths(self.plan) if path in used],
        }  # fmt: skip

    def _item(self, old: dict[str, Any]) -> dict[str, Any]:
        terms, carried = self.terms[old["code"]], self.fates[old["code"]].kind == Kind.CARRIED
        task = old["kind"] == Item.Kind.TASK
        reporter = self._heir(old["measure"]["reporter"])
        return {
            **old, "name_en": terms.name_en, "weight": plain(terms.weight), "acceptance": terms.acceptance, "shares": None,
            "profile": old["profile"] if old["profile"] != Terms.Profile.SHARES else Terms.Profile.LINEAR,
            "baseline": None if task else self._baseline(old, terms), "targets": [self._target(old["targets"][-1], carried)],
            "steps": self._steps(old, terms) if task else [],
            "measure": None if task else {**old["measure"], "reporter": reporter},
            "source": {"document": self.head["title"], "locator": f"接续{self.plan.short or self.plan.title} {old['code']}"},
            "lead": self._heir(old["lead"]), "supporting": [name for name in map(self._heir, old["supporting"]) if name], "basis": Terms.Basis.ASSIGNED,
        }  # fmt: skip

    def _target(self, old: dict[str, Any], carried: bool) -> dict[str, Any]:
        """The same words by the new plan's end; a series waits for its figure."""
        value = {"value": old["value"], "value_high": old["value_high"]} if carried else {"value": None, "value_high": None}
        return {**old, **value, "start": (self.start - DAY).isoformat(), "due": self.end.isoformat(), "note": ""}

    def _baseline(self, old: dict[str, Any], terms: Terms) -> dict[str, str] | None:
        """The last accepted value of the measure; none for what is held against its target, which starts nowhere."""
        standing = self.standings.get(terms.item_id)
        report = standing.report if standing else None
        if old["accrual"] == Terms.Accrual.HELD or report is None or report.value is None:
            return None
        return {"date": min(report.cut_off, self.start - DAY).isoformat(), "value": plain(report.value) or "0"}

    def _steps(self, old: dict[str, Any], terms: Terms) -> list[dict[str, Any]]:
        """The steps that are not done; a day that has passed is open again."""
        standing = self.standings.get(terms.item_id)
        done = {step["name"] for step in (standing.facts.get("steps") if standing else None) or [] if step.get("done")}
        return [{**s, "due": s["due"] if s["due"] and s["due"] >= self.start.isoformat() else None} for s in old["steps"] if s["name"] not in done]

    def _heir(self, name: str | None) -> str | None:
        return self.heirs.get(name, name) if name else None


def in_force(plan: Plan, day: dt.date) -> QuerySet[Terms]:
    """A plan's terms on a day, those of its last one once it is over."""
    return Terms.objects.filter(item__plan=plan).in_force(min(day, plan.end))


def standings_of(plan: Plan) -> dict[int, Standing]:
    """Where each item of a plan stands now, by the item's id. 1 statement."""
    rows = Standing.objects.of(plan.government_id).at(plan.government.run).filter(item__plan=plan).select_related("report")
    return {row.item_id: row for row in rows if row.item_id}


def _heirs(government: Government, day: dt.date) -> dict[str, str | None]:
    """Name of a department that is closed by a day → its successor's that is not, None where there is none."""
    every = {d.pk: d for d in Department.objects.of(government)}
    return {d.name: _heir(d, every, day) for d in every.values() if _is_closed(d, day)}


def _heir(department: Department, every: Mapping[int, Department], day: dt.date) -> str | None:
    seen = {department.pk}
    while _is_closed(department, day):
        if department.successor_id is None or department.successor_id in seen:
            return None
        department = every[department.successor_id]
        seen.add(department.pk)
    return department.name


def _is_closed(department: Department, day: dt.date) -> bool:
    return department.until_on is not None and department.until_on < day


def _goal_paths(plan: Plan) -> list[tuple[tuple[str, ...], str]]:
    titles: dict[str, tuple[str, ...]] = {"": ()}
    found = []
    for goal in Goal.objects.filter(plan=plan).order_by("path"):
        above = goal.path[: goal.path.rstrip("/").rfind("/") + 1]
        titles[goal.path] = (*titles[above], goal.title)
        found.append((titles[goal.path], goal.title_en))
    return found


def _wrong(choice: Choice, there: Fate | None) -> str:
    if choice.kind and choice.kind not in Kind.values:
        return _("没有这种去向。")
    if choice.kind == Kind.DROPPED and not choice.reason.strip():
        return _("不再列入须写明原因。")
    if len(choice.reason.strip()) > REASON_LENGTH:
        return _("原因最多 %(n)d 字。") % {"n": REASON_LENGTH}
    if there is not None and choice.seen != there.kind and not _stands(choice, there):
        return _("%(name)s已决定：%(kind)s。") % {"name": there.by.name, "kind": there.get_kind_display()}
    return ""


def _stands(choice: Choice, there: Fate | None) -> bool:
    return there is not None and (there.kind, there.reason) == (choice.kind, choice.reason.strip())


def _said(kind: str, reason: str) -> str:
    return f"{kind}: {reason}" if reason else kind


def _open(succession: Succession, by: Person) -> None:
    may_make(by, succession.government_id)
    if succession.successor_id is not None:
        raise NotAllowed(_("下一年的草案已经生成，请到草案里修改。"))


def _record(succession: Succession, by: Person, at: dt.datetime, verb: str, facts: dict[str, Any]) -> None:
    facts = {"plan": succession.plan.code, **facts}
    audit.record(succession.government_id, actor=by.user, verb=verb, subject=f"succession:{succession.pk}", at=at, facts=facts)
