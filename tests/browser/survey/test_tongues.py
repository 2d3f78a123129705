"""Pages that run from the right and downwards, seen by a browser and by axe."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey_app.database import borrowed_engine, writing
from tests.browser.conftest import OpenPage
from tests.support.browser.site import Shoot, send
from tests.support.respondents import ALWAYS_OPEN, ask_about
from tests.support.server import Server, serving
from tests.support.tongues import REAL, in_tongues

pytestmark = pytest.mark.browser
PHONE, DESK = (360, 640), (1280, 800)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a survey in four more languages is answered."""
    folder = tmp_path_factory.mktemp("tongues")
    with serving(f"sqlite:///{folder}/survey.db") as server:
        yield f"{server.url}/s/{_asked(server)}"


def _asked(server: Server) -> str:
    plan = replace(ALWAYS_OPEN, questionnaire=in_tongues())
    with (
        borrowed_engine(server.settings.database_url) as engine,
        Session(writing(engine)) as session,
    ):
        return ask_about(session, plan).code


def assert_clean(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [n["html"] for n in one["nodes"]]) for one in found] == []


def assert_fits(page: Page, *, down: bool) -> None:
    """Check that a page scrolls in one direction only."""
    side = "Height" if down else "Width"
    beyond = page.evaluate(
        f"document.documentElement.scroll{side} - document.documentElement.client{side}"
    )
    assert beyond <= 1


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("language", ["bo", "mn-Mong", "ug"])
def test_a_page_is_answered_in_its_script_and_direction(
    open_page: OpenPage, address: str, shoot: Shoot, language: str,
    size: tuple[int, int],
) -> None:  # fmt: skip
    page, down = open_page(*size), language == "mn-Mong"
    page.goto(f"{address}?lang={language}")
    expect(page.locator("h1")).to_have_text(REAL[language]["title"])
    assert_clean(page)
    assert_fits(page, down=down)
    shoot(page, "1-ask")

    page.locator("#f-welcome label").first.click()
    send(page)
    expect(page.locator("#f-solved input").first).to_be_focused()
    expect(page.locator("#e-solved")).to_be_in_viewport()
    assert_clean(page)
    assert_fits(page, down=down)
    shoot(page, "2-gap")

    page.locator("#f-solved label").nth(1).click()
    send(page)
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert_clean(page)
    assert_fits(page, down=down)
    shoot(page, "3-thanks")


def test_lines_run_as_the_script_does(open_page: OpenPage, address: str) -> None:
    page = open_page(*PHONE)
    page.goto(f"{address}?lang=mn-Mong")
    first, second = (page.locator(".choice").nth(n).bounding_box() for n in (0, 1))
    assert first
    assert second
    assert first["height"] > first["width"]
    assert first["x"] < second["x"], "lines follow each other to the right"
    assert abs(first["y"] - second["y"]) < 1

    page.goto(f"{address}?lang=ug")
    box = page.locator(".choice").first.bounding_box()
    button = page.locator(".choice input").first.bounding_box()
    assert box
    assert button
    assert button["x"] > box["x"] + box["width"] / 2, "what is pressed stands right"
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
