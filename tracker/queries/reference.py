"""Which closing today is compared with: 新转滞后, 连续两期, 比二季度多 4 项 all mean the same one."""

import datetime as dt
from collections.abc import Iterable

from plans.models import Cycle
from tracker import periods
from tracker.models import Run


def compared_with(runs: Iterable[Run], day: dt.date) -> Run | None:
    """Of the runs that keep a closing (`standings.closed_periods`), the one that today is compared with; None where there is none yet.

    It is the closing of the period before the one that is being reported: a period's own closing is no "before" until the next
    period has opened. Single months are passed over where longer periods close.
    """
    over = [run for run in runs if run.closes is not None and _next_has_opened(run, day)]
    longer = [run for run in over if run.closes is not None and run.closes.cycle.frequency != Cycle.Frequency.MONTH]
    return next(iter(longer or over), None)


def _next_has_opened(run: Run, day: dt.date) -> bool:
    period = run.closes
    if period is None:
        return False
    following = periods.following(period.cycle, periods.holding(period.cycle, period.end))
    return periods.opens_on(period.cycle, following) <= day
