"""Every page and state for respondents, measured: sizes, zoom, accessibility."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.browser.conftest import OpenPage
from tests.support.browser.site import LOOKS, Shoot, Site, answer_all, send, site_served
from tests.support.respondents import GOOD, HALF, Respondent, ask_about

pytestmark = pytest.mark.browser
site = pytest.fixture(scope="module")(site_served)

Reach = Callable[[Page, Site, str], None]


def at(address: str) -> Reach:
    """Return the way to a page of the site."""

    def reach(page: Page, site: Site, look: str) -> None:
        page.goto(address.format(site=site) + look)

    return reach


def at_with(address: str, query: str) -> Reach:
    """Return the way to a page of the site that is asked something."""

    def reach(page: Page, site: Site, look: str) -> None:
        page.goto(f"{address.format(site=site)}{look or '?'}&{query}")

    return reach


def came_back(page: Page, site: Site, look: str) -> None:
    page.goto(site.several + look)
    page.locator("textarea").evaluate("box => box.value = '字'.repeat(301)")
    send(page)


def half_answered(page: Page, site: Site, look: str) -> None:
    page.goto(site.one + look)
    for group in page.locator("fieldset").all()[:4]:
        group.locator("label").first.click()


def thanked(page: Page, site: Site, look: str) -> None:
    page.goto(site.one + look)
    answer_all(page)
    send(page)


def repeated(page: Page, site: Site, look: str) -> None:
    page.goto(site.several + look)
    submission = page.locator("[name=submission]").input_value()
    answer_all(page)
    send(page)
    page.goto(site.several + look)
    page.locator("[name=submission]").evaluate("(e, id) => e.value = id", submission)
    answer_all(page)
    send(page)


STATES: dict[str, Reach] = {
    "start": at("{site.url}/"),
    "one": at("{site.one}"),
    "several": at("{site.several}"),
    "half-answered": half_answered,
    "came-back": came_back,
    "thanked": thanked,
    "repeated": repeated,
    "receipt": at("{site.url}/r"),
    "unknown-receipt": at("{site.url}/r/0000-0000-0000-0000"),
    "no-receipt": at_with("{site.url}/r", "code="),
    "no-code": at_with("{site.url}/s", "code="),
    "closed": at("{site.closed}"),
    "not-yet": at("{site.not_yet}"),
    "unknown-code": at("{site.url}/s/0000000000"),
    "no-such-page": at("{site.url}/nowhere"),
}

MOST_SEEN = ("one", "came-back", "thanked")
SEEN = [
    (state, look)
    for state in STATES
    for look in (LOOKS if state in MOST_SEEN else LOOKS[::3])
]
"""The pages most people see in every look, the others in the two that differ most."""

TEXT_SIZES = """() => [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
    .map(e => [parseFloat(getComputedStyle(e).fontSize), e.innerText.slice(0, 20)])"""
TARGETS = """wanted => [...document.querySelectorAll(wanted)]
    .map(e => [e.getBoundingClientRect().height, e.outerHTML.slice(0, 60)])"""
SPILL = "() => document.documentElement.scrollWidth - innerWidth"
LARGEST_LETTERS = "html { font-size: calc(1.75 * 100%) !important }"
"""What WeChat does to a page for somebody who sees little."""
MAIN_TARGETS = ".choice, .send, .code, textarea, .looks a, .looks button"


def resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})


def violations(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]


@pytest.mark.parametrize(("state", "look"), SEEN)
def test_a_page_is_large_enough_accessible_and_fits_every_screen(
    open_page: OpenPage, site: Site, shoot: Shoot, state: str, look: str
) -> None:
    page = open_page(bypass_csp=True)
    STATES[state](page, site, look)
    large = "large" in look
    shoot(page, "360")

    small = [seen for seen in page.evaluate(TEXT_SIZES) if seen[0] < (16, 18)[large]]
    flat = [t for t in page.evaluate(TARGETS, MAIN_TARGETS) if t[0] < (44, 60)[large]]
    thin = [t for t in page.evaluate(TARGETS, "a, button") if t[0] < 44]
    assert (small, flat, thin) == ([], [], [])
    assert violations(page) == []

    resize(page, 1280, 800)
    shoot(page, "1280")
    main = page.locator("main").bounding_box()
    assert main
    assert main["width"] <= (640, 800)[large]

    spilled = {}
    for width, height in ((180, 320), (640, 360), (360, 640)):  # 360 and 1280 at 200 %
        resize(page, width, height)
        spilled[width] = page.evaluate(SPILL)
    page.add_style_tag(content=LARGEST_LETTERS)
    spilled[0] = page.evaluate(SPILL)
    shoot(page, "largest-letters")
    assert max(spilled.values()) <= 0, spilled


@pytest.mark.parametrize("look", LOOKS[::3])
def test_the_pages_that_say_not_kept_are_accessible(
    open_page: OpenPage, client: FlaskClient, db: Session, shoot: Shoot, look: str
) -> None:
    respondent = Respondent(client, ask_about(db).code)
    form = {**HALF, **GOOD, "submission": respondent.scan().submission}
    db.execute(text("DROP TABLE receipt"))
    db.commit()
    page = open_page(bypass_csp=True)

    page.set_content(respondent.send(form, look).text)
    shoot(page, "not-kept")

    assert violations(page) == []
