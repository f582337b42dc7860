"""What is asked of the product from inside: sessions, the cache, and how many statements a page sends."""

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from people import clock
from people.models import User
from tests.benchmarks.pages import NOW, PAGES, Page


def there() -> list[Page]:
    """The pages that the product has."""
    return [page for page in PAGES if _resolves(page.address)]


def _resolves(address: str) -> bool:
    try:
        resolve(address.partition("?")[0])
    except Resolver404:
        return False
    return True


def cookie(user: User) -> str:
    """A session of this person, as the browser sends it."""
    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "people.signing_in.LoginBackend", HASH_SESSION_KEY: user.get_session_auth_hash()})
    session.save()
    return f"sessionid={session.session_key}"


def empty_cache() -> None:
    cache.clear()


def statements(people: dict[str, User], pages: list[Page]) -> dict[str, int]:
    """How many statements each page sends, the session's own left in the cache unless the page is asked for with nothing cached."""
    clock.now = lambda: NOW
    return {page.title: _count(people[page.login], page) for page in pages}


def _count(user: User, page: Page) -> int:
    client = Client()
    client.force_login(user, backend="people.signing_in.LoginBackend")
    headers = {"If-None-Match": client.get(page.address).headers.get("ETag", "")} if page.unchanged else {}
    client.get(page.address)  # templates and addresses are read once a process
    if page.cold:
        cache.clear()
    with CaptureQueriesContext(connection) as sent:
        client.get(page.address, headers=headers)
    return len(sent)
