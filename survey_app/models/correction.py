"""Corrections: acts of two managers that replace something settled or frozen."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base

REQUESTED, CONFIRMED = "requested", "confirmed"
DECLINED, WITHDRAWN = "declined", "withdrawn"


class Correction(Base):
    """One correction: what was, what shall be, why, and the two who answer for it."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'confirmed', 'declined', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "state != 'confirmed' OR requested_by != decided_by", name="two_accounts"
        ),
        Index(None, "cycle_id", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    what: Mapped[str]
    """"name", "title", "post", "unit", or "value:" with the component's key."""
    old: Mapped[str]
    """As it stood when it was requested; empty where nothing stood."""
    new: Mapped[str]
    old_source: Mapped[str]
    """Of values: who determined it and where it is filed."""
    new_source: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default=REQUESTED)
    requested_by: Mapped[str]
    requested_on: Mapped[date]
    passwords_given: Mapped[int]
    """The last given password at the request: a later one between the two is doubt."""
    decided_by: Mapped[str | None]
    decided_on: Mapped[date | None]
