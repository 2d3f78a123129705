"""Comments: read by the organization department, and only among enough others."""

import secrets

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.models.account import MANAGER, READER
from survey_app.models.response import Comment
from tests.office import Desk, desk
from tests.small_county import County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


@pytest.fixture
def manager(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER)


def address(county: County) -> str:
    return f"/surveys/{county.survey_id}/results/{county.subject_id}/comments"


def write(db: Session, survey_id: int, subject_id: int, *texts: str) -> None:
    db.add_all(
        Comment(
            slot=0,
            id=secrets.token_bytes(16),
            survey_id=survey_id,
            subject_id=subject_id,
            text=text,
        )
        for text in texts
    )
    db.commit()


@pytest.fixture(autouse=True)
def noise(db: Session, county: County) -> None:
    """Texts about somebody else and in another survey, which must not be counted."""
    write(db, county.survey_id, county.other_subject_id, *["another"] * 9)
    write(db, county.other_survey_id, county.subject_id, *["elsewhere"] * 9)


def test_ten_comments_are_shown_as_they_were_written(
    db: Session, county: County, manager: Desk
) -> None:
    texts = [f"<b>text {number}</b>" for number in range(10)]
    write(db, county.survey_id, county.subject_id, *texts)

    shown = manager.open(address(county)).text

    assert all(f"&lt;b&gt;text {number}&lt;/b&gt;" in shown for number in range(10))
    assert "another" not in shown
    assert "elsewhere" not in shown


def test_nine_comments_are_not_shown(
    db: Session, county: County, manager: Desk
) -> None:
    write(db, county.survey_id, county.subject_id, *["a text"] * 9)

    response = manager.open(address(county))

    assert response.status_code == 200
    assert "a text" not in response.text


def test_comments_are_sealed_while_answers_can_come(
    db: Session, county: County, manager: Desk
) -> None:
    write(db, county.survey_id, county.subject_id, *["a text"] * 10)
    county.reopen()

    response = manager.open(address(county))

    assert response.status_code == 403
    assert "a text" not in response.text


def test_there_are_no_comments_about_whom_the_survey_did_not_ask(
    county: County, manager: Desk
) -> None:
    assert (
        manager.open(f"/surveys/{county.survey_id}/results/999/comments").status_code
        == 404
    )


def test_a_reader_is_not_shown_comments(
    app: Flask, db: Session, county: County
) -> None:
    assert desk(app, db, READER).open(address(county)).status_code == 403
