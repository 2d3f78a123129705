"""Who answers here, and what they are asked: a channel looked up and remembered.

The signature in the code is checked first, so invented codes never reach the database.
A channel is remembered for a few seconds; should the database be gone, a page that was
ever served can still be shown again with its answers in it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from survey_app.database import OUT_OF_REACH
from survey_app.domain.ground.refusals import (
    NotKept,
    SurveyClosed,
    SurveyNotYetOpen,
    SurveyVoid,
    UnknownChannel,
)
from survey_app.domain.ground.typed_code import channel_code_in
from survey_app.domain.questionnaire.ballot_rules import (
    SheetRule,
    sheet_rules,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.rated import rated_of
from survey_app.survey.tables import (
    DRAFT,
    OPEN,
    REHEARSAL,
    VOID,
    Channel,
    RatedSubject,
    Survey,
    SurveySubject,
)

REMEMBERED = 5.0
"""Seconds; a survey closed by the office looks open to a reader no longer than this.
Answers are checked again inside the transaction that keeps them."""

ONE = 0
"""The one subject of an answer, where rules speak of marks."""


@dataclass(frozen=True, slots=True)
class SubjectChoice:
    """A subject the channel leads to."""

    id: int
    name: str
    """Told from all others of the survey."""
    place: str = ""
    """Unit and title of a person, the parent unit of a leading body; empty where the
    name says so already, or there is nothing to say."""


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """What a respondent's page needs to know; equal channels draw equal pages."""

    code: str
    channel_id: int
    survey_id: int
    rater_group: str
    title: str
    questionnaire: Questionnaire
    subjects: tuple[SubjectChoice, ...]
    """One: the channel names it. Several: the respondent chooses."""
    state: str
    opens_on: date
    closes_on: date
    rules: tuple[SheetRule, ...] = ()
    """What an answer must obey; whoever it is about, its subject is ONE."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether the survey is only tried: what is sent counts nowhere."""
        return self.state == REHEARSAL

    def require_open(self, today: date) -> None:
        """Raise SurveyNotYetOpen, SurveyVoid or SurveyClosed unless it takes answers.

        A rehearsal takes them on any day.
        """
        if self.state == VOID:
            raise SurveyVoid
        if self.is_rehearsal:
            return
        if self.state == DRAFT or (self.state == OPEN and today < self.opens_on):
            raise SurveyNotYetOpen
        if self.state != OPEN or today > self.closes_on:
            raise SurveyClosed


class Channels:
    """The channels of one database, each remembered for a moment."""

    def __init__(
        self, engine: Engine, key: bytes, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._key = key
        self._clock = clock
        self._remembered: dict[str, tuple[float, OpenChannel]] = {}

    def code_in(self, typed: str) -> str | None:
        """Return the code that was meant, None for none we signed; asks no database."""
        return channel_code_in(typed, self._key)

    def find(self, typed: str) -> OpenChannel:
        """Return the channel behind a code, open or not.

        Raises UnknownChannel, or NotKept where the database is gone and this channel
        was never asked for before.
        """
        code = self.code_in(typed)
        if code is None:
            raise UnknownChannel
        since, channel = self._remembered.get(code, (0.0, None))
        if channel is not None and self._clock() - since < REMEMBERED:
            return channel
        try:
            found = self._read(code)
        except OUT_OF_REACH as error:
            if channel is None:
                raise NotKept from error
            return channel
        self._remembered[code] = (self._clock(), found)
        return found

    def _read(self, code: str) -> OpenChannel:
        """Return the channel from the database."""
        wanted = (
            select(Channel)
            .where(Channel.code == code)
            .options(joinedload(Channel.survey).joinedload(Survey.cycle))
        )
        with Session(self._engine) as session:
            channel = session.scalar(wanted)
            if channel is None:
                raise UnknownChannel
            survey = channel.survey
            questionnaire = Questionnaire.from_json(survey.questionnaire)
            return OpenChannel(
                code=code,
                channel_id=channel.id,
                survey_id=survey.id,
                rater_group=channel.rater_group,
                title=survey.title,
                questionnaire=questionnaire,
                subjects=_subjects(session, survey, channel.subject_id),
                state=survey.state,
                opens_on=survey.opens_on,
                closes_on=survey.closes_on,
                rules=sheet_rules(
                    survey.ballot_rules,
                    (ONE,),
                    [question.key for question in questionnaire.questions],
                ),
            )


def _subjects(
    session: Session, survey: Survey, named: int | None
) -> tuple[SubjectChoice, ...]:
    """Return whom a channel leads to: the one it names, or all to choose from.

    Nobody is frozen while the survey is a draft, which the roster may still change.
    """
    wanted = (
        select(
            RatedSubject.subject_id, RatedSubject.shown_name, RatedSubject.shown_place
        )
        .where(RatedSubject.survey_id == survey.id)
        .order_by(RatedSubject.subject_id)
    )
    if named is not None:
        wanted = wanted.where(RatedSubject.subject_id == named)
    else:
        wanted = wanted.join(
            SurveySubject,
            (SurveySubject.survey_id == RatedSubject.survey_id)
            & (SurveySubject.subject_id == RatedSubject.subject_id),
        )
    frozen = tuple(SubjectChoice(*row) for row in session.execute(wanted))
    return frozen or _by_the_roster(session, survey.id, named)


def _by_the_roster(
    session: Session, survey_id: int, named: int | None
) -> tuple[SubjectChoice, ...]:
    """Return the same of a survey that has not opened."""
    rated = rated_of(session, survey_id)
    meant = [one for one in rated if one.id == named] or rated
    return tuple(
        SubjectChoice(one.id, one.name, one.place if one.name == one.bare_name else "")
        for one in meant
    )
