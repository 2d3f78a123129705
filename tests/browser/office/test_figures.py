"""Figures in a real browser, under the content security policy as it is sent."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import APPRAISED, AUDITOR, KEEPER
from survey_app.alerts.tables import AlertCase
from survey_app.appraisal.people import Unit
from survey_app.database import main_engine_of, writing
from tests.browser.conftest import OpenPage
from tests.support.browser.looks import width_of
from tests.support.cases import raise_in
from tests.support.office import MANAGER, READER, bundle
from tests.support.pictured import year_before
from tests.support.server import Server, serving
from tests.support.small_county import County, small_county

pytestmark = pytest.mark.browser
LONG_NAME = "柳林河流域生态保护和高质量发展示范区" * 3 + "管理委员会办公"
"""Of 61 characters, as long as names of real offices get."""
PAGES = {
    MANAGER: (
        "/cycles/{cycle}/pictures",
        *(
            f"/surveys/{{survey}}/pictures/{picture}"
            for picture in ("units-dissatisfied", "questions", "change-score")
        ),
        "/surveys/{survey}/results/{subject}", "/score-sheets/{cycle}/{subject}",
        "/cycles/{cycle}/papers",
        *(
            f"/cycles/{{cycle}}/papers/{paper}"
            for paper in ("sheet-{other}", "summary", "notice", "verification-{alert}")
        ),
        "/alerts/{alert}", "/alerts/{alert}/review/begin", "/alerts/{alert}/files/new",
        "/objections", "/objections/new/{cycle}/{subject}?alert={alert}",
        "/", "/calendar?year=2026",
    ),
    APPRAISED: ("/own", "/own/{survey}/{subject}", "/objections/new/{cycle}/{subject}"),
    AUDITOR: ("/record", "/accounts"),
    KEEPER: ("/accounts/1/roles",),
}  # fmt: skip
"""Who opens what."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A figure looks the same whatever the database."""
    file = tmp_path_factory.mktemp("figures") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as running:
        yield running


@pytest.fixture(scope="module")
def county(server: Server) -> County:
    county = small_county(main_engine_of(server.settings))
    with Session(writing(county.engine)) as session:
        session.execute(update(Unit).where(Unit.code == "U2").values(name=LONG_NAME))
        session.commit()
    year_before(county)
    county.count("staff", good=20, bad=12)
    county.count("residents", good=40, bad=22, dont_know=5)
    county.give(county.subject_id, achievements="90", direct="1")
    county.give(county.body_id, body="88")
    county.count("staff", subject_id=county.other_subject_id, bad=3)
    county.settle()
    raise_in(county)
    county.engine.dispose()
    return county


@pytest.fixture(scope="module")
def password(county: County) -> str:
    with Session(writing(county.engine)) as session:
        password = make_account(session, "reader", roles=bundle(READER))
    county.engine.dispose()
    return password


def sign_in(page: Page, server: Server, name: str, password: str) -> None:
    page.goto(f"{server.url}/office/sign-in")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("main button")


@pytest.fixture
def read(server: Server, password: str) -> Callable[[Page, str], list[str]]:
    """Sign a page in, open an address, explore all there is; return all complaints."""

    def read(page: Page, path: str) -> list[str]:
        sign_in(page, server, "reader", password)
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.url}/office{path}")
        assert page.viewport_size
        at_a_desk = page.viewport_size["width"] >= 960
        assert page.locator(".main-svg").count() == 0, "plotly is for who asks"
        for drawing in page.locator(".drawing:visible").all():
            drawing.locator("svg:visible").first.wait_for()
        if at_a_desk:
            page.eval_on_selector_all("details", "all => all.map(d => d.open = true)")
            for button in page.locator(".explore").all():
                button.click()
            for drawing in page.locator(".drawing[data-figure]").all():
                drawing.scroll_into_view_if_needed()
                drawing.locator("svg.main-svg").first.wait_for()
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

        assert width_of(page) == 360
        assert page.locator(".explore:visible").count() == 0, "plotly is for a desk"
        for drawing in page.locator(".drawing svg:visible").all():
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

    assert re.search(r"22\s*·\s*32\.8%", page.locator("main").text_content() or "")


@pytest.mark.parametrize("role", PAGES)
def test_every_page_fits_and_is_open_to_all(
    server: Server, county: County, open_page: OpenPage, role: str
) -> None:
    with Session(writing(county.engine)) as session:
        own = county.subject_id if role == APPRAISED else None
        grants = [replace(one, subject_id=own) for one in bundle(role)]
        password = make_account(session, role, roles=grants)
        wanted = select(AlertCase.id).where(AlertCase.subject_id == county.subject_id)
        alert = session.scalars(wanted).first()
    county.engine.dispose()
    page = open_page()
    sign_in(page, server, role, password)
    for pattern in PAGES[role]:
        path = pattern.format(
            cycle=county.cycle_id, survey=county.survey_id, alert=alert,
            subject=county.subject_id, other=county.other_subject_id,
        )  # fmt: skip
        for width, language in ((360, "en"), (360, "zh"), (1280, "zh"), (1280, "en")):
            page.set_viewport_size({"width": width, "height": 800})
            joint = "&" if "?" in path else "?"
            answer = page.goto(f"{server.url}/office{path}{joint}lang={language}")
            assert answer is not None
            wide = width_of(page)
            assert (answer.status, wide) == (200, width), (path, language)
            if (width, language) in ((360, "zh"), (1280, "en")):
                found = Axe().run(page).response["violations"]
                told = [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]
                assert told == [], (path, language)


def test_a_picture_is_read_by_arrow_keys_and_kept(
    county: County, read: Callable[[Page, str], list[str]], open_page: OpenPage
) -> None:
    page = open_page(1280, 800)
    path = f"/surveys/{county.survey_id}/pictures/units-dissatisfied?lang=en"
    complaints = read(page, path)
    holder = page.locator(".drawing[tabindex]")
    said = holder.get_by_role("status")

    holder.focus()
    page.keyboard.press("End")
    last = said.inner_text()
    page.keyboard.press("Home")
    first = said.inner_text()
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    expect(said).to_have_text(last)
    assert len({first, last, ""}) == 3
    rows = page.locator("main table tbody th a").all_inner_texts()
    assert any(first.startswith(row) for row in rows)
    with page.expect_download() as png:
        page.get_by_role("button", name="PNG").click()
    kept = png.value.path().read_bytes()
    assert kept[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(set(kept)) > 200, "a picture of nothing"
    with page.expect_download() as svg:
        page.get_by_role("link", name="SVG").click()
    assert svg.value.path().read_bytes().startswith(b"<svg")
    assert complaints == []


def test_what_is_handed_over_is_printed_on_two_sheets(
    county: County, read: Callable[[Page, str], list[str]], open_page: OpenPage
) -> None:
    page = open_page(1280, 800)
    for address in (
        *addresses(county),
        f"/surveys/{county.survey_id}/results",
        f"/surveys/{county.survey_id}/pictures/questions",
        f"/score-sheets/{county.cycle_id}",
        "/alerts",
        "/surveys",
    ):
        if page.url == "about:blank":
            read(page, address)
        page.goto(f"{page.url.partition('/office')[0]}/office{address}")
        page.emulate_media(media="print")

        assert page.locator("nav:visible, button:visible, form:visible").count() == 0
        assert page.locator("svg:visible").count() == page.locator(".drawing").count()
        sheets = len(
            re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
        )
        assert 1 <= sheets <= 2, address
