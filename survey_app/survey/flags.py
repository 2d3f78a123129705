"""What is unusual about a survey's channels, and what came through those.

Looked for when the survey closes, and before that whenever somebody asks: a look goes
through every answer once. What came through a channel that is flagged, or was set
aside, is kept beside the result, so that it can be shown with and without.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.counting.channel_flags import (
    ChannelCounts,
    Flag,
    Flagged,
    flags_of,
)
from survey_app.domain.counting.tally import Tally
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.in_parts import in_parts
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey import counters
from survey_app.survey.recount import AnswersCounted, picked_through
from survey_app.survey.set_aside import channels_aside
from survey_app.survey.tables import Channel, Survey
from survey_app.table_base import NO_ROWID, Base

Through = Mapping[tuple[int, int, str, str], int]
"""Channel, subject, question, choice → how many answers say so."""


class ChannelFlag(Base):
    """One flag of one channel, as it was found at the last look."""

    __tablename__ = "channel_flag"
    __table_args__ = (NO_ROWID,)

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    flag: Mapped[str] = mapped_column(primary_key=True)
    found: Mapped[int]
    of: Mapped[int]


class ThroughCount(Base):
    """How often a choice was picked through one flagged channel, or one set aside."""

    __tablename__ = "through_count"
    __table_args__ = (NO_ROWID,)

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_key: Mapped[str] = mapped_column(primary_key=True)
    choice_key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class ChannelRush(Base):
    """A quarter of an hour in which many came through one channel.

    Nothing is written of a quarter in which fewer than `crowds.CROWD` came to one
    process: a time in which few answered would say when somebody did.
    """

    __tablename__ = "channel_rush"
    __table_args__ = (NO_ROWID,)

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the day, from 0 to 95."""
    count: Mapped[int]


@dataclass(frozen=True, slots=True)
class Unusual:
    """What a look found."""

    flags: tuple[Flagged, ...] = ()
    through: Through = field(default_factory=dict)


def look_for_flags(
    session: Session, survey: Survey, counted: AnswersCounted, *, through: bool = True
) -> Unusual:
    """Return what is unusual in these counts.

    `through`: with what came through those channels, whose answers are read once more.
    """
    questions = len(Questionnaire.from_json(survey.questionnaire).ratings)
    flags = flags_of(
        _counts(session, survey.id, counted),
        questions=questions,
        first=survey.opens_on,
        last=max((day for _, _, day in counted.came), default=survey.opens_on),
    )
    if not through:
        return Unusual(flags)
    watched = {one.channel_id for one in flags} | channels_aside(session, survey.id)
    picked = picked_through(session, survey.id, watched) if watched else {}
    return Unusual(flags, picked)


def _counts(
    session: Session, survey_id: int, counted: AnswersCounted
) -> list[ChannelCounts]:
    """Return what is known of every channel of a survey."""
    by_day: defaultdict[int, dict[date, int]] = defaultdict(dict)
    by_subject: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for (channel, subject, day), count in counted.came.items():
        days, subjects = by_day[channel], by_subject[channel]
        days[day] = days.get(day, 0) + count
        subjects[subject] = subjects.get(subject, 0) + count
    rushes: defaultdict[int, dict[tuple[date, int], int]] = defaultdict(dict)
    crowds = select(ChannelRush).where(ChannelRush.survey_id == survey_id)
    for rush in session.scalars(crowds):
        rushes[rush.channel_id][rush.day, rush.quarter] = rush.count
    ours = select(Channel).where(Channel.survey_id == survey_id).order_by(Channel.id)
    return [
        ChannelCounts(
            channel.id, ChannelKind(channel.kind), channel.rater_group,
            by_day[channel.id], by_subject[channel.id],
            visitors=channel.visitors, codes_out=channel.codes_out,
            alike=counted.alike.most(channel.id),
            without_proof_of=channel.without_proof_of, rushes=rushes[channel.id],
        )
        for channel in session.scalars(ours)
    ]  # fmt: skip


def keep_flags(session: Session, survey_id: int, found: Unusual) -> None:
    """Keep what a look found in the place of what the last one did; no commit."""
    for write in flag_writes(survey_id, found):
        write(session)


def flag_writes(survey_id: int, found: Unusual) -> list[Callable[[Session], None]]:
    """Return how that is kept, each in a short transaction of its own.

    Begun anew after a power cut they come to the same.
    """
    ours = {"survey_id": survey_id}
    flags = [
        ours
        | {"channel_id": o.channel_id, "flag": o.flag, "found": o.found, "of": o.of}
        for o in found.flags
    ]
    names = ("channel_id", "subject_id", "question_key", "choice_key")
    through = [
        ours | dict(zip(names, place, strict=True)) | {"count": count}
        for place, count in found.through.items()
    ]
    writes: list[Callable[[Session], None]] = [partial(_forget, survey_id=survey_id)]
    for table, rows in ((ChannelFlag, flags), (ThroughCount, through)):
        parts = in_parts(rows, counters.MANY)
        writes += [partial(_add, table=table, rows=part) for part in parts]
    return writes


def _forget(session: Session, survey_id: int) -> None:
    for table in (ChannelFlag, ThroughCount):
        session.execute(delete(table).where(table.survey_id == survey_id))


def _add(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]
) -> None:
    session.execute(insert(table), rows)


def forget_rushes(session: Session, survey_id: int) -> None:
    """Destroy the crowded quarters of a survey that is closed; does not commit."""
    session.execute(delete(ChannelRush).where(ChannelRush.survey_id == survey_id))


def flags_kept(session: Session, survey_id: int) -> tuple[Flagged, ...]:
    """Return what the last look found, by channel."""
    kept = select(ChannelFlag).where(ChannelFlag.survey_id == survey_id)
    return tuple(
        sorted(
            Flagged(one.channel_id, Flag(one.flag), one.found, one.of)
            for one in session.scalars(kept)
        )
    )


def undecided(session: Session, survey_id: int) -> frozenset[int]:
    """Return the flagged channels whose answers count all the same."""
    flagged = select(ChannelFlag.channel_id).where(ChannelFlag.survey_id == survey_id)
    return frozenset(session.scalars(flagged)) - channels_aside(session, survey_id)


def tallies_through(
    session: Session, survey_id: int, channels: Collection[int]
) -> dict[tuple[int, int], Tally]:
    """Return (channel, subject) → what was said through these channels, kept apart.

    The rater group is the channel's.
    """
    kept = (
        select(ThroughCount, Channel.rater_group)
        .join(Channel, Channel.id == ThroughCount.channel_id)
        .where(
            ThroughCount.survey_id == survey_id,
            ThroughCount.channel_id.in_(channels),
        )
    )
    found: dict[tuple[int, int], dict[str, dict[str, dict[str, int]]]] = {}
    for row, group in session.execute(kept):
        groups = found.setdefault((row.channel_id, row.subject_id), {})
        questions = groups.setdefault(group, {})
        questions.setdefault(row.question_key, {})[row.choice_key] = row.count
    return dict(found)
