"""Who answers here, and what they are asked: a channel looked up and remembered.

The signature in the code is checked first, so invented codes never reach the database.
A survey is read once in a few seconds, for all of its channels; a channel by its key,
and the one subject it names. Should the database be gone, a page that was ever served
can still be shown again with its answers in it.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from survey_app.database import OUT_OF_REACH
from survey_app.domain.ground.channel_kind import SINGLE_USE, ChannelKind
from survey_app.domain.ground.refusals import NotKept, UnknownChannel
from survey_app.domain.ground.typed_code import SURVEY, channel_code_in
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.asked_survey import (
    AskedSurvey,
    ChannelRow,
    Subjects,
    channel_rows,
    survey_asked,
)
from survey_app.survey.open_channel import OpenChannel
from survey_app.waiting import Flights

REMEMBERED = 5.0
"""Seconds; a survey closed by the office looks open to a reader no longer than this.
Answers are checked again inside the transaction that keeps them."""
MOST_CHANNELS = 10_000
"""Remembered in one process, about 400 bytes each; the first one leaves first."""


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
        """Return the code that was meant, None for none we signed; asks no database.

        What makes one slip of it, or stood beside it on a screen, comes along.
        """
        if typed in self._remembered:
            return typed
        return channel_code_in(typed, self._key)

    def find(self, typed: str) -> OpenChannel:
        """Return the channel behind a code, open or not.

        Raises UnknownChannel, or NotKept where the database is gone and this channel
        was never asked for before.
        """
        meant = self.code_in(typed)
        if meant is None:
            raise UnknownChannel
        code, tail = meant[: SURVEY.symbols], meant[SURVEY.symbols :]
        try:
            return _with(self._found(code), tail)
        except OUT_OF_REACH as error:
            try:
                return _with(self._last_known(code), tail)
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
            kind=row.kind,
            is_stopped=row.is_stopped,
            asks_proof=row.asks_proof and row.kind.is_open,
            unproven_id=row.unproven_id,
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


def _with(channel: OpenChannel, tail: str) -> OpenChannel:
    """Return the channel with what stood behind its code, where that matters."""
    if not tail or channel.kind not in (*SINGLE_USE, ChannelKind.SCREEN):
        return channel
    return replace(channel, tail=tail)
