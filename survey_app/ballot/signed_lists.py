"""The signatures on the paper lists, noted list by list until the box closes.

A city has thousands of lists: they are counted for days, by several people, and no page
holds all of them. What is noted can be corrected until the closing begins, which takes
the numbers as they stand and fixes them.
"""

import json
from collections.abc import Mapping

from sqlalchemy import Engine, bindparam, func, select, update
from sqlalchemy.orm import Session

from survey_app.ballot.held_box import ISSUED, kept_box, open_box
from survey_app.ballot.tables import BallotBox, Batch


def note_signatures(
    ballots: Engine, survey_id: int, counted: Mapping[str, int | None]
) -> None:
    """Note how many signed the lists of these batches; None takes a number back.

    What is no batch of this survey with tickets is passed over. Raises BoxNotReady
    unless the box takes ballots: from the moment closing begins its numbers stay.
    """
    noting = (
        update(Batch)
        .where(
            Batch.id == bindparam("batch"),
            Batch.survey_id == survey_id,
            Batch.state == ISSUED,
        )
        .values(signed=bindparam("number"))
    )
    rows = [{"batch": key, "number": number} for key, number in counted.items()]
    with kept_box(ballots) as box_session:
        open_box(box_session, survey_id)
        if rows:
            box_session.connection().execute(noting, rows)


def noted_signatures(ballots: Engine, survey_id: int) -> dict[str, int]:
    """Return batch → signatures: those the closing began with, else those noted."""
    begun = select(BallotBox.signatures).where(BallotBox.survey_id == survey_id)
    ours = select(Batch.id, Batch.signed).where(Batch.survey_id == survey_id)
    with ballots.connect() as connection:
        if kept := connection.scalar(begun):
            return dict(json.loads(kept))
        rows = connection.execute(ours.where(Batch.signed.is_not(None)))
        return {batch_id: int(signed or 0) for batch_id, signed in rows}


def lists_noted(ballots: Engine, survey_id: int) -> tuple[int, int]:
    """Return how many lists were noted, and how many there are in all."""
    counting = select(func.count(Batch.signed), func.count()).where(
        Batch.survey_id == survey_id, Batch.state == ISSUED
    )
    with ballots.connect() as connection:
        noted, every = connection.execute(counting).one()
    return int(noted), int(every)


def lists_missing(ballots: Engine, survey_id: int, *, most: int) -> list[Batch]:
    """Return the first so many batches whose lists nobody has noted yet, by unit."""
    missing = (
        select(Batch)
        .where(
            Batch.survey_id == survey_id,
            Batch.state == ISSUED,
            Batch.signed.is_(None),
        )
        .order_by(Batch.unit_id, Batch.rater_group, Batch.id)
        .limit(most)
    )
    with Session(ballots, expire_on_commit=False) as box_session:
        return list(box_session.scalars(missing))
