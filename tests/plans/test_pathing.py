"""A path is drafted in the lead department, endorsed there by another, approved by a supervisor; nobody does two of these."""

import datetime as dt

import pytest

from people.models import AuditEntry, RoleGrant
from plans import amending, pathing
from plans.editing.rights import NotAllowed, Overtaken
from plans.models import Amendment, Target, Terms
from plans.pathing import Path
from plans.versions import Interim
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-06-28")
JULY = dt.date(2022, 7, 1)
STEPS = Path("steps", interim=(Interim(dt.date(2022, 6, 30), cast.d("500")), Interim(dt.date(2022, 9, 30), cast.d("1200"))))


def drafted(city: cast.City, login: str = "reporter", path: Path = STEPS, version: int = 0) -> Amendment:
    words = {"reason": "按施工季节", "basis": "工信局函", "from_on": JULY}
    return pathing.draft(city.item("1-01"), path, city.person(login), AT, version=version, **words)


def test_a_path_goes_through_three_people_and_is_then_the_items() -> None:
    city = cast.city()
    path = drafted(city)
    assert (path.state, path.department) == ("drafted", city.departments["gxj"])
    with pytest.raises(NotAllowed):
        amending.publish(path, city.person("supervisor2"), AT)
    pathing.endorse(path, city.person("reviewer"), AT, 0)
    amending.publish(path, city.person("supervisor"), AT, 1)
    terms = Terms.objects.in_force(JULY).get(item=city.item("1-01"))
    assert (terms.profile, terms.path_approved) == ("at_end", True)
    assert list(terms.targets.filter(role="interim").values_list("origin", "value")) == [("approved", 500), ("approved", 1200)]
    assert pathing.path_of(terms) == STEPS
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["path drafted", "path endorsed", "amendment published"]


def test_a_path_that_is_drafted_is_seen_in_its_department_alone() -> None:
    city = cast.city()
    path = drafted(city)
    seen = {
        login: Amendment.objects.visible_to(city.person(login)).filter(pk=path.pk).exists()
        for login in ("reporter", "reviewer", "builder", "supervisor", "leader")
    }
    assert seen == {"reporter": True, "reviewer": True, "builder": False, "supervisor": False, "leader": False}
    pathing.endorse(path, city.person("reviewer"), AT, 0)
    assert Amendment.objects.visible_to(city.person("supervisor")).filter(pk=path.pk).exists()


def test_others_neither_draft_nor_endorse() -> None:
    city = cast.city()
    for login in ("builder", "reviewer", "supervisor", "leader"):
        with pytest.raises(NotAllowed, match="只有牵头单位"):
            drafted(city, login)
    path = drafted(city)
    for login in ("reporter", "builders_head", "supervisor"):
        with pytest.raises(NotAllowed):
            pathing.endorse(path, city.person(login), AT, 0)


def test_a_draft_is_laid_anew_and_a_lost_race_is_seen() -> None:
    city = cast.city()
    drafted(city)
    path = drafted(city, path=Path("shares", "10/30/60/100"))
    assert (path.version, Amendment.objects.filter(number__gt=0).count()) == (1, 1)
    assert Terms.objects.get(amendment=path).shares == "10/30/60/100"
    with pytest.raises(Overtaken):
        drafted(city, version=0)
    with pytest.raises(Overtaken):
        pathing.endorse(path, city.person("reviewer"), AT, 0)


def test_it_is_given_back_with_a_reason_by_either() -> None:
    city = cast.city()
    path = drafted(city)
    with pytest.raises(NotAllowed, match="写明原因"):
        pathing.give_back(path, city.person("reviewer"), AT, " ", 0)
    pathing.endorse(path, city.person("reviewer"), AT, 0)
    pathing.give_back(path, city.person("supervisor"), AT, "前慢后快，理由不足", 1)
    assert (path.state, path.endorsed_by, path.answer) == ("drafted", None, "前慢后快，理由不足")


def test_where_nobody_could_endorse_it_goes_straight_on() -> None:
    city = cast.city()
    RoleGrant.objects.filter(user=city.user("reviewer"), role="reviewer").update(until_on=dt.date(2022, 1, 31))
    assert drafted(city).state == "proposed"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (Path("steps"), "interim"),
        (Path("linear", interim=(Interim(dt.date(2023, 1, 1), cast.d("5")),)), "interim"),
        (Path("linear", interim=(Interim(JULY, cast.d("5")), Interim(JULY, cast.d("6")))), "interim"),
        (Path("shares", "10/x"), "shares"),
        (Path("shares", "10/20"), "shares"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(path: Path, field: str) -> None:
    city = cast.city()
    with pytest.raises(NotAllowed) as refused:
        drafted(city, path=path)
    assert list(refused.value.fields) == [field]
    assert not Amendment.objects.filter(number__gt=0).exists()


def test_the_documents_own_interim_targets_stay() -> None:
    early = {**cast.target(due="2022-06-30", comparator="at_least", value="700", unit="个"), "role": "interim"}
    final = cast.target(comparator="at_least", value="2000", unit="个")
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站", targets=[early, final])]))
    path = drafted(city, path=Path("linear", interim=(Interim(dt.date(2022, 9, 30), cast.d("1200")),)))
    found = Target.objects.filter(terms__amendment=path).values_list("role", "origin", "value")
    assert list(found) == [("interim", "document", 700), ("interim", "approved", 1200), ("final", "document", 2000)]
