"""Whoever asked for a job sees how far it is, and what to do where it failed."""

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.jobs.jobs import ask_for
from survey_app.web.office.jobs import KINDS
from survey_app.work import Handlers
from tests.conftest import ONE_DATABASE
from tests.support.office import MANAGER, READER, desk
from tests.support.respondents import Shown


def asked(db: Session, **columns: object) -> int:
    """Ask for a job, and let it be that far."""
    number = ask_for(db, "close-survey", about=7)
    for column, value in columns.items():
        told = f"UPDATE job SET {column} = :value WHERE id = :id"  # noqa: S608 -- a name written in a test
        db.execute(text(told), {"value": value, "id": number})
    db.commit()
    return number


def looks_again(page: Shown) -> bool:
    return any(one.get("http-equiv") == "refresh" for one in page.all("meta"))


@ONE_DATABASE
def test_the_page_shows_how_far_it_is_and_looks_again(app: Flask, db: Session) -> None:
    number = asked(db, state="running", done=3, total=12)

    page = desk(app, db, MANAGER).see(f"/jobs/{number}")

    [bar] = page.all("progress")
    # How many steps there are could tell how many answered.
    assert (bar.get("value"), bar.get("max")) == ("25", "100")
    assert "已完成25%" in page.text
    assert looks_again(page)


@ONE_DATABASE
def test_what_is_done_leads_on_to_what_it_made(app: Flask, db: Session) -> None:
    number = asked(db, state="done")

    there = desk(app, db, MANAGER).open(f"/jobs/{number}")

    assert (there.status_code, there.location) == (303, "/office/surveys/7")


@ONE_DATABASE
def test_a_failed_job_says_why_and_begins_again(app: Flask, db: Session) -> None:
    number, manager = (
        asked(db, state="failed", failure="PlanChanged"),
        desk(app, db, MANAGER),
    )

    page = manager.see(f"/jobs/{number}")
    again = manager.send(f"/jobs/{number}/again")

    assert "重新开始" in page.text
    assert not looks_again(page)
    assert again.location != f"/office/jobs/{number}"
    assert (
        "即将开始" in manager.see((again.location or "").removeprefix("/office")).text
    )


@ONE_DATABASE
def test_a_job_is_shown_to_whoever_may_see_what_it_makes(
    app: Flask, db: Session
) -> None:
    number = asked(db)

    assert desk(app, db, READER).open(f"/jobs/{number}").status_code == 403
    assert desk(app, db, MANAGER).open("/jobs/999").status_code == 404


def test_every_kind_of_job_has_a_handler_and_a_page() -> None:
    handlers = Handlers()

    assert set(handlers) == KINDS.keys()
    assert all(callable(handlers[kind]) for kind in handlers)
