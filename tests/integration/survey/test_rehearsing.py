"""A rehearsal looks like the survey, says what it is, and leaves nothing behind."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotReadyToOpen,
    NotRehearsed,
    SurveyNotYetOpen,
    WrongMode,
)
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.batch import BatchWriter, Fate
from survey_app.survey.closing import close_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.publication import settle_plans
from survey_app.survey.rehearsal import (
    LEFT_BEHIND,
    begin_rehearsal,
    end_rehearsal,
    wipe_rehearsal,
)
from survey_app.survey.tables import DRAFT, Channel, Survey
from tests.conftest import rows_in
from tests.support.drafts import KEY, PLAN, Draft, draft, ready
from tests.support.office import MANAGER, desk
from tests.support.respondents import Respondent, Shown, shown
from tests.support.secret_ballots import SECRET
from tests.support.small_county import MAY_1

APRIL_1 = date(2026, 4, 1)
"""A month before the first day."""
ANSWERS = {"overall": "good", "comment": "试一试"}


@pytest.fixture
def made(db: Session) -> Draft:
    """A draft that is being rehearsed, long before its first day."""
    made = ready(db)
    begin_rehearsal(db, made.survey_id, today=APRIL_1)
    return made


def codes(db: Session, made: Draft) -> list[str]:
    db.rollback()
    ours = select(Channel.code).where(Channel.survey_id == made.survey_id)
    found = list(db.scalars(ours.order_by(Channel.id)))
    db.rollback()  # the one write lock is for those who answer
    return found


@pytest.fixture
def phone(client: FlaskClient, db: Session, made: Draft) -> Respondent:
    return Respondent(client, codes(db, made)[0])


def filled(page: Shown) -> dict[str, str]:
    """Return the form of a page, filled in, with whatever it carries hidden."""
    hidden = {
        field.get("name", ""): field.get("value", "")
        for field in page.all("input")
        if field.get("type") == "hidden"
    }
    return ANSWERS | hidden


def kept(db: Session) -> int:
    """Return how many rows answers have left anywhere."""
    db.rollback()
    rows = sum(rows_in(db, table.__tablename__) for table in LEFT_BEHIND)
    db.rollback()
    return rows


def test_page_and_receipt_say_that_it_is_a_rehearsal(phone: Respondent) -> None:
    page = phone.scan("?lang=en")
    sent = phone.send(filled(page))

    receipt = shown(phone.client.get(f"{sent.location}?lang=en"))

    assert "does not count" in page.text
    assert sent.status_code == 303
    assert "does not count" in receipt.title
    assert "is counted" not in receipt.text
    assert "was counted" not in receipt.text


def test_posters_say_so_while_it_lasts(app: Flask, db: Session, made: Draft) -> None:
    wang = desk(app, db, MANAGER)
    wang.send("/language", language="en", back="/office/surveys")
    path = f"/surveys/{made.survey_id}/posters"

    during = wang.see(path).text
    end_rehearsal(db, made.survey_id, new_codes=False, key=KEY)

    assert "answers do not count" in during
    assert "answers do not count" not in wang.see(path).text


def test_wiping_leaves_nothing_and_can_be_done_again(
    db: Session, made: Draft, phone: Respondent
) -> None:
    for _ in range(2):
        assert phone.send(filled(phone.scan())).status_code == 303
        assert kept(db) == 4
        wipe_rehearsal(db, made.survey_id)
        assert kept(db) == 0


def test_it_ends_as_a_draft_without_answers_under_the_same_codes(
    db: Session, made: Draft, phone: Respondent
) -> None:
    before = codes(db, made)
    phone.send(filled(phone.scan()))

    end_rehearsal(db, made.survey_id, new_codes=False, key=KEY)

    assert kept(db) == 0
    assert codes(db, made) == before
    assert db.get_one(Survey, made.survey_id).state == DRAFT


def test_it_can_end_with_new_codes_for_all(db: Session, made: Draft) -> None:
    before = codes(db, made)

    end_rehearsal(db, made.survey_id, new_codes=True, key=KEY)

    assert not set(codes(db, made)) & set(before)


def test_nothing_opens_or_closes_while_it_lasts(db: Session, made: Draft) -> None:
    with pytest.raises(AlreadyOpened):
        open_survey(db, made.survey_id, today=MAY_1)
    with pytest.raises(NotRehearsed):
        end_rehearsal(db, ready_beside(db), new_codes=False, key=KEY)
    with pytest.raises(SurveyNotYetOpen):
        close_survey(db, made.survey_id)
    assert settle_plans(db) == 0


def ready_beside(db: Session) -> int:
    """Return a draft beside the rehearsed one."""
    db.execute(
        text(
            "INSERT INTO survey (cycle_id, component_key, title, questionnaire,"
            " questionnaire_fingerprint, opens_on, closes_on, state)"
            " SELECT cycle_id, component_key, 'x', questionnaire,"
            " questionnaire_fingerprint, opens_on, closes_on, 'draft' FROM survey"
        )
    )
    db.commit()
    return db.scalars(select(Survey.id).where(Survey.title == "x")).one()


def test_a_trial_page_kept_open_counts_nothing_once_it_is_in_earnest(
    app: Flask, db: Session, made: Draft, phone: Respondent
) -> None:
    page = phone.scan()
    end_rehearsal(db, made.survey_id, new_codes=False, key=KEY)
    open_survey(db, made.survey_id, today=MAY_1)
    app.extensions["survey_respondent"].channels.forget()

    late = phone.send(filled(page), "?lang=en")

    again = shown(late)
    assert late.status_code == 422
    assert "belonged to a rehearsal" in again.text
    assert "not complete" not in again.text
    assert kept(db) == 0
    assert phone.send(filled(again)).status_code == 303
    assert rows_in(db, "response") == 1


def test_a_trial_on_its_way_is_refused_by_the_transaction_that_would_keep_it(
    engine: Engine, db: Session, made: Draft
) -> None:
    channel = db.scalars(select(Channel)).first()
    assert channel
    place = (made.survey_id, channel.id, channel.rater_group, made.subject_ids[0])
    trial = NewResponse(*place, (("overall", "good"),), "", b"t" * 10, rehearsed=True)
    real = NewResponse(*place, (("overall", "good"),), "", b"r" * 10)
    db.rollback()

    def fates() -> list[Fate]:
        return BatchWriter(engine, slots=1).write([trial, real], today=MAY_1)

    assert fates() == [Fate.KEPT, Fate.CLOSED]
    end_rehearsal(db, made.survey_id, new_codes=False, key=KEY)
    open_survey(db, made.survey_id, today=MAY_1)

    assert fates() == [Fate.TRIAL, Fate.KEPT]
    assert rows_in(db, "response") == 1


def test_what_is_not_ready_or_not_open_mode_is_not_rehearsed(db: Session) -> None:
    made = draft(db)
    with pytest.raises(NotReadyToOpen):
        begin_rehearsal(db, made.survey_id, today=MAY_1)
    db.execute(text("UPDATE survey SET mode = 'secret'"))
    db.commit()
    with pytest.raises(WrongMode):
        begin_rehearsal(db, made.survey_id, today=MAY_1)
    assert SECRET.mode != PLAN.mode


def test_the_office_rehearses_through_its_pages(
    app: Flask, db: Session, client: FlaskClient
) -> None:
    made = ready(db)
    wang, path = desk(app, db, MANAGER), f"/surveys/{made.survey_id}"

    assert wang.send(f"{path}/rehearse").status_code == 303
    phone = Respondent(client, codes(db, made)[0])
    phone.send(filled(phone.scan()))
    assert wang.see(path).all("form")
    assert wang.send(f"{path}/rehearse/wipe").status_code == 303
    assert kept(db) == 0
    assert wang.see(f"{path}/rehearse/end").named("new_codes")
    assert wang.send(f"{path}/rehearse/end", new_codes="y").status_code == 303
    assert phone.code not in codes(db, made)
    assert wang.send(f"{path}/open").status_code == 303
