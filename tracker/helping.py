"""The help: what each role does, in steps, and how the work that comes once is done. It reads no table of the database."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import resolve, reverse

from people import access
from people.access import Person
from tracker.help_roles import ROLES
from tracker.help_tasks import TASKS
from tracker.help_topics import Step, Topic


@dataclass(frozen=True)
class Shown:
    """A step with the address where it is done, "" where this person does not enter there."""

    step: Step
    href: str


def topic_of(slug: str) -> Topic | None:
    """The topic of an address; None where there is none."""
    return next((topic for topic in (*ROLES, *TASKS) if topic.slug == slug), None)


def own(person: Person | None) -> list[Topic]:
    """What this person does, in the order of the roles."""
    return [topic for topic in ROLES if person is not None and topic.role is not None and person.has(topic.role)]


def others(person: Person | None) -> list[Topic]:
    """What the other roles do."""
    mine = own(person)
    return [topic for topic in ROLES if topic not in mine]


def steps(topic: Topic, person: Person | None) -> list[Shown]:
    return [Shown(step, _href(step.page, person)) for step in topic.steps]


def _href(name: str, person: Person | None) -> str:
    """The address of a page that takes no arguments, where its view lets this person in."""
    if not name or person is None:
        return ""
    url = reverse(name, urlconf=settings.ROOT_URLCONF)
    entry = access.declared_entry(resolve(url, urlconf=settings.ROOT_URLCONF).func)
    return url if entry is not None and (entry.public or person.has(*entry.roles)) else ""
