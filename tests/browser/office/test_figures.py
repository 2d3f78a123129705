"""Figures in a real browser, under the content security policy as it is sent."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.database import main_engine_of, writing
from tests.browser.conftest import OpenPage
from tests.support.office import READER, bundle
from tests.support.server import Server, serving
from tests.support.small_county import County, small_county

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A figure looks the same whatever the database."""
    file = tmp_path_factory.mktemp("figures") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as running:
        yield running


@pytest.fixture(scope="module")
def county(server: Server) -> County:
    county = small_county(main_engine_of(server.settings))
    county.count("staff", good=20, bad=12)
    county.count("residents", good=40, bad=22, dont_know=5)
    county.give(county.subject_id, achievements="90", direct="1")
    county.give(county.body_id, body="88")
    county.settle()
    county.count("staff", subject_id=county.other_subject_id, bad=3)
    county.engine.dispose()
    return county


@pytest.fixture(scope="module")
def password(county: County) -> str:
    with Session(writing(county.engine)) as session:
        password = make_account(session, "reader", roles=bundle(READER))
    county.engine.dispose()
    return password


@pytest.fixture
def read(server: Server, password: str) -> Callable[[Page, str], list[str]]:
    """Sign a page in, open an address and scroll through it; return all complaints."""

    def read(page: Page, path: str) -> list[str]:
        page.goto(f"{server.url}/office/sign-in")
        page.fill("[name=username]", "reader")
        page.fill("[name=password]", password)
        page.click("main button")
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.url}/office{path}")
        assert page.viewport_size
        at_a_desk = page.viewport_size["width"] >= 960
        drawn = ".drawing:has(script)" if at_a_desk else ".drawing"
        for drawing in page.locator(drawn).all():
            drawing.scroll_into_view_if_needed()
            drawing.locator("svg.main-svg" if at_a_desk else "svg").first.wait_for()
        return complaints

    return read


def addresses(county: County) -> list[str]:
    return [
        f"/surveys/{county.survey_id}/results/{county.subject_id}",
        f"/score-sheets/{county.cycle_id}/{county.subject_id}",
    ]


def test_figures_are_drawn_without_breaking_the_policy(
    county: County,
    read: Callable[[Page, str], list[str]],
    open_page: OpenPage,
    shoot: Callable[[Page, str], Path],
) -> None:
    for number, address in enumerate(addresses(county)):
        page = open_page(1280, 800)

        complaints = read(page, address)

        assert complaints == []
        assert page.locator(".drawing svg .trace").count() > 0
        shoot(page, f"{number}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_nothing_is_wider_than_the_screen(
    county: County,
    read: Callable[[Page, str], list[str]],
    open_page: OpenPage,
    language: str,
) -> None:
    results = f"/surveys/{county.survey_id}/results"
    page = open_page()
    for address in (
        *addresses(county),
        results,
        f"{results}/{county.other_subject_id}",
        f"/score-sheets/{county.cycle_id}",
        "/alerts",
    ):
        read(page, f"{address}?lang={language}")

        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert page.locator(".main-svg").count() == 0, "plotly is for a desk"
        for drawing in page.locator(".drawing svg").all():
            box = drawing.bounding_box()
            assert box is not None
            assert box["width"] <= 360


def test_the_numbers_are_there_without_any_script(
    county: County, read: Callable[[Page, str], list[str]], open_page: OpenPage
) -> None:
    signed_in, page = open_page(), open_page(java_script_enabled=False)
    read(signed_in, addresses(county)[0])
    page.context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]  # what one context gives another takes

    page.goto(signed_in.url)

    assert re.search(r"22\s*·\s*32\.8%", page.inner_text("main"))
