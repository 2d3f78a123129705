"""The office lets pages ask for a proof of work: in a draft, and while it runs."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.analytics.listed_channels import ChannelChoice, chosen_channels
from survey_app.domain.ground.refusals import (
    BeingRehearsed,
    SurveyClosed,
    WrongMode,
)
from survey_app.survey.ask_proof import ask_for_proof
from survey_app.survey.copy_survey import copy_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.survey_acts import PROOF_OFF, PROOF_ON, SurveyAct
from survey_app.survey.tables import (
    CLOSED,
    REHEARSAL,
    SECRET_BALLOT,
    Channel,
    Survey,
)
from tests.support.drafts import KEY, Draft, ready
from tests.support.office import ORGANIZER, desk
from tests.support.proven import let_ask

MAY_1 = date(2026, 5, 1)
WHY = {"reason": "一个码被人刷票"}


def beside(db: Session) -> int:
    """Return how many channels count what comes without a proof."""
    db.rollback()
    counted = select(func.count()).where(Channel.without_proof_of.is_not(None))
    found = db.scalar(counted) or 0
    db.rollback()
    return found


def asks(db: Session, made: Draft) -> bool:
    db.rollback()
    found = db.get_one(Survey, made.survey_id, populate_existing=True).asks_proof
    db.rollback()
    return found


def test_a_draft_is_switched_without_a_reason_and_opens_so(
    app: Flask, db: Session
) -> None:
    made, organizer = ready(db), desk(app, db, ORGANIZER)
    at = f"/surveys/{made.survey_id}/proof"
    assert "textarea" not in organizer.see(at).tree.itertext()

    assert organizer.send(f"{at}/on").status_code == 303
    assert (asks(db, made), beside(db)) == (True, 0)
    open_survey(db, made.survey_id, today=MAY_1)

    assert beside(db) == 4
    assert db.scalar(select(func.count()).select_from(SurveyAct)) == 0


def test_while_it_runs_a_reason_stays_beside_it(app: Flask, db: Session) -> None:
    made, organizer = ready(db), desk(app, db, ORGANIZER)
    open_survey(db, made.survey_id, today=MAY_1)
    at = f"/surveys/{made.survey_id}/proof"

    assert organizer.send(f"{at}/on", reason=" ").status_code == 422
    assert (asks(db, made), beside(db)) == (False, 0)
    for way in ("on", "on", "off", "on"):
        assert organizer.send(f"{at}/{way}", **WHY).status_code == 303

    assert (asks(db, made), beside(db)) == (True, 4)
    kinds = list(db.scalars(select(SurveyAct.kind).order_by(SurveyAct.id)))
    db.rollback()
    assert kinds == [PROOF_ON, PROOF_OFF, PROOF_ON]
    assert organizer.see(f"/surveys/{made.survey_id}").text.count(WHY["reason"]) == 3


def test_lists_show_what_came_without_and_posters_do_not(
    app: Flask, db: Session
) -> None:
    made, organizer = ready(db), desk(app, db, ORGANIZER)
    open_survey(db, made.survey_id, today=MAY_1)
    let_ask(db, made.survey_id)

    turnout = organizer.see(f"/surveys/{made.survey_id}/turnout").text
    chosen = organizer.see(f"/surveys/{made.survey_id}/posters/choose").text

    assert turnout.count("无工作量证明") == 4
    assert len(chosen_channels(db, made.survey_id, ChannelChoice())) == 4
    db.rollback()
    assert "无工作量证明" not in chosen
    number = db.scalars(select(Channel.id).where(Channel.without_proof_of.is_not(None)))
    first = number.first()
    db.rollback()
    page = organizer.see(f"/channels/{first}").text
    assert "没有自己的码" in page


def test_a_copy_asks_as_well_and_has_no_channel_beside(db: Session) -> None:
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    let_ask(db, made.survey_id)

    copied = copy_survey(
        db, made.survey_id, title="再来一次", opens_on=MAY_1, closes_on=MAY_1, key=KEY
    )

    assert db.get_one(Survey, copied).asks_proof
    assert beside(db) == 4


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"mode": SECRET_BALLOT}, WrongMode),
        ({"state": REHEARSAL}, BeingRehearsed),
        ({"state": CLOSED}, SurveyClosed),
    ],
)
def test_where_nothing_can_be_switched_it_is_said(
    app: Flask, db: Session, change: dict[str, str], refused: type[Exception]
) -> None:
    made, organizer = ready(db), desk(app, db, ORGANIZER)
    survey = db.get_one(Survey, made.survey_id)
    for name, value in change.items():
        setattr(survey, name, value)
    db.commit()

    with pytest.raises(refused):
        ask_for_proof(
            db, made.survey_id, asked=True, account="the designer", today=MAY_1
        )

    assert not asks(db, made)
    assert organizer.open(f"/surveys/{made.survey_id}/proof").status_code >= 400
