"""Which pictures the handbook has: each a page of the demo county, as somebody sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from survey_app.demo.stand import Invitation

PHONE, DESK = (360, 640), (1024, 700)
"""Widths and heights in CSS pixels."""

Steps = Callable[[Page], None]
"""What is done on a page before the picture is taken."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    """The file's name without language and ending."""
    address: str
    """Where it is, below the platform's address; fields of `Places` in braces."""
    size: tuple[int, int] = DESK
    part: str = ""
    """The part of the page that is meant, as a selector; empty: what a window shows."""
    steps: Steps | None = None
    signed_in: bool = True
    """Whether the office's account looks at it."""


def press(button: str) -> Steps:
    """Return a step that presses a button, found by a selector."""

    def step(page: Page) -> None:
        page.locator(button).first.click()

    return step


def tick_all(choice: int) -> Steps:
    """Return a step that gives every question the same choice."""

    def step(page: Page) -> None:
        for group in page.locator("fieldset").all():
            group.locator("label").nth(choice).click()
        page.evaluate("scrollTo(0, 0)")

    return step


def answered(page: Page) -> None:
    """Answer and send, up to the page that thanks."""
    tick_all(1)(page)
    page.locator("form button.send, form button[type=submit]").last.click()
    page.locator(".receipt").wait_for()


def gap(page: Page) -> None:
    """Send a form in which one question was left out."""
    for group in page.locator("fieldset").all()[1:]:
        group.locator("label").nth(1).click()
    page.locator("form button.send, form button[type=submit]").last.click()
    page.locator(".problem").first.wait_for()


def places(invitation: Invitation) -> dict[str, str]:
    """Return the addresses that differ from county to county."""
    return {
        "survey": invitation.open_survey_url,
        "slip": invitation.ballot_url,
        "office": invitation.office_url,
    }
