"""What the main database knows of a secret ballot: never a ticket, never an answer."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.domain.counting.batch_counts import NUMBERS, BatchCounts
from survey_app.table_base import Base


class KeyHolder(Base):
    """One of the two bodies without whose keys no envelope opens."""

    __tablename__ = "key_holder"
    __table_args__ = (CheckConstraint("place IN (1, 2)", name="place"),)

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 seals first (inner envelope), 2 last (outer)."""
    name: Mapped[str]
    """The body, such as 组织部."""
    public_key: Mapped[str]
    """Canonical JSON; see sealing.keys."""
    fingerprint: Mapped[str]


class AuditCommitment(Base):
    """A slip an auditor bound himself to before the survey opened."""

    __tablename__ = "audit_commitment"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    commitment: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 over code and nonce, in hex; says nothing before both are shown."""


class BallotCount(Base):
    """The reconciliation of one batch after the opening: counts, nothing else."""

    __tablename__ = "ballot_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    rater_group: Mapped[str]
    """The group its ballots were counted in, after every merging."""
    eligible: Mapped[int]
    issued: Mapped[int]
    signed: Mapped[int]
    used: Mapped[int]
    voided: Mapped[int]
    challenged: Mapped[int]
    spoiled: Mapped[int]
    """Ballots that could not be read."""
    invalid: Mapped[int] = mapped_column(default=0, server_default="0")
    """Ballots that break a rule."""
    void: Mapped[bool]
    """Whether the batch did not add up and none of its ballots was opened."""

    @property
    def counts(self) -> BatchCounts:
        """The same as the record that everything else is about."""
        numbers = {name: getattr(self, name) for name in NUMBERS}
        return BatchCounts(**numbers, void=self.void)
