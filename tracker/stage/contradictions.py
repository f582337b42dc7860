"""What was decided about the documents' contradictions on the stage: the two growth rates of manufacturing; 1200 projects against 1003 stays open."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from plans.conflicts import deeds
from plans.models import Conflict
from tracker.stage.calendar import at
from tracker.stage.people import Offices
from tracker.stage.story import Told

PLAN = "manufacturing-2025"
WHY = "市制造强市建设领导小组 4 月 18 日会议明确：考核按主要指标表的 6.5%，正文的 7%左右作为努力方向。"
APART = "第四章建一处市级静脉产业园，第十五章是支持各县区自建，两件事，各报各的。"


@dataclass
class Contradictions:
    offices: Offices

    def told(self) -> Iterator[Told]:
        yield Told(at("2022-04-20", "10:30"), lambda: self._resolve(at("2022-04-20", "10:30")))
        yield Told(at("2022-04-20", "10:40"), lambda: self._dismiss(at("2022-04-20", "10:40")))

    def _resolve(self, when: dt.datetime) -> None:
        one = self._find("2.4-03", "T-01")
        counts = next(t for t in (one.target_a, one.target_b) if t is not None and t.terms.item.code == "T-01")
        deeds.decide(one, Conflict.State.RESOLVED, one.kind, counts, WHY, self.offices.supervisor(0), when, one.version)

    def _dismiss(self, when: dt.datetime) -> None:
        one = self._find("4.2-06", "15.3-04")
        deeds.decide(one, Conflict.State.DISMISSED, one.kind, None, APART, self.offices.supervisor(1), when, one.version)

    def _find(self, *codes: str) -> Conflict:
        found = Conflict.objects.filter(government=self.offices.government, target_a__terms__item__plan__code=PLAN)
        rows = found.filter(target_a__terms__item__code__in=codes, target_b__terms__item__code__in=codes)
        return rows.select_related("target_a__terms__item__plan", "target_b__terms__item__plan").get()
