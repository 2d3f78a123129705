"""Counters, and the tallies they make.

Turnout rises with the answers it counts. What was picked is counted once, when a survey
closes or its box was opened, and read from here in constant time ever after, however
many people answered. Whatever needs counts, a verb or a page, has them from here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import Index, and_, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.counting.tally import Place, Tally, nested
from survey_app.domain.ground.in_parts import in_parts
from survey_app.survey.kept_plan import tally_digest
from survey_app.survey.settled_plan import require_as_settled
from survey_app.table_base import Base


class ChoiceCount(Base):
    """How often a choice was picked, by subject, rater group and question."""

    __tablename__ = "choice_count"
    __table_args__ = (
        # The slot stands first in the key, so that cities can be spread by it.
        Index(None, "survey_id", "subject_id"),
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


Row = dict[str, int | str]

SLOT = 0
"""Of counters that are written all at once; see the words list."""
MANY = 2000
"""Counters written at a time."""
PLACE = (
    ChoiceCount.subject_id,
    ChoiceCount.rater_group,
    ChoiceCount.question_key,
    ChoiceCount.choice_key,
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
    summed = (
        select(ChoiceCount.survey_id, *PLACE, func.sum(ChoiceCount.count))
        .where(ChoiceCount.survey_id.in_(survey_ids))
        .group_by(ChoiceCount.survey_id, *PLACE)
    )
    if subject_ids is not None:
        summed = summed.where(ChoiceCount.subject_id.in_(subject_ids))
    found: dict[int, dict[Place, int]] = {}
    for survey, subject, group, question, choice, count in session.execute(summed):
        if count:  # PostgreSQL sums integers into a numeric
            counts = found.setdefault(survey, {})
            counts[subject, group, question, choice] = int(count)
    return found


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
            and_(ChoiceCount.survey_id == survey, ChoiceCount.subject_id.in_(some))
            for survey, some in asked.items()
        )
    )
    summed = (
        select(ChoiceCount.survey_id, *PLACE, func.sum(ChoiceCount.count))
        .where(wanted)
        .group_by(ChoiceCount.survey_id, *PLACE)
    )
    for survey, subject, group, question, choice, count in session.execute(summed):
        counted[survey, subject].append((group, question, choice, int(count)))
    return {pair: tally_digest(rows) for pair, rows in counted.items()}


def replace_counts(
    session: Session, survey_id: int, counts: Mapping[Place, int]
) -> None:
    """Put these counts in the place of all the survey has; does not commit."""
    forget_counts(session, survey_id)
    for rows in counts_in_parts(survey_id, counts):
        session.execute(insert(ChoiceCount), rows)


def forget_counts(session: Session, survey_id: int) -> None:
    """Take away what was counted of a survey; does not commit."""
    session.execute(delete(ChoiceCount).where(ChoiceCount.survey_id == survey_id))


def put_counts(session: Session, rows: list[Row]) -> None:
    """Write some of the counts of a survey, see `counts_in_parts`; does not commit.

    Writing them again, after a power cut or beside somebody else, changes nothing.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    added = (postgresql if is_postgresql else sqlite).insert(ChoiceCount.__table__)
    put = added.on_conflict_do_update(
        index_elements=list(ChoiceCount.__table__.primary_key),
        set_={"count": added.excluded["count"]},
    )
    session.execute(put, rows)


def counts_in_parts(survey_id: int, counts: Mapping[Place, int]) -> Iterator[list[Row]]:
    """Yield the counters of a survey, as many at a time as make a short transaction."""
    return in_parts(_rows(survey_id, counts), MANY)


def _rows(survey_id: int, counts: Mapping[Place, int]) -> Iterator[Row]:
    for (subject, group, question, choice), count in sorted(counts.items()):
        yield {
            "slot": SLOT,
            "survey_id": survey_id,
            "subject_id": subject,
            "rater_group": group,
            "question_key": question,
            "choice_key": choice,
            "count": count,
        }


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
    tallies = {
        (survey, subject): tally
        for survey, counts in choice_counts(
            session, surveys, subject_ids=subjects
        ).items()
        for subject, tally in nested(counts).items()
    }
    require_as_settled(session, surveys, tallies, subject_ids=subjects)
    return tallies
