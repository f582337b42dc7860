"""What stands beside the lights on the stage, told by its own deeds: 老旧小区改造 is green by the figures and doubted by the supervisor,
the red light of 旅游综合收入 is contested."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from people.access import Person
from people.models import Department
from plans.models import Item, Plan
from tracker import criteria, evidence, judgements, objecting
from tracker.models import Grade, Objection
from tracker.stage import cast
from tracker.stage.amendments import COMPOUNDS
from tracker.stage.calendar import at
from tracker.stage.people import Offices
from tracker.stage.planned import Outline, Planned
from tracker.stage.story import Told

TOURISM = "3.4-21"
WRONG = "二季度 9 家景区按防疫指令停业，合计 61 天，下降不是工作没有做；全省同期停业天数比我市少一半，直接比增速不公平。"
SHOULD = "停业期间不比，或者按开放天数折算后再与全省比；在此以前不宜亮红。"
DOUBT = "所报 90 个是开工数，竣工并经三方签字的只有 31 个；验收标准 9 月才定，已完工的要补办签字。年底前做不完的先报清单。"


@dataclass
class Beside:
    report: Plan
    offices: Offices
    planned: Planned

    def told(self) -> Iterator[Told]:
        yield Told(at("2022-07-14", "16:30"), lambda: self._judge(Grade.LIKELY, "开工进度快于序时，未见竣工数，三季度再看。", at("2022-07-14", "16:30")))
        yield Told(at("2022-10-14", "16:30"), lambda: self._judge(Grade.DOUBTFUL, DOUBT, at("2022-10-14", "16:30")))

        yield Told(at("2022-09-28", "15:20"), self._object)

        yield Told(at("2022-03-09", "10:00"), lambda: criteria.ask(self.report, self.offices.supervisor(0), at("2022-03-09", "10:00")))
        yield Told(at("2022-03-15", "15:00"), self._agree)

    def _agree(self) -> None:
        """What is close to its day or looked at closely has its 验收标准 first; the others are 尚不可核验 still."""
        leads = dict(Department.objects.of(self.report.government_id).values_list("pk", "code"))
        for outline in self.planned.report:
            if outline.is_task and outline.steps and (outline.is_story or outline.light in ("blue", "red", "yellow")):
                code = leads[outline.terms.lead_id or 0]
                self._agree_on(outline, self.offices.reviewer(code) or self.offices.reporter(code))

    def _agree_on(self, outline: Outline, by: Person) -> None:
        said = {"seen": f"“{outline.steps[-1].name}”的验收单或批文原件", "place": "项目现场和牵头单位档案室", "confirmer": "市督查室会同行业主管部门"}
        made = criteria.propose(outline.item, **said, by=by, at=at("2022-03-15", "15:00"))
        criteria.accept(made, self.offices.supervisor(0), at("2022-03-15", "16:30"))

    def _object(self) -> None:
        """市文广旅局: nine sites were closed by order; the tenth working day, over the holiday, is 17 October."""
        when = at("2022-09-28", "15:20")
        paper = evidence.store("景区停业指令与天数.csv", ["演示数据\n景区,停业天数\n甲,21\n乙,14\n丙,26\n".encode()])
        reviewer = self.offices.person("wlj-reviewer")
        objecting.make(self.item(TOURISM), Objection.Kind.LIGHT, WRONG, SHOULD, reviewer, when, files=[paper])

    def _judge(self, grade: Grade, reason: str, when: dt.datetime) -> None:
        judgements.judge(self.item(COMPOUNDS), grade, reason, self.offices.supervisor(0), when)

    def item(self, code: str) -> Item:
        return Item.objects.select_related("government").get(plan__government=self.report.government_id, plan__code=cast.REPORT, code=code)
