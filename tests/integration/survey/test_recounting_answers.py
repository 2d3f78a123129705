"""Counters are compared with the answers before anything is settled."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.cli.main import main
from survey_app.domain.ground.refusals import CountersDiffer
from survey_app.settings import Settings
from survey_app.survey.closing import close_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.tables import OPEN, Survey
from tests.support.answers import let_answers_agree
from tests.support.drafts import Draft, ready
from tests.support.jobs import run_waiting_jobs
from tests.support.office import MANAGER, desk
from tests.support.small_county import MAY_1, add_counts

BIT = "UPDATE turnout_count SET count = count + 16"
ONE = "(SELECT min(id) FROM response)"
DAMAGE = [
    BIT,
    "DELETE FROM turnout_count",
    "UPDATE turnout_count SET count = count - 1",
    "UPDATE response SET answers = '11' || substr(answers, 3) WHERE answers LIKE '10%'",
    "UPDATE response SET answers = '10' || substr(answers, 3) WHERE answers LIKE '11%'",
    "UPDATE response SET answers = '{' || answers WHERE id = ONE",
    "UPDATE response SET answers = substr(answers, 1, 2) || 'a' WHERE id = ONE",
    "UPDATE response SET channel_id = channel_id + 1 WHERE id = ONE",
    "DELETE FROM response WHERE id = ONE",
]
"""Whatever was changed after it was written."""


@pytest.fixture
def made(db: Session) -> Draft:
    """An open survey with answers and counters that agree."""
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    for subject in made.subject_ids:
        add_counts(db, made.survey_id, subject, "staff", {"good": 20, "bad": 9})
    let_answers_agree(db, made.survey_id)
    return made


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_survey_whose_counters_differ_is_not_settled(
    app: Flask, db: Session, made: Draft, damage: str, settings: Settings
) -> None:
    db.execute(text(damage.replace("ONE", ONE)))
    db.commit()

    with pytest.raises(CountersDiffer):
        close_survey(db, made.survey_id)

    db.expire_all()
    assert db.get_one(Survey, made.survey_id).state == OPEN
    db.rollback()
    office = desk(app, db, MANAGER)
    job = office.send(f"/surveys/{made.survey_id}/close").location or ""
    run_waiting_jobs(app.extensions["survey_engine"], settings)
    assert "survey check" in office.see(job.removeprefix("/office")).text
    assert db.get_one(Survey, made.survey_id, populate_existing=True).state == OPEN


def test_what_agrees_is_settled(db: Session, made: Draft) -> None:
    close_survey(db, made.survey_id)

    assert db.get_one(Survey, made.survey_id).state == "closed"


def run(settings: Settings, *words: object) -> Result:
    told = {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_BALLOT_DATABASE_URL": settings.ballot_database_url,
        "SURVEY_SECRET_KEY": settings.secret_key,
    }
    return CliRunner().invoke(main, [str(word) for word in words], env=told)


def receipts_for(db: Session, survey_id: int) -> None:
    db.execute(
        text(
            "INSERT INTO receipt (slot, code, survey_id) "
            "SELECT slot, id, survey_id FROM response WHERE survey_id = :survey"
        ),
        {"survey": survey_id},
    )
    db.commit()


def test_the_verb_names_what_differs_and_counts_anew_with_a_note(
    db: Session, ballots: Engine, made: Draft, settings: Settings, tmp_path: Path
) -> None:
    assert ballots
    receipts_for(db, made.survey_id)
    assert run(settings, "check").output == "Everything fits together.\n"
    db.execute(text(BIT))
    db.commit()

    found = run(settings, "check")
    alone = ("recount", made.survey_id, "--by", "张", "--reason", "磁盘", "--note")
    one = run(settings, *alone, tmp_path / "note.json", "--second", "张")
    two = run(settings, *alone, tmp_path / "note.json", "--second", "李")

    assert found.exit_code == 1
    assert f"Survey {made.survey_id}: its turnout differs" in found.output
    assert (one.exit_code, two.exit_code) == (1, 0)
    note = json.loads((tmp_path / "note.json").read_text("utf-8"))
    assert (note["by"], note["second"], note["reason"]) == ("张", "李", "磁盘")
    assert note["changed"]
    assert {tuple(change[-2:]) for change in note["changed"]} == {(45, 29)}
    assert run(settings, "check").exit_code == 0
    close_survey(db, made.survey_id)


def test_what_was_settled_is_not_counted_anew(
    db: Session, made: Draft, settings: Settings, ballots: Engine, tmp_path: Path
) -> None:
    close_survey(db, made.survey_id)

    said = run(
        settings, "recount", made.survey_id, "--by", "张", "--second", "李",
        "--reason", "磁盘", "--note", tmp_path / "note.json",
    )  # fmt: skip

    assert said.exit_code == 1
    assert not (tmp_path / "note.json").exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_damaged_file_is_named_and_never_served_quietly(
    app: Flask, db: Session, engine: Engine, ballots: Engine, settings: Settings
) -> None:
    office = desk(app, db, MANAGER)
    assert office.open("/surveys").status_code == 200
    file = Path(engine.url.database or "")
    for wal in (file, Path(f"{file}-wal")):
        with wal.open("r+b") as pages:
            size = os.fstat(pages.fileno()).st_size
            pages.seek(min(100, size))
            pages.write(b"\xff" * (size - min(100, size)))
    app.extensions["survey_engine"].dispose()

    shown = office.open("/surveys")
    checked, served = run(settings, "check"), run(settings, "serve")

    assert shown.status_code == 503
    assert "survey check" in shown.get_data(as_text=True)
    assert (checked.exit_code, served.exit_code) == (1, 1)
    assert "main database is damaged" in checked.output
    assert "main database is damaged" in served.output
