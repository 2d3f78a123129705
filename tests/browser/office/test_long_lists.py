"""Long lists in a real browser: phone and desk, both languages, without script."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.database import main_engine_of, writing
from tests.browser.conftest import OpenPage
from tests.support.browser.looks import width_of
from tests.support.long_lists import LongLists, long_lists
from tests.support.office import MANAGER, bundle
from tests.support.server import Server, serving

pytestmark = pytest.mark.browser
LISTS = (
    "/",
    "/calendar?year=2026",
    "/surveys/{closed}/results?sort=score&down=1",
    "/alerts",
    "/surveys/{open}/turnout",
    "/surveys/{open}?c-page=2",
    "/surveys/{draft}/subjects",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Lists look the same whatever the database."""
    file = tmp_path_factory.mktemp("lists") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as running:
        yield running


@pytest.fixture(scope="module")
def place(server: Server) -> LongLists:
    engine = main_engine_of(server.settings)
    place = long_lists(engine, 60, "城")
    engine.dispose()
    return place


@pytest.fixture(scope="module")
def password(server: Server, place: LongLists) -> str:
    assert place.closed
    engine = main_engine_of(server.settings)
    with Session(writing(engine)) as session:
        password = make_account(session, "manager", roles=bundle(MANAGER))
    engine.dispose()
    return password


def signed_in(page: Page, server: Server, password: str, language: str) -> None:
    page.goto(f"{server.url}/office/sign-in")
    page.fill("[name=username]", "manager")
    page.fill("[name=password]", password)
    page.click("main button")
    if language == "en":
        page.get_by_role("button", name="English").click()


@pytest.mark.parametrize("look", [(360, "zh"), (360, "en"), (1280, "zh"), (1280, "en")])
def test_lists_fit_and_are_open_to_all(
    server: Server,
    place: LongLists,
    password: str,
    open_page: OpenPage,
    shoot: Callable[[Page, str], Path],
    look: tuple[int, str],
) -> None:
    width, language = look
    page = open_page(width, 800)
    signed_in(page, server, password, language)
    for number, path in enumerate(LISTS):
        page.goto(f"{server.url}/office{path.format(**vars(place))}")

        assert width_of(page) == width, path
        found = Axe().run(page).response["violations"]
        told = [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]
        assert told == [], path
        shoot(page, f"{number}")


def test_a_list_is_searched_turned_and_paged_without_script(
    server: Server, place: LongLists, password: str, open_page: OpenPage
) -> None:
    page = open_page(1280, 800, java_script_enabled=False)
    signed_in(page, server, password, "en")
    page.goto(f"{server.url}/office/surveys/{place.closed}/results")
    rows = page.locator("main table tbody tr")

    expect(rows).to_have_count(50)
    page.get_by_role("link", name="Next page").click()
    expect(rows).to_have_count(10)
    page.get_by_role("link", name="Answers").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Answers")
    expect(rows).to_have_count(50)
    page.get_by_label("Search").fill("城0000")
    page.get_by_role("button", name="Search").click()
    expect(rows).to_have_count(10)
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Answers")
    page.get_by_role("link", name="Show all").click()
    expect(rows).to_have_count(50)
