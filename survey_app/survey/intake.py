"""How answers are kept fast: many that arrive together share one durable commit.

Whoever hands an answer in gets a ticket, settled once the answer is durable. One thread
of the process writes what has gathered while it wrote what came before. There is no
timer: a lone answer waits for nothing, a crowd shares the cost of the disk.
"""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from threading import Lock, Thread

from sqlalchemy import Connection, Engine, select

from survey_app.database import OUT_OF_REACH
from survey_app.domain.ground.printed_code import slot_of
from survey_app.domain.ground.refusals import (
    NotKept,
    PerhapsKept,
    Refusal,
    RehearsalOver,
    SurveyClosed,
    SurveyVoid,
    UnknownReceipt,
)
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.batch import BatchWriter, Fate
from survey_app.survey.responses import Receipt
from survey_app.survey.slots import slots_in
from survey_app.survey.tables import OPEN, REHEARSAL, VOID, Survey
from survey_app.waiting import wait_for


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
        self._ways: set[Sequence[int]] = {slots_in(None, slots)}
        """Every way in which some survey is spread over slots."""

    def find(self, code: bytes) -> CountedIn:
        """Return what the answer with this receipt was counted in.

        Raises UnknownReceipt where no counted answer has it, and NotKept where the
        database did not answer and nobody can say.
        """
        try:
            with self._engine.connect() as connection:
                found = self._find(connection, code)
                if found is None and self._has_learnt(connection):
                    found = self._find(connection, code)
        except OUT_OF_REACH as error:
            raise NotKept from error
        if found is None:
            raise UnknownReceipt
        return found

    def _find(self, connection: Connection, code: bytes) -> CountedIn | None:
        """Look in every slot the receipt may lie in.

        Receipts and surveys may lie on different machines: they are never joined.
        """
        slots = sorted({slot_of(code, way) for way in self._ways})
        kept = select(Receipt.survey_id).where(
            Receipt.slot.in_(slots), Receipt.code == code
        )
        survey_id = connection.scalar(kept)
        if survey_id is None:
            return None
        asked = select(Survey.title, Survey.closes_on, Survey.state)
        row = connection.execute(asked.where(Survey.id == survey_id)).one_or_none()
        return row and CountedIn(row.title, row.closes_on, row.state)

    def _has_learnt(self, connection: Connection) -> bool:
        """Return whether some survey is spread in a way we did not know of."""
        kept = connection.scalars(select(Survey.slots).distinct())
        ways = {slots_in(one, self._slots) for one in kept} | {
            slots_in(None, self._slots)
        }
        before, self._ways = self._ways, ways
        return before != ways


LARGEST_BATCH = 64
"""Answers in one commit; a longer queue is written in several."""
LONGEST_QUEUE = 2048
"""Answers that may wait in one process; whoever comes then is refused at once."""
PATIENCE = 8.0
"""Seconds an answer may wait to be written; whoever waited longer is refused."""
IDLE = 10.0
"""Seconds without an answer after which the thread that writes ends."""

REFUSED: dict[Fate, type[Refusal]] = {
    Fate.CLOSED: SurveyClosed,
    Fate.VOID: SurveyVoid,
    Fate.TRIAL: RehearsalOver,
    Fate.FAILED: NotKept,
    Fate.UNSURE: PerhapsKept,
}
"""How it is said that an answer was not taken."""

Ticket = Future[bool]
"""Settled once the form is counted, durably: with whether by this answer."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """One answer in the queue."""

    response: NewResponse
    today: date
    ticket: Ticket
    since: float


class Intake:
    """The one way in for answers, shared by all threads of a process."""

    def __init__(
        self,
        engine: Engine,
        *,
        slots: int,
        longest: int = LONGEST_QUEUE,
        patience: float = PATIENCE,
    ) -> None:
        self._writer = BatchWriter(engine, slots=slots)
        self._longest = longest
        self._patience = patience
        self._queue: deque[_Waiting] = deque()
        self._lock = Lock()
        self._bell = Lock()
        """Held while the writer sleeps; whoever lets it go wakes him."""
        self._sleeps = False
        self._threads: tuple[Thread, ...] = ()

    def keep(self, response: NewResponse, *, today: date) -> bool:
        """Return once the form is counted, durably: whether by this answer.

        False for a repeat: the form was counted before, with the same answers or with
        others; what came now is not kept. Raises SurveyClosed or SurveyVoid where that
        happened meanwhile, RehearsalOver for an answer of a rehearsal that has ended,
        NotKept where the database did not take it, and PerhapsKept where nobody knows:
        ask for the receipt then, or send the same form again.
        """
        return wait_for(self.hand_in(response, today=today))

    def hand_in(self, response: NewResponse, *, today: date) -> Ticket:
        """Return the ticket of an answer, which is settled as `keep` returns or raises.

        Raises NotKept where too many wait already.
        """
        waiting = _Waiting(response, today, Future(), time.monotonic())
        with self._lock:
            if len(self._queue) >= self._longest:
                raise NotKept
            self._queue.append(waiting)
            wakes, self._sleeps = self._sleeps, False
            begins = not self._threads
            if begins:  # not before: threads do not live through a fork
                work = (self._write_on, self._refuse_who_waited)
                self._threads = tuple(Thread(target=do, daemon=True) for do in work)
        if begins:
            for thread in self._threads:
                thread.start()
        elif wakes:
            self._bell.release()
        return waiting.ticket

    def _write_on(self) -> None:
        """Write what waits, batch by batch, until nothing came for a while."""
        self._bell.acquire(blocking=False)
        while batch := self._awaited_batch():
            self._write(batch)

    def _awaited_batch(self) -> list[_Waiting]:
        """Return the next batch, asleep until there is one; empty: it ends."""
        while True:
            with self._lock:
                batch = self._next_batch()
                self._sleeps = not batch
            if batch or not (self._bell.acquire(timeout=IDLE) or self._may_end()):
                return batch

    def _may_end(self) -> bool:
        """Return whether somebody came in the last moment; otherwise nobody writes."""
        with self._lock:
            if not self._queue:
                self._sleeps, self._threads = False, ()
            return bool(self._queue)

    def _next_batch(self) -> list[_Waiting]:
        """Take the longest waiting answers of one day out of the queue."""
        queue, batch = self._queue, list[_Waiting]()
        while queue and len(batch) < LARGEST_BATCH:
            if batch and queue[0].today != batch[0].today:
                break
            batch.append(queue.popleft())
        return batch

    def _write(self, batch: list[_Waiting]) -> None:
        """Write a batch and settle everybody's ticket."""
        try:
            fates = self._writer.write(
                [waiting.response for waiting in batch], today=batch[0].today
            )
        except BaseException:  # noqa: BLE001 -- nobody may wait for ever
            fates = [Fate.UNSURE] * len(batch)
        for waiting, fate in zip(batch, fates, strict=True):
            _settle(waiting.ticket, fate, self._writer.fault)

    def _refuse_who_waited(self) -> None:
        """Refuse whoever waits too long for the writer, who may be waiting himself."""
        ours = self._threads
        while self._threads is ours:
            time.sleep(self._patience / 8)
            before = time.monotonic() - self._patience
            with self._lock:
                late = []
                while self._queue and self._queue[0].since < before:
                    late.append(self._queue.popleft())
            for waiting in late:
                _settle(waiting.ticket, Fate.FAILED, None)


def _settle(ticket: Ticket, fate: Fate, fault: Exception | None) -> None:
    """Tell what became of an answer; each has a refusal of his own.

    An exception raised by two threads would share its traceback.
    """
    refused = REFUSED.get(fate)
    if refused is None:
        ticket.set_result(fate is Fate.KEPT)
        return
    refusal = refused()
    if isinstance(refusal, NotKept):
        refusal.__cause__ = fault
    ticket.set_exception(refusal)
