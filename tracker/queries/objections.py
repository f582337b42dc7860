"""Objections as a list, one as a page, and those that wait for a supervisor. A fixed number of statements each."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from people import clock
from people.access import Person
from people.language import in_language
from people.models import Department, Role
from plans.models import Amendment, Item, Terms
from tracker import formats, objecting
from tracker.models import Excuse, Objection, ObjectionFile, ObjectionTurn, ProgressReport
from tracker.queries.judgements import ItemSeen, item_seen

State = Objection.State
FIELDS = ("pk", "kind", "state", "wrong", "opened_on", "due_on", "closed_on", "named__name", "named_id", "review_asked_at", "item__code", "item__plan__code",
          "department__name", "department__name_en", "department__short", "item_name", "item_name_en")  # fmt: skip


@dataclass(frozen=True)
class ObjectionRow:
    pk: int
    name: str
    plan: str
    code: str
    kind: str
    wrong: str
    department: str
    short: str
    opened_on: dt.date
    due_on: dt.date
    named: str
    state: str
    in_review: bool
    late: bool  # open past the limit
    closed_on: dt.date | None


def objections(person: Person) -> QuerySet[Objection]:
    """Those that a person may read, with the names of their items."""
    latest = Terms.objects.filter(item=OuterRef("item"), published_at__isnull=False).order_by("-from_on", "-pk")
    return Objection.objects.visible_to(person).annotate(item_name=Subquery(latest.values("name")[:1]), item_name_en=Subquery(latest.values("name_en")[:1]))


def late(found: QuerySet[Objection], day: dt.date) -> QuerySet[Objection]:
    """Open past their limit."""
    return found.filter(state=State.OPEN, due_on__lt=day)


def rows(found: Iterable[Mapping[str, Any]], day: dt.date) -> list[ObjectionRow]:
    """The rows of `.values(*FIELDS)`."""
    return [
        ObjectionRow(
            row["pk"], in_language(row["item_name"] or row["item__code"], row["item_name_en"] or row["item__code"]), row["item__plan__code"], row["item__code"],
            str(Objection.Kind(row["kind"]).label), row["wrong"], in_language(row["department__name"], row["department__name_en"]),
            in_language(row["department__short"], row["department__name_en"]), row["opened_on"], row["due_on"], row["named__name"] or "", row["state"],
            row["state"] == State.OPEN and row["review_asked_at"] is not None, row["state"] == State.OPEN and row["due_on"] < day, row["closed_on"],
        )
        for row in found
    ]  # fmt: skip


def chip_counts(found: QuerySet[Objection], person: Person, day: dt.date) -> dict[str, dict[str, int]]:
    """How many there are behind each chip. 1 statement."""
    of_state = {f"state_{state.value}": Count("pk", filter=Q(state=state)) for state in State}
    told = found.aggregate(
        **of_state, late=Count("pk", filter=Q(state=State.OPEN, due_on__lt=day)), mine=Count("pk", filter=Q(state=State.OPEN, named=person.id))
    )
    return {"state": {state.value: told[f"state_{state.value}"] for state in State}, "late": {"1": told["late"]}, "mine": {"1": told["mine"]}}


def departments_of(person: Person) -> list[tuple[str, str]]:
    """Whose objections a list can be narrowed to; none where it holds one's own alone. 1 statement."""
    if not person.reads_all:
        return []
    return [(d.code, d.short_title) for d in Department.objects.visible_to(person).filter(objections__isnull=False).distinct()]


def waiting(person: Person, at: dt.datetime) -> list[ObjectionRow]:
    """On a supervisor's own page: what is named to him, and whatever is open past its limit; the first due first. 1 statement."""
    if not person.has(Role.SUPERVISOR):
        return []
    day = clock.day_of(at, person.user.government.zone)
    mine = Q(named=person.id) | Q(named__isnull=True) | Q(due_on__lt=day)
    return rows(objections(person).filter(mine, state=State.OPEN).order_by("due_on", "pk").values(*FIELDS), day)


@dataclass(frozen=True)
class Way:
    """One of the ways by which an objection that was upheld is made good; `url`: the name and arguments of its page."""

    subject: str
    words: str
    url: str


@dataclass(frozen=True)
class ObjectionPage:
    objection: Objection
    seen: ItemSeen
    turns: list[ObjectionTurn]
    files: list[ObjectionFile]
    done: list[Way]
    ways: list[Way]
    answers: bool  # the reader is the one who is to answer
    takes_over: bool
    asks_review: bool
    late: bool


def objection_page(person: Person, pk: int, at: dt.datetime) -> ObjectionPage | None:
    """None where there is none for this person."""
    found = Objection.objects.visible_to(person).select_related("item__plan", "made_by", "named", "department", "government", "report__period__cycle")
    one = found.filter(pk=pk).first()
    seen = item_seen(person, one.item.plan.code, one.item.code, at) if one else None
    if one is None or seen is None:
        return None
    day, government = clock.day_of(at, person.user.government.zone), person.user.government
    is_open, upheld = one.state == State.OPEN, one.state in (State.UPHELD, State.PARTLY)
    could = is_open and person.has(Role.SUPERVISOR) and not (one.in_review and person.id == one.answered_by_id)
    linked = list(one.remedies.order_by("pk").values_list("subject", flat=True))
    others = [subject for subject in objecting.ways(one) if subject not in linked] if upheld and person.has(Role.SUPERVISOR) else []
    told = _ways([*linked, *others])
    return ObjectionPage(
        one, seen, list(one.turns.select_related("by")), list(one.files.order_by("pk")), [told[s] for s in linked if s in told],
        [told[s] for s in others if s in told], could and one.named_id == person.id, could and one.named_id != person.id,
        objecting.may_object(one.department_id, person, day) and objecting.may_ask_review(one, government, day), is_open and one.due_on < day,
    )  # fmt: skip


def _ways(subjects: Iterable[str]) -> dict[str, Way]:
    """The amendments, corrections and excuses named, in words. 3 statements."""
    keys: dict[str, list[int]] = {"amendment": [], "report": [], "excuse": []}
    for subject in subjects:
        kind, _mark, key = subject.partition(":")
        keys[kind].append(int(key))
    found = {}
    for amendment in Amendment.objects.filter(pk__in=keys["amendment"]).select_related("plan"):
        words = (
            f"{amendment.plan.short_title} #{amendment.number}: {amendment.reason}" if amendment.reason else f"{amendment.plan.short_title} #{amendment.number}"
        )
        found[f"amendment:{amendment.pk}"] = Way(f"amendment:{amendment.pk}", words, reverse("amendment", args=[amendment.pk]))
    for report in ProgressReport.objects.filter(pk__in=keys["report"]).select_related("period__cycle", "measure"):
        words = f"{report.measure}, {report.period.title}: {report.reason}"
        found[f"report:{report.pk}"] = Way(f"report:{report.pk}", words, reverse("report", args=[report.duty_id]))
    for excuse in Excuse.objects.filter(pk__in=keys["excuse"]).select_related("item__plan"):
        words = _("正当理由，至%(day)s：%(reason)s") % {"day": formats.full_day(excuse.until_on), "reason": excuse.reason}
        found[f"excuse:{excuse.pk}"] = Way(f"excuse:{excuse.pk}", words, reverse("excuse", args=[excuse.item.plan.code, excuse.item.code]))
    return found


def returned_report(person: Person, item: Item, pk: str) -> ProgressReport | None:
    """A report of one's own department for the item's measure that was returned. 1 statement where one is named."""
    if not pk.isdecimal() or len(pk) > 15:
        return None
    mine = ProgressReport.objects.visible_to(person).filter(measure=item.measure_id, state=ProgressReport.State.RETURNED)
    return mine.select_related("period__cycle").filter(pk=int(pk)).first()


def file_of(person: Person, pk: int) -> ObjectionFile | None:
    """A file of an objection that a person may read. 1 statement."""
    return ObjectionFile.objects.visible_to(person).filter(pk=pk).first()
