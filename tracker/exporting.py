"""Lists as files to keep (`plans.listed`), and figures as their cells take them."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from plans import sheets
from plans.listed import TYPES, asked, disposition, file_response

__all__ = ["TYPES", "asked", "disposition", "file_response", "local", "share"]


def share(value: Decimal | None) -> sheets.Share | None:
    """A share of which 1 is the whole, for a cell."""
    return None if value is None else sheets.Share(value)


def local(at: dt.datetime | None, zone: str) -> dt.datetime | None:
    """An instant as the clocks of a zone show it, for a cell: a spreadsheet knows no zones."""
    return at and at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
