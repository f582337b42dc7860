"""A walk through every page that a role can reach: from the start along the links, each kind of page once."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

ROLES = {  # the stage's cards
    "reporter": "gxj-reporter",
    "reviewer": "gxj-reviewer",
    "supervisor": "supervisor",
    "leader": "vice-city",
    "administrator": "administrator",
    "auditor": "auditor",
}
TOLD = (  # pages that tell the demonstration's story are taken where a walk would take the first of their kind
    "/items/report-2022/3.3-19/",
    "/plans/report-2022/",
    "/departments/gxj/",
)
PASSED_OVER = frozenset({"evidence", "message-body", "language", "sign-out", "sign-in", "health", "paper-template", "plan-table"})  # no pages of their own


@dataclass(frozen=True)
class Stop:
    """A page of the walk: the name of its URL, its address."""

    name: str
    address: str


def name_of(address: str) -> str:
    """The name of a page's URL; "" for what is no page of ours."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


def become(page: Page, home: str, login: str) -> None:
    """Signs in by a card of the stage."""
    page.goto(f"{home}/stage/")
    page.locator("form", has=page.locator(f'input[name=login][value="{login}"]')).locator("button").first.click()
    page.wait_for_load_state()


def stops(page: Page, home: str) -> Iterator[Stop]:
    """Each kind of page once, opened; whoever walks may look at it before the next one is opened."""
    seen: set[str] = set()
    ahead = ["/", *TOLD]
    while ahead:
        address = ahead.pop(0)
        name = name_of(address)
        if not name or name in seen or name in PASSED_OVER:
            continue
        answer = page.goto(home + address)
        if answer is None or (answer.status == 404 and address in TOLD):
            continue
        landed = urlsplit(page.url)
        seen |= {name, name_of(landed.path)}
        if answer.status != 200:
            raise AssertionError(f"{address} answered {answer.status}")
        yield Stop(name_of(landed.path), landed.path + (f"?{landed.query}" if landed.query else ""))
        ahead += [link for link in _links(page) if link not in ahead]


def _links(page: Page) -> list[str]:
    """Where the page leads to within the product, in its order, those of its navigation first."""
    return page.eval_on_selector_all(
        "a[href]", "found => found.filter(a => a.origin === location.origin && !a.hasAttribute('download')).map(a => a.pathname + a.search)"
    )
