"""Appraisal cycles, each under one frozen scheme."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class Cycle(Base):
    """One appraisal period with the rules that apply to it."""

    __tablename__ = "cycle"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    scheme_key: Mapped[str]
    scheme: Mapped[str]
    """Canonical JSON; see domain.scheme_file."""
    scheme_fingerprint: Mapped[str]
    frozen: Mapped[bool] = mapped_column(default=False)
    """Set when the first survey opens; from then on the scheme stays as it is."""
    settled_by: Mapped[str | None]
    """The manager who settled it; None: given values and roster may still change it."""
    settled_on: Mapped[date | None]

    @property
    def is_settled(self) -> bool:
        """Whether only a correction changes its score sheets any more."""
        return self.settled_on is not None
