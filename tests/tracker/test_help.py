"""The help: everybody finds what he does, in steps, and where; a stranger can read how a city is set up."""

import pytest
from django.test import Client
from django.urls import reverse

from people.models import Role
from tests import cast
from tests.tracker.stood import client_of
from tracker.help_roles import ROLES
from tracker.help_tasks import TASKS

TOPICS = (*ROLES, *TASKS)


@pytest.mark.django_db
def test_each_role_finds_its_own_steps_first_with_links_to_pages_that_open() -> None:
    city = cast.city()
    for role, login in cast.ROLE_OF.items():
        client = client_of(city, login)
        page = client.get("/help/")
        assert [topic.role for topic, _steps in page.context["own"]] == [role]
        links = [step.href for _topic, steps in page.context["own"] for step in steps if step.href]
        links += [step.href for topic in TASKS for step in client.get(f"/help/{topic.slug}/").context["steps"] if step.href]
        assert [(login, link) for link in dict.fromkeys(links) if client.get(link).status_code != 200] == []
        assert links or role == Role.STEWARD


@pytest.mark.django_db
def test_a_stranger_reads_how_a_city_is_set_up_and_finds_all_roles() -> None:
    client = Client()
    html = client.get("/help/").content.decode()
    assert [topic.slug for topic in TOPICS if f"/help/{topic.slug}/" not in html] == []
    page = client.get("/help/new-city/")
    assert "make run DEMO=0" in page.content.decode()
    assert [step.href for step in page.context["steps"] if step.href] == []
    assert client.get("/help/nothing/").status_code == 404


@pytest.mark.django_db
def test_the_help_is_in_the_bar_of_every_page() -> None:
    client = client_of(cast.city(), "supervisor")
    assert '<a class="small nowrap hide-narrow" href="/help/">帮助</a>' in client.get("/overview/").content.decode()


def test_every_topic_has_an_address_of_its_own_and_every_page_of_a_step_is_there() -> None:
    assert len({topic.slug for topic in TOPICS}) == len(TOPICS)
    assert {topic.role for topic in ROLES} == set(Role)
    for topic in TOPICS:
        for step in topic.steps:
            assert not step.page or reverse(step.page)


@pytest.mark.django_db
def test_a_person_who_has_read_only_the_help_enters_a_report() -> None:
    """The steps of `plan`, one after the other, by the words of the pages."""
    client = client_of(cast.city(), "supervisor")
    words = client.get("/help/plan/").content.decode()
    sent = {"title": "2023年政府工作报告", "code": "report-2023", "start": "2023-01-01", "end": "2023-12-31", "key": "k"}
    new = client.get("/plans/new/")
    assert "新登记一份" in words
    assert "新登记一份" in new.content.decode()
    cycle = new.context["head"].fields["cycle"].choices[-1][0]
    paper = {
        "document-chosen": "",
        "document-title": "政府工作报告",
        "document-number": "〔2023〕1号",
        "document-issuer": "市政府",
        "document-date": "2023-01-20",
    }
    client.post("/plans/new/", sent | paper | {"cycle": cycle})
    here = "/plans/report-2023/edit/"
    client.post(f"{here}goals/new/", {"title": "一、工业", "version": "0"})
    page = client.get(here).context
    rows = {"name-new-0": "新增5G基站", "kind-new-0": "indicator", "comparator-new-0": "at_least", "value-new-0": "2500", "unit-new-0": "个",
            "due-new-0": "年底", "lead-new-0": "市工信局", "supports-new-0": "市住建局"}  # fmt: skip
    client.post(here, {"do": "save", "row": ["new-0"], "into": page["page"].goals[0].pk, "key": page["key"], **rows})
    checks = client.get(f"{here}checks/")
    assert (checks.context["open"], checks.context["items"]) == (0, 1)
