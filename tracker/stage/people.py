"""Who sits in the offices. Nobody has a name: a person of the stage is an office and a part."""

from dataclasses import dataclass
from functools import cached_property

from people import deeds
from people.access import Person
from people.models import Department, Government, Role, User
from tracker.stage.calendar import FROM, NOW

OFFICE, SUPERVISION = "zfb", "dcs"
WITHOUT_REVIEWER = frozenset({"xcj", "cl", "sfj"})  # small departments: their reports go straight to the supervisors

LEADERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("mayor", "市长", ()),  # without a portfolio: the whole city
    ("vice-first", "常务副市长", ("fgw", "czj", "tjj", "rsj", "yjj", "zwj", "sjj", "swju", "rmyh", "ybjj", "gdgs", "zzb", "xcb", "bb", "zgh", "zfb", "dcs")),
    ("vice-industry", "分管工业副市长", ("gxj", "kjj", "jrj", "gzw", "jkq", "gxq", "sfq")),
    ("vice-city", "分管城建副市长", ("zjj", "zrj", "jtj", "csj", "hjj", "xfzd")),
    ("vice-rural", "分管农业副市长", ("nyj", "slj", "lyj", "xcj", "lsj", "qxj", "ycq", "spx", "xpx", "scx", "rnx", "pyx", "zyx", "qsx", "byx", "xcx")),
    ("vice-trade", "分管商务副市长", ("swj", "scj", "wlj", "hgj")),
    ("vice-welfare", "分管文教卫副市长", ("jyj", "wjw", "tyj", "ybj", "mzj", "cl", "fl")),
    ("vice-law", "分管政法副市长", ("gaj", "sfj", "xfj", "tyjr", "zfw")),
)
OFFICERS = (
    ("supervisor", "市督查室督查员甲", SUPERVISION, Role.SUPERVISOR),
    ("supervisor-2", "市督查室督查员乙", SUPERVISION, Role.SUPERVISOR),
    ("administrator", "市政府办管理员", OFFICE, Role.ADMINISTRATOR),
    ("auditor", "市审计局审计员", "sjj", Role.AUDITOR),
)


@dataclass
class Offices:
    """Everybody of the stage, found by login; a person's rights as they are on the stage's day, read once."""

    government: Government

    @cached_property
    def users(self) -> dict[str, User]:
        return {u.login: u for u in User.objects.filter(government=self.government).select_related("government", "department")}

    @cached_property
    def _persons(self) -> dict[str, Person]:
        return {}

    def person(self, login: str) -> Person:
        if login not in self._persons:
            self._persons[login] = deeds.person_of(self.users[login], NOW)
        return self._persons[login]

    def reporter(self, department: str) -> Person:
        """Of a department by code."""
        return self.person(f"{department}-reporter")

    def reviewer(self, department: str) -> Person | None:
        """None where the department has none."""
        return None if department in WITHOUT_REVIEWER else self.person(f"{department}-reviewer")

    def supervisor(self, turn: int = 0) -> Person:
        """The two supervisors in turn."""
        return self.person(("supervisor", "supervisor-2")[turn % 2])


def seat(government: Government) -> Offices:
    """Enrols everybody: a reporter and a reviewer for each department, the leaders with their portfolios, the officers."""
    departments = {d.code: d for d in Department.objects.of(government)}
    for department in departments.values():
        _enrol(government, department, f"{department.code}-reporter", f"{department.short}填报员", Role.REPORTER)
        if department.code not in WITHOUT_REVIEWER:
            _enrol(government, department, f"{department.code}-reviewer", f"{department.short}审核人", Role.REVIEWER)
    for login, name, portfolio in LEADERS:
        leader = _enrol(government, departments[OFFICE], login, name, Role.LEADER)
        deeds.put_in_charge(leader, [departments[code] for code in portfolio], FROM)
    for login, name, code, role in OFFICERS:
        _enrol(government, departments[code], login, name, role)
    return Offices(government)


def _enrol(government: Government, department: Department, login: str, name: str, role: Role) -> User:
    return deeds.enrol(government, department, login=login, name=name, roles=(role,), from_on=FROM, email=f"{login}@zhumadian.example.org")
