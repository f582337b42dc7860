"""A form that creates something carries a key; the same key sent twice finds the first result."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from people.models import FormKey, User

LONGEST = 64


def once(user: User, key: str, deed: Callable[[], str]) -> str:
    """Does the deed once for this person and key, and returns its result: a short text such as the new row's id.

    Deed and key are one transaction: a deed that fails leaves no key, so that the form can be sent again. A second sender
    waits for the first and gets its result.

    Raises: ValueError where the key is empty or longer than 64 characters; whatever the deed raises.
    """
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise ValueError("a form key has 1 to 64 characters")
    with transaction.atomic():
        try:
            with transaction.atomic():
                taken = FormKey.objects.create(user=user, key=key)
        except IntegrityError:
            return FormKey.objects.get(user=user, key=key).result
        result = deed()
        FormKey.objects.filter(pk=taken.pk).update(result=result)
    return result
