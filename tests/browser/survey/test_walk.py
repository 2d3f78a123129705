"""The whole walk in a browser: from a scanned poster to a score and an alert.

The demo county is built and served as `make demo` does it. One citizen more answers,
and the last number on the page is the one the terminal computes from the same counts.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import borrowed_main_engine
from survey_app.demo.county import SCHEME
from survey_app.demo.stand import Invitation, invite, is_own, settle
from survey_app.serving.server import running
from survey_app.settings import Settings
from survey_app.survey.counters import tallies_of
from survey_app.survey.tables import Channel
from tests.browser.conftest import OpenPage
from tests.support.browser.qr_reader import read

pytestmark = pytest.mark.browser
ONE_KIND = pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
"""What a county says on PostgreSQL is asked where it is moved there and back."""

OVER_A_THIRD, EXACTLY_A_THIRD, TOO_FEW = "龙泉镇", "永安街道", "云台镇"


@dataclass(frozen=True)
class County:
    """The demo county being served, and the key to its office."""

    url: str
    settings: Settings
    invitation: Invitation

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session that sees the county as it is now."""
        with (
            borrowed_main_engine(self.settings) as engine,
            Session(engine, expire_on_commit=False) as session,
        ):
            yield session

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.url}/office")
        page.fill("input[name=username]", self.invitation.username)
        page.fill("input[name=password]", self.invitation.password)
        page.click("main button")


@pytest.fixture
def county(empty_database_url: str, tmp_path: Path) -> Iterator[County]:
    settings = settle(
        tmp_path / "county",
        {"SURVEY_DATABASE_URL": empty_database_url, "SURVEY_ZONE": "UTC"},
        today=date.today(),  # noqa: DTZ011 -- the server's own day decides
        progress=lambda _sent, _of: None,
    )
    with (tmp_path / "log").open("wb") as log, running(settings, log) as server:
        yield County(server.url, settings, invite(settings, tmp_path / "county"))
    left = [entry.name for entry in (tmp_path / "county").iterdir()]
    assert all(map(is_own, left)), "a demo would not clear its own folder"


def scanned(page: Page, picture: Path) -> str:
    """Return what an independent reader finds in the QR code of a poster."""
    page.locator("article.poster svg").screenshot(path=picture)
    return read(picture)


def poster_of(session: Session, unit: str) -> int:
    """Return the channel of the service objects of this unit."""
    found = (
        select(Channel.id)
        .join(Subject, Subject.id == Channel.subject_id)
        .join(Unit, Unit.id == Subject.unit_id)
        .where(Unit.name == unit, Channel.rater_group == "service_objects")
    )
    return session.scalars(found).one()


def head_of(session: Session, unit: str) -> Subject:
    """Return the principal cadre of the unit as a subject."""
    found = (
        select(Subject)
        .join(Cadre, Cadre.id == Subject.cadre_id)
        .join(Unit, Unit.id == Subject.unit_id)
        .where(Unit.name == unit, Cadre.post == "principal")
    )
    return session.scalars(found).one()


def scored_in_the_terminal(session: Session, head: Subject, folder: Path) -> str:
    """Return the overall score `survey score` prints for the county's own counts."""
    body = session.scalars(
        select(Subject.id).where(
            Subject.unit_id == head.unit_id, Subject.kind == "leading-body"
        )
    ).one()
    given = session.scalars(
        select(GivenValue).where(GivenValue.subject_id == head.id)
    ).all()
    counts = {
        "tallies": {"satisfaction": tallies_of(session, 1)[body]},
        "values": {one.component_key: one.value for one in given},
    }
    file = folder / "counts.json"
    file.write_text(json.dumps(counts), "utf-8")
    survey = Path(sys.executable).with_name("survey")
    said = subprocess.run(
        [survey, "score", SCHEME, file], capture_output=True, text=True, check=True
    )
    return str(json.loads(said.stdout)["overall"]["rounded"])


def answered(page: Page, address: str) -> None:
    """Answer every question with 不满意, on a phone without script."""
    page.goto(address)
    for question in page.locator("fieldset").all():
        question.get_by_label("不满意", exact=True).check()
    page.get_by_role("button", name="提交").click()
    assert "/r/" in page.url


def closed(office: Page, county: County) -> None:
    """Close the survey; before that its results are sealed."""
    sealed = office.goto(f"{county.url}/office/surveys/1/results")
    assert sealed is not None
    assert sealed.status == 403
    office.goto(f"{county.url}/office/surveys/1/close")
    office.locator("main form button").click()
    office.wait_for_url(f"{county.url}/office/surveys/1")


@ONE_KIND
def test_an_answer_walks_from_the_poster_to_the_score_and_the_alert(
    county: County,
    open_page: OpenPage,
    shoot: Callable[[Page, str], Path],
    tmp_path: Path,
) -> None:
    office, phone = open_page(1280, 800), open_page(java_script_enabled=False)
    county.sign_in(office)
    with county.session() as session:
        channel, head = poster_of(session, OVER_A_THIRD), head_of(session, OVER_A_THIRD)

    office.goto(f"{county.url}/office/channels/{channel}/poster")
    address = scanned(office, tmp_path / "code.png")
    home, _, code = address.rpartition("/S/")
    assert home == county.settings.public_url
    answered(phone, f"{county.url}/S/{code}")
    shoot(phone, "1-thanks")

    closed(office, county)
    office.goto(f"{county.url}/office/surveys/1/results")
    shoot(office, "2-results")
    office.get_by_role("link", name=OVER_A_THIRD).first.click()
    assert "106" in office.locator("main").inner_text()
    shoot(office, "3-one-unit")

    office.goto(f"{county.url}/office/score-sheets/1/{head.id}")
    office.locator("button.explore:visible").first.click()
    office.wait_for_selector(".js-plotly-plot .main-svg")
    on_the_page = office.locator("dl.figures dd").first.inner_text().split()[0]
    shoot(office, "4-score-sheet")
    with county.session() as session:
        assert on_the_page == scored_in_the_terminal(session, head, tmp_path)

    office.goto(f"{county.url}/office/alerts")
    shoot(office, "5-alerts")
    raised = office.locator("tr", has_text=OVER_A_THIRD)
    assert "39 / 106" in raised.first.inner_text()
    assert raised.locator(".alert").count()
    assert office.locator("tr", has_text=EXACTLY_A_THIRD).locator(".alert").count() == 0
    assert office.locator("tr", has_text=TOO_FEW).locator(".insufficient").count()
