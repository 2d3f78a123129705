"""Counters that rise in the same transaction as the answers they count.

A tally is read from these in constant time, however many people answered.
"""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class ChoiceCount(Base):
    """How often a choice was picked, by subject, rater group and question."""

    __tablename__ = "choice_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rater_group: Mapped[str] = mapped_column(primary_key=True)
    question_key: Mapped[str] = mapped_column(primary_key=True)
    choice_key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class TurnoutCount(Base):
    """How many answers came through a channel about a subject on a day."""

    __tablename__ = "turnout_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answered_on: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
