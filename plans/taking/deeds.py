"""The deeds on a paper that came in: keep it, say what its words mean, take it into a draft, or put it away. All or nothing."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Department, Government
from plans import sheets
from plans.editing.doubts import lay_all
from plans.editing.rights import NotAllowed, Overtaken, may_make
from plans.importing import BadPlan, load_draft
from plans.models import IssuedPaper, PaperWord, Plan
from plans.papers import keeping
from plans.papers.columns import ROLES
from plans.papers.reading import paper_number, paper_title, paper_year, span_of
from plans.sheets.papers import Problem, Refused
from plans.taking.changing import apply
from plans.taking.leaders import lead_by
from plans.taking.proposing import Proposal, body_of, propose

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")


@dataclass(frozen=True)
class Head:
    """What the paper is to become; what is empty is taken from the paper itself."""

    code: str = ""
    title: str = ""
    start: dt.date | None = None
    end: dt.date | None = None


class Held(NotAllowed):
    """The paper holds cells that cannot be taken: nothing of it was."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(_("有 %(n)d 处不能导入，全部未导入。请在文件里改正后再传。") % {"n": len(proposal.reading.refused)})
        self.proposal = proposal


def keep(government: Government, name: str, content: bytes, head: Head, by: Person | None, at: dt.datetime) -> list[IssuedPaper]:
    """Opens a file and keeps it for the preview: one paper, or one for every plan of an export.

    Raises: NotAllowed; sheets.Refused where the file cannot be opened or its head cannot stand.
    """
    if by is not None:
        may_make(by, government.pk)
    made = (
        [_of_body(government, body, head, n) for n, body in enumerate(_exported(content))]
        if name.lower().endswith(".json")
        else [_of_file(name, content, head, at)]
    )
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        for paper in made:
            paper.government, paper.name, paper.sha256, paper.by, paper.at = government, name[-200:], digest, by.user if by else None, at
        IssuedPaper.objects.bulk_create(made)
        for paper in made:
            facts = {"file": name, "sha256": digest, "plan": paper.code}
            audit.record(government, actor=paper.by, verb="paper read", subject=f"paper:{paper.pk}", at=at, facts=facts)
    return made


def _exported(content: bytes) -> list[dict[str, Any]]:
    try:
        plans = json.loads(content.decode("utf-8-sig"))["plans"]
        bodies = [body for body in plans if {"code", "title", "document", "start", "end", "items"} <= set(body)]
    except (ValueError, KeyError, TypeError):
        raise Refused([Problem("", _("这不是 export_plans 导出的 JSON。"))]) from None
    if not bodies or len(bodies) != len(plans):
        raise Refused([Problem("", _("这不是 export_plans 导出的 JSON。"))])
    return bodies


def _of_body(government: Government, body: dict[str, Any], head: Head, n: int) -> IssuedPaper:
    try:
        start, end = dt.date.fromisoformat(body["start"]), dt.date.fromisoformat(body["end"])
        items = [{**item, "supporting": item["supporting"], "targets": item["targets"]} for item in body["items"]]
    except (ValueError, KeyError, TypeError):
        raise Refused([Problem(f"plans[{n}]", _("缺少字段，或日期不对。"))]) from None
    code = head.code if head.code and n == 0 else body["code"]
    return _checked(
        IssuedPaper(
            code=code,
            title=str(body["title"])[:200],
            start=start,
            end=end,
            blocks=json.dumps({"body": {"position": n, **body, "items": items}}, ensure_ascii=False),
        )
    )


def _of_file(name: str, content: bytes, head: Head, at: dt.datetime) -> IssuedPaper:
    paper = sheets.open_paper(content, name)
    year = paper_year(paper) or at.year
    first, last = span_of(year)
    title = head.title or paper_title(paper) or name.rpartition(".")[0]
    code = head.code or f"paper-{year}"
    return _checked(
        IssuedPaper(code=code, title=title[:200], start=head.start or first, end=head.end or last, number=paper_number(paper)[:60], blocks=keeping.kept(paper))
    )


def _checked(paper: IssuedPaper) -> IssuedPaper:
    if not CODE.match(paper.code):
        raise Refused([Problem("", _("编号用小写字母、数字和连字符，如 report-2023。"))])
    if paper.end <= paper.start:
        raise Refused([Problem("", _("结束日不能早于开始日。"))])
    return paper


def teach(paper: IssuedPaper, headings: Mapping[str, str], names: Mapping[str, str], by: Person, at: dt.datetime) -> int:
    """Keeps what headings and names mean in this government's papers; an empty meaning forgets. How many were said.

    Raises: NotAllowed; names must be full names of departments, headings' meanings roles of columns.
    """
    may_make(by, paper.government_id)
    known = set(Department.objects.of(paper.government_id).values_list("name", flat=True))
    told = [(PaperWord.Kind.HEADING, w, m) for w, m in headings.items() if m in (*ROLES, "")] + [
        (PaperWord.Kind.OWNER, w, m) for w, m in names.items() if m in known or not m
    ]
    with transaction.atomic():
        for kind, words, means in told:
            row = PaperWord.objects.of(paper.government_id).filter(kind=kind, words=words[:120])
            if not means:
                row.delete()
            elif not row.update(means=means, by=by.user):
                PaperWord.objects.create(government_id=paper.government_id, kind=kind, words=words[:120], means=means, by=by.user)
        if told:
            facts = {"words": {f"{kind}:{words}": means for kind, words, means in told}}
            audit.record(paper.government_id, actor=by.user, verb="paper words said", subject=f"paper:{paper.pk}", at=at, facts=facts)
    return len(told)


def rename(paper: IssuedPaper, values: Mapping[str, Any], by: Person, version: int) -> None:
    """Says anew what the paper is to become: code, title, start, end, number, issuer, issued_on. Raises: NotAllowed, Overtaken, sheets.Refused."""
    may_make(by, paper.government_id)
    for name, value in values.items():
        setattr(paper, name, value)
    _checked(paper)
    waiting = IssuedPaper.objects.filter(pk=paper.pk, version=version, state=IssuedPaper.State.READ)
    if waiting.update(**values, version=F("version") + 1) != 1:
        raise Overtaken(_("这份文件刚被别人改过或已导入。"))


def take(paper: IssuedPaper, by: Person | None, at: dt.datetime, gone: frozenset[str] = frozenset()) -> Plan:
    """Makes the draft, or changes the one that is there; `gone` are codes of the draft's items that the paper no longer names and that go.

    Raises: NotAllowed; Held with the cells that cannot be taken; Overtaken where it was taken in already. Nothing half done.
    """
    if by is not None:
        may_make(by, paper.government_id)
    with transaction.atomic():
        if IssuedPaper.objects.filter(pk=paper.pk, state=IssuedPaper.State.READ).update(state=IssuedPaper.State.TAKEN, version=F("version") + 1) != 1:
            raise Overtaken(_("这份文件已导入或已放弃。"))
        proposal = propose(paper)
        if proposal.blocked:
            raise NotAllowed(_("规划已发布，不能直接修改。请提出目标调整，由另一位督查员发布。"))
        if proposal.reading.refused:
            raise Held(proposal)
        if not proposal.reading.items:
            raise NotAllowed(_("没有读到任何事项。请核对表头对应。"))
        plan = _into(paper, proposal, by, at, gone)
        read = {item["code"]: item for item in proposal.reading.items}
        IssuedPaper.objects.filter(pk=paper.pk).update(plan=plan, read=json.dumps(read, ensure_ascii=False))
        facts = {"plan": plan.code, "items": len(read), "file": paper.name, "sha256": paper.sha256}
        audit.record(paper.government_id, actor=by.user if by else None, verb="paper taken in", subject=f"plan:{plan.pk}", at=at, facts=facts)
    return plan


def _into(paper: IssuedPaper, proposal: Proposal, by: Person | None, at: dt.datetime, gone: frozenset[str]) -> Plan:
    if proposal.plan is None:
        try:
            plan = load_draft(paper.government, body_of(paper, proposal.reading.items), by, at)
        except BadPlan as why:
            raise NotAllowed(str(why)) from why
        lay_all(plan, proposal.reading.items)
        lead_by(plan, proposal.reading.items)
        return plan
    if by is None:
        raise NotAllowed(_("修改已有草案要写明由谁修改。"))
    apply(proposal.plan, proposal.changes, by, at, gone)
    return proposal.plan


def drop(paper: IssuedPaper, by: Person, at: dt.datetime) -> None:
    """Puts a paper away that was not taken in. Raises: NotAllowed, Overtaken."""
    may_make(by, paper.government_id)
    with transaction.atomic():
        if IssuedPaper.objects.filter(pk=paper.pk, state=IssuedPaper.State.READ).update(state=IssuedPaper.State.DROPPED, blocks="{}") != 1:
            raise Overtaken(_("这份文件已导入或已放弃。"))
        audit.record(paper.government_id, actor=by.user, verb="paper dropped", subject=f"paper:{paper.pk}", at=at, facts={"file": paper.name})
