"""An import and a posted page hold the write lock while they write, and no longer."""

import sqlite3

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Unit
from survey_app.appraisal.roster.import_roster import import_roster
from survey_app.database import session as request_session
from survey_app.forms.roster.roster_workbook import roster_sheets
from survey_app.survey.rated import in_use
from tests.conftest import ONE_DATABASE as ONLY_SQLITE
from tests.support.drafts import Draft, ready
from tests.support.lock_probe import wanting_lock
from tests.support.office import MANAGER, desk
from tests.support.workbooks import NEWCOMER, roster


@pytest.fixture
def made(db: Session) -> Draft:
    """A draft in a county of two units; nobody holds the lock."""
    made = ready(db)
    db.rollback()
    return made


@ONLY_SQLITE
def test_importing_works_everything_out_without_the_lock(
    engine: Engine, db: Session, made: Draft
) -> None:
    sheets = roster_sheets(roster(**NEWCOMER))
    long = {"read_roster", "change", "kept_roster", "news_in"}

    with wanting_lock(engine, at=long) as told:
        outcome = import_roster(db, sheets, in_use=in_use)

    assert len(outcome.changes) == 2
    assert long <= set(told.asked)
    assert not long & set(told.refused)
    assert [one for one in told.refused if one.startswith("INSERT INTO unit")]
    assert made


@ONLY_SQLITE
def test_importing_what_stands_already_takes_no_lock(
    engine: Engine, db: Session, made: Draft
) -> None:
    sheets = roster_sheets(roster(**NEWCOMER))
    import_roster(db, sheets, in_use=in_use)

    with wanting_lock(engine) as told:
        again = import_roster(db, sheets, in_use=in_use)

    assert {one.happens for one in again.changes} == {"same"}
    assert told.refused == []
    assert made


@ONLY_SQLITE
def test_an_import_holds_the_lock_for_as_few_statements_however_many_rows(
    engine: Engine, db: Session, made: Draft
) -> None:
    def held(units: int, letter: str) -> list[str]:
        rows = [[f"{letter}{n}", f"{letter}{n}村", ""] for n in range(units)]
        people = [
            [f"{letter}{n}", "张三", f"{letter}{n}", "正职", "长"] for n in range(units)
        ]
        sheets = roster_sheets(roster(units=rows, cadres=people))
        with wanting_lock(engine) as told:
            import_roster(db, sheets, in_use=in_use)
        return told.refused

    assert len(held(3, "F")) == len(held(40, "M"))
    assert made


@ONLY_SQLITE
def test_what_somebody_changes_while_it_is_tried_out_is_not_written_over(
    engine: Engine, db: Session, made: Draft
) -> None:
    """Another import renames a unit just before the lock is asked for."""
    done: list[int] = []

    def meddle(*told: object) -> None:
        if str(told[2]) == "BEGIN IMMEDIATE" and not done:
            done.append(1)
            with sqlite3.connect(engine.url.database or "") as other:
                other.execute("UPDATE unit SET name = '别名' WHERE code = '清河镇'")
            other.close()

    db.rollback()
    event.listen(Engine, "before_cursor_execute", meddle)
    try:
        rows = [["清河镇", "清河镇", ""], *NEWCOMER["units"]]
        sheets = roster_sheets(roster(units=rows))
        outcome = import_roster(db, sheets, in_use=in_use)
    finally:
        event.remove(Engine, "before_cursor_execute", meddle)

    assert done
    assert [one.happens for one in outcome.changes] == ["changed", "added"]
    assert "清河镇" in db.scalars(select(Unit.name)).all()
    assert made


@ONLY_SQLITE
def test_a_posted_page_that_refuses_takes_no_lock(
    app: Flask, engine: Engine, db: Session, made: Draft
) -> None:
    """Looking up, checking and drawing the form again hold up nobody who answers."""
    wang = desk(app, db, MANAGER)
    db.rollback()

    with wanting_lock(engine, at={"render_template"}) as told:
        sent = wang.send(f"/cycles/{made.cycle_id}/name", name="")

    assert sent.status_code == 422
    assert "render_template" in told.asked
    assert told.refused == []


@ONLY_SQLITE
def test_a_page_cannot_write_with_what_it_reads_with(app: Flask, db: Session) -> None:
    with app.test_request_context("/office/surveys", method="POST"):
        with pytest.raises(RuntimeError):
            request_session().execute(delete(Unit))
        with pytest.raises(RuntimeError):
            request_session().execute(select(Unit.id).with_for_update())
        request_session().add(Unit(code="X", name="某"))
        with pytest.raises(RuntimeError):
            request_session().commit()
        request_session().rollback()
    assert db
