"""Who gets what: every address and method, for everyone of the cast, as one table; and what stands on the pages.

A line is a method, the name of an address and which object it names; a column is a person. `strange` objects belong to
another city, and the `stranger` is that city's supervisor. A new address, or a new method of one, has no line here and turns
`test_every_address_and_method_stands_in_the_table` red: whoever adds a page decides for everyone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache as kept
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from people.access import all_views, declared_entry
from people.models import Role
from tests import cast
from tests.access_rooms import ROOMS
from tests.tracker.stood import client_of
from tests.world import CANARIES, World, laid
from tracker.models import ProgressReport

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]  # each person walks once

TABLE = """
                           anonymous reporter builder reviewer builders_head supervisor leader administrator steward auditor stranger
GET    health                 200      200     200      200         200          200      200        200         200     200     200
GET    sign-in                200      200     200      200         200          200      200        200         200     200     200
POST   sign-in                422      422     422      422         422          422      422        422         422     422     422
POST   sign-out               302      302     302      302         302          302      302        302         302     302     302
POST   language               302      302     302      302         302          302      302        302         302     302     302
GET    home                   200      302     302      302         302          302      302        302         302     302     302
GET    overview               302      200     200      200         200          200      200        200         200     200     200
GET    overview city          302      200     200      200         200          200      200        200         200     200     200
GET    overview closing       302      200     200      200         200          200      200        200         200     200     200
GET    plans                  302      200     200      200         200          200      200        200         200     200     200
GET    plan                   302      200     200      200         200          200      200        200         200     200     404
GET    plan opened            302      200     200      200         200          200      200        200         200     200     404
GET    plan draft             302      404     404      404         404          200      404        404         404     200     404
GET    plan strange           302      404     404      404         404          404      404        404         404     404     200
GET    next-year              302      404     404      404         404          200      404        404         404     200     404
GET    next-year strange      302      404     404      404         404          404      404        404         404     404     200
POST   next-year              302      404     404      404         404          422      404        404         404     404     404
POST   next-year strange      302      404     404      404         404          404      404        404         404     404     422
GET    parts                  302      404     404      404         404          200      404        404         404     200     404
GET    parts draft            302      404     404      404         404          200      404        404         404     200     404
GET    parts strange          302      404     404      404         404          404      404        404         404     404     200
POST   parts                  302      404     404      404         404          422      404        404         404     404     404
POST   parts strange          302      404     404      404         404          404      404        404         404     404     422
GET    document               302      200     200      200         200          200      200        200         200     200     404
GET    document strange       302      404     404      404         404          404      404        404         404     404     200
POST   document-attach        302      404     404      404         404          422      404        404         404     404     404
POST   document-attach strange 302     404     404      404         404          404      404        404         404     404     422
POST   passage                302      404     404      404         404          422      404        404         404     404     404
POST   passage strange        302      404     404      404         404          404      404        404         404     404     422
GET    items                  302      200     200      200         200          200      200        200         200     200     200
GET    items csv              302      200     200      200         200          200      200        200         200     200     200
GET    items closing          302      200     200      200         200          200      200        200         200     200     200
GET    items draft            302      200     200      200         200          200      200        200         200     200     200
GET    item                   302      200     200      200         200          200      200        200         200     200     404
GET    item other             302      200     200      200         200          200      200        200         200     200     404
GET    item draft             302      404     404      404         404          200      404        404         404     200     404
GET    item strange           302      404     404      404         404          404      404        404         404     404     200
GET    departments            302      200     200      200         200          200      200        200         200     200     200
GET    department             302      200     200      200         200          200      200        200         200     200     404
GET    department other       302      200     200      200         200          200      200        200         200     200     404
GET    department strange     302      404     404      404         404          404      404        404         404     404     200
GET    search                 302      200     200      200         200          200      200        200         200     200     200
GET    search secret          302      200     200      200         200          200      200        200         200     200     200
GET    search strange         302      200     200      200         200          200      200        200         200     200     200
GET    public-plans              200      200     200      200           200        200    200           200     200     200      200
GET    public-plan               200      200     200      200           200        200    200           200     200     200      200
GET    public-plan draft         404      404     404      404           404        404    404           404     404     404      404
GET    public-plan strange       404      404     404      404           404        404    404           404     404     404      404
GET    stage                     200      200     200      200           200        200    200           200     200     200      200
POST   stage-be                  302      302     302      302           302        302    302           302     302     302      302
POST   stage-move                302      302     302      302           302        302    302           302     302     302      302
POST   stage-start-over          302      302     302      302           302        302    302           302     302     302      302
GET    my-work                302      200     200      200         200          404      404        404         404     404     404
POST   my-work                302      302     302      404         404          404      404        404         404     404     404
POST   my-work-row            302      200     404      404         404          404      404        404         404     404     404
POST   my-work-row other      302      404     200      404         404          404      404        404         404     404     404
POST   my-work-row strange    302      404     404      404         404          404      404        404         404     404     404
GET    report                 302      200     404      200         404          200      200        404         404     200     404
GET    report draft           302      200     404      200         404          200      200        404         404     200     404
GET    report other           302      404     200      404         200          200      200        404         404     200     404
GET    report returned        302      404     200      404         200          200      200        404         404     200     404
GET    report strange         302      404     404      404         404          404      404        404         404     404     200
POST   report                 302      302     404      404         404          404      404        404         404     404     404
POST   report draft           302      302     404      404         404          404      404        404         404     404     404
POST   report other           302      404     302      404         404          404      404        404         404     404     404
POST   report strange         302      404     404      404         404          404      404        404         404     404     404
GET    report-preview         302      200     404      404         404          404      404        404         404     404     404
GET    report-preview other   302      404     200      404         404          404      404        404         404     404     404
GET    report-preview strange 302      404     404      404         404          404      404        404         404     404     404
GET    evidence               302      200     404      200         404          200      200        404         404     200     404
GET    evidence other         302      404     200      404         200          200      200        404         404     200     404
GET    evidence strange       302      404     404      404         404          404      404        404         404     404     200
GET    review                 302      404     404      200         200          200      404        404        404     404     200
POST   review                 302      404     404      200         200          200      404        404        404     404     200
GET    review-report          302      404     404      200         404          200      404        404        404     404     404
GET    review-report other    302      404     404      404         200          200      404        404        404     404     404
GET    review-report waiting  302      404     404      404         404          200      404        404        404     404     404
GET    review-report draft    302      404     404      404         404          404      404        404        404     404     404
GET    review-report strange  302      404     404      404         404          404      404        404        404     404     200
POST   review-report          302      404     404      409         404          409      404        404        404     404     404
POST   review-report waiting  302      404     404      404         404          302      404        404        404     404     404
POST   review-report strange  302      404     404      404         404          404      404        404        404     404     409
GET    periods                302      404     404      404         404          200      200        404        404     200     200
GET    period                 302      404     404      404         404          200      200        404        404     200     200
POST   period                 302      404     404      404         404          302      404        404        404     404     302
GET    measure                302      200     200      200         200          200      200        200         200     200     404
GET    measure other          302      200     200      200         200          200      200        200         200     200     404
GET    measure draft          302      404     404      404         404          200      404        404         404     200     404
GET    measure strange        302      404     404      404         404          404      404        404         404     404     200
GET    alerts                 302      200     200      200         200          200      200        200         200     200     200
GET    alerts own             302      200     404      200         404          200      200        404         200     200     404
GET    alerts other           302      404     200      404         200          200      200        404         404     200     404
GET    alerts strange         302      404     404      404         404          404      404        404         404     404     200
POST   alert-note own         302      302     404      302         404          302      302        404         404     404     404
POST   alert-note other       302      404     302      404         302          302      302        404         404     404     404
POST   alert-note strange     302      404     404      404         404          404      404        404         404     404     302
GET    conflicts              302      404     404      404         404          200      200        404         404     200     200
GET    messages               302      200     200      200         200          200      200        200         200     200     200
GET    message                302      404     200      404         404          200      404        200         404     200     404
GET    message strange        302      404     404      404         404          404      404        404         404     404     200
GET    message-body           302      404     200      404         404          200      404        200         404     200     404
GET    message-body strange   302      404     404      404         404          404      404        404         404     404     200
POST   message-settle         302      404     404      404         404          409      404        409         404     404     404
POST   message-settle strange 302      404     404      404         404          404      404        404         404     404     409
GET    amendments            302  200  200  200  200  200  200  404  404  200  200
GET    amendment             302  404  404  404  404  200  404  404  404  200  404
GET    amendment strange     302  404  404  404  404  404  404  404  404  404  200
POST   amendment             302  404  404  404  404  422  404  404  404  404  404
POST   amendment strange     302  404  404  404  404  404  404  404  404  404  422
GET    amendment-item        302  404  404  404  404  200  404  404  404  404  404
GET    amendment-item strange 302  404  404  404  404  404  404  404  404  404  200
GET    amendment-new         302  404  404  404  404  200  404  404  404  404  404
GET    amendment-new strange 302  404  404  404  404  404  404  404  404  404  200
POST   amendment-item        302  404  404  404  404  422  404  404  404  404  404
POST   amendment-item strange 302  404  404  404  404  404  404  404  404  404  422
POST   amendment-new         302  404  404  404  404  422  404  404  404  404  404
POST   amendment-new strange 302  404  404  404  404  404  404  404  404  404  422
GET    path                  302  200  200  200  200  200  200  200  200  200  404
GET    path strange          302  404  404  404  404  404  404  404  404  404  200
POST   path                  302  422  404  404  404  404  404  404  404  404  404
POST   path strange          302  404  404  404  404  404  404  404  404  404  404
GET    paths                 302  200  200  200  200  200  200  200  200  200  404
GET    paths strange         302  404  404  404  404  404  404  404  404  404  200
GET    health-page            302      404     404      404         404          404      404        200         404     404     404
GET    audit                  302      404     404      404         404          200      404        404         404     200     200
"""


def addresses(w: World) -> dict[str, str]:
    """What each line's name stands for."""
    plan, strange = w.city.plan.code, w.strange.plan.code
    return {
        "health": "/health/", "sign-in": "/sign-in/", "sign-out": "/sign-out/", "language": "/language/",
        "home": "/", "overview": "/overview/", "overview city": "/overview/?scope=all", "overview closing": "/overview/?period=2022Q2&reading=closing",
        "plans": "/plans/", "plan": f"/plans/{plan}/", "plan opened": f"/plans/{plan}/?open=all", "plan draft": f"/plans/{w.draft_plan}/",
        "plan strange": f"/plans/{strange}/",
        "parts": f"/plans/{plan}/items/1-02/parts/", "parts draft": f"/plans/{w.draft_plan}/items/9-01/parts/", "parts strange": f"/plans/{strange}/items/1-02/parts/",
        "next-year": f"/plans/{plan}/next-year/", "next-year strange": f"/plans/{strange}/next-year/",
        "document": f"/documents/{w.city.plan.document_id}/", "document strange": f"/documents/{w.strange.plan.document_id}/",
        "document-attach": f"/documents/{w.city.plan.document_id}/attach/", "document-attach strange": f"/documents/{w.strange.plan.document_id}/attach/", "passage": f"/passages/{w.passage.pk}/", "passage strange": f"/passages/{w.strange_passage.pk}/",
        "items": "/items/?per_page=100", "items csv": "/items/?export=csv", "items closing": "/items/?as_of_period=2022Q2", "items draft": f"/items/?plan={w.draft_plan}",
        "item": f"/items/{plan}/1-02/", "item other": f"/items/{plan}/2-01/", "item draft": f"/items/{w.draft_plan}/9-01/", "item strange": f"/items/{strange}/1-02/",
        "departments": "/departments/", "department": "/departments/gxj/", "department other": "/departments/zjj/", "department strange": "/departments/x-gxj/",
        "public-plans": "/public/", "public-plan": f"/public/{plan}/", "public-plan draft": f"/public/{w.draft_plan}/", "public-plan strange": f"/public/{strange}/", "stage": "/stage/", "stage-be": "/stage/be/", "stage-move": "/stage/move/", "stage-start-over": "/stage/start-over/",
        "search": "/search/?q=上云", "search secret": "/search/?q=密", "search strange": "/search/?q=阳",
        "my-work": "/my-work/", "my-work-row": f"/my-work/{w.draft.duty_id}/", "my-work-row other": f"/my-work/{w.returned.duty_id}/",
        "my-work-row strange": f"/my-work/{w.strange_report.duty_id}/",
        "report": f"/reports/{w.own.duty_id}/", "report draft": f"/reports/{w.draft.duty_id}/", "report other": f"/reports/{w.other.duty_id}/",
        "review": "/review/", "review-report": f"/review/{w.own.pk}/", "review-report other": f"/review/{w.other.pk}/", "review-report waiting": f"/review/{w.waiting.pk}/", "review-report draft": f"/review/{w.draft.pk}/",
        "review-report strange": f"/review/{w.strange_report.pk}/", "periods": "/periods/", "period": "/periods/2022Q3/",
        "report returned": f"/reports/{w.returned.duty_id}/", "report strange": f"/reports/{w.strange_report.duty_id}/",
        "report-preview": f"/reports/{w.draft.duty_id}/preview/?value-{w.draft.duty_id}=1500", "report-preview other": f"/reports/{w.returned.duty_id}/preview/",
        "report-preview strange": f"/reports/{w.strange_report.duty_id}/preview/",
        "evidence": f"/evidence/{w.evidence(w.own).pk}/", "evidence other": f"/evidence/{w.evidence(w.other).pk}/", "evidence strange": f"/evidence/{w.evidence(w.strange_report).pk}/",
        "amendments": "/amendments/", "amendment": f"/amendments/{w.amendment.pk}/", "amendment strange": f"/amendments/{w.strange_amendment.pk}/", "amendment-item": f"/amendments/{w.amendment.pk}/items/1-01/",
        "amendment-item strange": f"/amendments/{w.strange_amendment.pk}/items/1-01/", "amendment-new": f"/plans/{plan}/amend/?item=1-01", "amendment-new strange": f"/plans/{strange}/amend/",
        "path": f"/items/{plan}/1-01/path/", "path strange": f"/items/{strange}/1-01/path/", "paths": f"/plans/{plan}/paths/", "paths strange": f"/plans/{strange}/paths/",
        "measure": "/measures/cloud/", "measure other": "/measures/m-2-01/", "measure draft": f"/measures/secret-{w.draft_plan}/", "measure strange": "/measures/x-cloud/",
        "alerts": "/alerts/", "alerts own": f"/alerts/?alert={w.alert(w.city, 'gxj').pk}", "alerts other": f"/alerts/?alert={w.alert(w.city, 'zjj').pk}",
        "alerts strange": f"/alerts/?alert={w.alert(w.strange, 'gxj').pk}",
        "alert-note own": f"/alerts/{w.alert(w.city, 'gxj').pk}/note/", "alert-note other": f"/alerts/{w.alert(w.city, 'zjj').pk}/note/",
        "alert-note strange": f"/alerts/{w.alert(w.strange, 'gxj').pk}/note/", "conflicts": "/conflicts/",
        "messages": "/messages/", "message": f"/messages/{w.message.pk}/", "message strange": f"/messages/{w.strange_message.pk}/",
        "message-body": f"/messages/{w.message.pk}/body/", "message-body strange": f"/messages/{w.strange_message.pk}/body/",
        "message-settle": f"/messages/{w.message.pk}/settle/", "message-settle strange": f"/messages/{w.strange_message.pk}/settle/",
        "health-page": "/running/", "audit": "/audit/",
        **{name: address for room in ROOMS for name, address in room.addresses(w).items()},
    }  # fmt: skip


def fields(report: ProgressReport) -> dict[str, Any]:
    """A form of a duty as it would be posted to save a text."""
    return {f"progress-{report.duty_id}": "改写", f"version-{report.duty_id}": report.version}


# what a POST sends; {} for most, which changes nothing and is answered by what the page asks for
DATA: dict[str, Callable[[World], dict[str, Any]]] = {
    "sign-in": lambda _: {"login": "nobody", "password": ""},
    "my-work-row": lambda w: fields(w.draft),
    "my-work-row other": lambda w: fields(w.returned),
    "my-work-row strange": lambda w: fields(w.strange_report),
    "report draft": lambda w: fields(w.draft),
    "review-report": lambda _: {"do": "pass"},
    "review-report waiting": lambda w: {"do": "pass", "version": w.waiting.version},
    "review-report strange": lambda _: {"do": "pass"},
    **{name: data for room in ROOMS for name, data in getattr(room, "DATA", {}).items()},
    **{f"alert-note {whose}": lambda _: {"note": "已调度"} for whose in ("own", "other", "strange")},
    **{f"message-settle{whose}": lambda _: {"said": "arrived"} for whose in ("", " strange")},
}
# addresses that name their object by a word that both cities use: each person reaches the own city's
SHARED_WORDS = {"period", "archive", "help-topic"}
# pages whose bodies are kept for all who may see the same
KEPT = ("overview", "overview city", "overview closing")
# published copies are for everybody
PUBLIC = {"public-plan"}
# the frame of a mail has a policy of its own, which allows styles but nothing else
FRAMED: set[str] = {"message-body"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
UNSAFE = re.compile(r"unsafe-inline|unsafe-eval|https?:|\*")
HOSTS = re.compile(r"""https?://(?!www\.w3\.org/|testserver[/"'])[^\s"'<>]+""")

_head, *_lines = (TABLE + "".join(room.TABLE for room in ROOMS)).strip().splitlines()
COLUMNS = _head.split()
ROWS = {(words[0], " ".join(words[1 : -len(COLUMNS)])): words[-len(COLUMNS) :] for words in map(str.split, _lines)}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for all tests of this file, which leave it as it was."""
    with laid(django_db_blocker) as world:
        yield world


@pytest.fixture(autouse=True)
def staged(settings: Any) -> None:
    settings.STAGE = True


def browser(world: World, column: str) -> Client:
    if column == "anonymous":
        return Client()
    return client_of(world.strange, "supervisor") if column == "stranger" else client_of(world.city, column)


def ask(client: Client, method: str, address: str, data: dict[str, Any] | None = None) -> Answer:
    """One request; all that it changed is undone, but what a GET changed, which is nothing."""
    with transaction.atomic():
        got = client.generic(method, address) if method not in ("GET", "POST") else getattr(client, method.lower())(address, data or {})
        if method != "GET":
            transaction.set_rollback(True)
    return Answer(got.status_code, dict(got.headers), text_of(got))


def text_of(answer: HttpResponse) -> str:
    """What a reader gets: head lines and body, as sent and without the marks between the words."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined,arg-type]
    sent = unquote("\n".join(answer.headers.values())) + body.decode("utf-8", "replace")
    return sent + re.sub(r"<[^>]*>", "", sent)


@kept
def walk(world: World, column: str) -> tuple[dict[tuple[str, str], Answer], dict[str, Any]]:
    """A person's answers to every line of the table, and the tables that all the GETs together changed."""
    at, client = addresses(world), browser(world, column)
    before = everything()
    answers = {(method, name): ask(client, method, at[name]) for method, name in ROWS if method == "GET"}
    changed = {label: rows for label, rows in everything().items() if rows != before[label]}
    for method, name in ROWS:
        if method != "GET":
            answers[method, name] = ask(browser(world, column), method, at[name], DATA.get(name, lambda _: {})(world))
    return answers, changed


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the sessions', which only say who is there."""
    models = [model for model in apps.get_models() if model._meta.label != "sessions.Session" and not model._meta.proxy]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def patterns() -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Every address by name: whether it names an object, and the methods that it takes."""
    return {str(pattern.name): ("<" in route, declared_entry(pattern.callback).methods) for route, pattern in all_views()}  # type: ignore[union-attr]


def test_every_address_and_method_stands_in_the_table() -> None:
    there = {(method, name) for name, (_object, methods) in patterns().items() for method in methods if method != "HEAD"}
    assert {(method, name.split()[0]) for method, name in ROWS} == there


def test_every_address_of_an_object_is_asked_for_a_strangers_too() -> None:
    objects = {(method, name) for name, (named, methods) in patterns().items() if named for method in methods if method != "HEAD"}
    strange = {(method, name.split()[0]) for method, name in ROWS if name.endswith(" strange")}
    assert {key for key in objects - strange if key[1] not in SHARED_WORDS} == set()


@pytest.mark.parametrize("column", COLUMNS)
def test_each_person_gets_what_the_table_says(world: World, column: str) -> None:
    answers, _changed = walk(world, column)
    assert {key: answer.status for key, answer in answers.items()} == {key: int(statuses[COLUMNS.index(column)]) for key, statuses in ROWS.items()}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_secret_stands_where_it_may_and_nowhere_else(world: World, column: str) -> None:
    seen: dict[str, set[str]] = {}
    for (_method, name), answer in walk(world, column)[0].items():
        for canary in CANARIES:
            if canary in answer.text:
                seen.setdefault(canary, set()).add(name)
    assert set(seen) == {canary for canary, who in CANARIES.items() if column in who}, seen


def test_what_was_kept_for_one_is_not_shown_to_another(world: World) -> None:
    """Bodies are kept and shared by those with the same rights: whoever comes first, each sees what he saw alone."""
    at, alone = addresses(world), {column: walk(world, column)[0] for column in COLUMNS}
    for name in KEPT:
        for columns in (COLUMNS, COLUMNS[::-1]):
            cache.clear()
            shown = {column: ask(browser(world, column), "GET", at[name]) for column in columns}
            differ = [column for column in columns if _shown(shown[column]) != _shown(alone[column]["GET", name])]
            assert differ == [], name


def _shown(answer: Answer) -> str:
    """The page without what is the session's own: the token of its forms, and its ETag."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text).replace(answer.headers.get("ETag", "\0"), "")


@pytest.mark.parametrize("column", COLUMNS)
def test_to_read_changes_nothing(world: World, column: str) -> None:
    assert walk(world, column)[1] == {}


@pytest.mark.parametrize("role", list(Role))
def test_nobody_of_another_city_reaches_an_object_whatever_the_role(world: World, role: Role) -> None:
    client, at = client_of(world.strange, cast.ROLE_OF[role]), addresses(world)
    objects = {name for name, (named, _methods) in patterns().items() if named} - SHARED_WORDS - PUBLIC
    asked = [(method, name) for method, name in ROWS if name.split()[0] in objects and not name.endswith(" strange")]
    assert asked
    assert {key: status for key in asked if (status := ask(client, key[0], at[key[1]]).status) != 404} == {}


@pytest.mark.parametrize("column", ["anonymous", "reporter", "supervisor", "auditor"])
def test_a_method_that_is_not_declared_is_refused(world: World, column: str) -> None:
    at, client = addresses(world), browser(world, column)
    methods, before = {name: methods for name, (_object, methods) in patterns().items()}, everything()
    wrong = {}
    for name in {name.split()[0]: name for _method, name in reversed(ROWS)}.values():  # whichever object it names: one of each view
        for method in set(METHODS) - set(methods[name.split()[0]]):
            if (status := client.generic(method, at[name]).status_code) not in (302, 404, 405):
                wrong[method, name] = status
    assert wrong == {}
    assert everything() == before


@pytest.mark.parametrize("column", ["anonymous", "reporter", "supervisor", "administrator"])
def test_every_answer_carries_its_policies(world: World, column: str) -> None:
    """Forms, files and exports are kept by nobody; all else is asked for again each time; nothing runs or loads from elsewhere."""
    forms = {name for name, (_object, methods) in patterns().items() if "POST" in methods}
    for key, answer in walk(world, column)[0].items():
        name, kept = key[1].split()[0], answer.headers["Cache-Control"]
        if answer.status < 300:
            assert "no-store" in kept or not (name in forms or "Content-Disposition" in answer.headers), (key, kept)
        assert "private" in kept, (key, kept)
        assert "no-store" in kept or "no-cache" in kept, (key, kept)
        assert name in FRAMED or not UNSAFE.search(answer.headers["Content-Security-Policy"]), key
        assert answer.headers["X-Content-Type-Options"] == "nosniff", key
        assert HOSTS.findall(answer.text) == [], key


def test_the_stage_is_not_there_where_nothing_is_staged(world: World, settings: Any) -> None:
    settings.STAGE = False
    at = addresses(world)
    staged = {name for route, pattern in all_views() if (name := str(pattern.name)) and declared_entry(pattern.callback).stage_only}  # type: ignore[union-attr]
    lines = [(method, name) for method, name in ROWS if name.split()[0] in staged]
    for column in COLUMNS:
        client = browser(world, column)
        assert {key: ask(client, key[0], at[key[1]]).status for key in lines} == dict.fromkeys(lines, 404)
