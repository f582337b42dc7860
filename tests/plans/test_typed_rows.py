"""What is copied from a report into a row of the editor: amounts in its own words, and 各县区."""

import pytest

from people.models import Department
from tests.plans.test_editing import Desk
from tests.plans.test_editor import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("value", "unit", "reads"),
    [
        ("7%左右", "", ("about", "7", None, "%")),
        ("10%以上", "%", ("at_least", "10", None, "%")),
        ("控制在3%以内", "", ("at_most", "3", None, "%")),
        ("150亿元", "", ("at_least", "150", None, "亿元")),
        ("1,200个", "个", ("at_least", "1200", None, "个")),
        ("3—4万户", "", ("between", "3", "4", "万户")),
        ("8%", "", ("at_least", "8", None, "%")),
    ],
)
def test_a_target_is_typed_in_the_words_of_the_report(desk: Desk, value: str, unit: str, reads: tuple[str, ...]) -> None:
    page = Page(desk, query=f"?goal={desk.goal('一、工业').path}").type("new-0", name="新事项", value=value, unit=unit)
    assert page.send("add").status_code == 302
    target = next(r["targets"][0] for r in desk.export() if r["name"] == "新事项")
    assert (target["comparator"], target["value"], target["value_high"], target["unit"]) == reads


def test_words_beside_a_number_never_overrule_what_was_chosen(desk: Desk) -> None:
    page = Page(desk).type("1-01", value="20万人左右", unit="户", comparator="at_most")
    assert "目标值里写的单位是“万人”，单位栏里是“户”，请留一处。" in page.send().content.decode()
    page.type("1-01", value="20户左右")
    assert page.send().status_code == 302
    target = desk.export()[0]["targets"][0]
    assert (target["comparator"], target["value"], target["unit"]) == ("at_most", "20", "户")


def test_every_county_is_meant_by_the_words_of_the_papers(desk: Desk) -> None:
    page = Page(desk).type("1-01", supports="市统计局、各县区政府").type("1-02", supports="各县（区）")
    assert page.send().status_code == 302
    counties = list(Department.objects.filter(kind="county").order_by("position", "code").values_list("name", flat=True))
    assert [r["supporting"] for r in desk.export()[:2]] == [["市统计局", *counties], counties]
