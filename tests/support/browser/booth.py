"""A served platform with two open boxes, and how one scans and answers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey_app.ballot.tickets import NEW
from survey_app.database import NO_LOG, engine_of, main_engine_of, writing
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_questionnaire
from tests.support.open_box import ANY_DAY, Box, open_box, with_questions
from tests.support.server import serving

PEOPLE = ("王建国", "李秀英", "欧阳志远", "买买提·阿不都热合曼")


@dataclass(frozen=True)
class Site:
    """A served platform with two open boxes."""

    url: str
    log: Path
    several: Box
    """Many questions about many people."""
    one: Box
    """One question about many people."""


def booth_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve until the tests that share it are done; each module makes it a fixture."""
    folder = tmp_path_factory.mktemp("ballots")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'survey.sqlite'}",
        secret_key="s" * 32,
        second_factor="",
    )
    engine = main_engine_of(settings)
    ballots = engine_of(settings.ballots_at, journal=NO_LOG)
    migrate(engine)
    migrate_ballots(ballots)
    asked = shipped_questionnaire("cadre-evaluation")
    plan = replace(ANY_DAY, people=PEOPLE, tickets=60)
    assert settings.secrets_folder is not None
    with Session(writing(engine)) as db:
        boxes = [
            open_box(db, ballots, settings.secrets_folder, kind)
            for kind in (
                replace(plan, questionnaire=asked),
                replace(plan, questionnaire=with_questions(1)),
            )
        ]
    with serving(settings.database_url, contact="县纪委 0000-7654321") as server:
        yield Site(server.url, server.log, *boxes)
    engine.dispose()
    ballots.dispose()


def new_slip(box: Box) -> str:
    """Draw a slip nobody has used."""
    rows = box.rows()
    return next(c for c in box.codes if rows[box.digest(c)][0] == NEW)


def scan(page: Page, site: Site, code: str, look: str = "") -> None:
    """Open the address in the QR code."""
    page.goto(f"{site.url}/B{look}#{code}")
    expect(page.locator("#answers, .error, h1 + p").first).to_be_visible()


def answer_all(page: Page) -> None:
    """Choose the second answer of every question."""
    for row in page.locator("tbody tr").all():
        row.locator("label").nth(1).click()
