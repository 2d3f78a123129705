"""A real server, a real browser, and where its pictures go."""

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

    Playwright switches that off. Going back must wait for "commit": a page that is
    only shown again never loads.
    """
    yield from launched(playwright, without=["--disable-back-forward-cache"])


def launched(playwright: Playwright, without: Sequence[str] = ()) -> Iterator[Browser]:
    """Yield Debian's Chromium until the tests are done."""
    path = shutil.which("chromium")
    if path is None:
        assert not IN_CI, "the gate needs Debian's package chromium"
        pytest.skip("install the packages chromium and fonts-noto-cjk")
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
    """Keep a picture of a page, named after the test."""
    test: str = request.node.name
    folder = ARTEFACTS / test.replace("/", "_")

    def shoot(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        picture = folder / f"{name}.png"
        page.screenshot(path=picture, full_page=True)
        return picture

    return shoot


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """The platform served by gunicorn as it ships, over an empty migrated database."""
    with serving(database_url) as running:
        yield running
