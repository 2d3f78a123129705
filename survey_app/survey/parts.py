"""Whom a survey is about, and the channels that lead to it."""

import secrets
from collections.abc import Callable, Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject
from survey_app.domain.ground.printed_code import channel_code
from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.survey.draft import draft
from survey_app.survey.tables import Channel, Survey, SurveySubject

HeldDraft = Callable[[Session, int], Survey]
"""Gives the draft, held fast, or refuses; a ballot's also knows of its slips."""


def add_subjects(
    session: Session,
    survey_id: int,
    *,
    subject_ids: Collection[int],
    held: HeldDraft = draft,
) -> int:
    """Return how many of the subjects were not in the survey before.

    Raises NotFound, for an unknown subject too, or what `held` raises: AlreadyOpened,
    and for a secret ballot SlipsAreOut.
    """
    survey = held(session, survey_id)
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
    held: HeldDraft = draft,
) -> None:
    """Take the subject out of the survey, together with the channels that name it.

    Raises NotFound, AlreadyOpened or SlipsAreOut; a subject that is not in it is out
    already.
    """
    held(session, survey_id)
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


def add_channel(
    session: Session,
    survey_id: int,
    *,
    rater_group: str,
    place: str = "",
    subject_id: int | None = None,
    key: bytes,
) -> Channel:
    """Return a new channel whose code `key` signs.

    Without a subject the respondent chooses among the survey's subjects. Raises
    NotFound, for a subject outside the survey too, AlreadyOpened, or WrongMode for a
    secret ballot, which nobody answers without a ticket.
    """
    survey = _open_mode_draft(session, survey_id)
    if subject_id is not None and subject_id not in {s.id for s in survey.subjects}:
        session.rollback()
        raise NotFound
    channel = Channel(
        survey_id=survey_id,
        code=free_code(session, key),
        rater_group=rater_group,
        place=place,
        subject_id=subject_id,
    )
    session.add(channel)
    session.commit()
    return channel


def add_channels(session: Session, survey_id: int, *, key: bytes) -> int:
    """Return how many channels were added so that every subject has one per group.

    The groups are those of the survey's component. Raises NotFound, for an unknown
    component too, AlreadyOpened, or WrongMode for a secret ballot.
    """
    survey = _open_mode_draft(session, survey_id)
    if survey.component is None:
        raise NotFound
    there = {(channel.subject_id, channel.rater_group) for channel in survey.channels}
    wanting = [
        (subject.id, group)
        for subject in survey.subjects
        for group in survey.group_labels
        if (subject.id, group) not in there
    ]
    for subject_id, group in wanting:
        session.add(
            Channel(
                survey_id=survey_id,
                code=free_code(session, key),
                rater_group=group,
                place="",
                subject_id=subject_id,
            )
        )
    session.commit()
    return len(wanting)


def remove_channel(session: Session, survey_id: int, *, channel_id: int) -> None:
    """Take a channel away before anything was printed with it.

    Raises NotFound or AlreadyOpened; a channel that is gone is gone already.
    """
    draft(session, survey_id)
    session.execute(
        delete(Channel).where(Channel.survey_id == survey_id, Channel.id == channel_id)
    )
    session.commit()


def _open_mode_draft(session: Session, survey_id: int) -> Survey:
    """Return the draft of an open survey; a code that all may scan is no ticket."""
    survey = draft(session, survey_id)
    if survey.is_secret:
        session.rollback()
        raise WrongMode
    return survey


def free_code(session: Session, key: bytes) -> str:
    """Return a code no channel has; the table's unique constraint has the last word."""
    while True:
        code = channel_code(secrets.token_bytes(4), key)
        taken = select(Channel.id).where(Channel.code == code)
        if session.scalar(taken) is None:
            return code
