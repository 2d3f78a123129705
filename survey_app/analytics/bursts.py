"""Days on which unusually much came through a code of an open survey.

From the turnout by code and day, which is kept anyway; nothing finer is kept or looked
at. Once a survey has ended no number by code is told: only which code and day. All
codes of a survey are gone through, so only the page that is about it asks for this.
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
from survey_app.analytics.paging import PER_PAGE, ListPage
from survey_app.analytics.turnouts import counters_of
from survey_app.domain.counting.bursts import FEWEST, BurstDay, bursts_in
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class ChannelBurst:
    """One unusual day of one channel."""

    channel: ListedChannel
    burst: BurstDay


def bursts_of(
    session: Session, survey: Survey, *, today: date, page: int = 1
) -> ListPage[ChannelBurst]:
    """Return a page of the bursts of a survey, the newest first.

    One statement where there is none, two otherwise, and the names of those that the
    page shows.
    """
    newest = sorted(_found(session, survey, today), reverse=True)
    number = min(page, max(1, -(-len(newest) // PER_PAGE)))
    shown = newest[(number - 1) * PER_PAGE : number * PER_PAGE]
    if not shown:
        return ListPage((), number, 0, 0)
    names = names_before_opening(session, survey)
    numbers = list({channel for _, channel in shown})
    listed = channels_by_number(session, survey.id, numbers, names)
    by_number = {channel.id: channel for channel in listed}
    rows = tuple(
        ChannelBurst(by_number[channel], burst)
        for burst, channel in shown
        if channel in by_number
    )
    return ListPage(rows, number, len(newest), len(newest))


def _found(session: Session, survey: Survey, today: date) -> list[tuple[BurstDay, int]]:
    """Return every burst and the number of its channel."""
    count = func.sum(TurnoutCount.count)
    by_day = (
        select(TurnoutCount.channel_id, TurnoutCount.answered_on, count)
        .where(*counters_of(session, survey))
        .group_by(TurnoutCount.channel_id, TurnoutCount.answered_on)
    )
    large = set(session.scalars(by_day.having(count > FEWEST)))
    if not large:
        return []
    came: defaultdict[int, dict[date, int]] = defaultdict(dict)
    ours = by_day.where(TurnoutCount.channel_id.in_(large))
    for channel, day, answers in session.execute(ours):
        came[channel][day] = int(answers)
    span = {"first": survey.opens_on, "last": min(today, survey.closes_on)}
    return [
        (burst, channel)
        for channel, days in came.items()
        for burst in bursts_in(days, **span)
    ]
