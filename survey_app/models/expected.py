"""How many people the office expects to answer, before anybody has."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class ExpectedRaters(Base):
    """How many of one rater group are expected to answer about each subject.

    Only a forecast: it tells the office beforehand what could not be shown.
    """

    __tablename__ = "expected_raters"

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    rater_group: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int]
