"""Leaving a ballot and coming back: no ballot, no code, and the receipt if it was sent.

In a browser that keeps the last pages in memory, as those of phones do; Playwright
switches that off unless told otherwise.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect

from survey_app.ballot.tickets import USED
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.support.browser.booth import Site, answer_all, booth_served, new_slip, scan

pytestmark = pytest.mark.browser

site = pytest.fixture(booth_served, scope="module")


@pytest.fixture(scope="module")
def remembering(chromium: Browser) -> Iterator[Browser]:
    """A Chromium with its back-forward cache."""
    # Playwright starts once a process; the one there is belongs to `chromium`.
    kept = ["--disable-back-forward-cache"]
    started = chromium.browser_type.launch(
        executable_path=shutil.which("chromium-headless-shell"),
        args=CHROMIUM_FLAGS,
        ignore_default_args=kept,
    )
    yield started
    started.close()


def go(page: Page, where: str) -> str:
    """Go back or forward as far as it leads, and return all that can be seen."""
    step = page.go_back if where == "back" else page.go_forward
    try:
        step(timeout=2000, wait_until="commit")
    except Error as error:
        # The page would have to be sent again; after a page that was only brought
        # back Playwright waits in vain, and there it is.
        if "ERR_CACHE_MISS" in str(error):
            return ""
    expect(page.locator("body")).to_be_attached()
    fields = page.locator("input:not([type=hidden]), textarea").all()
    typed = "".join(f.input_value() for f in fields if f.get_attribute("type") is None)
    assert page.locator("#answers").count() == 0
    return typed


@pytest.mark.parametrize("script", ["script", "no script"])
def test_back_and_forward_show_neither_ballot_nor_code_once_it_was_sent(
    remembering: Browser, site: Site, script: str
) -> None:
    context = remembering.new_context(java_script_enabled=script == "script")
    page, code = context.new_page(), new_slip(site.one)
    scan_typed(page, site, code)
    answer_all(page)
    page.locator("button.send").click()
    expect(page.locator(".receipt")).to_be_visible()

    seen = [go(page, where) for where in ("back", "back", "forward", "forward")]

    assert seen == [""] * 4
    context.close()


def test_before_it_was_sent_back_shows_no_code_and_forward_no_ballot(
    remembering: Browser, site: Site
) -> None:
    context = remembering.new_context()
    page = context.new_page()
    scan_typed(page, site, new_slip(site.one))
    page.locator("tbody label").first.click()

    assert go(page, "back") == ""
    assert go(page, "forward") == ""
    context.close()


def test_the_receipts_page_loaded_again_shows_the_same_receipt(
    remembering: Browser, site: Site
) -> None:
    context = remembering.new_context()
    page, code = context.new_page(), new_slip(site.one)
    scan(page, site, code, "?lang=en")
    answer_all(page)
    page.locator("button.send").click()
    receipt = page.locator(".receipt").inner_text()

    page.reload()

    expect(page.locator("h1")).to_have_text("Your ballot was in the box already")
    assert page.locator(".receipt").inner_text() == receipt
    context.close()


def test_whose_reply_is_lost_presses_again_and_gets_the_receipt(
    remembering: Browser, site: Site
) -> None:
    context = remembering.new_context(java_script_enabled=False)
    page, code = context.new_page(), new_slip(site.one)
    scan_typed(page, site, code)
    answer_all(page)

    def lose(route: Route) -> None:
        route.fetch()  # it arrives, and its reply does not
        route.fulfill(status=204)

    page.route("**/b*", lose)
    page.locator("button.send").click()
    page.wait_for_timeout(0)
    page.unroute("**/b*")
    assert site.one.row(code)[0] == USED
    page.locator("button.send").click()

    expect(page.locator("h1")).to_have_text("Your ballot was in the box already")
    expect(page.locator(".receipt")).to_be_visible()
    context.close()


def scan_typed(page: Page, site: Site, code: str) -> None:
    page.goto(f"{site.url}/b?lang=en")
    page.locator("#code").fill(code)
    page.locator("button.send").click()
    expect(page.locator("#answers")).to_be_visible()
