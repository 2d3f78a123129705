"""Telephone interviews: one call, one outcome, and nothing about whom was called.

A number never comes here, nor the minute of a call. An interview is a response like
any other; of other calls it is only counted, by day, how they ended. That a call was
told of is kept under a mark, so that sending it again changes nothing.
"""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.counting.call_rates import CallEnd
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import (
    CallFromNowhere,
    CallTold,
    NoCallsHere,
)
from survey_app.domain.ground.printed_code import call_mark
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.handed_in_whole import hand_in_whole
from survey_app.survey.open_channel import OpenChannel
from survey_app.table_base import Base


class CallCount(Base):
    """How many calls of a channel ended so on a day; interviews are its turnout."""

    __tablename__ = "call_count"
    __table_args__ = (
        CheckConstraint(
            f"outcome IN ({', '.join(repr(str(one)) for one in CallEnd)})",
            name="outcome",
        ),
        {"sqlite_with_rowid": False},
    )

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    called_on: Mapped[date] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class ToldCall(Base):
    """That a call was told of; neither how it ended, nor when, nor by whom."""

    __tablename__ = "told_call"
    __table_args__ = ({"sqlite_with_rowid": False},)

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[bytes] = mapped_column(LargeBinary(10), primary_key=True)


def count_call(
    session: Session,
    channel: OpenChannel,
    call: str,
    outcome: CallEnd,
    *,
    today: date,
) -> None:
    """Count how a call ended that was no interview; commits.

    `call` is the submission id of the page it was begun on. Raises CallTold for one
    that was told of before, CallFromNowhere, NoCallsHere, or what `require_taking` of
    the channel raises.
    """
    _require_new(session, channel, call, today)
    row = {
        "survey_id": channel.survey_id, "channel_id": channel.channel_id,
        "called_on": today, "outcome": str(outcome), "count": 1,
    }  # fmt: skip
    key = [name for name in row if name != "count"]
    one_more = {"count": CallCount.count + 1}
    add = _insert(session)(CallCount).values(row)
    session.execute(add.on_conflict_do_update(index_elements=key, set_=one_more))
    session.commit()


def keep_interview(
    session: Session,
    channel: OpenChannel,
    call: str,
    response: NewResponse,
    *,
    today: date,
) -> None:
    """Keep what was answered in a call, once; commits.

    Raises what `count_call` raises, or what the intake raises where the survey takes no
    answers any more.
    """
    _require_new(session, channel, call, today)
    hand_in_whole(session, [response], today=today)
    session.commit()


def wipe_calls(session: Session, survey_id: int) -> None:
    """Delete what became of the calls of a rehearsal; does not commit."""
    for table in (CallCount, ToldCall):
        session.execute(delete(table).where(table.survey_id == survey_id))


def forget_calls(session: Session, survey_id: int) -> None:
    """Forget which calls were told of: no more can be, the survey is over; commits."""
    session.execute(delete(ToldCall).where(ToldCall.survey_id == survey_id))
    session.commit()


def _require_new(
    session: Session, channel: OpenChannel, call: str, today: date
) -> None:
    """Let this be the one time the call is told of; does not commit."""
    if channel.kind is not ChannelKind.PHONE:
        raise NoCallsHere
    channel.require_taking(today)
    if not channel.gave_out(call):
        raise CallFromNowhere
    row = {"survey_id": channel.survey_id, "mark": call_mark(bytes.fromhex(call))}
    add = _insert(session)(ToldCall).values(row).on_conflict_do_nothing()
    if session.scalar(add.returning(ToldCall.mark)) is None:
        session.rollback()
        raise CallTold


def _insert(session: Session) -> Any:
    """Return the INSERT of this database."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert if on_postgresql else sqlite.insert
