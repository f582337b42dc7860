"""What every page's frame shows: the government, the person, the sections that the person may enter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of templates/base.html."""
    return {"person": getattr(request, "person", None), "stage": settings.STAGE}
