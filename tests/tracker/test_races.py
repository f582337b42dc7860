"""Two people at once at one report: exactly one wins, the other is told."""

import datetime as dt
from typing import Any

import pytest

from people import audit, deeds
from people.models import AuditEntry, Role, User
from tests import cast
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk, at_once
from tracker import reporting, reviewing, turns
from tracker.models import ProgressReport, ReportEvent

LATER = noon("2022-10-12")


def second(desk: Desk, login: str, role: Role, department: str) -> User:
    return deeds.enrol(desk.city.government, desk.city.departments[department], login=login, name=login, roles=(role,), from_on=cast.FROM)


def names(results: list[Any]) -> list[str]:
    return sorted(type(r).__name__ for r in results)


@pytest.mark.django_db(transaction=True)
def test_two_that_open_one_form_at_once_get_one_draft() -> None:
    desk = Desk()
    duty, people = desk.duty("cloud"), [desk.city.person("reporter"), desk.city.person("reporter2")]

    found = at_once(*[lambda p=p: reporting.draft(duty, p, OCTOBER) for p in people])

    assert [type(f) for f in found] == [ProgressReport, ProgressReport]
    assert list(ProgressReport.objects.values_list("pk", flat=True)) == [found[0].pk] == [found[1].pk]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_save_at_once_one_is_told_of_the_other() -> None:
    desk = Desk()
    report = desk.draft(desk.duty("cloud"))
    people = [desk.city.person("reporter"), desk.city.person("reporter2")]

    found = at_once(*[lambda p=p: reporting.save_draft(report, {"progress": p.user.login}, p, OCTOBER, 0) for p in people])

    assert sorted(type(f).__name__ for f in found) == ["Overtaken", "ProgressReport"]
    assert ProgressReport.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_that_save_the_same_at_once_neither_is_told_of_the_other() -> None:
    desk = Desk()
    report, clerk = desk.draft(desk.duty("cloud")), desk.city.person("reporter")

    found = at_once(*[lambda: reporting.save_draft(report, {"value": "4540"}, clerk, OCTOBER, 0)] * 2)

    assert [(type(f), str(f.value), f.version) for f in found] == [(ProgressReport, "4540.0000", 1)] * 2
    assert ReportEvent.objects.filter(verb="edited").count() <= 1


@pytest.mark.django_db(transaction=True)
def test_of_two_that_submit_at_once_one_does() -> None:
    desk = Desk()
    report = desk.draft(desk.duty("cloud"), value="4540")
    people = [desk.city.person("reporter"), desk.city.person("reporter2")]

    found = at_once(*[lambda p=p: reporting.submit(report, p, OCTOBER, report.version) for p in people])

    assert sorted(type(f).__name__ for f in found) in (["AlreadyMoved", "ProgressReport"], ["Overtaken", "ProgressReport"])
    assert ReportEvent.objects.filter(verb="submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_that_endorse_at_once_one_does() -> None:
    desk = Desk()
    people = [desk.city.person("reviewer"), deeds.person_of(second(desk, "reviewer2", Role.REVIEWER, "gxj"), LATER)]
    report = desk.submit(desk.duty("cloud"), value="4540")

    found = at_once(*[lambda p=p: reviewing.endorse(report, p, LATER) for p in people])

    assert names(found) == ["AlreadyMoved", "ProgressReport"]
    assert ReportEvent.objects.filter(verb="endorsed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_supervisors_one_accepts_or_gives_back() -> None:
    desk = Desk()
    report = desk.submit(desk.duty("gdp"), value="7.3")

    found = at_once(
        lambda: reviewing.accept(report, desk.city.person("supervisor"), LATER),
        lambda: reviewing.give_back(report, desk.city.person("supervisor2"), LATER, "请核"),
    )

    assert names(found) == ["AlreadyMoved", "ProgressReport"]
    assert ReportEvent.objects.filter(verb__in=["accepted", "returned"]).count() == 1
    assert AuditEntry.objects.filter(verb__in=["report.accepted", "report.returned"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_reports_accepted_at_once_hold_nobody_up_and_keep_one_audit_chain() -> None:
    desk = Desk()
    reports = [desk.submit(desk.duty(measure, number), value="5") for measure in ("gdp", "jobless") for number in (1, 2)]
    people = [desk.city.person("supervisor"), desk.city.person("supervisor2")] * 2

    found = at_once(*[lambda r=r, p=p: reviewing.accept(r, p, LATER) for r, p in zip(reports, people, strict=True)])

    assert [f.state for f in found] == ["accepted"] * 4
    assert audit.broken_at(desk.city.government) is None


@pytest.mark.django_db(transaction=True)
def test_a_report_is_taken_back_or_endorsed_never_both() -> None:
    desk = Desk()
    report = desk.submit(desk.duty("cloud"), value="4540")

    found = at_once(
        lambda: reporting.take_back(report, desk.city.person("reporter"), LATER),
        lambda: reviewing.endorse(report, desk.city.person("reviewer"), LATER),
    )

    assert names(found) == ["AlreadyMoved", "ProgressReport"]
    assert ReportEvent.objects.filter(verb__in=["withdrawn", "endorsed"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_twin_without_the_condition_on_the_state_both_would_endorse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows that the races above can fail: with a claim that asks for no state, the second head endorses over the first."""

    def careless(report: ProgressReport, turn: turns.Turn, by: Any, at: dt.datetime, **kwargs: Any) -> ProgressReport:
        ProgressReport.objects.filter(pk=report.pk).update(state=turn.to, endorsed_by=by.user, endorsed_at=at)
        turns.tell(report, turn.verb, by.user, at)
        return turns.fresh(report)

    desk = Desk()
    people = [desk.city.person("reviewer"), deeds.person_of(second(desk, "reviewer2", Role.REVIEWER, "gxj"), LATER)]
    report = desk.submit(desk.duty("cloud"), value="4540")
    monkeypatch.setattr(reviewing, "make", careless)

    assert names([reviewing.endorse(report, p, LATER) for p in people]) == ["ProgressReport", "ProgressReport"]
    assert ReportEvent.objects.filter(verb="endorsed").count() == 2
