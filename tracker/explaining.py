"""A lead department explains a target that lies below the last result, or that is passed early. Nothing that was said is changed."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Role
from plans.models import Terms
from tracker.models import Explanation
from tracker.turns import NotYours, worded


def explain(terms: Terms, figures: str, words: str, by: Person, at: dt.datetime) -> Explanation:
    """Keeps what the lead department says about its target. `figures`: target and result as the person read them.

    Raises: NotYours for all but the department's reporters and reviewers; Refused without words, or where they are too long.
    """
    if not may_explain(terms, by):
        raise NotYours
    said = worded("words", words, _("请写明说明。"))
    with transaction.atomic():
        made = Explanation.objects.create(
            government_id=terms.government_id, item_id=terms.item_id, department_id=by.department_id, figures=figures[:300], words=said, by=by.user, at=at
        )
        facts = {"item": terms.item.code, "about": figures, "after": {"said": said}}
        audit.record(terms.government_id, actor=by.user, verb="target explained", subject=f"item:{terms.item_id}", at=at, facts=facts)
    return made


def may_explain(terms: Terms, by: Person) -> bool:
    """Whether the person writes for the department that leads."""
    return by.has(Role.REPORTER, Role.REVIEWER) and by.government_id == terms.government_id and by.department_id == terms.lead_id
