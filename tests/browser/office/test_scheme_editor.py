"""Every part of a scheme as its author sees it, at a desk and on a phone."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests.browser.conftest import OpenPage
from tests.conftest import ONE_DATABASE
from tests.support.browser.ballot_office import Official, official
from tests.support.browser.looks import looks_right
from tests.support.browser.rules_desk import number_of, press
from tests.support.server import Server

pytestmark = [pytest.mark.browser, ONE_DATABASE]

SURVEY = "components[1].components[1]"
PARTS = (
    "", "components[0]", "components[1]", SURVEY, f"{SURVEY}.rater_groups[1]",
    "rates[0]", "alerts[0]", "review", "adjustments", "disclosure",
)  # fmt: skip
BESIDE = ("/numbers", "/trial", "/trial/survey", "/effects")
WIDTHS = [1280, 360]


@pytest.fixture(params=WIDTHS)
def desk(
    request: pytest.FixtureRequest, db: Session, server: Server, open_page: OpenPage
) -> Official:
    """Somebody who writes schemes, at a desk or with a phone."""
    page = open_page(request.param, 900)
    return official(db, page, server.url, "设计人", "designer")


def copied(desk: Official, key: str) -> str:
    """Return the page of a draft that starts as a copy of a shipped scheme."""
    page = desk.see("/rules?kind=scheme")
    forms = page.locator(f"form[action$='/copies']:has([value={key}])")
    press(forms.filter(has=page.locator("[name=to][value=copy]")).locator("button"))
    return f"/rules/{number_of(page)}"


def test_every_part_is_open_to_all(desk: Official) -> None:
    draft = copied(desk, "yijun-2017")
    for place in PARTS:
        looks_right(desk.see(f"{draft}/part?place={quote(place)}"))
    for beside in BESIDE:
        looks_right(desk.see(f"{draft}{beside}"))


def added(page: Page, list_name: str) -> None:
    """Add a part to a list: the editor leads to its page."""
    adding = page.locator("form[action$='/arrangement']")
    of_list = adding.filter(has=page.locator(f"[name=kind][value={list_name}]"))
    press(of_list.locator("button").first)


def test_a_scheme_from_nothing_says_what_is_wanting_wherever_one_looks(
    desk: Official,
) -> None:
    page = desk.see("/rules?kind=scheme")
    press(page.locator("form[action$='/rules/new'] button"))
    looks_right(page)
    draft = f"/rules/{number_of(page)}"
    for list_name in ("components", "alerts", "rates"):
        added(desk.see(draft), list_name)
        looks_right(page)
    page = desk.see(f"{draft}/part?place={quote('components[0]')}")
    page.locator("#kind").select_option("survey")
    press(page.locator("form#page-form button"))
    looks_right(page)
    for list_name in ("rater_groups", "conditions", "ballot_rules"):
        added(desk.see(f"{draft}/part?place={quote('components[0]')}"), list_name)
        looks_right(page)
    looks_right(desk.see(draft))


def test_what_is_ready_is_compared_and_withdrawn(desk: Official) -> None:
    first = copied(desk, "one-third")
    page = desk.see(first)
    press(page.locator("form[action$='/ready'] button"))
    looks_right(page)
    press(page.locator("form:has([name=to][value=next]) button"))
    page.locator("a[href$='/part']").click()
    page.fill("#title-zh", "另一方案")
    press(page.locator("form#page-form button"))
    page.locator("a[href*='/difference']").first.click()
    looks_right(page)
    looks_right(desk.see(f"{first}/withdrawal"))
