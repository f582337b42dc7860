"""A report is endorsed, accepted or given back; nobody passes his own work on."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from people import deeds
from people.models import AuditEntry, Role, RoleGrant
from people.workdays import calendar_of
from tests import cast
from tests.cast import noon
from tests.tracker.desk import DOUBTS, OCTOBER, Desk, story
from tracker import reporting, reviewing, turns
from tracker.models import ProgressReport, ReportEvent
from tracker.turns import AlreadyMoved, NotYours, Refused

D = dt.date
LATER = noon("2022-10-12")


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def grant(desk: Desk, login: str, role: Role) -> None:
    RoleGrant.objects.create(government=desk.city.government, user=desk.city.user(login), role=role, from_on=cast.FROM)


def state(report: ProgressReport) -> str:
    return ProgressReport.objects.get(pk=report.pk).state


def test_a_report_goes_from_the_clerk_over_the_head_to_the_supervisor(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")
    endorsed = reviewing.endorse(report, desk.city.person("reviewer"), LATER)
    accepted = reviewing.accept(endorsed, desk.city.person("supervisor"), LATER)

    assert (endorsed.state, endorsed.endorsed_by.login, endorsed.endorsed_at) == ("endorsed", "reviewer", LATER)
    assert (accepted.state, accepted.accepted_by.login, accepted.accepted_at) == ("accepted", "supervisor", LATER)
    assert story(accepted)[2:] == [("submitted", "reporter"), ("endorsed", "reviewer"), ("accepted", "supervisor")]
    assert list(AuditEntry.objects.order_by("position").values_list("verb", flat=True)) == ["report.submitted", "report.endorsed", "report.accepted"]


def test_the_audit_trail_keeps_what_was_handed_in_and_what_became_of_it(desk: Desk) -> None:
    """Each turn with the state before and after; what is changed in a returned report, and what a correction takes the place of, with the old figure."""
    report = desk.submit(desk.duty("cloud"), value="4540", progress="新增上云 960 家")
    back = reviewing.give_back(report, desk.city.person("reviewer"), LATER, "请核实")
    edited = reporting.save_draft(back, {"value": "4550"}, desk.city.person("reporter"), LATER, back.version)
    desk.pass_on(reporting.submit(edited, desk.city.person("reporter"), LATER, edited.version, confirmed=DOUBTS))
    wrong = reporting.correct(ProgressReport.objects.get(pk=report.pk), desk.city.person("reporter"), LATER, "统计更正", "统计局来函")
    fixed = reporting.save_draft(wrong, {"value": "4600"}, desk.city.person("reporter"), LATER, wrong.version)
    reporting.submit(fixed, desk.city.person("reporter"), LATER, fixed.version, confirmed=DOUBTS)
    told = [(e.verb, json.loads(e.body)["facts"]) for e in AuditEntry.objects.order_by("position")]
    figures = [(verb, f["before"].get("state", ""), f["before"].get("value", ""), f["after"].get("state", ""), f["after"].get("value", "")) for verb, f in told]
    assert figures == [
        ("report.submitted", "draft", "", "submitted", "4540"),
        ("report.returned", "submitted", "", "returned", ""),
        ("report.edited", "", "4540", "", "4550"),
        ("report.submitted", "returned", "", "submitted", "4550"),
        ("report.endorsed", "submitted", "", "endorsed", "4550"),
        ("report.accepted", "endorsed", "", "accepted", "4550"),
        ("report.submitted", "draft", "4550", "submitted", "4600"),
    ]
    assert (told[0][1]["after"]["progress"], told[1][1]["why"]) == ("新增上云 960 家", "请核实")


def test_a_draft_that_nobody_has_seen_is_in_no_trail_but_its_files_are(desk: Desk) -> None:
    draft = desk.draft(desk.duty("cloud"), value="4540")
    file = reporting.attach(draft, "证明.txt", [b"x"], desk.city.person("reporter"), LATER)
    reporting.detach(file, desk.city.person("reporter"), LATER)
    assert list(AuditEntry.objects.order_by("position").values_list("verb", flat=True)) == ["evidence.attached", "evidence.detached"]


def test_the_table_of_turns_is_this(desk: Desk) -> None:
    assert {t.verb: (sorted(t.leaves), str(t.to)) for t in turns.TURNS} == {
        "submitted": (["draft", "returned"], "submitted"),
        "withdrawn": (["submitted"], "withdrawn"),
        "endorsed": (["submitted"], "endorsed"),
        "accepted": (["endorsed", "submitted"], "accepted"),
        "returned": (["endorsed", "submitted"], "returned"),
    }


@pytest.mark.parametrize("login", ["reporter", "reporter2", "builders_head", "supervisor", "leader", "administrator", "auditor", "steward"])
def test_only_a_reviewer_of_the_department_endorses(desk: Desk, login: str) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(NotYours):
        reviewing.endorse(report, desk.city.person(login), LATER)
    assert state(report) == "submitted"


@pytest.mark.parametrize("login", ["reporter", "reviewer", "builders_head", "leader", "administrator", "auditor", "steward"])
def test_only_a_supervisor_accepts(desk: Desk, login: str) -> None:
    report = reviewing.endorse(desk.submit(desk.duty("cloud"), value="4540"), desk.city.person("reviewer"), LATER)

    with pytest.raises(NotYours):
        reviewing.accept(report, desk.city.person(login), LATER)
    assert state(report) == "endorsed"


def test_people_of_another_city_pass_nothing_on(desk: Desk) -> None:
    other = cast.stranger_city()
    report = desk.submit(desk.duty("cloud"), value="4540")

    for deed, login in ((reviewing.endorse, "reviewer"), (reviewing.accept, "supervisor")):
        with pytest.raises(NotYours):
            deed(report, other.person(login), LATER)


def test_what_the_department_can_endorse_is_not_accepted_before(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(AlreadyMoved):
        reviewing.accept(report, desk.city.person("supervisor"), LATER)


def test_a_department_without_a_reviewer_skips_the_endorsement(desk: Desk) -> None:
    departments = desk.city.departments
    report = desk.submit(desk.duty("gdp"), value="7.3")

    assert {code: reviewing.needs_endorsement(departments[code].pk, D(2022, 10, 12)) for code in ("gxj", "zjj", "tjj", "scx")} == {
        "gxj": True, "zjj": True, "tjj": False, "scx": False,
    }  # fmt: skip
    assert reviewing.accept(report, desk.city.person("supervisor"), LATER).state == "accepted"


def test_a_reviewer_who_has_left_endorses_nothing_and_holds_nothing_up(desk: Desk) -> None:
    deeds.disable(desk.city.user("reviewer"))

    assert reviewing.needs_endorsement(desk.city.departments["gxj"].pk, D(2022, 10, 12)) is False


def test_who_submitted_does_not_endorse(desk: Desk) -> None:
    grant(desk, "reporter", Role.REVIEWER)
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(NotYours):
        reviewing.endorse(report, desk.city.person("reporter"), LATER)


def test_who_edited_in_an_earlier_round_does_not_endorse(desk: Desk) -> None:
    grant(desk, "reporter2", Role.REVIEWER)
    report = desk.draft(desk.duty("cloud"), value="4540")
    report = reporting.save_draft(report, {"progress": "乙写的"}, desk.city.person("reporter2"), OCTOBER, report.version)
    desk.draft(desk.duty("cloud"), progress="甲又改了")
    report = reporting.take_back(desk.submit(desk.duty("cloud")), desk.city.person("reporter"), OCTOBER)
    report = reporting.submit(report, desk.city.person("reporter"), OCTOBER, report.version)

    with pytest.raises(NotYours):
        reviewing.endorse(report, desk.city.person("reporter2"), LATER)
    assert reviewing.endorse(report, desk.city.person("reviewer"), LATER).state == "endorsed"


def test_who_only_added_evidence_does_not_endorse(desk: Desk) -> None:
    grant(desk, "reporter2", Role.REVIEWER)
    report = desk.draft(desk.duty("cloud"), value="4540")
    reporting.attach(report, "a.txt", [b"a"], desk.city.person("reporter2"), OCTOBER)
    report = desk.submit(desk.duty("cloud"))

    with pytest.raises(NotYours):
        reviewing.endorse(report, desk.city.person("reporter2"), LATER)


def test_who_endorsed_does_not_accept(desk: Desk) -> None:
    grant(desk, "reviewer", Role.SUPERVISOR)
    report = reviewing.endorse(desk.submit(desk.duty("cloud"), value="4540"), desk.city.person("reviewer"), LATER)

    with pytest.raises(NotYours):
        reviewing.accept(report, desk.city.person("reviewer"), LATER)


def test_a_supervisor_who_wrote_a_report_does_not_accept_it(desk: Desk) -> None:
    grant(desk, "statistician", Role.SUPERVISOR)
    report = desk.submit(desk.duty("gdp"), value="7.3")

    with pytest.raises(NotYours):
        reviewing.accept(report, desk.city.person("statistician"), LATER)
    assert reviewing.accept(report, desk.city.person("supervisor"), LATER).state == "accepted"


def test_where_the_only_reviewer_wrote_it_the_supervisor_takes_it_directly(desk: Desk) -> None:
    grant(desk, "reviewer", Role.REPORTER)
    report = reporting.draft(desk.duty("cloud"), desk.city.person("reviewer"), OCTOBER)
    report = reporting.save_draft(report, {"value": "4540"}, desk.city.person("reviewer"), OCTOBER, 0)
    report = reporting.submit(report, desk.city.person("reviewer"), OCTOBER, report.version)

    assert reviewing.accept(report, desk.city.person("supervisor"), LATER).state == "accepted"


@pytest.mark.parametrize("column", ["endorsed_by", "accepted_by"])
def test_the_database_refuses_a_checker_who_submitted(desk: Desk, column: str) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk).update(**{column: desk.city.user("reporter")})


def test_what_was_seen_in_another_version_is_not_passed_on(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(AlreadyMoved):
        reviewing.endorse(report, desk.city.person("reviewer"), LATER, version=report.version - 1)
    assert reviewing.endorse(report, desk.city.person("reviewer"), LATER, version=report.version).state == "endorsed"


def test_a_reviewer_gives_back_with_a_reason_and_the_duty_is_open_again(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")
    returned = reviewing.give_back(report, desk.city.person("reviewer"), LATER, " 附件缺 ")

    assert (returned.state, returned.events.last().why) == ("returned", "附件缺")
    assert desk.duty("cloud").done_at is None
    assert desk.submit(desk.duty("cloud"), at=LATER, progress="已补").state == "submitted"
    assert desk.duty("cloud").done_at == LATER


def test_a_supervisor_gives_back_what_was_endorsed(desk: Desk) -> None:
    report = reviewing.endorse(desk.submit(desk.duty("cloud"), value="4540"), desk.city.person("reviewer"), LATER)
    returned = reviewing.give_back(report, desk.city.person("supervisor"), LATER, "口径不对")

    assert (returned.state, returned.endorsed_by, returned.endorsed_at) == ("returned", None, None)
    assert reviewing.endorse(desk.submit(desk.duty("cloud")), desk.city.person("reviewer"), LATER).state == "endorsed"


def test_a_supervisor_gives_back_from_submitted_only_where_nobody_endorses(desk: Desk) -> None:
    supervisor = desk.city.person("supervisor")

    assert reviewing.give_back(desk.submit(desk.duty("gdp"), value="7.3"), supervisor, LATER, "请核").state == "returned"
    with pytest.raises(NotYours):
        reviewing.give_back(desk.submit(desk.duty("cloud"), value="4540"), supervisor, LATER, "请核")


def test_a_reviewer_does_not_give_back_what_he_endorsed(desk: Desk) -> None:
    report = reviewing.endorse(desk.submit(desk.duty("cloud"), value="4540"), desk.city.person("reviewer"), LATER)

    with pytest.raises(NotYours):
        reviewing.give_back(report, desk.city.person("reviewer"), LATER, "再看看")


def test_giving_back_needs_a_reason(desk: Desk) -> None:
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(Refused, match="退回要写明原因，填报人才知道改什么。"):
        reviewing.give_back(report, desk.city.person("reviewer"), LATER, "\n ")
    with pytest.raises(Refused, match="请控制在4000字以内"):
        reviewing.give_back(report, desk.city.person("reviewer"), LATER, "长" * 4001)


def test_what_is_accepted_already_is_not_given_back(desk: Desk) -> None:
    report = desk.accept(desk.duty("cloud"), value="4540")

    for login in ("reviewer", "supervisor"):
        with pytest.raises(AlreadyMoved):
            reviewing.give_back(report, desk.city.person(login), LATER, "迟了")
    with pytest.raises(NotYours):
        reviewing.give_back(report, desk.city.person("auditor"), LATER, "迟了")


def test_a_later_state_given_back_leaves_the_duty_answered_by_the_earlier(desk: Desk) -> None:
    desk.accept(desk.duty("gdp"), value="7.8", data_state="estimate")
    report = desk.submit(desk.duty("gdp"), at=LATER, value="7.3")
    reviewing.give_back(report, desk.city.person("supervisor"), LATER, "请核")

    assert desk.duty("gdp").done_at == OCTOBER


def test_statistics_not_out_excuse_the_duty_and_leave_it_open(desk: Desk) -> None:
    answer = {"answer": "not_out", "until_on": "2022-10-24", "source": "省统计局"}
    report = desk.submit(desk.duty("gdp"), **answer)
    waiting = desk.duty("gdp")
    reviewing.accept(report, desk.city.person("supervisor"), LATER)
    excused = desk.duty("gdp")

    assert (waiting.done_at, waiting.excused_until) == (OCTOBER, None)
    assert (excused.done_at, excused.excused_until) == (None, D(2022, 10, 24))


def test_an_accepted_value_ends_the_excuse(desk: Desk) -> None:
    desk.accept(desk.duty("gdp"), answer="not_out", until_on="2022-10-24", source="省统计局")
    desk.accept(desk.duty("gdp"), at=LATER, answer="value", value="7.3")

    assert (desk.duty("gdp").done_at, desk.duty("gdp").excused_until) == (LATER, None)


def test_the_database_refuses_to_change_an_accepted_report(desk: Desk) -> None:
    report = desk.accept(desk.duty("cloud"), value="4540")

    for change in ({"value": "1"}, {"state": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgressReport.objects.filter(pk=report.pk).update(**change)


def test_a_remark_changes_nothing_but_the_story(desk: Desk) -> None:
    report = desk.accept(desk.duty("cloud"), value="4540")
    reviewing.comment(report, desk.city.person("supervisor"), LATER, "与企业名单不符")

    assert story(report)[-1] == ("commented", "supervisor")
    with pytest.raises(NotYours):
        reviewing.comment(report, desk.city.person("leader"), LATER, "看过")
    with pytest.raises(Refused, match="请写批注内容。"):
        reviewing.comment(report, desk.city.person("supervisor"), LATER, " ")


def test_a_list_is_passed_on_row_by_row(desk: Desk) -> None:
    grant(desk, "reporter", Role.REVIEWER)
    mine = desk.submit(desk.duty("cloud"), value="4540")
    gone = reviewing.endorse(desk.submit(desk.duty("m-1-01"), value="1500"), desk.city.person("reviewer"), LATER)
    foreign = desk.submit(desk.duty("m-2-01"), value="90")
    hers = reporting.draft(desk.duty("m-1-01", 2), desk.city.person("reporter2"), OCTOBER)
    hers = reporting.save_draft(hers, {"value": "900"}, desk.city.person("reporter2"), OCTOBER, 0)
    hers = reporting.submit(hers, desk.city.person("reporter2"), OCTOBER, hers.version)

    outcomes = reviewing.endorse_many([mine, gone, foreign, hers], desk.city.person("reporter"), LATER)

    assert [(o.report, o.why) for o in outcomes] == [
        (mine, "不能办理：不在职责范围内，或本人经手过这份填报。"),
        (gone, "不能办理：不在职责范围内，或本人经手过这份填报。"),
        (foreign, "不能办理：不在职责范围内，或本人经手过这份填报。"),
        (hers, ""),
    ]
    assert [state(r) for r in (mine, gone, foreign, hers)] == ["submitted", "endorsed", "submitted", "endorsed"]


def test_a_list_tells_which_rows_have_moved(desk: Desk) -> None:
    ready, done = desk.submit(desk.duty("gdp"), value="7.3"), desk.accept(desk.duty("jobless"), value="5.4")

    outcomes = reviewing.accept_many([done, ready], desk.city.person("supervisor"), LATER)

    assert [(o.done, o.why) for o in outcomes] == [(False, "没有办理：这份填报已是“已核定”。"), (True, "")]


def test_review_is_due_two_working_days_on(desk: Desk) -> None:
    calendar = calendar_of(desk.city.government)
    report = desk.submit(desk.duty("cloud"), at=noon("2022-09-30"), value="4540")
    endorsed = reviewing.endorse(report, desk.city.person("reviewer"), noon("2022-10-09"))
    accepted = reviewing.accept(endorsed, desk.city.person("supervisor"), LATER)

    assert reviewing.review_due_at(report, calendar) == dt.datetime(2022, 10, 9, 16, tzinfo=dt.UTC)
    assert reviewing.review_due_at(endorsed, calendar) == dt.datetime(2022, 10, 11, 16, tzinfo=dt.UTC)
    assert reviewing.review_due_at(accepted, calendar) is None


def test_a_turn_of_a_report_as_it_was_is_refused(desk: Desk) -> None:
    first = desk.submit(desk.duty("cloud"), value="4540")
    reviewing.give_back(first, desk.city.person("reviewer"), LATER, "请核")
    again = desk.submit(desk.duty("cloud"))
    reviewer = desk.city.person("reviewer")

    with pytest.raises(AlreadyMoved), transaction.atomic():
        turns.make(first, turns.ENDORSE, reviewer, LATER)  # the same state, an older version
    reviewing.endorse(again, reviewer, LATER)
    with pytest.raises(AlreadyMoved), transaction.atomic():
        turns.make(again, turns.ENDORSE, reviewer, LATER)
    assert ReportEvent.objects.filter(verb="endorsed").count() == 1
