"""What is refused of plans, and who edits what: supervisors their own government's drafts. A published plan says where to go instead."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from people.access import Person
from people.models import Role
from plans.models import Plan

DRAFTS = (Plan.State.DRAFT, Plan.State.CONSULTATION)


class NotAllowed(Exception):
    """A draft cannot be changed so, or a published plan not amended so; the message says why and what to do. `fields`: a message for each
    field by its name in the form, where one is wrong."""

    def __init__(self, message: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Wrong(NotAllowed):
    """What was entered cannot be, field by field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()), fields)


class Overtaken(NotAllowed):
    """Somebody else changed the same since it was read; nothing was written."""


def may_make(by: Person, government: int) -> None:
    """Raises: NotAllowed where this person makes no plans of this government."""
    if not by.has(Role.SUPERVISOR) or by.government_id != government:
        raise NotAllowed(_("只有本级政府的督查员可以编制规划。"))


def may_edit(plan: Plan, by: Person) -> None:
    """Raises: NotAllowed for another role or government, and where the plan is published."""
    may_make(by, plan.government_id)
    if plan.state not in DRAFTS:
        raise NotAllowed(_("规划已发布，不能直接修改。请提出目标调整，由另一位督查员发布。"))
