"""A clock that stands still: `clock_at("2022-10-17")` makes every request see noon of that day in the city's zone."""

from collections.abc import Callable
from typing import Any

import pytest

from people.models import StagedTime
from tests import cast


@pytest.fixture
def clock_at(db: None, settings: Any) -> Callable[[str], None]:
    def set_to(day: str) -> None:
        settings.STAGE = True
        StagedTime.objects.all().delete()
        StagedTime.objects.create(shown_at=cast.noon(day), set_at=cast.noon("2100-01-01"))

    return set_to
