"""Setting people up: who comes, what one may do and until when, who leaves. Administrators and stewards, within `people.rights`.

Every verb raises `Refused` with the field that it concerns and what to do; nothing is done then.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from people import audit, clock, codes
from people.access import Person
from people.models import EXCLUSIVE_ROLES, Department, OneTimeCode, Role, RoleGrant, User
from people.rights import grantable, managed_by, manages

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


class Refused(Exception):
    """What was asked for cannot be done; `field` is where the page says so."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


class Stale(Exception):
    """Somebody else changed it since; `now` is how it stands."""

    def __init__(self, now: Any) -> None:
        super().__init__("changed by somebody else")
        self.now = now


@dataclass(frozen=True)
class Newcomer:
    """A person to be set up."""

    login: str
    name: str
    department: Department
    roles: tuple[Role, ...]
    from_on: dt.date
    until_on: dt.date | None = None
    email: str = ""
    language: str = "zh-hans"


def enrol(new: Newcomer, by: Person, at: dt.datetime) -> User:
    """Creates a person with roles and no password yet. Raises: Refused."""
    _is_acceptable(new, by)
    with transaction.atomic():
        user = User(government_id=by.government_id, department=new.department, login=new.login, name=new.name, email=new.email, language=new.language)
        user.set_unusable_password()
        _save_new(user)
        facts = {
            "login": new.login,
            "name": new.name,
            "department": new.department.code,
            "email": new.email,
            "roles": [*new.roles],
            "from": new.from_on,
            "until": new.until_on,
        }
        RoleGrant.objects.bulk_create(
            RoleGrant(government_id=by.government_id, user=user, role=role, from_on=new.from_on, until_on=new.until_on, by=by.user) for role in new.roles
        )
        audit.record(by.government_id, actor=by.user, verb="person.enrolled", subject=f"user:{user.pk}", at=at, facts=facts)
    return user


def invite(user: User, by: Person, at: dt.datetime, channel: str) -> OneTimeCode:
    """A code by which a person sets his password: the first one, or a new one. Raises: Refused."""
    _reach(user, by, "channel")
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Refused("channel", _("%(name)s已停用，先启用再发邀请。") % {"name": user.name})
    if channel == OneTimeCode.Channel.MAIL and not user.email:
        needs_address()
    return codes.issue(user, by, at, channel)


def needs_address() -> NoReturn:
    """Says that a mail cannot go out."""
    raise Refused("channel", _("没有邮箱，请先填写邮箱，或打印纸条。"))


def correct(user: User, by: Person, at: dt.datetime, version: int, **changes: Any) -> None:
    """Changes name, email, language or department of a person. Raises: Refused; Stale where somebody else did since `version`."""
    _reach(user, by, "name")
    if "department" in changes and changes["department"].pk != user.department_id and not by.has(Role.ADMINISTRATOR):
        raise Refused("department", _("调动部门请管理员办理。"))
    if (department := changes.get("department")) is not None:
        _is_open(department, by)
    _write(user, by.user, at, version, changes)


def correct_own(by: Person, at: dt.datetime, version: int, name: str, language: str) -> None:
    """A person's own name and language. Raises: Stale."""
    _write(by.user, by.user, at, version, {"name": name, "language": language})


def _write(user: User, actor: User, at: dt.datetime, version: int, changes: dict[str, Any]) -> None:
    was = User.objects.select_related("department").get(pk=user.pk)
    before = {k: _told(getattr(was, k)) for k, v in changes.items() if getattr(was, k) != v}
    if was.version != version:
        raise Stale(was)
    if not before:
        return
    try:
        with transaction.atomic():
            if User.objects.filter(pk=user.pk, version=version).update(version=F("version") + 1, **{k: changes[k] for k in before}) != 1:
                raise Stale(User.objects.select_related("department").get(pk=user.pk))
            facts = {"before": before, "after": {k: _told(changes[k]) for k in before}}
            audit.record(user.government_id, actor=actor, verb="person.corrected", subject=f"user:{user.pk}", at=at, facts=facts)
    except IntegrityError:
        raise Refused("email", _("这个邮箱已有人用。")) from None


def _told(value: Any) -> Any:
    return value.code if isinstance(value, Department) else value


# roles ----------------------------------------------------------------------------------------------------------------


def grant(user: User, role: Role, by: Person, at: dt.datetime, from_on: dt.date, until_on: dt.date | None = None) -> RoleGrant:
    """Gives a role from a day on, to a last day where there is one. Raises: Refused at `role`, `from_on` or `until_on`."""
    _reach(user, by, "role")
    if user.pk == by.id:
        raise Refused("role", _("不能给自己加角色，请另一位管理员办理。"))
    if role not in grantable(by):
        raise Refused("role", _("联络员只能授予填报员、审核人。"))
    today = clock.day_of(at, by.user.government.zone)
    if until_on is not None and until_on < max(from_on, today):
        raise Refused("until_on", _("止日不能早于起日和今天。"))
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Refused("role", _("%(name)s已停用，先启用再授予角色。") % {"name": user.name})
    with transaction.atomic():
        RoleGrant.objects.filter(user=user, ended_at__isnull=True, until_on__lt=today).update(ended_at=at)  # run out by themselves
        _fits(user, role)
        try:
            with transaction.atomic():
                given = RoleGrant.objects.create(government_id=user.government_id, user=user, role=role, from_on=from_on, until_on=until_on, by=by.user)
        except IntegrityError:
            raise Refused("role", _("这个角色刚由他人授予。")) from None
        facts = {"login": user.login, "role": role, "from": from_on, "until": until_on}
        audit.record(user.government_id, actor=by.user, verb="role.granted", subject=f"user:{user.pk}", at=at, facts=facts)
    return given


def end_role(given: RoleGrant, by: Person, at: dt.datetime) -> None:
    """Takes a role away at once. Raises: Refused at `role`."""
    user = given.user
    _reach(user, by, "role")
    if user.pk == by.id:
        raise Refused("role", _("不能撤自己的角色，请另一位管理员办理。"))
    if Role(given.role) not in grantable(by):
        raise Refused("role", _("联络员只能撤销填报员、审核人。"))
    if given.role == Role.ADMINISTRATOR:
        _is_not_the_last(user, by, "role", at)
    with transaction.atomic():
        if RoleGrant.objects.filter(pk=given.pk, ended_at__isnull=True).update(ended_at=at) != 1:
            raise Refused("role", _("这个角色已由他人撤销。"))
        facts = {"login": user.login, "role": given.role, "from": given.from_on, "until": given.until_on}
        audit.record(user.government_id, actor=by.user, verb="role.ended", subject=f"user:{user.pk}", at=at, facts=facts)


def _fits(user: User, role: Role) -> None:
    held = set(RoleGrant.objects.filter(user=user, ended_at__isnull=True).values_list("role", flat=True))
    if role in held:
        raise Refused("role", _("已有这个角色；要改起止日，先撤销再授予。"))
    if role in EXCLUSIVE_ROLES and (other := held.intersection(EXCLUSIVE_ROLES)):
        words = {"role": role.label, "other": Role(next(iter(other))).label}
        raise Refused("role", _("已是%(other)s，不能再任%(role)s：管理员、督查员、审计员只能任其一。") % words)


# coming and going -----------------------------------------------------------------------------------------------------


def disable(user: User, by: Person, at: dt.datetime) -> None:
    """A person signs in no more: sessions and codes end at once, roles too. What he held is handed over on the page of leaving. Raises: Refused."""
    _reach(user, by, "active")
    if user.pk == by.id:
        raise Refused("active", _("不能停用自己。"))
    _is_not_the_last(user, by, "active", at)
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, epoch=F("epoch") + 1, version=F("version") + 1) != 1:
            raise Refused("active", _("已由他人停用。"))
        roles = list(RoleGrant.objects.filter(user=user, ended_at__isnull=True).values_list("role", flat=True))
        RoleGrant.objects.filter(user=user, ended_at__isnull=True).update(ended_at=at)
        codes.end(user, at)
        audit.record(user.government_id, actor=by.user, verb="person.disabled", subject=f"user:{user.pk}", at=at, facts={"login": user.login, "roles": roles})


def enable(user: User, by: Person, at: dt.datetime) -> None:
    """A person may come back; he gets his roles anew. Raises: Refused."""
    _reach(user, by, "active")
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, epoch=F("epoch") + 1, version=F("version") + 1) != 1:
            raise Refused("active", _("已由他人启用。"))
        audit.record(user.government_id, actor=by.user, verb="person.enabled", subject=f"user:{user.pk}", at=at, facts={"login": user.login})


def end_sessions(user: User, by: Person, at: dt.datetime) -> None:
    """Signs a person out everywhere; his own too, whoever he is. Raises: Refused."""
    if user.pk != by.id:
        _reach(user, by, "sessions")
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)
        audit.record(user.government_id, actor=by.user, verb="person.signed_out", subject=f"user:{user.pk}", at=at, facts={"login": user.login})


def change_own_password(by: Person, password: str, at: dt.datetime) -> None:
    """A new password of one's own; every other session ends."""
    user = by.user
    user.set_password(password)
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(password=user.password, epoch=F("epoch") + 1)
        codes.end(user, at)
        audit.record(user.government_id, actor=user, verb="person.password", subject=f"user:{user.pk}", at=at, facts={"login": user.login})
    user.epoch += 1


# what holds for all ---------------------------------------------------------------------------------------------------


def problems_of(new: Newcomer, by: Person) -> list[Refused]:
    """All that stands against a newcomer, field by field; logins and addresses that are taken are found when he is saved."""
    found = []
    if not LOGIN.fullmatch(new.login):
        found.append(Refused("login", _("登录名用小写字母、数字和 . _ -，2 至 60 个字符。")))
    if not new.name.strip():
        found.append(Refused("name", _("请填写姓名。")))
    if not new.roles:
        found.append(Refused("roles", _("至少选一个角色。")))
    elif not set(new.roles) <= set(grantable(by)):
        found.append(Refused("roles", _("联络员只能授予填报员、审核人。")))
    elif len(set(new.roles) & set(EXCLUSIVE_ROLES)) > 1:
        found.append(Refused("roles", _("管理员、督查员、审计员只能任其一。")))
    if not by.has(Role.ADMINISTRATOR) and new.department.pk != by.department_id:
        found.append(Refused("department", _("联络员只办理本单位人员。")))
    if new.until_on is not None and new.until_on < new.from_on:
        found.append(Refused("until_on", _("止日不能早于起日。")))
    return found


def _is_acceptable(new: Newcomer, by: Person) -> None:
    if found := problems_of(new, by):
        raise found[0]
    _is_open(new.department, by)


def _is_open(department: Department, by: Person) -> None:
    if department.government_id != by.government_id or department.until_on is not None:
        raise Refused("department", _("这个部门已撤并，请选现有部门。"))


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        taken = User.objects.filter(Q(login=user.login)).exists()
        raise Refused("login", _("登录名已有人用，请换一个。")) if taken else Refused("email", _("这个邮箱已有人用。")) from None


def _reach(user: User, by: Person, field: str) -> None:
    if not manages(by, user):
        raise Refused(field, _("您不办理这个人的账号。"))


def _is_not_the_last(user: User, by: Person, field: str, at: dt.datetime) -> None:
    """A government keeps an administrator: one who holds the role today, besides this one."""
    today = clock.day_of(at, by.user.government.zone)
    open_ones = RoleGrant.objects.of(user.government_id).filter(role=Role.ADMINISTRATOR, user__is_active=True).open_on(today)
    holders = set(open_ones.values_list("user", flat=True))
    if user.pk in holders and len(holders) == 1:
        raise Refused(field, _("这是最后一位管理员，先任命另一位。"))


def managed(person: Person, pk: int) -> User | None:
    """A person whom one sets up; None for all others."""
    return managed_by(person).filter(pk=pk).select_related("department", "government").first()
