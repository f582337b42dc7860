"""The demonstration goes by one command, alone, and stands in no production."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from people import locks
from people.models import Government, StagedTime
from plans import setting_up
from tests import cast
from tracker import checks
from tracker.stage import removing


def said() -> str:
    out = StringIO()
    call_command("remove_demonstration", stdout=out)
    return out.getvalue().strip()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR, settings.STAGE = tmp_path, False
    return tmp_path


@pytest.mark.django_db
def test_its_own_file_is_removed_with_all_that_belongs_to_it(folder: Path) -> None:
    cast.city()
    (folder / "stamps").mkdir()
    files = ["demo.sqlite3", "demo.sqlite3-wal", "demo.master.sqlite3", "stamps/stage"]
    for name in files:
        (folder / name).touch()
    (folder / "xushi.sqlite3").touch()
    assert said() == f"removed {folder / 'demo.sqlite3'}"
    assert [name for name in files if (folder / name).exists()] == []
    assert ((folder / "xushi.sqlite3").exists(), Government.objects.count(), said()) == (True, 1, "there is no demonstration")


@pytest.mark.django_db
def test_beside_another_government_nothing_is_removed_and_none_is_set_up_beside_it() -> None:
    cast.city()
    StagedTime.objects.create(shown_at=cast.noon("2022-10-17"), set_at=cast.noon("2022-10-17"))
    blueprint = setting_up.Blueprint(code="other", name="他市", office="办公室", login="admin2", person="甲")
    with pytest.raises(setting_up.Refused):
        setting_up.set_up(blueprint, cast.noon("2023-01-03"))
    cast.stranger_city()
    with pytest.raises(CommandError, match="nothing was removed"):
        said()
    assert Government.objects.count() == 2


@pytest.mark.django_db
def test_a_production_does_not_start_on_it(settings: Any) -> None:
    settings.PRODUCTION = True
    assert checks.holds_demonstration() == []
    StagedTime.objects.create(shown_at=cast.noon("2022-10-17"), set_at=cast.noon("2022-10-17"))
    assert [error.id for error in checks.holds_demonstration()] == ["tracker.E103"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_it_was_built_into_is_empty_and_whole_again() -> None:
    cast.city()
    StagedTime.objects.create(shown_at=cast.noon("2022-10-17"), set_at=cast.noon("2022-10-17"))
    assert removing.stands_here()
    assert said().startswith("emptied the database")
    assert (Government.objects.count(), locks.count()) == (0, locks.expected())
