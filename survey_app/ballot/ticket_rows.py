"""The rows of tickets, asked for and spent by one thread for all others of a process.

What came together is done in one transaction, so that a crowd shares its commits. On
SQLite every transaction has the turn of the machine: nobody who asks keeps somebody
waiting who commits, or the other way round. Spending a ticket replaces random bytes by
an envelope of the same length and sets the state, if and only if the ticket was new:
that condition is the whole protection against counting twice. Of a crowd the rows are
changed in the order of their digests, which nobody chose. Nothing the database raises
leaves this file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Executable, bindparam, select, update

from survey_app.ballot.tables import OPEN, BallotBox, Batch
from survey_app.ballot.tickets import CHALLENGED, NEW, USED, Ticket
from survey_app.database import OUT_OF_REACH, TURN, writing
from survey_app.domain.ground.refusals import NotKept, PerhapsKept
from survey_app.one_writer import Handed, More, OneWriter, hurried, settle
from survey_app.waiting import wait_for

ISSUED = "issued"

# Built once: building a statement takes longer than most of what it asks.
IN_TIME = (
    BallotBox.state == OPEN,
    BallotBox.signatures.is_(None),
    BallotBox.opens_on <= bindparam("today"),
    BallotBox.closes_on >= bindparam("today"),
)
NEW_TICKET = (
    select(Ticket.digest, Ticket.batch_id)
    .join(Batch, Batch.id == Ticket.batch_id)
    .join(BallotBox, BallotBox.survey_id == Batch.survey_id)
    .where(
        Ticket.digest.in_(bindparam("digests", expanding=True)),
        Ticket.state == NEW,
        Batch.state == ISSUED,
        *IN_TIME,
    )
)
TAKES_BALLOTS = (
    select(BallotBox.survey_id)
    .where(BallotBox.survey_id == bindparam("of_survey"), *IN_TIME)
    .with_for_update(read=True)
)
SPEND = (
    update(Ticket)
    .where(
        Ticket.digest == bindparam("of_ticket"),
        Ticket.batch_id == bindparam("of_batch"),
        Ticket.state == NEW,
    )
    .values(
        state=USED,
        envelope=bindparam("envelope"),
        comment=bindparam("comment"),
        tag=bindparam("tag"),
        page=bindparam("page"),
    )
)
CAST_BEFORE = select(Ticket.digest, Ticket.envelope, Ticket.page).where(
    Ticket.digest.in_(bindparam("digests", expanding=True)),
    Ticket.state.in_((USED, CHALLENGED)),
)
SPENT = (
    select(Ticket.state, Ticket.envelope)
    .where(Ticket.digest == bindparam("of_ticket"))
    .with_for_update(read=True)
)


@dataclass(frozen=True, slots=True)
class Spending:
    """A ticket that is to be spent."""

    survey_id: int
    batch_id: str
    digest: bytes
    put_in: Mapping[str, bytes]
    """What is to lie in its row: envelope, comment, tag and page."""
    today: date


@dataclass(frozen=True, slots=True)
class TicketQuestion:
    """A question that has one row for an answer, or none."""

    question: Executable
    asked: dict[str, Any]


Work = TicketQuestion | Spending


class TicketRows:
    """The tickets of a ballot database."""

    def __init__(self, ballots: Engine) -> None:
        self._ballots = writing(ballots)
        self._asked = ballots.execution_options(**{TURN: True})
        self._writer = OneWriter[Work, Any](self._do)

    def new_ticket(self, digests: Sequence[bytes], *, today: date) -> Any:
        """Return digest and batch of the one new ticket in time, or None; NotKept."""
        asked = {"digests": digests, "today": today}
        return wait_for(self._writer.hand_in(TicketQuestion(NEW_TICKET, asked)))

    def cast_before(self, digests: Sequence[bytes]) -> Any:
        """Return digest, envelope and page of the one used ticket, or None; NotKept."""
        asked = {"digests": digests}
        return wait_for(self._writer.hand_in(TicketQuestion(CAST_BEFORE, asked)))

    def spend(self, spending: Spending) -> bool:
        """Put envelopes and tag into the ticket's row; return whether it was new.

        False, too, where its box takes no ballots. Raises NotKept where the database
        kept nothing, and PerhapsKept where nobody knows.
        """
        spent: bool = wait_for(self._writer.hand_in(spending))
        return spent

    def _do(self, batch: Sequence[Handed[Work, Any]], more: More[Work, Any]) -> None:
        """Do what came together, questions first; settle everybody's ticket."""
        found: dict[int, Any] = {}
        is_done = False
        try:
            # Who only asks must not commit as a writer: any reader would hold him up.
            writes = any(isinstance(handed.work, Spending) for handed in batch)
            ballots = self._ballots if writes else self._asked
            with hurried(ballots, batch).begin() as connection:
                joined = more(lambda one: writes or not isinstance(one, Spending))
                batch = (*batch, *joined)
                found = _answers(connection, [handed.work for handed in batch])
                is_done = True
        except OUT_OF_REACH:
            for number, handed in enumerate(batch):
                spent = isinstance(handed.work, Spending) and found.get(number)
                self._after_fault(handed, perhaps=is_done and bool(spent))
            return
        for number, handed in enumerate(batch):
            settle(handed.ticket, found[number])

    def _after_fault(self, handed: Handed[Work, Any], *, perhaps: bool) -> None:
        """Settle a ticket whose transaction failed, `perhaps` in the commit.

        What the server did of that, only it knows.
        """
        try:
            if not perhaps or not isinstance(handed.work, Spending):
                raise NotKept from None
            settle(handed.ticket, _is_kept(self._ballots, handed.work))
        except NotKept as refusal:
            settle(handed.ticket, refusal)


def _answers(connection: Connection, works: Sequence[Work]) -> dict[int, Any]:
    """Return which piece of work → the row it asked for, or whether it was spent."""
    found: dict[int, Any] = {}
    spending: list[tuple[bytes, int, Spending]] = []
    for number, work in enumerate(works):
        if isinstance(work, TicketQuestion):
            found[number] = connection.execute(work.question, work.asked).one_or_none()
        else:
            spending.append((work.digest, number, work))
    open_now: dict[tuple[int, date], bool] = {}
    for _, number, work in sorted(spending, key=lambda one: one[:2]):
        box = work.survey_id, work.today
        if box not in open_now:
            open_now[box] = _takes_ballots(connection, *box)
        found[number] = open_now[box] and _spent(connection, work)
    return found


def _spent(connection: Connection, work: Spending) -> bool:
    given = {"of_ticket": work.digest, "of_batch": work.batch_id, **work.put_in}
    return connection.execute(SPEND, given).rowcount == 1


def _takes_ballots(connection: Connection, survey_id: int, today: date) -> bool:
    """Return whether the box takes ballots today, and keep it so until the commit.

    The lock makes closing wait: what was acknowledged is always in the count. SQLite's
    one write lock does the same and ignores the clause.
    """
    asked = {"of_survey": survey_id, "today": today}
    return connection.scalar(TAKES_BALLOTS, asked) is not None


def _is_kept(ballots: Engine, work: Spending) -> bool:
    """Return whether exactly this envelope lies in the ticket's row.

    False where another one was first. Raises NotKept where the ticket is still new,
    and PerhapsKept where the database cannot be asked: then nobody knows. The row is
    asked for in share, which waits for a commit that is still on its way.
    """
    try:
        with ballots.connect() as connection:
            row = connection.execute(SPENT, {"of_ticket": work.digest}).one_or_none()
    except OUT_OF_REACH:
        raise PerhapsKept from None
    if row is None or row.state == NEW:
        raise NotKept
    return bool(row.envelope == work.put_in["envelope"])
