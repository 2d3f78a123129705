"""Who answers here, and what they are asked: a channel looked up and remembered.

The signature in the code is checked first, so invented codes never reach the database.
A survey is read once in a few seconds, for all of its channels; a channel by its key,
and the one subject it names. Should the database be gone, a page that was ever served
can still be shown again with its answers in it.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Engine

from survey_app.database import OUT_OF_REACH
from survey_app.domain.ground.mistake_refusals import SubjectTakenOut
from survey_app.domain.ground.printed_code import (
    SUBMISSION_RANDOM,
    is_signed_submission,
    signed_submission,
)
from survey_app.domain.ground.refusals import (
    NotKept,
    SurveyClosed,
    SurveyNotYetOpen,
    SurveyVoid,
    UnknownChannel,
)
from survey_app.domain.ground.typed_code import channel_code_in
from survey_app.domain.questionnaire.ballot_rules import SheetRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.asked_survey import (
    AskedSurvey,
    ChannelRow,
    SubjectChoice,
    Subjects,
    channel_rows,
    survey_asked,
)
from survey_app.survey.tables import DRAFT, OPEN, REHEARSAL, VOID
from survey_app.waiting import Flights

REMEMBERED = 5.0
"""Seconds; a survey closed by the office looks open to a reader no longer than this.
Answers are checked again inside the transaction that keeps them."""
MOST_CHANNELS = 10_000
"""Remembered in one process, about 400 bytes each; the first one leaves first."""


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
    """One: the channel names it. Several: the respondent chooses. None: whom it names
    was taken out."""
    state: str
    opens_on: date
    closes_on: date
    rules: tuple[SheetRule, ...] = ()
    """What an answer must obey; whoever it is about, its subject is ONE."""
    key: bytes = field(default=b"", repr=False, compare=False)
    """Signs the submission ids of its pages."""

    def new_submission(self) -> str:
        """Return a fresh submission id of this channel: 32 hexadecimal digits."""
        randomness = secrets.token_bytes(SUBMISSION_RANDOM)
        return signed_submission(randomness, self._door, self.key).hex()

    def gave_out(self, submission: str) -> bool:
        """Return whether this id stood in a page of this channel.

        A page of a rehearsal is none of the survey's.
        """
        sent = bytes.fromhex(submission)
        return is_signed_submission(sent, self._door, self.key)

    @property
    def _door(self) -> str:
        return f"{self.survey_id} {self.channel_id} {self.is_rehearsal}"

    @property
    def is_rehearsal(self) -> bool:
        """Whether the survey is only tried: what is sent counts nowhere."""
        return self.state == REHEARSAL

    def require_open(self, today: date) -> None:
        """Raise why it takes no answers, unless it does.

        That is SurveyNotYetOpen, SurveyVoid, SurveyClosed or SubjectTakenOut.

        A rehearsal takes them on any day.
        """
        if self.state == OPEN and self.opens_on <= today <= self.closes_on:
            if not self.subjects:
                raise SubjectTakenOut
            return
        if self.state == VOID:
            raise SurveyVoid
        if self.is_rehearsal:
            return
        if self.state == DRAFT or (self.state == OPEN and today < self.opens_on):
            raise SurveyNotYetOpen
        raise SurveyClosed


@dataclass(slots=True)
class _Survey:
    """A survey and when it was read; whoever of its subjects was asked for beside."""

    since: float
    asked: AskedSurvey
    subjects: Subjects


class Channels:
    """The channels of one database, each remembered for as long as it can be true."""

    def __init__(
        self, engine: Engine, key: bytes, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._key = key
        self._clock = clock
        self._remembered: dict[str, ChannelRow] = {}
        self._surveys: dict[int, _Survey] = {}
        self._flights = Flights()

    def forget(self) -> None:
        """Forget everything, as if nobody had asked yet."""
        self._remembered.clear()
        self._surveys.clear()

    def try_out(self) -> None:
        """Look for a channel and a survey that nobody has, if the database answers."""
        with suppress(*OUT_OF_REACH):
            channel_rows(self._engine, "", 0.0)
            survey_asked(self._engine, 0)

    def code_in(self, typed: str) -> str | None:
        """Return the code that was meant, None for none we signed; asks no database."""
        if typed in self._remembered:
            return typed
        return channel_code_in(typed, self._key)

    def find(self, typed: str) -> OpenChannel:
        """Return the channel behind a code, open or not.

        Raises UnknownChannel, or NotKept where the database is gone and this channel
        was never asked for before.
        """
        code = self.code_in(typed)
        if code is None:
            raise UnknownChannel
        try:
            return self._found(code)
        except OUT_OF_REACH as error:
            try:
                return self._last_known(code)
            except (KeyError, *OUT_OF_REACH):
                raise NotKept from error

    def questionnaire_of(self, survey_id: int) -> Questionnaire | None:
        """Return what a survey asks; None where nobody can say just now."""
        try:
            return self._survey(survey_id).asked.questionnaire
        except (UnknownChannel, *OUT_OF_REACH):
            return None

    def _found(self, code: str) -> OpenChannel:
        """Return the channel as it is now, or was a moment ago."""
        row = self._remembered.get(code)
        if row is None or not self._holds(row):
            row = self._flights.once(code, lambda: self._row(code))
        return self._made(code, row, self._survey(row.survey_id))

    def _last_known(self, code: str) -> OpenChannel:
        """Return the channel as it was known last; raises KeyError if it never was."""
        row = self._remembered[code]
        return self._made(code, row, self._surveys[row.survey_id])

    def _holds(self, row: ChannelRow) -> bool:
        asked = self._survey(row.survey_id).asked
        return row.holds_in(asked, not_before=self._clock() - REMEMBERED)

    def _row(self, code: str) -> ChannelRow:
        """Read a channel; its neighbours, which come with it, are remembered too."""
        rows = channel_rows(self._engine, code, self._clock())
        if code not in rows:
            self._remembered.pop(code, None)
            raise UnknownChannel
        self._remembered |= rows
        while len(self._remembered) > MOST_CHANNELS:
            self._remembered.pop(next(iter(self._remembered)), None)
        return rows[code]

    def _made(self, code: str, row: ChannelRow, survey: _Survey) -> OpenChannel:
        """Return the channel, made of its row and of what its survey is now."""
        asked, subjects = survey.asked, row.subjects
        if not subjects:
            everybody = survey.subjects.all(self._engine, self._flights)
            named = tuple(one for one in everybody if one.id == row.subject_id)
            subjects = everybody if row.subject_id is None else named
        return OpenChannel(
            code=code,
            channel_id=row.id,
            survey_id=row.survey_id,
            rater_group=row.rater_group,
            title=asked.title,
            questionnaire=asked.questionnaire,
            subjects=subjects,
            state=asked.state,
            opens_on=asked.opens_on,
            closes_on=asked.closes_on,
            rules=asked.rules,
            key=self._key,
        )

    def _survey(self, survey_id: int) -> _Survey:
        """Return the survey as it is now, or was a moment ago.

        As long as nothing changed it is the same object.
        """
        known = self._surveys.get(survey_id)
        if known is not None and self._clock() - known.since < REMEMBERED:
            return known
        return self._flights.once(survey_id, lambda: self._read(survey_id))

    def _read(self, survey_id: int) -> _Survey:
        """Read a survey; whoever asks for it meanwhile waits for the same reading."""
        asked, since = survey_asked(self._engine, survey_id), self._clock()
        if asked is None:
            raise UnknownChannel
        known = self._surveys.get(survey_id)
        if known is not None and known.asked == asked and asked.is_frozen:
            found = replace(known, since=since)
        else:
            found = _Survey(since, asked, Subjects(survey_id))
        self._surveys[survey_id] = found
        return found
