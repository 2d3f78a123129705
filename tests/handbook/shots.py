"""Which pictures the handbook has: pages of the demo county, as somebody sees them."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

PHONE, DESK = (360, 640), (1024, 820)
"""Width and height in CSS pixels."""
QUESTIONS = "fieldset"

Steps = Callable[[Page], None]
"""What is done on a page before the picture is taken."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    """The file's name without language and ending."""
    start: str
    """Where it begins: "survey", "slip" or "office"."""
    clicks: tuple[str, ...] = ()
    """Links that lead from there to the page, as selectors."""
    size: tuple[int, int] = DESK
    steps: Steps | None = None


def answer(page: Page, skip: int = 0) -> None:
    """Choose the second answer of every question but the first few, and send."""
    for group in page.locator(QUESTIONS).all()[skip:]:
        group.locator("label").nth(1).click()
    page.locator("form button:not([name])").last.click()


def thanks(page: Page) -> None:
    """Answer up to the page that thanks."""
    answer(page)
    page.locator(".receipt").wait_for()


def gap(page: Page) -> None:
    """Send a form in which one question was left out."""
    answer(page, skip=1)
    page.locator(".problem").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


CLOSED, RUNNING, SECRET = "surveys/2", "surveys/1", "surveys/3"
"""The demo county's surveys: a ballot that is over, an open survey, an open ballot."""

SHOTS = (
    Shot("answer", "survey", size=PHONE),
    Shot("gap", "survey", size=PHONE, steps=gap),
    Shot("thanks", "survey", size=PHONE, steps=thanks),
    Shot("ballot", "slip", size=PHONE),
    Shot("desk", "office"),
    Shot("results", "office", (f"/{CLOSED}/results",)),
    Shot("score-sheet", "office", ("/score-sheets/2", "a:has-text('王建国')")),
    Shot("alert", "office", ("/alerts", "main table a[href*='/alerts/']")),
    Shot("imports", "office", ("/imports",)),
    Shot("rules", "office", ("/rules",)),
    Shot("survey", "office", (f"/{RUNNING}",)),
    Shot("secret", "office", (f"/{SECRET}",)),
    Shot("scores", "office", ("/score-sheets/2",)),
)
"""All of them; the handbook's texts name each in both languages (a test)."""
