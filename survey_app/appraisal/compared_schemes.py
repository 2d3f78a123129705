"""What another scheme would have made of a settled cycle, as it was worked out once."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.table_base import Base


class ComparedScheme(Base):
    """One scheme held against one cycle; told is only what its plans let be told."""

    __tablename__ = "compared_scheme"

    cycle_id: Mapped[int] = mapped_column(
        ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True
    )
    rule_id: Mapped[int] = mapped_column(
        ForeignKey("rule_text.id", ondelete="CASCADE"), primary_key=True
    )
    fingerprint: Mapped[str]
    """Of the scheme that was tried: another text makes this stale."""
    made_by: Mapped[str]
    made_on: Mapped[date]
    told: Mapped[str] = mapped_column(deferred=True)
    """JSON; see analytics/compared/told.py."""
