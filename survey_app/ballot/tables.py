"""The tables of the ballot database: a box, its batches, and what was in it."""

from datetime import date

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.ballot.tickets import SpentTicket, Ticket, Tracker
from survey_app.domain.counting.batch_counts import BatchCounts
from survey_app.table_base import NO_ROWID, BallotBase, waiting

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
    not_rewritten: Mapped[str | None]
    """Names of tables, with blanks between, whose free space may still hold what was
    deleted of this box; None before it was destroyed."""

    @property
    def is_void(self) -> bool:
        """Whether it was declared void: nothing was opened, nothing will be."""
        return was_voided(self.state, has_head=bool(self.head))


def was_voided(state: str, *, has_head: bool) -> bool:
    """Return whether a box that got so far, with a result or without, is void."""
    return state == VOID or (state in (SCRUBBED, DONE) and not has_head)


class Batch(BallotBase):
    """The tickets of one survey, unit and rater group: counts only."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'issued', 'void')", name="state"),
        CheckConstraint(
            "issued_by IS NULL OR issued_by <> requested_by", name="two_accounts"
        ),
        waiting("batch", "survey_id", which="state = 'requested'"),
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

    @property
    def counts(self) -> BatchCounts:
        """What became of its tickets; before the closing nobody used any."""
        return BatchCounts(
            eligible=self.eligible,
            issued=self.issued,
            signed=self.signed or 0,
            used=self.used or 0,
            voided=self.voided or 0,
            challenged=self.challenged or 0,
            void=self.state == "void",
        )


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
    """Who it is about; the negative number of a unit where it is about all of it."""
    text: Mapped[str]
    question: Mapped[str]
    """Which question it answers; "": it is the comment."""


TABLES: tuple[type[BallotBase], ...] = (
    BallotBox, Batch, FragmentRow, OpenedComment, SpentTicket, Ticket, Tracker,
)  # fmt: skip

metadata = BallotBase.metadata
