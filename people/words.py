"""Words looked up once a language: Django looks each one up anew, through its catalogues and a lock, some hundred times a page.

`keep` is called once a process. A server of threads is meant: the language spoken is the thread's, as every request sets it.
"""

import threading
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import trans_real

MOST = 20_000  # words kept of a language; a word more is looked up each time
_django: Any = trans_real  # what it holds has no public name
_looked_up = trans_real.gettext


def gettext(message: str) -> str:
    """The message in the language spoken, safe where it is."""
    spoken = getattr(_django._active, "value", None)  # noqa: SLF001
    if spoken is None:
        return _looked_up(message)
    kept: dict[str, str] | None = spoken.__dict__.get("kept_words")
    if kept is None:
        kept = spoken.kept_words = {}
    found = kept.get(message)
    if found is None:
        found = str(_looked_up(str(message)))
        if len(kept) < MOST:
            kept[str(message)] = found
    return SafeString(found) if isinstance(message, SafeData) else found


def keep() -> None:
    """Has Django look words up here, and asks for the language of a thread without a lock."""
    _django._active = _of_thread(_django._active)  # noqa: SLF001
    functions: Any = translation
    functions._trans.gettext = gettext  # noqa: SLF001


def _of_thread(spoken: Any) -> threading.local:
    """The same language, held by the thread."""
    held = threading.local()
    if hasattr(spoken, "value"):
        held.value = spoken.value
    return held
