"""At the door: who comes in, in which language, and whether this view lets them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

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


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _back(request: HttpRequest, entry: access.Entry) -> str:
    """Where a stranger goes on to once signed in: the page asked for; the form whose sending found the session over, which has
    what was typed; else the start."""
    if request.method == "GET":
        return request.get_full_path()
    return request.path if "GET" in entry.methods else "/"


class EntryMiddleware:
    """Closed by default: lets in whom the view declares; a stranger signs in first; all others see 404."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):  # no address of ours; PostgreSQL breaks at it
            return self._refuse(404)
        if _length(request) > self._longest(request):  # before anything reads it: a form's files go to the disk as they come
            return self._refuse(413)
        if (request.content_params or {}).get("charset", "utf-8").lower() != "utf-8":  # Django's own refusal of it ends in a 500
            return HttpResponse(status=415)
        return self.get_response(request)

    @staticmethod
    def _longest(request: HttpRequest) -> int:
        """The most bytes of a body: for a stranger what a form holds, else all files of a report too."""
        files = settings.EVIDENCE_MAX_BYTES * settings.EVIDENCE_MAX_FILES if request.person else 0  # type: ignore[attr-defined]
        return files + settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    @staticmethod
    def _refuse(status: int) -> HttpResponse:
        words = _("没有这个页面。") if status == HTTPStatus.NOT_FOUND else _("发送的内容太大，没有收下。请压缩或拆分后再传。")
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        entry = request.entry = access.declared_entry(view)  # type: ignore[attr-defined]
        if entry is None or (entry.stage_only and not settings.STAGE):
            raise Http404
        if not entry.public:
            if request.person is None:  # type: ignore[attr-defined]
                return redirect_to_login(_back(request, entry))
            if not request.person.has(*entry.roles):  # type: ignore[attr-defined]
                raise Http404
        if request.method not in entry.methods:
            return HttpResponseNotAllowed(entry.methods)
        return None
