"""One batch: receipts, answers and turnout in one durable commit.

With one slot, the default, a batch is exactly one transaction. Over several slots it is
tried as one and, where that fails, slot by slot, so that a machine of a distributed
database that is away takes only its own answers with it. What the database cannot write
down is kept out the same way, alone.

Rows are written in the order of keys drawn at random, which nobody chose.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, Engine
from sqlalchemy.exc import DataError, IntegrityError

from survey_app.database import OUT_OF_REACH, writing
from survey_app.domain.ground.printed_code import slot_of
from survey_app.domain.questionnaire.answer_text import AnswerText
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.batch_sql import (
    COMMENT,
    GATE,
    PATIENCE,
    RECEIPT,
    RESPONSE,
    Sql,
    Statement,
)
from survey_app.survey.slots import slots_in
from survey_app.survey.tables import CLOSED, OPEN, REHEARSAL, VOID

CANNOT_WRITE = (DataError, IntegrityError, ValueError, OverflowError)
"""How database and drivers say that the fault lies in what is to be written."""


class Fate(Enum):
    """What became of one answer."""

    KEPT = "kept"
    REPEATED = "repeated"
    """Its form was counted before; what it says now was not compared and not kept."""
    CLOSED = "closed"
    """Its survey takes no answers today."""
    VOID = "void"
    """Its survey was declared void."""
    TRIAL = "trial"
    """It was sent in a rehearsal that has ended."""
    FAILED = "failed"
    """The database did not take it; nothing of it was kept."""
    UNSURE = "unsure"
    """The commit went wrong: what the database made of it, only it knows."""


class _AskedSurvey(NamedTuple):
    """What a batch must know of a survey."""

    state: str
    """One that is not in its days is closed."""
    slots: Sequence[int]
    text: AnswerText


class _Placed(NamedTuple):
    """An answer that is to be kept."""

    slot: int
    response: NewResponse
    text: str


Batch = dict[int, NewResponse]
"""Which one it was of those that were handed in → the answer."""
Fates = dict[int, Fate]


class BatchWriter:
    """Writes the batches of one process, in one thread at a time."""

    def __init__(self, engine: Engine, *, slots: int) -> None:
        self._engine = writing(engine)
        self._slots = slots
        self._sql = Sql(engine.dialect.name == "postgresql")
        self._texts: dict[tuple[int, str], AnswerText] = {}
        self._last_slots: dict[int, Sequence[int]] = {}
        self.fault: Exception | None = None
        """The last one that took an answer with it."""

    def write(
        self,
        responses: Sequence[NewResponse],
        *,
        today: date,
        hurry: Callable[[Engine], Engine] = lambda engine: engine,
        came: Callable[[], Sequence[NewResponse]] = tuple,
    ) -> list[Fate]:
        """Keep the answers whose survey is open; return what became of each, in order.

        Of several with one receipt the first is kept and the others are repeats.
        `hurry` may make the engine less patient. `came` is asked once, when it is our
        turn to write, for answers that come along: they are the last in the order.
        """
        fates: Fates = {}
        parts = [dict(enumerate(responses))]
        every = len(responses)
        while parts:
            part = parts.pop(0)
            found: Fates = {}
            is_written = False
            try:
                with hurry(self._engine).begin() as connection:
                    joined, came = came(), tuple
                    part |= dict(enumerate(joined, start=every))
                    every += len(joined)
                    found = self.keep_in(connection, part, today)
                    is_written = True
                fates |= found
            except (*OUT_OF_REACH, *CANNOT_WRITE) as error:
                self.fault = error
                smaller = [] if is_written else self._smaller(part, error)
                parts = smaller + parts
                if not smaller:
                    fates |= self._after_fault(part, found)
        return [fates[place] for place in range(every)]

    def _smaller(self, part: Batch, error: Exception) -> list[Batch]:
        """Return the parts to try again; none: no part would fare better."""
        cut: dict[int, Batch] = {}
        for place, response in part.items():
            alone = isinstance(error, CANNOT_WRITE)
            cut.setdefault(place if alone else self._slot(response), {})[place] = (
                response
            )
        return list(cut.values()) if len(cut) > 1 else []

    def _after_fault(self, part: Batch, found: Fates) -> Fates:
        """Return what became of a part whose transaction failed."""
        # SQLite takes a commit back that went wrong; another server may have done it.
        sure = not (found and self._sql.is_postgresql)
        lost = Fate.FAILED if sure else Fate.UNSURE
        # A repeat may be one of an answer that is lost with it.
        unsaid = (None, Fate.KEPT, Fate.REPEATED)
        return {
            place: lost if (fate := found.get(place)) in unsaid else fate
            for place in part
        }

    def _slot(self, response: NewResponse) -> int:
        known = self._last_slots.get(response.survey_id) or range(self._slots)
        return slot_of(response.receipt, known)

    def keep_in(self, connection: Connection, part: Batch, today: date) -> Fates:
        """Write answers inside the given transaction; return their fates."""
        surveys = self._surveys(connection, part, today)
        fates: Fates = {}
        wanted: dict[bytes, tuple[int, _Placed]] = {}
        for place, response in part.items():
            survey = surveys.get(response.survey_id)
            why = _refusal(response, survey)
            if why is None and survey is not None:
                text = survey.text.write(response.picks)
                put = _Placed(slot_of(response.receipt, survey.slots), response, text)
                wanted.setdefault(response.receipt, (place, put))
            fates[place] = why or Fate.REPEATED
        new = self._new_receipts(connection, [put for _, put in wanted.values()])
        fates |= dict.fromkeys((wanted[code][0] for code in new), Fate.KEPT)
        if new:
            self._add(connection, [wanted[code][1] for code in new], today)
        return fates

    def _surveys(
        self, connection: Connection, part: Batch, today: date
    ) -> dict[int, _AskedSurvey]:
        """Return the surveys of these answers, none of which closes before the commit.

        What was acknowledged is always inside the result: closing waits at the gates
        for us, and what it had changed we see behind them. SQLite has one writer at a
        time, which does the same.
        """
        asked = sorted({response.survey_id for response in part.values()})
        if not self._sql.is_postgresql:
            return self._read(connection, asked, today)
        connection.exec_driver_sql(PATIENCE)
        if not self._last_slots.keys() >= set(asked):
            self._read(connection, asked, today)
        while True:
            passed = {
                response.receipt: self._slot(response) for response in part.values()
            }
            self._pass_gates(connection, asked, sorted(set(passed.values())))
            found = self._read(connection, asked, today)
            if all(self._slot(r) == passed[r.receipt] for r in part.values()):
                return found

    def _pass_gates(
        self, connection: Connection, survey_ids: list[int], slots: list[int]
    ) -> None:
        """Go through the gate of each survey in each slot; make those not made yet."""
        for slot in slots:
            gates = self._sql.gates(slot, survey_ids)
            found = {row[0] for row in _run(connection, gates)}
            if missing := [(slot, one) for one in survey_ids if one not in found]:
                _run(connection, self._sql.add_new(GATE, missing))
                _run(connection, gates)

    def _read(
        self, connection: Connection, survey_ids: list[int], today: date
    ) -> dict[int, _AskedSurvey]:
        found = {}
        rows = _run(connection, self._sql.surveys(survey_ids, today)).all()
        for survey_id, state, fingerprint, kept_slots, in_days in rows:
            slots = slots_in(kept_slots, self._slots)
            self._last_slots[survey_id] = slots
            found[survey_id] = _AskedSurvey(
                CLOSED if state == OPEN and not in_days else state,
                slots,
                self._text(connection, survey_id, fingerprint),
            )
        return found

    def _text(
        self, connection: Connection, survey_id: int, fingerprint: str
    ) -> AnswerText:
        """Return how the answers of a survey are written, remembered from before."""
        known = self._texts.get((survey_id, fingerprint))
        if known is None:
            question = self._sql.questionnaire(survey_id)
            kept = _run(connection, question).scalar_one()
            known = AnswerText.of(Questionnaire.from_json(kept))
            self._texts[survey_id, fingerprint] = known
        return known

    def _new_receipts(
        self, connection: Connection, wanted: list[_Placed]
    ) -> list[bytes]:
        """Claim the receipts; return those that were not counted before, in order."""
        if not wanted:
            return []
        rows = sorted(
            (put.slot, put.response.receipt, put.response.survey_id) for put in wanted
        )
        if self._sql.is_postgresql:
            added = self._sql.add_new(RECEIPT, rows, told="code")
            return sorted(bytes(row[0]) for row in _run(connection, added))
        slots = sorted({put.slot for put in wanted})
        asked = self._sql.known(slots, [row[1] for row in rows])
        known = _run(connection, asked).all()
        before = {row[0] for row in known}
        new = [row for row in rows if row[1] not in before]
        if new:
            _run(connection, self._sql.add(RECEIPT, new))
        return [row[1] for row in new]

    def _add(self, connection: Connection, new: list[_Placed], today: date) -> None:
        """Write answers, comments and turnout."""
        day = self._sql.day(today)
        responses = sorted(
            (put.slot, r.survey_id, key, r.channel_id, r.subject_id, day, put.text)
            for put, key in zip(new, _keys(len(new)), strict=True)
            for r in (put.response,)
        )
        _run(connection, self._sql.add(RESPONSE, responses))
        said = [(put, *text) for put in new for text in put.response.written]
        if said:
            keyed = zip(_keys(len(said)), said, strict=True)
            comments = sorted(
                (put.slot, key, put.response.survey_id, put.response.subject_id, *text)
                for key, (put, *text) in keyed
            )
            _run(connection, self._sql.add(COMMENT, comments))
        came = Counter(row[:2] + row[3:6] for row in responses)
        # Sorted, so that two writers lock the same counters in the same order.
        counted = sorted((*place, count) for place, count in came.items())
        _run(connection, self._sql.count_up(counted))


def _run(
    connection: Connection, statement: Statement
) -> CursorResult[*tuple[Any, ...]]:
    return connection.exec_driver_sql(*statement)


def _keys(count: int) -> Iterator[bytes]:
    """Yield so many random keys, drawn at once."""
    drawn = secrets.token_bytes(16 * count)
    return (drawn[start : start + 16] for start in range(0, len(drawn), 16))


def _refusal(response: NewResponse, survey: _AskedSurvey | None) -> Fate | None:
    """Return why the survey does not take this answer; None: it does."""
    if survey and survey.state == (REHEARSAL if response.rehearsed else OPEN):
        return None
    if survey and survey.state == VOID:
        return Fate.VOID
    return Fate.TRIAL if response.rehearsed else Fate.CLOSED
