"""`manage.py setup`: a government from nothing, with its first administrator, whose one-time code it prints."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from people import clock, codes
from people.models import Government, OneTimeCode
from people.staffing import Refused
from plans import setting_up
from plans.importing import BANDS
from plans.models import Cycle

OPTIONS: dict[str, dict[str, Any]] = {
    "code": {"required": True, "help": "small letters, digits and -; never changes"},
    "name": {"required": True, "help": "name of the government, e.g. 信阳市"},
    "name-en": {"default": ""},
    "level": {"default": "city", "choices": Government.Level.values},
    "zone": {"default": "Asia/Shanghai"},
    "office": {"required": True, "help": "the department of the administrator, e.g. 市人民政府办公室"},
    "office-short": {"default": ""},
    "due": {
        "default": setting_up.AFTER,
        "choices": list(setting_up.DUE),
        "help": "after: 5th, 15th, 31st after the period; last-month: the 25th of its last month",
    },
    "shift": {"default": "after", "choices": Cycle.Shift.values, "help": "where a due day is a holiday"},
    "grace-days": {"default": 0, "type": int},
    "county-day": {"default": None, "type": int, "help": "day on which counties report the quarter; without it, like all others"},
    "administrator": {"required": True, "help": "login of the first administrator"},
    "administrator-name": {"required": True},
    "email": {"default": ""},
}


class Command(BaseCommand):
    help = "Makes a government with zone, calendar, cycles, due rules and bands, and its first administrator; prints the code that sets his password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, given in OPTIONS.items():
            parser.add_argument(f"--{name}", **given)
        for kind, (green, yellow) in BANDS.items():
            parser.add_argument(f"--{kind}-bands", nargs=2, default=(green, yellow), metavar=("GREEN_FROM", "YELLOW_FROM"))

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("code", "name", "name_en", "level", "zone", "office", "office_short", "due", "shift", "grace_days", "county_day", "email")
        bands = {kind: tuple(options[f"{kind}_bands"]) for kind in BANDS}
        blueprint = setting_up.Blueprint(
            login=options["administrator"], person=options["administrator_name"], bands=bands, **{name: options[name] for name in names}
        )
        at = clock.now()
        try:
            user = setting_up.set_up(blueprint, at)
        except Refused as refused:
            raise CommandError(f"{refused.field}: {refused.message}") from refused
        code = codes.issue(user, None, at, OneTimeCode.Channel.SLIP, codes.LIVES[OneTimeCode.Purpose.INVITE])
        self.stdout.write(f"{blueprint.code}: {settings.SITE_URL}/join/  login {user.login}  code {codes.secret_of(code)}")
