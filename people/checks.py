"""A view that does not say who may enter stops the start-up."""

from typing import Any

from django.core.checks import Error, register

from people.access import all_views, declared_entry


@register()
def every_view_declares_who_may_enter(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [
        Error(f"The view of '{route}' does not say who may enter.", hint="Put @entry(...) of people.access on it.", id="people.E001")
        for route, pattern in all_views()
        if declared_entry(pattern.callback) is None
    ]
