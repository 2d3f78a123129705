"""The channels for which somebody types, while answers are taken: paper, telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.ground.channel_kind import OFF_THE_WEB, ChannelKind
from survey_app.survey.paper_stacks import TYPING, PaperStack
from survey_app.survey.tables import OPEN, REHEARSAL, Channel, Survey

MOST = 500
"""Channels that are listed; the surveys that end first come first."""


@dataclass(frozen=True, slots=True)
class TypedChannel:
    """One channel, and how many of its stacks are being typed."""

    id: int
    title: str
    closes_on: date
    kind: ChannelKind
    code: str
    place: str
    stacks: int


def typed_channels(session: Session, *, today: date) -> Sequence[TypedChannel]:
    """Return the channels for which something can be typed today."""
    waiting = (
        select(func.count())
        .where(PaperStack.channel_id == Channel.id, PaperStack.state == TYPING)
        .scalar_subquery()
    )
    out = and_(
        Survey.state == OPEN, Survey.opens_on <= today, Survey.closes_on >= today
    )
    asked = (
        select(
            Channel.id, Survey.title, Survey.closes_on, Channel.kind, Channel.code,
            Channel.place, waiting,
        )
        .join(Survey, Survey.id == Channel.survey_id)
        .where(Channel.kind.in_(OFF_THE_WEB), Channel.is_stopped.is_(False))
        .where(or_(out, Survey.state == REHEARSAL))
        .order_by(Survey.closes_on, Survey.id, Channel.id)
        .limit(MOST)
    )  # fmt: skip
    return [
        TypedChannel(key, title, day, ChannelKind(kind), code, place, stacks)
        for key, title, day, kind, code, place, stacks in session.execute(asked)
    ]
