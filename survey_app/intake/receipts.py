"""Whether a receipt is counted: asked of the database each time, so always true."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from survey_app.database import OUT_OF_REACH
from survey_app.domain.printed_code import slot_of
from survey_app.domain.refusals import NotKept, UnknownReceipt
from survey_app.models.response import Receipt
from survey_app.models.survey import OPEN, REHEARSAL, VOID, Survey


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
