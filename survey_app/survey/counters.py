"""Counters, and the tallies they make.

Turnout rises with the answers it counts. What was picked is counted once, when a survey
closes or its box was opened, and read from here in constant time ever after, however
many people answered. Whatever needs counts, a verb or a page, has them from here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, and_, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.counting.tally import Place, Tally
from survey_app.domain.ground.in_parts import in_parts
from survey_app.survey.kept_plan import tally_digest
from survey_app.survey.settled_plan import require_as_settled
from survey_app.table_base import Base


class ChoiceCount(Base):
    """How often a choice was picked, by subject, rater group and question."""

    __tablename__ = "choice_count"
    __table_args__ = (
        # The slot stands first in the key, so that cities can be spread by it. Whoever
        # adds slots up finds the rows here in order, and needs no other.
        Index(
            "ix_choice_count_survey_id_subject_id",
            "survey_id",
            "subject_id",
            "rater_group",
            "question_key",
            "choice_key",
            "count",
        ),
        {"sqlite_with_rowid": False},
    )

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


Counter = tuple[int, int, int, str, str, str, int]
"""One row of ChoiceCount, its columns in their order."""

SLOT = 0
"""Of counters that are written all at once; see the words list."""
MANY = 2000
"""Counters written at a time."""
COUNTS = ChoiceCount.__table__.c
"""Columns of the table: a row of them is nobody's object, of which there are many."""
PLACE = (
    COUNTS.subject_id,
    COUNTS.rater_group,
    COUNTS.question_key,
    COUNTS.choice_key,
)


def choice_counts(
    session: Session,
    survey_ids: Collection[int],
    *,
    subject_ids: Collection[int] | None = None,
) -> dict[int, dict[Place, int]]:
    """Return survey → how often each choice was picked, slots added up.

    In one statement, about all subjects or only about some. A survey nobody answered
    is absent, and so is a choice nobody picked.
    """
    found: dict[int, dict[Place, int]] = {}
    for survey, subject, group, question, choice, count in _summed(
        session, survey_ids, subject_ids
    ):
        if count:
            counts = found.setdefault(survey, {})
            counts[subject, group, question, choice] = int(count)
    return found


def _summed(
    session: Session, survey_ids: Collection[int], subject_ids: Collection[int] | None
) -> Sequence[tuple[int, int, str, str, str, int]]:
    """Return survey, subject, group, question, choice and count, slots added up.

    PostgreSQL sums integers into a numeric.
    """
    wanted: ColumnElement[bool] = COUNTS.survey_id.in_(survey_ids)
    if subject_ids is not None:
        wanted = and_(wanted, COUNTS.subject_id.in_(subject_ids))
    return session.execute(_sums(wanted)).all()


def _sums(wanted: ColumnElement[bool]) -> Select[Any]:
    summed = select(COUNTS.survey_id, *PLACE, func.sum(COUNTS.count))
    return summed.where(wanted).group_by(COUNTS.survey_id, *PLACE)


def digests_of(
    session: Session, asked: Mapping[int, Collection[int]]
) -> dict[tuple[int, int], str]:
    """Return (survey, subject) → digest of its tally, of these subjects of each survey.

    In one statement, none where nobody is asked for.
    """
    counted: dict[tuple[int, int], list[tuple[str, str, str, int]]]
    counted = {(survey, one): [] for survey, some in asked.items() for one in some}
    if not counted:
        return {}
    wanted = or_(
        *(
            and_(COUNTS.survey_id == survey, COUNTS.subject_id.in_(some))
            for survey, some in asked.items()
        )
    )
    every = session.execute(_sums(wanted)).all()
    for survey, subject, group, question, choice, count in every:
        counted[survey, subject].append((group, question, choice, int(count)))
    return {pair: tally_digest(rows) for pair, rows in counted.items()}


def forget_counts(session: Session, survey_id: int) -> None:
    """Take away what was counted of a survey; does not commit."""
    session.execute(delete(ChoiceCount).where(ChoiceCount.survey_id == survey_id))


def put_counts(session: Session, rows: list[Counter]) -> None:
    """Write some of the counts of a survey, see `counts_in_parts`; does not commit.

    Writing them again, after a power cut or beside somebody else, changes nothing.
    """
    connection = session.connection()
    gap = "%s" if connection.dialect.name == "postgresql" else "?"
    connection.exec_driver_sql(PUT.format(gaps=", ".join([gap] * 7)), rows)


PUT = """\
INSERT INTO choice_count
(slot, survey_id, subject_id, rater_group, question_key, choice_key, count)
VALUES ({gaps})
ON CONFLICT (slot, survey_id, subject_id, rater_group, question_key, choice_key)
DO UPDATE SET count = excluded.count"""
"""A text of its own: a statement that is built takes three times as long per row."""


def counts_in_parts(
    survey_id: int, counts: Mapping[Place, int]
) -> Iterator[list[Counter]]:
    """Yield the counters of a survey, as many at a time as make a short transaction."""
    return in_parts(_rows(survey_id, counts), MANY)


def _rows(survey_id: int, counts: Mapping[Place, int]) -> Iterator[Counter]:
    for (subject, group, question, choice), count in sorted(counts.items()):
        yield SLOT, survey_id, subject, group, question, choice, count


def tally_of(session: Session, *, survey_id: int, subject_id: int) -> Tally:
    """Return the tally of one subject in one survey; empty when nobody answered."""
    return tallies_of(session, survey_id, subject_id=subject_id)[subject_id]


def tallies_of(
    session: Session, survey_id: int, *, subject_id: int | None = None
) -> dict[int, Tally]:
    """Return subject → tally of one survey, or of one subject of it, in one statement.

    A subject about whom nobody answered is absent, unless it was asked for.
    """
    some = None if subject_id is None else [subject_id]
    every = tallies_of_surveys(session, [survey_id], subject_ids=some)
    found = {subject: tally for (_, subject), tally in every.items()}
    return found if subject_id is None else {subject_id: found.get(subject_id, {})}


def tallies_of_surveys(
    session: Session,
    survey_ids: Iterable[int],
    *,
    subject_ids: Iterable[int] | None = None,
) -> dict[tuple[int, int], Tally]:
    """Return (survey, subject) → tally of several surveys, in one statement.

    About all subjects, or only about some.
    """
    surveys = list(survey_ids)
    subjects = None if subject_ids is None else list(subject_ids)
    found: dict[tuple[int, int], dict[str, dict[str, dict[str, int]]]] = {}
    for survey, subject, group, question, choice, count in _summed(
        session, surveys, subjects
    ):
        if count:
            groups = found.setdefault((survey, subject), {})
            questions = groups.setdefault(group, {})
            questions.setdefault(question, {})[choice] = int(count)
    tallies: dict[tuple[int, int], Tally] = dict(found)
    require_as_settled(session, surveys, tallies, subject_ids=subjects)
    return tallies
