"""Nodes: no surplus hides a shortfall, points count by the bands, red items hold the light down."""

import pytest

from tests.plans.reckoned import QUARTERS, case, node, numbers, result, seen, target, task, values

JULY = "2022-07-20"
SECOND = {"period": ["2022-04-01", "2022-06-30"]}


def half(value: str, **more: object) -> dict:
    """A total of 100 at the middle of the year: its gap is the value − 50."""
    return case("cumulative", target("at_least", "100"), values(m06_30=value), JULY, **more)


def rate(value: str, **more: object) -> dict:
    """A rate of 3 per cent, told in points."""
    return case("held", target("at_least", "3"), values(m06_30=value), JULY, unit="%", **more)


GREY = half("0", values=[])
NOT_DUE = half("0", profile="at_end")
BLUE = half("130")


def test_goal_of_two_from_the_design():
    # A 1.0 of E 0.5 and A 0.2 of E 0.7
    late = case("cumulative", target("at_least", "100"), values(m06_30="20"), JULY, profile="shares", shares=["70", "100"])
    assert numbers(node([half("100"), late], JULY)) == ("0.600000", "0.600000", "-25.000000", "red")


def test_surplus_beyond_the_whole_way_is_cut():
    assert numbers(node([half("300"), half("40")], JULY)) == ("0.700000", "0.500000", "-5.000000", "yellow")


def test_attainment_below_nothing_is_cut_too():
    back = case("level", target("at_most", "90"), values(m06_30="102"), JULY, baseline={"value": "100"})
    assert numbers(node([back], JULY)) == ("0.000000", "0.500000", "-50.000000", "red")


def test_weights_weigh():
    assert numbers(node([half("40", weight="3"), half("60", weight="1")], JULY)) == ("0.450000", "0.500000", "-7.500000", "yellow")


def test_point_counts_as_many_as_the_bands_say():
    # −0.4 points count as −4, not as 100 × (2.6 ÷ 3 − 1)
    assert numbers(node([rate("2.6")], JULY)) == ("0.866667", "1.000000", "-4.000000", "yellow")
    bands = {"bands": {"points": {"yellow": "-2"}, "share": {"yellow": "-12"}}}
    assert numbers(node([rate("2.6")], JULY, **bands))[2] == "-2.400000"


def test_point_above_hides_nothing():
    assert numbers(node([rate("9"), half("40")], JULY))[2] == "-5.000000"


@pytest.mark.parametrize(
    ("value", "gap", "light"),
    [("48", "-2.000000", "green"), ("47.9999", "-2.000100", "yellow"), ("40", "-10.000000", "yellow"), ("39.9999", "-10.000100", "red")],
)
def test_node_has_its_own_band(value: str, gap: str, light: str):
    assert numbers(node([half(value)], JULY))[2:] == (gap, light)


def test_node_band_of_the_plan_replaces_the_usual_one():
    assert numbers(node([half("45")], JULY, bands={"node": {"green": "-5"}}))[3] == "green"


@pytest.mark.parametrize(("weight", "light"), [("19", "yellow"), ("19.1", "green")])
def test_red_items_with_five_per_cent_of_the_weight_hold_the_light_down(weight: str, light: str):
    # a red item of gap −11 in twenty: node gap −0.55
    assert numbers(node([half("39"), half("60", weight=weight)], JULY))[3] == light


def test_red_binding_item_holds_the_light_down_however_light_it_is():
    items = [half("39", binding=True), half("60", weight="99")]
    assert numbers(node(items, JULY))[2:] == ("-0.110000", "yellow")
    assert numbers(node([half("39"), half("60", weight="99")], JULY))[3] == "green"


def test_yellow_binding_item_does_not():
    assert numbers(node([half("45", binding=True), half("60", weight="99")], JULY))[3] == "green"


def test_node_is_blue_when_every_item_is():
    assert [numbers(node(items, JULY))[3] for items in ([BLUE, BLUE], [BLUE, GREY], [BLUE, NOT_DUE])] == ["blue", "green", "green"]


@pytest.mark.parametrize(("items", "light"), [([], "grey"), ([GREY], "grey"), ([GREY, NOT_DUE], "not_due")])
def test_node_with_nothing_to_add_up_has_no_numbers(items: list[dict], light: str):
    assert numbers(node(items, JULY)) == (None, None, None, light)
    assert seen(node(items, JULY), "judged_at") == (None if light == "grey" else JULY,)


def test_withdrawn_items_are_in_no_count():
    answer = result(node([half("45"), half("0", withdrawn=True)], JULY, **SECOND))
    assert (answer["gap"], answer["coverage"], sum(answer["counts"].values())) == ("-5.000000", "1.000000", 1)


def test_counts_tell_every_light():
    items = [BLUE, half("60"), half("45"), half("1"), NOT_DUE, GREY]
    assert result(node(items, JULY))["counts"] == {"blue": 1, "green": 1, "yellow": 1, "red": 1, "not_due": 1, "grey": 1}


def test_node_among_the_items_adds_its_items():
    inner = node([half("40"), half("40")], JULY, weight="7")
    answer = result(node([inner, half("70")], JULY))
    assert (answer["gap"], answer["counts"]["yellow"]) == ("-6.666667", 2)


def test_items_inherit_day_span_bands_and_periods():
    bare = {"id": "a", "accrual": "cumulative", "targets": [target("at_least", "100")], "values": values(m03_31="25")}
    answer = result(node([bare], JULY, periods=QUARTERS, bands={"share": {"yellow": "-30"}}))
    assert (answer["gap"], answer["counts"]["yellow"], answer["overdue"]) == ("-25.000000", 1, 1)
    own = result(node([{**bare, "periods": [], "bands": {"share": {"green": "-1"}}}], JULY, periods=QUARTERS, bands={"share": {"yellow": "-30"}}))
    assert (own["gap"], own["counts"]["green"], own["overdue"]) == ("0.000000", 1, 0)


def test_tasks_and_indicators_add_up():
    steps = [{"due": "2022-06-30", "weight": "1"}, {"due": "2022-12-31", "weight": "3"}]
    assert numbers(node([task(steps, JULY), half("50")], JULY)) == ("0.250000", "0.375000", "-12.500000", "red")


def test_overdue_counts_items():
    late = half("0", values=values(m03_31="25"), periods=QUARTERS)
    assert seen(node([late, late, half("60")], JULY), "overdue") == (2,)


def test_closing_light_of_a_node_is_that_of_the_day():
    figures = [{"cut_off": "2022-06-30", "value": "30"}, {"cut_off": "2022-06-30", "value": "50", "accepted": "2022-08-01"}]
    assert seen(node([{**half("0"), "values": figures, "as_of": None}], "2022-08-10", closing=JULY), "light", "closing_light") == ("green", "red")


YEARLY = [{"end": "2022-12-31", "due": "2023-01-31"}]
LATER = {"span": ["2022-07-01", "2022-12-31"]}

COVERED = {
    "value of the period": (half("50"), "1.000000"),
    "value of another period": (half("0", values=values(m03_31="25")), "0.000000"),
    "value accepted later": (half("0", values=[{"cut_off": "2022-06-30", "value": "1", "accepted": "2022-08-01"}]), "0.000000"),
    "reached before": (half("0", values=values(m03_31="100")), "1.000000"),
    "reports once a year": (GREY | {"periods": YEARLY}, "1.000000"),
    "silent": (GREY | {"periods": QUARTERS}, "0.000000"),
    "not begun": (GREY | LATER, None),
    "closed before the period": (half("0", values=values(m03_31="9"), targets=[target("at_least", "10", due="2022-03-31")], periods=QUARTERS), "1.000000"),
    "closed by silence in the period": (
        half("0", values=values(m03_31="9"), targets=[target("at_least", "10", due="2022-06-30")], periods=QUARTERS),
        "0.000000",
    ),
    "task with a step done in the period": (task([{"due": "2022-06-30", "done": "2022-05-01"}, {"due": "2022-12-31"}], JULY), "1.000000"),
    "task without": (task([{"due": "2022-12-31"}], JULY), "0.000000"),
    "task done before": (task([{"due": "2022-12-31", "done": "2022-02-01"}], JULY), "1.000000"),
}


@pytest.mark.parametrize("name", COVERED)
def test_coverage_asks_who_has_answered_or_owes_nothing(name: str):
    item, coverage = COVERED[name]
    assert seen(node([item], JULY, **SECOND), "coverage") == (coverage,)


def test_coverage_is_a_share_of_the_items_begun():
    items = [half("50", weight="9"), GREY, half("50"), GREY | LATER]
    assert seen(node(items, JULY, **SECOND), "coverage") == ("0.666667",)


def test_coverage_without_a_period_is_not_told():
    assert seen(node([half("50")], JULY), "coverage") == (None,)
