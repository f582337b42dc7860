"""What is wrong with a report, and how it is said."""

import datetime as dt
from typing import Any

import pytest

from plans.importing import load_plan
from plans.models import Step, Terms
from tests import cast
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.test_periods import version
from tracker import reporting
from tracker.background import background
from tracker.models import ProgressReport
from tracker.problems import problems, steps_of

D = dt.date
DAY = D(2022, 10, 10)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def said(report: ProgressReport) -> list[tuple[str, str, str]]:
    """(field, severity, message) of each problem."""
    return [(p.field, str(p.severity), p.message) for p in problems(report, DAY)]


def of(desk: Desk, measure: str, number: int = 3, **fields: Any) -> list[tuple[str, str, str]]:
    return said(desk.draft(desk.duty(measure, number), **fields))


def level(unit: str = "%", value: str = "85", **given: Any) -> dict[str, Any]:
    """A plan of one item that is a level."""
    return cast.body([cast.item("1", "覆盖率", accrual="level", targets=[cast.target(comparator="at_least", value=value, unit=unit, **given)])])


def test_a_good_report_has_no_problem(desk: Desk) -> None:
    assert of(desk, "cloud", value="4540") == []


def test_a_missing_value_is_said(desk: Desk) -> None:
    assert of(desk, "cloud") == [("value", "error", "没有填数值。没有数的，请选“无变化”“未到数据时点”或“无法填报”。")]


def test_text_for_a_number_is_said_with_the_text(desk: Desk) -> None:
    assert of(desk, "cloud", value="约900家") == [("value", "error", "“约900家”不是数。请只填数字，不带单位和文字，例如 1500。")]


def test_too_many_digits_are_said_as_such(desk: Desk) -> None:
    assert of(desk, "cloud", value="4540.12345") == [("value", "error", "“4540.12345”位数太多：最多11位整数、4位小数。")]


def test_a_part_that_is_no_number_is_said_at_its_own_field(desk: Desk) -> None:
    assert of(desk, "cloud", part="若干") == [("part", "error", "“若干”不是数。请只填数字，不带单位和文字，例如 1500。")]


@pytest.mark.parametrize("day", ["2022-06-30", "2022-10-01"])
def test_a_cut_off_outside_the_period_is_said_with_its_days(desk: Desk, day: str) -> None:
    assert of(desk, "cloud", value="4540", cut_off=day) == [("cut_off", "error", "截止日不在本期内。应在2022-07-01至2022-09-30之间。")]


@pytest.mark.parametrize(("text", "said"), [("九月底", "“九月底”不是日期。请按 2022-09-30 的样子填。"), ("", "请填日期，例如 2022-09-30。")])
def test_a_cut_off_that_is_no_date_is_said(desk: Desk, text: str, said: str) -> None:
    assert of(desk, "cloud", value="4540", cut_off=text) == [("cut_off", "error", said)]


def test_a_cut_off_in_the_future_is_said(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"), value="4540")

    assert [p.message for p in problems(report, D(2022, 9, 29))] == ["截止日2022-09-30还没到。请填数据实际截止的日期。"]
    assert problems(report, D(2022, 9, 30)) == []


def test_statistics_that_are_not_out_need_their_day_and_source(desk: Desk) -> None:
    assert of(desk, "gdp", answer="not_out") == [
        ("until_on", "error", "请填数据哪一天能出来。"),
        ("source", "error", "请填数据由谁公布，例如“市统计局”。"),
    ]
    assert of(desk, "gdp", until_on="2022-10-09", source="省统计局") == [
        ("until_on", "error", "2022-10-09已经过去。请填数据将要公布的日期；数据已出的请填数值。"),
    ]
    assert of(desk, "gdp", until_on="月底") == [("until_on", "error", "“月底”不是日期。请按 2022-09-30 的样子填。")]
    assert of(desk, "gdp", until_on="2022-10-10", source="局" * 121) == [("source", "error", "数据来源太长，请控制在120字以内。")]
    assert of(desk, "gdp", source="省统计局") == []
    assert of(desk, "gdp", until_on="2023-10-11") == []
    assert of(desk, "gdp", until_on="9999-12-31") == [
        ("until_on", "error", "9999-12-31在一年以后。一年内出不来的，请选“无法填报”并写明原因。"),
    ]


def test_an_excuse_may_be_given_before_the_period_is_over(desk: Desk) -> None:
    report = desk.draft(desk.duty("gdp"), answer="not_out", until_on="2022-10-24", source="省统计局")

    assert problems(report, D(2022, 9, 25)) == []


def test_who_cannot_report_says_why(desk: Desk) -> None:
    assert of(desk, "gdp", answer="cannot") == [("reason", "error", "请写明为什么无法填报。")]
    assert of(desk, "gdp", reason="调查中断") == []


def test_no_change_needs_something_before(desk: Desk) -> None:
    assert of(desk, "jobless", answer="no_change") == [("answer", "error", "此前没有核定过的数，不能选“无变化”。请填数值。")]

    desk.accept(desk.duty("jobless", 2), value="5.4")
    assert of(desk, "jobless") == []


def test_a_total_that_falls_needs_a_reason(desk: Desk) -> None:
    desk.accept(desk.duty("cloud", 2), value="4270")

    assert of(desk, "cloud", value="4200") == [("reason", "error", "累计数4200比二季度的4270少。确实减少的，请写明原因。")]
    assert of(desk, "cloud", reason="注销70家") == []


def test_a_level_may_fall_without_a_reason(desk: Desk) -> None:
    desk.accept(desk.duty("jobless", 2), value="5.8")

    assert of(desk, "jobless", value="5.2") == []


def test_the_figure_of_the_period_in_the_field_of_the_total_is_doubted(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01", 1), value="400")
    desk.accept(desk.duty("m-1-01", 2), value="900")

    assert of(desk, "m-1-01", value="520") == [
        ("reason", "error", "累计数520比二季度的900少。确实减少的，请写明原因。"),
        ("value", "doubt", "520像是本期数。这里要填累计数：900＋520＝1420。"),
    ]


def test_the_total_in_the_field_of_the_period_is_doubted(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01", 1), value="400")
    desk.accept(desk.duty("m-1-01", 2), value="900")

    assert of(desk, "m-1-01", part="1420") == [("part", "doubt", "1420像是累计数。按本期数填，累计会变成900＋1420。请核对。")]
    assert of(desk, "m-1-01", part="520") == []


def test_a_yearly_total_begins_anew_with_the_year(db: None) -> None:
    desk = Desk()
    desk.accept(desk.earlier("m-2-01", 2021, 4), value="88")
    report = desk.draft(desk.duty("m-2-01", 1), value="20")

    assert said(report) == []
    assert background(report.measure, report.period).previous_total == 0


def test_a_running_total_goes_on_through_the_years(db: None) -> None:
    desk = Desk()
    desk.accept(desk.earlier("cloud", 2021, 4), value="3600")

    assert of(desk, "cloud", 1, value="3590") == [("reason", "error", "累计数3590比2021年四季度的3600少。确实减少的，请写明原因。")]


def test_a_share_for_a_per_cent_is_doubted_by_the_last_value(db: None) -> None:
    desk = Desk(level())
    desk.accept(desk.duty("m-1", 2), value="84")

    assert of(desk, "m-1", value="0.85") == [("value", "doubt", "填的是0.85%，是不是应为85？上次是84。")]
    assert of(desk, "m-1", value="8500") == [("value", "doubt", "填的是8500%，是不是应为85？上次是84。")]
    assert of(desk, "m-1", value="86") == []


def test_a_share_for_a_per_cent_is_doubted_by_the_target(db: None) -> None:
    desk = Desk(level())

    assert of(desk, "m-1", value="0.85") == [("value", "doubt", "填的是0.85%，是不是应为85？目标是85。")]


def test_a_leap_is_said_in_times_of_the_last_value(db: None) -> None:
    desk = Desk(level(unit="亿元", value="900"))
    desk.accept(desk.duty("m-1", 2), value="60")

    assert of(desk, "m-1", value="876") == [("value", "doubt", "876是二季度（60）的14.6倍。请核对单位和小数点。")]
    assert of(desk, "m-1", value="6") == [("value", "doubt", "6不到二季度（60）的十分之一。请核对单位和小数点。")]
    assert of(desk, "m-1", value="599") == []


def test_ten_thousand_times_the_target_is_doubted(desk: Desk) -> None:
    assert of(desk, "m-1-01", value="9000000") == [("value", "doubt", "填的是9000000个，是不是应为900？目标是2000。")]


def test_a_small_rate_may_leap(desk: Desk) -> None:
    desk.accept(desk.duty("gdp", 2), value="0.2")

    assert of(desk, "gdp", value="7") == []


def test_a_target_beside_another_needs_its_benchmark(db: None) -> None:
    target = cast.target(comparator="relative", unit="%")
    desk = Desk(cast.body([cast.item("1", "旅游收入增速", accrual="held", targets=[target])]))

    assert of(desk, "m-1", value="-13.4") == [("benchmark", "error", "目标是与参照相比，请同时填参照值（如全省平均）。")]
    assert of(desk, "m-1", benchmark="-11.0") == []
    assert of(desk, "m-1", benchmark="全省") == [("benchmark", "error", "“全省”不是数。请只填数字，不带单位和文字，例如 1500。")]


def test_a_weaker_state_after_a_stronger_is_refused(desk: Desk) -> None:
    desk.accept(desk.duty("gdp"), value="7.1", data_state="flash")

    assert of(desk, "gdp", value="7.8", data_state="estimate") == [("data_state", "error", "本期已有快报数，不能再报预计数。")]
    assert of(desk, "gdp", data_state="flash") == [("data_state", "error", "本期已有快报数。同一口径的改动请用更正单。")]
    assert of(desk, "gdp", data_state="verified") == []


def test_a_correction_keeps_the_state_and_says_why(desk: Desk) -> None:
    old = desk.accept(desk.duty("gdp"), value="7.1", data_state="flash")
    reporting.correct(old, desk.city.person("statistician"), OCTOBER, "核实")

    assert of(desk, "gdp", reason=" ", basis="", data_state="estimate") == [
        ("reason", "error", "更正单要说明为什么更正。"),
        ("basis", "error", "更正单要写明依据，例如来函文号、核查记录。"),
        ("data_state", "error", "本期已有快报数，不能再报预计数。"),
    ]
    assert of(desk, "gdp", reason="核实", basis="统计局来函", data_state="flash", value="7.2") == []


def steps(desk: Desk) -> list[Step]:
    return list(desk.city.item("2-02").terms.get().steps.all())


def test_a_task_without_a_step_done_says_so_otherwise(desk: Desk) -> None:
    assert of(desk, "task-2-02") == [("steps", "error", "没有勾选完成的节点。本期没有节点完成的，请选“无变化”并写明进展。")]
    assert of(desk, "task-2-02", answer="no_change") == []


def test_a_step_is_not_done_in_the_future(desk: Desk) -> None:
    site, land, _ = steps(desk)

    assert of(desk, "task-2-02", steps={site.pk: "2022-10-10", land.pk: "2022-10-11"}) == [("steps", "error", "“用地”的完成日2022-10-11还没到。")]


def test_a_step_needs_a_day(desk: Desk) -> None:
    assert of(desk, "task-2-02", steps={steps(desk)[0].pk: "三月"}) == [("steps", "error", "“三月”不是日期。请按 2022-09-30 的样子填。")]


def test_a_step_of_another_task_is_refused(db: None) -> None:
    tasks = [cast.item(n, f"任务{n}", kind="task", targets=[cast.target()]) for n in "12"]
    desk = Desk(cast.body(tasks))
    foreign = desk.city.item("2").terms.get().steps.get()

    assert of(desk, "m-1", steps={foreign.pk: "2022-09-01"}) == [("steps", "error", "“任务2”不是本事项现行的节点，请重新勾选。")]


def test_a_step_done_before_keeps_its_day(desk: Desk) -> None:
    site = steps(desk)[0]
    desk.accept(desk.duty("task-2-02", 1), steps={site.pk: "2022-03-20"})

    assert of(desk, "task-2-02", steps={site.pk: "2022-03-21"}) == [("steps", "error", "“选址”已核定于2022-03-20完成。改日期请用更正单。")]
    assert of(desk, "task-2-02", steps={site.pk: "2022-03-20"}) == []


def test_the_steps_to_choose_from_are_those_in_force(desk: Desk) -> None:
    duty = desk.duty("task-2-02")
    before = desk.city.item("2-02").terms.get()

    assert steps_of(background(duty.measure, duty.period)) == list(before.steps.all())

    version(before, desk.city, D(2022, 7, 1))
    assert steps_of(background(duty.measure, duty.period)) == []
    assert [s.name for s in steps_of(background(duty.measure, desk.duty("task-2-02", 2).period))] == ["选址", "用地", "开工"]


def test_errors_stand_before_doubts(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01", 1), value="400")

    assert [p.severity for p in problems(desk.draft(desk.duty("m-1-01", 2), value="300", cut_off="?"), DAY)] == ["error", "error", "doubt"]


def test_a_duty_before_every_plan_is_checked_for_form_alone(desk: Desk) -> None:
    duty = desk.earlier("m-1-01", 2021, 4)

    assert said(desk.draft(duty, value="1")) == []
    assert background(duty.measure, duty.period).promises == ()


@pytest.mark.parametrize("accepted", [1, 2])
def test_checking_takes_three_statements_however_long_the_history(desk: Desk, accepted: int, django_assert_num_queries: Any) -> None:
    for number in range(1, accepted + 1):
        desk.accept(desk.duty("m-1-01", number), value=str(number * 400))
    report = desk.draft(desk.duty("m-1-01"), value="1500")
    with django_assert_num_queries(3):
        problems(report, DAY)


def test_last_years_promise_is_not_behind_this_years_figure(desk: Desk) -> None:
    old = cast.item("1-04", "调查失业率", accrual="held", measure={"code": "jobless"}, lead="市统计局",
                    targets=[cast.target("2021-12-31", "2020-12-31", comparator="at_most", value="5", unit="%")])  # fmt: skip
    load_plan(desk.city.government, cast.body([old], code="report-2021", start="2021-01-01", end="2021-12-31"))
    duty = desk.duty("jobless")

    assert [p.terms.item.plan.code for p in background(duty.measure, duty.period).promises] == ["report-2022"]


def test_the_promises_behind_a_figure_are_those_of_its_span(desk: Desk) -> None:
    duty = desk.duty("gdp")
    seen = background(duty.measure, duty.period)

    assert [p.terms for p in seen.promises] == list(Terms.objects.filter(item__measure=duty.measure))
    assert (seen.is_total, seen.is_percent, seen.counts_from, seen.previous_total) == (False, True, None, None)


@pytest.mark.parametrize("name", ["progress", "problem", "next_step", "reason"])
def test_a_text_has_an_end(desk: Desk, name: str) -> None:
    assert of(desk, "cloud", value="4540", **{name: "长" * 4000}) == []
    assert of(desk, "cloud", value="4540", **{name: "长" * 4001}) == [(name, "error", "文字太长，请控制在4000字以内，其余作为佐证上传。")]
