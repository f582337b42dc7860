"""The yearly figures of 2021 that the longer plans start from: most indicators have one, accepted in March 2022."""

import datetime as dt

from plans.models import Item, Terms
from tracker import periods
from tracker.models import Duty
from tracker.stage import cast
from tracker.stage.calendar import at
from tracker.stage.filler import Filler
from tracker.stage.ledger import Entry
from tracker.stage.planned import Outline, Planned

TOLD = frozenset({"weather-data-availability", "hightech-enterprises"})  # by the story
END = dt.date(2021, 12, 31)
LIGHTS = ("green", "green", "green", "yellow", "green", "green", "red", "green")


def entries(filler: Filler, planned: Planned) -> list[Entry]:
    """The reports of 2021, each with its duty made."""
    chosen = [o for o in planned.outlines if _has_one(o)]
    if not chosen:
        return []
    period = periods.open_period(chosen[0].measure.cycle, 2021, 1)
    found = []
    for n, outline in enumerate(chosen):
        duty = periods.owe(outline.measure, period)
        Duty.objects.filter(pk=duty.pk).update(due_at=at("2022-04-01", "00:00"))
        duty = Duty.objects.select_related("measure", "department", "period__cycle").get(pk=duty.pk)
        value = filler.figures.make(outline.item.pk, outline.measure.pk, END, LIGHTS[n % len(LIGHTS)])
        reviewer, minute = filler.offices.reviewer(duty.department.code), dt.timedelta(minutes=n)
        supervisor = filler.offices.supervisor(n).user
        found.append(
            Entry(
                duty=duty, by=filler.offices.reporter(duty.department.code).user, drafted=at("2022-03-21", "09:30") + minute, value=value,
                texts={"progress": f"2021 年底{outline.terms.name}为 {value.normalize():f}{outline.measure.unit}。"},
                submitted=at("2022-03-22", "09:00") + minute,
                endorsed=(reviewer.user, at("2022-03-23", "09:00") + minute) if reviewer else None,
                accepted=(supervisor, at("2022-03-24", "09:00") + minute),
            )
        )  # fmt: skip
    return found


def _has_one(outline: Outline) -> bool:
    """Indicators of the longer plans that go on from year to year; what is to be there only at the end has no figure yet."""
    terms = outline.terms
    if outline.item.plan.code == cast.REPORT or outline.is_quarterly or outline.item.kind != Item.Kind.INDICATOR or outline.measure.code in TOLD:
        return False
    return terms.profile == Terms.Profile.LINEAR and terms.targets.all()[0].value is not None and outline.item.position % 6 != 5
