"""One-time codes: what lets a person set a password who was invited, or who has lost his.

A code is made from the server's secret and a nonce, so that a worker can write it into a mail and a slip can be printed; the
database keeps its hash alone. It is used once, by a conditional update, until its day; a new one ends the one before.
"""

import datetime as dt
import hashlib
import secrets
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from people import audit, clock, mail
from people.access import Person
from people.models import Government, OneTimeCode, User

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is taken for another sign
GROUPS, GROUP = 3, 4  # 12 signs, 59 bits
LIVES = {OneTimeCode.Purpose.INVITE: dt.timedelta(days=14), OneTimeCode.Purpose.RESET: dt.timedelta(days=3)}
ASKED_LIVES = dt.timedelta(hours=2)  # one that a person asked for himself
ASKED_EVERY = dt.timedelta(minutes=5)
Purpose, Channel, Mail = OneTimeCode.Purpose, OneTimeCode.Channel, OneTimeCode.Mail


class NotOpen(Exception):
    """The code is unknown, used, taken back or out of date; which of these is not said."""


def secret_of(code: OneTimeCode) -> str:
    """The code itself, e.g. 'K7QF-2M9X-PRTD'."""
    return spelt(int(salted_hmac("people.OneTimeCode", code.nonce, algorithm="sha256").hexdigest(), 16))


def spelt(number: int) -> str:
    """A large number as a code that a person can type."""
    signs = []
    for _sign in range(GROUPS * GROUP):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "-".join("".join(signs[n : n + GROUP]) for n in range(0, len(signs), GROUP))


def hash_of(secret: str) -> str:
    """The hash of a code as it was typed: small letters, spaces and missing hyphens do not matter."""
    plain = "".join(sign for sign in secret.upper() if sign.isalnum())
    return hashlib.sha256(f"people.OneTimeCode:{plain}".encode()).hexdigest()


def link_of(code: OneTimeCode) -> str:
    """The address that a mail leads to."""
    return f"{settings.SITE_URL}{reverse('join')}?code={secret_of(code)}"


def issue(user: User, by: Person | None, at: dt.datetime, channel: str, life: dt.timedelta | None = None) -> OneTimeCode:
    """Makes a person's code and ends the one before; inside the caller's transaction or its own. 6 statements."""
    purpose = Purpose.RESET if user.has_usable_password() else Purpose.INVITE
    life = life or (LIVES[purpose] if by else ASKED_LIVES)
    with transaction.atomic():
        OneTimeCode.objects.filter(user=user).open().update(ended_at=at)
        code = OneTimeCode(
            government_id=user.government_id, user=user, purpose=purpose, channel=channel, nonce=secrets.token_hex(16), made_at=at,
            made_by=by.user if by else None, expires_at=at + life, mail=Mail.READY if channel == Channel.MAIL else Mail.NONE,
        )  # fmt: skip
        code.hash = hash_of(secret_of(code))
        code.save(force_insert=True)
        facts = {"login": user.login, "purpose": purpose, "channel": channel, "until": code.expires_at}
        audit.record(user.government_id, actor=by.user if by else user, verb="person.code", subject=f"user:{user.pk}", at=at, facts=facts)
    return code


def ask(words: str, at: dt.datetime) -> OneTimeCode | None:
    """Somebody who knows a login or an address asks for a mail; None where there is nobody active with an address, or one was just sent."""
    words = words.strip()
    found = User.objects.filter(is_active=True).exclude(email="")
    user = (found.filter(login=words).first() or found.filter(email__iexact=words).first()) if words else None
    if user is None or OneTimeCode.objects.filter(user=user, made_at__gt=at - ASKED_EVERY, made_at__lte=at).exists():
        return None
    return issue(user, None, at, Channel.MAIL)


def open_code(secret: str, at: dt.datetime) -> OneTimeCode:
    """The code that still opens at the instant. Raises: NotOpen. 1 statement."""
    found = OneTimeCode.objects.open().filter(hash=hash_of(secret), expires_at__gt=at, user__is_active=True)
    code = found.select_related("user__government", "user__department").first()
    if code is None:
        raise NotOpen
    return code


def redeem(code: OneTimeCode, password: str, at: dt.datetime) -> User:
    """Sets the password, once; every session of the person ends. Raises: NotOpen where another was quicker."""
    user = code.user
    user.set_password(password)  # slow, so outside the transaction
    with transaction.atomic():
        if OneTimeCode.objects.filter(pk=code.pk, expires_at__gt=at).open().update(used_at=at) != 1:
            raise NotOpen
        User.objects.filter(pk=user.pk).update(password=user.password, epoch=F("epoch") + 1)
        facts = {"login": user.login, "purpose": code.purpose}
        audit.record(user.government_id, actor=user, verb="person.password", subject=f"user:{user.pk}", at=at, facts=facts)
    return user


def end(user: User, at: dt.datetime) -> int:
    """Takes back a person's open code."""
    return OneTimeCode.objects.filter(user=user).open().update(ended_at=at)


# by mail --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Handed:
    """What one call did."""

    sent: int = 0
    failed: int = 0


def waiting(government: Government) -> bool:
    """Whether a code waits to be mailed. 1 statement."""
    return OneTimeCode.objects.of(government).filter(mail=Mail.READY).exists()


def hand_over(government: Government, at: dt.datetime) -> Handed:
    """Mails every code that waits. Each is claimed first: a process that dies leaves it as 'handing', and whoever set the person up sees
    that nobody knows whether it went out, and makes a new one."""
    sent = failed = 0
    for code in OneTimeCode.objects.of(government).filter(mail=Mail.READY).select_related("user__government", "made_by").order_by("pk"):
        if OneTimeCode.objects.filter(pk=code.pk, mail=Mail.READY).update(mail=Mail.HANDING) != 1:
            continue
        went = _sends(code, at)
        OneTimeCode.objects.filter(pk=code.pk).update(mail=Mail.SENT if went else Mail.FAILED)
        sent, failed = sent + went, failed + (not went)
    return Handed(sent, failed)


def _sends(code: OneTimeCode, at: dt.datetime) -> bool:
    still_open = code.used_at is None and code.ended_at is None and code.expires_at > at
    if not (still_open and code.user.is_active and code.user.email):
        return False
    with translation.override(code.user.language):
        subject, text = _letter(code)
    try:
        mail.send(to=code.user.email, subject=subject, text=text, html="", message_id=f"<code-{code.pk}-{code.nonce[:12]}@xushi>")
    except (mail.NotHanded, mail.Doubtful, smtplib.SMTPException, ValueError):
        return False
    return True


def _letter(code: OneTimeCode) -> tuple[str, str]:
    """Subject and text, in the person's language."""
    government = code.user.government
    subject = _("序时：设置登录密码") if code.purpose == Purpose.INVITE else _("序时：重设登录密码")
    context = {
        "code": code, "user": code.user, "government": government, "link": link_of(code), "stage": settings.STAGE,
        "until": code.expires_at, "day": clock.day_of(code.expires_at, government.zone),
    }  # fmt: skip
    return subject, render_to_string("mail/code.txt", context).strip() + "\n"


# on paper -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """What is printed for one person."""

    name: str
    department: str
    login: str
    secret: str
    until: dt.date


def slip(code: OneTimeCode) -> Slip:
    """The slip of a code; `code` with its user, department and government."""
    user = code.user
    return Slip(user.name, str(user.department), user.login, secret_of(code), clock.day_of(code.expires_at, user.government.zone))


def found(pk: str, by: Person) -> OneTimeCode | None:
    """The code that a form of this person has made; None for any other: a form's key may have been used for another form before."""
    mine = OneTimeCode.objects.visible_to(by).filter(made_by=by.id, pk=int(pk) if pk.isdecimal() and len(pk) < 10 else 0)
    return mine.select_related("user__government", "user__department").first()
