"""The Celery app and its doors: beat wakes `tick`, and `tick` is one call.

The database is the queue and a message carries no meaning, so one that is lost, late or doubled changes nothing. No
result backend, no arguments. Without CELERY_BROKER_URL the broker is a folder, and one worker with -B is the whole of it.
"""

import logging
import os
import warnings
from pathlib import Path
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import beat_embedded_init, beat_init, celeryd_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

from django.conf import settings  # needs the line above

INTERVAL = 15.0
EXPIRES = 10.0  # shorter than the interval: a worker that was away finds at most one message to follow


# root is warned of pickled messages; ours are JSON without arguments
warnings.filterwarnings("ignore", category=SecurityWarning)


def folders(place: Path) -> dict[str, Any]:
    """Transport options of a broker in `place`, whose folders are made: one for messages both in and out, one for its tables, one for what is being read."""
    names = {"data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "control", "processed_folder": "read"}
    options = {option: str(place / name) for option, name in names.items()}
    for folder in options.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    return {**options, "store_processed": False, "polling_interval": 0.5}


def transport_options(url: str) -> dict[str, Any]:
    """What the broker's transport needs: folders, or a short patience with a server that does not answer."""
    if url.startswith("filesystem:"):
        logging.getLogger("kombu.connection").setLevel(logging.ERROR)  # it warns that a folder has no host name
        return folders(settings.VAR / "broker")
    return {"visibility_timeout": 3600, "socket_timeout": 10, "socket_connect_timeout": 5}


app = Celery("xushi")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=transport_options(settings.CELERY_BROKER_URL),
    broker_connection_retry_on_startup=True,
    task_default_queue="xushi",
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=not settings.CELERY_BROKER_URL.startswith("filesystem:"),
    # ticks carry no meaning, so there is nothing to remember from one start to the next; a file could only be found broken
    beat_scheduler="celery.beat:Scheduler",
    beat_max_loop_interval=5,
    beat_schedule={"tick": {"task": "tracker.tick", "schedule": INTERVAL, "options": {"expires": EXPIRES}}},
    timezone="UTC",
    enable_utc=True,
)


@app.task(name="tracker.tick")
def tick() -> None:
    """Does all that is due now and not marked done."""
    from people import clock  # app registry ready
    from tracker import jobs  # app registry ready

    jobs.tick(clock.now(), worker=os.getpid())


@celeryd_init.connect
@beat_init.connect
def refuse_unsafe_start(**kwargs: Any) -> None:
    """Worker and beat run the start-up checks before their first message."""
    import django

    django.setup()
    from tracker import checks  # app registry ready

    checks.refuse_unsafe_start()


@worker_ready.connect
def catch_up(**kwargs: Any) -> None:
    """A worker that has just started does at once what came due while none was there."""
    tick.apply_async(expires=EXPIRES)


@beat_embedded_init.connect
def end_with_worker(**kwargs: Any) -> None:
    """A beat inside a worker ends with it, however the worker ends."""
    from tracker import processes

    processes.end_with(os.getppid())
