"""Bonuses and deductions: proposed by one account, confirmed by another, never erased.

A row is never changed in what was proposed. What is wrong is withdrawn before it is
confirmed; afterwards a correction, an act of two managers, takes it away.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.table_base import Base

WAITING, COUNTS = "waiting", "counts"
TAKEN_BACK, REVERSED = "withdrawn", "reversed"
STATES = (WAITING, COUNTS, TAKEN_BACK, REVERSED)


class GivenAdjustment(Base):
    """A bonus or deduction of one subject, with reason, source and who answers."""

    __tablename__ = "given_adjustment"
    __table_args__ = (
        CheckConstraint("kind IN ('bonus', 'deduction')", name="kind"),
        CheckConstraint(
            "state IN ('waiting', 'counts', 'withdrawn', 'reversed')", name="state"
        ),
        CheckConstraint("confirmed_by <> entered_by", name="two_accounts"),
        CheckConstraint(
            "state NOT IN ('counts', 'reversed') OR confirmed_by IS NOT NULL"
            " OR entered_by IS NULL",
            name="confirmed",
        ),
        CheckConstraint(
            "(state = 'reversed') = (reversed_in IS NOT NULL)", name="reversed"
        ),
        Index(None, "cycle_id", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    kind: Mapped[str]
    points: Mapped[str]
    """Exact, as written; without a sign."""
    reason: Mapped[str]
    source: Mapped[str]
    """The document or evidence, and where it is filed."""
    origin: Mapped[str] = mapped_column(default="form")
    """What wrote it; see domain.adjustment."""
    import_no: Mapped[int | None]
    """Rows of one imported workbook bear one number; None: from no workbook."""
    state: Mapped[str] = mapped_column(default=WAITING)
    entered_by: Mapped[str | None]
    """The account that proposed it; None: before this was noted."""
    entered_on: Mapped[date | None]
    passwords_given: Mapped[int] = mapped_column(default=0)
    """How many passwords one account had given another by then; see `given_password`.
    """
    confirmed_by: Mapped[str | None]
    """Another account, which compared it with the source; before that it counts not."""
    confirmed_on: Mapped[date | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_on: Mapped[date | None]
    reversed_in: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))
    """The correction that took it away; it says why, and names both managers."""
