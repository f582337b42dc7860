"""Tasks and projects: steps, stages, days, lateness, acceptance."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from plans.arithmetic.cases import Period
from plans.arithmetic.reasons import explain
from plans.arithmetic.tasks import Progress, Step, Task, judge_task
from tests.plans.reckoned import QUARTERS, numbers, seen, task

FACTS = ("light", "overdue", "judged_at", "marks")
STEPS = [
    {"name": "a", "due": "2022-03-31", "weight": "20"},
    {"name": "b", "due": "2022-06-30", "weight": "30"},
    {"name": "c", "due": "2022-09-30", "weight": "50"},
]


def steps(*done: str | bool | None) -> list[dict]:
    """The three steps with the days on which they were done."""
    return [{**step, "done": day} for step, day in zip(STEPS, done, strict=True)]


def test_task_without_steps_is_one_step_due_at_the_end():
    by_day = [seen(task([], day), "expected", *FACTS) for day in ("2022-07-01", "2022-12-31", "2023-01-02")]
    assert by_day == [
        ("0.000000", "not_due", 0, "2022-07-01", []),
        ("0.000000", "not_due", 0, "2022-12-31", []),
        ("1.000000", "red", 2, "2022-12-31", []),
    ]


def test_task_without_steps_is_blue_when_done():
    assert (*numbers(task([], "2022-07-01", done="2022-06-22")), *seen(task([], "2022-06-21", done="2022-06-22"), "light")) == (
        *("1.000000", "0.000000", "100.000000", "blue"),
        "not_due",
    )


def test_step_is_expected_from_the_day_after_its_own():
    by_day = [(*numbers(task(steps(None, None, None), day)), *seen(task(steps(None, None, None), day), "overdue")) for day in ("2022-03-31", "2022-04-01")]
    assert by_day == [("0.000000", "0.000000", "0.000000", "not_due", 0), ("0.000000", "0.200000", "-20.000000", "red", 1)]


def test_weights_of_the_steps_done_are_the_attainment():
    given = task(steps("2022-03-01", None, None), "2022-07-01")
    assert (*numbers(given), *seen(given, "overdue")) == ("0.200000", "0.500000", "-30.000000", "red", 1)


def test_step_done_early_counts_at_once():
    assert numbers(task(steps("2022-03-01", "2022-04-05", None), "2022-04-05")) == ("0.500000", "0.200000", "30.000000", "green")


def test_step_done_after_the_day_is_not_done_yet():
    assert numbers(task(steps("2022-04-05", None, None), "2022-04-04"))[0] == "0.000000"


def test_overdue_counts_from_the_oldest_open_step():
    assert seen(task(steps(None, "2022-06-30", None), "2022-07-10"), "overdue") == (101,)


def test_later_stage_holds_the_earlier_ones():
    given = task(steps(None, "2022-06-30", None), "2022-07-10", stages=True)
    assert (*numbers(given), *seen(given, "overdue")) == ("0.500000", "0.500000", "0.000000", "green", 0)


def test_stage_is_done_no_later_than_the_one_after_it():
    given = task(steps("2022-08-01", "2022-06-30", None), "2022-07-10", stages=True)
    assert numbers(given)[0] == "0.500000"


def test_task_is_red_from_the_day_after_its_last_step_whatever_is_done():
    given = [task(steps("2022-03-01", "2022-06-01", None), day) for day in ("2022-09-30", "2022-10-01")]
    assert [numbers(one)[2:] for one in given] == [("0.000000", "green"), ("-50.000000", "red")]


def test_task_done_late_is_blue_and_says_how_late():
    given = task(steps("2022-03-01", "2022-06-01", "2022-10-12"), "2022-10-20")
    assert seen(given, "light", "overdue", "gap") == ("blue", 0, "0.000000")
    assert "迟 12 天完成" in seen(given, "reason")[0]


def test_bare_true_means_done_before_anybody_asks():
    assert numbers(task(steps(True, False, None), "2022-01-01"))[0] == "0.200000"


def test_task_before_its_first_day_is_grey():
    assert seen(task(steps("2021-12-01", None, None), "2021-12-31"), "light", "attainment") == ("grey", None)


def test_equal_weights_stand_in_for_none():
    given = task([{"due": "2022-03-31", "done": "2022-03-01"}, {"due": "2022-12-31"}, {"due": "2022-12-31"}], "2022-04-20")
    assert numbers(given) == ("0.333333", "0.333333", "0.000000", "green")


def test_report_of_a_task_may_be_overdue_where_no_step_is():
    given = task(steps("2022-03-31", None, None), "2022-07-20", periods=QUARTERS)
    reported = {**given, "periods": [QUARTERS[0], {**QUARTERS[1], "submitted": "2022-07-02"}, *QUARTERS[2:]]}
    assert [seen(one, "overdue", "marks") for one in (given, reported)] == [(20, ["逾期未报"]), (20, [])]


def test_done_task_owes_no_report():
    assert seen(task(steps("2022-03-31", "2022-03-31", "2022-03-31"), "2022-12-20", periods=QUARTERS), "overdue", "marks") == (0, [])


def test_accepted_reports_of_a_task_are_no_silence():
    given = task(steps("2022-03-31", None, None), "2022-06-20", periods=[QUARTERS[0], {**QUARTERS[1], "due": "2022-06-10"}])
    assert [seen(one, "overdue") for one in (given, {**given, "values": [{"cut_off": "2022-06-15"}]})] == [(10,), (0,)]


TASK = Task(date(2022, 6, 30), date(2022, 1, 1), asks_acceptance=True)


@pytest.mark.parametrize(
    ("accepted", "on", "light"),
    [
        (None, date(2022, 6, 30), "green"),
        (None, date(2022, 7, 1), "red"),
        (date(2022, 7, 5), date(2022, 7, 4), "red"),
        (date(2022, 7, 5), date(2022, 7, 5), "blue"),
    ],
)
def test_task_that_asks_for_acceptance_is_done_when_accepted(accepted: date | None, on: date, light: str):
    assert judge_task(TASK, Progress((date(2022, 6, 1),), accepted=accepted), on).light == light


def test_lateness_counts_to_the_acceptance():
    judgement = judge_task(TASK, Progress((date(2022, 6, 1),), accepted=date(2022, 7, 5)), date(2022, 8, 1))
    assert (judgement.basis.late, explain(judgement, "en").count("done 5 days late")) == (5, 1)


def test_progress_must_name_every_step():
    with pytest.raises(ValueError, match="1 steps, but 2 days"):
        judge_task(TASK, Progress((None, None)), date(2022, 2, 1))


THREE = Task(date(2022, 12, 31), date(2022, 1, 1), tuple(Step(date.fromisoformat(one["due"]), Decimal(one["weight"])) for one in STEPS))


@pytest.mark.parametrize(
    ("on", "wake_on"),
    [
        (date(2021, 12, 1), date(2022, 1, 1)),
        (date(2022, 2, 1), date(2022, 4, 1)),
        (date(2022, 4, 1), date(2022, 7, 1)),
        (date(2022, 9, 30), date(2022, 10, 1)),
        (date(2022, 10, 1), None),
    ],
)
def test_task_wakes_on_the_day_after_a_step(on: date, wake_on: date | None):
    assert judge_task(THREE, Progress((None, None, None)), on).wake_on == wake_on


def test_task_wakes_when_a_report_becomes_overdue():
    period = Period(date(2022, 1, 31), date(2022, 2, 5))
    assert judge_task(THREE, Progress((None,) * 3, periods=(period,)), date(2022, 2, 1)).wake_on == period.due + timedelta(days=1)
