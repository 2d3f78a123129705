"""Counters that rise in the same transaction as the answers they count.

A tally is read from these in constant time, however many people answered.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.counting.tally import Tally
from survey_app.survey.kept_plan import require_as_settled
from survey_app.table_base import Base


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


_PLACE = (ChoiceCount.rater_group, ChoiceCount.question_key, ChoiceCount.choice_key)
_PICKED = func.sum(ChoiceCount.count)
"""PostgreSQL sums integers into a numeric; `_nested` makes it a whole number again."""

_BY_SURVEY = select(
    ChoiceCount.survey_id, ChoiceCount.subject_id, *_PLACE, _PICKED
).group_by(ChoiceCount.survey_id, ChoiceCount.subject_id, *_PLACE)


def tally_of(session: Session, *, survey_id: int, subject_id: int) -> Tally:
    """Return the tally of one subject in one survey; empty when nobody answered."""
    ours = ChoiceCount.survey_id == survey_id, ChoiceCount.subject_id == subject_id
    counted = _nested(session.execute(_BY_SURVEY.where(*ours)))
    require_as_settled(session, [survey_id], counted, subject_ids=[subject_id])
    return counted.get((survey_id, subject_id), {})


def tallies_of(
    session: Session, survey_id: int, *, subject_id: int | None = None
) -> dict[int, Tally]:
    """Return subject → tally of one survey, or of one subject of it, in one statement.

    A subject about whom nobody answered is absent.
    """
    if subject_id is not None:
        tally = tally_of(session, survey_id=survey_id, subject_id=subject_id)
        return {subject_id: tally}
    counted = tallies_of_surveys(session, [survey_id])
    return {subject: tally for (_, subject), tally in counted.items()}


def tallies_of_surveys(
    session: Session,
    survey_ids: Iterable[int],
    *,
    subject_ids: Iterable[int] | None = None,
) -> dict[tuple[int, int], Tally]:
    """Return (survey, subject) → tally of several surveys, in one statement.

    About all subjects, or only about some.
    """
    survey_ids = list(survey_ids)
    ours = _BY_SURVEY.where(ChoiceCount.survey_id.in_(survey_ids))
    if subject_ids is not None:
        subject_ids = list(subject_ids)
        ours = ours.where(ChoiceCount.subject_id.in_(subject_ids))
    counted = _nested(session.execute(ours))
    require_as_settled(session, survey_ids, counted, subject_ids=subject_ids)
    return counted


def _nested(
    counted: Iterable[Row[int, int, str, str, str, int]],
) -> dict[tuple[int, int], Tally]:
    """Return (survey, subject) → group → question → choice → count."""
    found: dict[tuple[int, int], dict[str, dict[str, dict[str, int]]]] = {}
    for key, subject, group, question, choice, count in counted:
        groups = found.setdefault((key, subject), {})
        groups.setdefault(group, {}).setdefault(question, {})[choice] = int(count)
    return dict(found)
