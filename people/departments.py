"""Departments: opened, put in order, renamed. What was judged under an old name keeps it; both names are found.

Closing and merging look at what a department holds, and stand in `tracker.merging`.
"""

import datetime as dt
import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Department, DepartmentName, Role
from people.staffing import Refused, Stale

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
DAY = dt.timedelta(days=1)
NAMES = ("name", "short", "name_en")


@dataclass(frozen=True)
class Called:
    """The names of a department on a day."""

    name: str
    short: str
    name_en: str


def open_new(by: Person, at: dt.datetime, *, code: str, name: str, short: str, name_en: str, kind: str) -> Department:
    """Opens a department, the last in the order, from today on. Raises: Refused."""
    _administers(by)
    if not CODE.fullmatch(code):
        raise Refused("code", _("代码用小写字母、数字和 -，至多 40 个字符。"))
    with transaction.atomic():
        last = Department.objects.of(by.government_id).aggregate(n=Max("position"))["n"]
        department = Department(
            government_id=by.government_id, code=code, name=name, short=short or name, name_en=name_en or name, kind=kind,
            position=0 if last is None else last + 1, from_on=clock.day_of(at, by.user.government.zone),
        )  # fmt: skip
        _save(department, code)
        facts = {"code": code, "name": name, "short": department.short, "name_en": department.name_en, "kind": kind}
        audit.record(by.government_id, actor=by.user, verb="department.opened", subject=f"department:{department.pk}", at=at, facts=facts)
    return department


def _save(department: Department, code: str) -> None:
    try:
        with transaction.atomic():
            department.save(force_insert=True)
    except IntegrityError:
        if Department.objects.of(department.government_id).filter(code=code).exists():
            raise Refused("code", _("代码已有部门用，请换一个。")) from None
        raise Refused("name", _("已有同名的部门。")) from None


def correct(department: Department, by: Person, at: dt.datetime, version: int, **changes: str) -> None:
    """Mends kind, short or English name, as if it had always been so. Raises: Refused; Stale."""
    _administers(by, department)
    was = Department.objects.get(pk=department.pk)
    before = {k: getattr(was, k) for k, v in changes.items() if getattr(was, k) != v}
    if was.version != version:
        raise Stale(was)
    if not before:
        return
    after = {k: changes[k] for k in before}
    with transaction.atomic():
        _write(department, version, after)
        _record(department, by, at, "department.corrected", {"before": before, "after": after})


def rename(department: Department, by: Person, at: dt.datetime, version: int, names: Called, from_on: dt.date) -> None:
    """From a day on, today or earlier, the department is called otherwise; before it the old name stands. Raises: Refused; Stale."""
    _administers(by, department)
    if from_on > clock.day_of(at, by.user.government.zone):
        raise Refused("from_on", _("改名须在当日或之后办理，起日不能晚于今天。"))
    if from_on <= department.from_on:
        raise Refused("from_on", _("起日须晚于部门设立之日。"))
    was = Department.objects.get(pk=department.pk)
    if was.version != version:
        raise Stale(was)
    if names.name == was.name:
        raise Refused("name", _("名称没有变。只改简称、英文名，请用“基本情况”。"))
    last = DepartmentName.objects.filter(department=department).aggregate(last=Max("until_on"))["last"]
    if last is not None and from_on <= last + DAY:
        raise Refused("from_on", _("这个部门 %(day)s 才改过名，起日须更晚。") % {"day": last + DAY})
    before = {k: getattr(was, k) for k in NAMES}
    after = {k: getattr(names, k) for k in NAMES}
    try:
        with transaction.atomic():
            DepartmentName.objects.create(government_id=was.government_id, department=was, until_on=from_on - DAY, **before)
            former = list(dict.fromkeys([*was.former, was.name, was.short]))
            _write(was, version, {**after, "former": [name for name in former if name not in (names.name, names.short)]})
            _record(was, by, at, "department.renamed", {"before": before, "after": after, "from": from_on})
    except IntegrityError:
        raise Refused("name", _("已有同名的部门。")) from None


def place(department: Department, by: Person, at: dt.datetime, rank: int) -> None:
    """Puts a department at a place of the official order, 1 the first; closed ones stand behind. Raises: Refused."""
    _administers(by, department)
    with transaction.atomic():
        every = list(Department.objects.of(by.government_id).select_for_update().order_by(F("until_on").asc(nulls_first=True), "position", "code"))
        old = [d.pk for d in every]
        new = [pk for pk in old if pk != department.pk]
        new.insert(max(0, min(rank - 1, len(new))), department.pk)
        if new == old and [d.position for d in every] == list(range(len(every))):
            return
        places = {pk: n for n, pk in enumerate(new)}
        for each in every:
            each.position = places[each.pk]
        Department.objects.bulk_update(every, ["position"])
        _record(
            department, by, at, "department.placed", {"code": department.code, "before": old.index(department.pk) + 1, "after": new.index(department.pk) + 1}
        )


def called_on(government: int, day: dt.date) -> Mapping[str, Called]:
    """By code, the names on a day of those departments that were called otherwise then. 1 statement."""
    found: dict[str, Called] = {}
    rows = DepartmentName.objects.of(government).filter(until_on__gte=day).order_by("-until_on")
    for code, name, short, name_en in rows.values_list("department__code", *NAMES):
        found[code] = Called(name, short, name_en)  # the earliest that still held
    return found


def as_called(department: Department, names: Mapping[str, Called]) -> Department:
    """The department under the names of then, for a page; never to be saved."""
    called = names.get(department.code)
    if called is None:
        return department
    then = copy(department)
    then.name, then.short, then.name_en = called.name, called.short, called.name_en
    return then


def _write(department: Department, version: int, values: dict[str, Any]) -> None:
    if Department.objects.filter(pk=department.pk, version=version).update(version=F("version") + 1, **values) != 1:
        raise Stale(Department.objects.get(pk=department.pk))


def _administers(by: Person, department: Department | None = None) -> None:
    if not by.has(Role.ADMINISTRATOR) or (department is not None and department.government_id != by.government_id):
        raise Refused("name", _("部门由管理员办理。"))


def _record(department: Department, by: Person, at: dt.datetime, verb: str, facts: dict[str, Any]) -> None:
    audit.record(department.government_id, actor=by.user, verb=verb, subject=f"department:{department.pk}", at=at, facts=facts)


def heirs(government: int) -> dict[int, int]:
    """Of each department that went up in another, the one that stands for it now. 1 statement."""
    gone = Department.objects.of(government).filter(successor__isnull=False)
    successor = {one.pk: one.successor_id for one in gone.only("pk", "successor") if one.successor_id is not None}
    found: dict[int, int] = {}
    for old, nearest in successor.items():
        new, seen = nearest, {old}
        while new in successor and new not in seen:
            seen.add(new)
            new = successor[new]
        found[old] = new
    return found


def house(government: int, department: int) -> list[int]:
    """A department and all that went up in it. 1 statement."""
    return [department, *(old for old, new in heirs(government).items() if new == department)]
