"""A form is taken from a page that this platform served behind this very code."""

import secrets

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey_app.survey.tables import REHEARSAL
from tests.conftest import rows_in
from tests.support.respondents import (
    GOOD,
    HALF,
    Plan,
    Respondent,
    ask_about,
    assert_still_there,
    shown,
)


def refused_and_mended(respondent: Respondent, db: Session, submission: str) -> None:
    """Check that nothing is kept, and that pressing once more is all it takes."""
    before = rows_in(db, "response")
    sent = respondent.send(
        {**GOOD, "comment": HALF["comment"], "submission": submission}
    )

    page = shown(sent)
    assert (sent.status_code, rows_in(db, "response")) == (422, before)
    assert page.submission != submission
    assert_still_there(page, page.submission, **GOOD)
    db.rollback()
    form = {**page.picked, "comment": page.comment, "submission": page.submission}
    assert respondent.send(form).status_code == 303
    assert rows_in(db, "response") == before + 1


def test_a_made_up_id_counts_nothing(client: FlaskClient, db: Session) -> None:
    respondent = Respondent(client, ask_about(db).code)

    refused_and_mended(respondent, db, secrets.token_hex(16))


def test_the_id_of_another_codes_page_counts_nothing_here(
    client: FlaskClient, db: Session
) -> None:
    here, there = (Respondent(client, ask_about(db).code) for _ in range(2))

    refused_and_mended(here, db, there.scan().submission)


def test_an_id_of_another_key_counts_nothing(client: FlaskClient, db: Session) -> None:
    asked = ask_about(db)
    elsewhere = Plan(key="other" * 8)
    foreign = ask_about(db, elsewhere).new_submission()

    refused_and_mended(Respondent(client, asked.code), db, foreign)


def test_the_page_of_a_rehearsal_gives_no_id_for_the_survey(
    client: FlaskClient, db: Session
) -> None:
    asked = ask_about(db)

    tried = asked.new_submission(REHEARSAL)

    refused_and_mended(Respondent(client, asked.code), db, tried)


def test_an_id_is_good_whenever_its_form_is_sent(
    client: FlaskClient, db: Session
) -> None:
    """Whoever was interrupted for days sends what he has: no id runs out."""
    asked = ask_about(db)
    page = Respondent(client, asked.code).scan().submission

    assert Respondent(client, asked.code).answer().status_code == 303
    sent = Respondent(client, asked.code).send({**GOOD, "submission": page})
    assert sent.status_code == 303
