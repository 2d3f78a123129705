"""Pages of the office cost the same at 1,200 subjects as at 120: whatever is asked."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, selectinload

from survey_app import create_app
from survey_app.accounts.permissions import DESIGN
from survey_app.analytics.paging import PER_PAGE
from survey_app.database import main_engine_of, session, writing
from survey_app.settings import Settings
from survey_app.survey.tables import Survey
from survey_app.web.office.access import allow
from survey_app.web.pace import Pace
from tests.conftest import FixedClock, Models
from tests.support.long_lists import LongLists, grow, long_lists, rows_read
from tests.support.office import MANAGER, Desk, desk
from tests.support.small_county import MAY_1
from tests.support.statements import counted

FEW, MANY = 120, 1200
LIGHT = 60_000
"""Bytes of a page as it is sent, compressed."""
PAGES = (
    "/surveys/{closed}/results",
    "/surveys/{closed}/results?sort=score&down=1&page=2",
    "/surveys/{closed}/results?q=0001",
    "/surveys/{closed}/results/{subject}",
    "/surveys/{closed}/results/{subject}/notice",
    "/surveys/{closed}/turnout",
    "/surveys/{closed}",
    "/surveys/{open}",
    "/surveys/{open}?c-group=staff&c-page=2&s-page=2",
    "/surveys/{open}/turnout",
    "/surveys/{open}/turnout?s-sort=answers&s-down=1",
    "/surveys/{draft}",
    "/surveys/{draft}/channels",
    "/surveys/{draft}/open",
    "/surveys/{closed}/results/{subject}/comments",
    "/alerts?survey={closed}",
    "/alerts?survey={closed}&page=2&q=0001",
    "/surveys/{draft}/channels?q=mdw",
    "/surveys/{open}?s-q=0001&c-q=dw",
    "/cycles/{cycle}",
    "/cycles/{cycle}/pictures",
    "/surveys/{closed}/pictures/units-score",
    "/surveys/{closed}/pictures/units-dissatisfied?q=0001",
    "/surveys/{closed}/pictures/questions?page=2",
    "/surveys/{closed}/pictures/change-score",
    "/cycles/{cycle}/papers",
    "/cycles/{cycle}/corrections/new?q=dw",
    "/score-sheets/{cycle}?q=dw&sort=score",
)
OF_THE_OFFICE = (
    "/",
    "/calendar?year=2026",
    "/surveys",
    "/surveys?q=cycle&page=2",
    "/surveys/new",
    "/accounts?page=2",
    "/imports",
    "/score-sheets/{cycle}",
    "/surveys/{closed}/results/{subject}/comments",
    "/surveys/{closed}/results/{subject}/comments/review",
)
"""Lists that grow with years and people, whatever one survey is about."""
PLANTED = "/surveys/{open}/everybody"


@dataclass(frozen=True)
class Cost:
    """What one page took."""

    statements: int
    rows: int
    sent: int


@dataclass(frozen=True)
class Places:
    """Both places, and somebody who opens their pages."""

    manager: Desk
    few: LongLists
    many: LongLists
    own: LongLists
    """One that a test may let grow."""

    def cost(self, path: str, place: LongLists) -> Cost:
        """Return what a page costs when it is not the first time."""
        address = path.format(**vars(place))
        engine = self.manager.client.application.extensions["survey_engine"]
        self.manager.open(address)
        with counted(engine) as sent, rows_read(engine) as rows:
            page = self.manager.open(address)
        assert page.status_code == 200, address
        asked = [one for one in sent if one != "BEGIN"]
        return Cost(len(asked), len(rows), len(gzip.compress(page.data)))


def everybody(survey_id: int) -> str:
    """Look at all subjects to name a few, as a page must not."""
    every = session().get(Survey, survey_id, options=[selectinload(Survey.subjects)])
    return str(every and [one.id for one in every.subjects[:3]])


@pytest.fixture(scope="module")
def places(
    sqlite_models: Models, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Places]:
    folder: Path = tmp_path_factory.mktemp("lists")
    file = copy(sqlite_models.main.database or "", folder / "survey.sqlite")
    told: dict[str, Any] = {"secret_key": "k" * 32, "second_factor": ""}
    settings = Settings(database_url=f"sqlite:///{file}", **told)
    engine = main_engine_of(settings)
    few, many = long_lists(engine, FEW, "F"), long_lists(engine, MANY, "M")
    own = long_lists(engine, 12, "G")
    app: Flask = create_app(settings, clock=FixedClock(MAY_1), pace=Pace(seconds=0))
    app.config["TESTING"] = True
    planted = f"/office{PLANTED}".replace("{open}", "<int:survey_id>")
    app.add_url_rule(planted, "office.everybody", allow(DESIGN)(everybody))
    with Session(writing(engine)) as db:
        yield Places(desk(app, db, MANAGER), few, many, own)
    app.extensions["survey_engine"].dispose()
    engine.dispose()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_what_it_shows(places: Places, path: str) -> None:
    few, many = (places.cost(path, place) for place in (places.few, places.many))

    assert (many.statements, many.rows) == (few.statements, few.rows)
    assert many.sent < 1.05 * few.sent + 100
    assert many.sent < LIGHT


def test_lists_of_the_office_cost_what_they_show(places: Places) -> None:
    """After two hundred cycles, and after two thousand."""
    manager, place = places.manager, places.own
    engine = manager.client.application.extensions["survey_engine"]
    grow(engine, place, 200)
    few = [places.cost(path, place) for path in OF_THE_OFFICE]
    grow(engine, place, 1800)
    many = [places.cost(path, place) for path in OF_THE_OFFICE]

    for path, before, after in zip(OF_THE_OFFICE, few, many, strict=True):
        assert after.statements == before.statements, path
        # Which comments stand on a page is drawn, and so how many read them.
        assert after.rows <= before.rows + PER_PAGE, path
        assert after.sent < min(1.05 * before.sent + 100, LIGHT), path


def test_a_summary_takes_a_line_of_everybody_and_one_page_of_alerts(
    places: Places,
) -> None:
    """Its alerts are three of every subject, and its scores are counted, not listed."""
    summary = "/cycles/{cycle}/papers/summary"
    few, many = (places.cost(summary, place) for place in (places.few, places.many))

    assert many.statements == few.statements
    assert many.rows - few.rows <= MANY - FEW
    assert many.sent < 1.05 * few.sent + 100


def test_a_look_at_everybody_would_be_noticed(places: Places) -> None:
    few, many = (places.cost(PLANTED, place) for place in (places.few, places.many))

    assert many.rows - few.rows == MANY - FEW


def test_what_many_lack_is_said_of_some(places: Places) -> None:
    few, many = (
        places.cost("/surveys/{lost}/open", place)
        for place in (places.few, places.many)
    )

    assert many.statements == few.statements
    assert many.sent < 1.05 * few.sent + 100


def test_those_who_can_be_added_are_offered_page_by_page(places: Places) -> None:
    places.manager.open(f"/surveys/{places.few.draft}/subjects")
    found = places.cost("/surveys/{draft}/subjects", places.few)

    assert found.rows < 100
    assert found.sent < LIGHT
