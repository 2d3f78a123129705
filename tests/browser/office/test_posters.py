"""A poster in a real browser: measured, printed, and read by a reader of QR codes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.database import main_engine_of, writing
from survey_app.survey.tables import Channel
from tests.browser.conftest import OpenPage
from tests.support.browser.qr_reader import read
from tests.support.drafts import PLAN, ready
from tests.support.office import ORGANIZER, bundle
from tests.support.server import serving

pytestmark = pytest.mark.browser

Shoot = Callable[[Page, str], Path]

MILLIMETRE = 96 / 25.4
"""CSS pixels."""
TITLES = {"usual": PLAN.title, "longest": "关于开展年度群众满意度调查的" * 4}
usual_title = pytest.mark.parametrize("hung_out", [PLAN.title], indirect=True)


@dataclass(frozen=True)
class HungOut:
    """A survey on a server, and its organizer's password."""

    url: str
    password: str
    survey_id: int
    channels: list[tuple[int, str]]


@dataclass(frozen=True)
class Office:
    """A signed-in page, and the channels of one survey."""

    page: Page
    url: str
    survey_id: int
    channels: list[tuple[int, str]]
    """Id and code."""

    def poster(self, query: str = "") -> Locator:
        """Open the poster of the first channel."""
        path = f"/office/channels/{self.channels[0][0]}/poster{query}"
        self.page.goto(f"{self.url}{path}")
        return self.page.locator("article.poster")

    def pdf(self, path: str) -> bytes:
        """Return what printing this page gives."""
        self.page.goto(f"{self.url}/office{path}")
        return self.page.pdf(prefer_css_page_size=True)


@pytest.fixture(scope="module", params=list(TITLES.values()), ids=list(TITLES))
def hung_out(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HungOut]:
    """A sheet looks the same whatever the database: one of SQLite for each title."""
    file = tmp_path_factory.mktemp("posters") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as server:
        engine = main_engine_of(server.settings)
        with Session(writing(engine)) as db:
            made = ready(db, replace(PLAN, title=request.param[:50]))
            password = make_account(db, "Wang", roles=bundle(ORGANIZER))
            rows = db.execute(select(Channel.id, Channel.code).order_by(Channel.id))
            channels = [(channel_id, code) for channel_id, code in rows]
        engine.dispose()
        yield HungOut(server.url, password, made.survey_id, channels)


@pytest.fixture
def office(hung_out: HungOut, open_page: OpenPage) -> Office:
    page = open_page(1280, 900)
    page.goto(f"{hung_out.url}/office/sign-in")
    page.fill("#username", "Wang")
    page.fill("#password", hung_out.password)
    page.get_by_role("button", name="登录").click()
    return Office(page, hung_out.url, hung_out.survey_id, hung_out.channels)


def bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_the_code_is_read_from_the_picture_and_is_large_enough(
    office: Office, shoot: Shoot, tmp_path: Path
) -> None:
    poster = office.poster()
    shoot(office.page, "poster")
    picture = tmp_path / "poster.png"
    poster.screenshot(path=picture)
    code = poster.locator("svg path").bounding_box()
    assert code

    printed = poster.locator(".poster-address").inner_text()
    assert read(picture) == printed
    assert printed.startswith("http://")
    assert printed.endswith(f"/S/{office.channels[0][1]}")
    assert min(code["width"], code["height"]) >= 60 * MILLIMETRE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_stays_on_the_sheet(
    office: Office, shoot: Shoot, language: str
) -> None:
    poster = office.poster(f"?lang={language}")
    shoot(office.page, "poster")

    margin = 8 * MILLIMETRE
    steps = poster.locator(".poster-steps").bounding_box()
    assert steps
    assert bottom(poster.locator("footer")) <= bottom(poster) - margin
    assert bottom(poster.locator(".poster-address")) <= steps["y"]


@usual_title
def test_every_poster_prints_on_one_page_of_a4(office: Office) -> None:
    one = office.pdf(f"/channels/{office.channels[0][0]}/poster")
    all_of_them = office.pdf(f"/surveys/{office.survey_id}/posters")

    def pages(pdf: bytes) -> int:
        return len(re.findall(rb"/Type\s*/Page\b", pdf))

    assert pages(one) == 1
    assert pages(all_of_them) == len(office.channels) == 4
    # A4 in points: 210 × 297 mm.
    assert set(re.findall(rb"/MediaBox\s*\[0 0 (\d+)\.\d+ (\d+)", all_of_them)) == {
        (b"594", b"841")
    }


@usual_title
def test_a_phone_shows_the_whole_sheet(office: Office, shoot: Shoot) -> None:
    office.page.set_viewport_size({"width": 360, "height": 640})
    office.poster()
    shoot(office.page, "poster")

    assert office.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
