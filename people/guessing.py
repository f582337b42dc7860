"""How many wrong guesses are borne (django-axes): eight for a login from one address, and a higher ceiling for the login from everywhere.

The low limit alone stops who guesses; the ceiling only bounds guessing from many addresses, high enough that a colleague is not
shut out by somebody's eight mistakes.
"""

from ipaddress import ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.utils import reset
from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from django.http import HttpRequest

from people.models import User

MOST_WRONG, WRONG_FOR = 20, 900  # wrong codes from one address, within so many seconds


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: behind the proxy of ours the last address that it has appended, which nobody else can write."""
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() if settings.SECURE_PROXY_SSL_HEADER else ""
    try:
        return str(ip_address(named))
    except ValueError:
        return str(request.META.get("REMOTE_ADDR", ""))


class Guesses(AxesDatabaseHandler):
    """Counts a login's wrong guesses from everywhere against a ceiling of its own."""

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """The count that is held against AXES_FAILURE_LIMIT: of the login from this address; or, once the ceiling is reached, the limit itself."""
        found = self.get_user_attempts(request, credentials)
        counts = [attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0 for attempts in found]
        pair, *everywhere = counts
        over = everywhere and everywhere[0] >= settings.GUESSES_CEILING
        return max(pair, settings.AXES_FAILURE_LIMIT) if over else pair


def forgive(user: User) -> None:
    """Forgets a person's wrong guesses, once he has set a new password."""
    reset(username=user.login)


def guessed_too_often(request: HttpRequest, what: str) -> bool:
    """Whether an address has typed too many wrong codes of a kind lately."""
    return int(cache.get(f"{what}:{address_of(request)}", 0)) >= MOST_WRONG


def count_wrong(request: HttpRequest, what: str) -> None:
    """Counts one more wrong code."""
    key = f"{what}:{address_of(request)}"
    cache.add(key, 0, WRONG_FOR)
    try:
        cache.incr(key)
    except ValueError:  # it has just run out
        cache.set(key, 1, WRONG_FOR)
