"""Tickets of a box, and what stays of them when it has been opened."""

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.table_base import NO_ROWID, BallotBase

NEW, USED, VOID_TICKET, CHALLENGED = 0, 1, 2, 3


class Ticket(BallotBase):
    """A ticket of a survey whose box has not been opened yet."""

    __tablename__ = "ticket"
    __table_args__ = (CheckConstraint("state BETWEEN 0 AND 3", name="state"), NO_ROWID)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC-SHA-256 of the code under the survey's pepper; see `ballot.paper.ticket`."""
    batch_id: Mapped[str]
    state: Mapped[int]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    """Random bytes until used; then the sealed answers, of the same length."""
    comment: Mapped[bytes] = mapped_column(LargeBinary)
    """The same for the comment, which always has one, written or empty."""
    tag: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Random bytes until used; then what only the holder of the survey's secrets can
    compute over the rest of the row: see `tag_of`."""
    page: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Random bytes until used; then what only the page that sent the ballot can ask for
    its receipt with: see `page_mark_of`."""


class SpentTicket(BallotBase):
    """What stays of a ticket after the opening; its pepper is destroyed."""

    __tablename__ = "spent_ticket"
    __table_args__ = (NO_ROWID,)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    batch_id: Mapped[str]
    state: Mapped[int]


class Tracker(BallotBase):
    """The fingerprint of an envelope that was in the box when it closed."""

    __tablename__ = "tracker"
    __table_args__ = (NO_ROWID,)

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tracker: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
