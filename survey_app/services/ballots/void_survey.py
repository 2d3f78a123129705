"""Void a survey whose challenge ballots were not opened as auditors had cast them."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.refusals import BoxNotReady
from survey_app.models.ballots.box import CLOSED, VOID
from survey_app.services.ballots.closed_box import closing_in
from survey_app.services.ballots.count_opened import count_void
from survey_app.services.ballots.kept_box import kept_box, locked_box, locked_secret


def void_survey(session: Session, ballots: Engine, survey_id: int) -> None:
    """State that the auditors found a difference: nothing is ever opened or counted.

    First the box is void, then its batches are void in the main database; where it
    stopped between the two, calling it again goes on. The envelopes stay sealed, for
    whoever looks into it, until `finish_void` is ordered. Raises BoxNotReady unless the
    box is closed and holds challenge ballots; NotFound or WrongMode.
    """
    locked_secret(session, survey_id)
    session.rollback()
    with kept_box(ballots) as boxes:
        box = locked_box(boxes, survey_id)
        if box.state not in (CLOSED, VOID) or not closing_in(box).closing.challenged:
            raise BoxNotReady
        box.state = VOID
    count_void(session, ballots, survey_id)
