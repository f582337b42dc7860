"""A new plan, and the head of a draft."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people.access import entry
from people.form_keys import once
from people.models import Role
from plans.editing.deleting import delete_plan, last_change, why_not
from plans.editing.drafts import change_plan, create_plan
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.forms.head import DocumentForm, HeadForm
from plans.models import Plan
from plans.queries.editor import cycles_of, documents_of
from plans.views.editor import of_draft


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    head, paper = HeadForm(cycles_of(request.person), data), DocumentForm(documents_of(request.person), data)
    if data is None:
        return _form(request, head, paper)
    valid = [head.is_valid(), paper.is_valid()]
    if not all(valid):
        return _form(request, head, paper, 422)

    def deed() -> str:
        return create_plan(request.person.user.government, paper.document(), head.values(), request.person, request.now).code

    try:
        code = once(request.person.user, request.POST.get("key", "") or secrets.token_hex(16), deed)
    except Wrong as why:
        _tell(why.fields, head, paper)
        return _form(request, head, paper, 422)
    return redirect("plan-editor", code)


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
@of_draft
def editor_plan(request: HttpRequest, plan: Plan) -> HttpResponse:
    cycles = cycles_of(request.person)
    if request.method == "GET":
        return _form(request, HeadForm(cycles, plan=plan), plan=plan)
    head, typed = HeadForm(cycles, request.POST), request.POST.get("version", "")
    if not head.is_valid():
        return _form(request, head, status=422, plan=plan)
    try:
        change_plan(plan, head.values(), request.person, request.now, int(typed) if typed.isdigit() else -1)
    except Overtaken as why:
        return _form(request, head, status=409, plan=plan, wrong=str(why), clash=_clash(HeadForm(cycles, plan=plan), head))
    except Wrong as why:
        _tell(why.fields, head, None)
        return _form(request, head, status=422, plan=plan)
    except NotAllowed as why:
        return _form(request, head, status=422, plan=plan, wrong=str(why))
    return redirect("plan-editor", plan.code)


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
@of_draft
def editor_delete(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Says what goes, or why it cannot; a POST deletes the draft that was seen."""
    status, wrong = 200, ""
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            delete_plan(plan, request.person, request.now, int(seen) if seen.isdigit() else -1)
            return redirect("plans")
        except NotAllowed as why:
            status, wrong = 409 if isinstance(why, Overtaken) else 422, str(why)
    context = {"plan": plan, "items": plan.items.count(), "why": why_not(plan), "seen": last_change(plan), "wrong": wrong}
    return render(request, "plans/editor_delete.html", context, status=status)


def _tell(fields: dict[str, str], head: HeadForm, paper: DocumentForm | None) -> None:
    for name, words in fields.items():
        if paper is not None and name.startswith("document-"):
            paper.add_error(name.removeprefix("document-"), words)
        else:
            head.add_error(name if name in head.fields else "title", words)


def _clash(now: HeadForm, typed: HeadForm) -> list[tuple[str, str, str]]:
    """Field by field: what stands there now, and what was typed."""
    pairs = [(str(field.label), str(now.initial.get(name) or ""), typed.data.get(name, "")) for name, field in now.fields.items()]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _form(request: HttpRequest, head: HeadForm, paper: DocumentForm | None = None, status: int = 200, plan: Plan | None = None, **said: Any) -> HttpResponse:
    context = {"head": head, "paper": paper, "plan": plan, "key": secrets.token_hex(16), **said}
    return render(request, "plans/editor_plan.html", context, status=status)
