"""What every test shares: quick passwords, an empty cache, and a plain word where a program is missing."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("redis") and not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed; only root can: apt-get install redis-server")


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No test sees what another one cached."""
    cache.clear()
    yield
    cache.clear()
