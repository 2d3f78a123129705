"""What the tables say of a channel and of its survey, to whoever answers through it.

Each by its key: nothing here grows with the survey, but for a channel that lets its
respondents choose among all subjects.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from sqlalchemy import Engine, bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.questionnaire.ballot_rules import SheetRule, sheet_rules
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.rated import rated_of
from survey_app.survey.settling.correction import CONFIRMED, Correction
from survey_app.survey.tables import (
    DRAFT,
    REHEARSAL,
    Channel,
    RatedSubject,
    Survey,
    SurveySubject,
)
from survey_app.waiting import Flights

UNFROZEN = (DRAFT, REHEARSAL)
"""The states in which channels, subjects and their names may change."""
AHEAD = 32
"""Neighbours of a channel, on either side, that are read with it."""
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
class AskedSurvey:
    """A survey as all of its channels ask it."""

    title: str
    questionnaire: Questionnaire
    rules: tuple[SheetRule, ...]
    state: str
    opens_on: date
    closes_on: date
    names: int
    """How many corrections were confirmed in its cycle, and how often it changed while
    it was out: a name may be another now, or somebody be gone."""

    @property
    def is_frozen(self) -> bool:
        """Whether channels and names stay as they are, but for corrections."""
        return self.state not in UNFROZEN


class ChannelRow(NamedTuple):
    """A channel, and the subject it names as the survey froze him."""

    id: int
    survey_id: int
    rater_group: str
    subject_id: int | None
    name: str | None
    """None where the respondent chooses, nobody is frozen yet, or he was taken out."""
    place: str | None
    state: str
    names: int
    """Of its survey, when this was read."""
    kind: ChannelKind
    is_stopped: bool
    asks_proof: bool
    unproven_id: int | None
    """The channel that counts what comes through it without a proof of work."""
    since: float
    """When this was read."""

    @property
    def subjects(self) -> tuple[SubjectChoice, ...]:
        """The subject it names; empty where the survey's must be looked at."""
        if self.subject_id is None or self.name is None:
            return ()
        return (SubjectChoice(self.subject_id, self.name, self.place or ""),)

    def holds_in(self, survey: AskedSurvey, *, not_before: float) -> bool:
        """Return whether it is still so.

        Once frozen, nothing but a correction changes it; a draft's is believed for as
        long as was read `not_before` then.
        """
        if self.state in UNFROZEN or not survey.is_frozen:
            return self.since > not_before and self.state == survey.state
        return self.names == survey.names


_CORRECTED = (
    select(func.count())
    .select_from(Correction)
    .where(Correction.cycle_id == Survey.cycle_id, Correction.state == CONFIRMED)
    .scalar_subquery()
)
_ANEW = _CORRECTED + Survey.changes
_MEANT = aliased(Channel)
_UNPROVEN = aliased(Channel)
_BESIDE = (
    select(
        Channel.code,
        Channel.id,
        Channel.survey_id,
        Channel.rater_group,
        Channel.subject_id,
        RatedSubject.shown_name,
        RatedSubject.shown_place,
        Survey.state,
        _ANEW,
        Channel.kind,
        Channel.is_stopped,
        Survey.asks_proof,
        _UNPROVEN.id.label("unproven_id"),
    )
    .join(_MEANT, Channel.id.between(_MEANT.id - AHEAD, _MEANT.id + AHEAD))
    .join(Survey, Survey.id == Channel.survey_id)
    .outerjoin(_UNPROVEN, _UNPROVEN.without_proof_of == Channel.id)
    .outerjoin(
        SurveySubject,
        (SurveySubject.survey_id == Channel.survey_id)
        & (SurveySubject.subject_id == Channel.subject_id),
    )
    .outerjoin(
        RatedSubject,
        (RatedSubject.survey_id == SurveySubject.survey_id)
        & (RatedSubject.subject_id == SurveySubject.subject_id),
    )
    .where(_MEANT.code == bindparam("meant"), Channel.survey_id == _MEANT.survey_id)
)
_ASKED = select(Survey, _ANEW).options(joinedload(Survey.cycle))
_CHOSEN = (
    select(RatedSubject.subject_id, RatedSubject.shown_name, RatedSubject.shown_place)
    .join(
        SurveySubject,
        (SurveySubject.survey_id == RatedSubject.survey_id)
        & (SurveySubject.subject_id == RatedSubject.subject_id),
    )
    .order_by(RatedSubject.subject_id)
)


def channel_rows(engine: Engine, code: str, now: float) -> dict[str, ChannelRow]:
    """Return code → channel: the one with this code and its neighbours by number.

    A reading by key costs the same for one as for a few, so few are enough for a city.
    Empty where there is none with this code.
    """
    with engine.connect() as connection:
        read = connection.execute(_BESIDE, {"meant": code})
        return {
            row.code: ChannelRow(
                row.id,
                row.survey_id,
                intern(row.rater_group),
                row.subject_id,
                row.shown_name,
                row.shown_place,
                row.state,
                row[8],
                ChannelKind(row.kind),
                row.is_stopped,
                row.asks_proof,
                row.unproven_id,
                now,
            )
            for row in read
        }


def survey_asked(engine: Engine, survey_id: int) -> AskedSurvey | None:
    """Return the survey as it is now; None: a draft that is there no more."""
    with Session(engine) as session:
        found = session.execute(_ASKED.where(Survey.id == survey_id)).one_or_none()
        if found is None:
            return None
        survey, corrected = found
        questionnaire = _questionnaire(survey.questionnaire)
        keys = [question.key for question in questionnaire.ratings]
        return AskedSurvey(
            title=survey.title,
            questionnaire=questionnaire,
            rules=sheet_rules(survey.ballot_rules, (ONE,), keys),
            state=survey.state,
            opens_on=survey.opens_on,
            closes_on=survey.closes_on,
            names=corrected,
        )


class Subjects:
    """All whom a survey is about: read where one of them is chosen, and once."""

    def __init__(self, survey_id: int) -> None:
        self._survey_id = survey_id
        self._all: tuple[SubjectChoice, ...] | None = None

    def all(self, engine: Engine, flights: Flights) -> tuple[SubjectChoice, ...]:
        """Return them by number; for all channels of the survey the same tuple."""
        if self._all is None:
            self._all = flights.once(self, lambda: _subjects(engine, self._survey_id))
        return self._all


def _subjects(engine: Engine, survey_id: int) -> tuple[SubjectChoice, ...]:
    """Return the subjects as they were frozen, of a draft as the roster has them."""
    with Session(engine) as session:
        frozen = session.execute(_CHOSEN.where(RatedSubject.survey_id == survey_id))
        found = tuple(SubjectChoice(*row) for row in frozen)
        return found or tuple(
            SubjectChoice(
                one.id, one.name, one.place if one.name == one.bare_name else ""
            )
            for one in rated_of(session, survey_id)
        )


@lru_cache(maxsize=64)
def _questionnaire(text: str) -> Questionnaire:
    """Return the same object for the same text, however often it is read."""
    return Questionnaire.from_json(text)
