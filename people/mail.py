"""The one function that sends a mail, and the folder that takes mails where no relay is set.

A mail has one recipient, a Message-ID given by its caller, and headers without line breaks. What went wrong is told in two
kinds: `NotHanded` (the relay surely has it not: try again) and `Doubtful` (nobody can say: do not try again by yourself).
"""

import hashlib
import os
import smtplib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from people.failpoints import point

_REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)


class NotHanded(Exception):
    """The relay has not taken the mail; `lasting` where trying again cannot help (the address was refused)."""

    def __init__(self, text: str, *, lasting: bool = False) -> None:
        super().__init__(text)
        self.lasting = lasting


class Doubtful(Exception):
    """The connection broke while the mail was under way: it may have been taken."""


def send(*, to: str, subject: str, text: str, html: str, message_id: str) -> None:
    """Hands one mail to the relay (or the folder).

    Raises: ValueError for a header with a line break; NotHanded; Doubtful.
    """
    for header in (to, subject, message_id):
        if "\r" in header or "\n" in header:
            raise ValueError("a mail header holds a line break")
    mail = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"})
    if html:
        mail.attach_alternative(html, "text/html")
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotHanded(str(error)) from error
    try:
        point("mail.before_bytes")
        connection.send_messages([mail])
        point("mail.after_bytes")
    except _REFUSED as error:
        lasting = isinstance(error, smtplib.SMTPRecipientsRefused) or 500 <= getattr(error, "smtp_code", 0) < 600
        raise NotHanded(str(error), lasting=lasting) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Doubtful(str(error)) from error
    finally:
        connection.close()


def was_taken(message_id: str) -> bool | None:
    """Whether a mail with this Message-ID has arrived: the folder knows, a relay cannot be asked (None)."""
    if settings.EMAIL_BACKEND != f"{__name__}.FolderBackend":
        return None
    return file_of(message_id).exists()


def file_of(message_id: str) -> Path:
    """Where the folder keeps the mail of a Message-ID: the same mail can never lie there twice."""
    return Path(settings.EMAIL_FILE_PATH) / f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.eml"


class FolderBackend(BaseEmailBackend):
    """Writes each mail as one .eml file named after its Message-ID; a file appears whole or not at all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def open(self) -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            goal = file_of(str(mail.extra_headers["Message-ID"]))
            part = goal.with_suffix(f".{os.getpid()}.part")
            with part.open("wb") as file:
                file.write(mail.message().as_bytes())
                file.flush()
                os.fsync(file.fileno())
            part.replace(goal)
        return len(email_messages)
