"""A bad network: cut, 502, a reply that got lost; every form counts once."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.support.browser.site import (
    Shoot,
    Site,
    answer_all,
    send,
    site_served,
    tap_send,
)

pytestmark = pytest.mark.browser
site = pytest.fixture(scope="module")(site_served)

WAITS = "尚未发出：网络没有响应。"


def kept(page: Page) -> int:
    """Return how many forms wait on the device."""
    return int(
        page.evaluate(
            "Object.keys(localStorage).filter(k => /^waiting/.test(k))"
            ".reduce((n, k) => n + JSON.parse(localStorage[k]).length, 0)"
        )
    )


def posts(page: Page, do: str | int) -> None:
    """Let every form that is sent meet this: "cut", "lost", or a gateway's status."""

    def meet(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif do == "cut":
            route.abort("internetdisconnected")
        elif do == "lost":
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.fulfill(status=int(do), body="<h1>Bad Gateway</h1>")

    page.unroute_all()
    page.route("**/s/*", meet)


def filled(open_page: OpenPage, site: Site, do: str | int) -> Page:
    """Return a page whose form was sent into such a network."""
    page = open_page()
    page.goto(site.one)
    answer_all(page)
    page.locator("textarea").fill("窗口排队太久")
    posts(page, do)
    tap_send(page)
    expect(page.locator("#wait")).to_contain_text(WAITS)
    return page


@pytest.mark.parametrize("do", ["cut", 502, 503, 504])
def test_it_waits_on_the_device_and_is_sent_when_asked(
    open_page: OpenPage, site: Site, shoot: Shoot, do: str | int
) -> None:
    page = filled(open_page, site, do)
    shoot(page, "waits")
    assert kept(page) == 1

    page.unroute_all()
    page.locator("#now").click()

    expect(page).to_have_url(re.compile("/r/"))
    expect(page.locator(".receipt")).to_be_visible()
    assert kept(page) == 0


def test_it_is_sent_by_itself_when_the_network_is_back(
    open_page: OpenPage, site: Site
) -> None:
    page = filled(open_page, site, "cut")
    page.unroute_all()
    page.context.set_offline(True)
    page.context.set_offline(False)

    expect(page).to_have_url(re.compile("/r/"))
    assert kept(page) == 0


def test_a_reply_that_got_lost_is_the_same_form(
    open_page: OpenPage, site: Site
) -> None:
    page = filled(open_page, site, "lost")
    page.unroute_all()
    page.locator("#now").click()

    # It was counted before: the page says so and shows its one receipt.
    expect(page.locator(".receipt")).to_be_visible()
    assert kept(page) == 0


def test_a_closed_page_sends_it_when_it_is_opened_again(
    open_page: OpenPage, site: Site
) -> None:
    page = filled(open_page, site, "cut")
    again = page.context.new_page()
    page.close()

    again.goto(site.one)

    expect(again).to_have_url(re.compile("/r/"))
    assert kept(again) == 0


def test_it_can_be_given_up(open_page: OpenPage, site: Site) -> None:
    page = filled(open_page, site, "cut")
    page.locator("#never").click()

    expect(page.locator("#wait")).to_be_hidden()
    assert kept(page) == 0
    expect(page.locator("textarea")).to_have_value("窗口排队太久")


def test_what_the_server_says_is_shown_as_ever(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.one)
    page.locator("#f-attitude label").first.click()
    send(page)

    expect(page.locator(".problem")).to_be_visible()
    assert kept(page) == 0


def test_nothing_waits_on_a_device_that_many_share(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    page.goto(f"{site.one}?shared=1")
    answer_all(page)
    send(page)

    expect(page).to_have_url(re.compile("/r/"))
    assert page.evaluate("localStorage.length") == 0
