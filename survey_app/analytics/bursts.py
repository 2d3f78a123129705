"""Days on which unusually much came through a code of an open survey.

From the turnout by code and day, which is kept anyway; nothing finer is kept or looked
at. Once a survey has ended no number by code is told: only which code and day.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.analytics.listed_channels import (
    ListedChannel,
    channels_by_number,
    names_before_opening,
)
from survey_app.analytics.turnouts import counters_of
from survey_app.domain.counting.bursts import FEWEST, BurstDay, bursts_in
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.tables import Survey

MOST = 20
"""Bursts that a page shows, the newest."""


@dataclass(frozen=True, slots=True)
class ChannelBurst:
    """One unusual day of one channel."""

    channel: ListedChannel
    burst: BurstDay


def bursts_of(
    session: Session, survey: Survey, *, today: date
) -> tuple[ChannelBurst, ...]:
    """Return the bursts of a survey, the newest first; two statements without any."""
    count = func.sum(TurnoutCount.count)
    by_day = (
        select(TurnoutCount.channel_id, TurnoutCount.answered_on, count)
        .where(*counters_of(session, survey))
        .group_by(TurnoutCount.channel_id, TurnoutCount.answered_on)
    )
    large = set(session.scalars(by_day.having(count > FEWEST)))
    if not large:
        return ()
    came: defaultdict[int, dict[date, int]] = defaultdict(dict)
    ours = by_day.where(TurnoutCount.channel_id.in_(large))
    for channel, day, answers in session.execute(ours):
        came[channel][day] = int(answers)
    span = {"first": survey.opens_on, "last": min(today, survey.closes_on)}
    found = [
        (burst, channel)
        for channel, days in came.items()
        for burst in bursts_in(days, **span)
    ]
    newest = sorted(found, reverse=True)[:MOST]
    names = names_before_opening(session, survey)
    listed = channels_by_number(
        session, survey.id, [channel for _, channel in newest], names
    )
    return tuple(
        ChannelBurst(channel, burst)
        for (burst, number) in newest
        for channel in listed
        if channel.id == number
    )
