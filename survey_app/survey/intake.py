"""How answers are kept fast: many that arrive together share one durable commit.

Whoever gets the turn writes for everybody who is waiting; those who were written for
find their answer kept when their own turn comes. There is no timer and no thread of our
own: a lone answer waits for nothing, a crowd shares the cost of the disk.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy import Engine, select

from survey_app.database import OUT_OF_REACH, writing
from survey_app.domain.ground.printed_code import slot_of
from survey_app.domain.ground.refusals import (
    NotKept,
    RehearsalOver,
    SurveyClosed,
    SurveyVoid,
    UnknownReceipt,
)
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.batch import Fate, write_batch
from survey_app.survey.responses import Receipt
from survey_app.survey.tables import OPEN, REHEARSAL, VOID, Survey


@dataclass(frozen=True, slots=True)
class CountedIn:
    """The survey a receipt was counted in; what was answered nobody can look up."""

    title: str
    closes_on: date
    state: str

    @property
    def is_void(self) -> bool:
        """Whether the survey was declared void: then this counts nowhere."""
        return self.state == VOID

    @property
    def is_rehearsal(self) -> bool:
        """Whether it was only tried: this never counted."""
        return self.state == REHEARSAL

    def is_over(self, today: date) -> bool:
        """Return whether no answer can be added to the survey any more."""
        return self.state != OPEN or today > self.closes_on


class Receipts:
    """The receipts of one database."""

    def __init__(self, engine: Engine, *, slots: int) -> None:
        self._engine = engine
        self._slots = slots

    def find(self, code: bytes) -> CountedIn:
        """Return what the answer with this receipt was counted in.

        Raises UnknownReceipt where no counted answer has it, and NotKept where the
        database did not answer and nobody can say.
        """
        wanted = (
            select(Survey.title, Survey.closes_on, Survey.state)
            .join(Receipt, Receipt.survey_id == Survey.id)
            .where(Receipt.slot == slot_of(code, self._slots), Receipt.code == code)
        )
        try:
            with self._engine.connect() as connection:
                found = connection.execute(wanted).one_or_none()
        except OUT_OF_REACH as error:
            raise NotKept from error
        if found is None:
            raise UnknownReceipt
        return CountedIn(found.title, found.closes_on, found.state)


LARGEST_BATCH = 128
"""Answers in one commit; a longer queue is written in several."""

REFUSED = {
    Fate.CLOSED: SurveyClosed,
    Fate.VOID: SurveyVoid,
    Fate.TRIAL: RehearsalOver,
}
"""How it is said that an answer was not taken."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """One answer in the queue and what became of it."""

    response: NewResponse
    done: bool = False
    fate: Fate | None = None
    refused: NotKept | None = None


class Intake:
    """The one way in for answers, shared by all threads of a process."""

    def __init__(self, engine: Engine, *, slots: int) -> None:
        self._engine = writing(engine)
        self._slots = slots
        self._queue: list[_Waiting] = []
        self._queue_lock = Lock()
        self._turn = Lock()

    def keep(self, response: NewResponse, *, today: date) -> bool:
        """Return once the form is counted, durably: whether by this answer.

        False for a repeat: the form was counted before, with the same answers or with
        others; what came now is not kept. Raises SurveyClosed or SurveyVoid where that
        happened meanwhile, RehearsalOver for an answer of a rehearsal that has ended,
        and NotKept where the database did not answer: ask for the receipt then, or send
        the same form again.
        """
        mine = _Waiting(response)
        with self._queue_lock:
            self._queue.append(mine)
        while not mine.done:
            with self._turn:
                if not mine.done:
                    self._write(self._next_batch(), today)
        if mine.fate in REFUSED:
            raise REFUSED[mine.fate]
        if mine.fate is None:
            raise mine.refused or NotKept
        return mine.fate is Fate.KEPT

    def _next_batch(self) -> list[_Waiting]:
        """Take the longest waiting answers out of the queue."""
        with self._queue_lock:
            batch = self._queue[:LARGEST_BATCH]
            del self._queue[:LARGEST_BATCH]
        return batch

    def _write(self, batch: Sequence[_Waiting], today: date) -> None:
        """Write a batch and tell everyone in it what became of his answer."""
        # The order of arrival ends here: rows are written in an order nobody chose.
        shuffled = list(batch)
        secrets.SystemRandom().shuffle(shuffled)
        try:
            fates = write_batch(
                self._engine,
                [waiting.response for waiting in shuffled],
                today=today,
                slots=self._slots,
            )
            for waiting, fate in zip(shuffled, fates, strict=True):
                waiting.fate = fate
        except OUT_OF_REACH as error:
            # One refusal each: an exception raised by two threads would share its
            # traceback.
            for waiting in batch:
                waiting.refused = NotKept()
                waiting.refused.__cause__ = error
        finally:
            for waiting in batch:
                waiting.done = True
