"""Setting people up: who may, what is refused at which field, and that nobody lifts himself upward."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from people import codes, deeds, portfolios, staffing
from people.models import AuditEntry, OneTimeCode, Portfolio, Role, RoleGrant, User
from people.rights import managed_by
from people.staffing import Newcomer, Refused, Stale
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.noon("2022-10-17")
DAY = dt.date(2022, 10, 17)


@pytest.fixture
def city() -> cast.City:
    return cast.city()


def newcomer(city: cast.City, **given: Any) -> Newcomer:
    row = {"login": "new", "name": "新来", "department": city.departments["gxj"], "roles": (Role.REPORTER,), "from_on": DAY, "email": "new@example.org"}
    return Newcomer(**{**row, **given})


def refused(deed: Callable[[], Any]) -> str:
    """The field at which a deed is refused."""
    with pytest.raises(Refused) as error:
        deed()
    assert error.value.message
    return error.value.field


def roles_of(user: User) -> set[str]:
    return set(deeds.person_of(User.objects.get(pk=user.pk), NOW).roles)


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("position").values_list("verb", flat=True))


def test_a_newcomer_has_roles_no_password_and_a_place_in_the_trail(city: cast.City) -> None:
    user = staffing.enrol(newcomer(city), city.person("administrator"), NOW)
    assert (user.has_usable_password(), roles_of(user), verbs()) == (False, {"reporter"}, ["person.enrolled"])
    assert RoleGrant.objects.get(user=user).by == city.user("administrator")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"login": "Ab c"}, "login"),
        ({"login": "reporter"}, "login"),
        ({"email": "reporter@example.org"}, "email"),
        ({"name": " "}, "name"),
        ({"roles": ()}, "roles"),
        ({"roles": (Role.ADMINISTRATOR, Role.AUDITOR)}, "roles"),
        ({"until_on": dt.date(2022, 10, 1)}, "until_on"),
    ],
)
def test_what_is_wrong_with_a_newcomer_is_said_at_its_field(city: cast.City, given: dict[str, Any], field: str) -> None:
    before = User.objects.count()
    assert refused(lambda: staffing.enrol(newcomer(city, **given), city.person("administrator"), NOW)) == field
    assert (User.objects.count(), verbs()) == (before, [])


def test_a_closed_department_takes_nobody(city: cast.City) -> None:
    closed = city.departments["zjj"]
    closed.until_on = DAY
    closed.save()
    assert refused(lambda: staffing.enrol(newcomer(city, department=closed), city.person("administrator"), NOW)) == "department"
    user = city.user("reporter")
    assert refused(lambda: staffing.correct(user, city.person("administrator"), NOW, 0, name="甲", department=closed)) == "department"


def test_a_steward_sets_up_his_own_department_and_never_upward(city: cast.City) -> None:
    steward, own = city.person("steward"), city.departments["gxj"]
    user = staffing.enrol(newcomer(city), steward, NOW)
    assert roles_of(user) == {"reporter"}
    for role in set(Role) - {Role.REPORTER, Role.REVIEWER}:
        assert refused(lambda: staffing.enrol(newcomer(city, login="up", roles=(role,)), steward, NOW)) == "roles"  # noqa: B023
        assert refused(lambda: staffing.grant(user, role, steward, NOW, DAY)) == "role"  # noqa: B023
    assert refused(lambda: staffing.enrol(newcomer(city, login="out", department=city.departments["zjj"]), steward, NOW)) == "department"
    assert refused(lambda: staffing.correct(user, steward, NOW, 0, name="甲", department=city.departments["zjj"])) == "department"
    # himself, somebody of another department, and whoever of his own holds more than he may give
    boss = city.user("supervisor")
    User.objects.filter(pk=boss.pk).update(department=own)
    for other in (city.user("steward"), city.user("builder"), User.objects.get(pk=boss.pk)):
        assert refused(lambda: staffing.grant(other, Role.REVIEWER, steward, NOW, DAY)) == "role"  # noqa: B023
        assert refused(lambda: staffing.invite(other, steward, NOW, "slip")) == "channel"  # noqa: B023
        assert refused(lambda: staffing.disable(other, steward, NOW)) == "active"  # noqa: B023
        assert refused(lambda: staffing.correct(other, steward, NOW, 0, email="me@example.org")) == "name"  # noqa: B023
    assert {u.login for u in managed_by(steward)} == {"reporter", "reporter2", "reviewer", "new"}
    staffing.disable(user, steward, NOW)
    assert not User.objects.get(pk=user.pk).is_active


def test_nobody_else_and_nobody_of_another_city_sets_people_up(city: cast.City) -> None:
    strange = cast.stranger_city()
    for by in [city.person(login) for login in ("reporter", "reviewer", "supervisor", "leader", "auditor")] + [strange.person("administrator")]:
        assert refused(lambda: staffing.grant(city.user("builder"), Role.REVIEWER, by, NOW, DAY)) == "role"  # noqa: B023
        assert managed_by(by).filter(government=city.government).count() == 0
    with pytest.raises(Refused):
        staffing.enrol(newcomer(city), city.person("reporter"), NOW)


def test_an_administrator_gives_himself_nothing_and_stays_while_he_is_the_last(city: cast.City) -> None:
    by, own = city.person("administrator"), city.user("administrator")
    second = staffing.enrol(newcomer(city, login="second", roles=(Role.ADMINISTRATOR,), department=city.departments["zfb"]), by, NOW)
    assert refused(lambda: staffing.grant(own, Role.REPORTER, by, NOW, DAY)) == "role"
    assert refused(lambda: staffing.disable(own, by, NOW)) == "active"
    other = deeds.person_of(second, NOW)
    staffing.disable(own, other, NOW)
    assert refused(lambda: staffing.end_role(RoleGrant.objects.get(user=second), other, NOW)) == "role"


def test_the_three_exclusive_roles_are_refused_at_the_field_by_name(city: cast.City) -> None:
    by = city.person("administrator")
    with pytest.raises(Refused, match="已是督查员，不能再任审计员：管理员、督查员、审计员只能任其一。"):
        staffing.grant(city.user("supervisor"), Role.AUDITOR, by, NOW, DAY)
    staffing.grant(city.user("supervisor"), Role.REPORTER, by, NOW, DAY)
    assert roles_of(city.user("supervisor")) == {"supervisor", "reporter"}


def test_a_role_begins_and_ends_on_its_days_and_may_come_again(city: cast.City) -> None:
    by, user = city.person("administrator"), city.user("auditor")
    staffing.end_role(RoleGrant.objects.get(user=user), by, NOW)
    assert roles_of(user) == set()
    staffing.grant(user, Role.SUPERVISOR, by, NOW, DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=3))
    days = {n: set(deeds.person_of(user, NOW + dt.timedelta(days=n)).roles) for n in (0, 1, 3, 4)}
    assert days == {0: set(), 1: {"supervisor"}, 3: {"supervisor"}, 4: set()}
    later = NOW + dt.timedelta(days=9)
    staffing.grant(user, Role.AUDITOR, by, later, later.date())  # what ran out by itself does not stand in the way
    assert set(deeds.person_of(user, later).roles) == {"auditor"}
    assert refused(lambda: staffing.grant(user, Role.AUDITOR, by, later, later.date())) == "role"
    assert refused(lambda: staffing.grant(user, Role.REPORTER, by, later, later.date(), DAY)) == "until_on"


def test_who_is_disabled_is_out_with_roles_and_codes_and_comes_back_without(city: cast.City) -> None:
    by, user = city.person("administrator"), city.user("reporter")
    code = staffing.invite(user, by, NOW, "slip")
    staffing.disable(user, by, NOW)
    with pytest.raises(codes.NotOpen):
        codes.open_code(codes.secret_of(code), NOW)
    assert refused(lambda: staffing.invite(user, by, NOW, "slip")) == "channel"
    staffing.enable(user, by, NOW)
    assert (User.objects.get(pk=user.pk).is_active, roles_of(user)) == (True, set())
    assert verbs() == ["person.code", "person.disabled", "person.enabled"]


def test_two_who_correct_one_person_see_both_texts(city: cast.City) -> None:
    by, user = city.person("administrator"), city.user("reporter")
    staffing.correct(user, by, NOW, 0, name="甲一", email="")
    with pytest.raises(Stale) as stale:
        staffing.correct(user, by, NOW, 0, name="甲二")
    assert (stale.value.now.name, stale.value.now.version) == ("甲一", 1)
    assert refused(lambda: staffing.correct(user, by, NOW, 1, email="builder@example.org")) == "email"
    staffing.correct(user, by, NOW, 1, name="甲一")  # nothing new, nothing told
    assert verbs() == ["person.corrected"]


def test_a_portfolio_passes_from_one_leader_to_the_next(city: cast.City) -> None:
    by, gxj = city.person("administrator"), city.departments["gxj"]
    second = staffing.enrol(newcomer(city, login="second", roles=(Role.LEADER,), department=city.departments["zfb"]), by, NOW)
    portfolios.put_in_charge(second, [gxj], by, NOW, DAY)
    held = {(p.user.login, p.from_on, p.until_on) for p in Portfolio.objects.filter(department=gxj)}
    assert held == {("leader", cast.FROM, DAY - dt.timedelta(days=1)), ("second", DAY, None)}
    assert deeds.person_of(second, NOW).portfolio == {gxj.pk}
    assert refused(lambda: portfolios.put_in_charge(city.user("leader"), [gxj], by, NOW, DAY)) == "from_on"
    assert refused(lambda: portfolios.put_in_charge(city.user("reporter"), [gxj], by, NOW, DAY)) == "departments"
    assert refused(lambda: portfolios.put_in_charge(second, [gxj], city.person("supervisor"), NOW, DAY)) == "departments"
    portfolios.relieve(Portfolio.objects.get(user=second), by, NOW, DAY)
    assert deeds.person_of(second, NOW + dt.timedelta(days=1)).portfolio == set()


def test_a_code_is_kept_as_a_hash_used_once_and_out_of_date_one_day(city: cast.City) -> None:
    by, user = city.person("administrator"), city.user("reporter")
    first = staffing.invite(user, by, NOW, "slip")
    code = staffing.invite(user, by, NOW, "slip")
    secret = codes.secret_of(code)
    row = OneTimeCode.objects.values().get(pk=code.pk)
    assert not any(secret in str(value) or secret.replace("-", "") in str(value) for value in row.values())
    for wrong in (codes.secret_of(first), "AAAA-BBBB-CCCC", ""):
        with pytest.raises(codes.NotOpen):
            codes.open_code(wrong, NOW)
    with pytest.raises(codes.NotOpen):
        codes.open_code(secret, code.expires_at)
    found = codes.open_code(secret.lower().replace("-", " "), NOW)
    codes.redeem(found, "ein langes Wort", NOW)
    assert User.objects.get(pk=user.pk).check_password("ein langes Wort")
    assert User.objects.get(pk=user.pk).epoch == 1
    with pytest.raises(codes.NotOpen):
        codes.redeem(found, "another long word", NOW)
    with pytest.raises(codes.NotOpen):
        codes.open_code(secret, NOW)
    assert User.objects.get(pk=user.pk).check_password("ein langes Wort")


def test_a_code_is_mailed_once_and_what_is_out_of_date_never(city: cast.City, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "people.mail.FolderBackend", str(tmp_path)
    by = city.person("administrator")
    code, old = staffing.invite(city.user("reporter"), by, NOW, "mail"), staffing.invite(city.user("builder"), by, NOW, "mail")
    OneTimeCode.objects.filter(pk=old.pk).update(expires_at=NOW)
    assert codes.hand_over(city.government, NOW) == codes.Handed(sent=1, failed=1)
    assert codes.hand_over(city.government, NOW) == codes.Handed()
    (letter,) = tmp_path.glob("*.eml")
    import email
    import email.policy

    text = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    assert codes.link_of(code) in text.get_body().get_content()
    assert text["To"] == "reporter@example.org"
    assert refused(lambda: staffing.invite(_without_address(city), by, NOW, "mail")) == "channel"


def _without_address(city: cast.City) -> User:
    User.objects.filter(pk=city.user("county").pk).update(email="")
    return User.objects.get(pk=city.user("county").pk)
