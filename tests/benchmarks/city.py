"""The demonstration's city on its last afternoon, and who looks at it."""

from people.models import User
from tests.benchmarks.pages import PAGES
from tracker.stage.build import build as build_the_stage


def build() -> dict[str, User]:
    """Everything that the pages show; returns the people who open them by login."""
    government = build_the_stage()
    logins = {page.login for page in PAGES}
    return {user.login: user for user in User.objects.filter(government=government, login__in=logins)}
