"""The same cast everywhere: a small city with people of every role and one published plan, and a stranger's city.

`city = cast.city()` builds the first; `cast.stranger_city()` another government, so that every negative has something that
could leak. Days are of 2022; the plan is the shape of a real one: six items of different kinds.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from people import clock, deeds, locks
from people.access import Person
from people.models import Department, Government, Role, User
from plans.importing import load_plan
from plans.models import Amendment, Cycle, Item, Measure, Plan, Terms

ZONE = "Asia/Shanghai"
FROM = dt.date(2021, 1, 1)
PASSWORD = "correct horse battery"

DEPARTMENTS = [
    ("gxj", "市工业和信息化局", "市工信局", "Industry Bureau", "bureau"),
    ("tjj", "市统计局", "市统计局", "Statistics Bureau", "bureau"),
    ("zjj", "市住房和城乡建设局", "市住建局", "Housing Bureau", "bureau"),
    ("scx", "上蔡县人民政府", "上蔡县", "Shangcai County", "county"),
    ("zfb", "市人民政府办公室", "市政府办", "General Office", "office"),
    ("dcs", "市人民政府督查室", "市督查室", "Supervision Office", "office"),
]
PEOPLE = [  # login, name, department, roles
    ("reporter", "填报甲", "gxj", (Role.REPORTER,)),
    ("reporter2", "填报乙", "gxj", (Role.REPORTER,)),
    ("reviewer", "审核甲", "gxj", (Role.REVIEWER,)),
    ("statistician", "统计甲", "tjj", (Role.REPORTER,)),
    ("builder", "住建甲", "zjj", (Role.REPORTER,)),
    ("builders_head", "住建乙", "zjj", (Role.REVIEWER,)),
    ("county", "上蔡甲", "scx", (Role.REPORTER,)),
    ("supervisor", "督查甲", "dcs", (Role.SUPERVISOR,)),
    ("supervisor2", "督查乙", "dcs", (Role.SUPERVISOR,)),
    ("leader", "副市长甲", "zfb", (Role.LEADER,)),
    ("administrator", "管理甲", "zfb", (Role.ADMINISTRATOR,)),
    ("steward", "联络甲", "gxj", (Role.STEWARD,)),
    ("auditor", "审计甲", "zfb", (Role.AUDITOR,)),
]
ROLE_OF = {Role.REPORTER: "reporter", Role.REVIEWER: "reviewer", Role.SUPERVISOR: "supervisor", Role.LEADER: "leader",
           Role.ADMINISTRATOR: "administrator", Role.STEWARD: "steward", Role.AUDITOR: "auditor"}  # fmt: skip


def target(due: str = "2022-12-31", start: str = "2021-12-31", **given: Any) -> dict[str, Any]:
    """A target in the exported form; give comparator, value, unit …"""
    row = dict.fromkeys(("comparator", "value", "value_high", "tolerance", "offset", "against", "better", "unit", "firm"))
    return {**row, "role": "final", "start": start, "due": due, "words": "", "note": "", **given}


def item(code: str, name: str, **given: Any) -> dict[str, Any]:
    """An item in the exported form: an indicator, cumulative, linear, quarterly, of the industry bureau, unless told otherwise."""
    measure = {"code": f"m-{code}", "reporter": given.get("lead", "市工业和信息化局"), "cycle": "quarter", "release_lag": 0, **given.pop("measure", {})}
    row = {
        "code": code, "kind": "indicator", "goal": ["一、工业", "（一）企业"], "name": name, "name_en": f"Item {code}", "unit": None,
        "accrual": "cumulative", "reading": "value", "average": None, "profile": "linear", "shares": None, "binding": None, "baseline": None,
        "targets": [target(comparator="at_least", value="2000", unit="个")], "steps": [],
        "source": {"document": "测试报告", "locator": "一（一）"}, "lead": "市工业和信息化局", "supporting": [], "basis": "assigned", **given, "measure": measure,
    }  # fmt: skip
    return {**row, "unit": row["unit"] or row["targets"][-1]["unit"]}


def body(items: list[dict[str, Any]] | None = None, code: str = "report-2022", **given: Any) -> dict[str, Any]:
    """A plan in the exported form, by default with the six items of the cast."""
    return {
        "code": code, "title": "测试工作报告", "title_en": "Test work report", "short": "工作报告", "short_en": "Report",
        "document": {"title": "测试报告", "number": f"测〔2022〕{code}", "issuer": "市人民政府", "date": "2022-01-01"},
        "start": "2022-01-01", "end": "2022-12-31", "items": ITEMS() if items is None else items, **given,
    }  # fmt: skip


def ITEMS() -> list[dict[str, Any]]:  # noqa: N802  (a constant that must be fresh each time)
    jobless = [target(comparator="at_most", value="5.5", unit="%")]
    growth = [target(comparator="about", value="8", unit="%")]
    return [
        item("1-01", "新增5G基站", supporting=["市住房和城乡建设局"], basis="source"),
        item("1-02", "新增上云企业", reading="increase", baseline={"date": "2021-12-31", "value": "3580"},
             targets=[target(comparator="at_least", value="1500", unit="家", firm="strive")], measure={"code": "cloud"}),
        item("1-03", "生产总值增长", accrual="held", targets=growth, lead="市统计局", measure={"code": "gdp", "release_lag": 24}),
        item("1-04", "调查失业率", accrual="held", targets=jobless, lead="市统计局", measure={"code": "jobless"}, binding=True),
        item("2-01", "老旧小区改造", goal=["二、城乡"], targets=[target(comparator="at_least", value="94", unit="个")], lead="市住房和城乡建设局"),
        item("2-02", "开工建设第六污水处理厂", goal=["二、城乡"], kind="task", profile="at_end", targets=[target(words="开工")], lead="市住房和城乡建设局",
             steps=[{"name": "选址", "due": "2022-03-31", "weight": "40"}, {"name": "用地", "due": "2022-08-31", "weight": "10"},
                    {"name": "开工", "due": "2022-12-31", "weight": "50"}], measure={"code": "task-2-02"}),
    ]  # fmt: skip


@dataclass
class City:
    """A government of the cast with everything found by name."""

    government: Government
    departments: dict[str, Department]
    people: dict[str, User]
    plan: Plan
    prefix: str = ""

    def user(self, login: str) -> User:
        return self.people[login]

    def person(self, login: str, day: dt.date = dt.date(2022, 10, 17)) -> Person:
        return deeds.person_of(self.people[login], noon(day))

    def item(self, code: str) -> Item:
        return Item.objects.get(plan=self.plan, code=code)

    def measure(self, code: str) -> Measure:
        return Measure.objects.get(government=self.government, code=code)


def noon(day: dt.date | str) -> dt.datetime:
    """Noon of a day in the city's zone, as an instant."""
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return clock.start_of(day, ZONE, dt.time(12))


def city(code: str = "zhumadian", prefix: str = "", plan: dict[str, Any] | None = None) -> City:
    """The city of the cast: departments, people (password `PASSWORD`), cycles, one published plan."""
    government = Government.objects.create(code=code, name="驻马店市", name_en="Zhumadian", zone=ZONE)
    departments = {}
    for n, (key, name, short, name_en, kind) in enumerate(DEPARTMENTS):
        row = {"code": key, "name": name, "short": short, "name_en": name_en, "kind": kind, "former": [], "position": n}
        departments[key] = deeds.open_department(government, row)
    people = {login: _person(government, departments[key], prefix, login, name, roles) for login, name, key, roles in PEOPLE}
    deeds.put_in_charge(people["leader"], [departments["gxj"], departments["zjj"]], FROM)
    for name, month, day in (("month", 1, 5), ("quarter", 1, 15), ("year", 1, 31)):
        staggered = {"county": 12} if name == "quarter" else {}
        Cycle.objects.create(government=government, name=name, frequency=name, due_month=month, due_day=day, staggered=staggered)
    return City(government, departments, people, load_plan(government, plan or body()), prefix)


def stranger_city() -> City:
    """Another government with the same shape; its people's logins begin with 'x-'."""
    return city("xinyang", prefix="x-")


_HASHES: dict[str, str] = {}


def _person(government: Government, department: Department, prefix: str, login: str, name: str, roles: tuple[Role, ...]) -> User:
    user = deeds.enrol(government, department, login=prefix + login, name=name, roles=roles, from_on=FROM, email=f"{prefix}{login}@example.org")
    if PASSWORD not in _HASHES:
        user.set_password(PASSWORD)
        _HASHES[PASSWORD] = user.password
    user.password = _HASHES[PASSWORD]
    user.save(update_fields=["password"])
    return user


def put_in_force(amendment: Amendment, day: dt.date | str) -> None:
    """Publishes an amendment that a test laid by hand, as of noon of a day."""
    second = User.objects.filter(government=amendment.government_id, login__endswith="supervisor2").get()
    Amendment.objects.filter(pk=amendment.pk).update(state=Amendment.State.PUBLISHED, published_by=second)
    Terms.objects.filter(amendment=amendment).update(published_at=noon(day))


def back_to_draft(plan: Plan) -> None:
    """A plan as if it had never been published; no product code can do that."""
    locks.lift()
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.DRAFT)
    locks.lay()


def d(text: str) -> Decimal:
    return Decimal(text)
