"""How the pages are served, embedded and in production alike. Gunicorn reads this file from the folder it starts in."""

import os

wsgi_app = "tracker.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# a page that takes longer has failed; uploads are read by the threads, which do not hold up the heart-beat
timeout = 60
graceful_timeout = 25
keepalive = 5
max_requests = 20000
max_requests_jitter = 2000
# the heart-beat file must not wait for a disk
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
control_socket_disable = True
