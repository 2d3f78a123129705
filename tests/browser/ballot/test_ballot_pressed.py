"""Pressing "send" twice, stopping it, coming back to it."""

import pytest
from playwright.sync_api import Route, expect

from survey_app.ballot.tickets import USED
from tests.browser.conftest import OpenPage
from tests.support.browser.booth import Site, answer_all, booth_served, new_slip, scan

pytestmark = pytest.mark.browser

site = pytest.fixture(booth_served, scope="module")


def test_pressing_twice_sends_once_and_shows_the_receipt(
    open_page: OpenPage, site: Site
) -> None:
    page, code = open_page(), new_slip(site.several)
    scan(page, site, code)
    answer_all(page)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.method) if r.method == "POST" else None)

    # The first one is on its way, for no reply leaves within a quarter of a second.
    page.evaluate(
        """() => {
            const button = document.querySelector("button.send");
            button.click();
            setTimeout(() => button.click(), 100);
        }"""
    )

    expect(page.locator(".receipt")).to_be_visible()
    assert sent == ["POST"]
    assert site.several.row(code)[0] == USED


@pytest.mark.parametrize("later", ["back", "waited"])
def test_whoever_stopped_it_or_comes_back_can_press_again(
    open_page: OpenPage, site: Site, later: str
) -> None:
    page = open_page()
    page.clock.install()
    scan(page, site, new_slip(site.several))
    answer_all(page)
    asked: list[str] = []

    def stop(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=204)  # the page stays as it was

    page.route("**/B*", stop)
    page.locator("button.send").click()
    page.locator("button.send").click()
    assert asked == ["POST"]
    page.unroute("**/B*")
    if later == "back":
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    else:
        page.clock.fast_forward(11_000)
    page.locator("button.send").click()

    expect(page.locator(".receipt")).to_be_visible()
