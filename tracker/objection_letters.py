"""What is told of an objection at once: to who made it that it came in, whose it is and by when; to who is to answer; and the answer."""

import datetime as dt
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from people.language import in_language
from people.models import Government, User
from plans.models import Terms
from tracker import formats
from tracker.models import Message, Objection
from tracker.telling import Letter, Line, Page, Section, address, letter, store

LONGEST = 120


def made(objection: Objection, at: dt.datetime) -> None:
    """The receipt, and the notice to the supervisor who was named."""
    _store(objection, at, [_letter(objection, objection.made_by, _receipt), *([_letter(objection, objection.named, _notice)] if objection.named else [])])


def answered(objection: Objection, words: str, at: dt.datetime) -> None:
    """The answer, to who made it."""
    _store(objection, at, [_letter(objection, objection.made_by, lambda one: _answer(one, words))])


def _store(objection: Objection, at: dt.datetime, letters: list[Letter]) -> None:
    store(Government.objects.get(pk=objection.government_id), letters, at)


def _letter(objection: Objection, to: User, page: Callable[[Objection], Page]) -> Letter:
    facts = {"objection": objection.pk, "item": objection.item_id, "until": objection.due_on.isoformat()}
    with translation.override(to.language):
        return letter(to, Message.Kind.OBJECTION, f"{objection.pk}:{objection.version}", page(objection), facts)


def _page(objection: Objection, title: str, words: str, right: str) -> Page:
    line = Line(_name(objection), _href(objection), words[:LONGEST], right)
    section = Section(str(objection.get_kind_display()), 1, [line], _href(objection))
    return Page(
        heading=_("异议"), title=title, lead=title, day=formats.day(objection.opened_on), sections=[section], button=_("打开异议"),
        button_href=_href(objection), foot=_("异议不改亮灯；成立的按目标调整、更正单等现有办法办理。"), preview=words[:LONGEST],
    )  # fmt: skip


def _receipt(objection: Objection) -> Page:
    who = objection.named.name if objection.named else _("督查室")
    title = _("异议已收到，%(who)s于 %(day)s 前答复") % {"who": who, "day": formats.day(objection.due_on)}
    return _page(objection, title, objection.wrong, formats.day(objection.due_on))


def _notice(objection: Objection) -> Page:
    title = _("一件异议待答复，限 %(day)s") % {"day": formats.day(objection.due_on)}
    return _page(objection, title, objection.wrong, formats.day(objection.due_on))


def _answer(objection: Objection, words: str) -> Page:
    return _page(objection, _("异议答复：%(state)s") % {"state": objection.get_state_display()}, words, str(objection.get_state_display()))


def _name(objection: Objection) -> str:
    terms = Terms.objects.in_force(objection.opened_on).filter(item=objection.item_id).values_list("name", "name_en").first()
    return in_language(*terms) if terms else objection.item.code


def _href(objection: Objection) -> str:
    return address("objection", objection.pk)
