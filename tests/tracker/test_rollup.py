"""The roll-up: accepted values and terms in force become standings, in a fixed number of statements, seen whole or not at all."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from people.models import Government
from people.workdays import seed_workdays
from plans.models import Goal, Item
from tests import cast
from tests.tracker.answers import answer
from tracker import rollup
from tracker.models import ProgressReport, Run, Standing

pytestmark = pytest.mark.django_db

STATEMENTS = 35  # of one roll-up that writes, 5 of them for its board
NOT_OUT = ProgressReport.Answer.NOT_OUT


@pytest.fixture(autouse=True)
def workdays(db: None) -> None:
    seed_workdays([2021, 2022, 2023])


def take(city: cast.City, day: str) -> Run:
    return rollup.take(city.government, cast.noon(day))


def stands(city: cast.City, code: str) -> Standing:
    return Standing.objects.at(Government.objects.get(pk=city.government.pk).run).get(item=city.item(code))


def told(standing: Standing) -> tuple[str, str, str, str]:
    return (standing.light, str(standing.attainment), str(standing.expected), str(standing.gap))


def node(city: cast.City, subject: str) -> Standing:
    return Standing.objects.of(city.government).at(Government.objects.get(pk=city.government.pk).run).get(subject=subject)


def test_a_total_is_judged_at_its_cut_off() -> None:
    city = cast.city()
    report = answer(city, "1-01", "2022Q2", "900")
    take(city, "2022-07-14")
    standing = stands(city, "1-01")
    assert told(standing) == ("yellow", "0.450000", "0.500000", "-5.000000")
    assert (standing.judged_at, standing.report_id, standing.overdue, standing.marks) == (dt.date(2022, 6, 30), report.pk, 0, [])
    facts = standing.facts
    assert {k: facts[k] for k in ("value", "value_state", "cut_off", "start", "target", "comparator", "due", "unit", "expected_value", "bands", "closed")} == {
        "value": "900", "value_state": "verified", "cut_off": "2022-06-30", "start": "0", "target": "2000", "comparator": "at_least",
        "due": "2022-12-31", "unit": "个", "expected_value": "1000", "bands": {"kind": "share", "green": "0", "yellow": "-10"}, "closed": False,
    }  # fmt: skip


def test_an_increase_reads_the_running_total() -> None:
    city = cast.city()
    answer(city, "1-02", "2021Q4", "3580")
    answer(city, "1-02", "2022Q3", "4540")
    take(city, "2022-10-17")
    assert told(stands(city, "1-02")) == ("red", "0.640000", "0.750000", "-11.000000")
    assert [stands(city, "1-02").facts[k] for k in ("value", "measured", "base")] == ["960", "4540", "3580"]


def test_held_rates_are_judged_in_points() -> None:
    city = cast.city()
    answer(city, "1-03", "2022Q2", "7.5")
    answer(city, "1-04", "2022Q2", "5.8")
    take(city, "2022-07-25")
    assert [(told(s), s.gap_in) for s in (stands(city, "1-03"), stands(city, "1-04"))] == [
        (("yellow", "0.937500", "1.000000", "-0.500000"), "points"),
        (("yellow", "0.948276", "1.000000", "-0.300000"), "points"),
    ]


def test_a_task_stands_by_the_weights_of_its_steps() -> None:
    city = cast.city()
    answer(city, "2-02", "2022Q1", steps={"选址": "2022-03-20"})
    take(city, "2022-10-17")
    standing = stands(city, "2-02")
    assert told(standing) == ("yellow", "0.400000", "0.500000", "-10.000000")
    assert standing.overdue == 94  # the report of Q2 was due on 15 July, the step on 31 August
    assert standing.facts["steps"] == [
        {"name": "选址", "due": "2022-03-31", "weight": "40", "done": "2022-03-20"},
        {"name": "用地", "due": "2022-08-31", "weight": "10", "done": None},
        {"name": "开工", "due": "2022-12-31", "weight": "50", "done": None},
    ]


def test_silence_after_the_due_date_is_judged_at_the_periods_end() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    take(city, "2022-10-17")
    assert told(stands(city, "1-01"))[0] == "yellow"  # due on Monday the 17th: that day is still in time
    take(city, "2022-10-18")
    standing = stands(city, "1-01")
    assert told(standing) == ("red", "0.450000", "0.750000", "-30.000000")
    assert (standing.marks, standing.overdue, standing.judged_at) == (["逾期未报"], 1, dt.date(2022, 9, 30))


def test_a_report_under_review_is_not_silence() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    answer(city, "1-01", "2022Q3", "1500", state=ProgressReport.State.SUBMITTED, submitted="2022-10-14")
    take(city, "2022-10-20")
    assert (told(stands(city, "1-01")), stands(city, "1-01").marks) == (("yellow", "0.450000", "0.500000", "-5.000000"), [])


def test_statistics_that_are_not_out_are_neither_overdue_nor_red() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    answer(city, "1-01", "2022Q3", answer=NOT_OUT, until="2022-10-24", state=ProgressReport.State.SUBMITTED, submitted="2022-10-14")
    take(city, "2022-10-24")
    assert (stands(city, "1-01").light, stands(city, "1-01").overdue) == ("yellow", 0)
    take(city, "2022-10-25")
    assert (stands(city, "1-01").light, stands(city, "1-01").overdue, stands(city, "1-01").marks) == ("red", 1, ["逾期未报"])


def test_no_change_carries_the_last_value_to_its_cut_off() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "1500")
    answer(city, "1-01", "2022Q3", answer=ProgressReport.Answer.NO_CHANGE)
    take(city, "2022-10-12")
    assert told(stands(city, "1-01")) == ("green", "0.750000", "0.750000", "0.000000")


def test_a_correction_counts_from_its_acceptance_on() -> None:
    city = cast.city()
    wrong = answer(city, "1-01", "2022Q2", "1100", accepted="2022-07-10")
    answer(city, "1-01", "2022Q2", "900", accepted="2022-09-05", corrects=wrong)
    seen = {day: {j.subject: j for j in rollup.look(city.government, dt.date.fromisoformat(day))} for day in ("2022-09-04", "2022-09-05")}
    subject = f"item:{city.item('1-01').pk}"
    assert [(day, found[subject].light, str(found[subject].attainment)) for day, found in seen.items()] == [
        ("2022-09-04", "green", "0.550000"),
        ("2022-09-05", "yellow", "0.450000"),
    ]


def test_a_look_at_another_day_counts_only_what_was_accepted_by_its_end_and_stores_nothing() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900", accepted="2022-07-12")
    subject = f"item:{city.item('1-01').pk}"
    lights = [{j.subject: j.light for j in rollup.look(city.government, dt.date(2022, 7, day))}[subject] for day in (11, 12)]
    assert lights == ["red", "yellow"]  # Q1 had been silent since April
    assert (Standing.objects.count(), Run.objects.count(), Government.objects.get().run) == (0, 0, 0)


def test_the_best_state_of_a_date_counts() -> None:
    city = cast.city()
    for value, state in (("7.8", "estimate"), ("7.3", "verified"), ("7.1", "flash")):
        answer(city, "1-03", "2022Q2", value, data_state=state)
    take(city, "2022-07-25")
    assert [stands(city, "1-03").facts[k] for k in ("value", "value_state")] == ["7.3", "verified"]


def test_one_figure_turns_every_light_that_reads_it() -> None:
    city = cast.city()
    cloud = {"code": "cloud", "reporter": "市工业和信息化局", "cycle": "quarter", "release_lag": 0}
    long = {"start": "2020-12-31", "due": "2025-12-31", "comparator": "at_least", "value": "6000", "unit": "家"}
    table = cast.item("4-01", "企业上云累计", baseline={"date": "2020-12-31", "value": "3037"}, measure=cloud, targets=[cast.target(**long)])
    box = cast.item("4-02", "推动企业上云", reading="increase", baseline={"date": "2020-12-31", "value": "3037"}, measure=cloud, targets=[cast.target(**long)])
    cast.load_plan(city.government, cast.body([table, box], code="manufacturing", start="2021-01-01", end="2025-12-31"))
    answer(city, "1-02", "2022Q4", "4500")
    take(city, "2023-01-12")
    readers = Standing.objects.filter(item__measure__code="cloud").order_by("item__code")
    assert [(s.item.code, s.light, str(s.attainment), str(s.expected)) for s in readers if s.item] == [
        ("1-02", "red", "0.613333", "1.000000"),
        ("4-01", "green", "0.493756", "0.400000"),  # (4500 − 3037) ÷ (6000 − 3037)
        ("4-02", "red", "0.243833", "0.400000"),  # (4500 − 3037) ÷ 6000
    ]


def test_nodes_let_no_surplus_hide_a_shortfall() -> None:
    city = cast.city(plan=cast.body([cast.item("a", "超前"), cast.item("b", "滞后"), cast.item("c", "另一目标", goal=["二、城乡"])]))
    answer(city, "a", "2022Q2", "2000")
    answer(city, "b", "2022Q2", "400")
    answer(city, "c", "2022Q2", "1000")
    take(city, "2022-07-14")
    goals = {g.title: node(city, f"goal:{g.pk}") for g in Goal.objects.all()}
    assert {title: told(s) for title, s in goals.items()} == {
        "一、工业": ("red", "0.600000", "0.500000", "-15.000000"),  # (0 − 30) ÷ 2
        "（一）企业": ("red", "0.600000", "0.500000", "-15.000000"),
        "二、城乡": ("green", "0.500000", "0.500000", "0.000000"),
    }
    assert told(node(city, f"department:{city.departments['gxj'].pk}")) == ("yellow", "0.566667", "0.500000", "-10.000000")
    assert told(node(city, f"plan:{city.plan.pk}")) == told(node(city, f"government:{city.government.pk}"))
    assert node(city, f"plan:{city.plan.pk}").counts == {
        "items": 3, "blue": 1, "green": 1, "yellow": 0, "red": 1, "not_due": 0, "grey": 0, "overdue": 0, "coverage": "1.000000", "oldest": "2022-06-30",
    }  # fmt: skip


def test_coverage_counts_what_was_accepted_for_the_last_ended_period() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    answer(city, "1-04", "2022Q3", "5.2")
    answer(city, "2-01", "2022Q2", "94")  # reached: owes none
    take(city, "2022-10-17")
    assert node(city, f"plan:{city.plan.pk}").counts["coverage"] == "0.333333"


def test_a_second_run_writes_nothing_and_what_changed_begins_with_its_run() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    assert take(city, "2022-07-14").written == 6 + 3 + 1 + 3 + 1
    assert take(city, "2022-07-14").written == 0
    answer(city, "1-01", "2022Q2", "950", accepted="2022-07-14")
    assert take(city, "2022-07-14").written == 1 + 2 + 1 + 1 + 1
    versions = Standing.objects.filter(item=city.item("1-01")).order_by("since_run").values_list("since_run", "until_run", "attainment")
    assert list(versions) == [(1, 3, Decimal("0.45")), (3, None, Decimal("0.475"))]


def test_an_open_task_is_not_written_anew_because_a_day_went_by() -> None:
    city = cast.city(plan=cast.body([i for i in cast.ITEMS() if i["code"] == "2-02"]))
    take(city, "2022-01-10")
    assert take(city, "2022-01-11").written == 0


def test_a_failure_in_the_middle_leaves_the_last_run_whole() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    take(city, "2022-07-14")
    before = list(Standing.objects.order_by("pk").values())
    answer(city, "1-01", "2022Q3", "1600")
    Run.objects.create(government=city.government, number=2, as_of="2022-10-12", at=cast.noon("2022-10-12"))
    with pytest.raises(IntegrityError):
        take(city, "2022-10-12")
    assert list(Standing.objects.order_by("pk").values()) == before
    assert Government.objects.get(pk=city.government.pk).run == 1


def test_terms_count_from_their_day_and_from_their_publication_on() -> None:
    city = cast.city(plan=cast.body(document={"title": "测试报告", "number": "1", "issuer": "市人民政府", "date": "2022-02-10"}))
    assert [len(rollup.look(city.government, dt.date.fromisoformat(day))) for day in ("2021-12-31", "2022-02-09", "2022-02-10")] == [1, 1, 14]


def test_what_was_due_before_publication_was_not_owed() -> None:
    city = cast.city(plan=cast.body(document={"title": "测试报告", "number": "1", "issuer": "市人民政府", "date": "2022-05-10"}))
    take(city, "2022-06-30")
    assert stands(city, "1-01").light == "grey"


def test_wake_on_is_the_next_day_that_can_change_a_light() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    answer(city, "2-01", "2022Q2", "94")
    take(city, "2022-07-14")
    assert (stands(city, "1-01").wake_on, stands(city, "1-02").wake_on) == (dt.date(2022, 10, 18), dt.date(2022, 7, 15))


def test_a_roll_up_is_due_when_something_changed_or_a_day_to_wake_has_come() -> None:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站")]))

    def due(day: str) -> bool:
        return rollup.is_due(city.government, cast.noon(day))

    answer(city, "1-01", "2022Q2", "900")
    assert due("2022-07-14")
    take(city, "2022-07-14")
    assert [due(day) for day in ("2022-07-14", "2022-10-17", "2022-10-18")] == [False, False, True]
    answer(city, "1-01", "2022Q3", "1500", accepted="2022-07-01")  # committed late, under an earlier instant
    assert due("2022-07-14")


def test_a_closing_is_kept_beside_the_light_of_today() -> None:
    city = cast.city()
    first = answer(city, "1-01", "2022Q2", "900")
    rollup.close(city.government, first.period, cast.noon("2022-07-16"), cast.noon("2022-07-16"))
    answer(city, "1-01", "2022Q2", "1100", accepted="2022-08-01", corrects=first)
    take(city, "2022-08-02")
    closed = Run.objects.get(closes=first.period)
    of_item = Standing.objects.filter(item=city.item("1-01"))
    assert [of_item.at(n).get().light for n in (closed.number, 3)] == ["yellow", "green"]


def test_finished_measures_owe_no_more() -> None:
    city = cast.city()
    answer(city, "2-01", "2022Q2", "94")
    answer(city, "2-02", "2022Q2", steps={"选址": "2022-03-20", "用地": "2022-05-01", "开工": "2022-06-01"})
    answer(city, "1-01", "2022Q2", "900")
    take(city, "2022-07-14")
    assert rollup.finished(city.government) == {city.item("2-01").measure_id, city.item("2-02").measure_id}


def _many(count: int) -> cast.City:
    items = [cast.item(f"{n:03d}", f"事项{n}", goal=["一、工业", f"（{n % 3}）"]) for n in range(count)]
    tasks = [cast.item(f"t{n}", f"任务{n}", kind="task", profile="at_end", targets=[cast.target(words="完成")]) for n in range(count)]
    city = cast.city(plan=cast.body(items + tasks))
    for n in range(count):
        for quarter, value in (("2022Q1", 300), ("2022Q2", 500 + n)):
            answer(city, f"{n:03d}", quarter, str(value))
        answer(city, f"t{n}", "2022Q2", steps={f"任务{n}": "2022-05-01"})
    return city


def _statements(call: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        call()
    return len(queries)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_roll_up_takes_the_same_number_of_statements_for_any_number_of_items(count: int) -> None:
    city = _many(count)
    first = _statements(lambda: take(city, "2022-07-14"))
    for n in range(count):
        answer(city, f"{n:03d}", "2022Q3", str(1200 + n), accepted="2022-10-10")
    again = _statements(lambda: take(city, "2022-10-12"))
    assert (first, again) == (STATEMENTS, STATEMENTS + 1)  # the second one also ends what it replaces
    assert Item.objects.count() == 2 * count
