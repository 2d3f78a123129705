"""Whom a survey is about, and the channels that lead to it."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import OpenCodeUnexplained
from survey_app.domain.ground.printed_code import channel_code
from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.survey.draft import draft
from survey_app.survey.tables import Channel, Survey, SurveySubject

AT_ONCE = 500
"""Codes that are looked up together."""
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
    held(session, survey_id)
    wanted = set(subject_ids)
    known = select(func.count()).where(Subject.id.in_(wanted))
    if session.scalar(known) != len(wanted):
        session.rollback()
        raise NotFound
    ours = SurveySubject.survey_id == survey_id
    there = set(session.scalars(select(SurveySubject.subject_id).where(ours)))
    rows = [
        {"survey_id": survey_id, "subject_id": subject_id}
        for subject_id in sorted(wanted - there)
    ]
    if rows:
        session.execute(insert(SurveySubject), rows)
    session.commit()
    return len(rows)


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


@dataclass(frozen=True, slots=True)
class WayIn:
    """How a channel lets people in."""

    kind: ChannelKind | None = None
    """None: what suits its rater group, see `usual_kind`."""
    open_reason: str = ""
    """Why whoever comes by may answer for people who are known."""
    visitors: int | None = None
    """How many people come there on a day; None: not told."""


USUAL = WayIn()


def usual_kind(survey: Survey, rater_group: str) -> ChannelKind:
    """Return slips for people who are known, a poster for everybody else.

    Known are those a scheme has on a roster or draws as a sample. A rater group the
    scheme does not know has a poster: opening asks about it.
    """
    is_known = rater_group in survey.known_groups
    return ChannelKind.SLIPS if is_known else ChannelKind.POSTER


def add_channel(  # noqa: PLR0913 -- who answers, where, about whom, and how
    session: Session,
    survey_id: int,
    *,
    rater_group: str,
    place: str = "",
    subject_id: int | None = None,
    way: WayIn = USUAL,
    key: bytes,
) -> Channel:
    """Return a new channel whose code `key` signs.

    Without a subject the respondent chooses among the survey's subjects. Raises
    NotFound, for a subject outside the survey too, AlreadyOpened, OpenCodeUnexplained,
    or WrongMode for a secret ballot, which nobody answers without a ticket.
    """
    survey = _open_mode_draft(session, survey_id)
    kind = way.kind or usual_kind(survey, rater_group)
    known = rater_group in survey.known_groups
    if known and kind.is_open and not way.open_reason:
        session.rollback()
        raise OpenCodeUnexplained
    named = (survey_id, subject_id)
    if subject_id is not None and not session.get(SurveySubject, named):
        session.rollback()
        raise NotFound
    (code,) = free_codes(session, key, 1)
    channel = Channel(
        survey_id=survey_id,
        code=code,
        rater_group=rater_group,
        place=place,
        subject_id=subject_id,
        kind=kind,
        open_reason=way.open_reason if known and kind.is_open else "",
        visitors=way.visitors,
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
    led_to = select(Channel.subject_id, Channel.rater_group)
    there = {
        (subject_id, group)
        for subject_id, group in session.execute(
            led_to.where(Channel.survey_id == survey_id)
        )
    }
    ours = SurveySubject.survey_id == survey_id
    every = select(SurveySubject.subject_id).where(ours)
    wanting = [
        {
            "subject_id": subject_id,
            "rater_group": group,
            "kind": usual_kind(survey, group),
        }
        for subject_id in session.scalars(every.order_by(SurveySubject.subject_id))
        for group in survey.group_labels
        if (subject_id, group) not in there
    ]
    same = {"survey_id": survey_id, "place": ""}
    codes = free_codes(session, key, len(wanting))
    rows = [
        same | one | {"code": code} for one, code in zip(wanting, codes, strict=True)
    ]
    if rows:
        session.execute(insert(Channel), rows)
    session.commit()
    return len(rows)


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


def free_codes(session: Session, key: bytes, number: int) -> list[str]:
    """Return so many codes no channel has.

    The table's unique constraint has the last word.
    """
    found: set[str] = set()
    while len(found) < number:
        missing = min(AT_ONCE, number - len(found))
        new = {channel_code(secrets.token_bytes(4), key) for _ in range(missing)}
        taken = select(Channel.code).where(Channel.code.in_(new))
        found |= new - set(session.scalars(taken))
    return list(found)
