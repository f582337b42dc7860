"""Two cities with something in them that could leak: what the tests of access and of languages walk through.

`World()` is the cast's city with reports, evidence, a draft plan, a proposed amendment, messages and an audit trail, and a
stranger's city with the same. Every secret is a word that stands nowhere else: `CANARIES` says who may see it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from people import audit, clock
from people.models import Department, Government, Merger, StagedTime
from plans import amending, consulting
from plans.importing import load_draft
from plans.models import Conflict, Goal, Issuance, IssuanceFile, IssuedPaper, Passage, PastResult, Plan, Signature, Target
from plans.taking.deeds import Head, keep
from tests import cast
from tests.cast import City, noon
from tests.tracker import stood
from tests.tracker.desk import DOUBTS, OCTOBER, Desk
from tracker import alerts, criteria, evidence, excuses, judgements, merging, objecting, periods, reporting, reviewing, rollup, sampling
from tracker.models import Alert, Duty, Evidence, Message, Objection, Period, ProgressReport, Sample, Sampled

SHOWN = "2022-10-17"
GXJ = ("reporter", "reviewer")
ZJJ = ("builder", "builders_head")
ALL = ("supervisor", "leader", "auditor")
MAKERS = ("supervisor", "auditor")  # of plans: they read drafts

CANARIES: dict[str, tuple[str, ...]] = {  # a secret → whom the pages show it to, of the table's columns
    "云台密语": (*GXJ, "steward", *ALL),  # the industry bureau's accepted text
    "云台密件": (*GXJ, "steward", *ALL),  # and the name of its evidence
    "胡同密语": (*ZJJ, *ALL),  # the housing bureau's accepted text
    "胡同密件": (*ZJJ, *ALL),
    "草稿密语": GXJ,  # a draft of the industry bureau: nothing leaves the department unseen
    "秘密规划": MAKERS,  # the title of a plan that is not published
    "秘密产业园": MAKERS,  # an item of it
    "密征规划": (*GXJ, *MAKERS),  # a draft on which the industry bureau is consulted
    "密征事项": (*GXJ, *MAKERS),  # and its row
    "密议调整": MAKERS,  # the reason of an amendment that is only proposed
    "密议改名": MAKERS,  # and the name that it would give an item
    "密退理由": (*ZJJ, *ALL),  # why the housing bureau's other report was returned
    "密信正文": ("builder", "supervisor", "administrator", "auditor"),  # the text of a message to the housing bureau
    "密链事由": MAKERS,  # what an entry of the audit trail says
    "密判理由": (*ZJJ, *ALL),  # why the housing bureau's item is judged doubtful
    "密标内容": (*ZJJ, *ALL),  # a criterion that is only proposed
    "密标事由": (*ZJJ, *ALL),  # and an excuse
    "密诉理由": (*ZJJ, *ALL),  # what the housing bureau objects to
    "密诉附件": (*ZJJ, *ALL),  # and the name of its evidence
    "信阳密语": ("stranger",),  # the stranger's report
    "信阳": ("stranger",),  # the names of the stranger's plan, items and departments
}


@contextmanager
def laid(blocker: Any) -> Iterator["World"]:
    """A world for all tests of a file, its clock at noon of the day SHOWN: each undoes what it changes, the end undoes all."""
    with blocker.unblock(), transaction.atomic():
        StagedTime.objects.create(shown_at=noon(SHOWN), set_at=clock.machine_now())
        yield World()
        transaction.set_rollback(True)


def _body(name: str, code: str, prefix: str = "") -> dict[str, Any]:
    """The plan of the cast, English throughout; with a prefix nothing in it is called as in the first city."""
    items = cast.ITEMS()
    for item in items:
        item["name"] = name + item["name"]
        item["measure"] = {**item["measure"], "code": prefix + item["measure"]["code"]}
        item["steps"] = [{**step, "name_en": {"选址": "Choose the site", "用地": "Land", "开工": "Start work"}[step["name"]]} for step in item["steps"]]
    goals = [("一、工业", "I. Industry"), ("一、工业/（一）企业", "(1) Enterprises"), ("二、城乡", "II. Town and country")]
    rows = [{"path": [name + part for part in path.split("/")], "title_en": title} for path, title in goals]
    for item in items:
        item["goal"] = [name + part for part in item["goal"]]
    return cast.body(items, code=code, goals=rows, title=f"{name}测试工作报告", short=f"{name}工作报告")


class World:
    """`city` is everybody's; `strange` the stranger's. Rows that addresses need are kept by name."""

    def __init__(self) -> None:
        desk = Desk(plan=_body("", "report-2022"))
        self.city = desk.city
        self.own = self._tell(desk, "cloud", "云台", "4540")
        self.other = self._tell(desk, "m-2-01", "胡同", "60")
        self.returned = self._give_back(desk)
        self.waiting = desk.submit(desk.duty("gdp"), value="7.5", progress="统计已报")
        self.draft = desk.draft(desk.duty("m-1-01"), value="1200", progress="草稿密语")
        self.draft_plan = stood.draft(self.city)
        Plan.objects.filter(code=self.draft_plan).update(title="秘密规划", title_en="Secret plan")
        Goal.objects.filter(plan__code=self.draft_plan).update(title_en="Secret goal")
        self.paper = self._hand_in(self.city, "秘密产业园")
        self._propose()
        self.conflict = self._clash(self.city)
        self.message = self._write(self.city, "builder", "密信正文")
        self._write(self.city, "county", "请填报")
        self._record(self.city, "密链事由")
        judgements.judge(self.city.item("2-01"), "doubtful", "密判理由", self.city.person("supervisor"), OCTOBER)
        self._roll(self.city)
        self.strange = self._stranger()
        self.strange_conflict = self._clash(self.strange)
        for city in (self.city, self.strange):
            PastResult.objects.create(government=city.government, measure=city.item("1-01").measure, on=cast.dt.date(2021, 12, 31), value=2400)
        self.asked, self.strange_asked = (self._ask(city, prefix) for city, prefix in ((self.city, ""), (self.strange, "x-")))
        self.issued, self.strange_issued = (self._issue(city) for city in (self.city, self.strange))
        self.merger, self.strange_merger = (self._merge(city) for city in (self.city, self.strange))
        self.objection, self.strange_objection = (self._object(city, word) for city, word in ((self.city, "密诉"), (self.strange, "信阳异")))
        self.sampled, self.strange_sampled = self._check(self.city, self.own, 1), self._check(self.strange, self.strange_report, 9)
        for city, word in ((self.city, "密标"), (self.strange, "信阳异")):
            by = city.person("builders_head")
            criteria.propose(city.item("2-02"), f"{word}内容", f"{word}地点", "2022.", by, OCTOBER)
            excuses.propose(city.item("2-02"), f"{word}事由", "2022.", cast.dt.date(2022, 12, 31), by, OCTOBER)
        self.passage, self.strange_passage = (self._passage(city) for city in (self.city, self.strange))

    def _tell(self, desk: Desk, measure: str, word: str, value: str) -> ProgressReport:
        """An accepted report with a text and a file that name the word, and the one before it."""
        desk.accept(desk.duty(measure, 2), value=str(int(value) - 20))
        report = desk.draft(desk.duty(measure), value=value, progress=f"{word}密语")
        reporting.attach(report, f"{word}密件.txt", [f"{word}密件内容".encode()], desk.writer(report.duty), OCTOBER)
        report.refresh_from_db()
        desk.submit(report.duty)
        return desk.pass_on(ProgressReport.objects.select_related("duty__department").get(pk=report.pk))

    def _give_back(self, desk: Desk) -> ProgressReport:
        report = desk.submit(desk.duty("m-2-01", 1), value="12", progress="一季度")
        return reviewing.give_back(report, self.city.person("builders_head"), OCTOBER, "密退理由")

    def _propose(self) -> None:
        change = {"1-01": amending.Change(final={"value": cast.d("1900")}), "2-02": amending.Change(terms={"name": "密议改名"})}
        day = cast.dt.date(2022, 11, 1)
        self.amendment = amending.propose(
            self.city.plan, self.city.person("supervisor"), OCTOBER, reason="密议调整", basis="会议纪要", from_on=day, changes=change
        )

    def _clash(self, city: City) -> Conflict:
        mine = Target.objects.filter(terms__item__plan=city.plan, terms__item__code__in=["1-03", "1-04"], terms__published_at__isnull=False)
        a, b = sorted(mine, key=lambda t: t.pk)
        return Conflict.objects.create(
            government=city.government, target_a=a, target_b=b, kind=Conflict.Kind.HARD, why="两处不一", why_en="The two do not agree"
        )

    def _merge(self, city: City) -> Merger:
        """The county is to go up in the general office; the reason is in signs that both languages have."""
        old, new = city.departments["scx"], city.departments["zfb"]
        return merging.propose(old, new, city.person("administrator"), OCTOBER, from_on=cast.dt.date(2022, 10, 10), reason="2022.", basis="")

    def _object(self, city: City, word: str) -> Objection:
        """The housing bureau contests a light."""
        file = evidence.store(f"{word}附件.txt", [f"{word}附件内容".encode()])
        item, by = city.item("2-01"), city.person("builders_head")
        return objecting.make(item, "light", f"{word}理由", "2022.", by, OCTOBER, files=[file])

    def _check(self, city: City, report: ProgressReport, number: int) -> Sampled:
        """A check in which the figure of the industry bureau was drawn, and a file that it showed."""
        own: dict[str, Any] = {"government": city.government}
        made = Sample.objects.create(
            **own, number=number, period=report.period, size=1, seed="1", by_department=True, on_target_first=True, purpose="2022.", evidence_by="2022-10-20",
            frame=f"[[{report.pk},{report.duty.department_id},0]]", fingerprint="0" * 64, drawn_by=city.user("auditor"), drawn_at=OCTOBER,
        )  # fmt: skip
        row = Sampled.objects.create(**own, sample=made, report=report, department=report.duty.department, position=1, first=False)
        sampling.show(row, "check.txt", [b"2022."], city.person("reporter"), OCTOBER)
        sampling.find(row, "unclear", "2022.", city.person("auditor"), OCTOBER)
        return row

    def _passage(self, city: City) -> Passage:
        """A sentence of the plan's document, in signs that both languages have."""
        return Passage.objects.create(government=city.government, document=city.plan.document, position=1, locator="1", text="2022.")

    def _ask(self, city: City, prefix: str) -> str:
        """The code of a draft on which the industry bureau alone is consulted."""
        goal = ["信阳板块" if prefix else "密征板块"]
        item = cast.item(
            "7-01",
            "信阳征求" if prefix else "密征事项",
            goal=goal,
            lead=Department.objects.get(pk=city.departments["gxj"].pk).name,
            measure={"code": f"{prefix}asked"},
        )
        body = cast.body([item], code=f"{prefix}asked-2023", goals=[{"path": goal, "title_en": "Goal"}], title="信阳草案" if prefix else "密征规划")
        plan = load_draft(city.government, {**body, "title_en": "Asked"}, city.person("supervisor"), OCTOBER)
        consulting.open_consultation(plan, cast.dt.date(2022, 10, 31), "", city.person("supervisor"), OCTOBER)
        return plan.code

    def _issue(self, city: City) -> str:
        """The code of the city's plan, as if two people had issued it and asked the housing bureau to sign."""
        own: dict[str, Any] = {"government": city.government}
        people = {"proposed_by": city.user("supervisor"), "proposed_at": OCTOBER, "published_by": city.user("supervisor2"), "published_at": OCTOBER}
        issued = Issuance.objects.create(**own, plan=city.plan, number=f"5 ({city.plan.code})", dated_on="2022-10-10", state="published", **people)
        IssuanceFile.objects.create(**own, issuance=issued, kind="docx", name="table.docx", content=b"", sha256="0" * 64)
        Signature.objects.create(**own, issuance=issued, department=city.departments["zjj"])
        return city.plan.code

    def _hand_in(self, city: City, word: str) -> IssuedPaper:
        """A paper that waits to be taken in."""
        content = f"1.新建{word}3个。（市工信局）".encode()
        return keep(city.government, "plan-2024.txt", content, Head(code="paper-2024", title="Sharing out"), city.person("supervisor"), OCTOBER)[0]

    def _write(self, city: City, login: str, text: str) -> Message:
        user = city.user(login)
        return Message.objects.create(
            government=city.government, recipient=user, kind=Message.Kind.URGE, occasion="2022Q3", message_id=f"<{user.login}@testserver>",
            subject="请填报", text=text, html=f"<p>{text}</p>", made_at=OCTOBER,
        )  # fmt: skip

    def _record(self, city: City, word: str) -> None:
        with transaction.atomic():
            audit.record(city.government, actor=city.user("supervisor"), verb="noted", subject="plan:1", at=OCTOBER, facts={"why": word})

    def _roll(self, city: City) -> None:
        closed = Period.objects.get(government=city.government, cycle=city.plan.cycle, year=2022, number=2)
        rollup.close(city.government, closed, closed.due_at, noon(SHOWN))
        city.government.refresh_from_db()
        alerts.sweep(city.government, noon(SHOWN))

    def _stranger(self) -> City:
        body = _body("信阳", "strange-2022", "x-")
        city = cast.city("xinyang", prefix="x-", plan=body)
        self.strange_draft = load_draft(city.government, _body("信阳", "strange-2023", "y-"), city.person("supervisor"), OCTOBER)
        Government.objects.filter(pk=city.government.pk).update(name="信阳市", name_en="Xinyang")
        Department.objects.of(city.government).update(
            code=Concat(Value("x-"), F("code")), name=Concat(Value("信阳"), F("name")), short=Concat(Value("信阳"), F("short"))
        )
        periods.open_due(city.government, OCTOBER)
        duty = Duty.objects.get(government=city.government, measure__code="x-cloud", period__year=2022, period__number=3)
        writer = city.person("reporter")
        report = reporting.save_draft(reporting.draft(duty, writer, OCTOBER), {"value": "4600", "progress": "信阳密语"}, writer, OCTOBER, 0)
        reporting.attach(report, "信阳密件.txt", ["信阳密件内容".encode()], writer, OCTOBER)
        report.refresh_from_db()
        reporting.submit(report, writer, OCTOBER, report.version, confirmed=DOUBTS)
        reviewing.endorse(report, city.person("reviewer"), OCTOBER)
        self.strange_report = reviewing.accept(report, city.person("supervisor"), OCTOBER)
        self.strange_paper = self._hand_in(city, "信阳产业园")
        change = {"1-01": amending.Change(final={"value": cast.d("1900")})}
        self.strange_amendment = amending.propose(
            city.plan, city.person("supervisor"), OCTOBER, reason="信阳密议", basis="信阳纪要", from_on=cast.dt.date(2022, 11, 1), changes=change
        )
        self.strange_message = self._write(city, "builder", "信阳密信")
        self._record(city, "信阳密链")
        self._roll(city)
        return city

    def alert(self, city: City, department: str) -> Alert:
        """An open alert of a department."""
        found = Alert.objects.filter(government=city.government, department=city.departments[department]).order_by("pk").first()
        assert found, f"no alert of {department}"
        return found

    def evidence(self, report: ProgressReport) -> Evidence:
        return Evidence.objects.get(report=report)
