"""Points given over a signature: kept with everything that was ever entered.

A row is never changed in what was signed. Whoever finds a mistake withdraws it, with
the reason, and enters another one; what counts is confirmed and not withdrawn.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class NamedRatingEntry(Base):
    """One named rating of one subject, as it was copied from the signed paper."""

    __tablename__ = "named_rating"
    __table_args__ = (
        CheckConstraint("confirmed_by <> entered_by", name="two_accounts"),
        CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_because IS NULL)", name="says_why"
        ),
        Index(None, "cycle_id", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    component_key: Mapped[str]
    rater_group: Mapped[str]
    """Empty where the whole component consists of named ratings."""
    rater: Mapped[str]
    capacity: Mapped[str]
    points: Mapped[str]
    """Exact, as written."""
    reason: Mapped[str]
    signed_on: Mapped[date]
    source: Mapped[str]
    """The signed paper, and where it is filed."""
    entered_by: Mapped[str]
    """The account that copied it."""
    passwords_given: Mapped[int]
    """How many passwords one account had given another by then; see `given_password`.
    """
    confirmed_by: Mapped[str | None]
    """Another account, which compared it with the paper; before that it counts not."""
    withdrawn_by: Mapped[str | None]
    withdrawn_because: Mapped[str | None]
