"""What became of the calls of a channel, by day: counts, and exact shares of them."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.counting.call_rates import CallCounts, CallEnd
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.phone_calls import CallCount


def calls_by_day(
    session: Session, survey_id: int, channel_id: int
) -> dict[date, CallCounts]:
    """Return day → what became of the calls, the newest day first."""
    found: defaultdict[date, CallCounts] = defaultdict(CallCounts)
    told = select(CallCount.called_on, CallCount.outcome, CallCount.count).where(
        CallCount.survey_id == survey_id, CallCount.channel_id == channel_id
    )
    for day, outcome, count in session.execute(told):
        found[day] += _ended(CallEnd(outcome), count)
    answered = (
        select(TurnoutCount.answered_on, func.sum(TurnoutCount.count))
        .where(
            TurnoutCount.survey_id == survey_id, TurnoutCount.channel_id == channel_id
        )
        .group_by(TurnoutCount.answered_on)
    )
    for day, count in session.execute(answered):
        found[day] += CallCounts(interviews=int(count))
    return dict(sorted(found.items(), reverse=True))


def _ended(outcome: CallEnd, count: int) -> CallCounts:
    return {
        CallEnd.REFUSED: CallCounts(refused=count),
        CallEnd.NOT_REACHED: CallCounts(not_reached=count),
        CallEnd.NOT_ELIGIBLE: CallCounts(not_eligible=count),
    }[outcome]
