"""The address on a slip with something hanging on to it, in a real browser."""

import pytest
from playwright.sync_api import expect

from survey_app.ballot.paper.ticket import printed_ticket
from tests.browser.conftest import OpenPage
from tests.support.browser.booth import Site, booth_served, new_slip

pytestmark = pytest.mark.browser

site = pytest.fixture(booth_served, scope="module")


@pytest.mark.parametrize(
    "address",
    [
        "/B#{}%0A", "/B#{}。", "/b/#{}", "/b#{}&from=singlemessage", "/b#{}/",
        "/b。#{}", "/b?from=timeline#{}%20%E2%80%8B", "/b#%EF%BC%9A{}", "/b#{}%ZZ",
    ],
)  # fmt: skip
def test_a_slips_address_with_a_tail_opens_the_ballot(
    open_page: OpenPage, site: Site, address: str
) -> None:
    page, code = open_page(), new_slip(site.one)
    told: list[str] = []
    page.on("request", lambda r: told.append(f"{r.url.partition('#')[0]} {r.headers}"))

    page.goto(site.url + address.format(code))

    expect(page.locator("input[name=code]")).to_have_value(code)
    expect(page.locator("#answers")).to_be_visible()
    assert code not in page.url
    assert not [one for one in told if code in one]


def test_an_address_pasted_while_the_page_is_open_is_taken_too(
    open_page: OpenPage, site: Site
) -> None:
    page, code = open_page(), new_slip(site.one)
    page.goto(f"{site.url}/b")

    page.evaluate("code => { location.hash = code }", printed_ticket(code).lower())

    expect(page.locator("#answers input[name=code]")).to_have_value(code)
    assert "#" not in page.url
