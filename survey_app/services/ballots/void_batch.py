"""Void a batch before the survey opens: its slips were lost, or asked for wrongly."""

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from survey_app.models.ballots.box import Batch
from survey_app.models.ballots.ticket import Ticket
from survey_app.services.ballots.kept_box import (
    VOIDED,
    held_draft,
    issuing_box,
    kept_box,
    survey_of_batch,
)


def void_batch(session: Session, ballots: Engine, batch_id: str) -> None:
    """Delete the tickets of the batch for good; a new one may then be requested.

    A batch that is void is void already. Raises NotFound, AlreadyOpened, BoxNotReady
    or WrongMode.
    """
    survey_id = survey_of_batch(ballots, batch_id)
    with held_draft(session, survey_id) as survey, kept_box(ballots) as box_session:
        issuing_box(box_session, survey)
        batch = box_session.get_one(Batch, batch_id, with_for_update=True)
        box_session.execute(delete(Ticket).where(Ticket.batch_id == batch_id))
        batch.state = VOIDED
