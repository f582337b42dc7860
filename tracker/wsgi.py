"""The web's door. Runs the system checks, which Django's own get_wsgi_application() leaves out."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_wsgi_application()

from tracker.checks import refuse_unsafe_start  # noqa: E402  (needs the app registry to be ready)

refuse_unsafe_start()

from tracker import first_start  # noqa: E402

if said := first_start.announce():
    first_start.log.warning(said)
