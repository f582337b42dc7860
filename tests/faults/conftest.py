"""A relay for every test of this folder, and an installation of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.killing import Journal, Relay


@pytest.fixture
def journal(tmp_path: Path, settings) -> Iterator[Journal]:
    relay = Relay()
    relay.start()
    settings.VAR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", relay.listens_on, 10
    yield relay.journal
    relay.stop()
