"""What may stand in the fields of a draft's rows: each refusal belongs to a field. No row is written here."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from people.models import Department
from plans.models import Item, Target, Terms

LARGEST = Decimal(10) ** 11
SHARES_END = Decimal(100)


def longest(model: type[models.Model], column: str) -> int:
    """How many characters a column holds."""
    return int(getattr(model._meta.get_field(column), "max_length", 0) or 0)


def too_long(n: int) -> str:
    return _("最长 %(n)d 个字。") % {"n": n}


def code_problem(code: str, plan: int, item: int | None) -> str:
    """Of a plan each code stands once, and is part of an address."""
    if not code:
        return _("请填写编号。")
    if len(code) > longest(Item, "code") or not all(c.isalnum() or c in "-_." for c in code):
        return _("编号最长 60 个字，只用文字、数字和 - _ .。")
    if Item.objects.filter(plan=plan, code=code).exclude(pk=item or 0).exists():
        return _("编号 %(code)s 已有事项使用，请换一个。") % {"code": code}
    return ""


def department_problem(department: Department | None, until: dt.date) -> str:
    """A department that closes before the plan ends cannot answer for it."""
    if department is None or department.until_on is None or department.until_on >= until:
        return ""
    where = _("，由%(name)s接续") % {"name": department.successor} if department.successor else ""
    return _("%(name)s已于 %(day)s 撤销%(where)s，请另选。") % {"name": department, "day": department.until_on.isoformat(), "where": where}


def terms_problems(values: Mapping[str, Any]) -> dict[str, str]:
    """By field, for what of `values` is given."""
    wrong: dict[str, str] = {}
    if "name" in values and not (values["name"] or "").strip():
        wrong["name"] = _("请填写事项名称。")
    for name in ("name", "name_en", "locator", "acceptance"):
        if len(values.get(name) or "") > longest(Terms, name):
            wrong[name] = too_long(longest(Terms, name))
    if "weight" in values and (values["weight"] is None or not 0 < values["weight"] < 1000):
        wrong["weight"] = _("权重要大于 0，小于 1000。")
    if values.get("shares"):
        wrong |= {"shares": why} if (why := shares_problem(values["shares"])) else {}
    if values.get("profile") == Terms.Profile.SHARES and not values.get("shares"):
        wrong["shares"] = _("按分期比例时，请填写各期累计比例，如 25/50/75/100。")
    return wrong


def shares_problem(shares: str) -> str:
    """'5/25/60/100': shares of the way, rising, the last one all of it."""
    try:
        parts = [Decimal(part) for part in shares.split("/")]
    except ArithmeticError:
        return _("分期比例写成 25/50/75/100 这样的累计比例。")
    if not all(part.is_finite() for part in parts) or parts[0] < 0 or parts != sorted(parts) or parts[-1] != SHARES_END:
        return _("分期比例要逐期不减，最后一期为 100。")
    return ""


def target_problems(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By 'targets-0-due_on': a day not after the start, a range upside down, an interim target past the final one."""
    wrong: dict[str, str] = {}
    found = list(rows)
    last = max((r["due_on"] for r in found if r.get("role", "final") == Target.RoleInPath.FINAL and r.get("due_on")), default=None)
    for n, row in enumerate(found):
        here = f"targets-{n}"
        due, start = row.get("due_on"), row.get("from_on")
        if due and start and due <= start:
            wrong[f"{here}-due_on"] = _("期限要晚于起算日 %(day)s。") % {"day": start.isoformat()}
        elif due and last and row.get("role") == Target.RoleInPath.INTERIM and due >= last:
            wrong[f"{here}-due_on"] = _("分解目标的期限要早于终期 %(day)s。") % {"day": last.isoformat()}
        wrong |= {f"{here}-{name}": why for name, why in _values(row).items()}
    return wrong


def _values(row: Mapping[str, Any]) -> dict[str, str]:
    value, high, between = row.get("value"), row.get("value_high"), row.get("comparator") == Target.Comparator.BETWEEN
    wrong = {name: _("数值过大。") for name in ("value", "value_high", "offset") if row.get(name) is not None and abs(row[name]) >= LARGEST}
    if high is not None and not between:
        wrong["value_high"] = _("只有“区间”才有上限。")
    elif between and value is not None and (high is None or high < value):
        wrong["value_high"] = _("区间的上限要填，且不小于下限。")
    if row.get("tolerance") is not None and not 0 <= row["tolerance"] < 1:
        wrong["tolerance"] = _("容差写成 0 到 1 之间的比例，如 0.05。")
    return wrong


def past_problems(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By 'past-0-on': earlier results, one a day, each with a value."""
    wrong: dict[str, str] = {}
    days: set[dt.date] = set()
    for n, row in enumerate(rows):
        if row.get("on") is None:
            wrong[f"past-{n}-on"] = _("请填写。")
        elif row["on"] in days:
            wrong[f"past-{n}-on"] = _("同一天只能有一个数。")
        else:
            days.add(row["on"])
        if row.get("value") is None:
            wrong[f"past-{n}-value"] = _("请填写。")
    return wrong


def step_problems(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By 'steps-0-weight'."""
    wrong: dict[str, str] = {}
    for n, row in enumerate(rows):
        if not row.get("name", "").strip():
            wrong[f"steps-{n}-name"] = _("请填写节点名称。")
        if row.get("weight") is None or not 0 < row["weight"] < 1000:
            wrong[f"steps-{n}-weight"] = _("权重要大于 0，小于 1000。")
    return wrong
