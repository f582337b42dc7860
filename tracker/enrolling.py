"""Many people at once from a table: read, checked cell by cell, and enrolled all together or not at all."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people import clock, staffing
from people.access import Person
from people.models import Department, OneTimeCode, Role, User
from people.staffing import Newcomer, Refused
from plans import sheets
from plans.sheets import Cell, Grid, Problem

MOST = 1000
HEADS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "name"), "login": ("登录名", "login"), "department": ("部门", "单位", "department"), "roles": ("角色", "role", "roles"),
    "email": ("邮箱", "电子邮箱", "mail", "email"), "from_on": ("起日", "first day"), "until_on": ("止日", "last day"),
}  # fmt: skip
NEEDED = ("name", "login", "department", "roles")
PARTS = "、，,;；/ \n"


@dataclass(frozen=True)
class Sheet:
    """What a table asks for: the people in its order, and what is wrong where. Nothing may be enrolled while anything is wrong."""

    people: list[dict[str, Any]]  # as JSON takes them
    problems: list[Problem]


def read(content: bytes, name: str, by: Person, at: dt.datetime) -> Sheet:
    """Reads the first table that has the needed heads. Raises: sheets.Refused for a file that cannot be opened."""
    paper = sheets.open_paper(content, name)
    for grid in paper.grids:
        for n, row in enumerate(grid.rows[:10]):
            columns = _columns(row)
            if set(NEEDED) <= set(columns):
                return _read(grid, n + 1, columns, by, clock.day_of(at, by.user.government.zone), paper.refused)
    return Sheet([], [Problem("", _("没有找到表头：姓名、登录名、部门、角色。"))])


def _columns(row: list[Cell]) -> dict[str, int]:
    words = {head: key for key, heads in HEADS.items() for head in heads}
    return {words[cell.text.strip().lower()]: n for n, cell in enumerate(row) if cell.text.strip().lower() in words}


def _read(grid: Grid, first: int, columns: Mapping[str, int], by: Person, day: dt.date, refused: list[Problem]) -> Sheet:
    names: dict[str, Department] = {}
    for department in Department.objects.of(by.government_id).filter(until_on__isnull=True):
        for called in (*department.former, department.name_en, department.short, department.name):
            names[str(called)] = department
    people, problems, seen = [], list(refused), set[str]()
    for row in grid.rows[first:]:
        if not any(cell.text for cell in row):
            continue
        cells = {key: row[n] for key, n in columns.items()}
        person, wrong = _person(cells, names, by, day)
        if person["login"] in seen:
            wrong.append(Problem(cells["login"].address, _("登录名在表里重复。")))
        seen.add(person["login"])
        people.append(person)
        problems += wrong
    if not people:
        problems.append(Problem("", _("表里没有人。")))
    if len(people) > MOST:
        problems.append(Problem("", _("一次最多 %(n)d 人。") % {"n": MOST}))
    return Sheet(people, [*problems, *_taken(people)])


def _person(cells: Mapping[str, Cell], names: Mapping[str, Department], by: Person, day: dt.date) -> tuple[dict[str, Any], list[Problem]]:
    """A row as JSON takes it, and what is wrong with it."""
    text = {key: cells[key].text.strip() if key in cells else "" for key in HEADS}
    wrong: dict[str, str] = {}
    department = names.get(text["department"])
    if department is None:
        wrong["department"] = _("没有这个部门：%(name)s") % {"name": text["department"] or "–"}
    roles = []
    for word in filter(None, _parted(text["roles"])):
        found = next((role for role in Role if word in (role.value, str(role.label))), None)
        if found is None:
            wrong["roles"] = _("没有这个角色：%(name)s") % {"name": word}
        else:
            roles.append(found)
    days = {key: _day(cells.get(key), wrong, key) for key in ("from_on", "until_on")}
    person = {
        "name": text["name"][:40], "login": text["login"].lower(), "department": department.pk if department else 0, "place": str(department or text["department"]),
        "roles": [str(role.value) for role in roles], "titles": _("、").join(str(role.label) for role in roles), "email": text["email"],
        "from_on": (days["from_on"] or day).isoformat(), "until_on": days["until_on"].isoformat() if days["until_on"] else "",
    }  # fmt: skip
    if text["email"] and ("@" not in text["email"] or " " in text["email"]):
        wrong["email"] = _("邮箱格式不对。")
    if department is not None:
        for refused in staffing.problems_of(_newcomer(person, department), by):
            wrong.setdefault(refused.field, refused.message)
    return person, [Problem(cells[key].address if key in cells else "", why) for key, why in wrong.items()]


def _parted(text: str) -> list[str]:
    for mark in PARTS:
        text = text.replace(mark, "、")
    return text.split("、")


def _day(cell: Cell | None, wrong: dict[str, str], key: str) -> dt.date | None:
    if cell is None or not cell.text:
        return None
    if isinstance(cell.value, dt.date):
        return cell.value
    try:
        return dt.date.fromisoformat(cell.text)
    except ValueError:
        wrong[key] = _("日期写作 2022-10-17。")
        return None


def _taken(people: list[dict[str, Any]]) -> Iterator[Problem]:
    """Logins and addresses that somebody has already, or that stand twice. 2 statements."""
    logins = set(User.objects.filter(login__in=[p["login"] for p in people]).values_list("login", flat=True))
    emails = set(User.objects.filter(email__in=[p["email"] for p in people if p["email"]]).values_list("email", flat=True))
    for person in people:
        if person["login"] in logins:
            yield Problem(person["login"], _("登录名已有人用，请换一个。"))
        if person["email"] in emails:
            yield Problem(person["login"], _("这个邮箱已有人用。"))


def _newcomer(person: Mapping[str, Any], department: Department) -> Newcomer:
    until = dt.date.fromisoformat(person["until_on"]) if person["until_on"] else None
    roles = tuple(Role(role) for role in person["roles"])
    return Newcomer(person["login"], person["name"], department, roles, dt.date.fromisoformat(person["from_on"]), until, person["email"])


def enrol_all(people: list[dict[str, Any]], by: Person, at: dt.datetime) -> list[OneTimeCode]:
    """Everybody, or nobody; a code for each: by mail where there is an address, else for a slip. Raises: Refused, with who it is."""
    departments = {d.pk: d for d in Department.objects.of(by.government_id)}
    made = []
    with transaction.atomic():
        for person in people:
            try:
                user = staffing.enrol(_newcomer(person, departments[person["department"]]), by, at)
                made.append(staffing.invite(user, by, at, OneTimeCode.Channel.MAIL if user.email else OneTimeCode.Channel.SLIP))
            except Refused as refused:
                raise Refused(refused.field, f"{person['login']}{_('：')}{refused.message}") from refused
    return made
