"""Whatever takes long is worked out while anybody else can write.

Another connection asks for the one write lock of SQLite without waiting: before every
statement, and where the sums begin.
"""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from survey_app.appraisal.roster.import_roster import import_roster, try_roster
from survey_app.database import writing
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.forms.roster.roster_workbook import roster_sheets
from survey_app.settings import Settings
from survey_app.survey.batch import BatchWriter, Fate
from survey_app.survey.closing import close_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.rated import in_use
from survey_app.survey.tables import CLOSED, CLOSING, PublicationPlan, Survey
from tests.conftest import ONE_DATABASE, rows_in
from tests.support.drafts import Draft, ready
from tests.support.jobs import run_waiting_jobs
from tests.support.lock_probe import wanting_lock
from tests.support.office import MANAGER, ORGANIZER, desk
from tests.support.power_cut import power_cut
from tests.support.secret_ballots import Office, drafted
from tests.support.small_county import MAY_1
from tests.support.workbooks import NEWCOMER, roster

ONLY_SQLITE = ONE_DATABASE
"""PostgreSQL locks rows, and has no lock that all who write wait for."""


@pytest.fixture
def made(db: Session) -> Draft:
    """A draft that can open; nobody holds the lock."""
    made = ready(db)
    db.rollback()
    return made


@pytest.fixture
def opened(db: Session, made: Draft) -> Draft:
    open_survey(db, made.survey_id, today=MAY_1)
    db.rollback()
    return made


@ONLY_SQLITE
def test_opening_works_out_the_plan_without_the_lock(
    engine: Engine, db: Session, made: Draft
) -> None:
    with wanting_lock(engine, at={"frozen_plan", "missing_to_open"}) as told:
        open_survey(db, made.survey_id, today=MAY_1)

    assert {"frozen_plan", "missing_to_open"} <= set(told.asked)
    assert not {"frozen_plan", "missing_to_open"} & set(told.refused)


@ONLY_SQLITE
def test_closing_counts_without_the_lock(
    engine: Engine, db: Session, opened: Draft
) -> None:
    with wanting_lock(engine, at={"evaluated", "posts_scored"}) as told:
        close_survey(db, opened.survey_id)

    assert {"evaluated", "posts_scored"} <= set(told.asked)
    assert not {"evaluated", "posts_scored"} & set(told.refused)
    assert not [one for one in told.refused if "FROM response" in one]


def test_no_answer_is_taken_while_the_sums_are_made(
    engine: Engine, db: Session, opened: Draft
) -> None:
    with power_cut(engine, "FROM response"):
        close_survey(db, opened.survey_id)
    db.rollback()

    assert db.get_one(Survey, opened.survey_id).state == CLOSING
    late = NewResponse(
        opened.survey_id, 1, "staff", opened.subject_ids[0], (("overall", "good"),),
        "", b"l" * 10,
    )  # fmt: skip
    db.rollback()
    fates = BatchWriter(engine, slots=1).write([late], today=MAY_1)
    assert fates == [Fate.CLOSED]


def test_a_closing_that_was_cut_off_shows_nothing_and_is_finished_by_its_button(
    app: Flask, engine: Engine, db: Session, opened: Draft, settings: Settings
) -> None:
    wang, path = desk(app, db, MANAGER), f"/surveys/{opened.survey_id}"
    with power_cut(engine, "FROM response"):
        close_survey(db, opened.survey_id)
    db.rollback()

    assert wang.open(f"{path}/results").status_code == 403
    links = [link.get("href", "") for link in wang.see(path).all("a")]
    assert f"/office{path}/close" in links
    assert wang.see(f"{path}/close").all("form")
    assert wang.send(f"{path}/close").status_code == 303
    run_waiting_jobs(engine, settings)

    db.rollback()
    assert db.get_one(Survey, opened.survey_id).state == CLOSED
    assert db.get_one(PublicationPlan, opened.survey_id).evaluated
    db.rollback()
    assert wang.open(f"{path}/results").status_code == 200


@ONLY_SQLITE
def test_a_draft_that_changes_while_it_opens_is_looked_at_once_more(
    engine: Engine, db: Session, made: Draft
) -> None:
    done: list[int] = []

    def meddle(*told: object) -> None:
        if "survey_subject" in str(told[2]) and not done:
            done.append(1)
            with writing(engine).begin() as other:
                other.execute(text("UPDATE survey SET closes_on = '2026-05-30'"))

    event.listen(Engine, "before_cursor_execute", meddle)
    open_survey(db, made.survey_id, today=MAY_1)
    event.remove(Engine, "before_cursor_execute", meddle)

    assert done
    assert str(db.get_one(Survey, made.survey_id).closes_on) == "2026-05-30"


@ONLY_SQLITE
def test_checking_a_workbook_takes_no_lock_at_all(
    engine: Engine, db: Session, made: Draft
) -> None:
    sheets = roster_sheets(roster(**NEWCOMER))

    with wanting_lock(engine, at={"read_roster", "change"}) as told:
        outcome = try_roster(db, sheets, in_use=in_use)

    assert len(outcome.changes) == 2
    assert {"read_roster", "change"} <= set(told.asked)
    assert told.refused == []
    assert made


def test_checking_lists_what_importing_does_and_keeps_nothing(
    engine: Engine, db: Session, made: Draft
) -> None:
    sheets = roster_sheets(roster(**NEWCOMER))

    tried = try_roster(db, sheets, in_use=in_use)

    assert rows_in(db, "unit") == 2
    assert import_roster(db, sheets, in_use=in_use) == tried
    assert rows_in(db, "unit") == 3
    assert made
    assert engine


@ONLY_SQLITE
def test_a_faulty_workbook_is_refused_without_the_lock(
    engine: Engine, db: Session, made: Draft
) -> None:
    sheets = roster_sheets(roster(cadres=[["C7", "", "U9", "副职", ""]]))

    with wanting_lock(engine) as told:
        outcome = import_roster(db, sheets, in_use=in_use)

    assert outcome.faults
    assert told.refused == []
    assert made


@ONLY_SQLITE
def test_the_page_that_checks_takes_no_lock_either(
    app: Flask, engine: Engine, db: Session, made: Draft
) -> None:
    wang = desk(app, db, ORGANIZER)
    db.rollback()
    workbook = BytesIO(roster(**NEWCOMER))

    with wanting_lock(engine, at={"try_roster"}) as told:
        sent = wang.send("/imports/try", workbook=(workbook, "r.xlsx"))

    assert sent.status_code == 200
    assert "try_roster" in told.asked
    assert told.refused == []
    assert made


@ONLY_SQLITE
def test_closing_a_ballot_counts_while_other_ballots_are_taken(
    engine: Engine, db: Session, ballots: Engine, settings: Settings
) -> None:
    office = drafted(db, ballots, settings)
    slips = office.opened(staff=8)["staff"]
    db.rollback()

    with (
        wanting_lock(ballots, at={"found_in", "closing_of", "content_in"}) as boxes,
        wanting_lock(engine, at=()) as main,
    ):
        office.close(slips)

    assert main.asked
    assert not {"found_in", "closing_of", "content_in"} & set(boxes.refused)
    assert not [one for one in boxes.refused if "envelope" in one]


@ONLY_SQLITE
def test_opening_a_ballot_signs_without_a_lock(
    engine: Engine, db: Session, ballots: Engine, settings: Settings
) -> None:
    office = drafted(db, ballots, settings)
    office.issued(staff=8)
    office.issued(unit=1, staff=8)
    db.rollback()

    long = {"posted_batch", "frozen_plan", "missing_to_open_ballot"}
    with wanting_lock(ballots, at=long) as boxes:
        office.open()

    assert long <= set(boxes.asked)
    assert not long & set(boxes.refused)


def test_a_ballot_that_is_being_counted_takes_no_ballot_and_goes_on(
    db: Session, ballots: Engine, settings: Settings, office: Office
) -> None:
    slips = office.opened(staff=8)["staff"]
    with power_cut(ballots, "FROM ticket"):
        office.close(slips)

    assert office.box().state == "open"
    assert office.box().signatures
    assert office.state() == "open"
    done = office.close(slips, signed=3)
    assert {one.signed for one in done.values()} == {8}, "what was given first stays"
    assert office.box().state == "closed"
    assert settings
    assert db


@ONLY_SQLITE
def test_the_probe_has_teeth(engine: Engine, db: Session) -> None:
    with wanting_lock(engine) as told:
        db.execute(text("DELETE FROM unit"))
        db.execute(text("DELETE FROM unit"))
    db.rollback()

    assert told.refused
    assert Path(engine.url.database or "").exists()
