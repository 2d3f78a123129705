"""A real server, a real browser, and where its pictures go."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    sync_playwright,
)

from tests.conftest import IN_CI
from tests.support.server import Server, serving

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ARTEFACTS = Path(__file__).resolve().parents[2] / ".artefacts"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    yield from launched(playwright)


@pytest.fixture(scope="session")
def remembering_chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser that shows pages again after Back as they were left, as real ones do.

    Playwright switches that off, and the shell without windows never does it. Going
    back must wait for "commit": a page that is only shown again never loads.
    """
    remembering = ["--disable-back-forward-cache"]
    yield from launched(playwright, "chromium", without=remembering)


def launched(
    playwright: Playwright,
    program: str = "chromium-headless-shell",
    without: Sequence[str] = (),
) -> Iterator[Browser]:
    """Yield Debian's Chromium until the tests are done; without windows it is quick."""
    path = shutil.which(program)
    if path is None:
        assert not IN_CI, f"the gate needs Debian's package {program}"
        pytest.skip(f"install the packages {program} and fonts-noto-cjk")
    browser = playwright.chromium.launch(
        executable_path=path, args=CHROMIUM_FLAGS, ignore_default_args=list(without)
    )
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """A factory of pages, phone-sized unless told otherwise, each without memory."""
    yield from pages_of(chromium)


@pytest.fixture
def open_remembered(remembering_chromium: Browser) -> Iterator[OpenPage]:
    """A factory of pages in a browser that shows them again after Back."""
    yield from pages_of(remembering_chromium)


def pages_of(browser: Browser) -> Iterator[OpenPage]:
    """Yield a factory of pages; they are closed when the test is over."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 360, height: int = 640, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            **options,  # type: ignore[arg-type]  # Playwright names the options
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keep a picture of a page, named after the test, where SURVEY_PICTURES is set.

    Pictures are for whoever looks at them; drawing all takes a third of the time.
    """
    test: str = request.node.name
    folder = ARTEFACTS / test.replace("/", "_")

    def shoot(page: Page, name: str) -> Path:
        picture = folder / f"{name}.png"
        if "SURVEY_PICTURES" not in os.environ:
            return picture
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture, full_page=True)
        return picture

    return shoot


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """The platform served by gunicorn as it ships, over an empty migrated database."""
    with serving(database_url) as running:
        yield running
