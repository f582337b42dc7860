"""部门设置: the administrator opens departments, puts them in order, renames them."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from people import clock, departments
from people.access import Person, entry
from people.departments import Called
from people.form_keys import once
from people.models import Department, Role
from people.queries import department_of, departments_of, mergers_waiting, names_of
from people.setting_up_forms import DepartmentForm, NewDepartmentForm, RenameForm
from people.staffing import Refused, Stale


@entry(Role.ADMINISTRATOR, methods=["GET", "POST"])
def department_list(request: HttpRequest) -> HttpResponse:
    """All departments in their order; POST puts one at a place."""
    if request.method == "POST":
        department = _found(request, request.POST.get("department", ""))
        rank = request.POST.get("rank", "")
        if rank.isdecimal() and len(rank) < 6:
            departments.place(department, request.person, request.now, int(rank))
        return redirect(reverse("department-list") + f"#d{department.pk}")
    rows = departments_of(request.person)
    there, gone = [d for d in rows if d.until_on is None], [d for d in rows if d.until_on is not None]
    return render(request, "people/departments.html", {"open": there, "closed": gone, "mergers": mergers_waiting(request.person)})


@entry(Role.ADMINISTRATOR, methods=["GET", "POST"])
def department_new(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    first = {"kind": Department.Kind.BUREAU, "key": secrets.token_hex(16)}
    form = NewDepartmentForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            pk = once(person.user, given.pop("key"), lambda: str(departments.open_new(person, request.now, **given).pk))
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(reverse("department-list") + f"#d{pk}")
    return render(request, "people/department_new.html", {"form": form}, status=422 if form.is_bound else 200)


@entry(Role.ADMINISTRATOR, methods=["GET", "POST"])
def department_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A department's particulars and its names; POST corrects them, or renames."""
    department = _found(request, str(pk))
    renames = request.POST.get("do") == "rename"
    details: Any = DepartmentForm(initial=DepartmentForm.first(department))
    names: Any = RenameForm(initial=_names(request, department))
    if request.method == "GET":
        return _page(request, department, details, names)
    form: Any = RenameForm(request.POST) if renames else DepartmentForm(request.POST)
    details, names = (details, form) if renames else (form, names)
    if not form.is_valid():
        return _page(request, department, details, names, 422)
    try:
        _change(request, department, dict(form.cleaned_data), renames)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, department, details, names, 422)
    except Stale as stale:
        form.data = {**request.POST.dict(), form.add_prefix("version"): stale.now.version}
        return _page(request, stale.now, details, names, 409, clash=stale.now)
    return redirect(reverse("department-edit", args=[pk]) + f"?done={'renamed' if renames else 'details'}")


def _change(request: HttpRequest, department: Department, given: dict[str, Any], renames: bool) -> None:
    version = given.pop("version")
    if renames:
        from_on = given.pop("from_on")
        given["name_en"] = given["name_en"] or given["name"]
        departments.rename(department, request.person, request.now, version, Called(**given), from_on)
    else:
        filled = {"short": given["short"] or department.name, "name_en": given["name_en"] or department.name, "kind": given["kind"]}
        departments.correct(department, request.person, request.now, version, **filled)


def _names(request: HttpRequest, department: Department) -> dict[str, Any]:
    today = clock.day_of(request.now, request.person.user.government.zone)
    return {"name": department.name, "short": department.short, "name_en": department.name_en, "from_on": today, "version": department.version}


def _found(request: HttpRequest, key: str) -> Department:
    department = department_of(request.person, int(key)) if key.isdecimal() and len(key) < 19 else None
    if department is None:
        raise Http404
    return department


def _page(request: HttpRequest, department: Department, details: Any, names: Any, status: int = 200, **more: Any) -> HttpResponse:
    context = {"department": department, "details": details, "names": names, "former": names_of(department), "done": request.GET.get("done", "")}
    return render(request, "people/department.html", {**context, **more}, status=status)
