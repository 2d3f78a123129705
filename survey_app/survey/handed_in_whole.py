"""Answers that are kept with something else, in one transaction: all of them or none.

What a page of the office brings is not many and waits for nobody: it goes through no
queue. What a batch does for everybody it does for these, too.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.batch import BatchWriter, Fate
from survey_app.survey.intake import REFUSED
from survey_app.survey.slots import slots_of


def hand_in_whole(
    session: Session, answers: Sequence[NewResponse], *, today: date
) -> None:
    """Keep these answers in the transaction under way; does not commit.

    Whatever else it did is rolled back where one of them is not kept: then it raises
    what the intake raises, or ValueError for a receipt that was counted before.
    """
    slots = len(slots_of(session, None))
    writer = BatchWriter(session.get_bind().engine, slots=slots)
    fates = writer.keep_in(session.connection(), dict(enumerate(answers)), today)
    for fate in fates.values():
        if fate is not Fate.KEPT:
            session.rollback()
            raise REFUSED.get(fate, ValueError)
