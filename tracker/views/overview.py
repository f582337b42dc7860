"""总览: what lags, what changed, what waits, then the whole; a body that is made once for all who may see the same.

/overview/?period=2022Q2&reading=closing|today&scope=portfolio|all
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from people import clock
from people.access import Person, entry
from people.models import Role
from tracker import caching
from tracker.queries.decisions import decisions, stamp
from tracker.queries.looking import CLOSING, TODAY, look
from tracker.queries.overview import overview as overview_of
from tracker.views.overview_parts import Body


def scope_of(request: HttpRequest, person: Person) -> bool:
    """Whether a leader's own portfolio is shown: his first look, unless he asks for the whole city."""
    return person.has(Role.LEADER) and bool(person.portfolio) and request.GET.get("scope") != "all"


def rights_of(person: Person, portfolio: bool) -> tuple[Any, ...]:
    """The scope of rights that a body is made for: who reads all, or of which department; whose portfolio."""
    whose = (person.id, *sorted(person.portfolio)) if portfolio else ()
    return (person.government_id, person.reads_all or person.department_id, person.has(Role.LEADER) and bool(person.portfolio), whose)


@entry()
def overview(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    portfolio, asked = scope_of(request, person), (request.GET.get("period", ""), request.GET.get("reading", ""))
    day = clock.day_of(request.now, person.user.government.zone)
    key = caching.key_of(
        "overview", person.user.government.run, person.user.government.beside, day, asked, stamp(person.government_id), rights_of(person, portfolio)
    )

    def page() -> HttpResponse:
        return render(request, "tracker/overview.html", {"body": caching.body(key, lambda: drawn(person, request, asked, portfolio))})

    return caching.answer(request, caching.etag_of(request, key), page)


def drawn(person: Person, request: HttpRequest, asked: tuple[str, str], portfolio: bool) -> str:
    """The body, with nothing in it of the person but his scope of rights."""
    seen = look(person, request.now, *asked)
    if seen is None:
        raise Http404
    found = overview_of(person, seen, portfolio)
    body = Body(found, items_query(asked, portfolio), person.user.government.zone)
    shown = {
        "found": found, "body": body, "seen": seen, "period": asked[0], "reading": CLOSING if seen.period else TODAY, "reads_all": person.reads_all,
        "decisions": decisions(person, portfolio, seen.day) if seen.period is None else None, "scoped": person.has(Role.LEADER) and bool(person.portfolio), "day": seen.day,
        "zone": person.user.government.zone, "links": links(asked, portfolio, person), "periods": body.periods(),
    }  # fmt: skip
    return render_to_string("tracker/overview/body.html", shown)


def items_query(asked: tuple[str, str], portfolio: bool) -> str:
    """The address of the list of items at the same look and scope; filters are added behind it."""
    chosen = {"as_of_period": asked[0], "reading": asked[1], "portfolio": "1" if portfolio else ""}
    return f"{reverse('items')}?" + "".join(f"{urlencode({name: value})}&" for name, value in chosen.items() if value)


def links(asked: tuple[str, str], portfolio: bool, person: Person) -> Mapping[str, str]:
    """The other readings and the other scope."""
    period = {"period": asked[0]} if asked[0] else {}
    reading = {"reading": asked[1]} if asked[1] else {}
    scope = {"scope": "all"} if person.has(Role.LEADER) and person.portfolio and not portfolio else {}
    ask = lambda query: f"?{urlencode(query)}"  # noqa: E731
    return {
        "today": ask({**period, **({"reading": TODAY} if period else {}), **scope}),
        "closing": ask({**period, "reading": CLOSING, **scope}),
        "portfolio": ask({**period, **reading}),
        "all": ask({**period, **reading, "scope": "all"}),
    }
