"""A draft that is given up goes whole, after a confirmation; what was published, answered or is named elsewhere stays."""

import datetime as dt

import pytest

from people.models import AuditEntry
from plans import consulting
from plans.editing import deleting
from plans.editing.rights import NotAllowed
from plans.models import Amendment, Bands, Conflict, Document, Goal, IssuedPaper, Item, Measure, PastResult, Plan, Target, Terms
from tests import cast
from tests.plans.test_editing import AT, Desk
from tests.plans.test_papers_page import browser, send, table
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
HERE = "/plans/next/edit/delete/"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def rows(plan: int) -> list[int]:
    """How many rows hang on a plan."""
    return [Item.objects.filter(plan=plan).count(), Terms.objects.filter(item__plan=plan).count(), Goal.objects.filter(plan=plan).count(),
            Amendment.objects.filter(plan=plan).count(), Bands.objects.filter(plan=plan).count(), Measure.objects.filter(code__startswith="next-").count()]  # fmt: skip


def test_a_draft_goes_with_all_that_hangs_on_it_and_the_trail_names_its_items(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    PastResult.objects.create(government=desk.city.government, measure=desk.item("1-01").measure, on="2021-12-31", value=1)
    desk.change("1-01", terms={"name": "净增企业"})
    others = [Item.objects.exclude(plan=desk.plan).count(), Measure.objects.exclude(code__startswith="next-").count(), Document.objects.count()]
    page = client.get(HERE)
    assert "将删除 3 项" in page.content.decode()
    assert client.post(HERE, {"seen": page.context["seen"]})["Location"] == "/plans/"
    assert (Plan.objects.filter(code="next").count(), rows(desk.plan.pk)) == (0, [0] * 6)
    assert [Item.objects.exclude(plan=desk.plan).count(), Measure.objects.exclude(code__startswith="next-").count(), Document.objects.count()] == others
    entry = AuditEntry.objects.order_by("-position")[0]
    assert (entry.verb, "1-01 净增企业" in entry.body) == ("draft deleted", True)
    assert client.get("/plans/next/edit/").status_code == 404


def test_who_has_not_seen_the_last_change_deletes_nothing(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor2")
    seen = client.get(HERE).context["seen"]
    desk.change("1-01", terms={"name": "净增企业"})
    assert client.post(HERE, {"seen": seen}).status_code == 409
    assert Plan.objects.filter(code="next").count() == 1


def test_a_published_plan_and_one_that_was_asked_about_say_why_they_stay(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    assert client.post("/plans/report-2022/edit/delete/", {"seen": 0}).status_code == 409
    assert "已发布" in client.get("/plans/report-2022/edit/delete/").content.decode()
    with pytest.raises(NotAllowed):
        deleting.delete_plan(desk.city.plan, desk.by, AT, 0)
    consulting.open_consultation(desk.plan, dt.date(2022, 3, 20), "", desk.by, AT)
    assert "部门的答复要留存" in client.get(HERE).content.decode()
    assert client.post(HERE, {"seen": 0}).status_code == 422
    assert Plan.objects.count() == 2


def test_a_draft_that_a_conflict_names_says_so_and_stays_whole(desk: Desk) -> None:
    mine, other = Target.objects.filter(terms__item=desk.item("1-01")).get(), Target.objects.filter(terms__item__plan=desk.city.plan).first()
    a, b = sorted([mine, other], key=lambda t: t.pk)  # type: ignore[union-attr, type-var, return-value]
    Conflict.objects.create(government=desk.city.government, target_a=a, target_b=b, kind=Conflict.Kind.SOFT)
    before = rows(desk.plan.pk)
    answer = client_of(desk.city, "supervisor").post(HERE, {"seen": deleting.last_change(desk.plan)})
    assert (answer.status_code, "目标冲突" in answer.content.decode(), rows(desk.plan.pk)) == (422, True, before)


def test_the_paper_of_a_deleted_draft_waits_to_be_taken_in_again() -> None:
    city = cast.city()
    client = browser(city)
    address = send(client, table())["Location"]
    client.post(address, {"do": "take"})
    assert client.post("/plans/report-2023/edit/delete/", {"seen": 0}).status_code == 302
    assert IssuedPaper.objects.get().state == "read"
    assert client.post(address, {"do": "take"}).status_code == 302
    assert Plan.objects.get(code="report-2023").items.count() == 3
