"""Bodies of pages that many people see alike, kept once, and the answer 304 to whom nothing is new.

A body holds nothing personal: its key names the run, the scope of rights, the language and the build. The ETag is made of the key
and the person, with the counts in the head of the page and the session, whose token stands in the forms.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tracker.frame import sections_for

KEPT = 600  # seconds: names of departments and people change without a roll-up


@lru_cache(maxsize=1)
def build() -> str:
    """A mark of the code, the templates and the translations that this process runs."""
    found = sha256()
    for folder, pattern in (("tracker", "*.py"), ("templates", "*.html"), ("locale", "*.mo"), ("static", "*.css")):
        for path in sorted((settings.BASE_DIR / folder).rglob(pattern)):
            state = path.stat()
            found.update(f"{path.relative_to(settings.BASE_DIR)}:{state.st_size}:{state.st_mtime_ns}".encode())
    return found.hexdigest()[:16]


def key_of(*parts: Any) -> str:
    """A key of these parts, the language and the build."""
    return sha256(repr((*parts, get_language(), build(), settings.STAGE)).encode()).hexdigest()


def body(key: str, render: Callable[[], str]) -> SafeString:
    """The body kept under the key, or a new one, which is kept."""
    kept = cache.get(f"body:{key}")
    if kept is None:
        kept = str(render())
        cache.set(f"body:{key}", kept, KEPT)
    return SafeString(kept)


def etag_of(request: HttpRequest, key: str) -> str:
    """The ETag of a page for this person: another one when the counts in the head or the session change."""
    person = request.person  # type: ignore[attr-defined]
    head = [(section.name, section.count) for section in sections_for(request)]
    return f'"{sha256(repr((key, person.id, sorted(person.roles), head, request.session.session_key)).encode()).hexdigest()[:32]}"'


def answer(request: HttpRequest, etag: str, page: Callable[[], HttpResponse]) -> HttpResponse:
    """304 to whom nothing is new, else the page with its ETag; private, and asked for again each time."""
    known = request.headers.get("If-None-Match", "")
    same = etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    response = HttpResponseNotModified() if same else page()
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response
