"""目标力度: what is set beside what, the shipped report's literal, and what the lead says of it."""

import csv
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry
from plans.ambition import Verdict, last_results, weigh
from plans.conflicts.promises import Promise, Result
from plans.models import PastResult
from plans.seeding import plan_bodies
from tests import cast
from tests.plans.test_conflicts import FIVE, YEAR, promise, shipped
from tests.tracker.stood import client_of
from tracker import explaining
from tracker.models import Explanation
from tracker.turns import NotYours, Refused

D = Decimal
BELOW = {  # 2022 targets below the 2021 result, read out of part one by hand: target, result
    "2-03": ("10", "12.8"), "2-04": ("9", "10"), "2-05": ("5.5", "7.9"), "3.1-06": ("1178", "1462.4"), "3.1-09": ("100", "120"), "3.2-01": ("50", "90"),
    "3.2-02": ("360", "396"), "3.2-03": ("20", "30"), "3.2-31": ("2", "19"), "3.5-04": ("84", "107"), "3.5-07": ("160", "161"), "3.5-26": ("10", "15"),
    "3.6-01": ("271", "278"), "3.6-14": ("150", "220"), "3.7-05": ("400", "512"), "3.7-08": ("3", "3.3"), "3.8-23": ("4", "14.5"),
}  # fmt: skip


def weighed(*promises: Promise, results: tuple[Result, ...] = (), unit: str = "家", down: tuple[str, ...] = ()) -> list[tuple[str, str, Decimal]]:
    found = weigh(promises, last_results(results, ()), {"m": unit}, frozenset(("p", code) for code in down))
    return [(w.promise.code, w.verdict.value, w.by) for w in found]


def test_seventeen_targets_of_the_report_lie_below_the_year_before() -> None:
    promises, results = shipped()
    units = {m["code"]: m["unit"] for body in plan_bodies() for m in body["measures"]}
    found = weigh(promises, last_results(results, ()), units, frozenset())
    below = [w for w in found if w.verdict is Verdict.BELOW and w.result is not None]
    assert {w.promise.code: (f"{w.promise.value:f}", f"{w.result.value:f}") for w in below if w.promise.plan == "report-2022"} == BELOW
    assert {w.promise.plan for w in below} == {"report-2022"}
    early = {w.promise.code: [p.code for p in w.others] for w in found if w.verdict is Verdict.EARLY}
    assert early == {"2.4-13": ["3.3-10"], "2.4-15": ["3.3-11"], "3.1-01": ["3.3-10"], "3.3-01": ["3.3-13"], "4.1-01": ["3.3-11"], "13.1-03": ["3.3-29"]}


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"value": D(8)}, "below"), ({"value": D(10)}, "same"), ({"value": D(12)}, "above"), ({"unit": "万户"}, None), ({"reading": "increase"}, None),
        ({"comparator": "between", "value_high": D(12)}, None), ({"comparator": "relative"}, None), ({"due": FIVE[1], "start": FIVE[0]}, None), ({"whole": "x"}, None),
    ],
)  # fmt: skip
def test_only_the_same_measure_unit_and_span_is_compared(given: dict[str, Any], verdict: str | None) -> None:
    results = (Result("m", YEAR[0], D(10)), Result("m", dt.date(2019, 12, 31), D(99)))
    found = weighed(promise("1", "5", YEAR, **{k: v for k, v in given.items() if k not in ("value", "due", "start")}) if "value" not in given and "due" not in given
                    else Promise(**{**promise("1", "5", YEAR).__dict__, **given}), results=results)  # fmt: skip
    assert [v for _code, v, _by in found] == ([verdict] if verdict else [])


def test_where_below_is_good_a_higher_ceiling_is_the_weaker_one() -> None:
    held = promise("1", "5.5", YEAR, accrual="held", comparator="at_most", baseline=D(5), baseline_on=YEAR[0])
    assert weighed(held, down=("1",)) == [("1", "below", D("-0.5"))]
    assert weighed(held) == [("1", "above", D("0.5"))]


def test_yearly_promises_that_together_make_the_longer_one_pass_it_early() -> None:
    long, first = promise("5", "1000"), promise("1", "300", YEAR)
    second = promise("2", "700", (dt.date(2022, 12, 31), dt.date(2023, 12, 31)))
    assert weighed(long, first) == []
    assert weighed(long, first, second) == [("5", "early", D(0))]


# the pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def city(db: None, clock_at: Any) -> cast.City:
    clock_at("2022-10-17")
    city = cast.city()
    for code, value in (("m-1-01", "2400"), ("m-2-01", "90")):
        PastResult.objects.create(government=city.government, measure=city.measure(code), on="2021-12-31", value=value, locator="一（三）")
    return city


def test_the_page_and_its_file_list_what_is_below_first(city: cast.City) -> None:
    client = client_of(city, "leader")
    page = client.get("/ambition/")
    assert [(r["row"].code, r["row"].verdict.value) for r in page.context["table"].raw_rows()] == [("1-01", "below"), ("2-01", "above")]
    assert [r["row"].code for r in client.get("/ambition/?verdict=below").context["table"].raw_rows()] == ["1-01"]
    assert client.get("/ambition/?plan=nothing").context["total"] == 0
    lines = list(csv.reader(client.get("/ambition/?export=csv").content.decode("utf-8-sig").splitlines()))
    assert next(line for line in lines if "1-01" in line)[1:12] == [
        "1-01",
        "新增5G基站",
        "市工业和信息化局",
        "2000 个",
        "2022-12-31",
        "个",
        "2400 个",
        "2021-12-31",
        "一（三）",
        "-400",
        "低于上年结果",
    ]
    assert client.get("/ambition/?export=xlsx").status_code == 200


def test_the_lead_explains_and_nothing_said_is_changed(city: cast.City) -> None:
    address, client = "/items/report-2022/1-01/ambition/", client_of(city, "reporter")
    assert client.post(address, {"words": " ", "key": "a1"}).status_code == 422
    assert client.post(address, {"words": "上年含一次性项目", "key": "a2"}).status_code == 302
    assert client.post(address, {"words": "上年含一次性项目", "key": "a2"}).status_code == 302  # sent twice
    assert Explanation.objects.values_list("words", "figures", "by__login").get() == ("上年含一次性项目", "2000 个 / 2400 个 2021-12-31", "reporter")
    for login in ("leader", "builder"):
        assert "上年含一次性项目" in client_of(city, login).get("/ambition/").content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Explanation.objects.update(words="改写")
    assert AuditEntry.objects.filter(verb="target explained").count() == 1
    terms = city.item("1-01").terms.select_related("item").get()
    for login in ("builder", "supervisor", "leader", "auditor"):
        with pytest.raises(NotYours):
            explaining.explain(terms, "", "代写", city.person(login), cast.noon("2022-10-17"))
    with pytest.raises(Refused):
        explaining.explain(terms, "", "字" * 5000, city.person("reporter"), cast.noon("2022-10-17"))


def test_the_list_takes_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    client, taken = client_of(city, "supervisor"), []
    PastResult.objects.filter(measure__code="m-2-01").delete()
    client.get("/ambition/")
    for n in (1, 3):
        with CaptureQueriesContext(connection) as statements:
            assert client.get("/ambition/").context["total"] == n
        taken.append(len(statements))
        for code in ("m-2-01", "gdp") if n == 1 else ():
            PastResult.objects.create(government=city.government, measure=city.measure(code), on="2021-12-31", value="9", locator="一")
    assert taken[0] == taken[1]
