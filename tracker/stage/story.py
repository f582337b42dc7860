"""The story: the twelve items and the six, told by the product's own deeds. Each telling has its instant and waits for it.

The figures are those of the demonstration; they and everything that is written beside them are invented.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from plans.models import Step
from tracker import periods, reporting
from tracker.models import Duty, ProgressReport
from tracker.stage import cast
from tracker.stage.calendar import at, day_of
from tracker.stage.desk import Desk
from tracker.stage.people import Offices
from tracker.stage.planned import Outline, Planned

Answer, DataState = ProgressReport.Answer, ProgressReport.DataState
DAYS = {"2022Q1": "04-12", "2022Q2": "07-12", "2022Q3": "10-13"}  # when most of the story's reports of a quarter are settled


@dataclass(frozen=True)
class Told:
    """Something that happens at an instant."""

    at: dt.datetime
    do: Callable[[], Any]


@dataclass
class Story:
    desk: Desk
    planned: Planned
    offices: Offices

    def told(self) -> list[Told]:
        """All of it, by time."""
        return sorted(
            [*self._figures(), *self._counties(), *self._statistics(), *self._tasks(), *self._months(), *self._turns(), *self._long_plans()], key=lambda t: t.at
        )

    def _settle(self, code: str, occasion: str, day: str, fields: dict[str, Any], evidence: tuple[str, str] | None = None) -> Told:
        def do() -> None:
            duty = self.desk.duty(code, occasion)
            if evidence is not None:
                self.desk.attach(self.desk.draft(duty, at(day_of(day), "09:20"), fields), at(day_of(day), "09:30"), *evidence)
            self.desk.settle(duty, str(day_of(day)), fields)

        return Told(at(day_of(day), "09:20"), do)

    def _figures(self) -> Iterator[Told]:
        rows: dict[str, tuple[tuple[str, str, str, str], ...]] = {
            "cloud-enterprises": (
                ("2022Q1", "3910", "一季度新增上云企业 330 家，累计 3910 家。", "县区中小企业上云意愿不强。"),
                ("2022Q2", "4270", "上半年新增上云企业 690 家，累计 4270 家。", "县区中小企业上云意愿不强，服务商下沉不够。"),
            ),
            "old-residential-compounds": (
                ("2022Q1", "20", "开工 20 个小区。", ""),
                ("2022Q2", "52", "开工 52 个小区。", ""),
                ("2022Q3", "90", "开工 90 个小区，其中完工的正在逐个验收。", "验收标准 9 月才定，已完工的小区需补办三方签字。"),
            ),
            "household-toilets-upgraded": (
                ("2022Q1", "2.2", "一季度改造户厕 2.2 万户。", "春耕期间施工队伍不足。"),
                ("2022Q2", "6.1", "上半年改造户厕 6.1 万户。", ""),
            ),
            cast.FARMLAND: (
                ("2022Q1", "3.9", "建成 3.9 万亩，多数标段在备料。", ""),
                ("2022Q2", "20.5", "麦收前后集中施工，建成 20.5 万亩。", ""),
                ("2022Q3", "52.1", "建成 52.1 万亩，秋收后进入施工高峰。", "上蔡县三季度进度未报，暂按 6 月底的 2.5 万亩计。"),
            ),
            "bank-new-loans": (
                ("2022Q1", "68", "银行新增贷款 68 亿元。", ""),
                ("2022Q2", "104", "银行新增贷款 104 亿元。", "二季度按揭和制造业中长期贷款需求回落。"),
                ("2022Q3", "131", "银行新增贷款 131 亿元。", "三季度仅新增 27 亿元，按现有速度全年约 162.5 亿元。"),
            ),
            "specialised-provincial-sme": (
                ("2022Q1", "0", "一季度未组织认定。", ""),
                ("2022Q2", "11", "省厅公布上半年名单，我市 11 家。", ""),
            ),
            "tourism-income-growth": (("2022Q1", "-9.8", "旅游综合收入下降 9.8%，全省下降 8.9%。", ""), ("2022Q2", "-13.4", "旅游综合收入下降 13.4%，全省下降 11.0%。", "按防疫指令关闭 9 家景区，合计停业 61 天。")),
        }  # fmt: skip
        against = {"2022Q1": "-8.9", "2022Q2": "-11.0"}
        for code, quarters in rows.items():
            for occasion, value, progress, problem in quarters:
                fields = {"value": value, "progress": progress, "problem": problem, "next_step": "按月调度，欠量逐县分解。"}
                if code == "tourism-income-growth":
                    fields["benchmark"] = against[occasion]
                table = (f"{occasion}进度表.csv", f"指标,累计\n{code},{value}\n") if code in ("old-residential-compounds", "bank-new-loans") else None
                yield self._settle(code, occasion, DAYS[occasion], fields, table)

    def _counties(self) -> Iterator[Told]:
        """What each county has built of the farmland, in the days before the bureau adds it up."""
        days = ("2022-04-08", "2022-07-08", "2022-10-10")
        for county, (_target, totals) in cast.FARMLAND_PARTS.items():
            for occasion, day, total in zip(DAYS, days, totals, strict=False):
                fields = {"value": total, "progress": f"累计建成 {total} 万亩。"}
                yield self._settle(f"{cast.FARMLAND}.{county}", occasion, day, fields)

    def _statistics(self) -> Iterator[Told]:
        """市统计局: figures of the bureau, in three states where there are three."""
        rows = (
            ("gdp-growth", "2022Q1", "04-20", "7.9", "verified"), ("gdp-growth", "2022Q2", "07-20", "7.2", "verified"),
            ("resident-income-growth", "2022Q1", "04-20", "8.1", "verified"), ("resident-income-growth", "2022Q2", "07-20", "7.0", "verified"),
            ("resident-income-growth", "2022Q3", "10-14", "6.9", "flash"),
            ("industrial-value-added-growth", "2022Q1", "04-20", "8.2", "verified"),
            ("industrial-value-added-growth", "2022Q2", "07-11", "7.8", "estimate"),
            ("industrial-value-added-growth", "2022Q2", "07-21", "7.1", "flash"),
            ("industrial-value-added-growth", "2022Q2", "07-28", "7.3", "verified"),
        )  # fmt: skip
        for code, occasion, day, value, state in rows:
            words = {"estimate": "预计", "flash": "快报", "verified": "核定"}[state]
            fields = {"value": value, "data_state": state, "progress": f"{words}数 {value}%。", "next_step": "数据有修订时另行报送。"}
            yield self._settle(code, occasion, day, fields)
        waits = {
            "answer": Answer.NOT_OUT,
            "until_on": "2022-10-24",
            "source": "国家统计局",
            "progress": "三季度地区生产总值由省统计局统一核算，10 月 24 日反馈。",
        }
        yield self._settle("gdp-growth", "2022Q3", "10-13", waits)

    def _tasks(self) -> Iterator[Told]:
        words = {
            "report-2022:3.6-07": (
                "选址已定，A、B 两处均完成踏勘，规划部门倾向 A 处。",
                "A 处涉及耕地占补，B 处拆迁 62 户，等市政府定夺；每迟一个月，年底开工的可能少三成。",
            ),
            "report-2022:3.4-14": ("投资协议已签，方案深化设计完成。", "项目用地 640 亩未取得批复，开工条件不具备，卡在签约与开工之间。"),
            "report-2022:3.3-30": ("已改制的开发区完成人员划转和机构挂牌。", "上蔡、新蔡两家编制方案未批复。"),
            "report-2022:3.2-08": ("基地场地、团队按协议推进。", ""),
        }
        for code, (progress, problem) in words.items():
            outline = self.planned.of(code)
            for occasion, day in DAYS.items():
                if occasion == "2022Q3" and code in cast.FINISHED:
                    continue
                first, last = {"2022Q1": ("2022-01-01", "2022-03-31"), "2022Q2": ("2022-04-01", "2022-06-30"), "2022Q3": ("2022-07-01", "2022-09-30")}[occasion]
                yield self._steps(outline, occasion, day, (day_of(first), day_of(last)), progress, problem)

    def _steps(self, outline: Outline, occasion: str, day: str, span: tuple[dt.date, dt.date], progress: str, problem: str = "") -> Told:
        done = {s.name: s.done for s in outline.steps if s.done and span[0] <= s.done <= span[1]}

        def do() -> None:
            fields: dict[str, Any] = {
                "answer": Answer.VALUE if done else Answer.NO_CHANGE,
                "progress": progress,
                "problem": problem,
                "next_step": "逐项盯办，按周报告。",
            }
            if done:
                fields["steps"] = {self.step(outline, name): on for name, on in done.items()}
            self.desk.settle(self.desk.duty(outline.measure.code, occasion), str(day_of(day)), fields)

        return Told(at(day_of(day), "09:20"), do)

    def step(self, outline: Outline, name: str) -> int:
        return (
            Step.objects.filter(terms__item=outline.item, terms__published_at__isnull=False, name=name)
            .order_by("-terms__from_on")
            .values_list("pk", flat=True)[0]
        )

    def _months(self) -> Iterator[Told]:
        """The two motorways report by the month; September of 上罗 is missing, its last day fell just behind the holiday."""
        days = {2: "03-07", 3: "04-06", 4: "05-05", 5: "06-06", 6: "07-05", 7: "08-05", 8: "09-05", 9: "10-08"}
        for code in ("report-2022:3.1-17", "report-2022:3.1-18"):
            outline = self.planned.of(code)
            for month, day in days.items():
                if month == 9 and code == "report-2022:3.1-17":
                    continue
                last = periods.month_day(2022, month, 31)
                first = dt.date(2022, 1 if month == 2 else month, 1)
                done = sum(s.weight for s in outline.steps if s.done and s.done <= last)
                yield self._steps(outline, f"2022-{month:02d}", day, (first, last), f"截至 {month} 月底完成工程量 {done}%。")

    def _turns(self) -> Iterator[Told]:
        """What happened otherwise: the correction of the toilets, and the third quarter's figure after it."""

        def correct() -> None:
            by = self.offices.reporter("nyj")
            wrong = ProgressReport.objects.current().get(measure=self.desk.measure("household-toilets-upgraded"), period__year=2022, period__number=2)
            reason = "遂平、正阳两县 1.5 万户在一、二季度各报了一次，重复计算，核减后上半年累计 4.6 万户。"
            basis = "市农业农村局核查记录第 7 号"
            report = reporting.correct(wrong, by, at("2022-09-05", "09:30"), reason, basis)
            report = reporting.save_draft(report, {"value": "4.6", "progress": "上半年改造户厕 4.6 万户。"}, by, at("2022-09-05", "09:40"), report.version)
            report = self.desk.endorse(self.desk.submit(report, at("2022-09-05", "10:10")), at("2022-09-05", "15:00"))
            self.desk.accept(report, at("2022-09-05", "16:40"), 1)

        yield Told(at("2022-09-05", "09:30"), correct)
        fields = {
            "value": "7.2",
            "progress": "前三季度改造户厕 7.2 万户，数据经县乡两级核对。",
            "problem": "正阳、新蔡尚欠 0.9 万户。",
            "next_step": "秋收后集中施工。",
        }
        yield self._settle("household-toilets-upgraded", "2022Q3", DAYS["2022Q3"], fields)
        yield Told(at("2022-10-17", "09:40"), self._list_of_the_province)
        yield Told(at("2022-10-17", "11:32"), self._draft_of_the_clerk)

    def _list_of_the_province(self) -> None:
        fields = {"value": "17", "progress": "省厅三季度新认定 6 家，累计 17 家。", "next_step": "四季度批次已申报 15 家。"}
        report = self.desk.draft(self.desk.duty("specialised-provincial-sme", "2022Q3"), at("2022-10-17", "09:10"), fields)
        self.desk.submit(report, at("2022-10-17", "09:40"))

    def _draft_of_the_clerk(self) -> None:
        fields = {"value": "4540", "progress": "前三季度新增上云企业 960 家，累计 4540 家。", "problem": "三季度只增 270 家，县区中小企业上云意愿不强。"}
        report = self.desk.draft(self.desk.duty("cloud-enterprises", "2022Q3"), at("2022-10-17", "11:20"), fields)
        self.desk.attach(report, at("2022-10-17", "11:32"), "三季度上云企业分县区.csv", "县区,新增家数\n驿城区,96\n上蔡县,21\n新蔡县,18\n")

    def _long_plans(self) -> Iterator[Told]:
        """Yearly figures: the results of 2021 that the promises count from, and those of 2022 that are known early."""
        yield self._yearly("cloud-enterprises", "quarter", 2021, 4, "2022-03-18", {"value": "3580", "progress": "2021 年底累计上云企业 3580 家。"})
        yield self._yearly("weather-data-availability", "year", 2021, 1, "2022-03-22", {"value": "97.2", "progress": "2021 年气象数据可用率 97.2%。"})
        yield self._yearly("hightech-enterprises", "year", 2021, 1, "2022-03-22", {"value": "199", "progress": "2021 年底有效期内高新技术企业 199 家。"})
        early = {"value": "246", "cut_off": "2022-08-31", "progress": "8 月底有效期内高新技术企业 246 家，五年目标 245 家已达。"}
        yield self._yearly("hightech-enterprises", "year", 2022, 1, "2022-09-14", early)
        for code, (value, cut_off, _light) in cast.EARLY.items():
            fields = {"value": value, "cut_off": cut_off, "progress": f"截至 {cut_off} 为 {value}，全年数待年报核定。", "data_state": DataState.FLASH}
            yield self._yearly(code, "year", 2022, 1, "2022-09-14" if cut_off > "2022-07" else "2022-07-13", fields)

    def _yearly(self, code: str, frequency: str, year: int, number: int, day: str, fields: dict[str, Any]) -> Told:
        return Told(at(day, "09:20"), lambda: self.desk.settle(self.owe(code, frequency, year, number), day, fields))

    def owe(self, code: str, frequency: str, year: int, number: int) -> Duty:
        """The duty of a period that had not been opened by itself: of the past, asked for by the end of March; or of this year, answered early."""
        measure = self.desk.measure(code)
        cycle = measure.cycle if measure.cycle.frequency == frequency else type(measure.cycle).objects.get(government=measure.government, name=frequency)
        duty = periods.owe(measure, periods.open_period(cycle, year, number))
        if year < 2022:
            Duty.objects.filter(pk=duty.pk).update(due_at=at("2022-04-01", "00:00"))
        return (
            self.desk.duty(code, duty.period.occasion)
            if frequency == "quarter"
            else Duty.objects.select_related("measure", "department", "period__cycle").get(pk=duty.pk)
        )
