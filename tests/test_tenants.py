"""The funnel: every table of tenants says what a person may read of it, and nobody reads a row of another city."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from people import codes
from people.access import Person
from people.models import DepartmentName, OwnedQuerySet, Role
from plans.models import (
    Amendment,
    Attachment,
    BandRule,
    CheckAnswer,
    Closure,
    Conflict,
    ConflictDecision,
    Consultation,
    Document,
    DraftChange,
    Issuance,
    IssuanceFile,
    IssuedPaper,
    Item,
    Likeness,
    Measure,
    Opinion,
    PaperDoubt,
    PaperWord,
    Passage,
    PassageLink,
    PastResult,
    Plan,
    Publication,
    Reply,
    SetAside,
    Signature,
    Step,
    Target,
)
from tests import cast
from tests.tracker import answers
from tests.world import OCTOBER, World, laid
from tracker import criteria, evidence, excuses, objecting
from tracker.models import ClosingNote, Criterion, Explanation, Fate, JobRun, Judgement, Objection, ProgressReport, Remedy, Run, Succession

pytestmark = pytest.mark.django_db

# all, part or none of the city's rows; drafts stay in their department; the only task is the housing bureau's, and so are all steps done
READ = """
                          reporter builder reviewer supervisor leader administrator steward auditor
people.AuditEntry           none    none    none     all        none   none          none    all
people.Department           all     all     all      all        all    all           all     all
people.DepartmentName       all     all     all      all        all    all           all     all
people.Merger               all     all     all      all        all    all           all     all
people.OneTimeCode          none    none    none     none       none   all           part    none
people.Portfolio            all     all     all      all        all    all           all     all
people.RoleGrant            all     all     all      all        all    all           all     all
people.User                 all     all     all      all        all    all           all     all
plans.Attachment            all     all     all      all        all    all           all     all
plans.Amendment             part    part    part     all        part   part          part    all
plans.BandRule              all     all     all      all        all    all           all     all
plans.Bands                 part    part    part     all        part   part          part    all
plans.CheckAnswer           none    none    none     all        none   none          none    all
plans.Closure               all     all     all      all        all    all           all     all
plans.Conflict              none    none    none     all        all    none          none    all
plans.ConflictDecision      none    none    none     all        all    none          none    all
plans.Consultation          all     all     all      all        none   none          none    all
plans.Cycle                 all     all     all      all        all    all           all     all
plans.Document              all     all     all      all        all    all           all     all
plans.DraftChange           none    none    none     all        none   none          none    all
plans.Goal                  part    part    part     all        part   part          part    all
plans.Issuance              part    part    part     all        part   part          part    all
plans.IssuanceFile          part    part    part     all        part   part          part    all
plans.IssuedPaper           none    none    none     all        none   none          none    all
plans.Item                  part    part    part     all        part   part          part    all
plans.Likeness              all     all     all      all        all    all           all     all
plans.Measure               part    part    part     all        part   part          part    all
plans.Opinion               part    part    part     all        none   none          none    all
plans.PaperDoubt            none    none    none     all        none   none          none    all
plans.PaperWord             none    none    none     all        none   none          none    all
plans.Passage               all     all     all      all        all    all           all     all
plans.PassageLink           all     all     all      all        all    all           all     all
plans.PastResult            part    part    part     all        part   part          part    all
plans.Plan                  part    part    part     all        part   part          part    all
plans.Publication           part    part    part     all        part   part          part    all
plans.Reply                 part    part    part     all        none   none          none    all
plans.SetAside              all     all     all      all        all    all           all     all
plans.Signature             part    part    part     all        all    none          none    all
plans.Step                  part    part    part     all        part   part          part    all
plans.Support               part    part    part     all        part   part          part    all
plans.Target                part    part    part     all        part   part          part    all
plans.Terms                 part    part    part     all        part   part          part    all
tracker.Alert               part    part    part     all        all    none          part    all
tracker.Board               all     all     all      all        all    all           all     all
tracker.ClosingNote         all     all     all      all        all    all           all     all
tracker.Criterion           part    part    part     all        all    part          part    all
tracker.CriterionDemand     all     all     all      all        all    all           all     all
tracker.Duty                part    part    part     all        all    none          part    all
tracker.Excuse              part    part    part     all        all    none          part    all
tracker.Fate                none    none    none     all        none   none          none    all
tracker.Evidence            part    part    part     all        all    none          part    all
tracker.Explanation         all     all     all      all        all    all           all     all
tracker.JobRun              all     all     all      all        all    all           all     all
tracker.Finding             all     none    all     all        all    none          all     all
tracker.Judgement           part    part    part     all        all    none          part    all
tracker.Message             none    part    part     all        none   all           none    all
tracker.Objection           part    part    part     all        all    none          part    all
tracker.ObjectionFile       part    part    part     all        all    none          part    all
tracker.ObjectionTurn       part    part    part     all        all    none          part    all
tracker.Period              all     all     all      all        all    all           all     all
tracker.ProgressReport      part    part    part     part       part   none          part    part
tracker.Remedy              part    part    part     all        all    none          part    all
tracker.ReportEvent         part    part    part     part       part   none          part    part
tracker.Run                 all     all     all      all        all    all           all     all
tracker.Sample              none    none    none    all        all    none          none    all
tracker.Sampled             all     none    all     all        all    none          all     all
tracker.SampledFile         all     none    all     all        all    none          all     all
tracker.Standing            all     all     all      all        all    all           all     all
tracker.Succession          none    none    none     all        none   none          none    all
tracker.StepDone            none    all     none     all        all    none          none    all
"""
_head, *_lines = READ.strip().splitlines()
COLUMNS = _head.split()
RIGHTS = {words[0]: dict(zip(COLUMNS, words[1:], strict=True)) for words in map(str.split, _lines)}


def tenants() -> list[type[models.Model]]:
    """Every model of ours that belongs to a government."""
    ours = [model for app in ("people", "plans", "tracker") for model in apps.get_app_config(app).get_models() if not model._meta.proxy]
    return [model for model in ours if any(field.name == "government" for field in model._meta.get_fields())]


def fill(city: cast.City, prefix: str = "") -> None:
    """Rows of the tables that the world leaves empty."""
    own: dict[str, Any] = {"government": city.government}
    document = Document.objects.filter(**own).first()
    BandRule.objects.create(**own, kind="share", green_from=0, yellow_from=-10)
    DepartmentName.objects.create(**own, department=city.departments["zjj"], name="建委", short="建委", name_en="Commission", until_on="2020-12-31")
    for login in ("reporter", "builder"):
        codes.issue(city.user(login), city.person("administrator"), OCTOBER, "slip")
    passage = Passage.objects.create(**own, document=document, position=2, locator="一", text="原文")
    PassageLink.objects.create(**own, passage=passage, item=Item.objects.filter(**own, plan__document=document).first(), length=2)
    SetAside.objects.create(**own, passage=passage, reason="另有方案", by=city.user("supervisor"), at=OCTOBER)
    Attachment.objects.create(**own, document=document, name="报告.txt", sha256="0" * 64, size=1, added_at=OCTOBER)
    for measure in Measure.objects.filter(**own):
        PastResult.objects.get_or_create(**own, measure=measure, on="2021-12-31", defaults={"value": 1})
    log: dict[str, Any] = {**own, "by": city.user("supervisor"), "at": OCTOBER}
    DraftChange.objects.create(**log, plan=city.plan, number=1, verb="item changed", before="{}", after="{}")
    CheckAnswer.objects.create(**log, item=city.item("1-01"), kind="unit", about="缺单位", reason="无量纲")
    PaperDoubt.objects.create(**own, item=city.item("1-01"), field="lead", reason="unknown")
    IssuedPaper.objects.create(**log, name="分工.xlsx", sha256="0" * 64, code="report-2023", title="分工", start="2023-01-01", end="2023-12-31", blocks="{}")
    PaperWord.objects.create(**own, kind="owner", words="水投公司", means="市统计局")
    JobRun.objects.create(**own, job="open", occasion="2022-10-17", state=JobRun.State.DONE, at=OCTOBER)
    answers.answer(city, f"{prefix}task-2-02", "2022Q1", steps={"选址": "2022-03-20"}, state=ProgressReport.State.SUBMITTED)
    for amendment in Amendment.objects.filter(**own, plan__state="draft"):
        Publication.objects.create(**own, plan=amendment.plan, amendment=amendment, body="{}")  # as if one stood before its plan is out
    begun = Succession.objects.create(**own, plan=city.plan, begun_by=city.user("supervisor"), begun_at=OCTOBER)
    Fate.objects.create(**own, succession=begun, item=city.plan.items.first(), kind=Fate.Kind.DONE, by=city.user("supervisor"), at=OCTOBER)
    for code in ("1-01", "2-01"):
        Judgement.objects.create(**log, item=city.item(code), grade="doubtful", reason="未落实", day="2022-10-10")
    objecting.make(city.item("1-01"), "lead", "不由我局", "改", city.person("reviewer"), OCTOBER, files=[evidence.store("a.txt", [b"a"])])
    criteria.ask(city.plan, city.person("supervisor"), OCTOBER)
    criteria.accept(Criterion.objects.get(**own), city.person("supervisor"), OCTOBER)
    for code, login in (("2-02", "builder"), ("1-01", "reporter")):
        criteria.propose(city.item(code), "挂牌", "现场", "督查室", city.person(login), OCTOBER)
    excuses.propose(city.item("1-01"), "停工", "纪要", cast.dt.date(2022, 12, 31), city.person("reviewer"), OCTOBER)
    for objection in Objection.objects.filter(**own):
        Remedy.objects.create(**log, objection=objection, subject="amendment:1")
    Explanation.objects.create(**log, item=city.item("1-01"), department=city.departments["gxj"], words="上年含一次性项目")
    Likeness.objects.create(**log, item_a=city.item("1-01"), item_b=city.item("1-02"), kind="different", state="decided", reason="口径不同")
    _share_out(city, own)
    conflict = Conflict.objects.filter(**own).first()
    ConflictDecision.objects.create(**log, conflict=conflict, state="dismissed", kind="soft", reason="口径不同")


def _share_out(city: cast.City, own: dict[str, Any]) -> None:
    """Two departments objected to what was shared out; another draft is to be published; the city's plan was closed."""
    draft, item, by = Plan.objects.filter(**own, state="draft").first(), city.item("1-01"), city.user("supervisor")
    for code, login in (("gxj", "reviewer"), ("zjj", "builders_head")):
        about: dict[str, Any] = {**own, "consultation": Consultation.objects.get(**own), "item": item, "code": item.code, "department": city.departments[code]}
        said = Opinion.objects.create(**about, number=1, kind="object", seen="{}", wording="改", reason="不符", by=city.user(login), at=OCTOBER)
        Reply.objects.create(**own, opinion=said, taken=False, reason="照原文", by=by, at=OCTOBER)
    if draft is not None:
        to_be = Issuance.objects.create(**own, plan=draft, number="6", dated_on="2022-10-17", fingerprint="0" * 64, proposed_by=by, proposed_at=OCTOBER)
        IssuanceFile.objects.create(**own, issuance=to_be, kind="docx", name="表.docx", sha256="0" * 64, content=b"")
    Signature.objects.create(**own, issuance=Issuance.objects.get(**own, state="published"), department=city.departments["gxj"])
    ClosingNote.objects.create(**own, run=Run.objects.filter(**own).latest("number"), body="{}", sha256="0" * 64)
    Closure.objects.create(**own, plan=city.plan, reason="到期", by=by, at=OCTOBER)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for all tests of this file, which only read."""
    with laid(django_db_blocker) as world:
        fill(world.city)
        fill(world.strange, "x-")
        yield world


def read_by(model: type[models.Model], person: Person) -> set[Any]:
    return set(model._default_manager.all().visible_to(person).values_list("pk", flat=True))  # type: ignore[attr-defined]


def rows_of(model: type[models.Model], city: cast.City) -> set[Any]:
    return set(model._default_manager.filter(government=city.government).values_list("pk", flat=True))


def test_every_table_of_tenants_goes_through_the_funnel() -> None:
    assert {model._meta.label for model in tenants()} == set(RIGHTS)
    assert [model._meta.label for model in tenants() if not isinstance(model._default_manager.all(), OwnedQuerySet)] == []


def test_every_row_of_a_part_belongs_where_its_whole_does(world: World) -> None:
    """A row whose parent is another city's would slip through a funnel that asks only for its own government, or only for the parent's."""
    wrong = {}
    for model in tenants():
        for field in model._meta.concrete_fields:
            if field.related_model in tenants() and (
                n := model._default_manager.exclude(**{f"{field.name}__isnull": True}).exclude(**{f"{field.name}__government": models.F("government")}).count()
            ):
                wrong[model._meta.label, field.name] = n
    assert wrong == {}


@pytest.mark.parametrize("column", COLUMNS)
def test_each_person_reads_of_each_table_what_the_list_says(world: World, column: str) -> None:
    found = {}
    for model in tenants():
        read, all_rows = read_by(model, world.city.person(column)), rows_of(model, world.city)
        assert all_rows, f"no {model._meta.label} in the city"
        found[model._meta.label] = "all" if read == all_rows else "part" if read and read < all_rows else "none" if not read else "foreign"
    assert found == {label: rights[column] for label, rights in RIGHTS.items()}


@pytest.mark.parametrize("role", list(Role))
def test_nobody_reads_a_row_of_another_city(world: World, role: Role) -> None:
    for mine, other in ((world.city, world.strange), (world.strange, world.city)):
        person = mine.person(cast.ROLE_OF[role])
        for model in tenants():
            assert rows_of(model, other), f"no {model._meta.label} that could leak"
            assert read_by(model, person) & rows_of(model, other) == set(), model._meta.label


def test_what_is_only_proposed_is_read_by_those_who_make_plans(world: World) -> None:
    for model in (Target, Step):
        proposed = model.objects.filter(terms__amendment=world.amendment)
        readers = {login for login in COLUMNS if proposed.visible_to(world.city.person(login)).exists()}
        assert (proposed.exists(), readers) == (True, {"supervisor", "auditor"}), model
