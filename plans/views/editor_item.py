"""One draft item in full: every field, its targets and steps; split into several; and the item before and after."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from people.access import entry
from people.models import Role
from plans.editing import doubts, items
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.forms.item import ItemForm, initial_of, past_forms, step_forms, target_forms
from plans.models import Plan
from plans.queries.editor import ItemEditor, item_editor, leaders_of, measures_of
from plans.views.editor import of_draft


@entry(Role.SUPERVISOR, methods=["GET", "POST"])
@of_draft
def editor_item(request: HttpRequest, plan: Plan, pk: int) -> HttpResponse:
    shown = item_editor(plan, pk)
    if shown is None:
        raise Http404
    if request.method == "GET":
        return _page(request, shown)
    try:
        return redirect(_done(request, plan, shown))
    except NotAllowed as why:
        return _page(request, shown, 422, wrong=str(why))
    except _Again as again:
        return _page(request, shown, **again.said)


LISTS = ("targets", "steps", "past")


class _Again(Exception):
    """The form is to be shown once more, with what was typed and what is wrong."""

    def __init__(self, **said: Any) -> None:
        super().__init__()
        self.said = said


def _done(request: HttpRequest, plan: Plan, shown: ItemEditor) -> str:
    """Does what the form says; where to go then."""
    do, by, at, here = request.POST.get("do", "save"), request.person, request.now, reverse("plan-editor", args=[plan.code])
    back = f"{here}?goal={shown.terms.goal.path}"
    if do == "delete":
        items.delete_items(plan, [shown.item], by, at)
        return f"{back}&did=delete-1"
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdigit() else -1
    if do == "split":
        _split(request, shown, version)
        return f"{back}#row-{shown.item.pk}"
    _save(request, shown, version)
    if do.startswith("confirm-"):
        doubts.confirm(plan, [shown.item], by, at, do.partition("-")[2])
        return reverse("editor-item", args=[plan.code, shown.item.pk])
    if do == "next" and shown.after:
        return reverse("editor-item", args=[plan.code, int(shown.after)])
    return f"{back}&did=saved-1#row-{shown.item.pk}"


def _split(request: HttpRequest, shown: ItemEditor, version: int) -> None:
    typed = request.POST.get("names", "")
    try:
        items.split_item(shown.item, typed.splitlines(), request.person, request.now, version)
    except Wrong as why:
        raise _Again(status=422, names=typed, names_error=" ".join(why.fields.values())) from None
    except Overtaken as why:
        raise _Again(status=409, names=typed, names_error=str(why)) from None


def _save(request: HttpRequest, shown: ItemEditor, version: int) -> None:
    measures = measures_of(request.person)
    form = ItemForm(shown, measures, leaders_of(request.person), request.POST)
    targets = target_forms(shown, form.measures, request.POST)
    steps = step_forms(shown, request.POST)
    past = past_forms(shown, request.POST)
    said: dict[str, Any] = {"form": form, "targets": targets, "steps": steps, "past": past}
    filled = {kind: [one for one in said[kind] if not one.is_blank] for kind in LISTS}
    if not all([form.is_valid(), *(one.is_valid() for kind in LISTS for one in filled[kind])]):
        raise _Again(status=422, **said)
    try:
        items.change_item(shown.item, form.change(*([one.row() for one in filled[kind]] for kind in LISTS)), request.person, request.now, version)
    except Wrong as why:
        _tell(why.fields, form, filled)
        raise _Again(status=422, **said) from None
    except Overtaken as why:
        raise _Again(status=409, wrong=str(why), clash=_clash(shown, form), **said) from None


def _tell(fields: dict[str, str], form: ItemForm, lists: dict[str, list[Any]]) -> None:
    """Each refusal to its field."""
    for name, words in fields.items():
        kind, _dash, rest = name.partition("-")
        number, _dash, column = rest.partition("-")
        if kind in lists and number.isdigit() and int(number) < len(lists[kind]):
            lists[kind][int(number)].add_error(column, words)
        else:
            form.add_error(name if name in form.fields else "name", words)


def _clash(shown: ItemEditor, form: ItemForm) -> list[tuple[str, str, str]]:
    """Field by field: what stands there now, and what was typed."""
    now = initial_of(shown)
    typed = {name: form.data.get(name, "") for name in now}
    return [(str(form.fields[name].label), str(now[name]), typed[name]) for name in form.fields if name in now and str(now[name]) != typed[name]]


def _mark(shown: ItemEditor, form: ItemForm, targets: list[Any]) -> None:
    """What the paper's reader was not sure of, at its field."""
    for _name, at, words in shown.doubt.doubt_words if shown.doubt else ():
        first, column = (targets[0], at.removeprefix("targets-0-")) if at.startswith("targets-0-") and targets else (form, at)
        if column in first.fields:
            first.fields[column].help_text = words
            first.fields[column].widget.attrs["data-doubt"] = ""


def _page(request: HttpRequest, shown: ItemEditor, status: int = 200, **said: Any) -> HttpResponse:
    measures = measures_of(request.person)
    if "form" not in said:
        form = ItemForm(shown, measures, leaders_of(request.person))
        said |= {"form": form, "targets": target_forms(shown, form.measures), "steps": step_forms(shown), "past": past_forms(shown)}
    _mark(shown, said["form"], said["targets"])
    return render(request, "plans/editor_item.html", {"shown": shown, "measures": measures, **said}, status=status)
