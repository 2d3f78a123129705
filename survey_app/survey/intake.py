"""How answers are kept fast: many that arrive together share one durable commit.

Whoever hands an answer in gets a ticket, settled once the answer is durable; one thread
of the process writes for all (one_writer.py).
"""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

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
from survey_app.one_writer import (
    LONGEST_QUEUE,
    PATIENCE,
    Handed,
    More,
    OneWriter,
    hurried,
    settle,
)
from survey_app.survey.batch import BatchWriter, Fate
from survey_app.survey.crowds import Crowds
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
    survey_id: int = 0

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
        self._ways: set[tuple[int, ...]] = {slots_in(None, slots)}
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
        asked = select(Survey.title, Survey.closes_on, Survey.state, Survey.id)
        row = connection.execute(asked.where(Survey.id == survey_id)).one_or_none()
        return row and CountedIn(row.title, row.closes_on, row.state, row.id)

    def _has_learnt(self, connection: Connection) -> bool:
        """Return whether some survey is spread in a way we did not know of."""
        kept = connection.scalars(select(Survey.slots).distinct())
        ways = {slots_in(one, self._slots) for one in kept} | {
            slots_in(None, self._slots)
        }
        before, self._ways = self._ways, ways
        return before != ways


REFUSED: dict[Fate, type[Refusal]] = {
    Fate.CLOSED: SurveyClosed,
    Fate.VOID: SurveyVoid,
    Fate.TRIAL: RehearsalOver,
    Fate.FAILED: NotKept,
    Fate.UNSURE: PerhapsKept,
}
"""How it is said that an answer was not taken."""

Answer = tuple[NewResponse, date]
"""An answer and the day it came."""
Ticket = Future[bool]
"""Settled once the form is counted, durably: with whether by this answer."""


class Intake:
    """The one way in for answers, shared by all threads of a process."""

    def __init__(
        self,
        engine: Engine,
        *,
        slots: int,
        longest: int = LONGEST_QUEUE,
        patience: float = PATIENCE,
        crowds: Crowds | None = None,
    ) -> None:
        self._batches = BatchWriter(engine, slots=slots)
        self._crowds = crowds
        self._writer = OneWriter(self._write, longest=longest, patience=patience)

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
        return self._writer.hand_in((response, today))

    def _write(
        self, batch: Sequence[Handed[Answer, bool]], more: More[Answer, bool]
    ) -> None:
        """Write a batch, a day at a time, and settle everybody's ticket.

        Whoever came while the turn was waited for comes along with the last day's.
        """
        for today, of_the_day in groupby(batch, key=_day):
            ours = list(of_the_day)
            came = _Came(more, ours, comes_last=ours[-1] is batch[-1])
            fates = self._batches.write(
                [handed.work[0] for handed in ours],
                today=today,
                hurry=partial(hurried, batch=tuple(ours)),
                came=came,
            )
            told = list(zip(came.ours, fates, strict=True))
            for handed, fate in told:
                _settle(handed.ticket, fate, self._batches.fault)
            self._count([one.work[0] for one, fate in told if fate is Fate.KEPT])

    def _count(self, kept: Sequence[NewResponse]) -> None:
        """Count the crowds, once everybody has his receipt."""
        if self._crowds is not None:
            counted = [one for one in kept if not one.rehearsed]
            self._crowds.came((one.survey_id, one.channel_id) for one in counted)


def _day(handed: Handed[Answer, bool]) -> date:
    return handed.work[1]


@dataclass(slots=True)
class _Came:
    """Whoever came while the answers of a day waited for their turn."""

    more: More[Answer, bool]
    ours: list[Handed[Answer, bool]]
    """Of the same day, in the order in which they were handed in."""
    comes_last: bool
    """Whether these are the last ones of what was handed in together."""

    def __call__(self) -> list[NewResponse]:
        """Return the answers that come along."""
        if not self.comes_last:
            return []
        today = _day(self.ours[0])
        joined = self.more(lambda answer: answer[1] == today)
        self.ours += joined
        return [handed.work[0] for handed in joined]


def _settle(ticket: Ticket, fate: Fate, fault: Exception | None) -> None:
    """Tell what became of an answer; each has a refusal of his own.

    An exception raised by two threads would share its traceback.
    """
    refused = REFUSED.get(fate)
    if refused is None:
        settle(ticket, fate is Fate.KEPT)
        return
    refusal = refused()
    if isinstance(refusal, NotKept):
        refusal.__cause__ = fault
    settle(ticket, refusal)
