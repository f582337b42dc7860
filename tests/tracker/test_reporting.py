"""A duty is answered: drafts, saving, submitting, taking back, correcting."""

import datetime as dt
import time
from decimal import Decimal

import pytest

from people.models import AuditEntry, Government
from plans import amending
from plans.importing import load_draft
from plans.models import Step
from tests import cast
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk, story
from tracker import periods, reporting
from tracker.models import Duty, ProgressReport
from tracker.reporting import Overtaken
from tracker.turns import AlreadyMoved, NotYours, Refused

D, N = dt.date, Decimal


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def test_a_draft_begins_as_verified_and_cut_off_at_the_end_of_the_period(desk: Desk) -> None:
    report = reporting.draft(desk.duty("cloud"), desk.city.person("reporter"), OCTOBER)

    assert (report.state, report.answer, report.data_state, report.cut_off, report.number, report.version, report.value) == (
        "draft", "value", "verified", D(2022, 9, 30), 1, 0, None,
    )  # fmt: skip
    assert story(report) == [("drafted", "reporter")]


def test_a_second_colleague_finds_the_same_draft(desk: Desk) -> None:
    first = reporting.draft(desk.duty("cloud"), desk.city.person("reporter"), OCTOBER)

    assert reporting.draft(desk.duty("cloud"), desk.city.person("reporter2"), OCTOBER) == first
    assert story(first) == [("drafted", "reporter")]


@pytest.mark.parametrize("login", ["builder", "reviewer", "supervisor", "leader", "administrator", "auditor", "steward"])
def test_only_a_reporter_of_the_department_writes(desk: Desk, login: str) -> None:
    duty, person = desk.duty("cloud"), desk.city.person(login)
    report = desk.draft(duty, value="4540")

    deeds = [
        lambda: reporting.draft(duty, person, OCTOBER),
        lambda: reporting.save_draft(report, {"value": "1"}, person, OCTOBER, report.version),
        lambda: reporting.submit(report, person, OCTOBER, report.version),
        lambda: reporting.attach(report, "a.txt", [b"a"], person, OCTOBER),
        lambda: reporting.take_back(report, person, OCTOBER),
        lambda: reporting.correct(report, person, OCTOBER, "错"),
    ]
    for deed in deeds:
        with pytest.raises(NotYours):
            deed()


def test_a_reporter_of_another_city_does_not_write(desk: Desk) -> None:
    stranger = cast.stranger_city().person("reporter")

    with pytest.raises(NotYours):
        reporting.draft(desk.duty("cloud"), stranger, OCTOBER)


def test_saving_keeps_what_was_typed_and_counts_the_version(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"), value=" ４，５４０.5 ", progress="新增上云企业\r\n进展顺利\x00", cut_off="2022年9月28日", data_state="flash")

    assert (report.value, report.progress, report.cut_off, report.data_state, report.version) == (
        N("4540.5"), "新增上云企业\n进展顺利", D(2022, 9, 28), "flash", 1,
    )  # fmt: skip


def test_what_is_no_number_is_kept_as_it_was_typed(desk: Desk) -> None:
    duty = desk.duty("cloud")
    report = desk.draft(duty, value="约四千五百家", cut_off="九月底", until_on="2022-13-01")

    assert (report.value, report.cut_off, report.until_on) == (None, D(2022, 9, 30), None)
    assert report.typed == {"value": "约四千五百家", "cut_off": "九月底", "until_on": "2022-13-01"}
    assert desk.draft(duty, value="4540", cut_off="2022-09-30", until_on="").typed == {}


@pytest.mark.parametrize("text", ["123456789012", "1.23456", "-123456789012.5", "1" * 400])
def test_a_number_with_too_many_digits_is_kept_as_text(desk: Desk, text: str) -> None:
    report = desk.draft(desk.duty("cloud"), value=text)

    assert (report.value, report.typed) == (None, {"value": text})


@pytest.mark.parametrize("text", ["1,5", "1e5", "NaN", "Infinity", "--1", "1.", ".5", "12 家"])
def test_odd_writings_are_no_numbers(desk: Desk, text: str) -> None:
    assert desk.draft(desk.duty("cloud"), value=text).value is None


def test_saving_nothing_new_writes_nothing(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"), value="4540")
    again = reporting.save_draft(report, {"value": "4540"}, desk.city.person("reporter2"), OCTOBER, report.version)

    assert (again.version, again.edited_by.login, story(again)) == (1, "reporter", [("drafted", "reporter"), ("edited", "reporter")])


def test_every_editor_is_told_once_in_a_stretch(desk: Desk) -> None:
    duty = desk.duty("cloud")
    report = desk.draft(duty, value="1")
    for login, value in (("reporter", "2"), ("reporter2", "3"), ("reporter", "4")):
        report = reporting.save_draft(report, {"value": value}, desk.city.person(login), OCTOBER, report.version)

    assert story(report) == [("drafted", "reporter"), ("edited", "reporter"), ("edited", "reporter2")]
    assert report.edited_by.login == "reporter"


def test_a_field_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no fields of a report: state"):
        desk.draft(desk.duty("cloud"), state="accepted")


def test_who_comes_second_sees_both_texts(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"))
    reporting.save_draft(report, {"progress": "甲写的"}, desk.city.person("reporter"), OCTOBER, 0)

    with pytest.raises(Overtaken) as caught:
        reporting.save_draft(report, {"progress": "乙写的"}, desk.city.person("reporter2"), OCTOBER, 0)
    assert (caught.value.mine, caught.value.theirs.progress, caught.value.theirs.version) == ({"progress": "乙写的"}, "甲写的", 1)
    assert ProgressReport.objects.get(pk=report.pk).progress == "甲写的"


def test_the_figure_of_the_period_becomes_the_total(desk: Desk) -> None:
    desk.accept(desk.duty("cloud", 2), value="4270")
    report = desk.draft(desk.duty("cloud"), part="270")

    assert (report.value, report.typed) == (N(4540), {"part": "270"})


def test_the_first_figure_of_a_total_with_a_baseline_is_added_to_it(desk: Desk) -> None:
    assert desk.draft(desk.duty("cloud", 1), part="330").value == N(3910)


def test_a_total_typed_afterwards_forgets_the_part(desk: Desk) -> None:
    duty = desk.duty("cloud")
    desk.draft(duty, part="270")
    report = desk.draft(duty, value="4540")

    assert (report.value, report.typed) == (N(4540), {})


def test_a_part_that_is_no_number_leaves_no_total(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"), part="若干")

    assert (report.value, report.typed) == (None, {"part": "若干"})


def test_part_and_total_are_each_other_turned_round() -> None:
    assert (reporting.total_from_part(N(4270), N(270)), reporting.part_from_total(N(4270), N(4540))) == (N(4540), N(270))


def test_steps_are_chosen_with_their_days_and_replaced(desk: Desk) -> None:
    duty = desk.duty("task-2-02")
    site, land, _ = desk.city.item("2-02").terms.get().steps.all()
    desk.draft(duty, steps={site.pk: "2022-03-20"})
    report = desk.draft(duty, steps={str(site.pk): "2022-03-21", str(land.pk): "八月"})

    assert list(report.steps_done.values_list("step", "on")) == [(site.pk, D(2022, 3, 21))]
    assert report.typed == {"steps": {str(land.pk): "八月"}}


def test_a_step_of_another_city_cannot_be_chosen(desk: Desk) -> None:
    foreign = cast.stranger_city().item("2-02").terms.get().steps.first()

    with pytest.raises(NotYours):
        desk.draft(desk.duty("task-2-02"), steps={foreign.pk: "2022-03-20"})


def test_a_step_that_the_reporter_cannot_read_is_not_chosen_and_so_not_named(desk: Desk) -> None:
    """Its name would stand in the form's complaint: of a plan that is not published, of terms that are only proposed."""
    task = cast.item("9-01", "秘密", kind="task", targets=[cast.target()])
    secret = load_draft(desk.city.government, cast.body([task], code="secret"), desk.city.person("supervisor"), OCTOBER)
    change = {"2-02": amending.Change(terms={"name": "密议"})}
    amending.propose(desk.city.plan, desk.city.person("supervisor"), OCTOBER, reason="调整", basis="纪要", from_on=D(2022, 11, 1), changes=change)
    proposed = Step.objects.filter(terms__item__plan=desk.city.plan, terms__published_at=None)
    hidden = [*Step.objects.filter(terms__item__plan=secret), *proposed]
    assert len(hidden) == 4

    for step in hidden:
        with pytest.raises(NotYours):
            desk.draft(desk.duty("task-2-02"), steps={step.pk: "2022-03-20"})


def test_submitting_answers_the_duty_and_enters_the_audit_trail(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    assert (report.state, report.submitted_by.login, report.submitted_at) == ("submitted", "reporter", OCTOBER)
    assert desk.duty("cloud").done_at == OCTOBER
    assert story(report) == [("drafted", "reporter"), ("edited", "reporter"), ("submitted", "reporter")]
    assert list(AuditEntry.objects.filter(subject=f"report:{report.pk}").values_list("verb", "actor__login")) == [("report.submitted", "reporter")]


def test_a_report_with_an_error_is_not_submitted(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"))

    with pytest.raises(Refused) as caught:
        reporting.submit(report, desk.city.person("reporter"), OCTOBER, report.version)
    assert [p.code for p in caught.value.problems] == ["value_missing"]
    assert (ProgressReport.objects.get(pk=report.pk).state, desk.duty("cloud").done_at) == ("draft", None)


def test_a_doubt_stops_a_report_until_it_is_confirmed(desk: Desk) -> None:
    desk.accept(desk.duty("jobless", 2), value="5.4")
    report, clerk = desk.draft(desk.duty("jobless"), value="0.054"), desk.city.person("statistician")

    with pytest.raises(Refused) as caught:
        reporting.submit(report, clerk, OCTOBER, report.version)
    sent = reporting.submit(report, clerk, OCTOBER, report.version, confirmed=["factor"])

    assert [p.code for p in caught.value.problems] == ["factor"]
    assert (sent.state, sent.events.last().why) == ("submitted", "填的是0.054%，是不是应为5.4？上次是5.4。")


def test_what_was_not_seen_is_not_submitted(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"), value="4540")

    with pytest.raises(Overtaken):
        reporting.submit(report, desk.city.person("reporter2"), OCTOBER, report.version - 1)


def test_a_submitted_report_is_edited_no_more(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(AlreadyMoved) as caught:
        reporting.save_draft(report, {"value": "1"}, desk.city.person("reporter"), OCTOBER, report.version)
    assert caught.value.report.state == "submitted"


def test_nothing_typed_for_another_answer_counts(desk: Desk) -> None:
    report = desk.submit(desk.duty("gdp"), value="8", benchmark="7", answer="not_out", until_on="2022-10-24", source="市统计局")

    assert (report.value, report.benchmark, report.until_on, report.source) == (None, None, D(2022, 10, 24), "市统计局")


def test_an_excuse_that_became_a_value_is_forgotten(desk: Desk) -> None:
    desk.draft(desk.duty("gdp"), answer="not_out", until_on="2022-10-24", source="市统计局")
    report = desk.submit(desk.duty("gdp"), answer="value", value="7.3")

    assert (report.value, report.until_on, report.source) == (N("7.3"), None, "")


def test_no_change_carries_the_last_accepted_value(desk: Desk) -> None:
    desk.accept(desk.duty("cloud", 2), value="4270")

    assert desk.submit(desk.duty("cloud"), answer="no_change").value == N(4270)


def test_an_answer_without_steps_chooses_none(desk: Desk) -> None:
    duty = desk.duty("task-2-02")
    step = desk.city.item("2-02").terms.get().steps.first()
    desk.draft(duty, steps={step.pk: "2022-03-20"})

    assert desk.submit(duty, answer="no_change").steps_done.count() == 0


def test_taking_back_leaves_the_old_and_copies_all_into_a_new_draft(desk: Desk) -> None:
    duty, clerk = desk.duty("task-2-02"), desk.city.person("builder")
    step = desk.city.item("2-02").terms.get().steps.first()
    draft = desk.draft(duty, steps={step.pk: "2022-03-20"}, progress="选址已定")
    reporting.attach(draft, "批复.txt", ["同意".encode()], clerk, OCTOBER)
    sent = desk.submit(duty)
    new = reporting.take_back(sent, clerk, OCTOBER)

    assert (ProgressReport.objects.get(pk=sent.pk).state, new.state, new.number, new.progress) == ("withdrawn", "draft", 2, "选址已定")
    assert list(new.steps_done.values_list("step", "on")) == [(step.pk, D(2022, 3, 20))]
    assert list(new.evidence.values_list("name", "added_by__login")) == [("批复.txt", "builder")]
    assert desk.duty("task-2-02").done_at is None


def test_who_edited_what_was_taken_back_made_the_new_draft_too(desk: Desk) -> None:
    duty = desk.duty("cloud")
    report = desk.draft(duty, value="4540")
    reporting.save_draft(report, {"progress": "乙写的"}, desk.city.person("reporter2"), OCTOBER, report.version)
    new = reporting.take_back(desk.submit(duty), desk.city.person("reporter"), OCTOBER)

    assert story(new) == [("drafted", "reporter"), ("edited", "reporter2")]


def test_only_who_submitted_takes_back(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(NotYours):
        reporting.take_back(report, desk.city.person("reporter2"), OCTOBER)


def test_what_was_acted_on_is_not_taken_back(desk: Desk) -> None:
    report = desk.accept(desk.duty("cloud"), value="4540")

    with pytest.raises(AlreadyMoved):
        reporting.take_back(report, desk.city.person("reporter"), OCTOBER)


def test_a_correction_names_the_old_report_and_begins_with_its_content(desk: Desk) -> None:
    old = desk.accept(desk.duty("m-2-01"), value="52", progress="开工52个")
    new = reporting.correct(old, desk.city.person("builder"), OCTOBER, " 重复计算1个 ")

    assert (new.corrects_id, new.state, new.value, new.progress, new.reason) == (old.pk, "draft", N(52), "开工52个", "重复计算1个")
    assert reporting.correct(old, desk.city.person("builder"), OCTOBER, "再点一次") == new


def test_an_accepted_correction_takes_the_place_of_the_old_and_both_stay(desk: Desk) -> None:
    old = desk.accept(desk.duty("m-2-01"), value="52")
    duty, clerk = desk.duty("m-2-01"), desk.city.person("builder")
    reporting.correct(old, clerk, OCTOBER, "重复计算", "统计局来函")
    new = desk.accept(duty, value="51")

    assert list(ProgressReport.objects.current().filter(duty=duty)) == [new]
    assert list(ProgressReport.objects.accepted().filter(duty=duty).order_by("number").values_list("value", flat=True)) == [N(52), N(51)]
    with pytest.raises(AlreadyMoved):
        reporting.correct(old, clerk, OCTOBER, "再改")
    assert reporting.correct(new, clerk, OCTOBER, "再改").corrects_id == new.pk


def test_a_correction_taken_back_stays_a_correction(desk: Desk) -> None:
    old = desk.accept(desk.duty("m-2-01"), value="52")
    reporting.correct(old, desk.city.person("builder"), OCTOBER, "重复计算", "统计局来函")
    new = reporting.take_back(desk.submit(desk.duty("m-2-01"), value="51"), desk.city.person("builder"), OCTOBER)

    assert (new.corrects_id, new.reason) == (old.pk, "重复计算")


def test_a_correction_needs_a_reason(desk: Desk) -> None:
    old = desk.accept(desk.duty("m-2-01"), value="52")

    with pytest.raises(Refused, match="更正单要说明为什么更正。"):
        reporting.correct(old, desk.city.person("builder"), OCTOBER, "  ")


def test_a_correction_waits_for_the_report_that_is_under_way(desk: Desk) -> None:
    old = desk.accept(desk.duty("gdp"), value="7.8", data_state="estimate")
    desk.draft(desk.duty("gdp"))

    with pytest.raises(Refused, match="本期还有一份填报没有办完，办完后才能更正。"):
        reporting.correct(old, desk.city.person("statistician"), OCTOBER, "错")


def test_a_later_state_of_the_same_period_is_a_new_report(desk: Desk) -> None:
    duty = desk.duty("gdp")
    for state, value in (("estimate", "7.8"), ("flash", "7.1"), ("verified", "7.3")):
        desk.accept(duty, value=value, data_state=state)

    assert list(ProgressReport.objects.current().filter(duty=duty).order_by("number").values_list("data_state", "value")) == [
        ("estimate", N("7.8")), ("flash", N("7.1")), ("verified", N("7.3")),
    ]  # fmt: skip


def test_after_the_verified_figure_only_a_correction_is_begun(desk: Desk) -> None:
    desk.accept(desk.duty("gdp"), value="7.3")

    with pytest.raises(Refused, match="2022年三季度已有核定数。要改动请用更正单，并说明原因。"):
        desk.draft(desk.duty("gdp"))


def test_a_locked_period_takes_only_corrections_of_what_is_accepted(desk: Desk) -> None:
    old = desk.accept(desk.duty("gdp", 1), value="7.3", data_state="flash")
    periods.lock_due(desk.city.government, OCTOBER)

    with pytest.raises(Refused, match="2022年一季度已锁定。已核定的数只能用更正单改。"):
        desk.draft(desk.duty("gdp", 1))
    assert reporting.correct(old, desk.city.person("statistician"), OCTOBER, "核实").corrects_id == old.pk


def test_what_was_never_answered_in_a_locked_period_is_answered_late(desk: Desk) -> None:
    periods.lock_due(desk.city.government, OCTOBER)

    assert desk.accept(desk.duty("gdp", 1), value="7.3").state == "accepted"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_future_begins_in_the_governments_zone(desk: Desk, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    midnight = dt.datetime(2022, 9, 29, 16, tzinfo=dt.UTC)  # 30 September begins in Shanghai

    with pytest.raises(Refused, match="截止日2022-09-30还没到。请填数据实际截止的日期。"):
        desk.submit(desk.duty("cloud"), at=midnight - dt.timedelta(microseconds=1), value="4540")
    assert desk.submit(desk.duty("cloud"), at=midnight, value="4540").state == "submitted"
    monkeypatch.undo()
    time.tzset()


def test_duties_of_a_strangers_city_stay_apart(desk: Desk) -> None:
    other = cast.stranger_city()
    periods.open_due(other.government, noon("2022-10-10"))
    desk.submit(desk.duty("cloud"), value="4540")

    assert Duty.objects.of(Government.objects.get(code="xinyang")).filter(done_at__isnull=False).count() == 0
