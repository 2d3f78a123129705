"""The ballot box of one survey: how far it is, and what was signed about it."""

from datetime import date

from sqlalchemy import CheckConstraint, LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from survey_app.table_base import Base

# SQLite's hidden rowid is the order of arrival.
NO_ROWID = {"sqlite_with_rowid": False}


class BallotBase(DeclarativeBase):
    """Constraints are named as in the main database."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)


ISSUING, OPEN, CLOSED, VOID = "issuing", "open", "closed", "void"
COUNTED, SCRUBBED, DONE = "counted", "scrubbed", "done"
STATES = (ISSUING, OPEN, CLOSED, VOID, COUNTED, SCRUBBED, DONE)
"""issuing: tickets may be made. open: the manifest is signed, ballots are taken.
closed: counts and trackers are fixed and signed. void: declared so, no envelope is ever
opened. counted: fragments are written and the head is published.
scrubbed: envelopes and comments are gone. done: pepper and keys are gone."""


class BallotBox(BallotBase):
    """One row a survey; it only ever moves forward through its states."""

    __tablename__ = "ballot_box"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"
        ),
        NO_ROWID,
    )

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(default=ISSUING)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    manifest: Mapped[str] = mapped_column(default="")
    """Canonical JSON with its signature, from the opening of the survey on."""
    closing: Mapped[str] = mapped_column(default="")
    """Canonical JSON with the server's signature, from the closing of the box on."""
    head: Mapped[str] = mapped_column(default="")
    """Canonical JSON with the holders' signatures, from the opening of the box on."""
    voided_by: Mapped[str] = mapped_column(default="")
    """The account that asked for the voiding; another one destroys."""
    signatures: Mapped[str | None]
    """JSON, batch → signatures on its paper list, from the moment closing began: no
    ballot is taken any more, the counts are being made."""

    @property
    def is_void(self) -> bool:
        """Whether it was declared void: nothing was opened, nothing will be."""
        ended = self.state in (SCRUBBED, DONE) and not self.head
        return self.state == VOID or ended


class Batch(BallotBase):
    """The tickets of one survey, unit and rater group: counts only."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'issued', 'void')", name="state"),
        CheckConstraint(
            "issued_by IS NULL OR issued_by <> requested_by", name="two_accounts"
        ),
        NO_ROWID,
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """32 hexadecimal digits drawn at random."""
    survey_id: Mapped[int]
    unit_id: Mapped[int]
    rater_group: Mapped[str]
    """After merging: the group its ballots are counted in."""
    eligible: Mapped[int]
    """How many people belong to it; names stay on the paper list."""
    issued: Mapped[int] = mapped_column(default=0)
    """Tickets made and printed: the eligible and the spares."""
    state: Mapped[str] = mapped_column(default="requested")
    requested_by: Mapped[str]
    """The account that asked for it."""
    passwords_given: Mapped[int | None]
    """The last one on the list of given passwords when it was asked for; None where
    that was before there was a list."""
    issued_by: Mapped[str | None]
    """The other account that issued and printed it."""
    signed: Mapped[int | None]
    """Signatures on the paper list, entered at closing."""
    used: Mapped[int | None]
    """From closing on, like the next two."""
    voided: Mapped[int | None]
    challenged: Mapped[int | None]
    void_because: Mapped[str | None]
    """What was found at closing that the counts do not show; see WhyVoid."""


class FragmentRow(BallotBase):
    """One opened answer to one question about one subject."""

    __tablename__ = "fragment"
    __table_args__ = (NO_ROWID,)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    """Drawn at the opening; also the nonce of its leaf in the Merkle tree."""
    survey_id: Mapped[int]
    subject_id: Mapped[int]
    rater_group: Mapped[str]
    """After merging; the group on the slip is stored nowhere."""
    question_key: Mapped[str]
    choice_key: Mapped[str]


class OpenedComment(BallotBase):
    """A comment on its way to its readers, cut loose from its ballot."""

    __tablename__ = "opened_comment"
    __table_args__ = (NO_ROWID,)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    survey_id: Mapped[int]
    subject_id: Mapped[int]
    text: Mapped[str]


NEW, USED, VOID, CHALLENGED = 0, 1, 2, 3


class Ticket(BallotBase):
    """A ticket of a survey whose box has not been opened yet."""

    __tablename__ = "ticket"
    __table_args__ = (CheckConstraint("state BETWEEN 0 AND 3", name="state"), NO_ROWID)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC-SHA-256 of the code under the survey's pepper; see domain.ballots."""
    batch_id: Mapped[str]
    state: Mapped[int]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    """Random bytes until used; then the sealed answers, of the same length."""
    comment: Mapped[bytes] = mapped_column(LargeBinary)
    """The same for the comment, which always has one, written or empty."""
    tag: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Random bytes until used; then what only the holder of the survey's secrets can
    compute over the rest of the row: see domain.ballots.ticket_tag."""
    page: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Random bytes until used; then what only the page that sent the ballot can ask for
    its receipt with: see domain.ballots.page_mark."""


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


TABLES: tuple[type[BallotBase], ...] = (
    BallotBox, Batch, FragmentRow, OpenedComment, SpentTicket, Ticket, Tracker,
)  # fmt: skip

metadata = BallotBase.metadata
