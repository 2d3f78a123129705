"""The slips of a secret ballot, brought into line with other counts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models.secret_ballot import BallotCount
from survey_app.models.subject import Subject


def let_return(
    session: Session, *, survey_id: int, subject_id: int, rater_group: str, people: int
) -> None:
    """Let so many readable ballots have come back; does not commit.

    Whoever did not vote left a slip that was voided. An open survey has no slips.
    """
    batches = session.scalars(
        select(BallotCount)
        .join(Subject, Subject.unit_id == BallotCount.unit_id)
        .where(
            BallotCount.survey_id == survey_id,
            BallotCount.rater_group == rater_group,
            BallotCount.void.is_(False),
            Subject.id == subject_id,
        )
        .order_by(BallotCount.used.desc(), BallotCount.batch_id)
    ).all()
    more = people - sum(batch.used - batch.spoiled for batch in batches)
    for batch in batches[:1]:
        batch.used += more
        batch.signed += more
        batch.voided -= more
