"""At the door: who comes in, in which language, and whether this view lets them."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_cache_control

from people import access, clock, deeds

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "language"
SIGNED_IN_AT = "signed_in_at"


class PersonMiddleware:
    """Sets `request.now` (UTC), and `request.person` (None for a stranger) with the rights in force today."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]  # plain, not lazy: PostgreSQL's driver takes no wrapper
        request.person = deeds.person_of(request.user, request.now) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        if request.person and self._too_old(request):  # type: ignore[attr-defined]
            logout(request)
            request.person = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            self._keep(request, response)
        return response

    @staticmethod
    def _keep(request: HttpRequest, response: HttpResponse) -> None:
        """A form's page, and a file, is kept by no browser; all else is asked for again each time."""
        entry = getattr(request, "entry", None)
        if response.has_header("Content-Disposition") or (entry and "POST" in entry.methods):
            patch_cache_control(response, private=True, no_store=True)
        else:
            patch_cache_control(response, private=True, no_cache=True)

    @staticmethod
    def _too_old(request: HttpRequest) -> bool:
        since = request.session.get(SIGNED_IN_AT)
        return since is not None and clock.machine_now().timestamp() - since > settings.SESSION_ABSOLUTE_AGE


class LanguageMiddleware:
    """The language a person chose; for a stranger the cookie's; else Chinese. The browser's wish is not asked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(LANGUAGE_COOKIE) or (request.person.user.language if request.person else "")  # type: ignore[attr-defined]
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class EntryMiddleware:
    """Closed by default: lets in whom the view declares; a stranger signs in first; all others see 404."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        entry = request.entry = access.declared_entry(view)  # type: ignore[attr-defined]
        if entry is None or (entry.stage_only and not settings.STAGE):
            raise Http404
        if not entry.public:
            if request.person is None:  # type: ignore[attr-defined]
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            if not request.person.has(*entry.roles):  # type: ignore[attr-defined]
                raise Http404
        if request.method not in entry.methods:
            return HttpResponseNotAllowed(entry.methods)
        return None
