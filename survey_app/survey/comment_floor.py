"""How many people wrote something: what decides whether anybody reads it."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.survey.responses import Comment


def open_questions(
    session: Session, survey_id: int, subject_id: int, *, floor: int
) -> frozenset[str]:
    """Return the questions, "" for the comment, that enough people answered in words.

    The floor holds for each by itself: what only a few were asked says what they
    answered before. Everybody has one text at most for each.
    """
    many = (
        select(Comment.question)
        .where(Comment.survey_id == survey_id, Comment.subject_id == subject_id)
        .group_by(Comment.question)
        .having(func.count() >= floor)
    )
    return frozenset(session.scalars(many))


def texts_written(session: Session, survey_id: int) -> dict[int, int]:
    """Return subject → how many wrote, as `texts_about` has it."""
    written = (
        select(Comment.subject_id, Comment.question, func.count())
        .where(Comment.survey_id == survey_id)
        .group_by(Comment.subject_id, Comment.question)
    )
    rows = session.execute(written)
    return texts_about({(subject, key): count for subject, key, count in rows})


def texts_about(written: Mapping[tuple[int, str], int]) -> dict[int, int]:
    """Return subject → at least how many people wrote something about it.

    `written` is subject and question, "" for the comment, → texts. One person answers
    each question once, so the most answered one has as many writers as texts.
    """
    found: dict[int, int] = {}
    for (subject, _), count in written.items():
        found[subject] = max(found.get(subject, 0), int(count))
    return found
