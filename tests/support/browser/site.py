"""A served platform with surveys as an office would make them, and how one answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from survey_app.database import engine_of, writing
from survey_app.migrate import migrate
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.tables import CLOSED, DRAFT, OPEN
from tests.support.respondents import ALWAYS_OPEN, Plan, ask_about
from tests.support.server import serving

LOOKS = ["", "?lang=en", "?size=large", "?lang=en&size=large"]
Shoot = Callable[[Page, str], Path]


@dataclass(frozen=True)
class Site:
    """A served platform and the addresses of its surveys."""

    url: str
    one: str
    """Its channel names who is rated."""
    several: str
    closed: str
    not_yet: str


def site_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve until the tests that share it are done; each module makes it a fixture."""
    url = f"sqlite:///{tmp_path_factory.mktemp('site') / 'survey.sqlite'}"
    engine = engine_of(url)
    migrate(engine)
    towns = ["青山镇", "柳河镇", "城关街道办事处"]
    with Session(writing(engine)) as db:
        codes = [
            ask_about(db, plan).code
            for plan in (
                plan_for(towns[:1]),
                plan_for(towns),
                plan_for(towns, CLOSED),
                plan_for(towns, DRAFT),
            )
        ]
    engine.dispose()
    with serving(
        url, answers_per_minute=1000, contact="县考核办 0000-1234567"
    ) as server:
        yield Site(server.url, *(f"{server.url}/s/{code}" for code in codes))


def plan_for(units: list[str], state: str = OPEN) -> Plan:
    """Return a survey of the shipped questionnaire, open on any day."""
    asked = shipped_questionnaire("masses-satisfaction")
    return replace(ALWAYS_OPEN, units=units, state=state, questionnaire=asked)


def answer_all(page: Page) -> None:
    """Tap the second choice of every question."""
    for group in page.locator("fieldset").all():
        group.locator("label").nth(1).click()


def send(page: Page) -> None:
    """Tap the button below the form, and see what comes of it."""
    with page.expect_navigation():
        tap_send(page)


def tap_send(page: Page) -> None:
    """Tap the button below the form, whatever comes of it."""
    page.locator("button.send").click()
