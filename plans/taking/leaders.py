"""Leaders whom an issued paper names: the person of the government where there is just one of that name, else a mark."""

import re
from collections.abc import Mapping
from typing import Any

from people.models import Government, Role, User
from plans.editing.proposing import folded
from plans.models import Plan, Terms
from plans.papers.comparing import Change
from plans.papers.reading import Reading

BESIDE = re.compile(r"[（(][^（）()]*[）)]|同志")


def name_leaders(reading: Reading, government: Government) -> None:
    """Gives each item that names leaders `leader`, the login of the first who is known, or the doubt why there is none. 1 statement, else none."""
    named = [item for item in reading.items if item.get("leaders")]
    if not named:
        return
    now = User.objects.filter(government=government, is_active=True, grants__role=Role.LEADER, grants__ended_at__isnull=True)
    people = sorted(set(now.values_list("name", "login")))
    for item in named:
        found = [_whom(words, people) for words in item["leaders"]]
        known = [(words, logins[0]) for words, logins in zip(item["leaders"], found, strict=True) if len(logins) == 1]
        if known:
            item["leader"] = known[0][1]
            item["leaders"] = [words for words in item["leaders"] if words != known[0][0]]
        else:
            item["why"]["leader"] = "namesakes" if any(found) else "nobody"
            item["uncertain"] = sorted(item["why"])


def _whom(words: str, people: list[tuple[str, str]]) -> list[str]:
    """Logins of those whom a wording names: 张三, 张三（副市长）, 副市长张三."""
    text = folded(BESIDE.sub("", words)) or folded(words)
    same = [login for name, login in people if folded(name) == text]
    return same or [login for name, login in people if len(folded(name)) > 1 and folded(name) in text]


def compare_leaders(changes: list[Change], plan: Plan, before: Mapping[str, Any] | None) -> None:
    """Adds to what a paper changes of a draft the leaders whom it names anew, by their names. 2 statements."""
    names = dict(User.objects.filter(government=plan.government_id).values_list("login", "name"))
    there = dict(Terms.objects.filter(item__plan=plan, amendment__number=0).values_list("item__code", "leader__login"))
    for change in changes:
        wanted = (change.item or {}).get("leader")
        said = ((before or {}).get(change.code) or {}).get("leader")
        if change.state in ("same", "changed") and wanted and wanted not in (there.get(change.code), said):
            change.fields["leader"] = (names.get(there.get(change.code) or ""), names[wanted])
            change.state = "changed"


def lead_by(plan: Plan, items: list[dict[str, Any]]) -> None:
    """Writes the leaders of a draft that was just made. At most 1 statement and 1 a leader."""
    codes: dict[str, list[str]] = {}
    for item in items:
        if item.get("leader"):
            codes.setdefault(item["leader"], []).append(item["code"])
    ids = dict(User.objects.filter(government=plan.government_id, login__in=codes).values_list("login", "pk")) if codes else {}
    for login, pk in ids.items():
        Terms.objects.filter(item__plan=plan, item__code__in=codes[login], amendment__number=0).update(leader=pk)
