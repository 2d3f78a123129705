"""A phone is set up in a browser: its code is read, and every page is open to all."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.database import main_engine_of, writing
from tests.browser.conftest import OpenPage
from tests.support.browser.looks import width_of
from tests.support.browser.qr_reader import read
from tests.support.office import MANAGER, bundle
from tests.support.server import Server, serving

pytestmark = pytest.mark.browser
LOOKS = [(360, "zh"), (360, "en"), (1280, "zh"), (1280, "en")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Managers need a second factor, and a provider is named that is not there."""
    file = tmp_path_factory.mktemp("factor") / "survey.sqlite"
    told = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "survey"}
    with serving(f"sqlite:///{file}", second_factor="see-results", **told) as running:
        yield running


def account(server: Server, name: str) -> str:
    engine = main_engine_of(server.settings)
    with Session(writing(engine)) as session:
        password = make_account(session, name, roles=bundle(MANAGER))
    engine.dispose()
    return password


@dataclass(frozen=True)
class Seat:
    """Somebody in front of a browser, and what every page must keep to."""

    page: Page
    url: str
    name: str
    password: str
    shoot: Callable[[Page, str], Path]
    width: int

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}/office{path}")

    def check(self, step: str) -> Path:
        """Let axe look at the page, see that it fits, and keep a picture."""
        wide = width_of(self.page)
        found = Axe().run(self.page).response["violations"]
        told = [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]
        assert (wide, told) == (self.width, []), step
        return self.shoot(self.page, f"{step}-{self.name}")

    def sign_in(self) -> None:
        self.go("/sign-in")
        self.page.fill("[name=username]", self.name)
        self.page.fill("[name=password]", self.password)
        self.page.click("main form button")

    def type_code(self, code: str) -> None:
        self.page.fill("[name=one_time_code]", code)
        self.page.click("main form button")


@pytest.fixture(params=LOOKS)
def seat(
    request: pytest.FixtureRequest,
    server: Server,
    open_page: OpenPage,
    shoot: Callable[[Page, str], Path],
) -> Seat:
    width, language = request.param
    name = f"wang-{width}-{language}"
    page = open_page(width, 800)
    seat = Seat(page, server.url, name, account(server, name), shoot, width)
    seat.go("/sign-in")
    if language == "en":
        page.get_by_role("button", name="English").click()
    return seat


def test_a_phone_is_set_up_and_every_page_is_open_to_all(
    seat: Seat, tmp_path: Path
) -> None:
    page = seat.page
    seat.check("sign-in")
    page.click("main a.button")
    seat.check("provider-away")
    seat.sign_in()
    seat.check("set-up")
    page.locator("svg.scan").screenshot(path=tmp_path / "code.png")
    address = read(tmp_path / "code.png")
    typed = page.locator(".typed-secret").inner_text().replace(" ", "")
    assert pyotp.parse_uri(address).secret == typed
    seat.type_code("000000")
    seat.check("wrong-code")
    seat.type_code(pyotp.TOTP(typed).now())
    seat.check("recovery-codes")
    paper = re.findall(r"(?:\w{4}-){3}\w{4}", page.locator(".paper-codes").inner_text())
    assert len(paper) == 10
    seat.sign_in()
    seat.check("code")
    seat.type_code(paper[0])
    seat.go("/second-factor")
    seat.check("second-factor")
    seat.go("/accounts")
    seat.check("accounts")
    others = page.locator("td.actions a[href$='second-factor']")
    if others.count():  # whoever was set up by this test before
        others.first.click()
        seat.check("lost-phone")
