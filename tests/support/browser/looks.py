"""Looking at pages as one comes by: nothing sticks out, nothing shuts anybody out."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW = 360


def looks_right(page: Page, width: int = 0) -> None:
    """Check a page as it stands; `width`: as wide as that, and then as it was."""
    before = page.viewport_size
    assert before
    if width:
        page.set_viewport_size({"width": width, "height": 740})
    across = page.evaluate("document.documentElement.scrollWidth")
    assert across == (width or before["width"]), page.url
    found = Axe().run(page).response["violations"]
    told = [(one["id"], [n["html"] for n in one["nodes"]][:3]) for one in found]
    assert told == [], page.url
    if width:
        page.set_viewport_size(before)


def looks_right_everywhere(page: Page) -> None:
    """Check a page as it stands, and as a phone shows it."""
    looks_right(page)
    looks_right(page, NARROW)
