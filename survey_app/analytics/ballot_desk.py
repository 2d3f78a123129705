"""What the office may know of a ballot box: how far it is, and its batches.

Nothing here counts ballots: before the box is closed no batch row holds such a count.
"""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Unit
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.survey.rated import rated_of


def ballot_box_of(ballots: Engine, survey_id: int) -> BallotBox | None:
    """Return the box as it stands; None before anything was prepared."""
    with Session(ballots, expire_on_commit=False) as box_session:
        return box_session.get(BallotBox, survey_id)


def box_states(ballots: Engine) -> dict[int, str]:
    """Return survey → how far its box is, for every box there is."""
    with Session(ballots) as box_session:
        rows = box_session.execute(select(BallotBox.survey_id, BallotBox.state))
        return {row.survey_id: row.state for row in rows}


def batches_of(ballots: Engine, survey_id: int) -> tuple[Batch, ...]:
    """Return every batch of the survey, void ones too, by unit and rater group."""
    ordered = select(Batch).where(Batch.survey_id == survey_id)
    with Session(ballots, expire_on_commit=False) as box_session:
        return tuple(
            box_session.scalars(
                ordered.order_by(Batch.unit_id, Batch.rater_group, Batch.id)
            )
        )


def unit_names(session: Session, survey_id: int) -> dict[int, str]:
    """Return unit → its name, in this survey: as it was opened, where it was."""
    rows = session.execute(select(Unit.id, Unit.name))
    rated = rated_of(session, survey_id)
    names = {row.id: row.name for row in rows}
    return names | {one.unit.id: one.unit.shown for one in rated}
