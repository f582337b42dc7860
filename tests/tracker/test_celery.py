"""The doors of Celery: one task, one call, and a message that never outlives its interval."""

from django.conf import settings

from tracker import celery


def test_beat_wakes_the_tick_and_its_message_expires_before_the_next():
    assert celery.app.conf.beat_schedule == {"tick": {"task": "tracker.tick", "schedule": 15.0, "options": {"expires": 10.0}}}
    assert celery.app.conf.result_backend is None


def test_folders_of_the_broker_are_made_before_the_first_connection(tmp_path):
    options = celery.folders(tmp_path / "broker")
    assert options["data_folder_in"] == options["data_folder_out"]
    assert sorted(path.name for path in (tmp_path / "broker").iterdir()) == ["control", "messages", "read"]


def test_embedded_broker_lies_in_the_folder_of_the_product():
    assert celery.transport_options("filesystem://")["data_folder_in"] == str(settings.VAR / "broker" / "messages")
    assert "data_folder_in" not in celery.transport_options("redis://127.0.0.1:6379/0")
