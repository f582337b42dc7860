"""The desk of the tests of sharing out: a draft with rows of three departments, and its people."""

import datetime as dt
from typing import Any

from plans import consulting, sharing_out
from plans.consulting import Proposed
from plans.importing import load_draft
from plans.models import Consultation, Issuance, Opinion, Plan
from tests import cast

AT = cast.noon("2022-10-17")
LIMIT = dt.date(2022, 10, 20)
AFTER = cast.noon("2022-10-21")
SAME = cast.noon("2022-10-18")


class Desk:
    """A draft with rows of three bureaus and one county, and its people."""

    def __init__(self, city: cast.City | None = None) -> None:
        self.city = city or cast.city()
        rows = [
            cast.item("1-01", "新增企业", goal=["一、工业"], supporting=["市住房和城乡建设局"], targets=[cast.target(comparator="at_least", value="20", unit="家")]),
            cast.item("1-02", "新增用工", goal=["一、工业"], targets=[cast.target(comparator="at_least", value="300", unit="人")]),
            cast.item("2-01", "开工污水厂", goal=["二、城乡"], kind="task", profile="at_end", targets=[cast.target()], lead="市住房和城乡建设局",
                      steps=[{"name": "选址", "due": "2022-10-31", "weight": "1"}, {"name": "开工", "due": "2022-12-15", "weight": "1"}]),
            cast.item("2-02", "改造小区", goal=["二、城乡"], targets=[cast.target(comparator="at_least", value="9", unit="个")], lead="上蔡县人民政府"),
        ]  # fmt: skip
        for row in rows:
            row["measure"] |= {"code": f"next-{row['code']}"}
        self.supervisor, self.second = self.city.person("supervisor"), self.city.person("supervisor2")
        self.made = load_draft(self.city.government, cast.body(rows, code="next"), self.supervisor, AT)

    @property
    def plan(self) -> Plan:
        return Plan.objects.select_related("document", "government", "consultation").get(pk=self.made.pk)

    def open(self) -> Consultation:
        return consulting.open_consultation(self.plan, LIMIT, "请逐项核对", self.supervisor, AT)

    def asked(self, login: str, code: str = "") -> list[consulting.Asked]:
        return [row for row in consulting.asked(self.plan, self.city.user(login).department_id) if code in ("", row.terms.item.code)]

    def accept(self, login: str, at: dt.datetime = SAME) -> int:
        return consulting.accept(self.plan, {row.terms.item_id: row.token for row in self.asked(login) if row.waits}, self.city.person(login), at)

    def object_to(self, login: str, code: str, **given: Any) -> Opinion:
        (row,) = self.asked(login, code)
        proposed = Proposed(**{"reason": "职责不符", **given})
        return consulting.object_to(self.plan, row.terms.item_id, given.pop("token", row.token), proposed, self.city.person(login), SAME)

    def accept_all(self) -> None:
        for login in ("reviewer", "builders_head", "county"):
            self.accept(login)

    def propose(self, number: str = "驻政办〔2022〕5号", at: dt.datetime = AFTER) -> Issuance:
        return sharing_out.propose(self.plan, number, dt.date(2022, 10, 21), self.supervisor, at)

    def publish(self) -> Issuance:
        self.open()
        self.accept_all()
        issuance = self.propose()
        sharing_out.publish(issuance, self.second, AFTER)
        return issuance
