"""编制: a draft on one page. The tree left, rows right; everything is a form, so it works without script."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.access import Person, entry
from people.form_keys import once
from people.models import Role
from plans.editing import doubts, items, log
from plans.editing.proposing import lead_proposals
from plans.editing.rights import DRAFTS, NotAllowed, Wrong
from plans.editing.rows import ItemChange
from plans.editing.typed import Departments, Unread, read_day
from plans.forms.rows import AT, Typed, change_of, refused, typed_rows
from plans.models import Item, Plan, Target
from plans.queries.editor import RowLine, blank_rows, editor_page, goal_of, items_of, plan_of, rows_of

BINDING = {"yes": True, "no": False, "none": None}


def of_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a view the draft of its address. A plan that is published in the meantime says so, and where it changes now; all else is 404."""

    @wraps(view)
    def found(request: HttpRequest, code: str, **rest: Any) -> HttpResponse:
        plan = plan_of(request.person, code)
        if plan is None:
            raise Http404
        if plan.state not in DRAFTS:
            return render(request, "plans/editor_published.html", {"plan": plan}, status=409)
        return view(request, plan, **rest)

    return found


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
@of_draft
def editor(request: HttpRequest, plan: Plan) -> HttpResponse:
    if request.method == "POST":
        return _act(request, plan)
    return _page(request, plan)


def address(plan: Plan, place: QueryDict, **more: str) -> str:
    """The editor at the part and page of it that a form was sent from."""
    kept = {name: place[name] for name in ("goal", "page") if place.get(name)}
    asked = {name: value for name, value in {**kept, **more}.items() if value and name != "at"}
    return reverse("plan-editor", args=[plan.code]) + (f"?{urlencode(asked)}" if asked else "") + (f"#{more['at']}" if more.get("at") else "")


def _page(request: HttpRequest, plan: Plan, status: int = 200, **said: Any) -> HttpResponse:
    place = request.POST if request.method == "POST" else request.GET
    number = place.get("page", "")
    page = editor_page(request.person, plan, place.get("goal", ""), int(number) if number.isdigit() else 1)
    rows, blank = said.pop("rows", {}), said.pop("blank", None) or blank_rows(page)
    page.rows[:] = [rows.get(row.key, row) for row in page.rows]
    context = {
        "page": page, "blank": blank, "key": said.pop("key", "") or secrets.token_hex(16), "kinds": Item.Kind.choices, "comparators": Target.Comparator.choices,
        "address": address(plan, place, page="") + ("&" if page.goal else "?") + "page=", "did": done_words(request.GET.get("did", "")),
        "pages": range(1, page.pages + 1),
        "into": goal_of(plan, place.get("into", "")) or page.goal or next(iter(page.goals), None), "focus": request.GET.get("focus", ""), "proposals": len(lead_proposals(plan)), **said,
    }  # fmt: skip
    return render(request, "plans/editor.html", context, status=status)


def _act(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Undo and redo at once; all else saves what was typed first, and goes on only where that could be saved."""
    did = request.POST.get("do", "save")
    try:
        if did in ("undo", "redo"):
            turned = (log.undo if did == "undo" else log.redo)(plan, request.person, request.now)
            return redirect(address(plan, request.POST, did=f"{did}-{turned.number}"))
        saved = _save(request, plan)
        if isinstance(saved, HttpResponse):
            return saved
        return _after(request, plan, did, saved)
    except NotAllowed as why:
        return _page(request, plan, 422, wrong=str(why), many=why.fields, picked=request.POST.getlist("pick"), typed=_typed_many(request.POST))


def _save(request: HttpRequest, plan: Plan) -> int | HttpResponse:
    """Saves every row that was typed into; how many. What cannot be saved is shown again with its messages."""
    typed = typed_rows(request.POST, [str(pk) for pk in plan.items.values_list("pk", flat=True)])
    touched = [row for row in typed if row.touched and not row.is_new]
    departments = Departments(plan.government_id)
    rows, count = _save_old(request, plan, touched, departments)
    new = [row for row in typed if row.touched and row.is_new]
    blank, key = None, request.POST.get("key", "")
    if new:
        blank = _save_new(request, plan, new, departments, key)
        if blank is None:
            count += len(new)
    if rows or blank:
        return _page(request, plan, 422, rows=rows, blank=blank, key=key if blank else "", saved=done_words(f"saved-{count}") if count else "")
    return count


def _save_old(request: HttpRequest, plan: Plan, touched: list[Typed], departments: Departments) -> tuple[dict[str, RowLine], int]:
    there = {row.key: row for row in rows_of(plan, [int(row.key) for row in touched], departments, [])} if touched else {}
    by_id = {str(item.pk): item for item in items_of(plan, [row.key for row in touched])}
    failed: dict[str, RowLine] = {}
    changes = []
    for row in touched:
        try:
            changes.append((by_id[row.key], change_of(row, plan, departments, there[row.key].texts), row.version))
        except Wrong as why:
            failed[row.key] = refused(row, why, there[row.key])
    no = items.change_each(plan, changes, request.person, request.now) if changes else {}
    for row in touched:
        if row.key in by_id and (no_to := no.get(by_id[row.key].pk)):
            failed[row.key] = refused(row, no_to, there[row.key])
    return failed, len(touched) - len(failed)


def _save_new(request: HttpRequest, plan: Plan, new: list[Typed], departments: Departments, key: str) -> list[RowLine] | None:
    """Makes the new rows, once for the key of the form; the rows to show again where one of them cannot be."""
    goal = goal_of(plan, request.POST.get("into", ""))
    if goal is None:
        return [RowLine(row.key, row.texts, errors={"name": _("请先选择新增到哪个目录。")}) for row in new]
    changes, wrong = [], False
    for row in new:
        try:
            changes.append((goal, change_of(row, plan, departments)))
        except Wrong:
            wrong = True
    if not wrong:
        try:
            once(request.person.user, key or secrets.token_hex(16), lambda: str(len(items.add_items(plan, changes, request.person, request.now))))
        except Wrong as why:
            for name, words in why.fields.items():
                _new, n, column = name.split("-", 2)
                new[int(n)].errors[AT.get(column, column)] = words
        else:
            return None
    return [RowLine(row.key, row.texts, errors=row.errors) for row in new]


def _after(request: HttpRequest, plan: Plan, did: str, saved: int) -> HttpResponse:
    """What was asked for beside saving: with the rows that were picked, or with one."""
    picked = items_of(plan, request.POST.getlist("pick"))
    verb, _dash, pk = did.partition("-")
    by: Person = request.person
    if verb in ("up", "down") and (row := items_of(plan, [pk])):
        items.move_item(row[0], by, request.now, up=verb == "up")
        return redirect(address(plan, request.POST, at=f"row-{pk}"))
    if verb == "confirm" and pk:
        doubts.confirm(plan, items_of(plan, [pk]), by, request.now)
        return redirect(address(plan, request.POST, did="confirm-1"))
    if verb not in ("set", "move", "merge", "delete", "confirm"):
        adds = did == "add"  # the field is focused then; a fragment would keep it from that
        said = {"did": f"saved-{saved}" if saved else "", "into": request.POST.get("into", ""), "focus" if adds else "at": "new"}
        return redirect(address(plan, request.POST, **said))
    if not picked:
        raise NotAllowed(_("请先勾选事项。"))
    if verb == "confirm":
        doubts.confirm(plan, picked, by, request.now)
    elif verb == "delete":
        items.delete_items(plan, picked, by, request.now)
    elif verb == "merge":
        items.merge_items(plan, picked, by, request.now)
    else:
        change, supports = _many(request.POST, plan, verb)
        items.set_many(plan, picked, change, by, request.now, supports)
    return redirect(address(plan, request.POST, did=f"{verb}-{len(picked)}"))


def _typed_many(posted: QueryDict) -> dict[str, str]:
    return {name: posted.get(f"many-{name}", "") for name in ("lead", "supports", "due")}


def _many(posted: QueryDict, plan: Plan, verb: str) -> tuple[ItemChange, list[int]]:
    """What is to be the same for all picked rows: what was left empty stays as it is. Raises: Wrong by field."""
    if verb == "move":
        goal = goal_of(plan, posted.get("many-goal", ""))
        if goal is None:
            raise Wrong({"goal": _("请选择目录。")})
        return ItemChange(terms={"goal_id": goal.pk}), []
    departments, wrong, found = Departments(plan.government_id), {}, {}
    readers: dict[str, Any] = {"lead": departments.read, "supports": departments.read_all, "due": lambda text: read_day(text, plan.start, plan.end)}
    for name, read in readers.items():
        try:
            found[name] = read(posted.get(f"many-{name}", ""))
        except Unread as why:
            wrong[name] = str(why)
    cycle, binding = posted.get("many-cycle", ""), posted.get("many-binding", "")
    if wrong:
        raise Wrong(wrong)
    change = ItemChange(
        terms={**({"lead_id": found["lead"]} if found["lead"] else {}), **({"binding": BINDING[binding]} if binding in BINDING else {})},
        final={"due_on": found["due"]} if found["due"] else {}, measure={"cycle_id": int(cycle)} if cycle.isdigit() else {},
    )  # fmt: skip
    if not (change.terms or change.final or change.measure or found["supports"]):
        raise Wrong({"lead": _("请填写要统一设置的内容。")})
    return change, found["supports"]


def done_words(did: str) -> str:
    """What the page says it did: 'saved-3' → 已保存 3 项。"""
    verb, _dash, number = did.partition("-")
    n = int(number) if number.isdigit() else 0
    return {
        "saved": ngettext("已保存 %(n)d 项。", "已保存 %(n)d 项。", n), "set": ngettext("已统一设置 %(n)d 项。", "已统一设置 %(n)d 项。", n),
        "move": ngettext("已移动 %(n)d 项。", "已移动 %(n)d 项。", n), "merge": ngettext("已合并 %(n)d 项。", "已合并 %(n)d 项。", n),
        "delete": ngettext("已删除 %(n)d 项。", "已删除 %(n)d 项。", n), "leads": ngettext("已采用 %(n)d 项牵头建议。", "已采用 %(n)d 项牵头建议。", n),
        "confirm": ngettext("已确认 %(n)d 项。", "已确认 %(n)d 项。", n), "undo": _("已撤销第 %(n)d 步。"), "redo": _("已重做第 %(n)d 步。"),
    }.get(verb, "") % {"n": n}  # fmt: skip
