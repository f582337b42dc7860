"""The start: the stage in the demonstration, else the page of one's role; a stranger signs in first."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from people.access import Person, entry
from people.models import Role
from tracker import first_start
from tracker.views import stage

PAGES = (  # of a person of several roles the first one counts
    (Role.LEADER, "overview"),
    (Role.SUPERVISOR, "overview"),
    (Role.REVIEWER, "review"),
    (Role.REPORTER, "my-work"),
    (Role.AUDITOR, "overview"),
    (Role.ADMINISTRATOR, "people"),
    (Role.STEWARD, "people"),
)


def page_of(person: Person) -> str:
    """The address of the page that a person works on; the overview where that page is not there."""
    for role, name in PAGES:
        if person.has(role):
            try:
                return reverse(name)
            except NoReverseMatch:
                break
    return reverse("overview")


@entry(public=True)
def home(request: HttpRequest) -> HttpResponse:
    person: Person | None = request.person
    if settings.STAGE and person is None:
        return stage.stage(request)
    if person is None:
        return redirect("setup" if first_start.is_open() else "sign-in")
    return redirect(page_of(person))
