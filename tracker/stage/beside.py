"""What stands beside the lights on the stage, told by its own deeds: 老旧小区改造 is green by the figures and doubted by the supervisor."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from plans.models import Item, Plan
from tracker import judgements
from tracker.models import Grade
from tracker.stage import cast
from tracker.stage.amendments import COMPOUNDS
from tracker.stage.calendar import at
from tracker.stage.people import Offices
from tracker.stage.story import Told

DOUBT = "所报 90 个是开工数，竣工并经三方签字的只有 31 个；验收标准 9 月才定，已完工的要补办签字。年底前做不完的先报清单。"


@dataclass
class Beside:
    report: Plan
    offices: Offices

    def told(self) -> Iterator[Told]:
        yield Told(at("2022-07-14", "16:30"), lambda: self._judge(Grade.LIKELY, "开工进度快于序时，未见竣工数，三季度再看。", at("2022-07-14", "16:30")))
        yield Told(at("2022-10-14", "16:30"), lambda: self._judge(Grade.DOUBTFUL, DOUBT, at("2022-10-14", "16:30")))

    def _judge(self, grade: Grade, reason: str, when: dt.datetime) -> None:
        judgements.judge(self.item(COMPOUNDS), grade, reason, self.offices.supervisor(0), when)

    def item(self, code: str) -> Item:
        return Item.objects.select_related("government").get(plan__government=self.report.government_id, plan__code=cast.REPORT, code=code)
