"""What respondents wrote, told only where there are enough texts to hide among.

Comments are kept apart from answers, channels, rater groups and days; here they come in
the order of their random keys, which nobody chose.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from survey_app.domain.disclosure.residual import FLOOR
from survey_app.domain.refusals import NotFound, ResultsSealed
from survey_app.models.response import Comment
from survey_app.models.subject import Subject
from survey_app.models.survey import Survey, SurveySubject


@dataclass(frozen=True, slots=True)
class Comments:
    """The texts about one subject of a survey that is over."""

    survey_id: int
    survey: str
    subject_id: int
    subject: str
    texts: tuple[str, ...]
    """Empty while there are fewer than the floor."""
    floor: int


def comments_of(
    session: Session, survey_id: int, *, subject_id: int, today: date
) -> Comments:
    """Return the comments; raises NotFound, or ResultsSealed while answers can come."""
    survey, subject = session.get(Survey, survey_id), session.get(Subject, subject_id)
    about = exists().where(
        SurveySubject.survey_id == survey_id, SurveySubject.subject_id == subject_id
    )
    if survey is None or subject is None or not session.scalar(select(about)):
        raise NotFound
    if not survey.is_over(today):
        raise ResultsSealed
    written = (
        select(Comment.text)
        .where(Comment.survey_id == survey_id, Comment.subject_id == subject_id)
        .order_by(Comment.id)
    )
    texts = tuple(session.scalars(written))
    return Comments(
        survey_id=survey_id,
        survey=survey.title,
        subject_id=subject_id,
        subject=subject.name,
        texts=texts if len(texts) >= FLOOR else (),
        floor=FLOOR,
    )
