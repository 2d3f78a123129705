"""All that is known while a box is open: whether more than half have answered."""

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app.models.ballots.box import Batch
from survey_app.models.ballots.ticket import USED, Ticket
from survey_app.services.ballots.kept_box import ISSUED


def quorum_reached(ballots: Engine, survey_id: int) -> dict[str, bool]:
    """Return batch id → whether more than half of its eligible have answered.

    The count itself never leaves the database.
    """
    used = (
        select(func.count())
        .where(Ticket.batch_id == Batch.id, Ticket.state == USED)
        .scalar_subquery()
    )
    wanted = select(Batch.id, 2 * used > Batch.eligible).where(
        Batch.survey_id == survey_id, Batch.state == ISSUED
    )
    with Session(ballots) as box_session:
        return {batch: bool(reached) for batch, reached in box_session.execute(wanted)}
