"""责任分解: what the pages of consulting, answering, publishing and signing show."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from people import clock
from people.access import Person
from people.departments import house
from people.models import Department, Role
from plans.consulting import Asked, asked, is_over, may_answer, orphaned
from plans.issued_tables import SharingTable, table_of
from plans.models import Consultation, Issuance, IssuanceFile, Item, Opinion, Plan, Signature
from plans.models.sharing import asked_plans
from plans.sharing_out import InTheWay, in_the_way

Kind = Opinion.Kind
DRAFTS = (Plan.State.DRAFT, Plan.State.CONSULTATION)


# what waits -----------------------------------------------------------------------------------------------------------


def asked_of(person: Person) -> QuerySet[Any]:
    """Consultations that are open to the person's department, with how many rows it has and how many it has answered."""
    mine = Q(terms__lead=person.department_id) | Q(terms__supports__department=person.department_id) | Q(measure__reporter=person.department_id)
    rows = Item.objects.filter(mine, plan=OuterRef("plan")).order_by().values("plan").annotate(n=Count("pk", distinct=True)).values("n")
    mine_too = house(person.government_id, person.department_id)  # what was said by a department that went up in this one counts for it
    said = Opinion.objects.filter(consultation=OuterRef("pk"), department__in=mine_too, item__plan=OuterRef("plan")).exclude(kind=Kind.SILENT)
    spoken = said.order_by().values("consultation").annotate(n=Count("item", distinct=True)).values("n")
    return (
        Consultation.objects.visible_to(person)
        .filter(plan__state=Plan.State.CONSULTATION)
        .select_related("plan")
        .annotate(rows=_counted(rows), spoken=_counted(spoken))
        .order_by("until_on", "pk")
    )


def _counted(found: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def papers_of(person: Person) -> QuerySet[Signature]:
    """What the person's department was asked to sign for, unsigned first."""
    return (
        Signature.objects.visible_to(person)
        .filter(department=person.department_id)
        .select_related("issuance__plan", "signed_by")
        .order_by(F("signed_at").asc(nulls_first=True), "-issuance__published_at")
    )


@dataclass(frozen=True)
class Waiting:
    """What waits for the person's department."""

    consultations: list[Consultation]
    papers: list[Signature]

    def __bool__(self) -> bool:
        return bool(self.consultations or self.papers)


def waiting(person: Person, at: dt.datetime) -> Waiting:
    """Rows to answer and papers to sign. 2 statements."""
    open_ones = asked_of(person).filter(until_on__gte=clock.day_of(at, person.user.government.zone), rows__gt=F("spoken"))
    return Waiting(list(open_ones), list(papers_of(person).filter(signed_by__isnull=True)))


# the list -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Board:
    """The first page: of a department what it was asked and got; of supervisors every draft and every paper."""

    asked: list[Consultation]
    papers: list[Signature]
    drafts: list[Plan]
    issued: list[Issuance]


def board(person: Person) -> Board:
    """At most 4 statements."""
    answers, makes = person.has(Role.REPORTER, Role.REVIEWER), person.reads_drafts
    drafts = Plan.objects.visible_to(person).filter(state__in=DRAFTS).select_related("consultation").order_by("position", "code")
    signed = {"asked": Count("signatures"), "signed": Count("signatures", filter=Q(signatures__signed_by__isnull=False))}
    issued = Issuance.objects.visible_to(person).filter(state=Issuance.State.PUBLISHED).select_related("plan").annotate(**signed).order_by("-published_at")
    return Board(
        list(asked_of(person)) if answers else [],
        list(papers_of(person)) if answers else [],
        list(drafts.annotate(objections=_open_objections())) if makes else [],
        list(issued) if makes else [],
    )


def _open_objections() -> Coalesce:
    """Objections of a plan that are a department's last word and have no reply."""
    later = Opinion.objects.filter(
        consultation=OuterRef("consultation"), item=OuterRef("item"), department=OuterRef("department"), number__gt=OuterRef("number")
    )
    left = Opinion.objects.filter(consultation__plan=OuterRef("pk"), kind=Kind.OBJECT, reply__isnull=True).annotate(later=Subquery(later.values("pk")[:1]))
    return _counted(left.filter(later__isnull=True).order_by().values("consultation").annotate(n=Count("pk")).values("n"))


# the supervisor's page ------------------------------------------------------------------------------------------------


@dataclass
class Answered:
    """How far one department is."""

    department: Department
    rows: int = 0
    accepted: int = 0
    objected: int = 0
    silent: int = 0
    last_at: dt.datetime | None = None

    @property
    def left(self) -> int:
        return self.rows - self.accepted - self.objected - self.silent


@dataclass(frozen=True)
class Objection:
    """An objection with its row, where that is still there."""

    opinion: Opinion
    row: Asked | None

    @property
    def reply(self) -> Any:
        return getattr(self.opinion, "reply", None)

    @property
    def wants(self) -> list[tuple[str, str, Any]]:
        """What it proposes otherwise than the row said then: (field, what it said, what it should say)."""
        said = json.loads(self.opinion.seen)
        pairs = (("lead", self.opinion.lead.name if self.opinion.lead else ""), ("name", self.opinion.wording), ("due", self.opinion.due_on))
        return [(name, said.get(name, ""), new) for name, new in pairs if new and str(new) != said.get(name)]


@dataclass(frozen=True)
class ConsultationPage:
    plan: Plan
    consultation: Consultation | None
    over: bool
    departments: list[Answered]
    objections: list[Objection]  # unanswered first
    rows: int

    @property
    def open(self) -> list[Objection]:
        return [one for one in self.objections if one.reply is None]

    @property
    def done(self) -> list[Objection]:
        return [one for one in self.objections if one.reply is not None]

    @property
    def silent(self) -> list[Answered]:
        """Departments that have said nothing to some of their rows."""
        return [one for one in self.departments if one.left or one.silent]


def plan_of(person: Person, code: str) -> Plan | None:
    return Plan.objects.visible_to(person).select_related("document", "government", "consultation", "closure__by").filter(code=code).first()


def consultation_page(person: Person, code: str, at: dt.datetime) -> ConsultationPage | None:
    """None where there is no such plan for this person, or it was never consulted on and is out. A fixed number of statements."""
    plan = plan_of(person, code)
    consultation = getattr(plan, "consultation", None)
    if plan is None or (consultation is None and plan.state not in DRAFTS):
        return None
    rows = asked(plan)
    there = {row.key: row for row in rows}
    spoken = [row.last for row in rows if row.last is not None and row.last.kind == Kind.OBJECT] + (orphaned(plan) if consultation else [])
    objections = [Objection(opinion, there.get((opinion.item_id, opinion.department_id))) for opinion in spoken]
    objections.sort(key=lambda one: one.reply is not None)
    return ConsultationPage(plan, consultation, consultation is not None and is_over(consultation, at), _departments(rows), objections, len(rows))


def _departments(rows: Iterable[Asked]) -> list[Answered]:
    found: dict[int, Answered] = {}
    for row in rows:
        one = found.setdefault(row.department.pk, Answered(row.department))
        one.rows += 1
        if row.last is not None:
            one.accepted += row.last.kind == Kind.ACCEPT
            one.objected += row.last.kind == Kind.OBJECT
            one.silent += row.last.kind == Kind.SILENT
            one.last_at = max(filter(None, (one.last_at, None if row.last.kind == Kind.SILENT else row.last.at)), default=None)
    return sorted(found.values(), key=lambda one: (one.department.position, one.department.code))


# the department's page ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerPage:
    """`why_not`: why this person does not answer now; "" where he does."""

    plan: Plan
    consultation: Consultation
    over: bool
    rows: list[Asked]
    gone: list[Opinion]
    why_not: str
    departments: list[Department]
    signature: Signature | None
    files: list[IssuanceFile] = field(default_factory=list)

    @property
    def waiting(self) -> list[Asked]:
        return [row for row in self.rows if row.waits]

    @property
    def changed(self) -> int:
        return sum(bool(row.changed) for row in self.rows)


def answer_page(person: Person, code: str, at: dt.datetime) -> AnswerPage | None:
    """The rows of the person's own department; None where it was not asked. A fixed number of statements."""
    if not person.has(Role.REPORTER, Role.REVIEWER):
        return None
    found = Consultation.objects.visible_to(person).select_related("plan__document", "plan__government").filter(plan__code=code)
    consultation = found.filter(plan__in=asked_plans_of(person)).first()
    if consultation is None:
        return None
    plan = consultation.plan
    rows = asked(plan, person.department_id)
    there = {row.terms.item_id for row in rows}
    gone = Opinion.objects.visible_to(person).filter(consultation=consultation, department=person.department_id, kind=Kind.OBJECT).exclude(item__in=there)
    return AnswerPage(
        plan, consultation, is_over(consultation, at), sorted(rows, key=lambda row: not row.waits), list(gone.select_related("reply__by")),
        may_answer(plan, person, at), list(Department.objects.visible_to(person).filter(until_on__isnull=True)), papers_of(person).filter(issuance__plan=plan).first(),
    )  # fmt: skip


def asked_plans_of(person: Person) -> QuerySet[Plan]:
    """Plans that the person's own department was asked about."""
    return asked_plans(person.department_id)


def signature_of(person: Person, code: str) -> Signature | None:
    """What the person's department was asked to sign for."""
    return papers_of(person).select_related("department").filter(issuance__plan__code=code).first()


# publishing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicationPage:
    """`way` is None where nothing is to be published: no consultation yet, or published."""

    plan: Plan
    table: SharingTable
    way: InTheWay | None
    issuance: Issuance | None
    files: list[IssuanceFile]
    signatures: list[Signature]

    @property
    def unsigned(self) -> list[Signature]:
        return [one for one in self.signatures if one.signed_by_id is None]


def publication_page(person: Person, code: str, at: dt.datetime) -> PublicationPage | None:
    """None where there is no such plan for this person, or it was published without sharing out. A fixed number of statements."""
    plan = plan_of(person, code)
    if plan is None:
        return None
    issued = Issuance.objects.visible_to(person).filter(plan=plan).exclude(state=Issuance.State.TAKEN_BACK)
    issuance = issued.select_related("proposed_by", "published_by", "plan").first()
    if issuance is None and plan.state not in DRAFTS:
        return None
    signatures: list[Signature] = (
        list(Signature.objects.visible_to(person).filter(issuance=issuance).select_related("department", "signed_by")) if issuance else []
    )
    return PublicationPage(
        plan, table_of(plan, issuance.number if issuance else "", issuance.dated_on if issuance else None),
        in_the_way(plan, at) if plan.state == Plan.State.CONSULTATION else None, issuance, files_of(person, plan.code),
        sorted(signatures, key=lambda one: (one.signed_by_id is not None, one.department.position)),
    )  # fmt: skip


def files_of(person: Person, code: str) -> list[IssuanceFile]:
    """The papers of a published plan, without their bytes. 1 statement."""
    found = IssuanceFile.objects.visible_to(person).filter(issuance__plan__code=code, issuance__state=Issuance.State.PUBLISHED)
    return list(found.defer("content").order_by("kind"))


def file_of(person: Person, code: str, kind: str) -> IssuanceFile | None:
    return IssuanceFile.objects.visible_to(person).filter(issuance__plan__code=code, issuance__state=Issuance.State.PUBLISHED, kind=kind).first()


def opinion_of(person: Person, code: str, pk: str) -> Opinion | None:
    """An objection to a plan, for those who answer it."""
    if not pk.isdecimal() or len(pk) > 15:
        return None
    found = Opinion.objects.visible_to(person).filter(consultation__plan__code=code, kind=Kind.OBJECT)
    return found.select_related("consultation__plan__government", "department", "lead").filter(pk=pk).first()
