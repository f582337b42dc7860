"""The HTML of the components, to the letter: the pages, the style sheets and the prints rely on it."""

from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

from tracker import components as c
from tracker.models.standings import Light


def test_each_light_has_a_word_a_shape_and_a_class_of_its_own() -> None:
    assert {light.value: c.light(light) for light in Light} == {
        "red": '<span class="light light--red">滞后</span>',
        "yellow": '<span class="light light--yellow">偏慢</span>',
        "green": '<span class="light light--green">正常</span>',
        "blue": '<span class="light light--blue">完成</span>',
        "not_due": '<span class="light light--hollow">未到节点</span>',
        "grey": '<span class="light light--grey">暂无数据</span>',
    }


def test_a_light_on_an_estimate_is_drawn_hollow_edged() -> None:
    assert c.light("red", estimate=True) == '<span class="light light--red light--estimate">滞后</span>'


def test_a_light_can_be_plain_big_and_say_more_than_its_name() -> None:
    assert c.light("yellow", plain=True, big=True) == '<span class="light light--yellow light--plain light--big">偏慢</span>'
    assert c.light("red", word="转为滞后") == '<span class="light light--red">转为滞后</span>'


def test_an_unknown_light_is_refused() -> None:
    with pytest.raises(ValueError, match="'purple' is not a valid Light"):
        c.light("purple")


def test_a_turn_shows_both_lights_and_only_one_where_nothing_turned() -> None:
    arrow = '<i aria-label="变为">→</i>'
    assert c.turn("yellow", "red") == f'<span class="turn">{c.light("yellow")}{arrow}{c.light("red")}</span>'
    assert c.turn("red", "red") == c.turn(None, "red") == c.light("red")


def test_overdue_is_a_flag_with_days_or_the_word_for_a_missing_report() -> None:
    assert c.overdue_flag(5) == '<span class="overdue">逾期 5 天</span>'
    assert c.overdue_flag("unreported") == '<span class="overdue">逾期未报</span>'
    assert c.overdue_flag(0) == ""


def test_the_ruler_draws_what_is_owed_from_attainment_to_the_tick_in_the_lights_colour() -> None:
    assert c.ruler(Decimal("0.63"), Decimal("0.75"), "red") == (
        '<svg class="ruler" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="完成率 63.0%，序时进度 75.0%">'
        '<rect class="ruler__base" x="0" y="6.5" width="100" height="1"/><rect class="ruler__done" x="0" y="4" width="63" height="6"/>'
        '<rect class="f-red" x="63" y="4" width="12" height="6"/><line class="ruler__now" x1="75" x2="75" y1="0" y2="14"/></svg>'
    )


@pytest.mark.parametrize(("attainment", "ink"), [("1.3", "100"), ("-0.2", "0"), ("0.8", "80")])
def test_the_ruler_keeps_within_its_length_and_owes_nothing_past_the_tick(attainment: str, ink: str) -> None:
    drawn = c.ruler(attainment, "0.75", "green")
    assert f'<rect class="ruler__done" x="0" y="4" width="{ink}" height="6"/>' in drawn
    assert ("f-green" in drawn) == (attainment == "-0.2")


def test_there_is_no_ruler_without_an_attainment() -> None:
    assert c.ruler(None, "0.75", "grey") == ""


def test_the_spread_stands_red_and_yellow_tall_and_says_its_counts() -> None:
    assert c.spread({"blue": 15, "red": 10, "yellow": 15, "green": 60, "grey": 0}, label="三季度") == (
        '<svg class="spread" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="三季度：滞后 10 项，偏慢 15 项，正常 60 项，完成 15 项">'
        '<rect class="f-red" x="0" y="0" width="10" height="10"/><rect class="f-yellow" x="10" y="0" width="15" height="10"/>'
        '<rect class="f-green" x="25" y="5" width="60" height="5"/><rect class="f-blue" x="85" y="5" width="15" height="5"/></svg>'
    )
    assert c.spread({"red": 0}) == ""


def test_one_red_item_among_a_thousand_is_still_drawn() -> None:
    assert '<rect class="f-red" x="0" y="0" width="0.6" height="10"/>' in c.spread({"red": 1, "green": 999})


def test_the_number_line_places_limits_the_gap_and_last_periods_gap_on_one_scale() -> None:
    drawn = c.band(-12, 0, -10, label="三季度", marks=[("二季度", -5)])
    assert '<rect class="f-red" x="0" y="26" width="40%" height="8"/><rect class="f-yellow" x="40%" y="26" width="20%" height="8"/>' in drawn
    assert '<text class="band__value" x="36%" y="12" text-anchor="end">三季度 −12.0</text>' in drawn
    assert '<text x="50%" y="12" text-anchor="start">二季度 −5.0</text>' in drawn
    assert 'aria-label="低于 −10 百分点滞后，到 0 百分点偏慢，以上正常；三季度 −12.0"' in drawn


def test_a_gap_far_out_stays_on_the_number_line() -> None:
    assert '<line class="band__tick" x1="0%" x2="0%" y1="18" y2="38"/>' in c.band(-300, 0, -10)


def test_a_change_is_coloured_only_where_its_direction_is_good_or_bad() -> None:
    assert c.delta(4, "down") == f'<span class="delta delta--worse">{c.UP}<span class="sr-only">增</span>4</span>'
    assert c.delta(-5, "down") == f'<span class="delta delta--better">{c.DOWN}<span class="sr-only">减</span>5</span>'
    assert c.delta(14) == f'<span class="delta">{c.UP}<span class="sr-only">增</span>14</span>'
    assert c.delta(0, "up") == '<span class="delta">持平</span>'
    assert c.delta(None) == ""


def test_a_gap_is_in_words_in_a_sentence_and_in_figures_in_a_table() -> None:
    assert c.gap_text(-12, "share", "red") == '<span class="text-red">欠 12.0<span class="unit">百分点</span></span>'
    assert c.gap_text("8.7", "node", "green") == '超 8.7<span class="unit">百分点</span>'
    assert c.gap_figure(Decimal(-12), "yellow") == '<span class="text-yellow">−12.0</span>'
    assert c.gap_figure(37, "blue") == "+37.0"


def test_a_count_of_none_is_a_dash_and_every_other_opens_its_list() -> None:
    assert c.count(0, "/items/") == '<span class="quiet">–</span>'
    assert c.count(3, "/items/?light=red&department=1") == '<a href="/items/?light=red&amp;department=1">3</a>'


def test_figures_carry_their_unit_small_behind_them() -> None:
    assert c.number(2360, "万元") == '2360<span class="unit">万元</span>'
    assert c.figure(1260, big=True) == '<span class="figure figure--big">1260</span>'
    assert c.figure(9, href="/items/") == '<a class="figure" href="/items/">9</a>'


def test_a_tally_says_against_what_only_before_a_change() -> None:
    cells = [c.TallyCell(c.light("red"), 9, "/items/", c.delta(4, "down")), c.TallyCell(c.light("grey"), 2, note="统计未出")]
    assert c.tally(cells, "较二季度") == (
        f'<div class="tally"><div>{c.light("red")}<a class="figure" href="/items/">9</a><p><span class="hide-narrow">较二季度 </span>{c.delta(4, "down")}</p></div>'
        f'<div>{c.light("grey")}<span class="figure">2</span><p>统计未出</p></div></div>'
    )


def test_a_department_shows_its_short_name_where_it_is_narrow() -> None:
    assert c.department("市教育局", "市教育局") == "市教育局"
    assert c.department("市科学技术局", "市科技局") == '<span class="hide-narrow">市科学技术局</span><span class="only-narrow">市科技局</span>'


def test_the_pager_shows_first_last_and_those_around() -> None:
    drawn = c.pager(5, 9, 201, 250, 431, lambda n: f"?page={n}")
    assert [part.split("<")[0] for part in drawn.split(">") if part.split("<")[0]] == [
        "上一页", "1", "…", "3", "4", "5", "6", "7", "…", "9", "下一页", "第 201 至 250 项，共 431 项",
    ]  # fmt: skip
    assert c.pager(1, 1, 1, 3, 3, str) == ""


class Weighed(forms.Form):
    weight = forms.DecimalField(label="重量", help_text="按吨填")


def test_a_field_ties_label_hint_and_error_to_its_input() -> None:
    assert c.field(Weighed({"weight": "一"})["weight"], unit="吨") == (
        '<div class="field field--error"><label for="id_weight">重量</label><span class="hint" id="id_weight-hint">按吨填</span>'
        '<p class="error" id="id_weight-error">输入一个数字。</p><span class="with-unit">'
        '<input type="number" name="weight" value="一" step="any" class="input input--num" aria-describedby="id_weight-hint id_weight-error" '
        'aria-invalid="true" required id="id_weight"><span class="unit">吨</span></span></div>'
    )


EVIL = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "drawn",
    [
        c.tag(EVIL), c.department(EVIL, EVIL + "x"), c.number(1, EVIL), c.link(EVIL, EVIL, EVIL), c.empty(EVIL, EVIL, EVIL),
        c.notice(EVIL, EVIL, action=EVIL), c.light("red", word=EVIL), c.spread({"red": 1}, label=EVIL), c.band(1, 0, -1, label=EVIL, marks=[(EVIL, 0)]),
        c.count(1, EVIL), c.coloured(EVIL, "red"), c.tally([c.TallyCell(EVIL, 1, EVIL, EVIL)], EVIL),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_no_component_lets_text_become_html(drawn: str) -> None:
    assert "<script" not in drawn
    assert "&quot;&gt;&lt;script&gt;" in drawn


def test_the_tags_are_the_components() -> None:
    template = Template('{% load look %}{% light "red" estimate=True %}{% delta 4 "down" %}{% gap_text gap "share" "red" %}{{ gap|gap }}{{ share|percent }}')
    gap, share = Decimal(-12), Decimal("0.63")
    drawn = template.render(Context({"gap": gap, "share": share}))
    assert drawn == c.light("red", estimate=True) + c.delta(4, "down") + c.gap_text(gap, "share", "red") + "欠 12.0 百分点" + "63.0%"
