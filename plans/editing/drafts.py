"""A new plan from a document, and what its head says. The rest of it is goals and items."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Government
from plans.editing.fields import longest, too_long
from plans.editing.log import changing
from plans.editing.rights import Overtaken, Wrong, may_make
from plans.editing.snapshots import Touched
from plans.importing import lay_bands
from plans.models import Amendment, Cycle, Document, Plan, Target, Terms

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
HEAD = ("code", "title", "title_en", "short", "short_en", "start", "end", "cycle_id")
DAY = dt.timedelta(days=1)


def create_plan(government: Government, document: Document | Mapping[str, Any], values: Mapping[str, Any], by: Person, at: dt.datetime) -> Plan:
    """A draft without items. `document`: one that is there, or title, number, issuer and date of a new one; `values`: columns of HEAD.

    Raises: NotAllowed; Wrong by field, a new document's as 'document-number'.
    """
    may_make(by, government.pk)
    new = not isinstance(document, Document)
    if wrong := _problems(government.pk, values, None) | (document_problems(government.pk, document) if new else {}):  # type: ignore[arg-type]
        raise Wrong(wrong)
    with transaction.atomic():
        paper = document if isinstance(document, Document) else Document.objects.create(government=government, **document)
        last = Plan.objects.of(government).order_by("-position").first()
        plan = Plan.objects.create(government=government, document=paper, position=last.position + 1 if last else 1, **values)
        first = Amendment.objects.create(government=government, plan=plan, number=0, from_on=plan.start, proposed_by=by.user)
        lay_bands(plan, first)
        facts = {"plan": plan.code, "title": plan.title, "document": paper.number, "start": plan.start, "end": plan.end}
        audit.record(government, actor=by.user, verb="plan created", subject=f"plan:{plan.pk}", at=at, facts=facts)
    return plan


def change_plan(plan: Plan, values: Mapping[str, Any], by: Person, at: dt.datetime, version: int) -> None:
    """Changes the head of a draft; where it begins, its items begin. Raises: NotAllowed, Wrong, Overtaken."""
    if wrong := _problems(plan.government_id, values, plan):
        raise Wrong(wrong)
    items = set(plan.items.values_list("pk", flat=True)) if values.get("start", plan.start) != plan.start else set()
    with changing(plan, by, at, "plan changed", Touched(plans={plan.pk}, items=items)):
        before = plan.start - DAY
        if Plan.objects.filter(pk=plan.pk, version=version).update(**values, version=F("version") + 1) != 1:
            raise Overtaken(_("规划的基本信息刚被别人改过。"))
        plan.refresh_from_db()
        if items:
            Amendment.objects.filter(plan=plan, number=0).update(from_on=plan.start)
            terms = Terms.objects.filter(item__plan=plan, published_at__isnull=True)
            Target.objects.filter(terms__in=terms, from_on=before).exclude(due_on__lt=plan.start).update(from_on=plan.start - DAY)
            terms.update(from_on=plan.start, version=F("version") + 1)


def document_problems(government: int, values: Mapping[str, Any]) -> dict[str, str]:
    """By 'document-title', …: what a new document cannot be. A report given to a congress has no number."""
    wrong = {f"document-{name}": _("请填写。") for name in ("title", "issuer", "date") if not values.get(name)}
    for name in ("title", "title_en", "number", "issuer"):
        if len(values.get(name) or "") > longest(Document, name):
            wrong[f"document-{name}"] = too_long(longest(Document, name))
    if not wrong and Document.objects.of(government).filter(number=values["number"], title=values["title"]).exists():
        wrong["document-number"] = _("这份文件已经登记，请在上面选择它。")
    return wrong


def _problems(government: int, values: Mapping[str, Any], plan: Plan | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if "code" in values and (not CODE.match(values["code"] or "") or values["code"] == "new"):
        wrong["code"] = _("编号用小写字母、数字和连字符，如 report-2023。")
    elif "code" in values and Plan.objects.of(government).filter(code=values["code"]).exclude(pk=plan.pk if plan else 0).exists():
        wrong["code"] = _("编号 %(code)s 已有规划使用，请换一个。") % {"code": values["code"]}
    if "title" in values and not (values["title"] or "").strip():
        wrong["title"] = _("请填写规划名称。")
    for name in ("title", "title_en", "short", "short_en"):
        if len(values.get(name) or "") > longest(Plan, name):
            wrong[name] = too_long(longest(Plan, name))
    start, end = (values.get(name) or (getattr(plan, name) if plan else None) for name in ("start", "end"))
    wrong |= {name: _("请填写。") for name, day in (("start", start), ("end", end)) if day is None}
    if start and end and end < start:
        wrong["end"] = _("结束日不能早于开始日。")
    if "cycle_id" in values and not Cycle.objects.of(government).filter(pk=values["cycle_id"]).exists():
        wrong["cycle"] = _("没有这一项，请重新选择。")
    return wrong
