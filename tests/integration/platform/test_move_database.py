"""An office taken from SQLite to PostgreSQL and back is the same office."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.accounts.make_account import make_account
from survey_app.accounts.tables import GivenPassword
from survey_app.all_tables import metadata
from survey_app.appraisal.people import Unit
from survey_app.cli.main import main
from survey_app.database import borrowed_engine, writing
from survey_app.migrate import migrate
from survey_app.moving.claim import (
    MOVE,
    claim,
    held,
    is_there,
    release,
)
from survey_app.moving.copy_tables import copy_tables, differing
from survey_app.moving.refused import OfficeStays
from survey_app.settings import Settings
from survey_app.survey.closing import close_survey
from survey_app.survey.responses import Response
from survey_app.web.pace import Pace
from tests.conftest import ONE_DATABASE, FixedClock
from tests.support.first_county import (
    NEXT_DAY,
    OPEN_SURVEY,
    FirstCounty,
    environment,
    first_county,
    numbers_in,
)
from tests.support.killed_process import Step, killed_at
from tests.support.office import MANAGER, bundle
from tests.support.postgresql import PostgreSQL

pytestmark = pytest.mark.postgresql


@pytest.fixture
def county(tmp_path: Path) -> Iterator[FirstCounty]:
    """A county on SQLite: a closed survey, a decrypted, an open and a closed ballot."""
    with first_county(tmp_path, None) as county:
        with county.writing as session:
            close_survey(session, OPEN_SURVEY)
        yield county


@pytest.fixture
def urls(postgresql: PostgreSQL) -> Iterator[tuple[str, str]]:
    """Two empty databases."""
    with postgresql.database() as main_url, postgresql.database() as ballots_url:
        yield main_url, ballots_url


def move(here: Settings, *there: str) -> Result:
    """Move the office of these settings, as its operator types it."""
    words = ["database", "move", "--from", here.database_url, "--to", there[0]]
    words += ["--ballots-from", here.ballots_at, "--ballots-to", there[1]]
    return CliRunner().invoke(main, words, env=environment(here))


def let_go(county: FirstCounty) -> None:
    """Close every connection of the program, as stopping it does."""
    county.main.dispose()
    county.ballots.dispose()
    for name in ("survey_engine", "survey_ballots"):
        county.app.extensions[name].dispose()


def sheets(county: FirstCounty) -> dict[str, list[str]]:
    """Return every number on the lists of score sheets, and on some of these."""
    found = {}
    for cycle in (1, 2):
        listed = county.page(f"/score-sheets/{cycle}")
        found[f"{cycle}"] = numbers_in(listed)
        for subject in re.findall(rf"/score-sheets/{cycle}/(\d+)\"", listed)[::7]:
            page = county.page(f"/score-sheets/{cycle}/{subject}")
            found[f"{cycle}/{subject}"] = numbers_in(page)
    return found


def opened_at(county: FirstCounty, main_url: str, ballots_url: str) -> FirstCounty:
    """Return the county as a server with the new settings shows it."""
    settings = replace(
        county.settings, database_url=main_url, ballot_database_url=ballots_url
    )
    app = create_app(settings, clock=FixedClock(NEXT_DAY), pace=Pace(seconds=0))
    office = replace(county.office, client=app.test_client())
    assert office.sign_in().status_code == 303
    office.send("/language", language="en", back="")
    return replace(county, settings=settings, app=app, office=office)


def test_every_score_sheet_says_there_and_back_what_it_said(
    county: FirstCounty, urls: tuple[str, str], tmp_path: Path
) -> None:
    before = sheets(county)
    let_go(county)

    moved = move(county.settings, *urls)
    assert moved.exit_code == 0, moved.output
    assert f"SURVEY_DATABASE_URL={urls[0]}" in moved.output
    assert before
    there = opened_at(county, *urls)
    assert sheets(there) == before
    let_go(there)

    back = (f"sqlite:///{tmp_path / 'b.sqlite'}", f"sqlite:///{tmp_path / 'bb.sqlite'}")
    returned = move(there.settings, *back)
    assert returned.exit_code == 0, returned.output
    again = opened_at(county, *back)
    assert sheets(again) == before
    let_go(again)


@pytest.fixture
def office(engine: Engine) -> Engine:
    """A small office: units below units, a password given and gone, some answers."""
    with Session(writing(engine)) as session:
        # The unit above comes after the one below it.
        session.add_all(
            [Unit(id=1, code="b", name="下"), Unit(id=2, code="a", name="上")]
        )
        session.flush()
        session.get_one(Unit, 1).parent_id = 2
        make_account(session, "first", roles=bundle(MANAGER))
        session.add_all([GivenPassword(account="a", set_by="b") for _ in range(3)])
        session.flush()
        session.delete(session.get_one(GivenPassword, 4))
        rows = [
            {"slot": 0, "id": bytes([n]) * 16, "survey_id": 1, "channel_id": 1,
             "subject_id": 1, "answered_on": NEXT_DAY, "answers": '{"q":"好"}'}
            for n in range(7)
        ]  # fmt: skip
        session.execute(insert(Response), rows)
        session.commit()
    engine.dispose()
    return engine


@pytest.fixture
def target(postgresql: PostgreSQL) -> Iterator[Engine]:
    """An empty database of PostgreSQL."""
    with postgresql.database() as url, borrowed_engine(url) as engine:
        yield engine


def moved(office: Engine, target: Engine, step: Step = lambda *_: None) -> None:
    """Move the main database."""
    with held(office) as source:
        claim(source, target, metadata, migrate)
        copy_tables(source, target, metadata, step)
        assert differing(source, target, metadata) == []
    release(target)


@ONE_DATABASE
def test_the_next_row_gets_the_number_it_would_have_got(
    office: Engine, target: Engine
) -> None:
    """What is gone is not followed by another of its number."""
    moved(office, target)

    with Session(writing(target)) as session:
        later = GivenPassword(account="a", set_by="b")
        session.add_all([later, Unit(code="c", name="旁")])
        session.flush()
        assert later.id == 5


@ONE_DATABASE
def test_a_move_that_was_cut_off_anywhere_is_begun_again(
    office: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey_app.moving.copy_tables.BATCH", 3)

    def work(step: Step) -> None:
        def progress(_: str, done: int, whole: int) -> None:
            if 0 < done < whole:
                step()

        moved(office, target, progress)

    for step in (1, 2):  # after three answers of seven, and after six
        target.dispose()
        assert killed_at(step, work)
        with target.connect() as connection:
            assert connection.scalar(select(MOVE.c.office)), "marked as unfinished"
            written = connection.scalar(select(func.count()).select_from(Response))
            assert written == 3 * step
    moved(office, target)
    with held(office) as source:
        assert is_there(source, target, metadata)


@ONE_DATABASE
def test_nothing_is_written_into_the_database_of_somebody_else(
    office: Engine, target: Engine
) -> None:
    migrate(target)
    with Session(writing(target)) as session:
        make_account(session, "somebody else", roles=bundle(MANAGER))

    with pytest.raises(OfficeStays, match="holds an office already"):
        moved(office, target)
    with target.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Unit)) == 0


@ONE_DATABASE
def test_nor_into_what_another_office_left_when_it_was_interrupted(
    office: Engine, target: Engine
) -> None:
    with held(office) as source:
        claim(source, target, metadata, migrate)
    with target.begin() as connection:
        connection.execute(MOVE.update().values(office=MOVE.c.office + 1))

    with pytest.raises(OfficeStays, match="moving another"):
        moved(office, target)


def test_an_office_in_use_is_not_left(office: Engine) -> None:
    with office.connect() as server:
        server.execute(select(1)).all()
        server.rollback()  # idle, as between two answers
        with pytest.raises(OfficeStays, match="Stop the server"), held(office):
            pass
    office.dispose()
    with held(office) as source:
        assert source.scalar(select(func.count()).select_from(Unit)) == 2


@ONE_DATABASE
def test_a_row_that_changed_on_the_way_is_found(office: Engine, target: Engine) -> None:
    moved(office, target)
    with target.begin() as connection:
        connection.execute(
            text("UPDATE response SET answers = '{}' WHERE id = :id"),
            {"id": b"\3" * 16},
        )

    with held(office) as source:
        assert differing(source, target, metadata) == ["response"]
        assert not is_there(source, target, metadata)
