"""The tree of a draft: chapters, sections, what stands under which. `path` orders and finds them; a change renumbers it."""

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext as _

from people.access import Person
from plans.editing.fields import too_long
from plans.editing.items import place
from plans.editing.log import changing
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.snapshots import Touched
from plans.models import Goal, Plan, Terms

DEEPEST = 6


def add_goal(plan: Plan, parent: Goal | None, title: str, by: Person, at: dt.datetime, title_en: str = "") -> Goal:
    """A new last child of `parent`, or chapter. Raises: NotAllowed, Wrong."""
    title = _checked(plan, parent, title, None)
    if parent is not None and parent.depth >= DEEPEST:
        raise Wrong({"title": _("目录最多 %(n)d 层。") % {"n": DEEPEST}})
    with changing(plan, by, at, "goal added", Touched()) as touched:
        last = Goal.objects.filter(plan=plan, parent=parent).order_by("-position").first()
        position = last.position + 1 if last else 1
        path = f"{parent.path if parent else ''}{position:03d}/"
        goal = Goal.objects.create(
            government_id=plan.government_id, plan=plan, parent=parent, path=path, position=position, title=title, title_en=title_en.strip()[:240]
        )
        touched.goals.add(goal.pk)
    return goal


def change_goal(goal: Goal, title: str, title_en: str, by: Person, at: dt.datetime, version: int) -> None:
    """Raises: NotAllowed, Wrong, Overtaken."""
    title = _checked(goal.plan, goal.parent, title, goal.pk)
    with changing(goal.plan, by, at, "goal changed", Touched(goals={goal.pk})):
        changed = Goal.objects.filter(pk=goal.pk, version=version)
        if changed.update(title=title, title_en=title_en.strip()[:240], version=F("version") + 1) != 1:
            raise Overtaken(_("这一条目录刚被别人改过。"))


def move_goal(goal: Goal, parent: Goal | None, by: Person, at: dt.datetime, before: Goal | None = None) -> None:
    """Under another parent, before one of its children or last. Raises: NotAllowed, Wrong where the tree would run in a circle."""
    if parent is not None and (parent.plan_id != goal.plan_id or parent.path.startswith(goal.path)):
        raise Wrong({"parent": _("不能移到自己或自己的下级之下。")})
    _checked(goal.plan, parent, goal.title, goal.pk)
    every = set(Goal.objects.filter(plan=goal.plan).values_list("pk", flat=True))
    with changing(goal.plan, by, at, "goal moved", Touched(goals=every)):
        siblings = list(Goal.objects.filter(plan=goal.plan, parent=parent).exclude(pk=goal.pk).order_by("position"))
        at_index = next((n for n, one in enumerate(siblings) if before is not None and one.pk == before.pk), len(siblings))
        siblings.insert(at_index, goal)
        Goal.objects.filter(pk=goal.pk).update(parent=parent)
        for n, one in enumerate(siblings, start=1):
            Goal.objects.filter(pk=one.pk).update(position=n)
        repath(goal.plan)
        place(goal.plan)


def shift_goal(goal: Goal, by: Person, at: dt.datetime, up: bool) -> None:
    """One place up or down among its siblings. Raises: NotAllowed."""
    row = list(Goal.objects.filter(plan=goal.plan, parent=goal.parent).order_by("position"))
    here = [one.pk for one in row].index(goal.pk)
    if up and here > 0:
        move_goal(goal, goal.parent, by, at, before=row[here - 1])
    elif not up and here < len(row) - 1:
        move_goal(goal, goal.parent, by, at, before=row[here + 2] if here + 2 < len(row) else None)


def delete_goal(goal: Goal, by: Person, at: dt.datetime) -> None:
    """Raises: NotAllowed while something stands in it."""
    if Goal.objects.filter(parent=goal).exists() or Terms.objects.filter(goal=goal).exists():
        raise NotAllowed(_("“%(title)s”下还有目录或事项，请先移走或删除。") % {"title": goal})
    with changing(goal.plan, by, at, "goal deleted", Touched(goals={goal.pk})):
        Goal.objects.filter(pk=goal.pk).delete()


def repath(plan: Plan) -> None:
    """Writes every path anew from parents and positions; paths are unique, so the old ones go first."""
    children: dict[int | None, list[Goal]] = {}
    for goal in Goal.objects.filter(plan=plan).order_by("position", "pk"):
        children.setdefault(goal.parent_id, []).append(goal)
    paths: dict[int, str] = {}

    def walk(parent: int | None, above: str) -> None:
        for n, goal in enumerate(children.get(parent, []), start=1):
            paths[goal.pk] = path = f"{above}{n:03d}/"
            goal.position = n
            walk(goal.pk, path)

    walk(None, "")
    found = [goal for row in children.values() for goal in row]
    for goal in found:
        goal.path = f"~{goal.pk}/"
    Goal.objects.bulk_update(found, ["path"])
    for goal in found:
        goal.path = paths[goal.pk]
    Goal.objects.bulk_update(found, ["path", "position"])


def _checked(plan: Plan, parent: Goal | None, title: str, own: int | None) -> str:
    title = title.strip()
    if not title:
        raise Wrong({"title": _("请填写目录标题。")})
    if len(title) > 160:
        raise Wrong({"title": too_long(160)})
    if parent is not None and parent.plan_id != plan.pk:
        raise NotAllowed(_("目录不属于这份规划。"))
    if Goal.objects.filter(plan=plan, parent=parent, title=title).exclude(pk=own or 0).exists():
        raise Wrong({"title": _("同一级已有“%(title)s”。") % {"title": title}})
    return title
