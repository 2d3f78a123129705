"""Void a survey whose challenge ballots were not opened as auditors had cast them."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.refusals import BoxNotReady
from survey_app.models.ballots.box import CLOSED, VOID
from survey_app.models.publication import PublicationPlan
from survey_app.services.ballots.closed_box import closing_in
from survey_app.services.ballots.count_opened import count_void
from survey_app.services.ballots.kept_box import kept_box, locked_box, locked_secret


def void_survey(
    session: Session, ballots: Engine, survey_id: int, *, account: str
) -> None:
    """State that the auditors found a difference: nothing is ever opened or counted.

    First the box is void, then its batches are void in the main database; where it
    stopped between the two, calling it again goes on. The envelopes stay sealed, for
    whoever looks into it, until `finish_void` is ordered by another account than
    `account`, whose name is kept from the first call. Raises BoxNotReady unless the
    box is closed and holds challenge ballots; NotFound or WrongMode.
    """
    locked_secret(session, survey_id)
    session.rollback()
    with kept_box(ballots) as boxes:
        box = locked_box(boxes, survey_id)
        if box.state not in (CLOSED, VOID) or not closing_in(box).closing.challenged:
            raise BoxNotReady
        if box.state == CLOSED:
            box.state, box.voided_by = VOID, account
    count_void(session, ballots, survey_id)


def is_settled(session: Session, survey_id: int) -> bool:
    """Return whether the main database says already what became of the batches."""
    plan = session.get(PublicationPlan, survey_id)
    return plan is not None and plan.evaluated is not None
