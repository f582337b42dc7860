"""What an amendment would do, before it is published: every light of its plan and the nodes above, as they stand today and as they would
stand if it were in force today. Stores nothing; judged by the same functions as a roll-up, from the same rows."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import TypeVar

from people import clock
from plans.models import Amendment, Bands, Step, Target, Terms
from tracker import rollup
from tracker.gathering import BandsRow, Rows, StepRow, TargetRow, TermsRow, read_rows
from tracker.judging import Judged, judge
from tracker.known import Known, Moment

Row = TypeVar("Row", TargetRow, StepRow)


@dataclass(frozen=True)
class Foreseen:
    """A standing now and then, by its subject; None where it is in no count: withdrawn, or not yet begun."""

    subject: str
    now: Judged | None
    then: Judged | None

    @property
    def turns(self) -> bool:
        """Whether the light itself would be another."""
        return (self.now.light if self.now else "") != (self.then.light if self.then else "")

    @property
    def moves(self) -> bool:
        """Whether anything that is shown would be another."""
        sides = [(each.light, each.gap, each.attainment, each.expected) if each else None for each in (self.now, self.then)]
        return sides[0] != sides[1]


def foresee(amendment: Amendment, at: dt.datetime) -> dict[str, Foreseen]:
    """By subject ('item:42', 'goal:7', 'plan:3'…), all that stands now or would stand. As many statements as a roll-up and 4 more."""
    government = amendment.government
    moment = Moment(clock.day_of(at, government.zone), at)
    known = rollup.learn(government, moment)
    would = Known(_with(known.rows, amendment, moment), known.calendar, moment)
    now, then = _by_subject(judge(known)), _by_subject(judge(would))
    return {subject: Foreseen(subject, now.get(subject), then.get(subject)) for subject in dict.fromkeys((*now, *then))}


def _by_subject(judged: list[Judged]) -> dict[str, Judged]:
    return {each.subject: each for each in judged}


def _with(rows: Rows, amendment: Amendment, moment: Moment) -> Rows:
    """The same rows, and the amendment's terms and bands as if they were in force on the day."""
    mine = Terms.objects.filter(amendment=amendment)
    new = [row._replace(from_on=moment.day, published_at=moment.at) for row in read_rows(TermsRow, mine)]
    terms = {item: list(versions) for item, versions in rows.terms.items()}
    for row in new:
        terms.setdefault(row.item_id, []).append(row)
    bands = {plan: list(group) for plan, group in rows.bands.items()}
    for band in read_rows(BandsRow, Bands.objects.filter(amendment=amendment)):
        bands.setdefault(band.plan_id, []).append(band._replace(from_on=moment.day, published_at=moment.at))
    return replace(
        rows, terms=terms, bands=bands,
        targets={**rows.targets, **_by_terms(read_rows(TargetRow, Target.objects.filter(terms__in=mine).order_by("due_on", "id")))},
        steps={**rows.steps, **_by_terms(read_rows(StepRow, Step.objects.filter(terms__in=mine).order_by("position")))},
    )  # fmt: skip


def _by_terms(found: list[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in found:
        groups.setdefault(row.terms_id, []).append(row)
    return groups
