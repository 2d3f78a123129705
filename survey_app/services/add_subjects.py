"""Say whom a survey is about, and take it back."""

from collections.abc import Collection

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from survey_app.domain.refusals import NotFound
from survey_app.models.subject import Subject
from survey_app.models.survey import Channel, SurveySubject
from survey_app.services.ballots.set_up import draft_without_slips


def add_subjects(
    session: Session,
    survey_id: int,
    *,
    subject_ids: Collection[int],
    ballots: Engine | None = None,
) -> int:
    """Return how many of the subjects were not in the survey before.

    Raises NotFound, for an unknown subject too, or AlreadyOpened, and SlipsAreOut where
    slips of a secret ballot are printed in the database `ballots`.
    """
    survey = draft_without_slips(session, survey_id, ballots)
    wanted = select(Subject).where(Subject.id.in_(subject_ids))
    found = list(session.scalars(wanted))
    if len(found) < len(set(subject_ids)):
        session.rollback()
        raise NotFound
    new = [subject for subject in found if subject not in survey.subjects]
    survey.subjects.extend(new)
    session.commit()
    return len(new)


def remove_subject(
    session: Session,
    survey_id: int,
    *,
    subject_id: int,
    ballots: Engine | None = None,
) -> None:
    """Take the subject out of the survey, together with the channels that name it.

    Raises NotFound, AlreadyOpened or SlipsAreOut; a subject that is not in it is out
    already.
    """
    draft_without_slips(session, survey_id, ballots)
    session.execute(
        delete(Channel).where(
            Channel.survey_id == survey_id, Channel.subject_id == subject_id
        )
    )
    session.execute(
        delete(SurveySubject).where(
            SurveySubject.survey_id == survey_id,
            SurveySubject.subject_id == subject_id,
        )
    )
    session.commit()
