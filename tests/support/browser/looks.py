"""Looking at pages as one comes by: nothing sticks out, nothing shuts anybody out."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW = 360


@contextmanager
def as_wide_as(page: Page, width: int) -> Iterator[None]:
    """Show a page that wide, and afterwards as it was."""
    before = page.viewport_size
    assert before
    page.set_viewport_size({"width": width, "height": 740})
    yield
    page.set_viewport_size(before)


def width_of(page: Page) -> int:
    """Return how many CSS pixels a page needs to the side, once it has come."""
    page.wait_for_load_state()  # of a page that is only coming nothing can be measured
    return int(page.evaluate("document.documentElement.scrollWidth"))


def fits(page: Page) -> None:
    """Check that nothing sticks out to the side."""
    assert width_of(page) <= page.evaluate("innerWidth"), page.url


def looks_right(page: Page) -> None:
    """Check a page as it stands, and that it fits a phone."""
    fits(page)
    found = Axe().run(page).response["violations"]
    told = [(one["id"], [n["html"] for n in one["nodes"]][:3]) for one in found]
    assert told == [], page.url
    with as_wide_as(page, NARROW):
        fits(page)


def looks_right_on_a_phone(page: Page) -> None:
    """Check a page as it stands, and all of it as a phone shows it."""
    looks_right(page)
    with as_wide_as(page, NARROW):
        looks_right(page)
