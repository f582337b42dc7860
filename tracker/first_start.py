"""The first start: a page that makes the first government and its administrator, guarded by a code that the server prints.

The page is there until the first administrator is. The code is made of the server's secret and of the name of this installation,
so that every process prints the same one and nothing has to be kept.
"""

import logging

from django.conf import settings
from django.db import DatabaseError
from django.utils.crypto import constant_time_compare, salted_hmac

from people.codes import spelt
from people.models import Role, RoleGrant
from tracker import installation

log = logging.getLogger(__name__)


def is_open() -> bool:
    """Whether nobody has ever been an administrator here. 1 statement."""
    return not RoleGrant.objects.filter(role=Role.ADMINISTRATOR).exists()


def code() -> str:
    """The code that the server prints."""
    return spelt(int(salted_hmac("tracker.first_start", installation.key(), algorithm="sha256").hexdigest(), 16))


def is_code(typed: str) -> bool:
    plain = lambda text: "".join(sign for sign in text.upper() if sign.isalnum())  # noqa: E731
    return constant_time_compare(plain(typed), plain(code()))


def announce() -> str:
    """What the server's console says while the page is open; "" once it is not, or where there is no database yet."""
    try:
        if settings.STAGE or not is_open():
            return ""
        return f"首次启动：打开 {settings.SITE_URL}/setup/ ，验证码 / first start: open {settings.SITE_URL}/setup/ with the code {code()}"
    except DatabaseError:
        return ""
