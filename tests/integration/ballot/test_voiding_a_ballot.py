"""A ballot whose box takes ballots is voided by two managers; nothing opens."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.voiding import ask_voiding, grant_voiding
from survey_app.domain.ground.refusals import SurveyVoid
from survey_app.settings import Settings
from survey_app.survey.tables import VOID
from tests.support.office import MANAGER, desk
from tests.support.secret_ballots import FIRST, SECOND, confirmed, drafted
from tests.support.small_county import MAY_1

WHY = "误开"


def void(db: Session, survey_id: int, ballots: Engine) -> None:
    """Let two officials void a ballot."""
    confirmed(db, FIRST, SECOND)
    ask_voiding(db, survey_id, reason=WHY, account=FIRST, today=MAY_1, ballots=ballots)
    grant_voiding(db, survey_id, account=SECOND, today=MAY_1, ballots=ballots)


def test_an_open_ballot_is_voided_and_its_box_takes_and_opens_nothing(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    office = drafted(db, ballots, settings)
    office.opened(staff=8)

    void(db, office.survey_id, ballots)

    box = office.box()
    assert (box.state, box.voided_by, box.closing) == ("void", FIRST, "")
    assert office.state() == VOID
    with pytest.raises(SurveyVoid):
        office.close_with({})


def test_a_voiding_cut_off_between_the_databases_goes_on(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    office = drafted(db, ballots, settings)
    office.opened(staff=8)
    confirmed(db, FIRST, SECOND)
    ask_voiding(
        db, office.survey_id, reason=WHY, account=FIRST, today=MAY_1, ballots=ballots
    )
    office.meddle(
        "UPDATE ballot_box SET state = 'void', voided_by = :by", {"by": FIRST}
    )

    grant_voiding(db, office.survey_id, account=SECOND, today=MAY_1, ballots=ballots)

    assert office.state() == VOID


def test_the_box_of_a_void_ballot_is_destroyed_by_another_account(
    app: Flask, db: Session, ballots: Engine, settings: Settings
) -> None:
    office = drafted(db, ballots, settings)
    office.opened(staff=8)
    an, bo = (desk(app, db, MANAGER, username=name) for name in ("an", "bo"))
    path = f"/surveys/{office.survey_id}"
    db.rollback()

    assert an.send(f"{path}/void", reason=WHY).status_code == 303
    assert bo.send(f"{path}/void/grant").status_code == 303
    for page in (path, f"{path}/box", f"{path}/manifest", "/surveys"):
        assert bo.open(page).status_code == 200, page
    papers = app.test_client().get(f"/b/papers/{office.survey_id}?lang=en")
    assert "declared void by two officials" in papers.text
    assert an.send(f"{path}/box/void/finish").status_code == 403
    done = bo.send(f"{path}/box/void/finish")

    assert (done.status_code, office.box().state) == (303, "done")
    assert bo.open(path).status_code == 200
    assert not list(office.folder.glob("*"))
