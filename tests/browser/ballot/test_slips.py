"""Slips in a real browser: shown once, measured, printed, and read by a reader."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, ViewportSize
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.ballot.paper.ticket import ticket_code_of
from survey_app.database import NO_LOG, engine_of, main_engine_of, writing
from survey_app.migrate import migrate_ballots
from survey_app.survey.tables import Survey
from tests.support.browser.qr_reader import read
from tests.support.office import ORGANIZER, bundle
from tests.support.secret_ballots import beside
from tests.support.server import Server, serving

pytestmark = pytest.mark.browser

Shoot = Callable[[Page, str], Path]

MILLIMETRE = 96 / 25.4
"""CSS pixels."""
LONGEST = "关于开展领导班子和领导干部年度考核民主测评的" * 3
CONTACT = "县纪委监委驻县委组织部纪检监察组 0000-1234567"
DESK: ViewportSize = {"width": 1280, "height": 900}
ENTITLED = """(slip, title) => {
    slip.classList.remove("slip-long");
    slip.querySelector("h2").textContent = title;
}"""
TWICE = "button => { button.click(); setTimeout(() => button.click(), 5); }"
"""An impatient hand."""
LANGUAGES = ["zh", "en"]
PEOPLE = 11
"""With two spares the slips fill one sheet and begin another."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slips")
    with serving(f"sqlite:///{folder / 'survey.sqlite'}", contact=CONTACT) as running:
        yield running


@dataclass(frozen=True)
class Waiting:
    """A batch that waits to be issued, and who may issue it."""

    path: str
    password: str


def waiting(server: Server, name: str, pair: int) -> Waiting:
    """Return a batch with the longest title, of a survey with this pair of keys."""
    engine = main_engine_of(server.settings)
    ballots = engine_of(server.settings.ballots_at, journal=NO_LOG)
    migrate_ballots(ballots)
    with Session(writing(engine)) as db:
        office = beside(db, ballots, server.settings, pair=pair)
        db.get_one(Survey, office.survey_id).title = LONGEST[:50]
        db.commit()
        password = make_account(db, name, roles=bundle(ORGANIZER))
        batch = office.request(staff=PEOPLE)["staff"]
    engine.dispose()
    ballots.dispose()
    path = f"/office/surveys/{office.survey_id}/batches/{batch}/issue"
    return Waiting(path, password)


@pytest.fixture(scope="module", params=LANGUAGES)
def issued(
    request: pytest.FixtureRequest, server: Server, chromium: Browser
) -> Iterator[tuple[Page, bytes]]:
    """The page on which a batch with the longest title was issued, and its print."""
    batch = waiting(server, f"Li {request.param}", LANGUAGES.index(request.param))
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{server.url}/office/sign-in?lang={request.param}")
    page.fill("#username", f"Li {request.param}")
    page.fill("#password", batch.password)
    page.locator("main button").click()
    page.goto(f"{server.url}{batch.path}?lang={request.param}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("form[data-once] button").evaluate(TWICE)
    page.wait_for_selector(".slip")
    assert sent.count("POST") == 1, "a double click must not throw the slips away"
    yield page, page.pdf(prefer_css_page_size=True)
    context.close()


@pytest.fixture
def slips(issued: tuple[Page, bytes]) -> Page:
    """The same page on a desk's screen, however the last test looked at it."""
    page, _ = issued
    page.set_viewport_size(DESK)
    page.emulate_media(media="null")
    page.evaluate("scrollTo(0, 0)")
    return page


def parts(slip: Locator) -> list[FloatRect]:
    """Return the boxes of everything that is printed on a slip."""
    boxes = [part.bounding_box() for part in slip.locator("h2, p, li, svg").all()]
    return [box for box in boxes if box]


def test_no_slip_is_cut_off_and_none_crosses_its_fold(
    slips: Page, shoot: Shoot
) -> None:
    shoot(slips, "slips")
    slip = slips.locator(".slip").first
    paper = slip.bounding_box()
    fold = slip.locator(".slip-fold").bounding_box()
    code = slip.locator(".slip-number").bounding_box()
    drawing = slip.locator("svg").bounding_box()
    assert paper
    assert fold
    assert code
    assert drawing

    assert slips.locator(".slip").count() == PEOPLE + 2
    sheet = slips.locator(".slip-sheet").first.bounding_box()
    last = slips.locator(".slip").nth(7).bounding_box()
    assert sheet
    assert last
    assert last["y"] + last["height"] <= sheet["y"] + sheet["height"]
    margin = 2 * MILLIMETRE
    for part in parts(slip.locator(".slip-about")) + parts(slip.locator(".slip-code")):
        assert part["y"] >= paper["y"] + margin
        assert part["y"] + part["height"] <= paper["y"] + paper["height"] - margin
        assert part["x"] >= paper["x"] + margin
        assert part["x"] + part["width"] <= paper["x"] + paper["width"] - margin
    folded_at = fold["x"] + fold["width"]
    assert min(code["x"], drawing["x"]) > folded_at


def test_a_title_of_one_line_leaves_a_margin_in_the_larger_letters(
    slips: Page,
) -> None:
    slip = slips.locator(".slip").first
    before = slip.evaluate("slip => slip.outerHTML")
    slip.evaluate(ENTITLED, "清河镇领导班子民主测评")

    paper, last = slip.bounding_box(), slip.locator("li").last.bounding_box()

    slip.evaluate("(slip, before) => { slip.outerHTML = before; }", before)
    assert paper
    assert last
    margin = 2 * MILLIMETRE
    assert last["y"] + last["height"] <= paper["y"] + paper["height"] - margin


def test_every_code_is_read_and_is_the_one_printed_below_it(
    slips: Page, tmp_path: Path
) -> None:
    for number, slip in enumerate(slips.locator(".slip").all()[:3]):
        picture = tmp_path / f"{number}.png"
        slip.locator(".slip-code").screenshot(path=picture)
        drawn = slip.locator("svg path").bounding_box()
        assert drawn

        printed = slip.locator(".slip-number").inner_text().replace("\n", "-")
        address, _, code = read(picture).partition("#")
        assert address.startswith("http://")
        assert address.upper().endswith("/B")
        assert code == ticket_code_of(printed)
        assert min(drawn["width"], drawn["height"]) >= 25 * MILLIMETRE


def test_eight_slips_print_on_a_sheet_of_a4_and_nothing_else(
    issued: tuple[Page, bytes], slips: Page
) -> None:
    _, pdf = issued

    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
    assert set(re.findall(rb"/MediaBox\s*\[0 0 (\d+)\.\d+ (\d+)", pdf)) == {
        (b"594", b"841")
    }
    slips.emulate_media(media="print")
    sheet = slips.locator(".slip-sheet").first.bounding_box()
    assert sheet
    assert sheet["y"] == 0
    assert sheet["height"] <= 297 * MILLIMETRE
    drawn = slips.locator(".slip svg path").first.bounding_box()
    assert drawn
    assert drawn["width"] >= 25 * MILLIMETRE


def test_nothing_on_a_slip_tells_it_from_another_but_the_code(slips: Page) -> None:
    texts = [slip.inner_text() for slip in slips.locator(".slip").all()]
    codes = [slip.inner_text() for slip in slips.locator(".slip-number").all()]

    bare = {text.replace(code, "") for text, code in zip(texts, codes, strict=True)}
    assert len(set(codes)) == PEOPLE + 2
    assert len(bare) == 1
    assert CONTACT in bare.pop()


def test_a_phone_shows_the_whole_sheet(slips: Page, shoot: Shoot) -> None:
    slips.set_viewport_size({"width": 360, "height": 640})
    shoot(slips, "slips")

    assert slips.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
