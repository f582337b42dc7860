"""Keeps the contradictions that are found among published promises, and what people decide about them.

`sweep` runs again whenever something was published and changes nothing where nothing changed: a conflict is known by its two sides and
their figures, so that what was dismissed stays dismissed until an amendment changes a figure.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Government, Role
from plans.conflicts.detecting import detect
from plans.conflicts.promises import Finding, Promise, Result, said
from plans.editing.rights import NotAllowed, Overtaken
from plans.models import Conflict, ConflictDecision, PastResult, Plan, Target, Terms

State = Conflict.State
LONGEST = 4000


@dataclass(frozen=True)
class Published:
    """The promises of a government as last published, and the target behind each."""

    promises: dict[tuple[str, str], Promise] = field(default_factory=dict)
    targets: dict[tuple[str, str], Target] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)


@dataclass(frozen=True)
class Swept:
    """`found`: contradictions there are; `new` of them were not known; `lapsed`: open ones that an amendment has settled."""

    found: int
    new: int
    lapsed: int


def published(government: Government) -> Published:
    """3 statements."""
    rows = Terms.objects.of(government).published().filter(item__plan__state__in=(Plan.State.PUBLISHED, Plan.State.CLOSED)).order_by("from_on", "pk")
    latest = {t.item_id: t for t in rows.select_related("item__plan", "item__measure", "item__part_of")}
    finals = Target.objects.of(government).filter(terms__in=[t.pk for t in latest.values()], role=Target.RoleInPath.FINAL).order_by("due_on", "pk")
    last = {target.terms_id: target for target in finals}
    whole = Published(results=[Result(*r) for r in PastResult.objects.of(government).values_list("measure__code", "on", "value", "locator")])
    for terms in latest.values():
        target = last.get(terms.pk)
        if terms.withdrawn or target is None or target.due_on is None:
            continue
        promise = _promise(terms, target)
        whole.promises[promise.at], whole.targets[promise.at] = promise, target
    return whole


def _promise(terms: Terms, target: Target) -> Promise:
    item, due_on = terms.item, target.due_on or dt.date.max
    return Promise(
        item.plan.code, item.code, terms.name, item.measure.code, target.unit, terms.accrual, terms.reading, target.comparator, target.value,
        target.value_high, target.from_on, due_on, target.locator or terms.locator, terms.average, terms.baseline, terms.baseline_on,
        item.part_of.code if item.part_of else "", terms.adding, item.kind == "task",
    )  # fmt: skip


def sweep(government: Government, at: dt.datetime) -> Swept:
    """Lists what contradicts and is not listed, and closes open entries whose cause an amendment took away. Idempotent. A fixed number
    of statements, and one an entry that changed."""
    with transaction.atomic():
        Government.objects.select_for_update().filter(pk=government.pk).values_list("pk").get()
        there = published(government)
        findings = detect(there.promises.values(), there.results)
        known = list(Conflict.objects.of(government).select_related("target_a__terms__item__plan", "target_b__terms__item__plan"))
        _heal(known, there)
        keys, waiting = {c.key for c in known}, {pair_of(c): c for c in known if c.state == State.OPEN}
        found = {f.pair for f in findings}
        fresh = [f for f in findings if f.key not in keys]
        again = [(waiting[f.pair], f) for f in fresh if f.pair in waiting]
        for conflict, finding in again:
            Conflict.objects.filter(pk=conflict.pk).update(**_columns(finding, there), why="", why_en="", version=F("version") + 1)
        _follow([c for pair, c in waiting.items() if c.rule == Conflict.Rule.READ and pair not in found], there)
        made = Conflict.objects.bulk_create(Conflict(government=government, kind=f.kind, **_columns(f, there)) for f in fresh if f.pair not in waiting)
        gone = [c for pair, c in waiting.items() if pair not in found and _is_gone(c, there)]
        Conflict.objects.filter(pk__in=[c.pk for c in gone], state=State.OPEN).update(state=State.LAPSED, version=F("version") + 1)
        swept = Swept(len(findings), len(made) + len(again), len(gone))
        if swept.new or swept.lapsed:
            facts = {"listed": swept.new, "lapsed": swept.lapsed}
            audit.record(government, actor=None, verb="conflicts swept", subject=f"government:{government.pk}", at=at, facts=facts)
    return swept


def _follow(read: Iterable[Conflict], there: Published) -> None:
    """What a person read stays open with the targets as they are now."""
    for conflict in read:
        ats = [(t.terms.item.plan.code, t.terms.item.code) for t in (conflict.target_a, conflict.target_b) if t is not None]
        if any(at not in there.promises for at in ats):
            continue
        other = [] if conflict.target_b else [_stated(conflict.result)]
        key = " | ".join(sorted([*(said(there.promises[at]) for at in ats), *other]))
        if key != conflict.key:
            first, *second = sorted((there.targets[at] for at in ats), key=lambda t: t.pk)
            sides = {"target_a": first, "target_b": second[0] if second else None}
            Conflict.objects.filter(pk=conflict.pk).update(key=key, version=F("version") + 1, **sides)


def _heal(known: Iterable[Conflict], there: Published) -> None:
    """Entries of a time before keys are known by what their promises say now."""
    for conflict in known:
        ats = [(t.terms.item.plan.code, t.terms.item.code) for t in (conflict.target_a, conflict.target_b) if t is not None]
        if not conflict.key and len(ats) == 2 and all(at in there.promises for at in ats):
            conflict.key = " | ".join(sorted(said(there.promises[at]) for at in ats))
            Conflict.objects.filter(pk=conflict.pk).update(key=conflict.key)


def pair_of(conflict: Conflict) -> str:
    """As `Finding.pair` of the same two sides."""
    sides = [f"{t.terms.item.plan.code} {t.terms.item.code}" for t in (conflict.target_a, conflict.target_b) if t is not None]
    if conflict.target_b is None:
        sides.append(f"{conflict.result.get('measure')} {conflict.result.get('on')}")
    return " | ".join(sorted(sides))


def _is_gone(conflict: Conflict, there: Published) -> bool:
    """What a rule found is gone with its figures; what a person read is gone with the promise alone."""
    ats = [(t.terms.item.plan.code, t.terms.item.code) for t in (conflict.target_a, conflict.target_b) if t is not None]
    return conflict.rule != Conflict.Rule.READ or any(at not in there.promises for at in ats)


def _columns(finding: Finding, there: Published) -> dict[str, Any]:
    a = there.targets[finding.a.at]
    given: dict[str, Any] = {"rule": finding.rule, "key": finding.key, "facts": {**finding.facts, "unit": finding.a.unit}}
    if isinstance(finding.b, Result):
        measure = finding.b
        result = {"measure": measure.measure, "value": str(measure.value), "unit": finding.a.unit, "on": measure.on.isoformat(), "locator": measure.locator}
        return {**given, "target_a": a, "target_b": None, "result": {**result, "name": finding.a.name}}
    first, second = sorted((a, there.targets[finding.b.at]), key=lambda t: t.pk)
    return {**given, "target_a": first, "target_b": second}


def list_read(government: Government, rows: Iterable[dict[str, Any]]) -> int:
    """Lists contradictions that people read out of the documents and that are not listed yet; what was decided about others stays.

    A row: sides a and b ({plan, item}, of b also {result: {measure, name, name_en, value, unit, on, locator}}), kind, why, why_en.
    Returns how many are new.
    """
    there = published(government)
    known = {pair_of(c) for c in Conflict.objects.of(government).select_related("target_a__terms__item__plan", "target_b__terms__item__plan")}
    new = []
    for row in rows:
        at = (row["a"]["plan"], row["a"]["item"])
        result = row["b"].get("result", {})
        other = None if result else (row["b"]["plan"], row["b"]["item"])
        if at not in there.targets or (other and other not in there.targets):
            continue
        targets = sorted([there.targets[at], *([there.targets[other]] if other else [])], key=lambda t: t.pk)
        words = {"kind": row["kind"], "why": row["why"], "why_en": row["why_en"]}
        conflict = Conflict(government=government, target_a=targets[0], target_b=targets[1] if other else None, result=result, **words)
        conflict.key = " | ".join(sorted((said(there.promises[at]), said(there.promises[other]) if other else _stated(result))))
        if pair_of(conflict) not in known:
            known.add(pair_of(conflict))
            new.append(conflict)
    return len(Conflict.objects.bulk_create(new))


def _stated(result: dict[str, Any]) -> str:
    return f"{result['measure']} {result['on']} {result['value']}"


def decide(conflict: Conflict, state: str, kind: str, counts: Target | None, reason: str, by: Person, at: dt.datetime, version: int) -> ConflictDecision:
    """Resolves a conflict by naming the side that counts, dismisses it, or opens it again; with a reason, kept for good.

    Raises: NotAllowed for all but a supervisor of the government, an unknown state or class, no reason, a resolution that names neither
    side, or where nothing would change; Overtaken where somebody else decided since it was read.
    """
    if not by.has(Role.SUPERVISOR) or by.government_id != conflict.government_id:
        raise NotAllowed(_("只有督查员可以裁定目标冲突。"))
    words = reason.strip()
    if wrong := _wrong(conflict, state, kind, counts, words):
        raise NotAllowed(" ".join(wrong.values()), wrong)
    named = counts if state == State.RESOLVED else None
    with transaction.atomic():
        mine = Conflict.objects.filter(pk=conflict.pk, version=version)
        decided = {"by": None if state == State.OPEN else by.user, "reason": words, "decided_at": at, "counts": named, "kind": kind}
        if mine.update(state=state, version=F("version") + 1, **decided) != 1:
            raise Overtaken(_("这处冲突刚被别人裁定过，请看过再办。"))
        made = ConflictDecision.objects.create(
            government_id=conflict.government_id, conflict=conflict, state=state, kind=kind, counts=named, reason=words, by=by.user, at=at
        )
        before = {"state": str(conflict.state), "class": conflict.kind, "counts": _named(conflict.counts)}
        after = {"state": str(state), "class": kind, "counts": _named(named)}
        facts = {"about": pair_of(conflict), "before": before, "after": after, "why": words}
        audit.record(conflict.government_id, actor=by.user, verb="conflict decided", subject=f"conflict:{conflict.pk}", at=at, facts=facts)
    return made


def _wrong(conflict: Conflict, state: str, kind: str, counts: Target | None, words: str) -> dict[str, str]:
    wrong = {}
    if state not in (State.RESOLVED, State.DISMISSED, State.OPEN) or (state == State.OPEN and conflict.state == State.OPEN):
        wrong["state"] = _("请选怎样裁定。")
    if kind not in Conflict.Kind.values:
        wrong["kind"] = _("请选一类。")
    if state == State.RESOLVED and (counts is None or counts.pk not in (conflict.target_a_id, conflict.target_b_id)):
        wrong["counts"] = _("请选以哪处为准。")
    if not words:
        wrong["reason"] = _("请写明理由。")
    elif len(words) > LONGEST:
        wrong["reason"] = _("最长 %(n)d 个字。") % {"n": LONGEST}
    return wrong


def _named(target: Target | None) -> str:
    return f"{target.terms.item.plan.code} {target.terms.item.code}" if target else ""
