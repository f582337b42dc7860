"""The settings start with exactly what docker-compose.yml gives each of its services."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

GIVEN = {
    "SITE_URL": "https://xushi.example.gov.cn",
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnop",
    "POSTGRES_PASSWORD": "postgres0secret",
    "REDIS_PASSWORD": "redis0secret",
}
NAME = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def _filled(text: str, given: dict[str, str]) -> str:
    """As Compose fills in ${NAME}, ${NAME:-default} and ${NAME:?message}."""

    def value(found: re.Match[str]) -> str:
        name, sign, rest = found.groups()
        if given.get(name):
            return given[name]
        if sign == "?":
            raise KeyError(f"{name}: {rest}")
        return rest or ""

    return NAME.sub(value, text)


def _services() -> dict[str, dict]:
    return yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def _environment(service: str, given: dict[str, str] = GIVEN) -> dict[str, str]:
    return {name: _filled(value, given) for name, value in _services()[service]["environment"].items()}


def _start(environment: dict[str, str], folder) -> subprocess.CompletedProcess[str]:
    """The start-up checks, all of them, in a process that has this environment and no other."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = {**environment, "PATH": os.environ["PATH"], "XUSHI_VAR": str(folder)}
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def test_services_are_the_whole_of_production():
    assert sorted(_services()) == ["beat", "migrate", "postgres", "redis", "web", "worker"]


@pytest.mark.parametrize("service", ["migrate", "web", "worker", "beat"])
def test_service_starts_with_its_environment(service, tmp_path):
    ended = _start(_environment(service), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY must have"),
        ("SITE_URL", "http://xushi.example.gov.cn", "SITE_URL must begin"),
    ],
)
def test_service_with_an_unsafe_value_is_refused(name, value, refusal, tmp_path):
    ended = _start(_environment("web", GIVEN | {name: value}), tmp_path)
    assert ended.returncode == 1
    assert refusal in ended.stderr


def test_broker_without_password_is_refused(tmp_path):
    ended = _start(_environment("worker") | {"CELERY_BROKER_URL": "redis://redis:6379/0"}, tmp_path)
    assert ended.returncode == 1
    assert "needs a password" in ended.stderr


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_value_that_nobody_gave_is_asked_for(name):
    given = {key: value for key, value in GIVEN.items() if key != name}
    with pytest.raises(KeyError, match=name):
        _environment("web", given)
